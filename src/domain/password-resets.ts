/** A colleague who forgot their password: an administrator makes a link, and whoever has it chooses another one, once. */
import { sql } from 'drizzle-orm'
import { sha256 } from '../channels/json.ts'
import { agentFor, bumpAuthz } from '../db/queries/agents.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import {
  dropOpenResets,
  isOpenReset,
  mayBeReset,
  type OpenReset,
  resetBy,
  storeReset,
  useReset,
} from '../db/queries/password-resets.ts'
import { setPassword } from '../db/queries/people.ts'
import { endSessionsOf } from '../db/queries/sessions.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'

const VALID_MS = 24 * 3_600_000

/** Answers with the token of the link. It is kept by its hash alone, and ends every earlier one of that colleague. */
export async function makeReset(app: App, viewer: Viewer, agentId: string, trail: Trail): Promise<string> {
  refuseUnlessAdministrator(viewer)
  const agent = await agentFor(app.db, viewer, agentId)
  if (!agent) throw new AppError('not_found')
  // One's own takes the password that one has.
  if (agentId === viewer.agentId || (agent.role === 'owner' && viewer.role !== 'owner')) throw new AppError('forbidden')
  const token = `${app.secret()}${app.secret()}`
  const now = app.now()
  const made = { id: app.newId(), agentId, tokenHash: await sha256(token), now, expiresAt: now + VALID_MS }
  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: 'password.reset_offered',
    target: { type: 'agent', id: agentId },
  }
  const done = isAudited(entry)
  const written = await app.db.write(
    audited(entry, mayBeReset(viewer, agentId)),
    dropOpenResets(viewer, agentId, sql`${done} AND token_hash <> ${made.tokenHash}`),
    storeReset(viewer, made, done),
    sql`SELECT ${done} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('conflict')
  return token
}

/** Whose password the link changes; null: it was used, replaced, is too old, or never was. */
export async function openReset(app: App, token: string): Promise<OpenReset | null> {
  const [[reset]] = await app.db.read(resetBy(await sha256(token), app.now()))
  return reset ?? null
}

/** Every session ends with the old password. Throws `not_found` where the link is good for nothing. */
export async function takeReset(app: App, token: string, passwordHash: string, trail: Trail): Promise<OpenReset> {
  const reset = await openReset(app, token)
  if (!reset) throw new AppError('not_found')
  const of = { workspaceId: reset.workspace_id, agentId: reset.agent_id }
  const [tokenHash, at] = [await sha256(token), app.now()]
  const entry: AuditEntry = {
    ...{ workspaceId: of.workspaceId, id: app.newId(), actorId: of.agentId, action: 'password.reset', at },
    ...{
      target: { type: 'agent', id: of.agentId },
      detail: { link: reset.id },
      trail: { ...trail, sessionHash: null },
    },
  }
  const done = isAudited(entry)
  const written = await app.db.write(
    audited(entry, isOpenReset(tokenHash, at)),
    bumpAuthz(of, sql`${done} AND ${isOpenReset(tokenHash, at)}`),
    endSessionsOf(of.workspaceId, of.agentId, sql`${done} AND ${isOpenReset(tokenHash, at)}`),
    setPassword(of, passwordHash, at, done),
    useReset(tokenHash, at, done),
    sql`SELECT ${done} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('not_found')
  app.publish({ type: 'agent.changed', ...of })
  return reset
}
