import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'
import { AUTOMATIC } from './messages.ts'

/** Words at hand: an agent's own, a department's, or everyone's. */
export const quickReplies = sqliteTable(
  'quick_replies',
  {
    workspaceId: workspaceId(),
    id: id(),
    scope: text('scope', { enum: ['personal', 'department', 'workspace'] }).notNull(),
    /** The agent, or the department; empty: the workspace. */
    ownerId: text('owner_id').notNull(),
    shortcut: text('shortcut').notNull(),
    shortcutKey: text('shortcut_key').notNull(),
    body: text('body').notNull(),
    /** Shortcut and words, folded: what it is found by. */
    terms: text('terms').notNull(),
    uses: integer('uses').notNull().default(0),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('quick_replies_shortcut').on(t.workspaceId, t.ownerId, t.shortcutKey), // one's own, and what is offered
  ],
)

/** A file that goes along with a quick reply: copied whenever it is used, so that what was sent is never taken away with it. */
export const quickReplyFiles = sqliteTable(
  'quick_reply_files',
  {
    workspaceId: workspaceId(),
    id: id(),
    quickReplyId: text('quick_reply_id').notNull(),
    mimeType: text('mime_type').notNull(),
    fileName: text('file_name'),
    size: integer('size').notNull(),
    objectKey: text('object_key').notNull(),
    /** Taken out: the object is still to be removed from the store. */
    removedAt: integer('removed_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('quick_reply_files_of').on(t.workspaceId, t.quickReplyId),
    index('quick_reply_files_removed').on(t.removedAt).where(sql`removed_at IS NOT NULL`), // the sweep
  ],
)

/** When people answer. A department without hours of its own keeps the workspace's; without any, it is always open. */
export const businessHours = sqliteTable(
  'business_hours',
  {
    workspaceId: workspaceId(),
    /** Empty: the workspace's. */
    departmentId: text('department_id').notNull(),
    /** JSON: the spans of each day of the week, Sunday first (domain/business-hours.ts). */
    week: text('week').notNull(),
    /** What a customer is told who writes outside of them; null: nothing. */
    answer: text('answer'),
    version: integer('version').notNull().default(1),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.departmentId] })],
)

/** Days on which nobody answers. `day`: 2026-11-20, 12-25 of every year, or so many days from Easter (easter-2). */
export const holidays = sqliteTable(
  'holidays',
  {
    workspaceId: workspaceId(),
    day: text('day').notNull(),
    name: text('name').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.day] })],
)

/** What is said to whoever writes to a number for the first time, or begins a conversation there. */
export const greetings = sqliteTable(
  'greetings',
  {
    workspaceId: workspaceId(),
    inboxId: text('inbox_id').notNull(),
    body: text('body').notNull(),
    once: text('once', { enum: ['contact', 'conversation'] }).notNull(),
    version: integer('version').notNull().default(1),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.inboxId] })],
)

/** What was said by ourselves, to whom and for what: once. */
export const automaticAnswers = sqliteTable(
  'automatic_answers',
  {
    workspaceId: workspaceId(),
    identityId: text('identity_id').notNull(),
    kind: text('kind', { enum: AUTOMATIC }).notNull(),
    /** When the closed hours began, or the conversation that was greeted. */
    period: text('period').notNull(),
    messageId: text('message_id').notNull(),
    answeredAt: integer('answered_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.identityId, t.kind, t.period] })],
)
