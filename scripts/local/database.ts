/** sqld on a file, kept alive, and started anew when it no longer writes. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { freeMegabytes } from './data-folder.ts'
import { type KeptProcess, keepProcess } from './kept-process.ts'
import { warn } from './say.ts'
import { StartError } from './start-error.ts'

export interface Database {
  url: string
  stop(): Promise<void>
}

interface Place {
  port: number
  folder: string
  logPath: string
  onLost(sentence: string): void
}

const READY_MS = 30_000
const PROBE_EVERY_MS = 5_000
const DEAD_PROBES = 6

export async function startDatabase({ port, folder, logPath, onLost }: Place): Promise<Database> {
  const url = `http://127.0.0.1:${port}`
  const server = await keepProcess({
    name: 'database',
    command: sqldPath(),
    // More connections than four wedge its writers under load.
    args: [
      '--http-listen-addr',
      `127.0.0.1:${port}`,
      '--db-path',
      folder,
      '--max-concurrent-connections',
      '4',
      '--no-welcome',
    ],
    env: { ...process.env, RUST_LOG: 'error' },
    logPath,
    ready: () => answers(url, logPath),
    onLost,
  })
  const probing = watchWrites(url, folder, server)
  return {
    url,
    stop: async () => {
      clearInterval(probing)
      await server.stop()
    },
  }
}

/** Its launcher script is not installed with it; the binary lies in the package of this platform. */
export function sqldPath(): string {
  const name = `@sqld/${process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.url)
    return join(dirname(require.resolve(`${name}/package.json`)), 'sqld')
  } catch {
    throw new StartError(
      `There is no database server for this machine (${name} is not installed): Prosa runs on Linux and macOS, x64 and arm64.`,
    )
  }
}

async function answers(url: string, logPath: string): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (Date.now() < deadline) {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined)
    if (response?.ok && (await writes(url))) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new StartError(`The database did not answer within ${READY_MS / 1000} s; its own words are in ${logPath}.`)
}

/** Reads stay alive while its writers are wedged: only a write lock taken and given back proves it well. */
function watchWrites(url: string, folder: string, server: KeptProcess): NodeJS.Timeout {
  let dead = 0
  return setInterval(async () => {
    dead = (await writes(url)) ? 0 : dead + 1
    if (dead < DEAD_PROBES) return
    dead = 0
    if (freeMegabytes(folder) === 0) {
      warn('database', `takes no writes: the disk of ${folder} is full; make room`)
      return
    }
    warn('database', `took no write for ${(DEAD_PROBES * PROBE_EVERY_MS) / 1000} s; starting it anew`)
    server.restart()
  }, PROBE_EVERY_MS)
}

async function writes(url: string): Promise<boolean> {
  const execute = (sql: string) => ({ type: 'execute', stmt: { sql } })
  try {
    const response = await fetch(`${url}/v2/pipeline`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requests: [execute('BEGIN IMMEDIATE'), execute('ROLLBACK'), { type: 'close' }] }),
      signal: AbortSignal.timeout(4_000),
    })
    const { results } = (await response.json()) as { results: { type: string }[] }
    return response.ok && results[0]?.type === 'ok'
  } catch {
    return false
  }
}
