/** What is known about the people whom the team talks to, as queries answer with it and views draw it. */
import type { ChannelName, TagChip } from './records.ts'
import type { FIELD_KINDS, IMPORT_STATES } from './schema/index.ts'

export interface Contact {
  id: string
  /** The team's name for the person; null: they go by the profile's. */
  name: string | null
  /** What the person calls themselves. */
  profileName: string | null
  phone: string | null
  version: number
  /** The contact that this one became part of. */
  mergedIntoId: string | null
  /** Nothing is kept about them from then on. */
  erasedAt: number | null
  /** From then on their messages are kept and disturb nobody, and nothing is sent to them. */
  blockedAt: number | null
  blockedByName: string | null
  createdAt: number
}

/** A row of the page of contacts. */
export interface ContactRow {
  id: string
  name: string | null
  profileName: string | null
  phone: string | null
  tags: { count: number; first: TagChip[] }
  groups: string[]
  blocked: boolean
}

/** An address of a person. */
export interface ContactAddress {
  id: string
  channel: ChannelName
  inboxName: string
  /** The number where there is one, else the provider's name for the person. */
  address: string
}

/** One of a person's conversations, in a line. */
export interface ContactConversation {
  id: string
  status: 'open' | 'snoozed' | 'closed'
  channel: ChannelName
  inboxName: string
  departmentName: string | null
  assigneeName: string | null
  openedAt: number
  lastAt: number
  closedAt: number | null
  closedByName: string | null
  closeReason: string | null
}

/** Two contacts that were made one, as long as that can be undone. */
export interface Merge {
  id: string
  mergedName: string | null
  mergedPhone: string | null
  authorName: string | null
  mergedAt: number
}

export interface Group {
  id: string
  name: string
  version: number
  /** How many people of the group the viewer sees, counted up to a limit. */
  people: number
}

/** Something that the workspace wants to know of its contacts. */
export interface CustomField {
  id: string
  name: string
  nameKey: string
  kind: (typeof FIELD_KINDS)[number]
  choices: string[]
  version: number
}

/** A file of contacts on its way in. */
export interface ContactImport {
  id: string
  authorId: string
  authorName: string | null
  fileName: string | null
  /** Null once the file is gone. */
  objectKey: string | null
  delimiter: string
  mapping: string[] | null
  country: string
  overwrites: boolean
  state: (typeof IMPORT_STATES)[number]
  refusal: string | null
  total: number
  cursor: number
  created: number
  matched: number
  problems: number
  newTags: number
  newGroups: number
  createdAt: number
}

export interface Mention {
  id: string
  name: string
}

export interface Comment {
  id: string
  contactId: string
  /** Null: shown in every conversation of the contact. */
  conversationId: string | null
  /** Of the conversation that it is for. */
  inboxName: string | null
  authorId: string
  authorName: string | null
  body: string
  mentions: Mention[]
  pinnedAt: number | null
  editedAt: number | null
  version: number
  createdAt: number
}

/** What a comment said before one of its edits. */
export interface CommentVersion {
  version: number
  body: string
  /** Who wrote what came after it, and when. */
  authorName: string | null
  createdAt: number
}

/** What the thread shows of a comment that belongs to its conversation alone. */
export interface ThreadComment {
  contactId: string
  body: string
  pinned: boolean
  edited: boolean
  mentions: Mention[]
}
