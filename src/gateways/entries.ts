/** Events as the journal keeps them, and what is read out of them again. */
import type { InboundEvent, MessageEvent } from '../channels/events.ts'
import type { Journal, JournalEntry } from './journal.ts'

export const entryOf = (event: InboundEvent, receivedAt: number): JournalEntry => ({
  dedupeKey: keyOf(event),
  kind: event.kind,
  target: targetOf(event),
  occurredAt: event.occurredAt,
  receivedAt,
  payload: JSON.stringify(event),
})

/** What is told as part of a past may be told as news as well, and is more then: it is an event of its own. */
const keyOf = (event: InboundEvent) =>
  event.kind === 'message' && event.history ? `${PAST}${event.dedupeKey}` : event.dedupeKey

/** What stands before the key of an event of the past. */
const PAST = 'past:'

/** What an event is about, where that may come to be known later than the event: an answer of ours, a message, a person. */
function targetOf(event: InboundEvent): string | null {
  if ('target' in event) return event.target
  if (event.kind === 'identity') return event.known[0] ?? null
  return event.kind === 'message' && event.direction === 'outgoing' ? event.externalId : null
}

/** What a message did not say yet when an earlier version of us journaled it. */
const UNSAID = { media: [], content: {}, appId: null, history: false }

export function eventIn(payload: string): InboundEvent {
  const event = JSON.parse(payload) as InboundEvent
  return event.kind === 'message' ? { ...UNSAID, ...event } : event
}

/** Somebody wrote, now and not in a past that was read back. */
export const isNewsOf = (event: InboundEvent): event is MessageEvent =>
  event.kind === 'message' && event.direction === 'incoming' && !event.history

/** A message that was taken back may leave a file to be removed. */
export const bringsFiles = (event: InboundEvent) =>
  (event.kind === 'message' && event.media.length > 0) || event.kind === 'delete'

/** What a message that was taken back leaves in the journal: that it was there, told again to a restored database. */
export function forgetWords(journal: Journal, externalId: string): void {
  journal.forget(keysOf(externalId), externalId, (payload) => {
    const event = JSON.parse(payload) as InboundEvent
    if (event.kind === 'edit') return JSON.stringify({ ...event, text: null })
    return JSON.stringify({ ...event, text: null, media: [], content: {}, raw: null })
  })
}

/** Whatever may have told of a message. */
const keysOf = (externalId: string) =>
  ['msg', 'echo', 'media', 'pb'].flatMap((kind) => [`${kind}:${externalId}`, `${PAST}${kind}:${externalId}`])

/** When the provider told what. */
export interface Told {
  what: 'message' | 'sent' | 'delivered' | 'read' | 'failed'
  occurredAt: number | null
  receivedAt: number
  /** Of a failure. */
  code: string | null
}

/** What was told of these messages and answers, never what was said. A watermark names none, and is not among it. */
export const toldOf = (journal: Journal, externalIds: string[]): Told[] =>
  externalIds.flatMap((externalId) => journal.told(keysOf(externalId), externalId)).flatMap(toldIn)

function toldIn({ payload, occurredAt, receivedAt }: ReturnType<Journal['told']>[number]): Told[] {
  const event = JSON.parse(payload) as InboundEvent
  if (event.kind === 'message') return [{ what: 'message', occurredAt, receivedAt, code: null }]
  if (event.kind !== 'status') return []
  const what = event.status === 'played' ? 'read' : event.status
  return [{ what, occurredAt, receivedAt, code: event.error?.code ?? null }]
}

/** The address of a file stands in the event that brought it, as news or as part of a past, and nowhere else. */
export function handleIn(journal: Journal, externalId: string, ord: number) {
  for (const key of keysOf(externalId)) {
    const payload = journal.payloadOf(key)
    const event = payload ? (JSON.parse(payload) as InboundEvent) : null
    const handle = event?.kind === 'message' ? event.media[ord]?.handle : null
    if (handle) return handle
  }
  return null
}
