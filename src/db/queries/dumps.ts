/** All that a database holds of one workspace, and of the people who sign in to it. */
import { sql } from 'drizzle-orm'
import type { Select } from '../backup-rows.ts'
import { query } from '../client.ts'

export interface DumpTable {
  name: string
  /** Whether it says which workspace, or which person, a row is of. */
  ofWorkspace: 0 | 1
  ofUser: 0 | 1
}

const has = (column: string) => sql`EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = ${column})`

/** Where rows lie, without what is made of them (full-text indexes) and the database's own. */
export const dumpTables =
  query<DumpTable>(sql`SELECT t.name, ${has('workspace_id')} AS ofWorkspace, ${has('user_id')} AS ofUser
  FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table'
    AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name NOT LIKE '%libsql%' ORDER BY t.name`)

/** A session that was over is not to come back, nor is half a sign-in. */
const NEVER = new Set(['session', 'verification'])

const PEOPLE = 'IN (SELECT user_id FROM agents WHERE workspace_id = ?)'

/** In the order in which they were stored: the `+` keeps it from an index, which would have to be sorted first. */
export function selectOf({ name, ofWorkspace, ofUser }: DumpTable, workspaceId: string): Select[] {
  const rows = (which: string, args = [workspaceId]) => [
    { table: name, sql: `SELECT * FROM "${name}" ${which} ORDER BY rowid`, args },
  ]
  if (NEVER.has(name)) return []
  if (name === 'applied_migrations') return rows('', [])
  if (name === 'workspaces') return rows('WHERE +id = ?')
  if (name === 'user') return rows(`WHERE +id ${PEOPLE}`)
  if (ofWorkspace === 1) return rows('WHERE +workspace_id = ?')
  return ofUser === 1 ? rows(`WHERE +user_id ${PEOPLE}`) : []
}
