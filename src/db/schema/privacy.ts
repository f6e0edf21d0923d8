import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'

/** What was erased is known by keyed hashes of the provider's ids alone: told again, it is not stored again. */
export const erasedKeys = sqliteTable(
  'erased_keys',
  {
    workspaceId: workspaceId(),
    inboxId: text('inbox_id').notNull(),
    /** A keyed hash; see domain/erased.ts. */
    key: text('key').notNull(),
    erasedAt: integer('erased_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.inboxId, t.key] })],
)

/** The erasing of a person: how far it has come, and what proves it when it is done. */
export const erasures = sqliteTable(
  'erasures',
  {
    workspaceId: workspaceId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    requestedById: text('requested_by_id').notNull(),
    requestedAt: integer('requested_at').notNull(),
    step: text('step').notNull(),
    /** Where in its step it goes on. */
    cursor: text('cursor').notNull().default(''),
    /** JSON: what the person is still found by until it is done; then null. */
    subject: text('subject'),
    /** JSON: how many rows of each kind went. */
    counts: text('counts').notNull().default('{}'),
    finishedAt: integer('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('erasures_contact').on(t.workspaceId, t.contactId), // asked for twice, it is one
    index('erasures_unfinished').on(t.workspaceId).where(sql`finished_at IS NULL`), // what is to go on
  ],
)

/** A link to all that is kept about one person, good for one day and one use. Only its hash is kept. */
export const dataExports = sqliteTable(
  'data_exports',
  {
    workspaceId: workspaceId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    tokenHash: text('token_hash').notNull(),
    requestedById: text('requested_by_id').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('data_exports_token').on(t.tokenHash), // whoever opens a link
  ],
)
