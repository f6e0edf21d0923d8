/** A process that is started again when it dies, until it dies too often. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { warn } from './say.ts'

export interface KeptProcess {
  stop(): Promise<void>
  /** Ends it hard; it comes back as after any other death. */
  restart(): void
}

interface Recipe {
  name: string
  command: string
  args: string[]
  env: NodeJS.ProcessEnv
  /** Where its own words go; without one they go where ours go. */
  logPath?: string
  /** Waits until it can be used again. */
  ready(): Promise<void>
  /** It died too often to be brought back. */
  onLost(sentence: string): void
}

const DEATHS_ALLOWED = 5
const WITHIN_MS = 60_000
const PAUSE_MS = 300
const STOP_GRACE_MS = 4_000

/** Answers when it is up for the first time. */
export async function keepProcess(recipe: Recipe): Promise<KeptProcess> {
  const deaths: number[] = []
  let stopping = false
  let child = start(recipe, onExit)

  function onExit(how: string) {
    if (stopping) return
    const now = Date.now()
    deaths.push(now)
    while ((deaths[0] ?? now) < now - WITHIN_MS) deaths.shift()
    if (deaths.length > DEATHS_ALLOWED) {
      recipe.onLost(
        `The ${recipe.name} ended ${deaths.length} times within a minute, the last time ${how}: Prosa stops.`,
      )
      return
    }
    warn(recipe.name, `ended (${how}); starting it again`)
    setTimeout(() => {
      if (stopping) return
      child = start(recipe, onExit)
      recipe.ready().then(
        () => warn(recipe.name, 'is back'),
        (error: unknown) => warn(recipe.name, String(error)),
      )
    }, PAUSE_MS)
  }

  await recipe.ready()
  return {
    stop: async () => {
      stopping = true
      await end(child)
    },
    restart: () => child.kill('SIGKILL'),
  }
}

function start({ command, args, env, logPath }: Recipe, onExit: (how: string) => void): ChildProcess {
  const output = logPath ? openSync(logPath, 'w') : 'inherit'
  const child = spawn(command, args, { env, stdio: ['ignore', output, output] })
  if (typeof output === 'number') closeSync(output)
  child.once('error', (error) => onExit(error.message))
  child.once('exit', (code, signal) => onExit(signal ?? `exit code ${code}`))
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
  await gone
  clearTimeout(hard)
}
