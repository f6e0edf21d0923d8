/** Who may work here, and what they set for themselves. */

import {
  type AgentRow,
  agentFor,
  bumpAuthz,
  mayBeDeactivated,
  mayBeReactivated,
  mayChangeRole,
  type Profile,
  setDeactivated,
  setProfile,
  setRole,
} from '../db/queries/agents.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import { anySessionOf, endSession, endSessionsOf, sessionExists } from '../db/queries/sessions.ts'
import type { Role, Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'

/** Shuts the agent out: no session outlives it, and whatever they had open is told to look again. */
export async function deactivate(app: App, viewer: Viewer, id: string, trail: Trail = {}): Promise<AgentRow> {
  const agent = await agentToChange(app, viewer, id)
  if (agent.id === viewer.agentId) throw new AppError('forbidden')
  if (agent.role === 'owner' && viewer.role !== 'owner') throw new AppError('forbidden')

  const guard = mayBeDeactivated(viewer, id)
  const at = app.now()
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'agent.deactivated', target: { type: 'agent', id } }, guard),
    endSessionsOf(viewer.workspaceId, id, guard),
    setDeactivated(viewer, id, at, guard),
  )
  const changed = await agentFor(app.db, viewer, id)
  if (!changed?.deactivatedAt) throw new AppError(agent.role === 'owner' ? 'forbidden' : 'conflict')
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: id })
  return changed
}

export async function reactivate(app: App, viewer: Viewer, id: string, trail: Trail = {}): Promise<AgentRow> {
  await agentToChange(app, viewer, id)

  const guard = mayBeReactivated(viewer, id)
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'agent.reactivated', target: { type: 'agent', id } }, guard),
    setDeactivated(viewer, id, null, guard),
  )
  const changed = await agentFor(app.db, viewer, id)
  if (!changed || changed.deactivatedAt) throw new AppError('conflict')
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: id })
  return changed
}

/**
 * Gives the agent another role. With new powers comes a new session: all that they have open ends, and they sign in
 * again. `was` is the role that the page showed.
 */
export async function changeRole(
  app: App,
  viewer: Viewer,
  { id, role, was }: { id: string; role: Role; was: Role },
  trail: Trail,
): Promise<AgentRow> {
  const agent = await agentToChange(app, viewer, id)
  if (viewer.role !== 'owner' && (agent.role === 'owner' || role === 'owner')) throw new AppError('forbidden')
  if (agent.role === role) return agent

  const guard = mayChangeRole(viewer, id, { role, was })
  const target = { type: 'agent', id }
  await app.db.write(
    audited(
      { ...entryOf(app, viewer, trail), action: 'agent.role_changed', target, detail: { from: was, to: role } },
      guard,
    ),
    endSessionsOf(viewer.workspaceId, id, guard),
    setRole(viewer, id, role, guard),
  )
  const changed = await agentFor(app.db, viewer, id)
  if (!changed) throw new AppError('not_found')
  if (changed.role !== role) {
    if (changed.role === was && was === 'owner') throw new AppError('invalid', { field: 'role', why: 'last_owner' })
    throw new AppError('conflict')
  }
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: id })
  return changed
}

/** Language and looks are each person's own and change nothing of what they may do. */
export async function changeProfile(app: App, viewer: Viewer, profile: Profile): Promise<void> {
  const [written] = await app.db.write(setProfile(viewer, profile))
  if (written?.changes !== 1) throw new AppError('conflict')
}

/** Ends this session alone. Doing it twice is doing it once. */
export async function signOut(app: App, viewer: Viewer, token: string, trail: Trail = {}): Promise<void> {
  const guard = sessionExists(token)
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'session.ended' }, guard),
    bumpAuthz(viewer, guard),
    endSession(token),
  )
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: viewer.agentId })
}

/** Ends every session of the viewer, this one included. */
export async function signOutEverywhere(app: App, viewer: Viewer, trail: Trail = {}): Promise<void> {
  const guard = anySessionOf(viewer.workspaceId, viewer.agentId)
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'session.ended_everywhere' }, guard),
    bumpAuthz(viewer, guard),
    endSessionsOf(viewer.workspaceId, viewer.agentId),
  )
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: viewer.agentId })
}

async function agentToChange(app: App, viewer: Viewer, id: string): Promise<AgentRow> {
  refuseUnlessAdministrator(viewer)
  const agent = await agentFor(app.db, viewer, id)
  if (!agent) throw new AppError('not_found')
  return agent
}
