/** Which people a department has, and who may use a number. Both decide what an agent sees. */

import { bumpAuthz } from '../db/queries/agents.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  addMember,
  addNewcomers,
  bumpNewcomers,
  hasNewcomers,
  inboxAndDepartment,
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

/** Adding whoever is there already, or taking out whoever is not, changes nothing. */
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

  const guard = inside ? mayBeAdded(viewer, membership) : mayBeTakenOut(viewer, membership)
  const written = await app.db.write(
    audited(
      {
        ...entryOf(app, viewer, trail),
        action: `${kind}.${inside ? 'agent_added' : 'agent_removed'}`,
        target: { type: 'agent', id: agentId },
        detail: { [kind]: placeId },
      },
      guard,
    ),
    bumpAuthz({ workspaceId: viewer.workspaceId, agentId }, guard),
    inside ? addMember(viewer, membership, app.now(), guard) : takeOutMember(viewer, membership, guard),
    membershipNow(viewer, membership).sql,
  )
  if (Boolean(written.at(-1)?.rows[0]?.linked) !== inside) throw new AppError('conflict')
  tellAgents(app, viewer, [agentId])
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

  const guard = hasNewcomers(viewer, inboxId, departmentId)
  const target = { type: 'inbox', id: inboxId }
  const [, bumped] = await app.db.write(
    audited(
      {
        ...entryOf(app, viewer, trail),
        action: 'inbox.department_added',
        target,
        detail: { department: departmentId },
      },
      guard,
    ),
    bumpNewcomers(viewer, inboxId, departmentId, guard),
    addNewcomers(viewer, inboxId, departmentId, app.now(), guard),
  )
  tellAgents(
    app,
    viewer,
    (bumped?.rows ?? []).map(({ id }) => String(id)),
  )
}
