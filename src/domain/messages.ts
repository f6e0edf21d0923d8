/** What an agent does with messages: answers, tries again, settles what is not known, reads. */
import { sql } from 'drizzle-orm'
import type { Written } from '../db/client.ts'
import { conversationFor, headForPublishing, headOf, toHead } from '../db/queries/conversations.ts'
import { messageForPublishing, toMessage } from '../db/queries/messages.ts'
import {
  idOfClientKey,
  type NewReply,
  ofClientKey,
  settleAttempt,
  storeNextAttempt,
  storeReply,
} from '../db/queries/outbound.ts'
import { markSeen, newestIncoming, storeDraft } from '../db/queries/seen.ts'
import { seesConversation } from '../db/queries/visibility.ts'
import type { ConversationHead, Scope, ThreadMessage } from '../db/records.ts'
import type { App } from './app.ts'
import { type Changed, changedIn, publishChanged, readChanged } from './changed.ts'
import { AppError } from './errors.ts'
import { canStillReply, fits, windowFrom } from './reply-window.ts'
import { RANK, type SendState } from './send-states.ts'
import { bodyText } from './text.ts'

export interface Reply {
  conversationId: string
  text: string
  /** Of the composer: new with every message, unchanged while one is tried again. */
  clientKey: string
  replyToId: string | null
}

/**
 * Answers the contact. The message is on screen before the provider has it; its state says how far it got. Tried again with the same key, it is
 * the same message.
 */
export async function reply(
  app: App,
  scope: Scope,
  { conversationId, text, clientKey, replyToId }: Reply,
): Promise<{ message: ThreadMessage; isNew: boolean }> {
  const body = bodyText(text).trim()
  const bodyHash = await hashOf(body)
  const { workspaceId } = scope
  // An answer that was stored already is that answer, whatever changed since.
  const [heads, owners, messages] = await app.db.read(
    headOf(scope, conversationId),
    ofClientKey(scope, clientKey),
    messageForPublishing(workspaceId, idOfClientKey(scope, clientKey)),
  )
  if (!heads[0]) throw new AppError('not_found')
  const conversation = toHead(heads[0])
  if (owners[0] && messages[0]) {
    return {
      message: sameOrRefused(conversationId, owners[0].body_hash, bodyHash, toMessage(messages[0])),
      isNew: false,
    }
  }

  const stored = await newReply(app, conversation, { text, clientKey, replyToId })
  const written = await app.db.write(
    ...storeReply(scope, stored),
    ofClientKey(scope, clientKey).sql,
    ...readChanged(workspaceId, idOfClientKey(scope, clientKey)),
  )
  const holder = written.at(-3)?.rows[0]
  const changed = changedIn(written.slice(-2))
  if (!holder || !changed) throw new AppError('conflict')
  const message = sameOrRefused(conversationId, String(holder.body_hash), bodyHash, changed.message)
  app.later(app.gateway(conversation.webhookKey).lookAtOutbox())
  publishChanged(app, workspaceId, [changed])
  return { message, isNew: message.id === stored.id }
}

/** An answer as it will be stored, if the conversation and its channel take it. */
export async function newReply(
  app: App,
  conversation: ConversationHead,
  { text, clientKey, replyToId }: Omit<Reply, 'conversationId'>,
): Promise<NewReply> {
  const body = bodyText(text).trim()
  const { limits } = app.channel(conversation.channel)
  if (body === '') throw new AppError('invalid', { field: 'text' })
  if (!fits(limits, body)) throw new AppError('too_long', { limit: limits.textLength })
  if (conversation.status === 'closed') throw new AppError('conflict')
  refuseOutsideWindow(app, conversation)
  return {
    id: app.newId(),
    attemptId: app.newId(),
    conversationId: conversation.id,
    clientKey,
    body,
    bodyHash: await hashOf(body),
    replyToId,
    windowFrom: windowFrom(limits, app.now()),
    now: app.now(),
  }
}

function refuseOutsideWindow(app: App, { channel, lastIncomingAt }: ConversationHead): void {
  const { limits } = app.channel(channel)
  if (canStillReply(limits, lastIncomingAt, app.now())) return
  throw new AppError('window_closed', { hours: limits.replyWindowHours ?? 0 })
}

