/** A backup, put into an empty database: its own shape first, its rows, and then whatever this version adds. */
import type { Client, InStatement, InValue } from '@libsql/client/web'
import { BackupError, type Cell } from '../../src/db/backup-lines.ts'
import { type DatabaseSettings, openDatabase } from '../database-settings.ts'
import { migrate } from '../migrate.ts'
import { asRestored } from './as-restored.ts'
import { partsOf } from './file.ts'
import { tablesOf } from './read.ts'

export interface Restored {
  takenAt: number
  rows: Record<string, number>
}

/** Which ones were applied is the target's own to say. */
const MIGRATIONS = 'applied_migrations'
const MOST_STATEMENTS = 250
const MOST_LENGTH = 1_000_000

/** Throws a BackupError, with nothing in the database yet, where the file is not whole or the database is not empty. */
export async function restore(path: string, target: DatabaseSettings): Promise<Restored> {
  const { takenAt, migrations } = await looked(path)
  const client = openDatabase(target)
  try {
    if (!(await isEmpty(client))) {
      throw new BackupError(
        'The database is not empty: a backup is put into a new one, so that nothing is written over.',
      )
    }
    await migrate({ ...target, upTo: migrations })
    const triggers = await triggersOf(client)
    await client.batch(
      triggers.map(({ name }) => `DROP TRIGGER "${name}"`),
      'write',
    )
    const rows = await insertAll(client, path, takenAt)
    await client.batch(
      triggers.map(({ sql }) => sql),
      'write',
    )
    await rebuildIndexes(client)
    await requireWhole(client, rows)
    await migrate(target)
    await markRestored(client, takenAt)
    return { takenAt, rows }
  } finally {
    client.close()
  }
}

/** The whole file, before anything is written: when it was made, and by which shape of the database. */
async function looked(path: string): Promise<{ takenAt: number; migrations: string[] }> {
  let takenAt = 0
  let tag = -1
  const migrations: string[] = []
  for await (const part of partsOf(path)) {
    if ('takenAt' in part) takenAt = part.takenAt
    if ('table' in part) tag = part.table === MIGRATIONS ? part.columns.indexOf('tag') : -1
    if ('row' in part && tag >= 0) migrations.push(String(valueIn(part.row[tag])))
  }
  if (migrations.length === 0) throw new BackupError(`${path} holds no database of Prosa.`)
  return { takenAt, migrations }
}

/** Without a shape, or with one and nothing in it, as a start on an empty database leaves it. */
async function isEmpty(client: Client): Promise<boolean> {
  const tables = (await tablesOf(client)).filter((table) => table !== MIGRATIONS)
  const counts = await client.batch(
    tables.map((table) => `SELECT 1 FROM "${table}" LIMIT 1`),
    'read',
  )
  return counts.every(({ rows }) => rows.length === 0)
}

/** Triggers keep counts and search up to date row by row; what they made is in the backup. */
async function triggersOf(client: Client): Promise<{ name: string; sql: string }[]> {
  const { rows } = await client.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
  return rows.map(({ name, sql }) => ({ name: String(name), sql: String(sql) }))
}

async function insertAll(client: Client, path: string, takenAt: number): Promise<Record<string, number>> {
  const rows: Record<string, number> = {}
  let table = ''
  let columns: string[] = []
  let insert = ''
  let statements: InStatement[] = []
  let length = 0
  // With references unchecked until all of it is there (`migrate` of the client).
  const flush = async () => {
    if (statements.length > 0) await client.migrate(statements)
    statements = []
    length = 0
  }
  for await (const part of partsOf(path)) {
    if ('table' in part) {
      await flush()
      ;({ table, columns } = part)
      rows[table] = 0
      const named = columns.map((column) => `"${column}"`).join(', ')
      insert = `INSERT INTO "${table}" (${named}) VALUES (${part.columns.map(() => '?').join(', ')})`
    }
    if (!('row' in part) || table === MIGRATIONS) continue
    rows[table] = (rows[table] ?? 0) + 1
    statements.push({ sql: insert, args: asRestored(table, columns, part.row, takenAt).map(valueIn) })
    length += JSON.stringify(part.row).length
    if (statements.length >= MOST_STATEMENTS || length >= MOST_LENGTH) await flush()
  }
  await flush()
  return rows
}

function valueIn(cell: Cell | undefined): InValue {
  if (!cell || cell.type === 'null') return null
  if (cell.type === 'blob') return new Uint8Array(Buffer.from(cell.base64, 'base64'))
  return cell.type === 'integer' ? BigInt(cell.value) : cell.value
}

async function rebuildIndexes(client: Client): Promise<void> {
  const { rows } = await client.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'")
  for (const { name } of rows) await client.execute(`INSERT INTO "${name}" ("${name}") VALUES ('rebuild')`)
}

async function requireWhole(client: Client, rows: Record<string, number>): Promise<void> {
  for (const [table, expected] of Object.entries(rows)) {
    if (table === MIGRATIONS) continue
    const counted = await client.execute(`SELECT count(*) AS n FROM "${table}"`)
    const found = Number(counted.rows[0]?.['n'])
    if (found !== expected) throw new BackupError(`${table} has ${found} rows, and the backup ${expected}.`)
  }
  const broken = await client.execute('SELECT "table" AS name FROM pragma_foreign_key_check LIMIT 1')
  if (broken.rows[0]) throw new BackupError(`A row of ${broken.rows[0]['name']} refers to one that is not there.`)
}

/** A backup of an earlier shape had no place for the mark. */
const markRestored = (client: Client, takenAt: number) =>
  client.execute({ sql: 'UPDATE workspaces SET restored_from = ? WHERE restored_from IS NULL', args: [takenAt] })
