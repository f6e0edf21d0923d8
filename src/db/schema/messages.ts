import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'
import { conversations } from './conversations.ts'
import { agents } from './people.ts'

export const SEND_STATES = ['queued', 'sending', 'unknown', 'sent', 'failed', 'delivered', 'read', 'canceled'] as const

/** What is said without anybody writing it. */
export const AUTOMATIC = ['greeting', 'out_of_hours'] as const

/** A row of the thread: a message, what an agent did (activity), or the place of a comment. */
export const messages = sqliteTable(
  'messages',
  {
    workspaceId: workspaceId(),
    id: id(),
    conversationId: text('conversation_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    kind: text('kind', { enum: ['message', 'activity', 'comment'] })
      .notNull()
      .default('message'),
    direction: text('direction', { enum: ['incoming', 'outgoing'] }).notNull(),
    type: text('type').notNull().default('text'),
    body: text('body'),
    /** The provider's id. An answer of ours keeps it on its send attempt instead. */
    externalId: text('external_id'),
    replyToExternalId: text('reply_to_external_id'),
    /** Display order is (occurred_at, ingest_ord): the provider's time within bounds, then the order of storing. */
    occurredAt: integer('occurred_at').notNull(),
    providerAt: integer('provider_at'),
    ingestOrd: integer('ingest_ord').notNull(),
    authorId: text('author_id'),
    clientKey: text('client_key'),
    bodyHash: text('body_hash'),
    seq: integer('seq').notNull(),
    editedAt: integer('edited_at'),
    /** Which edit the text is of: the greatest counts. */
    editRank: integer('edit_rank'),
    deletedAt: integer('deleted_at'),
    /** JSON: what it says besides its words (channels/content.ts). */
    content: text('content'),
    /** Nobody wrote it: why we said it by ourselves. */
    automatic: text('automatic', { enum: AUTOMATIC }),
    /**
     * A row that is shown as part of another and not by itself: an echo that turned out to be an answer of ours; a
     * reaction, an edit or a deletion of ours on its way; the words that an edit replaced. This is the message it belongs to.
     */
    supersededById: text('superseded_by_id'),
    /** What the provider sent, kept whole where we do not draw it yet. */
    raw: text('raw'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('messages_external').on(t.inboxId, t.externalId).where(sql`external_id IS NOT NULL`),
    uniqueIndex('messages_client_key').on(t.workspaceId, t.authorId, t.clientKey).where(sql`client_key IS NOT NULL`),
    index('messages_thread').on(t.workspaceId, t.conversationId, t.occurredAt, t.ingestOrd), // pages of a thread
    index('messages_seq').on(t.conversationId, t.seq), // catch-up
    // What was done to a message of ours: its edits, their versions, its deletion.
    index('messages_superseded').on(t.workspaceId, t.supersededById).where(sql`superseded_by_id IS NOT NULL`),
    foreignKey({
      columns: [t.workspaceId, t.conversationId],
      foreignColumns: [conversations.workspaceId, conversations.id],
    }),
    foreignKey({ columns: [t.workspaceId, t.authorId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

/** A file of a message, in the provider's hands or in our store. */
export const attachments = sqliteTable(
  'attachments',
  {
    workspaceId: workspaceId(),
    id: id(),
    messageId: text('message_id').notNull(),
    inboxId: text('inbox_id'),
    ord: integer('ord').notNull().default(0),
    kind: text('kind').notNull(),
    mimeType: text('mime_type'),
    fileName: text('file_name'),
    size: integer('size'),
    width: integer('width'),
    height: integer('height'),
    duration: integer('duration'),
    voice: integer('voice', { mode: 'boolean' }).notNull().default(false),
    animated: integer('animated', { mode: 'boolean' }).notNull().default(false),
    /** The provider's handle of the file, never its URL. */
    providerMediaId: text('provider_media_id'),
    /** `pending`: to be fetched; `stored`: ours; `failed`: cannot be had; `deleted`: the message was taken back. */
    state: text('state', { enum: ['pending', 'stored', 'failed', 'deleted'] })
      .notNull()
      .default('pending'),
    objectKey: text('object_key'),
    tries: integer('tries').notNull().default(0),
    notBefore: integer('not_before').notNull().default(0),
    /** Why it failed: a code of the provider's or of ours. */
    errorCode: text('error_code'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('attachments_message').on(t.workspaceId, t.messageId, t.ord),
    index('attachments_pending').on(t.inboxId, t.notBefore).where(sql`state = 'pending'`), // what is to be fetched
    index('attachments_deleted').on(t.inboxId).where(sql`state = 'deleted' AND object_key IS NOT NULL`), // what is to be removed from the store
    foreignKey({ columns: [t.workspaceId, t.messageId], foreignColumns: [messages.workspaceId, messages.id] }),
  ],
)

/** How many files of messages stand in our store, and how large they are: kept by triggers, so that nobody adds them up. */
export const storageCounts = sqliteTable('storage_counts', {
  workspaceId: text('workspace_id').primaryKey(),
  files: integer('files').notNull().default(0),
  bytes: integer('bytes').notNull().default(0),
})

/** A file that an agent has chosen for a thread and not sent yet. Sent, it becomes an attachment; forgotten, it goes after a day. */
export const uploads = sqliteTable(
  'uploads',
  {
    workspaceId: workspaceId(),
    id: id(),
    agentId: text('agent_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    kind: text('kind').notNull(),
    mimeType: text('mime_type').notNull(),
    fileName: text('file_name'),
    size: integer('size').notNull(),
    width: integer('width'),
    height: integer('height'),
    duration: integer('duration'),
    voice: integer('voice', { mode: 'boolean' }).notNull().default(false),
    objectKey: text('object_key').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('uploads_chosen').on(t.workspaceId, t.agentId, t.conversationId), // what stands in the composer
    index('uploads_age').on(t.createdAt), // the sweep
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
    foreignKey({
      columns: [t.workspaceId, t.conversationId],
      foreignColumns: [conversations.workspaceId, conversations.id],
    }),
  ],
)

/** How each side reacted to a message: the latest counts. Taken back is a row without an emoji, so that a late one changes nothing. */
export const reactions = sqliteTable(
  'reactions',
  {
    workspaceId: workspaceId(),
    messageId: text('message_id').notNull(),
    side: text('side', { enum: ['customer', 'team'] }).notNull(),
    emoji: text('emoji'),
    /** The row of ours that carries it to the provider; null: it came from there. */
    sentById: text('sent_by_id'),
    reactedAt: integer('reacted_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.messageId, t.side] }),
    foreignKey({ columns: [t.workspaceId, t.messageId], foreignColumns: [messages.workspaceId, messages.id] }),
  ],
)

/** Each time an answer is handed to the provider. The rank only climbs: see domain/send-states.ts. */
export const sendAttempts = sqliteTable(
  'send_attempts',
  {
    workspaceId: workspaceId(),
    id: id(),
    messageId: text('message_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    no: integer('no').notNull(),
    ord: integer('ord').notNull(),
    state: text('state', { enum: SEND_STATES }).notNull().default('queued'),
    rank: integer('rank').notNull().default(0),
    leaseId: text('lease_id'),
    leaseUntil: integer('lease_until'),
    notBefore: integer('not_before').notNull().default(0),
    tries: integer('tries').notNull().default(0),
    externalId: text('external_id'),
    /** When the provider took it: its own time where an echo tells, else when its answer came. */
    sentAt: integer('sent_at'),
    errorClass: text('error_class'),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('send_attempts_no').on(t.workspaceId, t.messageId, t.no),
    uniqueIndex('send_attempts_external').on(t.inboxId, t.externalId).where(sql`external_id IS NOT NULL`),
    index('send_attempts_unknown').on(t.inboxId).where(sql`state = 'unknown'`), // how many nobody is sure of, on the inbox's page
    index('send_attempts_failed').on(t.inboxId, t.createdAt).where(sql`state = 'failed'`), // how many failed lately, on the numbers' page
    index('send_attempts_outbox').on(t.inboxId, t.conversationId, t.ord).where(sql`state IN ('queued', 'sending')`), // the outbox, and what stands before an attempt
    foreignKey({ columns: [t.workspaceId, t.messageId], foreignColumns: [messages.workspaceId, messages.id] }),
  ],
)
