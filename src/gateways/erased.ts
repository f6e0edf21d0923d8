/** What an inbox's journal holds of people who were erased: found by the hashes of what they were known by, and let go. */
import type { InboundEvent } from '../channels/events.ts'
import { forgetEvents, storeErasedKeys } from '../db/queries/erased-keys.ts'
import { type InboxRef, knownAmong } from '../db/queries/inbound.ts'
import type { App, Forgotten } from '../domain/app.ts'
import { addressesIn, areErased, hashed, idKey, idsOf, personKey } from '../domain/erased.ts'
import { mentions, remember } from '../domain/erasing.ts'
import { eventIn } from './entries.ts'
import type { Journal, JournaledEvent } from './journal.ts'

const EVENTS_AT_ONCE = 50

interface Told {
  row: JournaledEvent
  event: InboundEvent
}

export async function forgetErased(
  app: App,
  inbox: InboxRef,
  journal: Journal,
  { after, mentioned }: { after: number; mentioned: string[] },
): Promise<Forgotten> {
  const rows = journal.page(after, EVENTS_AT_ONCE)
  const told = rows.map((row) => ({ row, event: eventIn(row.payload) }))
  const erased = await erasedAmong(app, inbox, told, mentioned)
  const gone = erased.map(({ row }) => row.dedupe_key)
  if (gone.length > 0) {
    const keys = await Promise.all(gone.map((key) => app.erasedKey(inbox, idKey(key))))
    await remember(app, inbox, keys)
    // First what remembers that they are gone, then they: broken off in between, both are done again.
    await app.db.write(storeErasedKeys(inbox, keys, app.now()), ...forgetEvents(inbox, gone))
    journal.remove(erased.map(({ row }) => row.id))
  }
  const last = rows.length === EVENTS_AT_ONCE ? rows.at(-1) : undefined
  return { events: gone.length, next: last?.id ?? null }
}

/**
 * By its own id, or by whom it is of. What has not been looked at yet is left: it will be told as somebody new's, or as
 * erased, when it is. So is a message that became somebody new's.
 */
async function erasedAmong(app: App, inbox: InboxRef, told: Told[], mentioned: string[]): Promise<Told[]> {
  const [ids, people] = await Promise.all([
    Promise.all(told.map(({ event }) => hashed(app, inbox, idsOf(event)))),
    Promise.all(told.map(({ event }) => hashed(app, inbox, addressesIn(event).map(everTold)))),
  ])
  const found = await areErased(app, inbox, [...ids, ...people])
  const messages = told.flatMap(({ event }) => (event.kind === 'message' ? event.externalId : []))
  const [known] = messages.length > 0 ? await app.db.read(knownAmong(inbox, messages)) : [[]]
  const stored = new Set(known.map(({ target }) => target))
  return told.filter(({ row, event }, at) => {
    if (row.state === 'pending' && row.tries === 0) return false
    if (found[at] || mentionsIn(event, row, mentioned)) return true
    return found[told.length + at] === true && !(event.kind === 'message' && stored.has(event.externalId))
  })
}

const everTold = (address: string) => ({ what: personKey(address), at: null })

/** What is kept whole says in the provider's words whom it is about. */
const WHOLE = new Set<InboundEvent['kind']>(['kept', 'account', 'template'])

function mentionsIn(event: InboundEvent, row: JournaledEvent, mentioned: string[]): boolean {
  if (WHOLE.has(event.kind)) return mentions(`${row.dedupe_key} ${row.payload}`, mentioned)
  return 'target' in event && mentions(decoded(event.target), mentioned)
}

/** WhatsApp's id of a message has the number in it, in base64: so even of one that we never had it is told whose it is. */
function decoded(id: string): string {
  try {
    return atob(id.slice(id.lastIndexOf('.') + 1))
  } catch {
    return ''
  }
}
