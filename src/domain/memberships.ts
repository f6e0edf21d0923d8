/** Which people a department has, and who may use a number. Both decide what an agent sees. */

import { sql } from 'drizzle-orm'
import { bumpAuthz } from '../db/queries/agents.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import { expectHandBack } from '../db/queries/hand-over.ts'
import {
  addMember,
  addNewcomers,
  bumpNewcomers,
  hasNewcomers,
  inboxAndDepartment,
  isStillToDo,
  type Membership,
  mayBeAdded,
  mayBeTakenOut,
  membershipNow,
  takeOutMember,
} from '../db/queries/memberships.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator, tellAgents } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { handBackAll } from './hand-over.ts'

/**
 * Adding whoever is there already, or taking out whoever is not, changes nothing. What somebody who is taken out has there
 * and may answer no more waits for colleagues.
 */
export async function setMembership(
  app: App,
  viewer: Viewer,
  membership: Membership,
  inside: boolean,
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const { kind, placeId, agentId } = membership
  const [[before]] = await app.db.read(membershipNow(viewer, membership))
  if (!before?.place || before.role === null) throw new AppError('not_found')
  if (before.role === 'owner' && viewer.role !== 'owner') throw new AppError('forbidden')

  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: `${kind}.${inside ? 'agent_added' : 'agent_removed'}`,
    target: { type: 'agent', id: agentId },
    detail: { [kind]: placeId },
  }
  const done = isAudited(entry)
  const now = app.now()
  const written = await app.db.write(
    audited(entry, inside ? mayBeAdded(viewer, membership) : mayBeTakenOut(viewer, membership)),
    bumpAuthz(
      { workspaceId: viewer.workspaceId, agentId },
      sql`${done} AND ${isStillToDo(viewer, membership, inside)}`,
    ),
    ...(inside
      ? [addMember(viewer, membership, now, done)]
      : [
          expectHandBack(viewer, agentId, now, sql`${done} AND ${isStillToDo(viewer, membership, false)}`),
          takeOutMember(viewer, membership, done),
        ]),
    membershipNow(viewer, membership).sql,
  )
  if (Boolean(written.at(-1)?.rows[0]?.linked) !== inside) throw new AppError('conflict')
  tellAgents(app, viewer, [agentId])
  if (!inside) await handBackAll(app, viewer.workspaceId, agentId)
}

/** Everyone of a department, as it is now, may use the number. */
export async function grantToDepartment(
  app: App,
  viewer: Viewer,
  { inboxId, departmentId }: { inboxId: string; departmentId: string },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [[known]] = await app.db.read(inboxAndDepartment(viewer, inboxId, departmentId))
  if (!known?.inbox) throw new AppError('not_found')
  if (!known.department) throw new AppError('invalid', { field: 'departmentId', why: 'gone' })

  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: 'inbox.department_added',
    target: { type: 'inbox', id: inboxId },
    detail: { department: departmentId },
  }
  const done = isAudited(entry)
  const [, bumped] = await app.db.write(
    audited(entry, hasNewcomers(viewer, inboxId, departmentId)),
    bumpNewcomers(viewer, inboxId, departmentId, done),
    addNewcomers(viewer, inboxId, departmentId, app.now(), done),
  )
  tellAgents(
    app,
    viewer,
    (bumped?.rows ?? []).map(({ id }) => String(id)),
  )
}
