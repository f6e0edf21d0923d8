/** What people set for themselves: how they are called and shown, what they sign in with, where they are signed in. */
import { sql } from 'drizzle-orm'
import { bumpAuthz, type Profile, rename, setProfile, setSounds } from '../db/queries/agents.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import { dropOpenResets } from '../db/queries/password-resets.ts'
import { isPassword, setPassword } from '../db/queries/people.ts'
import {
  anySessionOf,
  endOtherSessions,
  endSession,
  endSessionById,
  endSessionsOf,
  hasOtherSessions,
  hasSession,
  sessionExists,
} from '../db/queries/sessions.ts'
import { stillAllowed } from '../db/queries/visibility.ts'
import type { Viewer } from '../db/records.ts'
import type { Sounds } from '../db/sounds.ts'
import { entryOf } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { nameText } from './text.ts'

/** Language and looks are each person's own and change nothing of what they may do. */
export async function changeProfile(app: App, viewer: Viewer, profile: Profile): Promise<void> {
  const [written] = await app.db.write(setProfile(viewer, profile))
  if (written?.changes !== 1) throw new AppError('conflict')
}

export async function changeSounds(app: App, viewer: Viewer, sounds: Sounds): Promise<void> {
  const [written] = await app.db.write(setSounds(viewer, sounds))
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

/** Another name for oneself. What was said before keeps the person, not the name. */
export async function renameSelf(app: App, viewer: Viewer, typed: string, trail: Trail): Promise<void> {
  const name = nameText(typed)
  if (name === null) throw new AppError('invalid', { field: 'name', why: 'empty' })
  if (name === viewer.name) return
  const target = { type: 'agent', id: viewer.agentId }
  const entry: AuditEntry = { ...entryOf(app, viewer, trail), action: 'agent.renamed', target }
  const done = isAudited(entry)
  const written = await app.db.write(
    audited(entry, stillAllowed(viewer)),
    ...rename(viewer, name, done),
    sql`SELECT ${done} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('conflict')
}

export interface NewPassword {
  /** The hash that the current password was found right by. */
  from: string
  to: string
  /** The token of the session that stays; every other one ends. */
  keep: string
}

export async function changePassword(app: App, viewer: Viewer, { from, to, keep }: NewPassword, trail: Trail) {
  const target = { type: 'agent', id: viewer.agentId }
  const entry: AuditEntry = { ...entryOf(app, viewer, trail), action: 'password.changed', target }
  const done = isAudited(entry)
  const written = await app.db.write(
    audited(entry, sql`(${stillAllowed(viewer)} AND ${isPassword(viewer, from)})`),
    bumpAuthz(viewer, sql`${done} AND ${isPassword(viewer, from)}`),
    endOtherSessions(viewer, keep, done),
    setPassword(viewer, to, app.now(), done),
    dropOpenResets(viewer, viewer.agentId, done),
    sql`SELECT ${done} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('conflict')
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: viewer.agentId })
}

/** Ends one of the viewer's sessions. One that is over already is just that. */
export async function endOwnSession(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  const guard = hasSession(viewer, id)
  const target = { type: 'session', id }
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'session.ended', target }, guard),
    bumpAuthz(viewer, guard),
    endSessionById(viewer, id),
  )
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: viewer.agentId })
}

/** Ends every session of the viewer but this one. */
export async function signOutElsewhere(app: App, viewer: Viewer, token: string, trail: Trail): Promise<void> {
  const guard = hasOtherSessions(viewer, token)
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'session.ended_elsewhere' }, guard),
    bumpAuthz(viewer, guard),
    endOtherSessions(viewer, token, sql`1`),
  )
  app.publish({ type: 'agent.changed', workspaceId: viewer.workspaceId, agentId: viewer.agentId })
}
