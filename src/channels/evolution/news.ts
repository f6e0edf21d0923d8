/** What the server tells beside messages: what was taken back, who calls, whom the phone knows by name. */
import * as z from 'zod'
import { groupOf, personOf } from '../baileys/jids.ts'
import { Id, isRow, words } from '../baileys/lenient.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import type { ReadItem } from './events.ts'

const Deleted = z.object({
  id: maybe(Id),
  fromMe: maybe(z.boolean()),
  key: maybe(z.object({ id: Id, fromMe: maybe(z.boolean()) })),
})

/** The key itself; taken back through the API, a row of the server's with the key in it. */
export const readDeleted: ReadItem = (item, { accountId }) => {
  const { id, fromMe, key } = Deleted.safeParse(item).data ?? {}
  const target = key?.id ?? id
  if (target === undefined) return null
  const direction = (key?.fromMe ?? fromMe) ? 'outgoing' : 'incoming'
  return [{ kind: 'delete', dedupeKey: `del:${target}`, accountId, occurredAt: null, direction, target }]
}

const Call = z.object({ id: Id, from: words, chatId: words, isGroup: maybe(z.boolean()), date: words })

/** One line a call, whichever of its events comes first: that it rings, that it ends. */
export const readCall: ReadItem = (item, { accountId }) => {
  const call = Call.safeParse(item).data
  if (!call) return null
  const peer = personOf([call.from, call.chatId], null)
  if (call.isGroup || !peer) return []
  return [
    {
      kind: 'note',
      what: 'call',
      dedupeKey: `call:${call.id}`,
      accountId,
      occurredAt: timeOf(call.date),
      peer,
      content: {},
    },
  ]
}

const timeOf = (date: string | undefined) => {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? null : time
}

const Known = z.object({ remoteJid: words, id: words, remoteJidAlt: words, lid: words, pushName: words, name: words })

/**
 * The phone's address book: what the business calls people. A single contact comes with what they wrote, under their own
 * name, which that message says itself.
 */
export const readAddressBook: ReadItem = (item, place) => {
  const known = Known.safeParse(item).data
  if (!known || !isRow(item)) return null
  const peer = personOf([known.remoteJid ?? known.id, known.remoteJidAlt, known.lid], known.name ?? known.pushName)
  return peer?.profileName && place.several ? [named(place.accountId, peer, peer.profileName)] : []
}

const Group = z.object({ id: Id, subject: words })

export const readGroup: ReadItem = (item, { accountId }) => {
  const group = Group.safeParse(item).data
  if (!group) return null
  const peer = groupOf(group.id)
  return peer && group.subject ? [named(accountId, peer, group.subject)] : []
}

const named = (accountId: string, of: NonNullable<ReturnType<typeof personOf>>, name: string): Found => {
  const peer = { ...of, profileName: null }
  return {
    says: { peer: peer.externalIds, name },
    named: (hash) => ({
      ...{ kind: 'address_book', dedupeKey: `ab:${hash}`, accountId, occurredAt: null },
      ...{ peer, name, removed: false },
    }),
  }
}