function sameOrRefused(
  conversationId: string,
  storedHash: string,
  hash: string,
  message: ThreadMessage,
): ThreadMessage {
  if (storedHash !== hash || message.conversationId !== conversationId) throw new AppError('already_sent')
  return message
}

/** Sends once more what failed, or what was never confirmed. Twice the same click is one attempt. */
export async function tryAgain(app: App, scope: Scope, of: OfMessage): Promise<ThreadMessage> {
  const conversation = await visible(app, scope, of.conversationId)
  refuseOutsideWindow(app, conversation)
  const written = await app.db.write(
    ...storeNextAttempt(scope, { ...of, attemptId: app.newId(), now: app.now() }),
    ...readChanged(scope.workspaceId, sql`${of.messageId}`),
  )
  const changed = theChanged(written, of)
  if (changed.message.attempt?.no === of.no) throw new AppError('conflict')
  app.later(app.gateway(conversation.webhookKey).lookAtOutbox())
  publishChanged(app, scope.workspaceId, [changed])
  return changed.message
}

/** The agent saw it on the customer's side: what was never confirmed counts as sent. A proof may have come first. */
export const confirmSent = (app: App, scope: Scope, of: OfMessage) =>
  settle(app, scope, of, 'unknown', 'sent', ['delivered', 'read'])

/** Takes an answer back that has not left yet. */
export const cancel = (app: App, scope: Scope, of: OfMessage) => settle(app, scope, of, 'queued', 'canceled', [])

export interface OfMessage {
  conversationId: string
  messageId: string
  /** The attempt that the page showed. */
  no: number
}

async function settle(
  app: App,
  scope: Scope,
  of: OfMessage,
  from: 'unknown' | 'queued',
  to: 'sent' | 'canceled',
  asGood: SendState[],
): Promise<ThreadMessage> {
  await visible(app, scope, of.conversationId)
  const written = await app.db.write(
    ...settleAttempt(scope, { ...of, now: app.now() }, from, { state: to, rank: RANK[to] }),
    ...readChanged(scope.workspaceId, sql`${of.messageId}`),
  )
  const changed = theChanged(written, of)
  const { attempt } = changed.message
  if (attempt?.no !== of.no || ![to, ...asGood].includes(attempt.state)) throw new AppError('conflict')
  publishChanged(app, scope.workspaceId, [changed])
  return changed.message
}

function theChanged(written: Written[], of: OfMessage): Changed {
  const changed = changedIn(written.slice(-2))
  if (changed?.conversation.id !== of.conversationId) throw new AppError('not_found')
  return changed
}

/** The agent has the thread before their eyes, up to `seq`. */
export async function see(app: App, scope: Scope, conversationId: string, seq: number): Promise<void> {
  const [written, seen] = await app.db.write(
    ...markSeen(scope, conversationId, seq),
    seesConversation(scope, conversationId),
  )
  if (!seen?.rows[0]) throw new AppError('not_found')
  if (written?.changes !== 1) return
  const [heads, newest] = await app.db.read(
    headForPublishing(scope.workspaceId, sql`${conversationId}`),
    newestIncoming(scope, conversationId),
  )
  if (heads[0])
    app.publish({
      type: 'thread.changed',
      workspaceId: scope.workspaceId,
      conversation: toHead(heads[0]),
      messages: [],
    })
  const [last] = newest
  if (!last) return
  const read = { externalId: last.external_id, to: JSON.parse(last.addresses) as string[] }
  app.later(app.gateway(last.webhook_key).markRead(read))
}

/** Keeps what the agent has typed. The newest typing wins, wherever it was typed. */
export async function saveDraft(
  app: App,
  scope: Scope,
  draft: { conversationId: string; body: string; replyToId: string | null },
): Promise<void> {
  const [, seen] = await app.db.write(
    ...storeDraft(scope, { ...draft, body: bodyText(draft.body), now: app.now() }),
    seesConversation(scope, draft.conversationId),
  )
  if (!seen?.rows[0]) throw new AppError('not_found')
}

async function visible(app: App, scope: Scope, conversationId: string): Promise<ConversationHead> {
  const conversation = await conversationFor(app.db, scope, conversationId)
  if (!conversation) throw new AppError('not_found')
  return conversation
}

async function hashOf(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
