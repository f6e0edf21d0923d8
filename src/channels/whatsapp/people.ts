/** Who a payload of the Cloud API is about: every address that it names, and the name that the person goes by. */
import * as z from 'zod'
import type { Peer } from '../events.ts'
import { maybe } from '../maybe.ts'
import { Id } from '../meta/meta.ts'
import { isPhone, phoneOf } from '../phone.ts'

export const Contact = z.object({
  wa_id: maybe(Id),
  user_id: maybe(Id),
  parent_user_id: maybe(Id),
  profile: maybe(z.object({ name: maybe(z.string()), username: maybe(z.string()) })),
})
export type Contact = z.infer<typeof Contact>

/** A group is one thread of its own, whoever writes in it. */
export const groupPeer = (groupId: string): Peer => ({
  externalIds: [`group:${groupId}`],
  phone: null,
  profileName: null,
  username: null,
})

/** The person of these addresses, with all that the contacts beside them add; null: nobody is named. */
export function personOf(written: (string | null | undefined)[], contacts: Contact[]): Peer | null {
  const said = addressesIn(written)
  const contact = contactOf(said, contacts)
  const externalIds = addressesIn([...said, contact?.user_id, contact?.parent_user_id, contact?.wa_id])
  if (externalIds.length === 0) return null
  const username = contact?.profile?.username?.trim().replace(/^@/, '') || null
  const profileName = contact?.profile?.name?.trim() || username
  return { externalIds, phone: phoneOf(externalIds.find(isPhone) ?? ''), profileName, username }
}

/** Contacts stand in no order; the same person may be written with and without the ninth digit. */
function contactOf(addresses: string[], contacts: Contact[]): Contact | undefined {
  if (addresses.length === 0) return contacts.length === 1 ? contacts[0] : undefined
  return contacts.find((contact) =>
    addressesIn([contact.user_id, contact.parent_user_id, contact.wa_id]).some((address) =>
      isAmong(address, addresses),
    ),
  )
}

/** Does it name the same person or number as one of these, with or without the ninth digit? */
export const isAmong = (address: string, addresses: string[]) =>
  addresses.some((other) => matchKey(other) === matchKey(address))

const matchKey = (address: string) => phoneOf(address) ?? address

const BUSINESS_SCOPED = /^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/
const PARENT_SCOPED = /^[A-Z]{2}\.ENT\.[A-Za-z0-9]{1,128}$/

/** A person's id within our business portfolio: all that is known of somebody who hides the phone. */
export const isBusinessScopedId = (address: string) => BUSINESS_SCOPED.test(address)

/** Each once, by what it is and not by the key that it stood under: ids were seen where numbers belong. */
export function addressesIn(values: (string | null | undefined)[]): string[] {
  const known = values.flatMap((value) => value?.replace(/^\+/, '') || [])
  return [...new Set(known)].sort((a, b) => rank(a) - rank(b))
}

function rank(address: string): number {
  if (isBusinessScopedId(address)) return 0
  if (PARENT_SCOPED.test(address)) return 1
  return isPhone(address) ? 2 : 3
}
