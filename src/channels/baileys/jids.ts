/** The addresses of WhatsApp's own network, and who is behind them. */
import type { Peer } from '../events.ts'
import { isPhone, phoneOf } from '../phone.ts'

/** What stands behind an address: a person by number, a person by the id that hides it, a group, or nobody to talk with. */
type Place = 'phone' | 'hidden' | 'group' | 'other'

const SERVERS: Record<string, Place> = {
  's.whatsapp.net': 'phone',
  'c.us': 'phone',
  hosted: 'phone',
  lid: 'hidden',
  'hosted.lid': 'hidden',
  'g.us': 'group',
}

interface Jid {
  user: string
  place: Place
}

/** `5511…:12@s.whatsapp.net` names a device of the person's: the person is what counts. */
const JID = /^([^@:\s]{1,128})(?::\d+)?@([a-z.]{1,32})$/

function read(jid: string | null | undefined): Jid | null {
  const [, user, server] = JID.exec(jid ?? '') ?? []
  if (user === undefined || server === undefined) return null
  const place = Object.hasOwn(SERVERS, server) ? (SERVERS[server] ?? 'other') : 'other'
  return place === 'phone' && !isPhone(user) ? { user, place: 'other' } : { user, place }
}

const HIDDEN = '@lid'
const GROUP = 'group:'

/**
 * As we keep it: a number as its digits, as every channel with numbers does; the id that hides one with its `@lid`, for
 * its digits are no number; a group by its own word. Null: there is nobody to talk with.
 */
export function addressOf(jid: string | null | undefined): string | null {
  const found = read(jid)
  if (!found || found.place === 'other') return null
  if (found.place === 'phone') return found.user
  return found.place === 'group' ? `${GROUP}${found.user}@g.us` : `${found.user}${HIDDEN}`
}

export const isHidden = (address: string) => address.endsWith(HIDDEN)
export const isGroup = (address: string) => address.startsWith(GROUP)

/** An address of ours as the network writes it. */
export function jidOf(address: string): string {
  if (isGroup(address)) return address.slice(GROUP.length)
  return isHidden(address) ? address : `${address}@s.whatsapp.net`
}

/** Where to write to: the number, where there is one; else what the person is known by. Null: nowhere. */
export const bestOf = (addresses: string[]): string | null =>
  addresses.find(isPhone) ?? addresses.find((address) => isHidden(address) || isGroup(address)) ?? null

/**
 * The person of these addresses, the number first: by it they are found in other channels as well. A hidden id and a
 * number that come together are one person's. Null: nobody is named.
 */
export function personOf(jids: (string | null | undefined)[], name: string | null | undefined): Peer | null {
  const addresses = [...new Set(jids.flatMap((jid) => addressOf(jid) ?? []))].filter((address) => !isGroup(address))
  if (addresses.length === 0) return null
  const externalIds = addresses.toSorted((a, b) => Number(isHidden(a)) - Number(isHidden(b)))
  return { externalIds, phone: phoneOf(externalIds[0] ?? ''), profileName: nameOf(name, externalIds) }
}

/** A name that only repeats the number says nothing. */
function nameOf(name: string | null | undefined, addresses: string[]): string | null {
  const said = name?.trim() ?? ''
  const digits = said.replaceAll(/[^\d]/g, '')
  const isNumber = /^[+\d\s().-]+$/.test(said) && addresses.some((address) => address.split('@')[0] === digits)
  return said === '' || isNumber ? null : said
}

/** A group is one thread of its own, whoever writes in it. */
export const groupOf = (jid: string | null | undefined): Peer | null => {
  const address = addressOf(jid)
  return address && isGroup(address) ? { externalIds: [address], phone: null, profileName: null } : null
}
