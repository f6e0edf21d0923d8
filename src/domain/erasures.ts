/** Erasing a person: asked for by an administrator, gone from that moment on, and made thorough step by step after it. */
import { sql } from 'drizzle-orm'
import { type AuditEntry, audited, type Trail } from '../db/queries/audit.ts'
import { contactOf, toContact } from '../db/queries/contacts.ts'
import {
  erasureBegins,
  erasureOfContact,
  requestErasure,
  type SubjectAddress,
  type SubjectContact,
  subjectOf,
  type Taken,
  takenWith,
} from '../db/queries/erasures.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { publishAbout } from './contacts.ts'
import { personKey } from './erased.ts'
import { AppError } from './errors.ts'
import { foldedKey } from './text.ts'

export interface Erasable {
  contact: { id: string; name: string | null; profileName: string | null; phone: string | null }
  taken: Taken
}

/** Who it would be, and what would go with them. */
export async function erasable(app: App, viewer: Viewer, contactId: string): Promise<Erasable> {
  refuseUnlessAdministrator(viewer)
  const [contacts, [taken]] = await readAs(app.db, viewer, contactOf(viewer, contactId), takenWith(viewer, contactId))
  const contact = contacts[0] && toContact(contacts[0])
  if (!contact || !taken || contact.mergedIntoId !== null || contact.erasedAt !== null) throw new AppError('not_found')
  return { contact, taken }
}

export interface Erasing {
  contactId: string
  /** Their name as it was typed, so that nobody erases somebody else. */
  typed: string
  /** As the page calls them. */
  shown: string
}

/** Answers with the id of the erasure, under which it is followed and proved. Asked for twice, it is one. */
export async function erase(
  app: App,
  viewer: Viewer,
  { contactId, typed, shown }: Erasing,
  trail: Trail,
): Promise<string> {
  await erasable(app, viewer, contactId)
  if (!isSame(typed, shown)) throw new AppError('invalid', { field: 'name', why: 'differs' })

  const [contacts, addresses, conversations, inboxes] = await app.db.read(...subjectOf(viewer, contactId))
  const id = app.newId()
  const now = app.now()
  const numbers = numbersOf(contacts, addresses)
  const begins = { id, contactId }
  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: 'contact.erasure_requested',
    target: { type: 'contact', id: contactId },
    detail: { erasure: id },
  }
  const [stored, ...rest] = requestErasure(viewer, {
    ...begins,
    subject: {
      contactIds: contacts.map((contact) => contact.id),
      mentioned: [...new Set([...addresses.map(({ external_id }) => external_id), ...numbers.map(withoutPlus)])],
      named: [...new Set(contacts.flatMap(({ name, profile_name }) => [name ?? [], profile_name ?? []].flat()))],
      objects: contacts.flatMap(({ picture_key }) => picture_key ?? []),
    },
    addresses: addresses.map(({ external_id }) => external_id),
    keys: await keysOf(app, viewer.workspaceId, addresses, numbers, inboxes),
    lines: conversations.map((conversation) => ({ conversationId: conversation.id, lineId: app.newId() })),
    now,
  })
  if (!stored) throw new AppError('conflict')
  await app.db.write(stored, audited(entry, erasureBegins(viewer, begins)), ...rest, sql`SELECT 1`)
  const [[erasure]] = await app.db.read(erasureOfContact(viewer, contactId))
  if (!erasure) throw new AppError('conflict')
  app.later(app.lookAfter(viewer.workspaceId))
  await publishAbout(app, viewer.workspaceId, contactId)
  return erasure.id
}

/** A name in whatever case and accents; a number in whatever groups. */
function isSame(typed: string, shown: string): boolean {
  const digits = (text: string) => text.replaceAll(/\D/g, '')
  const isNumber = /^[\d\s().+-]+$/.test(shown)
  return isNumber ? digits(typed) === digits(shown) : foldedKey(typed.slice(0, 1_000)) === foldedKey(shown)
}

const numbersOf = (contacts: SubjectContact[], addresses: SubjectAddress[]) => [
  ...new Set([...contacts, ...addresses].flatMap(({ phone }) => phone ?? [])),
]

const withoutPlus = (phone: string) => phone.replace(/^\+/, '')

/** An address is one of its inbox; a number is theirs wherever it is told. */
function keysOf(
  app: App,
  workspaceId: string,
  addresses: SubjectAddress[],
  numbers: string[],
  inboxes: { id: string }[],
): Promise<{ inboxId: string; key: string }[]> {
  const own = addresses.map(({ inbox_id: inboxId, external_id }) => ({ inboxId, what: external_id }))
  const everywhere = inboxes.flatMap(({ id: inboxId }) => numbers.map((what) => ({ inboxId, what })))
  return Promise.all(
    [...own, ...everywhere].map(async ({ inboxId, what }) => ({
      inboxId,
      key: await app.erasedKey({ workspaceId, id: inboxId }, personKey(what)),
    })),
  )
}
