/** Who is who: what a payload says of the person, and of addresses that are one person's. */
import { sql } from 'drizzle-orm'
import type { AddressBookEvent, IdentityEvent, Peer } from '../channels/events.ts'
import { linesWritten } from '../db/queries/contact-blocks.ts'
import {
  giveNumber,
  knownPerson,
  principalsAmong,
  storeAddresses,
  unite,
  uniteContacts,
} from '../db/queries/inbound-links.ts'
import { storeAddress, storeNote } from '../db/queries/inbound-news.ts'
import { type FreshIds, principalsOf, type StoredPeer } from '../db/queries/inbound-people.ts'
import type { App } from './app.ts'
import { changedIn, idsIn, publishContact, readChanged, rowsChanged } from './changed.ts'
import { newLines } from './contact-blocks.ts'
import { publishAbout } from './contacts.ts'
import type { Plan, Receiving } from './receive.ts'
import { clamp } from './receive-time.ts'
import { foldedKey, nameText } from './text.ts'

/** `named`: they speak for themselves, so what they are called is their word. */
export function peerOf(peer: Peer, named: boolean): StoredPeer {
  const profileName = named ? nameText(peer.profileName) : null
  return {
    externalIds: peer.externalIds,
    phone: peer.phone,
    profileName,
    profileKey: foldedKey(profileName ?? ''),
    username: nameText(peer.username ?? null),
  }
}

export const freshIds = (app: App, { externalIds }: Pick<StoredPeer, 'externalIds'>): FreshIds => ({
  contact: app.newId(),
  conversation: app.newId(),
  identities: externalIds.map(() => app.newId()),
})

/**
 * The provider says which addresses are one person's. Of people whom nobody has heard of it may be told before what they
 * write arrives: it waits for that.
 */
export function identityPlan(to: Receiving, event: IdentityEvent): Plan {
  const { app, inbox, receivedAt } = to
  const id = app.newId()
  const person = { externalIds: event.known, phone: null }
  const everyAddress = { externalIds: [...event.known, ...event.also], phone: event.phone }
  const also = event.also.map((externalId) => ({ id: app.newId(), externalId }))
  const note = event.note && {
    ...{ id, dedupeKey: event.dedupeKey, what: event.note, content: null, opensWindow: false },
    detail: { phone: event.phone },
    at: clamp(event.occurredAt, receivedAt),
  }
  const known = knownPerson(inbox, event.known)
  return {
    statements: [
      ...storeAddresses(inbox, { known: event.known, also, phone: event.phone }, app.now()),
      ...(note ? storeNote(inbox, person, note, app.now(), sql`EXISTS (${known})`) : []),
      known,
      principalsOf(inbox, everyAddress),
      ...readChanged(inbox.workspaceId, sql`${id}`),
    ],
    outcome(written) {
      const [person, principals] = written.slice(-4)
      const found = person?.rows[0]
      if (!found) return { outcome: 'waiting', news: [] }
      const ids = (principals?.rows ?? []).map((row) => String(row.principal_id))
      return {
        outcome: 'applied',
        news: [changedIn(written.slice(-2))],
        after: async () => {
          const principal = ids.length > 1 ? await uniteAll(to, ids) : String(found.id)
          if (principal && event.phone) await learnNumber(to, principal, event.phone)
        },
      }
    },
  }
}

/** All of these principals become the oldest of them: the one that stays. */
export async function uniteAll({ app, inbox }: Receiving, ids: string[]): Promise<string | null> {
  const [principals] = await app.db.read(principalsAmong(inbox, ids))
  const [kept, ...others] = principals
  if (!kept) return null
  for (const other of others) {
    const lineId = app.newId()
    const lineIds = newLines(app)
    const written = await app.db.write(
      ...unite(inbox, { kept, other, lineId, mergeId: app.newId(), lineIds }, app.now()),
      linesWritten(inbox, lineIds),
      ...readChanged(inbox.workspaceId, sql`${lineId}`),
    )
    const shut = await rowsChanged(app, inbox.workspaceId, idsIn(written.at(-3)))
    await publishAbout(app, inbox.workspaceId, kept.contact_id, changedIn(written.slice(-2)), ...shut)
  }
  return kept.id
}

/** Who hid their number is somebody known by it: one contact, whatever channel they were met in. */
export async function uniteNamesakes({ app, inbox }: Receiving, [keptId, mergedId]: string[]): Promise<void> {
  if (keptId === undefined || mergedId === undefined) return
  const onWord = { lineIds: newLines(app), now: app.now() }
  const written = await app.db.write(
    ...uniteContacts(inbox, { id: app.newId(), keptId, mergedId }, onWord),
    linesWritten(inbox, onWord.lineIds),
  )
  const shut = await rowsChanged(app, inbox.workspaceId, idsIn(written.at(-1)))
  await publishAbout(app, inbox.workspaceId, keptId, ...shut)
}

async function learnNumber({ app, inbox }: Receiving, principal: string, phone: string): Promise<void> {
  const written = await app.db.write(
    ...giveNumber(inbox, principal, phone),
    sql`SELECT contact_id FROM identities WHERE workspace_id = ${inbox.workspaceId} AND id = ${principal}`,
  )
  const contactId = written.at(-1)?.rows[0]?.contact_id
  if (contactId && written.at(-2)?.changes === 1) await publishContact(app, inbox.workspaceId, String(contactId))
}

/** The business's own name for the person. What was taken out of the address book is no reason to forget a name. */
export function addressBookPlan({ app, inbox }: Receiving, event: AddressBookEvent): Plan {
  const name = event.removed ? null : nameText(event.name)
  if (name === null) return { statements: [], outcome: () => ({ outcome: 'applied', news: [] }) }
  const peer = peerOf(event.peer, false)
  const nameKey = foldedKey(name)
  return {
    statements: [
      ...storeAddress(inbox, peer, { name, nameKey }, freshIds(app, peer), app.now()),
      sql`SELECT contact_id FROM identities WHERE inbox_id = ${inbox.id} AND external_id = ${peer.externalIds[0] ?? ''}`,
    ],
    outcome(written) {
      const contactId = written.at(-1)?.rows[0]?.contact_id
      const named = written.at(-2)?.changes === 1
      return {
        outcome: 'applied',
        news: [],
        after: named && contactId ? () => publishContact(app, inbox.workspaceId, String(contactId)) : undefined,
      }
    },
  }
}
