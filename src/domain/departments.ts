/** Departments: made, renamed, and removed without losing what was in them. */

import { sql } from 'drizzle-orm'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import { headForPublishing, toHead } from '../db/queries/conversations.ts'
import {
  bumpMembers,
  clearDepartment,
  departmentFor,
  departmentUses,
  isEmptied,
  mayBeEmptied,
  moveConversations,
  moveInboxes,
} from '../db/queries/departments.ts'
import { deleteNamed } from '../db/queries/named.ts'
import { deleteQuickRepliesOf } from '../db/queries/quick-replies.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator, tellAgents } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { createNamed, renameTo } from './named.ts'

export const createDepartment = (app: App, viewer: Viewer, form: { id: string; name: string }, trail: Trail) =>
  createNamed(app, viewer, 'department', form, trail)

export const renameDepartment = (
  app: App,
  viewer: Viewer,
  form: { id: string; name: string; was: string },
  trail: Trail,
) => renameTo(app, viewer, 'department', form, trail)

/** One batch holds the only writer for as long as it takes: many short ones let the others in between. */
const MOVED_AT_ONCE = 500
const MOST_BATCHES = 40
/** Told one by one; who is not told sees it at the next look, within a minute. */
const MOST_TOLD = 100

/**
 * Removes a department. Its conversations and numbers go to another (null: to none, where everyone who may use the number
 * sees them), and only when nothing points to it any more it goes itself. Answers how many conversations are left, where
 * there are more than one request can move: doing it again goes on.
 */
export async function removeDepartment(
  app: App,
  viewer: Viewer,
  { id, to }: { id: string; to: string | null },
  trail: Trail,
): Promise<{ left: number }> {
  refuseUnlessAdministrator(viewer)
  const [[department], [target]] = await app.db.read(departmentFor(viewer, id), departmentFor(viewer, to ?? ''))
  if (!department) throw new AppError('not_found')
  if (to !== null && (!target || to === id)) throw new AppError('invalid', { field: 'to', why: 'gone' })

  const entry = { target: { type: 'department', id }, detail: { to: to ?? '' } }
  const mayEmpty = mayBeEmptied(viewer, id, to)
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'department.emptied', ...entry }, mayEmpty),
    moveInboxes(viewer, id, to, mayEmpty),
  )
  await moveAll(app, viewer, { id, name: department.name, to })

  const removed: AuditEntry = { ...entryOf(app, viewer, trail), action: 'department.removed', ...entry }
  const done = isAudited(removed)
  const [, bumped] = await app.db.write(
    audited(removed, isEmptied(viewer, id)),
    bumpMembers(viewer, id, app.now(), done),
    ...clearDepartment(viewer, id, done),
    ...deleteQuickRepliesOf(viewer, id, app.now(), done),
    deleteNamed(viewer, 'department', id, done),
  )
  tellAgents(
    app,
    viewer,
    (bumped?.rows ?? []).map((row) => String(row.id)),
  )
  return { left: await conversationsLeft(app, viewer, id) }
}

async function moveAll(app: App, viewer: Viewer, of: { id: string; name: string; to: string | null }): Promise<void> {
  const guard = mayBeEmptied(viewer, of.id, of.to)
  const open: string[] = []
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const written = await app.db.write(...moveConversations(viewer, { ...of, most: MOVED_AT_ONCE }, guard))
    const moved = written.flatMap(({ rows }) => rows)
    open.push(...moved.filter(({ status }) => status !== 'closed').map(({ id }) => String(id)))
    if (moved.length === 0) break
  }
  await tellMoved(app, viewer, of, open.slice(0, MOST_TOLD))
}

async function tellMoved(
  app: App,
  { workspaceId }: Viewer,
  { id, name }: { id: string; name: string },
  conversationIds: string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  const heads = await app.db.read(...conversationIds.map((one) => headForPublishing(workspaceId, sql`${one}`)))
  for (const conversation of heads.flatMap((rows) => rows.map(toHead))) {
    const former = { ...conversation, departmentId: id, departmentName: name }
    app.publish({ type: 'thread.changed', workspaceId, conversation, messages: [], former })
  }
}

async function conversationsLeft(app: App, viewer: Viewer, id: string): Promise<number> {
  const [[department], [uses]] = await app.db.read(departmentFor(viewer, id), departmentUses(viewer, id))
  if (!department || !uses) return 0
  // Still there although nothing is left to move: what the actor may do has changed meanwhile.
  if (uses.open + uses.closed === 0) throw new AppError('conflict')
  return uses.open + uses.closed
}
