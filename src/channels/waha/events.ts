/** A webhook of a WAHA server in, our events out. One thing a call. */
import * as z from 'zod'
import { accountIn } from '../baileys/account.ts'
import { personOf } from '../baileys/jids.ts'
import { asKept } from '../baileys/kept.ts'
import { Id, isRow, milliseconds, words } from '../baileys/lenient.ts'
import type { AccountEvent, InboundEvent, StatusEvent } from '../events.ts'
import { eachOnce, type Found } from '../found.ts'
import { readJson, sha256 } from '../json.ts'
import { maybe } from '../maybe.ts'
import { bareId, isGroupChat, readMessageId } from './ids.ts'
import { readMessage } from './message.ts'

export async function parseWaha(rawBody: Uint8Array, accountId: string): Promise<InboundEvent[]> {
  const body = readJson(rawBody)
  if (body.readable) return eachOnce(readCall(body.value, accountId))
  const dedupeKey = `ev:${await sha256(rawBody)}`
  return [{ kind: 'kept', what: 'unknown', dedupeKey, accountId, occurredAt: null, raw: body.text }]
}

const Call = z.object({ event: z.string(), session: words, payload: z.unknown(), timestamp: z.unknown().optional() })

interface Place {
  accountId: string
  /** The server's clock: what tells two calls of the same words apart. */
  toldAt: unknown
}

/** Null: it cannot be read. */
type Read = (payload: unknown, place: Place) => Found[] | null

function readCall(body: unknown, own: string): Found[] {
  const call = Call.safeParse(body).data
  const accountId = accountIn(call?.session, own)
  if (!call) return [unknown(accountId, body)]
  if (IGNORED.test(call.event)) return []
  const read = Object.hasOwn(EVENTS, call.event) ? EVENTS[call.event] : undefined
  return read?.(call.payload, { accountId, toldAt: call.timestamp }) ?? [unknown(accountId, body)]
}

/** Of no concern to a conversation. */
const IGNORED = /^(?:presence|chat|label|group|poll|engine|event\.response|state)\b/

const unknown = (accountId: string, item: unknown): Found => {
  const raw = asKept(item)
  return {
    says: raw,
    named: (hash) => ({ kind: 'kept', what: 'unknown', dedupeKey: `ev:${hash}`, accountId, occurredAt: null, raw }),
  }
}

const EVENTS: Record<string, Read> = {
  message: (payload, { accountId }) => readMessage(payload, { accountId, history: false }),
  'message.any': (payload, { accountId }) => readMessage(payload, { accountId, history: false }),
  'message.ack': readAck,
  'message.reaction': readReaction,
  'message.edited': readEdited,
  'message.revoked': readRevoked,
  'session.status': readSession,
  'call.received': readRinging,
}

const ACKS: Record<number, StatusEvent['status']> = {
  [-1]: 'failed',
  1: 'sent',
  2: 'delivered',
  3: 'read',
  4: 'played',
}
const Ack = z.object({ id: Id, ack: z.int(), fromMe: maybe(z.boolean()) })

/** What one of a group has read, not all have. What is told of the customer's own messages is no status of ours. */
function readAck(payload: unknown, { accountId }: Place): Found[] | null {
  const ack = Ack.safeParse(payload).data
  const of = ack && readMessageId(ack.id)
  if (!ack || !of) return null
  const status = ACKS[ack.ack]
  if (!status || !of.fromMe || isGroupChat(of.chat)) return []
  const error = status === 'failed' ? { code: 'ERROR', detail: '' } : null
  return [
    {
      ...{ kind: 'status', dedupeKey: `st:${of.id}:${status}`, accountId, occurredAt: null, target: of.id },
      ...{ status, andBefore: false, attemptId: null, error },
    },
  ]
}

const Reaction = z.object({
  id: Id,
  fromMe: maybe(z.boolean()),
  timestamp: z.unknown().optional(),
  reaction: z.object({ text: words, messageId: Id }),
})

function readReaction(payload: unknown, { accountId }: Place): Found[] | null {
  const said = Reaction.safeParse(payload).data
  if (!said) return null
  const { text, messageId } = said.reaction
  return [
    {
      ...{ kind: 'reaction', dedupeKey: `msg:${bareId(said.id)}`, accountId, target: bareId(messageId) },
      ...{ occurredAt: milliseconds(said.timestamp), emoji: text || null },
      direction: said.fromMe ? 'outgoing' : 'incoming',
    },
  ]
}

const Edited = z.object({
  editedMessageId: Id,
  body: z.string(),
  fromMe: maybe(z.boolean()),
  timestamp: z.unknown().optional(),
})

function readEdited(payload: unknown, { accountId }: Place): Found[] | null {
  const edited = Edited.safeParse(payload).data
  if (!edited) return null
  const [target, occurredAt] = [bareId(edited.editedMessageId), milliseconds(edited.timestamp)]
  const direction = edited.fromMe ? 'outgoing' : 'incoming'
  return [
    {
      says: { text: edited.body, at: occurredAt },
      named: (hash) => ({
        ...{ kind: 'edit', dedupeKey: `ed:${target}:${hash}`, accountId, occurredAt, direction, target },
        ...{ text: edited.body, rank: occurredAt ?? 0 },
      }),
    },
  ]
}

const Revoked = z.object({
  revokedMessageId: Id,
  after: maybe(z.object({ id: words, fromMe: maybe(z.boolean()) })),
})

function readRevoked(payload: unknown, { accountId }: Place): Found[] | null {
  const revoked = Revoked.safeParse(payload).data
  if (!revoked) return null
  const { after } = revoked
  const target = bareId(revoked.revokedMessageId)
  const fromMe = after?.fromMe ?? readMessageId(after?.id ?? '')?.fromMe
  const direction = fromMe ? 'outgoing' : 'incoming'
  return [{ kind: 'delete', dedupeKey: `del:${target}`, accountId, occurredAt: null, direction, target }]
}

const Ringing = z.object({
  id: Id,
  from: words,
  isGroup: maybe(z.boolean()),
  timestamp: z.unknown().optional(),
})

function readRinging(payload: unknown, { accountId }: Place): Found[] | null {
  const call = Ringing.safeParse(payload).data
  if (!call) return null
  const peer = personOf([call.from], null)
  if (call.isGroup || !peer) return []
  const occurredAt = milliseconds(call.timestamp)
  return [{ kind: 'note', what: 'call', dedupeKey: `call:${call.id}`, accountId, occurredAt, peer, content: {} }]
}

const STATES: Record<string, AccountEvent['what']> = {
  ...{ WORKING: 'reconnected', STARTING: 'connecting', SCAN_QR_CODE: 'waiting_for_scan' },
  ...{ PASSKEY_REQUIRED: 'waiting_for_scan', PASSKEY_CONFIRMATION_REQUIRED: 'waiting_for_scan' },
  ...{ STOPPED: 'disconnected', FAILED: 'disconnected' },
}

/** The same may be told twice in earnest: that it was lost, and lost again. */
function readSession(payload: unknown, { accountId, toldAt }: Place): Found[] | null {
  const status = isRow(payload) && typeof payload.status === 'string' ? payload.status : ''
  const what = Object.hasOwn(STATES, status) ? STATES[status] : undefined
  if (!what) return null
  const code = what === 'disconnected' ? status.toLowerCase() : null
  return [
    {
      says: { status, toldAt: toldAt ?? null },
      named: (hash) => ({
        ...{ kind: 'account', dedupeKey: `ac:${hash}`, accountId, occurredAt: milliseconds(toldAt) },
        ...{ what, code, detail: null },
      }),
    },
  ]
}
