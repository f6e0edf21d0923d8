/** What an agent does to a message that the customer has: puts it in other words, or takes it back. */
import { sql } from 'drizzle-orm'
import type { Length, Limits } from '../channels/limits.ts'
import { headOf, type StoredHead, toHead } from '../db/queries/conversations.ts'
import { messageIn, type StoredMessage, toMessage } from '../db/queries/messages.ts'
import { ofClientKey } from '../db/queries/outbound.ts'
import { mayChangeAnswers, type NewChange, storeDelete, storeEdit } from '../db/queries/outbound-changes.ts'
import type { ConversationHead, Scope, ThreadMessage } from '../db/records.ts'
import type { App } from './app.ts'
import { type Changed, changedIn, publishChanged, readChanged } from './changed.ts'
import { AppError, type ErrorCode } from './errors.ts'
import { hashOf } from './messages.ts'
import { isWithin } from './reply-window.ts'
import { bodyText } from './text.ts'
import { refuseBlanks } from './variables.ts'

export interface OfAnswer {
  conversationId: string
  messageId: string
}

export interface Rewording extends OfAnswer {
  text: string
  /** The hash of the words that the agent began with: of two who edit at once, the second is told. */
  from: string
  clientKey: string
}

/** Says it in other words. They stand in the thread at once; what the provider refuses goes back to what it was. */
export async function reword(
  app: App,
  scope: Scope,
  { text, from, clientKey, ...of }: Rewording,
): Promise<ThreadMessage> {
  const to = bodyText(text).trim()
  const bodyHash = await hashOf(to)
  // Of one moment: an edit that is stored already is answered with the message that it made.
  const [owners, ...found] = await app.db.read(ofClientKey(scope, clientKey), ...answerQueries(scope, of))
  const { conversation, message } = answerIn(found)
  const { limits } = app.channel(conversation.channel)
  if (owners[0]) return sameEdit(owners[0].body_hash, bodyHash, message)

  const refused = whyNotReworded(limits, scope, conversation, message, app.now())
  if (refused) throw new AppError(refused)
  const body = message.body ?? ''
  const most = wordsOf(limits, message)
  if (to === '') throw new AppError('invalid', { field: 'text' })
  refuseBlanks(to)
  if (most && !isWithin(most, to)) throw new AppError('too_long', { limit: most.length })
  if (to === body) return message
  if ((await hashOf(body)) !== from) throw new AppError('conflict')

  const edit = { ...newChange(app, of, limits.edit), versionId: app.newId(), clientKey, from: body, to, bodyHash }
  const written = await app.db.write(
    ...storeEdit(scope, edit),
    ofClientKey(scope, clientKey).sql,
    ...readChanged(scope.workspaceId, sql`${of.messageId}`),
  )
  const holder = written.at(-3)?.rows[0]
  const changed = changedIn(written.slice(-2))
  if (!holder || !changed) throw new AppError('conflict')
  send(app, scope, changed)
  return sameEdit(String(holder.body_hash), bodyHash, changed.message)
}

/** Takes it back, for both sides. What it said stays until the provider has done it; to ask twice is to ask once. */
export async function takeBack(app: App, scope: Scope, of: OfAnswer): Promise<ThreadMessage> {
  const { conversation, message } = await answerOf(app, scope, of)
  if (isBeingTakenBack(message)) return message
  const { limits } = app.channel(conversation.channel)
  const refused = whyNotTakenBack(limits, scope, conversation, message, app.now())
  if (refused) throw new AppError(refused)

  const written = await app.db.write(
    ...storeDelete(scope, newChange(app, of, limits.unsend)),
    ...readChanged(scope.workspaceId, sql`${of.messageId}`),
  )
  const changed = changedIn(written.slice(-2))
  if (!changed || !isBeingTakenBack(changed.message)) throw new AppError('conflict')
  send(app, scope, changed)
  return changed.message
}

/** Why this agent cannot put it in other words, or not any more; null: they can. */
export function whyNotReworded(
  limits: Limits,
  scope: Scope,
  conversation: Pick<ConversationHead, 'status'>,
  message: ThreadMessage,
  now: number,
): ErrorCode | null {
  if (!limits.edit || message.body === null || !wordsOf(limits, message)) return 'not_supported'
  return whyUntouchable(limits.edit, scope, conversation, message, now)
}

export function whyNotTakenBack(
  limits: Limits,
  scope: Scope,
  conversation: Pick<ConversationHead, 'status'>,
  message: ThreadMessage,
  now: number,
): ErrorCode | null {
  return limits.unsend ? whyUntouchable(limits.unsend, scope, conversation, message, now) : 'not_supported'
}

function whyUntouchable(
  limit: NonNullable<Limits['unsend']>,
  scope: Scope,
  { status }: Pick<ConversationHead, 'status'>,
  message: ThreadMessage,
  now: number,
): ErrorCode | null {
  if (message.kind !== 'message' || message.direction !== 'outgoing') return 'not_supported'
  if (message.authorId !== scope.agentId && !mayChangeAnswers(scope)) return 'forbidden'
  const stands = message.state === 'sent' || message.state === 'delivered' || message.state === 'read'
  if (status === 'closed' || !stands || isBeingTakenBack(message)) return 'conflict'
  const since = sinceOf(limit, now)
  return since !== null && (message.sentAt ?? message.occurredAt) <= since ? 'too_late' : null
}

/** How many words there may be; null: a message of this kind has none, or none that can be changed here. */
export function wordsOf(limits: Limits, { type, content }: Pick<ThreadMessage, 'type' | 'content'>): Length | null {
  switch (type) {
    case 'text':
      return { length: limits.textLength, unit: limits.textUnit }
    case 'interactive':
      return (content.list ? limits.list?.body : limits.buttons?.body) ?? null
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
      return limits.edit?.captions ? limits.caption : null
    default:
      return null
  }
}

const isBeingTakenBack = ({ deletedAt, change }: ThreadMessage) =>
  deletedAt !== null || (change?.type === 'delete' && change.state !== 'failed' && change.state !== 'unknown')

const MINUTE = 60_000

const sinceOf = (limit: Limits['unsend'], now: number) =>
  limit?.withinMinutes == null ? null : now - limit.withinMinutes * MINUTE

const newChange = (app: App, of: OfAnswer, limit: Limits['unsend']): NewChange => ({
  ...{ id: app.newId(), attemptId: app.newId(), conversationId: of.conversationId, messageId: of.messageId },
  ...{ since: sinceOf(limit, app.now()), now: app.now() },
})

function sameEdit(storedHash: string, hash: string, message: ThreadMessage): ThreadMessage {
  if (storedHash !== hash) throw new AppError('already_sent')
  return message
}

function send(app: App, { workspaceId }: Scope, changed: Changed): void {
  app.later(app.gateway(changed.conversation.webhookKey).lookAtOutbox())
  publishChanged(app, workspaceId, [changed])
}

/** The message, where the agent sees it, and its conversation. */
export const answerOf = async (app: App, scope: Scope, of: OfAnswer) =>
  answerIn(await app.db.read(...answerQueries(scope, of)))

const answerQueries = (scope: Scope, { conversationId, messageId }: OfAnswer) =>
  [headOf(scope, conversationId), messageIn(scope, conversationId, messageId)] as const

function answerIn([heads, messages]: readonly [StoredHead[], StoredMessage[]]) {
  if (!heads[0] || !messages[0]) throw new AppError('not_found')
  return { conversation: toHead(heads[0]), message: toMessage(messages[0]) }
}
