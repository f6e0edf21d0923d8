/** What the queries answer with, and the views draw. */
import type { InboxSettings } from '../channels/channel.ts'
import type { Content, MediaKind } from '../channels/content.ts'
import type { ChannelName } from '../channels/index.ts'
import type { ThreadComment } from './contact-records.ts'
import type { AUTOMATIC, INBOX_STATES, LOCALES, ROLES, SEND_STATES, TAG_COLORS } from './schema/index.ts'
import type { Sounds } from './sounds.ts'

export type Role = (typeof ROLES)[number]
export type Locale = (typeof LOCALES)[number]
export type SendState = (typeof SEND_STATES)[number]
export type InboxStatus = (typeof INBOX_STATES)[number]
export type { ChannelName }
/** As a page shows it: `data-state` of a bubble. A canceled send is shown as failed, with that reason. */
export type MessageState = 'received' | Exclude<(typeof SEND_STATES)[number], 'canceled'>

/** Who is looking. The first argument of every query and verb that touches a workspace's data. */
export interface Scope {
  workspaceId: string
  agentId: string
  role: Role
  departmentIds: string[]
  authzVersion: number
}

export interface Viewer extends Scope {
  name: string
  email: string
  locale: Locale
  theme: 'system' | 'light' | 'dark'
  workspaceName: string
  /** The list's filters as they last chose them: a query string. */
  listFilters: string
  /** Their own, or the workspace's. */
  timeZone: string
  ownTimeZone: string | null
  sounds: Sounds
  /** Of the session's token; names the session without being able to open it. */
  sessionHash: string
}

export type TagColor = (typeof TAG_COLORS)[number]

/** A tag as a chip shows it. */
export interface TagChip {
  id: string
  name: string
  color: TagColor
}

/** A message in a line: in the list, in a quote. */
export interface Glimpse {
  direction: 'incoming' | 'outgoing'
  type: string
  /** Its first words. */
  body: string | null
  /** What names it where it has no words: a file, a place, a person, a title. */
  label: string | null
  /** Recorded as a voice note. */
  voice: boolean
  deleted: boolean
}

/** A row of the list. */
export interface ConversationRow {
  id: string
  seq: number
  version: number
  status: 'open' | 'snoozed' | 'closed'
  contactId: string
  /** Whom and where: conversations of one identity are one thread. */
  identityId: string
  /** The team's name for the person, else their own, else their phone, else null. */
  contactName: string | null
  contactPhone: string | null
  /** When their picture was fetched; null or missing: we have none. */
  contactPictureAt?: number | null
  /** How many tags the person has, and the first three of them. */
  tags: { count: number; first: TagChip[] }
  /** What the person writes is kept and disturbs nobody; nothing is sent to them. */
  blocked: boolean
  channel: ChannelName
  inboxId: string
  inboxName: string
  departmentId: string | null
  departmentName: string | null
  assigneeId: string | null
  assigneeName: string | null
  unread: number
  lastAt: number
  closedAt: number | null
  waitingSince: number | null
  last: (Glimpse & { kind: 'message' | 'activity' | 'comment'; state: MessageState }) | null
}

/** What the head of a thread says. */
export interface ConversationHead extends ConversationRow {
  inboxAddress: string
  inboxStatus: InboxStatus
  /** Names the inbox's gateway; never on a page. */
  webhookKey: string
  /** The workspace's. */
  timeZone: string
  lastIncomingAt: number | null
  lastAdAt: number | null
  inboxSettings: InboxSettings
  openedAt: number
}

/** A row of a thread. */
export interface ThreadMessage {
  id: string
  conversationId: string
  /** Says how its words are to be read, and who failed to take it. */
  channel: ChannelName
  kind: 'message' | 'activity' | 'comment'
  direction: 'incoming' | 'outgoing'
  type: string
  body: string | null
  /** What it says besides its words. */
  content: Content
  attachments: Attachment[]
  reactions: Reaction[]
  editedAt: number | null
  /** Taken back: nothing that it said is left. */
  deletedAt: number | null
  occurredAt: number
  /** When the provider took a message of ours; null: it has not, or does not say. Drawn nowhere: it is known better without a new `seq`. */
  sentAt: number | null
  ingestOrd: number
  seq: number
  authorId: string | null
  authorName: string | null
  /** Under which its author's page submitted it; null for what was not written here. */
  clientKey: string | null
  /** Nobody wrote it: why we said it by ourselves. */
  automatic: (typeof AUTOMATIC)[number] | null
  state: MessageState
  /** The newest attempt of an outgoing message; null for the customer's, and for echoes. */
  attempt: {
    id: string
    no: number
    state: (typeof SEND_STATES)[number]
    notBefore: number
    errorClass: string | null
    errorCode: string | null
    errorDetail: string | null
  } | null
  /** Of a message of ours: other words that were asked for it, or that it be taken back; null: neither. */
  change: Change | null
  /** An older attempt was proved as well: the customer may have it twice. */
  possiblyDoubled: boolean
  replyTo: (Glimpse & { id: string }) | null
  supersededById: string | null
  /** Of what an agent did: the names it concerned, as they were then. */
  detail: Record<string, string | null> | null
  /** What stands in a comment's place. */
  comment: ThreadComment | null
}

/** What was last asked of the provider about a message of ours that it has. */
export interface Change {
  type: 'edit' | 'delete'
  /** What it was to say. */
  body: string | null
  byName: string | null
  askedAt: number
  state: MessageState
  attempt: ThreadMessage['attempt']
}

/** A file of a message, as its bubble shows it. */
export interface Attachment {
  id: string
  kind: MediaKind
  mimeType: string | null
  fileName: string | null
  /** Bytes. */
  size: number | null
  /** Pixels, upright. */
  width: number | null
  height: number | null
  /** Seconds. */
  duration: number | null
  voice: boolean
  animated: boolean
  state: 'pending' | 'stored' | 'failed' | 'deleted'
  errorCode: string | null
}

/** How one side reacted. `state` is that of the send where it is ours and was sent from here. */
export interface Reaction {
  side: 'customer' | 'team'
  emoji: string
  state: MessageState
}

export interface Draft {
  body: string
  replyToId: string | null
}

export interface Cursor {
  at: number
  tie: number | string
}
