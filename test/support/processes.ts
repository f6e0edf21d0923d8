/** Who runs on this machine, from /proc where there is one, else from ps. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { until } from '../../bench/numbers.ts'

export interface Running {
  pid: number
  parent: number
  command: string
}

/** Everything that descends from a process, at this moment. */
export function descendantsOf(pid: number): Running[] {
  const all = everyone()
  const found: Running[] = []
  const parents = [pid]
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const child of all.filter((one) => one.parent === parent)) {
      found.push(child)
      parents.push(child.pid)
    }
  }
  return found
}

/** The one of them whose command line has these words. */
export function oneNamed(words: string, among: Running[]): Running {
  const found = among.find(({ command }) => command.includes(words) && !command.startsWith('sh -c'))
  if (!found) throw new Error(`None of them is ${words}: ${among.map(({ command }) => command).join(' | ')}`)
  return found
}

/** Those that still run once the time is over: nobody, if all is well. */
export async function leftAfter(ms: number, among: Running[]): Promise<string[]> {
  const deadline = Date.now() + ms
  let left = stillThere(among)
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    left = stillThere(among)
  }
  return left.map(({ command }) => command)
}

/** Answers once it does nothing any more: on a busy machine its threads go on for some time after the signal. */
export async function halt(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await until(
    `Process ${pid} stands still`,
    async () => statesOf(pid).every((state) => state.startsWith('T')) || undefined,
  )
}

/** One letter a thread, as `ps` has them. */
function statesOf(pid: number): string[] {
  if (!existsSync('/proc/self/stat'))
    return [execFileSync('ps', ['-o', 'state=', '-p', `${pid}`], { encoding: 'utf8' }).trim()]
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      return [statOf(`${pid}/task/${thread}`).state]
    } catch {
      return [] // It ended while we looked.
    }
  })
}

function stillThere(among: Running[]): Running[] {
  const now = new Map(everyone().map((one) => [one.pid, one.command]))
  return among.filter(({ pid, command }) => now.get(pid) === command)
}

function everyone(): Running[] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs()
}

function fromProc(): Running[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      const { state, parent } = statOf(pid)
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return state === 'Z' ? [] : [{ pid: Number(pid), parent, command }]
    } catch {
      return [] // It ended while we looked.
    }
  })
}

function statOf(path: string): { state: string; parent: number } {
  const stat = readFileSync(`/proc/${path}/stat`, 'utf8')
  const [state = '', parent = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state, parent: Number(parent) }
}

function fromPs(): Running[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), command: command.join(' ') }
  })
}
