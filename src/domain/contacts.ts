/** What agents do with a person: find them, name them, take two for one and apart again. */

import type { Contact } from '../db/contact-records.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  mayMerge,
  mayUndo,
  mergeContacts,
  type Pair,
  undoableMerges,
  unmergeContacts,
} from '../db/queries/contact-merges.ts'
import { contactOf, mayRename, setContactName, toContact } from '../db/queries/contacts.ts'
import { headsOfContact, toHead } from '../db/queries/conversations.ts'
import type { Scope, Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { type Changed, publishChanged } from './changed.ts'
import { AppError } from './errors.ts'
import { foldedKey, nameText } from './text.ts'

export const UNDO_MS = 10 * 60_000
const MOST_TERMS = 8
const LONGEST_TERM = 60
const ONLY_A_NUMBER = /^[\d\s().+/-]*$/
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

/** What a search looks for: folded words, or the digits of a number in whatever groups they were typed. */
export function searchTerms(text: string): string[] {
  const short = text.slice(0, 500)
  if (ONLY_A_NUMBER.test(short)) {
    const digits = short.replaceAll(/\D/g, '').replace(/^0+/, '')
    return digits === '' ? [] : [digits.slice(0, 20)]
  }
  return termsOf(foldedKey(short.toWellFormed()))
}

/** The words of a folded text by which it is found. */
export const termsOf = (key: string): string[] =>
  key
    .split(' ')
    .filter((word) => LETTER_OR_DIGIT.test(word))
    .slice(0, MOST_TERMS)
    .map((word) => word.slice(0, LONGEST_TERM).toWellFormed())

/** The contact itself; one that became part of another is gone, as is one that was erased. */
export async function contactFor(app: App, scope: Scope, id: string): Promise<Contact> {
  const [rows] = await app.db.read(contactOf(scope, id))
  if (!rows[0] || rows[0].merged_into_id !== null || rows[0].erased_at !== null) throw new AppError('not_found')
  return toContact(rows[0])
}

/** Gives the person the team's name. Somebody who named them meanwhile is not overwritten. */
export async function rename(
  app: App,
  viewer: Viewer,
  { contactId, name, version }: { contactId: string; name: string; version: number },
  trail: Trail,
): Promise<Contact> {
  const before = await contactFor(app, viewer, contactId)
  const wanted = nameText(name)
  if (wanted === null) throw new AppError('invalid', { field: 'name' })
  if (before.name === wanted) return before

  const guard = mayRename(viewer, contactId, version)
  const target = { type: 'contact', id: contactId }
  const named = { name: wanted, nameKey: foldedKey(wanted) }
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'contact.renamed', target, detail: { field: 'name' } }, guard),
    setContactName(viewer, contactId, named, guard),
  )
  const contact = await contactFor(app, viewer, contactId)
  if (contact.name !== wanted) throw new AppError('conflict')
  await publishAbout(app, viewer.workspaceId, contactId)
  return contact
}

/** Takes two contacts for one person. For ten minutes it can be undone. */
export async function merge(app: App, viewer: Viewer, { id, keptId, mergedId }: Pair, trail: Trail): Promise<void> {
  const pair = { id, keptId, mergedId }
  if (keptId === mergedId) throw new AppError('invalid', { field: 'mergedId' })
  const [kept, merged] = await app.db.read(contactOf(viewer, keptId), contactOf(viewer, mergedId))
  if (!kept[0] || !merged[0] || kept[0].merged_into_id !== null) throw new AppError('not_found')
  if (merged[0].merged_into_id === keptId) return
  if (merged[0].merged_into_id !== null) throw new AppError('conflict')
  if ((kept[0].blocked_at === null) !== (merged[0].blocked_at === null)) throw new AppError('one_blocked')

  const entry = entryOf(app, viewer, trail)
  const target = { type: 'contact', id: keptId }
  await app.db.write(
    audited({ ...entry, action: 'contact.merged', target, detail: { mergedId } }, mayMerge(viewer, pair)),
    ...mergeContacts(viewer, pair, app.now()),
  )
  const [after] = await app.db.read(contactOf(viewer, mergedId))
  if (after[0] && after[0].merged_into_id !== keptId) throw new AppError('conflict')
  await publishAbout(app, viewer.workspaceId, keptId)
}

/** Makes two of them again, each as it was. */
export async function unmerge(
  app: App,
  viewer: Viewer,
  { keptId, mergeId }: { keptId: string; mergeId: string },
  trail: Trail,
): Promise<void> {
  const since = app.now() - UNDO_MS
  const [contacts, merges] = await app.db.read(contactOf(viewer, keptId), undoableMerges(viewer, keptId, since))
  if (!contacts[0]) throw new AppError('not_found')
  const found = merges.find(({ id }) => id === mergeId)
  if (!found) throw new AppError('conflict')

  const pair = { id: mergeId, keptId, mergedId: found.merged_id }
  const entry = entryOf(app, viewer, trail)
  const target = { type: 'contact', id: keptId }
  const detail = { mergedId: found.merged_id }
  const at = app.now()
  const [, undone] = await app.db.write(
    audited({ ...entry, action: 'contact.unmerged', target, detail }, mayUndo(viewer, pair, since)),
    ...unmergeContacts(viewer.workspaceId, pair, mayUndo(viewer, pair, since), at),
  )
  if (undone?.changes !== 1) {
    const [left] = await app.db.read(undoableMerges(viewer, keptId, since))
    if (left.some(({ id }) => id === mergeId)) throw new AppError('conflict')
  }
  await Promise.all([
    publishAbout(app, viewer.workspaceId, keptId),
    publishAbout(app, viewer.workspaceId, found.merged_id),
  ])
}

/** Every page that may stand open on the person looks again; `changes` are the rows of threads that are part of the news. */
export async function publishAbout(
  app: App,
  workspaceId: string,
  contactId: string,
  ...changes: (Changed | null)[]
): Promise<void> {
  const [heads] = await app.db.read(headsOfContact(workspaceId, contactId))
  const rows = changes.filter((one) => one !== null)
  for (const head of heads) {
    const messages = rows.filter(({ conversation }) => conversation.id === head.id).map(({ message }) => message)
    app.publish({ type: 'thread.changed', workspaceId, conversation: toHead(head), messages, aboutContact: true })
  }
  publishChanged(
    app,
    workspaceId,
    rows.filter(({ conversation }) => !heads.some(({ id }) => id === conversation.id)),
  )
}

/** Who does something, for the audit log. */
export const entryOf = (app: App, viewer: Viewer, trail: Trail) => ({
  workspaceId: viewer.workspaceId,
  id: app.newId(),
  actorId: viewer.agentId,
  at: app.now(),
  trail: { ...trail, sessionHash: viewer.sessionHash },
})
