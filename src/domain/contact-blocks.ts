/** Not wanting to hear from somebody, and hearing from them again. */

import type { Contact } from '../db/contact-records.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  type Blocking,
  CANCELED,
  linesWritten,
  MOST_LINES,
  mayBlock,
  mayUnblock,
  type OpenWith,
  openWith,
  storeBlock,
  storeUnblock,
} from '../db/queries/contact-blocks.ts'
import { contactOf, toContact } from '../db/queries/contacts.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { idsIn, rowsChanged } from './changed.ts'
import { contactFor, entryOf, publishAbout } from './contacts.ts'
import { AppError } from './errors.ts'

export interface Blockable {
  contact: Contact
  ends: OpenWith
}

/** Who it would be, and what it would close. */
export async function blockable(app: App, viewer: Viewer, contactId: string): Promise<Blockable> {
  const [contacts, found] = await readAs(app.db, viewer, contactOf(viewer, contactId), openWith(viewer, contactId))
  const contact = contacts[0] && toContact(contacts[0])
  if (!contact || contact.mergedIntoId !== null || contact.erasedAt !== null) throw new AppError('not_found')
  return { contact, ends: found[0] ?? { open: 0, hidden: 0 } }
}

/**
 * From this batch on what the person writes is kept and disturbs nobody, and nothing is sent to them. Whoever sees the
 * person may do it, as they may close what they see: not where it would end what colleagues of another department have open.
 * Done twice, it is done once.
 */
export async function block(app: App, viewer: Viewer, contactId: string, trail: Trail): Promise<Contact> {
  const { contact, ends } = await blockable(app, viewer, contactId)
  if (contact.blockedAt !== null) return contact
  if (ends.hidden > 0) throw new AppError('already_taken', { reason: 'busy' })
  const blocking = blockingBy(app, viewer, contactId)
  const written = await app.db.write(
    audited(
      { ...entryOf(app, viewer, trail), action: 'contact.blocked', target: { type: 'contact', id: contactId } },
      mayBlock(viewer, contactId),
    ),
    ...storeBlock(viewer, blocking),
    linesWritten(viewer, blocking.lineIds),
  )
  const after = await contactFor(app, viewer, contactId)
  if (after.blockedAt === null) throw new AppError('conflict')
  const changed = [...idsIn(written.at(-1)), ...idsIn(written[1 + CANCELED])]
  await publishAbout(app, viewer.workspaceId, contactId, ...(await rowsChanged(app, viewer.workspaceId, changed)))
  return after
}

export async function unblock(app: App, viewer: Viewer, contactId: string, trail: Trail): Promise<Contact> {
  const before = await contactFor(app, viewer, contactId)
  if (before.blockedAt === null) return before
  const blocking = blockingBy(app, viewer, contactId)
  const written = await app.db.write(
    audited(
      { ...entryOf(app, viewer, trail), action: 'contact.unblocked', target: { type: 'contact', id: contactId } },
      mayUnblock(viewer, contactId),
    ),
    ...storeUnblock(viewer, blocking),
    linesWritten(viewer, blocking.lineIds),
  )
  const after = await contactFor(app, viewer, contactId)
  if (after.blockedAt !== null) throw new AppError('conflict')
  const changed = await rowsChanged(app, viewer.workspaceId, idsIn(written.at(-1)))
  await publishAbout(app, viewer.workspaceId, contactId, ...changed)
  return after
}

const blockingBy = (app: App, { agentId }: Viewer, contactId: string): Blocking & { authorId: string } => ({
  contactId,
  authorId: agentId,
  lineIds: newLines(app),
  now: app.now(),
})

/** Ids for the lines that a blocking may write. */
export const newLines = (app: Pick<App, 'newId'>) => Array.from({ length: MOST_LINES }, () => app.newId())
