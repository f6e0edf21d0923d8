/** Sessions of the sign-in library, as far as we read and end them ourselves. */
import { type SQL, sql } from 'drizzle-orm'
import type { AuditAction } from '../audit-actions.ts'
import { type Db, type Query, query } from '../client.ts'
import type { Locale, Role, Scope, Viewer } from '../records.ts'
import type { Trail } from './audit.ts'

export interface StoredSession {
  created_at: number
  updated_at: number
  expires_at: number
  workspace_id: string
  agent_id: string
  role: Role
  authz_version: number
  name: string
  email: string
  locale: Locale | null
  theme: Viewer['theme']
  workspace_name: string
  time_zone: string
  own_time_zone: string | null
  sounds: string | null
  list_filters: string
  department_ids: string
}

/** The session and the agent behind it, if that agent may work; whether it is over is the caller's to see. */
export const sessionWithAgent = (token: string): Query<StoredSession> =>
  query(sql`
    SELECT s.created_at, s.updated_at, s.expires_at, a.workspace_id, a.id AS agent_id, a.role, a.authz_version, a.name, a.email,
      a.locale, a.theme, a.list_filters, w.name AS workspace_name,
      coalesce(a.time_zone, w.time_zone) AS time_zone, a.time_zone AS own_time_zone, a.sounds,
      (SELECT json_group_array(m.department_id) FROM department_members m
        WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS department_ids
    FROM session s JOIN agents a ON a.user_id = s.user_id JOIN workspaces w ON w.id = a.workspace_id
    WHERE s.token = ${token} AND a.deactivated_at IS NULL`)

/** What the agent of a session may see now; null where the session is over. Sessions are few, and their hashes are kept nowhere. */
export async function scopeBySession(
  db: Db,
  { workspaceId, agentId }: Pick<Scope, 'workspaceId' | 'agentId'>,
  sessionHash: string,
  now: number,
): Promise<Scope | null> {
  const [rows] = await db.read(
    query<Pick<StoredSession, 'role' | 'authz_version' | 'department_ids'> & { token: string }>(sql`
      SELECT s.token, a.role, a.authz_version, (SELECT json_group_array(m.department_id) FROM department_members m
        WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS department_ids
      FROM agents a JOIN session s ON s.user_id = a.user_id
      WHERE a.workspace_id = ${workspaceId} AND a.id = ${agentId} AND a.deactivated_at IS NULL AND s.expires_at > ${now}`),
  )
  for (const { token, role, authz_version, department_ids } of rows) {
    if ((await sessionHashOf(token)) === sessionHash)
      return { workspaceId, agentId, role, authzVersion: authz_version, departmentIds: JSON.parse(department_ids) }
  }
  return null
}

/** Puts off the end of an idle session, unless another request just did. */
export const extendSession = (token: string, seen: { updatedAt: number; now: number; expiresAt: number }) =>
  sql`UPDATE session SET updated_at = ${seen.now}, expires_at = ${seen.expiresAt} WHERE token = ${token} AND updated_at = ${seen.updatedAt}`

/** Of a person's sessions the newest stay: the oldest and the expired go. */
export const keepNewestSessions = (userId: string, keep: number, now: number) =>
  sql`DELETE FROM session WHERE ${surplus(userId, keep, now)}`

const surplus = (
  userId: string,
  keep: number,
  now: number,
) => sql`user_id = ${userId} AND (expires_at <= ${now} OR id NOT IN (
  SELECT id FROM session WHERE user_id = ${userId} ORDER BY created_at DESC, id DESC LIMIT ${keep}))`

/**
 * Before a sign-in ends the session that the browser had, and those that are too many: whatever their agents have open is
 * asked anew. Answers with the agents.
 */
export const bumpAuthzOfLeaving = (
  { before, userId }: { before: string | null; userId: string },
  keep: number,
  now: number,
) => sql`UPDATE agents SET authz_version = authz_version + 1
  WHERE user_id IN (SELECT user_id FROM session WHERE token = ${before} OR ${surplus(userId, keep, now)})
  RETURNING workspace_id, id`

