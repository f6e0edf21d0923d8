/** What an agent does with messages: answers, tries again, settles what is not known, reads. */
import { sql } from 'drizzle-orm'
import type { Content } from '../channels/content.ts'
import type { Limits } from '../channels/limits.ts'
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
import { attachUpload, leaveComposer, stillChosen } from '../db/queries/uploads.ts'
import { seesConversation } from '../db/queries/visibility.ts'
import type { ConversationHead, Scope, ThreadMessage } from '../db/records.ts'
import type { App } from './app.ts'
import { type Changed, changedIn, publishChanged, readChanged } from './changed.ts'
import { AppError } from './errors.ts'
import { canStillReply, fits, hoursOf, windowsOf } from './reply-window.ts'
import { RANK, type SendState } from './send-states.ts'
import { bodyText } from './text.ts'
import { refuseBlanks } from './variables.ts'

export interface Sending {
  conversationId: string
  /** Of the form: new with every message, unchanged while one is tried again. */
  clientKey: string
  replyToId: string | null
}

/** What is to be said, before the channel has been asked. */
export interface Saying {
  /** The same for the same submit: a key that holds something else is refused. */
  fingerprint: string
  said: Said
  /** Refuses what the channel does not take. */
  check(limits: Limits): void
  /** It may go out when nothing else may. */
  outsideWindow?: boolean
  /** The file that was chosen for the template's header: nothing is stored where it is there no more. */
  header?: { uploadId: string; templateId: string }
}

export interface Said {
  type: string
  body: string | null
  content: Content
}

export interface Reply extends Sending {
  text: string
}

/** Answers the contact in words. */
export const reply = (app: App, scope: Scope, { text, ...sending }: Reply) => send(app, scope, sending, words(text))

/**
 * Hands a message over. It is on screen before the provider has it; its state says how far it got. Tried again with the same key, it is
 * the same message.
 */
export async function send(
  app: App,
  scope: Scope,
  sending: Sending,
  saying: Saying,
): Promise<{ message: ThreadMessage; isNew: boolean }> {
  const { conversationId, clientKey } = sending
  const hash = await hashOf(saying.fingerprint)
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
      message: sameOrRefused(conversationId, owners[0].body_hash, hash, toMessage(messages[0])),
      isNew: false,
    }
  }

  const stored = await newReply(app, conversation, sending, saying)
  const written = await app.db.write(
    ...(saying.header ? storeUnderFile(scope, stored, saying.header) : storeReply(scope, stored)),
    ofClientKey(scope, clientKey).sql,
    ...readChanged(workspaceId, idOfClientKey(scope, clientKey)),
  )
  const holder = written.at(-3)?.rows[0]
  const changed = changedIn(written.slice(-2))
  if (!holder || !changed) throw new AppError('conflict')
  const message = sameOrRefused(conversationId, String(holder.body_hash), hash, changed.message)
  app.later(app.gateway(conversation.webhookKey).lookAtOutbox())
  publishChanged(app, workspaceId, [changed])
  return { message, isNew: message.id === stored.id }
}

const storeUnderFile = (scope: Scope, reply: NewReply, { uploadId, templateId }: NonNullable<Saying['header']>) => [
  ...storeReply(scope, { ...reply, only: stillChosen(scope, reply.conversationId, [uploadId], templateId) }),
  ...attachUpload(scope, uploadId, reply.id),
  leaveComposer(scope, [uploadId]),
]

export function words(text: string): Saying {
  const body = bodyText(text).trim()
  return {
    fingerprint: body,
    said: { type: 'text', body, content: {} },
    check(limits) {
      if (body === '') throw new AppError('invalid', { field: 'text' })
      refuseBlanks(body)
      if (!fits(limits, body)) throw new AppError('too_long', { limit: limits.textLength })
    },
  }
}

/** A message as it will be stored, if the conversation and its channel take it. */
export async function newReply(
  app: App,
  conversation: ConversationHead,
  { clientKey, replyToId }: Omit<Sending, 'conversationId'>,
  { fingerprint, said, check, outsideWindow = false }: Saying,
): Promise<NewReply> {
  const { limits } = app.channel(conversation.channel)
  const { type, body, content } = said
  check(limits)
  if (conversation.blocked) throw new AppError('blocked')
  if (conversation.status === 'closed' || conversation.inboxStatus === 'removed') throw new AppError('conflict')
  if (!outsideWindow) refuseOutsideWindow(app, conversation)
  return {
    id: app.newId(),
    attemptId: app.newId(),
    conversationId: conversation.id,
    clientKey,
    type,
    body,
    content: Object.keys(content).length === 0 ? null : JSON.stringify(content),
    bodyHash: await hashOf(fingerprint),
    replyToId,
    windows: outsideWindow ? null : windowsOf(limits),
    now: app.now(),
  }
}

/** The provider would refuse it as well. */
export function refuseOutsideWindow(app: App, conversation: ConversationHead): void {
  const { limits } = app.channel(conversation.channel)
  if (canStillReply(limits, conversation, app.now())) return
  const over = limits.outsideWindow === 'template' ? 'window_closed' : 'window_over'
  throw new AppError(over, { hours: hoursOf(limits, conversation) })
}

export function sameOrRefused(
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
  if (conversation.blocked) throw new AppError('blocked')
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

/** The agent is writing: the customer sees it for some seconds, where the channel shows such things and they have written. */
export async function showTyping(app: App, scope: Scope, conversationId: string): Promise<void> {
  const [heads, newest] = await app.db.read(headOf(scope, conversationId), newestIncoming(scope, conversationId))
  if (!heads[0]) throw new AppError('not_found')
  const conversation = toHead(heads[0])
  const { limits } = app.channel(conversation.channel)
  const [last] = newest
  if (!limits.typing || !last || conversation.status === 'closed') return
  if (!canStillReply(limits, conversation, app.now())) return
  app.later(app.gateway(last.webhook_key).showTyping({ externalId: last.external_id, to: JSON.parse(last.addresses) }))
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

export async function hashOf(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
