/**
 * The whole chat area. Every table but the sign-in ones carries its workspace, and every reference repeats it, so that
 * no stored reference can cross workspaces. Times are milliseconds since the epoch, UTC. Each index names its query.
 */
import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ChannelName } from '../channels/index.ts'

export const ROLES = ['owner', 'admin', 'supervisor', 'agent'] as const
/** `paused`: nothing leaves, on purpose. `removed`: what was said stays to be read, and nothing comes or goes any more. */
export const INBOX_STATES = ['active', 'paused', 'needs_reauth', 'removed'] as const
export const LOCALES = ['pt-BR', 'en', 'es'] as const
export const SEND_STATES = ['queued', 'sending', 'unknown', 'sent', 'failed', 'delivered', 'read', 'canceled'] as const

/** What is said without anybody writing it. */
export const AUTOMATIC = ['greeting', 'out_of_hours'] as const

/** Names of colours; what they look like is the stylesheet's to say. */
export const TAG_COLORS = ['sea', 'leaf', 'amber', 'clay', 'rose', 'plum', 'sky', 'ash'] as const

export const FIELD_KINDS = ['text', 'number', 'date', 'choice'] as const
export const IMPORT_STATES = ['mapping', 'checking', 'checked', 'importing', 'done', 'refused'] as const

const workspaceId = () => text('workspace_id').notNull()
const id = () => text('id').notNull()

export const workspaces = sqliteTable('workspaces', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  locale: text('locale', { enum: LOCALES }).notNull().default('pt-BR'),
  timeZone: text('time_zone').notNull().default('America/Sao_Paulo'),
  /** How many days the content of a closed conversation is kept; null: for ever. */
  retentionDays: integer('retention_days'),
  createdAt: integer('created_at').notNull(),
})