export const endSession = (token: string) => sql`DELETE FROM session WHERE token = ${token}`

export const sessionExists = (token: string) => sql`EXISTS (SELECT 1 FROM session WHERE token = ${token})`

/** An open session as its owner sees it. */
export interface SessionRow {
  id: string
  createdAt: number
  lastSeenAt: number
  current: boolean
  userAgent: string | null
}

interface StoredOwnSession {
  id: string
  created_at: number
  updated_at: number
  user_agent: string | null
  current: number
}

/** The viewer's open sessions, the last used first; `token` is the one that asks. */
export const ownSessions = ({ workspaceId, agentId }: Scope, token: string, now: number) =>
  query<StoredOwnSession>(sql`
    SELECT id, created_at, updated_at, user_agent, token = ${token} AS current FROM session
    WHERE user_id = ${userOf(workspaceId, agentId)} AND expires_at > ${now} ORDER BY updated_at DESC, id`)

export const toSession = (row: StoredOwnSession): SessionRow => ({
  id: row.id,
  createdAt: row.created_at,
  lastSeenAt: row.updated_at,
  current: row.current === 1,
  userAgent: row.user_agent || null,
})

const userOf = (workspaceId: string, agentId: string) =>
  sql`(SELECT user_id FROM agents WHERE workspace_id = ${workspaceId} AND id = ${agentId})`

export const anySessionOf = (workspaceId: string, agentId: string) =>
  sql`EXISTS (SELECT 1 FROM session WHERE user_id = ${userOf(workspaceId, agentId)})`

export const endSessionsOf = (workspaceId: string, agentId: string, guard: SQL = sql`1`) =>
  sql`DELETE FROM session WHERE user_id = ${userOf(workspaceId, agentId)} AND ${guard}`

/** All but the one that asks. */
export const endOtherSessions = ({ workspaceId, agentId }: Scope, token: string, guard: SQL) =>
  sql`DELETE FROM session WHERE user_id = ${userOf(workspaceId, agentId)} AND token <> ${token} AND ${guard}`

export const hasOtherSessions = ({ workspaceId, agentId }: Scope, token: string) =>
  sql`EXISTS (SELECT 1 FROM session WHERE user_id = ${userOf(workspaceId, agentId)} AND token <> ${token})`

/** One of the viewer's own. */
export const hasSession = ({ workspaceId, agentId }: Scope, id: string) =>
  sql`EXISTS (SELECT 1 FROM session WHERE user_id = ${userOf(workspaceId, agentId)} AND id = ${id})`

export const endSessionById = ({ workspaceId, agentId }: Scope, id: string) =>
  sql`DELETE FROM session WHERE user_id = ${userOf(workspaceId, agentId)} AND id = ${id}`

/** A sign-in, kept with the agent whom it meant; an e-mail that nobody has leaves no row. */
export const auditedSignIn = (attempt: {
  id: string
  email: string
  action: AuditAction
  at: number
  trail: Trail
}) => sql`
  INSERT INTO audit_log (workspace_id, id, actor_id, session_hash, address_hash, action, target_type, target_id, request_id, created_at)
  SELECT a.workspace_id, ${attempt.id}, CASE WHEN ${attempt.trail.sessionHash ?? null} IS NULL THEN NULL ELSE a.id END,
    ${attempt.trail.sessionHash ?? null}, ${attempt.trail.addressHash ?? null}, ${attempt.action}, 'agent', a.id,
    ${attempt.trail.requestId ?? null}, ${attempt.at}
  FROM user u JOIN agents a ON a.user_id = u.id WHERE u.email = ${attempt.email}
  ON CONFLICT (workspace_id, id) DO NOTHING`

/** Names a session without being able to open it: what is kept with a socket, in a cookie, in the audit log. */
export async function sessionHashOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
