/** The customers' phones and the providers' side, in a process of their own. */
import { connect } from 'node:net'
import { join } from 'node:path'
import { type KeptProcess, keepProcess } from './kept-process.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'

const SCRIPT = join(import.meta.dirname, '..', '..', 'simulator', 'main.ts')
const READY_MS = 20_000

export function startSimulator(settings: Settings, onLost: (sentence: string) => void): Promise<KeptProcess> {
  const { port, simulatorPort, dataFolder } = settings
  return keepProcess({
    name: 'simulator',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', SCRIPT],
    env: { ...process.env, PORT: String(simulatorPort), PROSA_URL: `http://127.0.0.1:${port}`, PROSA_DATA: dataFolder },
    ready: () => listens(simulatorPort),
    onLost,
  })
}

async function listens(port: number): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (Date.now() < deadline) {
    if (await accepts(port)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new StartError(`The simulator did not listen within ${READY_MS / 1000} s.`)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
