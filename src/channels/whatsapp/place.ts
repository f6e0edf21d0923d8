/** Where an item of a webhook stands, and what is made of one that has no name of its own. */
import * as z from 'zod'
import type { InboundEvent } from '../events.ts'
import type { Found, Unnamed } from '../found.ts'
import { maybe } from '../maybe.ts'
import { Id, type MetaError } from '../meta/meta.ts'
import { errorsOf } from './content.ts'
import { Contact } from './people.ts'

export type Row = Record<string, unknown>
export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an item belongs to, and what its neighbours say about it. */
export interface Place {
  field: string
  accountId: string
  /** The business account (WABA); null: the payload names none. */
  businessAccountId: string | null
  /** Our own number, as its digits. */
  ownNumber: string | null
  /** Of the entry. */
  time: unknown
  contacts: Contact[]
  errors: MetaError[]
}

export type ReadItem = (place: Place, item: unknown) => Iterable<Found>

const Metadata = z.object({ phone_number_id: maybe(Id), display_phone_number: maybe(z.string()) })

export function placeOf(field: string, value: Row, entry: Row, accountId: string): Place {
  const metadata = Metadata.safeParse(value.metadata).data
  return {
    field,
    accountId: metadata?.phone_number_id ?? accountId,
    businessAccountId: Id.safeParse(entry.id).data ?? null,
    ownNumber: metadata?.display_phone_number?.replaceAll(/\D/g, '') || null,
    time: entry.time,
    contacts: Array.isArray(value.contacts) ? value.contacts.flatMap((row) => Contact.safeParse(row).data ?? []) : [],
    errors: errorsOf(value.errors),
  }
}

type Told = {
  [K in InboundEvent['kind']]: Omit<Extract<InboundEvent, { kind: K }>, 'dedupeKey' | 'accountId' | 'occurredAt'>
}[InboundEvent['kind']]

/** Known by what it says. The entry's time is part of that: a template that is approved a second time is news. */
export const unnamed = ({ accountId, field, time }: Place, raw: unknown, event: Told): Unnamed => ({
  says: { field, time, raw },
  named: (hash) => ({
    ...event,
    dedupeKey: `ev:${hash}`,
    accountId,
    occurredAt: milliseconds(timestampIn(raw) ?? time),
  }),
})

const timestampIn = (raw: unknown) =>
  isRow(raw) ? (raw.timestamp ?? (isRow(raw.metadata) ? raw.metadata.timestamp : undefined)) : undefined

/** Told, and of no effect that we know. */
export const keep = (place: Place, what: string, raw: unknown) => unnamed(place, raw, { kind: 'kept', what, raw })

export const keptAs =
  (what: string): ReadItem =>
  (place, item) => [keep(place, isRow(item) ? what : 'unknown', item)]

const SECONDS = /^\d{1,11}$/

/** Seconds as a string, in some fields as a number. */
export function milliseconds(seconds: unknown): number | null {
  return (typeof seconds === 'string' || typeof seconds === 'number') && SECONDS.test(String(seconds))
    ? Number(seconds) * 1000
    : null
}
