/** The rows that stories become, and where a story's rows hang. */
import type {
  attachments,
  comments,
  contactGroups,
  contacts,
  contactTags,
  conversations,
  drafts,
  groups,
  identities,
  messages,
  reactions,
  sendAttempts,
  tags,
} from '../../src/db/schema/index.ts'
import type { inboxOf } from './cast.ts'

type ContactRow = typeof contacts.$inferInsert
export type MessageRow = typeof messages.$inferInsert
export type AttemptRow = typeof sendAttempts.$inferInsert

export type AttachmentRow = typeof attachments.$inferInsert
export type ReactionRow = typeof reactions.$inferInsert

export interface Threads {
  contacts: Map<string, ContactRow>
  identities: Map<string, typeof identities.$inferInsert>
  conversations: (typeof conversations.$inferInsert)[]
  messages: MessageRow[]
  attempts: AttemptRow[]
  attachments: AttachmentRow[]
  reactions: ReactionRow[]
  comments: (typeof comments.$inferInsert)[]
  drafts: (typeof drafts.$inferInsert)[]
  tags: Map<string, typeof tags.$inferInsert>
  contactTags: Map<string, typeof contactTags.$inferInsert>
  groups: Map<string, typeof groups.$inferInsert>
  contactGroups: Map<string, typeof contactGroups.$inferInsert>
}

/** Where a story's rows hang. */
export interface Place {
  workspace: string
  inbox: string
  channel: ReturnType<typeof inboxOf>['channel']
  contact: string
  identity: string
  peer: string
  conversation: string
}
