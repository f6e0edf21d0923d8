/** Many rows of one table in one statement: a single parameter, which the database takes apart. */
import type { InStatement } from '@libsql/client/web'

type Value = string | number | null
export type Row<Column extends string> = Record<Column, Value>

const ROWS_A_STATEMENT = 2_000

export function insertRows<Column extends string>(table: string, rows: Row<Column>[]): InStatement[] {
  const [first] = rows
  if (!first) return []
  const columns = Object.keys(first) as Column[]
  const picked = columns.map((_, at) => `value ->> ${at}`).join(', ')
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${picked} FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`
  const statements: InStatement[] = []
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const values = rows.slice(from, from + ROWS_A_STATEMENT).map((row) => columns.map((column) => row[column]))
    statements.push({ sql, args: [JSON.stringify(values)] })
  }
  return statements
}
