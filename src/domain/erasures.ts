/** Erasing a person: asked for by an administrator, gone from that moment on, and made thorough step by step after it. */
import { type SQL, sql } from 'drizzle-orm'
import { type AuditEntry, audited, type Trail } from '../db/queries/audit.ts'
import { contactOf, contactStands, toContact } from '../db/queries/contacts.ts'
import type { ErasedKey } from '../db/queries/erased-keys.ts'
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
import type { Scope, Viewer } from '../db/records.ts'
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
  await begin(app, viewer, {
    ...{ id: app.newId(), contactId, now: app.now(), stands: contactStands(viewer, contactId) },
    entry: entryOf(app, viewer, trail),
  })
  const [[erasure]] = await app.db.read(erasureOfContact(viewer, contactId))
  if (!erasure) throw new AppError('conflict')
  app.later(app.lookAfter(viewer.workspaceId))
  await publishAbout(app, viewer.workspaceId, contactId)
  return erasure.id
}

export interface Beginning {
  id: string
  contactId: string
  /** What was told of them until then is erased; what came after is somebody new's. */
  now: number
  stands: SQL
  entry: Omit<AuditEntry, 'action'>
}

/** The batch from which on they are gone, with all that it takes to find what is left of them. */
export async function begin(
  app: App,
  by: Pick<Scope, 'workspaceId' | 'agentId'>,
  { id, contactId, now, stands, entry }: Beginning,
): Promise<void> {
  const [contacts, addresses, conversations, inboxes] = await app.db.read(...subjectOf(by, contactId))
  const numbers = numbersOf(contacts, addresses)
  const begins = { id, contactId }
  const [stored, ...rest] = requestErasure(by, {
    ...begins,
    subject: {
      keys: await keysOf(app, by.workspaceId, { addresses, numbers, inboxes, now }),
      contactIds: contacts.map((contact) => contact.id),
      mentioned: [...new Set([...addresses.map(({ external_id }) => external_id), ...numbers.map(withoutPlus)])],
      named: [...new Set(contacts.flatMap(({ name, profile_name }) => [name ?? [], profile_name ?? []].flat()))],
      objects: contacts.flatMap(({ picture_key }) => picture_key ?? []),
    },
    addresses: addresses.map(({ external_id }) => external_id),
    lines: conversations.map((conversation) => ({ conversationId: conversation.id, lineId: app.newId() })),
    now,
    stands,
  })
  if (!stored) throw new AppError('conflict')
  const requested: AuditEntry = {
    ...entry,
    action: 'contact.erasure_requested',
    target: { type: 'contact', id: contactId },
    detail: { erasure: id },
  }
  await app.db.write(stored, audited(requested, erasureBegins(by, begins)), ...rest, sql`SELECT 1`)
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

interface Known {
  addresses: SubjectAddress[]
  numbers: string[]
  inboxes: { id: string }[]
  now: number
}

/** An address is one of its inbox; a number is theirs wherever it is told. */
function keysOf(app: App, workspaceId: string, { addresses, numbers, inboxes, now }: Known): Promise<ErasedKey[]> {
  const own = addresses.map(({ inbox_id: inboxId, external_id }) => ({ inboxId, what: external_id }))
  const everywhere = inboxes.flatMap(({ id: inboxId }) => numbers.map((what) => ({ inboxId, what })))
  return Promise.all(
    [...own, ...everywhere].map(async ({ inboxId, what }) => ({
      inboxId,
      key: await app.erasedKey({ workspaceId, id: inboxId }, personKey(what)),
      erasedAt: now,
    })),
  )
}
