/** A demo of one's own: a copy of one that `npm start` has seeded, run by the test's own process. */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startDatabase } from '../../scripts/local/database.ts'
import { startRuntime } from '../../scripts/local/runtime.ts'
import { localSecrets } from '../../scripts/local/secrets.ts'
import { readSettings } from '../../scripts/local/settings.ts'
import { startSimulator } from '../../simulator/server.ts'
import { freePort } from './free-port.ts'
import { keepConnections } from './kept-connections.ts'
import { temporaryFolder } from './prosa.ts'

export interface Demo {
  url: string
  simulatorUrl: string
  databaseUrl: string
  stop(): Promise<void>
}

interface DemoOptions {
  /** What plays the providers instead of the simulator. */
  graphUrl?: string
}

const MINUTE = 60_000

export async function startDemo(seededFolder: string, { graphUrl }: DemoOptions = {}): Promise<Demo> {
  const folder = await temporaryFolder()
  await cp(seededFolder, folder, { recursive: true })
  const settings = readSettings(
    {
      ...{ PORT: String(await freePort(3)), PROSA_DATA: folder },
      ...(graphUrl ? { GRAPH_API_URL: graphUrl, SIMULATOR: 'off' } : {}),
    },
    [],
  )
  const url = `http://127.0.0.1:${settings.port}`
  const database = await startDatabase({
    port: settings.databasePort,
    folder: join(folder, 'db'),
    logPath: join(folder, 'database.log'),
    onLost: (sentence) => console.error(sentence),
  })
  const kept = await keepConnections(database.url)
  const simulator = settings.simulator
    ? await startSimulator({
        port: settings.simulatorPort,
        prosaUrl: url,
        stateFile: join(folder, 'simulator.json'),
      })
    : null
  const runtime = await startRuntime({
    port: settings.port,
    folder: join(folder, 'worker'),
    vars: {
      ...settings.providers,
      ...localSecrets(folder),
      DATABASE_URL: kept.url,
      APP_ORIGIN: url,
      EGRESS_ALLOW: '127.0.0.1',
    },
    verbose: false,
  })
  await runtime.runCron()
  const timer = setInterval(() => runtime.runCron().catch(console.error), MINUTE)
  return {
    url,
    simulatorUrl: `http://127.0.0.1:${settings.simulatorPort}`,
    databaseUrl: kept.url,
    stop: async () => {
      clearInterval(timer)
      await runtime.stop()
      await simulator?.close()
      await kept.stop()
      await database.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
