/** Who may work here, and as what. */
import { sql } from 'drizzle-orm'
import {
  type AgentRow,
  agentFor,
  mayBeDeactivated,
  mayBeReactivated,
  mayChangeRole,
  setDeactivated,
  setReactivated,
  setRole,
} from '../db/queries/agents.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import { canSucceed } from '../db/queries/hand-over.ts'
import { endSessionsOf } from '../db/queries/sessions.ts'
import type { Role, Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { type HandedOver, handBackAll, handOverAll } from './hand-over.ts'

/**
 * Shuts the agent out: no session outlives it, and whatever they had open is told to look again. What they had goes to the
 * successor where they may answer it, and to its queue where they may not, or where there is none.
 */
export async function deactivate(
  app: App,
  viewer: Viewer,
  { id, successorId }: { id: string; successorId: string | null },
  trail: Trail = {},
): Promise<HandedOver> {
  const agent = await agentToDeactivate(app, viewer, id)
  const successor = successorId === null ? null : await agentFor(app.db, viewer, successorId)
  const isGone = successorId !== null && (!successor || successor.deactivatedAt !== null || successor.id === id)
  if (isGone) throw new AppError('invalid', { field: 'to', why: 'gone' })

  const guard = sql`(${mayBeDeactivated(viewer, id)} AND ${canSucceed(viewer, id, successorId)})`
  const at = app.now()
  const target = { type: 'agent', id }
  const detail = { to: successorId ?? '' }
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'agent.deactivated', target, detail }, guard),
    endSessionsOf(viewer.workspaceId, id, guard),
    setDeactivated(viewer, { id, successorId }, at, guard),
  )
  const changed = await agentFor(app.db, viewer, id)
  if (!changed?.deactivatedAt) throw new AppError(agent.role === 'owner' ? 'forbidden' : 'conflict')
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: id })
  return handOverAll(app, viewer.workspaceId, id, { byName: viewer.name })
}

/** Whom this administrator may shut out: everyone but themselves, owners for owners alone. */
export async function agentToDeactivate(app: App, viewer: Viewer, id: string): Promise<AgentRow> {
  const agent = await agentToChange(app, viewer, id)
  if (agent.id === viewer.agentId) throw new AppError('forbidden')
  if (agent.role === 'owner' && viewer.role !== 'owner') throw new AppError('forbidden')
  return agent
}

export async function reactivate(app: App, viewer: Viewer, id: string, trail: Trail = {}): Promise<AgentRow> {
  await agentToChange(app, viewer, id)

  const guard = mayBeReactivated(viewer, id)
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'agent.reactivated', target: { type: 'agent', id } }, guard),
    setReactivated(viewer, id, guard),
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
  if (agent.role === role) {
    await handBackAll(app, viewer.workspaceId, id) // where the time before broke off in between
    return agent
  }

  const guard = mayChangeRole(viewer, id, { role, was })
  const target = { type: 'agent', id }
  await app.db.write(
    audited(
      { ...entryOf(app, viewer, trail), action: 'agent.role_changed', target, detail: { from: was, to: role } },
      guard,
    ),
    endSessionsOf(viewer.workspaceId, id, guard),
    setRole(viewer, id, role, app.now(), guard),
  )
  const changed = await agentFor(app.db, viewer, id)
  if (!changed) throw new AppError('not_found')
  if (changed.role !== role) {
    if (changed.role === was && was === 'owner') throw new AppError('invalid', { field: 'role', why: 'last_owner' })
    throw new AppError('conflict')
  }
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: id })
  await handBackAll(app, viewer.workspaceId, id)
  return changed
}

async function agentToChange(app: App, viewer: Viewer, id: string): Promise<AgentRow> {
  refuseUnlessAdministrator(viewer)
  const agent = await agentFor(app.db, viewer, id)
  if (!agent) throw new AppError('not_found')
  return agent
}
