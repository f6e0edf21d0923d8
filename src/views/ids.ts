/** The ids and sort keys that pages, frames and scripts agree on. */
import type { ConversationRow, ThreadMessage } from '../db/records.ts'

export const messagesId = (conversationId: string) => `messages-${conversationId}`
export const messageId = (id: string) => `m-${id}`
export const cursorId = (conversationId: string) => `cursor-${conversationId}`
export const threadHeadId = (conversationId: string) => `thread-head-${conversationId}`
export const inboxNoticeId = (conversationId: string) => `inbox-notice-${conversationId}`
export const conversationRowId = (id: string) => `conversation-${id}`
export const stripId = (conversationId: string) => `strip-${conversationId}`
/** Of a conversation, or of a contact whose page stands alone. */
export const contactNewsId = (of: string) => `contact-news-${of}`
export const commentKeyId = (contactId: string) => `comment-key-${contactId}`
export const clientKeyId = (conversationId: string) => `client-key-${conversationId}`

const ORD_DIGITS = 6
const TIME_DIGITS = 15
const padded = (ord: number) => String(Math.max(0, ord)).padStart(ORD_DIGITS, '0')

/** Where a message stands in its thread. */
export const messageOrder = ({ occurredAt, ingestOrd }: Pick<ThreadMessage, 'occurredAt' | 'ingestOrd'>) =>
  `${occurredAt}-${padded(ingestOrd)}`

/** Just before that message: after all that stand before it. */
export const orderBefore = ({ occurredAt, ingestOrd }: Pick<ThreadMessage, 'occurredAt' | 'ingestOrd'>) =>
  `${occurredAt}-${padded(ingestOrd - 1)}-1`

/** Before all messages from that moment on. */
export const orderAt = (at: number) => `${at}-0`

/** Where a conversation stands in the list: the newest first, as text. */
export const rowOrder = ({ lastAt, closedAt, id }: Pick<ConversationRow, 'lastAt' | 'closedAt' | 'id'>) =>
  `${String(closedAt ?? lastAt).padStart(TIME_DIGITS, '0')}-${id}`
