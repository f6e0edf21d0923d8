/** Telling what was erased when it is told again: by a webhook, a page of the past, a phone's address book. */
import type { InboundEvent } from '../channels/events.ts'
import { erasedAmong, type ToldKey } from '../db/queries/erased-keys.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import type { App } from './app.ts'
import type { Received } from './receive.ts'

/** A message, an answer, an attempt of ours, an event: whatever has an id is known by it. */
export const idKey = (id: string) => `id:${id}`
/** An address or number of a person. */
export const personKey = (address: string) => `who:${address}`

interface Told {
  what: string
  at: number | null
}

/**
 * All by which an event could turn out to be about what was erased. Somebody who was erased may write again: what they
 * write from then on is somebody new's, and only what the provider tells of the time before is known by who it is of.
 */
export function keysOf({ event, receivedAt }: Received): Told[] {
  const at = timeOf(event, receivedAt)
  const people = event.kind === 'message' && !event.history ? [] : addressesIn(event)
  return [...idsOf(event), ...people.map((address) => ({ what: personKey(address), at }))]
}

/** The event's own id, and those of the message or attempt that it is or is about. */
export function idsOf(event: InboundEvent): Told[] {
  const about = 'target' in event ? [event.target] : event.kind === 'message' ? [event.externalId] : []
  const attempt = 'attemptId' in event && event.attemptId ? [event.attemptId] : []
  return [event.dedupeKey, ...about, ...attempt].map((id) => ({ what: idKey(id), at: null }))
}

/** Whom it is of: their addresses and number, as far as it says. */
export function addressesIn(event: InboundEvent): string[] {
  const { externalIds, phone } =
    event.kind === 'identity'
      ? { externalIds: [...event.known, ...event.also], phone: event.phone }
      : 'peer' in event
        ? event.peer
        : { externalIds: [], phone: null }
  return phone ? [...externalIds, phone] : externalIds
}

/** A phone tells its whole address book over and over, and does not say since when. */
function timeOf(event: InboundEvent, receivedAt: number): number | null {
  if (event.kind === 'address_book') return null
  return event.kind === 'watermark' ? event.until : (event.occurredAt ?? receivedAt)
}

/** Hashed, as they are kept. */
export const hashed = (app: App, inbox: InboxRef, told: Told[]): Promise<ToldKey[]> =>
  Promise.all(told.map(async ({ what, at }) => ({ key: await app.erasedKey(inbox, what), at })))

/** Of each of these, whether it is about what was erased. */
export async function areErased(app: App, inbox: InboxRef, keys: ToldKey[][]): Promise<boolean[]> {
  const [rows] = await app.db.read(
    erasedAmong(
      inbox,
      keys.flat().map(({ key }) => key),
    ),
  )
  const erasedAt = new Map(rows.map(({ key, erased_at }) => [key, erased_at]))
  const isErased = ({ key, at }: ToldKey) => {
    const erased = erasedAt.get(key)
    return erased !== undefined && (at === null || at <= erased)
  }
  return keys.map((own) => own.some(isErased))
}
