/** All rows of a database as one moment had them. */
import type { Client } from '@libsql/client/web'
import * as z from 'zod'
import type { DatabaseSettings } from '../database-settings.ts'
import { BackupError, type Cell, linesIn, type Part } from './file.ts'

/** Hrana's cursor: one batch, hence one transaction, whose rows come one by one (hrana 3, "cursors"). */
const Entry = z.union([
  z.object({ type: z.literal('step_begin'), step: z.number(), cols: z.array(z.object({ name: z.string() })) }),
  z.object({ type: z.literal('row'), row: z.array(z.custom<Cell>()) }),
  z.object({ type: z.enum(['step_end', 'replication_index']) }),
  z.object({ type: z.enum(['step_error', 'error']), error: z.object({ message: z.string() }) }),
])

/** Where rows lie, without what is made of them (full-text indexes) and the database's own. */
export const tablesOf = async (client: Client): Promise<string[]> => {
  const { rows } = await client.execute(
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
      AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '%libsql%' ORDER BY name`,
  )
  return rows.map(({ name }) => String(name))
}

export async function* rowsOf(source: DatabaseSettings, tables: string[], takenAt: number): AsyncGenerator<Part> {
  yield { takenAt }
  const selects = tables.map((table) => `SELECT * FROM "${table}" ORDER BY rowid`)
  let done = 0
  for await (const entry of entriesOf(source, ['BEGIN', ...selects, 'COMMIT'])) {
    if ('error' in entry) throw new BackupError(`The database stopped in the middle: ${entry.error.message}`)
    if (entry.type === 'step_end') done += 1
    if (entry.type === 'row') yield { row: entry.row }
    const table = entry.type === 'step_begin' ? tables[entry.step - 1] : undefined
    if (table && entry.type === 'step_begin') yield { table, columns: entry.cols.map(({ name }) => name) }
  }
  if (done !== tables.length + 2) throw new BackupError('The database stopped in the middle, without a word.')
}

async function* entriesOf({ databaseUrl, authToken }: DatabaseSettings, statements: string[]) {
  const response = await fetch(new URL('/v3/cursor', databaseUrl.replace(/^libsql:/, 'https:')), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authToken ? { authorization: `Bearer ${authToken}` } : {}) },
    body: JSON.stringify({ baton: null, batch: { steps: statements.map((sql) => ({ stmt: { sql } })) } }),
  })
  if (!response.ok || !response.body) {
    throw new BackupError(
      `The database refuses to be read: ${response.status} ${(await response.text()).slice(0, 200)}`,
    )
  }
  let first = true
  for await (const line of linesIn(response.body.pipeThrough(new TextDecoderStream()))) {
    // The first line is about the connection.
    if (!first && line) yield Entry.parse(JSON.parse(line))
    first = false
  }
}
