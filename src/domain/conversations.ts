/** What agents do with a conversation as a whole: take it, hand it on, close it, open it again. */
import { type SQL, sql } from 'drizzle-orm'
import {
  type Act,
  actTookPlace,
  closeReasonsOf,
  isWaiting,
  mayClose,
  mayReopen,
  mayTransfer,
  receiversFor,
  storeAct,
  unansweredSince,
} from '../db/queries/acts.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import { conversationFor, headForPublishing, headOf, type StoredHead, toHead } from '../db/queries/conversations.ts'
import { expectHandBackOf } from '../db/queries/hand-over.ts'
import { messageForPublishing, type StoredMessage, toMessage } from '../db/queries/messages.ts'
import { type NewReply, storeReply } from '../db/queries/outbound.ts'
import { workspaceVoice } from '../db/queries/quick-replies.ts'
import type { ConversationHead, Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { newReply, words } from './messages.ts'
import { bodyText } from './text.ts'
import { fillIn, valuesFor } from './variables.ts'

/** Takes a conversation that waits. One agent gets it; whoever comes second is told who has it. */
export async function accept(app: App, viewer: Viewer, id: string, trail: Trail): Promise<ConversationHead> {
  const before = await visible(app, viewer, id)
  if (before.assigneeId === viewer.agentId) return before
  if (before.status === 'closed') throw new AppError('conflict')
  const change = { guard: isWaiting, set: sql`assignee_id = ${viewer.agentId}` }
  const conversation = await act(app, viewer, { type: 'accepted', conversationId: id }, change, trail)
  if (conversation.assigneeId === viewer.agentId) return conversation
  throw conversation.assigneeName
    ? new AppError('already_taken', { name: conversation.assigneeName })
    : new AppError('conflict')
}

export interface Closing {
  conversationId: string
  reasonId: string | null
  /** Said to the customer before it is closed; null: nothing. */
  farewell: string | null
  clientKey: string
  /** As the page showed it; nobody closes what was moved since, or what they have not read. */
  version: number
  seq: number
}

/** Closes a conversation, with a last word where there is one. Closing twice is one closing; what is queued still leaves. */
export async function close(
  app: App,
  viewer: Viewer,
  { conversationId, reasonId, farewell, clientKey, version, seq }: Closing,
  trail: Trail,
): Promise<ConversationHead> {
  const [heads, reasons, locales] = await app.db.read(
    headOf(viewer, conversationId),
    closeReasonsOf(viewer),
    workspaceVoice(viewer),
  )
  if (!heads[0] || !locales[0]) throw new AppError('not_found')
  const before = toHead(heads[0])
  if (before.status === 'closed') return before
  const reason = reasonId === null ? null : reasons.find((one) => one.id === reasonId)
  if (reason === undefined) throw new AppError('invalid', { field: 'reasonId' })

  const of = { ...before, locale: locales[0].locale, agentName: viewer.name }
  const said = farewell && fillIn(farewell, valuesFor(of, app.now()))
  const lastWord = said ? await newReply(app, before, { clientKey, replyToId: null }, words(said)) : null
  const set = sql`status = 'closed', closed_at = ${app.now()}, closed_by_id = ${viewer.agentId}, close_reason = ${reason?.name ?? null},
    unread = 0, waiting_since = NULL, snoozed_until = NULL`
  const closing = { type: 'closed', conversationId, detail: { reason: reason?.name ?? null } } as const
  const conversation = await act(app, viewer, closing, { guard: mayClose(version, seq), set }, trail, { lastWord })
  if (lastWord) app.later(app.gateway(conversation.webhookKey).lookAtOutbox())
  if (conversation.status !== 'closed') throw new AppError('conflict')
  return conversation
}

/** Undoes a closing, as long as the customer has not begun a new conversation. */
export async function reopen(app: App, viewer: Viewer, id: string, trail: Trail): Promise<ConversationHead> {
  const before = await visible(app, viewer, id)
  if (before.status !== 'closed') return before
  if (before.blocked) throw new AppError('blocked')
  const change = {
    guard: mayReopen,
    set: sql`status = 'open', closed_at = NULL, closed_by_id = NULL, close_reason = NULL, emptied_at = NULL, waiting_since = ${unansweredSince}`,
  }
  const conversation = await act(app, viewer, { type: 'reopened', conversationId: id }, change, trail, {
    also: (done) => [expectHandBackOf(viewer, id, app.now(), done)],
  })
  if (conversation.status === 'closed') throw new AppError('conflict')
  return conversation
}

export const LONGEST_NOTE = 1_000

export interface Transfer {
  conversationId: string
  departmentId: string
  /** Null: the department's queue. */
  agentId: string | null
  note: string | null
  /** As the page showed it: somebody else may have moved it since. */
  version: number
}

/** Hands a conversation to a department, or to one of its people; whoever may no longer see it loses it at once. */
export async function transfer(
  app: App,
  viewer: Viewer,
  { conversationId, departmentId, agentId, note, version }: Transfer,
  trail: Trail,
): Promise<ConversationHead> {
  const [heads, receivers] = await app.db.read(headOf(viewer, conversationId), receiversFor(viewer, conversationId))
  if (!heads[0]) throw new AppError('not_found')
  const before = toHead(heads[0])
  const to = receivers.find((one) => one.department_id === departmentId && one.agent_id === agentId)
  if (!to) throw new AppError('invalid', { field: agentId === null ? 'departmentId' : 'agentId' })
  if (before.version !== version || before.status === 'closed') throw new AppError('conflict')
  const said = note === null ? null : bodyText(note).trim() || null
  if (said && [...said].length > LONGEST_NOTE) throw new AppError('too_long', { field: 'note', limit: LONGEST_NOTE })

  const detail = { department: to.department_name, agent: to.agent_name }
  const change = {
    guard: mayTransfer(viewer, { departmentId, agentId }, version),
    set: sql`department_id = ${departmentId}, assignee_id = ${agentId}`,
  }
  const conversation = await act(
    app,
    viewer,
    { type: 'transferred', conversationId, detail, note: said },
    change,
    trail,
    {
      former: before,
    },
  )
  if (conversation.departmentId !== departmentId || conversation.assigneeId !== agentId) throw new AppError('conflict')
  if (agentId && agentId !== viewer.agentId) {
    app.publish({
      type: 'conversation.handed',
      workspaceId: viewer.workspaceId,
      conversation,
      toAgentId: agentId,
      byName: viewer.name,
    })
  }
  return conversation
}

async function visible(app: App, viewer: Viewer, id: string): Promise<ConversationHead> {
  const conversation = await conversationFor(app.db, viewer, id)
  if (!conversation) throw new AppError('not_found')
  return conversation
}

interface Extra {
  /** A last word that goes out in the same batch. */
  lastWord?: NewReply | null
  /** How it stood before, for those who may see it no longer. */
  former?: ConversationHead
  /** What else changes with it, where it took place. */
  also?: (tookPlace: SQL) => SQL[]
}

/** One guarded batch: the last word, the row of the thread, the change, the audit row. Answers with what is so now. */
async function act(
  app: App,
  viewer: Viewer,
  { detail = {}, note = null, ...what }: Pick<Act, 'type' | 'conversationId'> & Partial<Act>,
  change: { guard: SQL; set: SQL },
  trail: Trail,
  { lastWord = null, former, also = () => [] }: Extra = {},
): Promise<ConversationHead> {
  const { workspaceId, agentId } = viewer
  const id = app.newId()
  const at = app.now()
  const entry = { workspaceId, id: app.newId(), actorId: agentId, at, trail }
  const target = { type: 'conversation', id: what.conversationId }
  const written = await app.db.write(
    ...(lastWord ? storeReply(viewer, lastWord) : []),
    ...storeAct(viewer, { ...what, id, detail, note, at }, change.guard, change.set),
    audited({ ...entry, action: `conversation.${what.type}`, target }, actTookPlace(viewer, id)),
    ...also(actTookPlace(viewer, id)),
    messageForPublishing(workspaceId, sql`${lastWord?.id ?? ''}`).sql,
    messageForPublishing(workspaceId, sql`${id}`).sql,
    headForPublishing(workspaceId, sql`${what.conversationId}`).sql,
  )
  const [lastWords, acts, heads] = written.slice(-3)
  const head = heads?.rows[0]
  if (!head) throw new AppError('not_found')
  const conversation = toHead(head as unknown as StoredHead)
  const messages = [...(lastWords?.rows ?? []), ...(acts?.rows ?? [])].map((row) =>
    toMessage(row as unknown as StoredMessage),
  )
  if (acts?.rows[0])
    app.publish({ type: 'thread.changed', workspaceId, conversation, messages, ...(former ? { former } : {}) })
  return conversation
}
