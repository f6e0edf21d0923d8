/** A webhook of an Evolution server in, our events out: each row by itself, so that a bad one never voids its neighbours. */
import * as z from 'zod'
import { accountIn } from '../baileys/account.ts'
import { asKept } from '../baileys/kept.ts'
import { isRow, words } from '../baileys/lenient.ts'
import { readMessage, type Telling } from '../baileys/message.ts'
import { protocolEvent } from '../baileys/protocol.ts'
import { readStatus } from '../baileys/statuses.ts'
import type { InboundEvent } from '../events.ts'
import { eachOnce, type Found } from '../found.ts'
import { readJson, sha256 } from '../json.ts'
import { readConnection, readStopped, readWaiting } from './connection.ts'
import { handleOf } from './media.ts'
import { readAddressBook, readCall, readDeleted, readGroup } from './news.ts'

export async function parseEvolution(rawBody: Uint8Array, accountId: string): Promise<InboundEvent[]> {
  const body = readJson(rawBody)
  if (body.readable) return eachOnce(readBody(body.value, accountId))
  const dedupeKey = `ev:${await sha256(rawBody)}`
  return [{ kind: 'kept', what: 'unknown', dedupeKey, accountId, occurredAt: null, raw: body.text }]
}

export interface Place {
  accountId: string
  /** What tells two calls of the same words apart: the server's clock. */
  toldAt: unknown
  /** It came as one of a list. */
  several: boolean
}

/** Null: it cannot be read. */
export type ReadItem = (item: unknown, place: Place) => Found[] | null

const Envelope = z.object({ event: z.string(), instance: words, date_time: z.unknown().optional() })

function* readBody(body: unknown, own: string): Generator<Found> {
  const envelope = Envelope.safeParse(body).data
  const place = {
    accountId: accountIn(envelope?.instance, own),
    toldAt: envelope?.date_time,
    several: isRow(body) && Array.isArray(body.data),
  }
  const event = nameOf(envelope?.event ?? '')
  if (IGNORED.test(event)) return
  const read = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined
  const items = isRow(body) && read ? itemsIn(body.data) : null
  if (!items) {
    yield unknown(place, body)
    return
  }
  for (const item of items) yield* read?.(item, place) ?? [unknown(place, item)]
}

/** `messages.upsert`, `MESSAGES_UPSERT` and `messages-upsert` are one. */
const nameOf = (event: string) => event.trim().toLowerCase().replaceAll(/[_-]/g, '.')

/** Newer servers send one, older ones several, in whatever event. */
function itemsIn(data: unknown): unknown[] | null {
  if (Array.isArray(data)) return data
  return data === undefined || data === null ? null : [data]
}

const message =
  (history: boolean): ReadItem =>
  (item, { accountId }) => {
    const telling: Telling = { accountId, history, handleOf }
    return readMessage(item, telling)
  }

const EVENTS: Record<string, ReadItem> = {
  'messages.upsert': message(false),
  'send.message': message(false),
  'messages.set': message(true),
  'messages.update': (item, { accountId }) => readStatus(item, accountId),
  'send.message.update': (item, { accountId }) => readStatus(item, accountId),
  'messages.edited': (item, { accountId }) => protocolEvent(item, { accountId, occurredAt: null }),
  'messages.delete': readDeleted,
  'contacts.set': readAddressBook,
  'contacts.upsert': readAddressBook,
  'groups.upsert': readGroup,
  'groups.update': readGroup,
  call: readCall,
  'connection.update': readConnection,
  'qrcode.updated': readWaiting,
  'status.instance': readStopped,
  'logout.instance': readStopped,
  'remove.instance': readStopped,
}

/** Of no concern to a conversation. */
const IGNORED =
  /^(?:contacts\.update|chats\.|presence\.|group\.participants|labels\.|application\.|typebot\.|new\.jwt|instance\.|errors?$)/

const unknown = ({ accountId }: Place, item: unknown): Found => {
  const raw = asKept(item)
  return {
    says: raw,
    named: (hash) => ({ kind: 'kept', what: 'unknown', dedupeKey: `ev:${hash}`, accountId, occurredAt: null, raw }),
  }
}
