/** How long `npm start` takes from nothing to ready, and the second time. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../../test/support/free-port.ts'
import { type Metric, metric } from '../report.ts'

const START = join(import.meta.dirname, '..', '..', 'scripts', 'start.js')
const PORTS = 3
const PATIENCE_MS = 90_000

export async function startMetrics(dataFolder: string): Promise<Metric[]> {
  const first = await startOnce(dataFolder)
  const second = await startOnce(dataFolder)
  return [
    metric('npm start, exec → ready, first (packages installed)', 'ms', first),
    metric('npm start, exec → ready, second', 'ms', second),
  ]
}

async function startOnce(dataFolder: string): Promise<number> {
  const port = await freePort(PORTS)
  const started = performance.now()
  const child = spawn(process.execPath, [START], {
    env: { ...process.env, PORT: String(port), PROSA_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const patience = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS)
  try {
    for await (const line of createInterface(child.stdout)) {
      if (line.startsWith('ready ')) return performance.now() - started
    }
    throw new Error('npm start ended before it was ready.')
  } finally {
    clearTimeout(patience)
    child.kill('SIGTERM')
    child.stdout.resume()
    await gone
  }
}