/** What the inbox shows of a person who signs in; `user_id` is the sign-in's own id for them. */
export const agents = sqliteTable(
  'agents',
  {
    workspaceId: workspaceId(),
    id: id(),
    userId: text('user_id').notNull(),
    name: text('name').notNull(),
    email: text('email').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    locale: text('locale', { enum: LOCALES }),
    theme: text('theme', { enum: ['system', 'light', 'dark'] })
      .notNull()
      .default('system'),
    /** The list's filters as they were last chosen: a query string. */
    listFilters: text('list_filters').notNull().default(''),
    /** Bumped by whatever changes what this agent may do or see. */
    authzVersion: integer('authz_version').notNull().default(1),
    deactivatedAt: integer('deactivated_at'),
    deactivatedById: text('deactivated_by_id'),
    /** Who gets what a deactivated agent had; none: the queue. */
    successorId: text('successor_id'),
    /** Their own, where it is not the workspace's. */
    timeZone: text('time_zone'),
    /** JSON: what they want to hear, and how loud (db/sounds.ts). */
    sounds: text('sounds'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('agents_user').on(t.userId), // who is signed in: session → agent
    // The sweep, which asks whether they still have something.
    index('agents_deactivated').on(t.workspaceId, t.id).where(sql`deactivated_at IS NOT NULL`),
  ],
)

/** A link that lets one person in, once. Only its hash is kept: the link itself is shown to whoever made it, and to nobody else. */
export const invitations = sqliteTable(
  'invitations',
  {
    workspaceId: workspaceId(),
    id: id(),
    tokenHash: text('token_hash').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    /** JSON: the ids of what they will belong to, and of the numbers that they may use. */
    departmentIds: text('department_ids').notNull(),
    inboxIds: text('inbox_ids').notNull(),
    invitedBy: text('invited_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    /** The agent that it became. */
    usedBy: text('used_by'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('invitations_token').on(t.tokenHash), // whoever opens a link
  ],
)

/** A link that lets a colleague choose a new password, once. Kept by its hash, as an invitation is. */
export const passwordResets = sqliteTable(
  'password_resets',
  {
    workspaceId: workspaceId(),
    id: id(),
    agentId: text('agent_id').notNull(),
    tokenHash: text('token_hash').notNull(),
    madeBy: text('made_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('password_resets_token').on(t.tokenHash), // whoever opens a link
    index('password_resets_agent').on(t.workspaceId, t.agentId), // a newer link ends the older ones
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

export const departments = sqliteTable(
  'departments',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), uniqueIndex('departments_name').on(t.workspaceId, t.nameKey)],
)

export const departmentMembers = sqliteTable(
  'department_members',
  {
    workspaceId: workspaceId(),
    agentId: text('agent_id').notNull(),
    departmentId: text('department_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.agentId, t.departmentId] }),
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
    foreignKey({ columns: [t.workspaceId, t.departmentId], foreignColumns: [departments.workspaceId, departments.id] }),
  ],
)

/** One connected number, page or bot. `webhook_key` names its gateway and never changes. */
export const inboxes = sqliteTable(
  'inboxes',
  {
    workspaceId: workspaceId(),
    id: id(),
    channel: text('channel').$type<ChannelName>().notNull(),
    name: text('name').notNull(),
    /** The provider's id for the account: a phone_number_id, a page id, an instance. */
    externalAccountId: text('external_account_id').notNull(),
    /** What people call it: +55 11 90000-0001, @shop. */
    address: text('address').notNull(),
    providerAppId: text('provider_app_id'),
    webhookKey: text('webhook_key').notNull(),
    status: text('status', { enum: INBOX_STATES }).notNull().default('active'),
    statusReason: text('status_reason'),
    /** Where a new conversation goes; none: everyone who may use the inbox sees it. */
    departmentId: text('department_id'),
    /** AES-256-GCM of the credentials' JSON, bound to workspace and inbox. */
    credentials: text('credentials').notNull(),
    /** JSON: what an administrator set that is no secret (channels/channel.ts, InboxSettings). */
    settings: text('settings').notNull().default('{}'),
    /** JSON: what the last look at the provider found (Checkup), and when that was. */
    checkup: text('checkup'),
    checkedAt: integer('checked_at'),
    version: integer('version').notNull().default(1),
    /** The version that the gateway has confirmed to hold. */
    gatewayVersion: integer('gateway_version').notNull().default(0),
    /** Set where this database was restored from a backup of then: what its gateway applied since is applied again. */
    replaySince: integer('replay_since'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('inboxes_account').on(t.channel, t.externalAccountId),
    uniqueIndex('inboxes_webhook_key').on(t.webhookKey),
    foreignKey({ columns: [t.workspaceId, t.departmentId], foreignColumns: [departments.workspaceId, departments.id] }),
  ],
)

/** Which agents may use an inbox. */
export const inboxAgents = sqliteTable(
  'inbox_agents',
  {
    workspaceId: workspaceId(),
    agentId: text('agent_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.agentId, t.inboxId] }),
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
  ],
)

export const contacts = sqliteTable(
  'contacts',
  {
    workspaceId: workspaceId(),
    id: id(),
    /** What the team calls the person; beats the profile name for ever. */
    name: text('name'),
    /** What the person calls themselves, as the provider last said. */
    profileName: text('profile_name'),
    profileNameAt: integer('profile_name_at').notNull().default(0),
    /** The name that is shown, folded (domain/text.ts): the order of the page of contacts. */
    nameKey: text('name_key').notNull().default(''),
    /** E.164 with Brazil's ninth digit in place; matching and display only, never an address. */
    phone: text('phone'),
    /** JSON: how many tags the person has, and the first three as chips show them. Kept by triggers. */
    tagChips: text('tag_chips'),
    mergedIntoId: text('merged_into_id'),
    /** Their picture in our store, and when it was fetched. */
    pictureKey: text('picture_key'),
    pictureAt: integer('picture_at'),
    /** Their messages are kept and disturb nobody. */
    blockedAt: integer('blocked_at'),
    blockedById: text('blocked_by_id'),
    authorId: text('author_id'),
    clientKey: text('client_key'),
    version: integer('version').notNull().default(1),
    /** From when on nothing is kept about the person, and nobody adds anything. */
    erasedAt: integer('erased_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('contacts_name').on(t.workspaceId, t.nameKey, t.id).where(sql`merged_into_id IS NULL`), // the page of contacts
    index('contacts_merged').on(t.workspaceId, t.mergedIntoId).where(sql`merged_into_id IS NOT NULL`), // who came along
    uniqueIndex('contacts_phone').on(t.workspaceId, t.phone).where(sql`phone IS NOT NULL`),
    uniqueIndex('contacts_client_key').on(t.workspaceId, t.authorId, t.clientKey).where(sql`client_key IS NOT NULL`),
  ],
)

/**
 * What a contact is found by: each word of their names and each spelling of their numbers, every one of them behind the
 * workspace's id, so that a search touches no other workspace's entries. Kept by triggers; the full-text index
 * `contact_search` reads its content from here.
 */
export const contactTexts = sqliteTable(
  'contact_texts',
  {
    id: integer('id').primaryKey(),
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    terms: text('terms').notNull(),
  },
  (t) => [
    uniqueIndex('contact_texts_contact').on(t.workspaceId, t.contactId),
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
  ],
)

/**
 * An address of a person in one inbox. A person may have several there (a phone with and without the ninth digit, a
 * business-scoped id): all of them point to the first, the principal, which is what conversations hang on.
 */
export const identities = sqliteTable(
  'identities',
  {
    workspaceId: workspaceId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    principalId: text('principal_id').notNull(),
    externalId: text('external_id').notNull(),
    phone: text('phone'),
    /** How the person is called in the channel, without its `@`. */
    username: text('username'),
    /** When the provider was last asked who this is. */
    profileAt: integer('profile_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('identities_external').on(t.inboxId, t.externalId),
    index('identities_phone').on(t.inboxId, t.phone).where(sql`phone IS NOT NULL`), // the ninth digit: one person, two forms
    index('identities_contact').on(t.workspaceId, t.contactId), // a contact's panel, merge
    index('identities_principal').on(t.workspaceId, t.principalId), // the addresses to answer to
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
  ],
)

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

/** What the provider has approved for an inbox's account, as it was last asked or told. */
export const templates = sqliteTable(
  'templates',
  {
    workspaceId: workspaceId(),
    id: id(),
    inboxId: text('inbox_id').notNull(),
    externalId: text('external_id'),
    name: text('name').notNull(),
    language: text('language').notNull(),
    category: text('category').notNull(),
    status: text('status').notNull(),
    statusReason: text('status_reason'),
    parameterFormat: text('parameter_format', { enum: ['positional', 'named'] }).notNull(),
    /** JSON: channels/channel.ts, TemplateComponent[]. */
    components: text('components').notNull(),
    syncedAt: integer('synced_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('templates_name').on(t.inboxId, t.name, t.language), // the picker, and news of one
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
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

export const tags = sqliteTable(
  'tags',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    color: text('color', { enum: TAG_COLORS }).notNull().default('sea'),
    /** How many contacts have it. Kept by triggers. */
    uses: integer('uses').notNull().default(0),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), uniqueIndex('tags_name').on(t.workspaceId, t.nameKey)],
)

export const contactTags = sqliteTable(
  'contact_tags',
  {
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    tagId: text('tag_id').notNull(),
    authorId: text('author_id'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.contactId, t.tagId] }),
    index('contact_tags_tag').on(t.workspaceId, t.tagId), // filter by tag, a tag's uses
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.tagId], foreignColumns: [tags.workspaceId, tags.id] }),
  ],
)

export const groups = sqliteTable(
  'groups',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), uniqueIndex('groups_name').on(t.workspaceId, t.nameKey)],
)

export const contactGroups = sqliteTable(
  'contact_groups',
  {
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    groupId: text('group_id').notNull(),
    authorId: text('author_id'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.contactId, t.groupId] }),
    index('contact_groups_group').on(t.workspaceId, t.groupId), // a group's members
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.groupId], foreignColumns: [groups.workspaceId, groups.id] }),
  ],
)

