/** One row of Messenger or Instagram as far as all its kinds agree: where it stands, when it happened, and between whom. */
import * as z from 'zod'
import type { Direction, Peer } from '../events.ts'
import type { Found, Unnamed } from '../found.ts'
import { maybe } from '../maybe.ts'
import type { Dialect } from './messaging-dialect.ts'
import { Id } from './meta.ts'

/** Where a row stands. */
export interface Place {
  dialect: Dialect
  accountId: string
  /** The entry's, where a row has none. */
  time: unknown
  standby: boolean
}

export type Row = Record<string, unknown>
export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A row as far as all kinds of it agree. */
export interface Happened extends Place {
  from: string | undefined
  to: string | undefined
  at: number | null
  /** As it was sent. */
  item: Row
}

const Party = maybe(z.object({ id: maybe(Id) }))
const Parties = z.object({ sender: Party, recipient: Party })

export function rowOf(item: Row, place: Place): Happened {
  const { sender, recipient } = Parties.parse(item)
  return {
    ...place,
    item,
    from: sender?.id,
    to: recipient?.id,
    at: milliseconds(item.timestamp) ?? milliseconds(place.time),
  }
}

export type Read = (value: Row, row: Happened) => Found[]

export const unreadable = (row: Happened): Found[] => [keep(row, 'unknown', row.item)]
/** Who did it, and who the customer is. Null: it names nobody, or another account than the one it was sent for. */
export function partiesOf(
  { from, to, accountId }: Happened,
  echo = false,
): { direction: Direction; peer: Peer } | null {
  const outgoing = echo || from === accountId
  const [us, them] = outgoing ? [from, to] : [to, from]
  if (them === undefined || them === accountId || (us ?? accountId) !== accountId) return null
  return {
    direction: outgoing ? 'outgoing' : 'incoming',
    peer: { externalIds: [them], phone: null, profileName: null },
  }
}

/** Whole, and of no effect. A row says when it happened; what is no row is known by all that it says. */
export function keep({ accountId, time }: Place, what: string, raw: unknown): Unnamed {
  const occurredAt = milliseconds(isRow(raw) ? (raw.timestamp ?? raw.time ?? time) : time)
  return {
    says: raw ?? null,
    named: (hash) => ({ kind: 'kept', what, dedupeKey: `ev:${hash}`, accountId, occurredAt, raw }),
  }
}

const DIGITS = /^\d{1,16}$/
const LATEST = 8.64e15
const FIRST_IN_MS = 1e11

/** Milliseconds, as a number or as a string; some kinds of row, and feeds, say seconds. */
export function milliseconds(time: unknown): number | null {
  if ((typeof time !== 'string' && typeof time !== 'number') || !DIGITS.test(String(time))) return null
  const value = Number(time)
  if (value === 0 || value > LATEST) return null
  return value < FIRST_IN_MS ? value * 1000 : value
}
