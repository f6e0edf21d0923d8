/** Contacts put together by hand: who is in, and what the groups are. */
import type { Group } from '../db/contact-records.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  groupNamed,
  groupOf,
  groupStands,
  joinGroup,
  leaveGroup,
  mayRenameGroup,
  removeGroup,
  renameGroup,
  storeGroup,
} from '../db/queries/groups.ts'
import type { Scope, Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { contactFor, entryOf, publishAbout } from './contacts.ts'
import { AppError } from './errors.ts'
import { foldedKey, nameText } from './text.ts'

/** Agents put people into groups; what groups there are is for those who supervise. */
export const mayManageGroups = ({ role }: Pick<Scope, 'role'>) => role !== 'agent'

interface Membership {
  contactId: string
  groupId: string
}

/** Twice is once. */
export async function join(app: App, viewer: Viewer, { contactId, groupId }: Membership): Promise<void> {
  await contactFor(app, viewer, contactId)
  await groupFor(app, viewer, groupId, 'groupId')
  await app.db.write(joinGroup(viewer, contactId, groupId, app.now()))
  await publishAbout(app, viewer.workspaceId, contactId)
}

export async function leave(app: App, viewer: Viewer, { contactId, groupId }: Membership): Promise<void> {
  await contactFor(app, viewer, contactId)
  await app.db.write(leaveGroup(viewer, contactId, groupId))
  await publishAbout(app, viewer.workspaceId, contactId)
}

/** `id` is the form's: the same group, however often it is submitted. */
export async function createGroup(
  app: App,
  viewer: Viewer,
  { id, name }: { id: string; name: string },
  trail: Trail,
): Promise<Group> {
  refuseUnlessManager(viewer)
  const wanted = namedFor(name)
  const [holders] = await app.db.read(groupNamed(viewer, wanted.nameKey))
  if (holders[0] && holders[0].id !== id) throw new AppError('invalid', { field: 'taken' })
  const target = { type: 'group', id }
  await app.db.write(
    storeGroup(viewer, id, wanted, app.now()),
    audited({ ...entryOf(app, viewer, trail), id, action: 'group.created', target }, groupStands(viewer, id)),
  )
  const [rows] = await app.db.read(groupOf(viewer, id))
  if (rows[0]?.name !== wanted.name) throw new AppError('invalid', { field: 'taken' })
  return rows[0]
}

export async function changeGroup(
  app: App,
  viewer: Viewer,
  { id, name, version }: { id: string; name: string; version: number },
  trail: Trail,
): Promise<Group> {
  refuseUnlessManager(viewer)
  const before = await groupFor(app, viewer, id)
  const wanted = namedFor(name)
  if (before.name === wanted.name) return before
  const [holders] = await app.db.read(groupNamed(viewer, wanted.nameKey))
  if (holders[0] && holders[0].id !== id) throw new AppError('invalid', { field: 'taken' })

  const guard = mayRenameGroup(viewer, id, version, wanted.nameKey)
  const target = { type: 'group', id }
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'group.renamed', target, detail: { field: 'name' } }, guard),
    renameGroup(viewer, id, wanted, guard),
  )
  const after = await groupFor(app, viewer, id)
  if (after.name !== wanted.name) throw new AppError('conflict')
  return after
}

/** The people stay. Removing it twice is removing it once. */
export async function dropGroup(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  refuseUnlessManager(viewer)
  const group = await groupFor(app, viewer, id)
  const entry = entryOf(app, viewer, trail)
  const detail = { people: group.people }
  await app.db.write(
    audited({ ...entry, action: 'group.removed', target: { type: 'group', id }, detail }, groupStands(viewer, id)),
    ...removeGroup(viewer, id),
  )
  const [left] = await app.db.read(groupOf(viewer, id))
  if (left[0]) throw new AppError('conflict')
}

export async function groupFor(app: App, scope: Scope, id: string, field?: string): Promise<Group> {
  const [rows] = await app.db.read(groupOf(scope, id))
  if (rows[0]) return rows[0]
  throw field ? new AppError('invalid', { field }) : new AppError('not_found')
}

function refuseUnlessManager(viewer: Viewer): void {
  if (!mayManageGroups(viewer)) throw new AppError('forbidden')
}

function namedFor(name: string): { name: string; nameKey: string } {
  const wanted = nameText(name)
  const nameKey = wanted === null ? '' : foldedKey(wanted)
  if (wanted === null || nameKey === '') throw new AppError('invalid', { field: 'name' })
  return { name: wanted, nameKey }
}
