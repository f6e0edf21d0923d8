import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { workspaceId } from './columns.ts'
import { inboxes } from './inboxes.ts'

/** Events whose effect leaves no row of its own to be the proof. Rows older than 30 days go. */
export const appliedEvents = sqliteTable(
  'applied_events',
  {
    workspaceId: workspaceId(),
    inboxId: text('inbox_id').notNull(),
    dedupeKey: text('dedupe_key').notNull(),
    kind: text('kind').notNull(),
    appliedAt: integer('applied_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.inboxId, t.dedupeKey] })],
)

/** What the provider told us and we do not use yet, whole: history, address books, account news. */
export const keptEvents = sqliteTable(
  'kept_events',
  {
    workspaceId: workspaceId(),
    inboxId: text('inbox_id').notNull(),
    dedupeKey: text('dedupe_key').notNull(),
    kind: text('kind').notNull(),
    payload: text('payload').notNull(),
    receivedAt: integer('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.inboxId, t.dedupeKey] }),
    index('kept_events_account').on(t.inboxId, t.receivedAt).where(sql`kind = 'account'`), // news of the account, on its page
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
  ],
)

/** When the minute's sweep last began, in one row: whoever was switched off finds out how long it was away. */
export const lastSweep = sqliteTable(
  'last_sweep',
  { id: integer('id').primaryKey(), at: integer('at').notNull() },
  () => [check('last_sweep_one', sql`id = 1`)],
)
