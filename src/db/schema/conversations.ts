import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'
import { contacts, identities } from './contacts.ts'
import { inboxes } from './inboxes.ts'
import { agents, departments } from './people.ts'

/** An atendimento: a period of one person's thread in one inbox. Open without an assignee is *waiting*. */
export const conversations = sqliteTable(
  'conversations',
  {
    workspaceId: workspaceId(),
    id: id(),
    inboxId: text('inbox_id').notNull(),
    identityId: text('identity_id').notNull(),
    contactId: text('contact_id').notNull(),
    departmentId: text('department_id'),
    assigneeId: text('assignee_id'),
    status: text('status', { enum: ['open', 'snoozed', 'closed'] })
      .notNull()
      .default('open'),
    snoozedUntil: integer('snoozed_until'),
    /** Bumped by one by every change of the thread; each changed row carries it. */
    seq: integer('seq').notNull().default(0),
    /** The order in which outgoing messages leave. */
    outOrd: integer('out_ord').notNull().default(0),
    deliveredWm: integer('delivered_wm').notNull().default(0),
    readWm: integer('read_wm').notNull().default(0),
    lastAt: integer('last_at').notNull(),
    /** The provider's time of the customer's newest message: the reply window counts from it. */
    lastIncomingAt: integer('last_incoming_at'),
    /** The same of the newest one that came from an ad: a longer window counts from it. */
    lastAdAt: integer('last_ad_at'),
    /** Holds what was said before the first conversation that took place here; closed from the start. */
    imported: integer('imported', { mode: 'boolean' }).notNull().default(false),
    /** The newest message that said what the person calls themselves. */
    namedAt: integer('named_at'),
    unread: integer('unread').notNull().default(0),
    waitingSince: integer('waiting_since'),
    version: integer('version').notNull().default(1),
    openedAt: integer('opened_at').notNull(),
    closedAt: integer('closed_at'),
    closedById: text('closed_by_id'),
    closeReason: text('close_reason'),
    /** When what was said in it had been kept for long enough, and went. */
    emptiedAt: integer('emptied_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('conversations_one_open').on(t.inboxId, t.identityId).where(sql`status <> 'closed'`),
    uniqueIndex('conversations_imported').on(t.inboxId, t.identityId).where(sql`imported = 1`), // one past a person
    // Todas, Fila and Em atendimento of a whole workspace: waiting or not is a branch, so one index serves the three.
    index('conversations_list')
      .on(t.workspaceId, sql`(assignee_id IS NULL)`, t.lastAt, t.id)
      .where(sql`status <> 'closed'`),
    // The same, of who sees some departments, or chose one.
    index('conversations_department')
      .on(t.workspaceId, t.departmentId, sql`(assignee_id IS NULL)`, t.lastAt, t.id)
      .where(sql`status <> 'closed'`),
    index('conversations_inbox').on(t.workspaceId, t.inboxId, t.lastAt, t.id).where(sql`status <> 'closed'`), // one number
    index('conversations_assignee')
      .on(t.workspaceId, t.assigneeId, t.lastAt, t.id)
      .where(sql`assignee_id IS NOT NULL AND status <> 'closed'`), // Minhas, or one agent's
    // Encerradas: of all, of a department, of a number, of an agent. Written once in a conversation's life.
    index('conversations_closed').on(t.workspaceId, t.closedAt, t.id).where(sql`status = 'closed'`),
    index('conversations_closed_department')
      .on(t.workspaceId, t.departmentId, t.closedAt, t.id)
      .where(sql`status = 'closed'`),
    index('conversations_closed_inbox').on(t.workspaceId, t.inboxId, t.closedAt, t.id).where(sql`status = 'closed'`),
    index('conversations_closed_assignee')
      .on(t.workspaceId, t.assigneeId, t.closedAt, t.id)
      .where(sql`status = 'closed'`),
    // What has been closed for so long that its content goes.
    index('conversations_kept').on(t.workspaceId, t.closedAt).where(sql`status = 'closed' AND emptied_at IS NULL`),
    // How often a reason to end was given, said before it is removed.
    index('conversations_close_reason').on(t.workspaceId, t.closeReason).where(sql`close_reason IS NOT NULL`),
    index('conversations_identity').on(t.workspaceId, t.identityId, t.openedAt), // the continuous thread
    index('conversations_contact').on(t.workspaceId, t.contactId), // a contact's panel, merge
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
    foreignKey({ columns: [t.workspaceId, t.identityId], foreignColumns: [identities.workspaceId, identities.id] }),
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.departmentId], foreignColumns: [departments.workspaceId, departments.id] }),
    foreignKey({ columns: [t.workspaceId, t.assigneeId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

/** How many conversations stand in an inbox and department: kept by triggers, so that no count is ever counted. */
export const inboxCounts = sqliteTable(
  'inbox_counts',
  {
    workspaceId: workspaceId(),
    inboxId: text('inbox_id').notNull(),
    /** Empty: no department. */
    departmentId: text('department_id').notNull(),
    open: integer('open').notNull().default(0),
    unread: integer('unread').notNull().default(0),
    waiting: integer('waiting').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.inboxId, t.departmentId] })],
)

/** The same for each agent's own conversations. */
export const assigneeCounts = sqliteTable(
  'assignee_counts',
  {
    workspaceId: workspaceId(),
    assigneeId: text('assignee_id').notNull(),
    open: integer('open').notNull().default(0),
    unread: integer('unread').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.assigneeId] })],
)

/** Why a conversation was closed, in the workspace's own words. */
export const closeReasons = sqliteTable(
  'close_reasons',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    /** The last word that is offered with it. */
    farewell: text('farewell'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('close_reasons_name').on(t.workspaceId, t.nameKey),
  ],
)

/** What an agent has typed and not sent, one a conversation and tab. */
export const drafts = sqliteTable(
  'drafts',
  {
    workspaceId: workspaceId(),
    agentId: text('agent_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    kind: text('kind', { enum: ['reply', 'comment'] }).notNull(),
    body: text('body').notNull(),
    replyToId: text('reply_to_id'),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.agentId, t.conversationId, t.kind] }),
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
    foreignKey({
      columns: [t.workspaceId, t.conversationId],
      foreignColumns: [conversations.workspaceId, conversations.id],
    }),
  ],
)
