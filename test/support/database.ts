/** A real sqld for one run of the tests, migrated; each test lives in a workspace of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startDatabase } from '../../scripts/local/database.ts'
import { migrate } from '../../scripts/migrate.ts'
import { freePort } from './free-port.ts'
import { keepConnections } from './kept-connections.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'prosa-database-'))
  const database = await startDatabase({
    port: await freePort(),
    folder,
    logPath: join(folder, 'database.log'),
    onLost: (sentence) => console.error(sentence),
  })
  await migrate({ databaseUrl: database.url })
  const kept = await keepConnections(database.url)
  project.provide('databaseUrl', kept.url)
  project.provide('wholeCorpus', process.env['PROSA_CORPUS'] === 'whole')
  project.provide('budgetMs', Number(process.env['PROSA_BUDGET_MS'] ?? 750))
  return async () => {
    await kept.stop()
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
