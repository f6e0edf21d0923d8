/** What administrators' verbs have in common: who may, and what is written down of it. */
import type { AuditEntry, Trail } from '../db/queries/audit.ts'
import type { Scope, Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'

export const mayAdministrate = ({ role }: Pick<Scope, 'role'>) => role === 'owner' || role === 'admin'

export function refuseUnlessAdministrator(viewer: Viewer): void {
  if (!mayAdministrate(viewer)) throw new AppError('forbidden')
}

/** All of an audit entry but what was done, and to whom. */
export const entryOf = (app: App, viewer: Viewer, trail: Trail): Omit<AuditEntry, 'action'> => ({
  workspaceId: viewer.workspaceId,
  id: app.newId(),
  actorId: viewer.agentId,
  at: app.now(),
  trail: { ...trail, sessionHash: viewer.sessionHash },
})

/** Whoever they are, their open pages look again at what they may see. */
export function tellAgents(app: App, viewer: Viewer, agentIds: string[]): void {
  for (const agentId of new Set(agentIds)) {
    app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId })
  }
}
