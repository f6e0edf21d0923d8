/** The second step of signing in, as far as it is ours: what is written down of it, and how a colleague is let off. */
import { sql } from 'drizzle-orm'
import { agentFor, bumpAuthz } from '../db/queries/agents.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import { canBeChangedBy } from '../db/queries/memberships.ts'
import { endSessionsOf } from '../db/queries/sessions.ts'
import { hasTwoFactor, removeTwoFactor } from '../db/queries/two-factor.ts'
import { stillAllowed } from '../db/queries/visibility.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'

/** The sign-in library has done it: that it was done is ours to keep. */
export async function noteTwoFactor(
  app: App,
  viewer: Viewer,
  what: 'enabled' | 'disabled' | 'codes_renewed',
  trail: Trail,
): Promise<void> {
  const target = { type: 'agent', id: viewer.agentId }
  await app.db.write(audited({ ...entryOf(app, viewer, trail), action: `two_factor.${what}`, target }))
}

/** For who lost their phone and their codes: the password alone lets them in again. All that they have open ends. */
export async function resetTwoFactor(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const agent = await agentFor(app.db, viewer, id)
  if (!agent) throw new AppError('not_found')
  // One's own is turned off with the password, which whoever sits at an open page may not know.
  if (id === viewer.agentId || (agent.role === 'owner' && viewer.role !== 'owner')) throw new AppError('forbidden')

  const { workspaceId } = viewer
  const of = { workspaceId, agentId: id }
  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: 'two_factor.reset',
    target: { type: 'agent', id },
  }
  const done = isAudited(entry)
  await app.db.write(
    audited(entry, sql`(${stillAllowed(viewer)} AND ${canBeChangedBy(viewer, id)} AND ${hasTwoFactor(of)})`),
    bumpAuthz(of, sql`${done} AND ${hasTwoFactor(of)}`),
    endSessionsOf(workspaceId, id, sql`${done} AND ${hasTwoFactor(of)}`),
    ...removeTwoFactor(of, done),
  )
  app.publish({ type: 'agent.changed', workspaceId, agentId: id })
}
