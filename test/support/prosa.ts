/** A whole Prosa as `npm start` starts it, on ports and a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export interface Prosa {
  url: string
  simulatorUrl: string
  databaseUrl: string
  dataFolder: string
  /** Of `scripts/start.js`, which whoever stops Prosa would send a signal to. */
  pid: number
  /** All that it printed so far. */
  output(): string
  /** Waits until it printed this. */
  said(words: string): Promise<void>
  /** As Ctrl-C would; answers with the exit code, and removes the data folder unless it was given. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** As `kill -9` would: all of it at once, the data stays as it lay. */
  kill(): Promise<void>
}

export interface ProsaOptions {
  port?: number
  /** Kept when Prosa stops, so that another start finds it. */
  dataFolder?: string
  /** What the data folder begins as a copy of. */
  from?: string
  seed?: 'demo' | 'empty'
  simulator?: 'on' | 'off'
  env?: Record<string, string>
}

export interface Ended {
  code: number | null
  output: string
}

const START = join(import.meta.dirname, '..', '..', 'scripts', 'start.js')
const READY_MS = 90_000

export async function startProsa(options: ProsaOptions = {}): Promise<Prosa> {
  const port = options.port ?? (await freePort(3))
  const dataFolder = options.dataFolder ?? (await temporaryFolder())
  if (options.from) await cp(options.from, dataFolder, { recursive: true })
  const { child, output, ended } = spawnProsa({ ...options, port, dataFolder })

  const removeData = async () => {
    if (!options.dataFolder) await rm(dataFolder, { recursive: true, force: true })
  }
  const said = (words: string) => waitFor(words, output, child)
  try {
    await said(`\nready http://127.0.0.1:${port}\n`)
  } catch (error) {
    child.kill('SIGTERM')
    await ended
    await removeData()
    throw error
  }
  return {
    url: `http://127.0.0.1:${port}`,
    simulatorUrl: `http://127.0.0.1:${port + 1}`,
    databaseUrl: `http://127.0.0.1:${port + 2}`,
    dataFolder,
    pid: child.pid ?? 0,
    output,
    said,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      const { code } = await ended
      await removeData()
      return code
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A start that is expected to end by itself: its exit code and what it said. */
export async function refusedStart(options: ProsaOptions = {}): Promise<Ended> {
  const dataFolder = options.dataFolder ?? (await temporaryFolder())
  const { ended } = spawnProsa({ port: await freePort(3), ...options, dataFolder })
  const how = await ended
  if (!options.dataFolder) await rm(dataFolder, { recursive: true, force: true })
  return how
}

export const temporaryFolder = () => mkdtemp(join(tmpdir(), 'prosa-'))

function spawnProsa({ port, dataFolder, seed = 'demo', simulator = 'on', env = {} }: ProsaOptions) {
  const child = spawn(process.execPath, [START], {
    env: {
      ...process.env,
      PORT: String(port),
      PROSA_DATA: dataFolder,
      PROSA_SEED: seed,
      SIMULATOR: simulator,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, ...listenTo(child) }
}

/** What a process says, and how it ends. */
export function listenTo(child: ChildProcess): { output: () => string; ended: Promise<Ended> } {
  let text = ''
  const hear = (chunk: Buffer) => {
    text += chunk.toString()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output: text })))
  return { output: () => `\n${text}`, ended }
}

async function waitFor(words: string, output: () => string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (!output().includes(words)) {
    const over = child.exitCode !== null || child.signalCode !== null || Date.now() > deadline
    if (over) throw new Error(`Prosa never said "${words.trim()}". It said:\n${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
