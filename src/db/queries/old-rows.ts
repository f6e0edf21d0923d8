/** Rows that nobody asks for any more, let go of a few at a time. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'

const DAY = 86_400_000

interface Kept {
  /** What tells a row's age. */
  column: string
  /** How long it stays after that, ms. */
  ms: number
}

/**
 * Filled in the order of time: the first row is the oldest. An account of what was done is kept for two years (a trigger
 * refuses to let go of anything earlier); what a provider told, for as long as it can be told again (the gateways' journals).
 */
const IN_ORDER = {
  applied_events: { column: 'applied_at', ms: 30 * DAY },
  kept_events: { column: 'received_at', ms: 30 * DAY },
  automatic_answers: { column: 'answered_at', ms: 365 * DAY },
  audit_log: { column: 'created_at', ms: 732 * DAY },
} as const satisfies Record<string, Kept>

/** Over at a time of their own, soon after they were made. */
const OVER = {
  session: { column: 'expires_at', ms: DAY },
  verification: { column: 'expires_at', ms: DAY },
  invitations: { column: 'expires_at', ms: 30 * DAY },
  password_resets: { column: 'expires_at', ms: 30 * DAY },
  data_exports: { column: 'expires_at', ms: 30 * DAY },
} as const satisfies Record<string, Kept>

const KEPT: Record<string, Kept> = { ...IN_ORDER, ...OVER }

export const tablesThatEnd = Object.keys(OVER)

/** Of the tables that are filled in order, those whose first row is old: one row is read of each. */
export const tablesWithOld = (now: number) =>
  query<{ name: string }>(
    sql.join(
      Object.entries(IN_ORDER).map(
        ([name, { column, ms }]) =>
          sql`SELECT ${name} AS name WHERE (SELECT ${named(column)} FROM ${named(name)} ORDER BY rowid LIMIT 1) < ${now - ms}`,
      ),
      sql` UNION ALL `,
    ),
  )

/** The old among the first rows of a table: none is read beyond them, and no index is kept for it. */
export function deleteOld(table: string, now: number, limit: number): SQL {
  const { column, ms } = KEPT[table] as Kept
  return sql`DELETE FROM ${named(table)} WHERE rowid IN (
    SELECT id FROM (SELECT rowid AS id, ${named(column)} AS at FROM ${named(table)} ORDER BY rowid LIMIT ${limit}) WHERE at < ${now - ms})`
}

const named = (name: string) => sql.raw(`"${name}"`)
