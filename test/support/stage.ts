/** The whole of Prosa but its supervisor, on a demo of its own, with a line to its database that can fail. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startDatabase } from '../../scripts/local/database.ts'
import { startRuntime } from '../../scripts/local/runtime.ts'
import { localSecrets } from '../../scripts/local/secrets.ts'
import { migrate } from '../../scripts/migrate.ts'
import { seedDemo } from '../../scripts/seed/demo.ts'
import { freePort } from './free-port.ts'
import { type Link, startLink } from './link.ts'
import { temporaryFolder } from './prosa.ts'

export interface Stage {
  url: string
  /** Past the line. */
  databaseUrl: string
  link: Link
  /** What happens each minute. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

export async function startStage(providerUrl: string): Promise<Stage> {
  const folder = await temporaryFolder()
  const secrets = localSecrets(folder)
  const database = await startDatabase({
    port: await freePort(),
    folder: join(folder, 'db'),
    logPath: join(folder, 'database.log'),
    onLost: (sentence) => console.error(sentence),
  })
  await migrate({ databaseUrl: database.url })
  await seedDemo({ databaseUrl: database.url, credentialsKey: secrets.CREDENTIALS_KEY, now: Date.now() })
  const link = await startLink(database.url)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const runtime = await startRuntime({
    port,
    folder: join(folder, 'worker'),
    vars: {
      ...secrets,
      DATABASE_URL: link.url,
      APP_ORIGIN: url,
      GRAPH_API_URL: providerUrl,
      EGRESS_ALLOW: '127.0.0.1',
    },
    verbose: false,
  })
  await runtime.runCron()
  return {
    url,
    databaseUrl: database.url,
    link,
    sweep: () => runtime.runCron(),
    stop: async () => {
      await runtime.stop()
      await link.stop()
      await database.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
