/** What of a database is backed up: all of it. */
import type { Client } from '@libsql/client/web'
import type { Part } from '../../src/db/backup-lines.ts'
import * as rows from '../../src/db/backup-rows.ts'
import type { DatabaseSettings } from '../database-settings.ts'

/** Where rows lie, without what is made of them (full-text indexes) and the database's own. */
export const tablesOf = async (client: Client): Promise<string[]> => {
  const { rows: found } = await client.execute(
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
      AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '%libsql%' ORDER BY name`,
  )
  return found.map(({ name }) => String(name))
}

export const rowsOf = (source: DatabaseSettings, tables: string[], takenAt: number): AsyncGenerator<Part> =>
  rows.rowsOf(
    source,
    tables.map((table) => ({ table, sql: `SELECT * FROM "${table}" ORDER BY rowid`, args: [] })),
    takenAt,
  )
