/** The other half of the world: customers' phones, and the providers between them and Prosa. */
import { join } from 'node:path'
import { startSimulator } from './server.ts'

const simulator = await startSimulator({
  port: Number(process.env.PORT ?? 8788),
  prosaUrl: process.env.PROSA_URL ?? 'http://127.0.0.1:8787',
  stateFile: join(process.env.PROSA_DATA ?? '.prosa', 'simulator.json'),
}).catch((error: unknown) => {
  console.error(`The simulator could not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
})

let leaving = false
async function leave() {
  if (leaving) return
  leaving = true
  await simulator.close()
  process.exit(0)
}

process.on('SIGTERM', leave)
process.on('SIGINT', leave)

/** Whoever started us is gone, however it went: nobody is left to stop us. */
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) void leave()
}, 1_000).unref()