/** What the workspace wants to know of its contacts, beside their name and number. */
export const customFields = sqliteTable(
  'custom_fields',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    kind: text('kind', { enum: FIELD_KINDS }).notNull(),
    /** JSON: what a choice is made of; empty for the other kinds. */
    choices: text('choices').notNull().default('[]'),
    position: integer('position').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('custom_fields_name').on(t.workspaceId, t.nameKey),
  ],
)

/** What is known of one contact in one field. A number is written with a point, a date as 2026-11-20. */
export const contactFieldValues = sqliteTable(
  'contact_field_values',
  {
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    fieldId: text('field_id').notNull(),
    value: text('value').notNull(),
    /** Folded (domain/text.ts): what the contact is found by. */
    valueKey: text('value_key').notNull(),
    authorId: text('author_id'),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.contactId, t.fieldId] }),
    index('contact_field_values_field').on(t.workspaceId, t.fieldId), // a field's uses
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.fieldId], foreignColumns: [customFields.workspaceId, customFields.id] }),
  ],
)

/** What agents write about a contact: in every conversation of theirs, or in one alone. Never sent to a customer. */
export const comments = sqliteTable(
  'comments',
  {
    workspaceId: workspaceId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    /** Null: shown in all conversations of the contact. */
    conversationId: text('conversation_id'),
    authorId: text('author_id').notNull(),
    clientKey: text('client_key').notNull(),
    body: text('body').notNull(),
    pinnedAt: integer('pinned_at'),
    pinnedById: text('pinned_by_id'),
    editedAt: integer('edited_at'),
    deletedAt: integer('deleted_at'),
    deletedById: text('deleted_by_id'),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('comments_client_key').on(t.workspaceId, t.authorId, t.clientKey),
    index('comments_contact').on(t.workspaceId, t.contactId, t.createdAt), // the panel, newest first
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({
      columns: [t.workspaceId, t.conversationId],
      foreignColumns: [conversations.workspaceId, conversations.id],
    }),
    foreignKey({ columns: [t.workspaceId, t.authorId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

/** Whom a comment names. */
export const commentMentions = sqliteTable(
  'comment_mentions',
  {
    workspaceId: workspaceId(),
    commentId: text('comment_id').notNull(),
    agentId: text('agent_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.commentId, t.agentId] }),
    foreignKey({ columns: [t.workspaceId, t.commentId], foreignColumns: [comments.workspaceId, comments.id] }),
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
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

/** Two people who turned out to be one: what it takes to make them two again, for ten minutes. */
export const contactMerges = sqliteTable(
  'contact_merges',
  {
    workspaceId: workspaceId(),
    id: id(),
    keptId: text('kept_id').notNull(),
    mergedId: text('merged_id').notNull(),
    /** JSON: every row that the merge touches, as it was before. */
    before: text('before').notNull(),
    authorId: text('author_id').notNull(),
    mergedAt: integer('merged_at').notNull(),
    undoneAt: integer('undone_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('contact_merges_kept').on(t.workspaceId, t.keptId, t.mergedAt), // what can be undone, on the contact's page
  ],
)

/** A file of contacts on its way in. The file itself stands in the store, as UTF-8, for some days. */
export const contactImports = sqliteTable(
  'contact_imports',
  {
    workspaceId: workspaceId(),
    id: id(),
    authorId: text('author_id').notNull(),
    fileName: text('file_name'),
    /** Null once the file is gone. */
    objectKey: text('object_key'),
    delimiter: text('delimiter').notNull(),
    /** JSON: what each column is (domain/import-lines.ts); null: nobody has said yet. */
    mapping: text('mapping'),
    /** Of numbers that are written without one. */
    country: text('country').notNull(),
    /** What the file says beats what is known already. */
    overwrites: integer('overwrites', { mode: 'boolean' }).notNull().default(false),
    state: text('state', { enum: IMPORT_STATES }).notNull().default('mapping'),
    /** Why the whole of it was refused. */
    refusal: text('refusal'),
    /** Lines with somebody in them; those that are in already. */
    total: integer('total').notNull().default(0),
    cursor: integer('cursor').notNull().default(0),
    created: integer('created').notNull().default(0),
    matched: integer('matched').notNull().default(0),
    problems: integer('problems').notNull().default(0),
    newTags: integer('new_tags').notNull().default(0),
    newGroups: integer('new_groups').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('contact_imports_recent').on(t.workspaceId, t.createdAt), // the page of imports
    index('contact_imports_working').on(t.updatedAt).where(sql`state IN ('checking', 'importing')`), // the sweep: what stands still
    index('contact_imports_kept').on(t.createdAt).where(sql`object_key IS NOT NULL`), // the sweep: files that are to go
    foreignKey({ columns: [t.workspaceId, t.authorId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

/** Which lines of a file were left out, and why; what they say stands in the file alone. */
export const contactImportProblems = sqliteTable(
  'contact_import_problems',
  {
    workspaceId: workspaceId(),
    importId: text('import_id').notNull(),
    line: integer('line').notNull(),
    code: text('code').notNull(),
    detail: text('detail'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.importId, t.line] }),
    foreignKey({
      columns: [t.workspaceId, t.importId],
      foreignColumns: [contactImports.workspaceId, contactImports.id],
    }),
  ],
)

/** What a comment said before each edit. */
export const commentVersions = sqliteTable(
  'comment_versions',
  {
    workspaceId: workspaceId(),
    commentId: text('comment_id').notNull(),
    version: integer('version').notNull(),
    body: text('body').notNull(),
    authorId: text('author_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.commentId, t.version] }),
    foreignKey({ columns: [t.workspaceId, t.commentId], foreignColumns: [comments.workspaceId, comments.id] }),
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

/** Append-only: triggers refuse UPDATE and DELETE. Field names, never bodies. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    workspaceId: workspaceId(),
    id: id(),
    actorId: text('actor_id'),
    sessionHash: text('session_hash'),
    addressHash: text('address_hash'),
    action: text('action').notNull(),
    targetType: text('target_type'),
    targetId: text('target_id'),
    /** JSON: changed field names, counts, codes. */
    detail: text('detail'),
    requestId: text('request_id'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    // The page of administrators: of all, of a person, of an action, about one thing.
    index('audit_log_time').on(t.workspaceId, t.createdAt, t.id),
    index('audit_log_actor').on(t.workspaceId, t.actorId, t.createdAt, t.id),
    index('audit_log_action').on(t.workspaceId, t.action, t.createdAt, t.id),
    index('audit_log_target').on(t.workspaceId, t.targetId, t.createdAt, t.id).where(sql`target_id IS NOT NULL`),
  ],
)
