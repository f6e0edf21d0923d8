import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client/web'
import { beforeEach, expect, it } from 'vitest'
import { type Database, startDatabase } from '../../scripts/local/database.ts'
import { migrate } from '../../scripts/migrate.ts'
import { freePort } from '../support/free-port.ts'
import { temporaryFolder } from '../support/prosa.ts'

let database: Database
let home: string
let folder: string

beforeEach(async () => {
  home = await temporaryFolder()
  folder = join(home, 'migrations')
  await mkdir(join(folder, 'meta'), { recursive: true })
  database = await startDatabase({
    port: await freePort(),
    folder: join(home, 'db'),
    logPath: join(home, 'log'),
    onLost: console.error,
  })
  return async () => {
    await database.stop()
    await rm(home, { recursive: true, force: true })
  }
})

it('three who migrate at once apply each migration once', async () => {
  const databaseUrl = database.url
  const applied = await Promise.all([1, 2, 3].map(() => migrate({ databaseUrl })))
  const journal = JSON.parse(await readFile(join(import.meta.dirname, '../../migrations/meta/_journal.json'), 'utf8'))

  expect(applied.flat().sort()).toEqual(journal.entries.map(({ tag }: { tag: string }) => tag))
  expect(await migrate({ databaseUrl })).toEqual([])
})

it('a migration that fails half-way leaves nothing, and the next try begins it anew', async () => {
  await migrations({
    '0000_good': 'CREATE TABLE a (x);',
    '0001_bad': 'CREATE TABLE b (x);\n--> statement-breakpoint\nNONSENSE',
  })
  await expect(migrate({ databaseUrl: database.url, folder })).rejects.toThrow(
    /^The migration 0001_bad could not be applied: /,
  )
  expect(await tables()).toEqual(['a', 'applied_migrations'])

  await migrations({ '0000_good': 'CREATE TABLE a (x);', '0001_bad': 'CREATE TABLE b (x);' })
  expect(await migrate({ databaseUrl: database.url, folder })).toEqual(['0001_bad'])
})

it('a migration that was edited afterwards is refused', async () => {
  await migrations({ '0000_first': 'CREATE TABLE a (x);' })
  await migrate({ databaseUrl: database.url, folder })
  await migrations({ '0000_first': 'CREATE TABLE a (x, y);' })
  await expect(migrate({ databaseUrl: database.url, folder })).rejects.toThrow('0000_first was edited')
})

it('a database of a newer version is refused', async () => {
  await migrations({ '0000_first': 'CREATE TABLE a (x);', '0001_next': 'CREATE TABLE b (x);' })
  await migrate({ databaseUrl: database.url, folder })
  await migrations({ '0000_first': 'CREATE TABLE a (x);' })
  await expect(migrate({ databaseUrl: database.url, folder })).rejects.toThrow('by a newer Prosa (0001_next)')
})

async function migrations(files: Record<string, string>): Promise<void> {
  const entries = Object.keys(files).map((tag) => ({ tag }))
  await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify({ entries }))
  for (const [tag, text] of Object.entries(files)) await writeFile(join(folder, `${tag}.sql`), text)
}

async function tables(): Promise<string[]> {
  const client = createClient({ url: database.url })
  const { rows } = await client.execute(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%libsql%' ORDER BY name",
  )
  client.close()
  return rows.map((row) => String(row['name']))
}
