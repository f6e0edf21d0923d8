/** What WhatsApp itself says in a thread: a person has another number or id from now on, or another security code. */
import * as z from 'zod'
import type { IdentityEvent, InboundEvent, NoteEvent } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { Id } from '../meta/meta.ts'
import { isPhone, phoneOf } from '../phone.ts'
import { addressesIn, personOf } from './people.ts'
import { isRow, keep, milliseconds, type Place, type ReadItem, type Row, unnamed } from './place.ts'

interface SystemMessage {
  id: string
  timestamp?: unknown
  from?: string | undefined
  from_user_id?: string | undefined
  from_parent_user_id?: string | undefined
}

const System = z.object({
  type: maybe(z.string()),
  wa_id: maybe(Id),
  new_wa_id: maybe(Id),
  user_id: maybe(Id),
  parent_user_id: maybe(Id),
  customer: maybe(Id),
})

/** Comes without contacts. What cannot be acted on is kept, under the words that say what it is about. */
export function readSystem(place: Place, message: SystemMessage, item: Row): Found {
  const system = System.safeParse(item.system).data ?? {}
  const of = { dedupeKey: `msg:${message.id}`, accountId: place.accountId, occurredAt: milliseconds(message.timestamp) }
  const written = [message.from_user_id, message.from_parent_user_id, message.from]
  const event = eventFor(of, place, written, system)
  return event ?? { ...of, kind: 'kept', what: 'system', raw: item }
}

type Of = Pick<InboundEvent, 'dedupeKey' | 'accountId' | 'occurredAt'>

function eventFor(
  of: Of,
  place: Place,
  written: (string | undefined)[],
  { type, customer, ...now }: z.infer<typeof System>,
): IdentityEvent | NoteEvent | null {
  const known = addressesIn([...written, customer])
  const number = now.wa_id ?? now.new_wa_id
  const also = addressesIn([now.user_id, now.parent_user_id, number])
  switch (type) {
    case 'user_changed_number':
    case 'customer_changed_number': // its name until 2022
      return changed(of, known, also, number, 'number_changed')
    case 'user_changed_user_id':
      return changed(of, known, also, number, 'id_changed')
    case 'customer_identity_changed': {
      const peer = personOf(written, place.contacts)
      return peer && { ...of, kind: 'note', what: 'security_code_changed', peer, content: {} }
    }
    default:
      return null
  }
}

/** The sentence that comes along names both ids, and the person in between, who may be called anything: it proves nothing. */
function changed(
  of: Of,
  known: string[],
  also: string[],
  number: string | undefined,
  note: NonNullable<IdentityEvent['note']>,
): IdentityEvent | null {
  const news = also.filter((address) => !known.includes(address))
  if (known.length === 0 || news.length === 0) return null
  return { ...of, kind: 'identity', known, also: news, phone: phoneOf(number ?? ''), note }
}

const Change = z.object({ previous: maybe(Id), current: maybe(Id) })
const IdUpdate = z.object({ wa_id: maybe(Id), user_id: maybe(Change), parent_user_id: maybe(Change) })

/** The number beside the ids says who it is where the id before is not told; else it is news as well. */
export const readIdUpdate: ReadItem = (place, item) => {
  const update = IdUpdate.safeParse(item).data ?? {}
  const before = addressesIn([update.user_id?.previous, update.parent_user_id?.previous])
  const after = [update.user_id?.current, update.parent_user_id?.current]
  const known = before.length > 0 ? before : addressesIn([update.wa_id])
  const also = addressesIn([...after, update.wa_id]).filter((address) => !known.includes(address))
  if (known.length === 0 || also.length === 0) return [keep(place, isRow(item) ? 'identity_change' : 'unknown', item)]
  const phone = phoneOf(update.wa_id ?? '')
  return [unnamed(place, item, { kind: 'identity', known, also, phone, note: 'id_changed' })]
}

const Call = z.object({
  id: Id,
  from: maybe(Id),
  from_user_id: maybe(Id),
  from_parent_user_id: maybe(Id),
  direction: maybe(z.string()),
  timestamp: z.unknown().optional(),
})

/** One line a call of the customer's, whichever of its events comes first: that it rings, that it ends. One of ours is none. */
export const readCall: ReadItem = (place, item) => {
  const call = Call.safeParse(item).data
  if (call?.direction === 'BUSINESS_INITIATED') return [keep(place, 'call', item)]
  const peer = call && personOf([call.from_user_id, call.from_parent_user_id, call.from], place.contacts)
  if (!call || !peer) return [keep(place, 'unknown', item)]
  const occurredAt = milliseconds(call.timestamp)
  const { accountId } = place
  return [{ kind: 'note', what: 'call', dedupeKey: `call:${call.id}`, accountId, occurredAt, peer, content: {} }]
}

const Entry = z.object({
  type: z.literal('contact'),
  action: maybe(z.string()),
  contact: z.object({
    full_name: maybe(z.string()),
    first_name: maybe(z.string()),
    phone_number: maybe(z.string()),
    user_id: maybe(Id),
  }),
})

/** How the business's own phone calls somebody. */
export const readAddressBook: ReadItem = (place, item) => {
  const entry = Entry.safeParse(item).data
  const number = entry?.contact.phone_number?.replaceAll(/\D/g, '') ?? ''
  const peer = entry ? personOf([entry.contact.user_id, isPhone(number) ? number : null], []) : null
  if (!entry || !peer) return [keep(place, isRow(item) ? 'contact' : 'unknown', item)]
  const name = entry.contact.full_name?.trim() || entry.contact.first_name?.trim() || null
  return [unnamed(place, item, { kind: 'address_book', peer, name, removed: entry.action === 'remove' })]
}
