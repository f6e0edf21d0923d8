/** Agents: who they are, whether they may still do what they did, and what changes that. */
import { type SQL, sql } from 'drizzle-orm'
import { type Db, query } from '../client.ts'
import { readAs } from '../read-as.ts'
import type { Locale, Role, Scope, Viewer } from '../records.ts'
import type { Sounds } from '../sounds.ts'
import { expectsHandBack } from './hand-over.ts'
import { stillAllowed } from './visibility.ts'

/** A row of the settings' list. */
export interface AgentRow {
  id: string
  name: string
  email: string
  role: Role
  departments: string[]
  deactivatedAt: number | null
  /** Whether a code is asked of them besides the password. */
  twoFactor: boolean
}

interface StoredAgent {
  id: string
  name: string
  email: string
  role: Role
  departments: string
  deactivated_at: number | null
  two_factor: number | null
}

/** Everyone of the workspace: those who work here first, by name. */
export async function agentsOf(db: Db, scope: Scope): Promise<AgentRow[]> {
  const [rows] = await readAs(
    db,
    scope,
    query<StoredAgent>(sql`${AGENT_ROWS} WHERE a.workspace_id = ${scope.workspaceId}
      ORDER BY a.deactivated_at IS NOT NULL, a.name COLLATE NOCASE, a.id`),
  )
  return rows.map(toAgentRow)
}

export const agentQuery = ({ workspaceId }: Scope, id: string) =>
  query<StoredAgent>(sql`${AGENT_ROWS} WHERE a.workspace_id = ${workspaceId} AND a.id = ${id}`)

export async function agentFor(db: Db, scope: Scope, id: string): Promise<AgentRow | null> {
  const [rows] = await db.read(agentQuery(scope, id))
  return rows[0] ? toAgentRow(rows[0]) : null
}

const AGENT_ROWS = sql`
  SELECT a.id, a.name, a.email, a.role, a.deactivated_at,
    (SELECT two_factor_enabled FROM user WHERE id = a.user_id) AS two_factor,
    (SELECT json_group_array(d.name) FROM department_members m
      JOIN departments d ON d.workspace_id = m.workspace_id AND d.id = m.department_id
      WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS departments
  FROM agents a`

export const toAgentRow = ({ departments, deactivated_at, two_factor, ...agent }: StoredAgent): AgentRow => ({
  ...agent,
  twoFactor: two_factor === 1,
  departments: JSON.parse(departments) as string[],
  deactivatedAt: deactivated_at,
})

/** The agent whom a sign-in stands for, if they may work. */
export async function activeAgentOfUser(
  db: Db,
  userId: string,
): Promise<{ workspaceId: string; agentId: string } | null> {
  const [rows] = await db.read(
    query<{ workspace_id: string; id: string }>(
      sql`SELECT workspace_id, id FROM agents WHERE user_id = ${userId} AND deactivated_at IS NULL`,
    ),
  )
  return rows[0] ? { workspaceId: rows[0].workspace_id, agentId: rows[0].id } : null
}

/** Guard: the actor may still administrate, and this agent works here and can be spared. */
export const mayBeDeactivated = (actor: Scope, id: string) => sql`(${stillAllowed(actor)} AND EXISTS (
  SELECT 1 FROM agents a WHERE a.workspace_id = ${actor.workspaceId} AND a.id = ${id} AND a.deactivated_at IS NULL
    AND (a.role <> 'owner' OR 1 < (SELECT count(*) FROM agents o
      WHERE o.workspace_id = a.workspace_id AND o.role = 'owner' AND o.deactivated_at IS NULL))))`

export const mayBeReactivated = (actor: Scope, id: string) => sql`(${stillAllowed(actor)} AND EXISTS (
  SELECT 1 FROM agents a WHERE a.workspace_id = ${actor.workspaceId} AND a.id = ${id} AND a.deactivated_at IS NOT NULL))`

export const setDeactivated = (
  actor: Scope,
  { id, successorId }: { id: string; successorId: string | null },
  at: number,
  guard: SQL,
) => sql`
  UPDATE agents SET deactivated_at = ${at}, deactivated_by_id = ${actor.agentId}, successor_id = ${successorId},
    authz_version = authz_version + 1
  WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND ${guard}`

export const setReactivated = (actor: Scope, id: string, guard: SQL) => sql`
  UPDATE agents SET deactivated_at = NULL, deactivated_by_id = NULL, successor_id = NULL, authz_version = authz_version + 1
  WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND ${guard}`

/**
 * Guard: the actor may still administrate, the agent still has the role that the page showed, and an owner who works here
 * is not the last one.
 */
export const mayChangeRole = (
  actor: Scope,
  id: string,
  { role, was }: { role: Role; was: Role },
) => sql`(${stillAllowed(actor)}
  AND ${role} <> ${was} AND EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = ${actor.workspaceId} AND a.id = ${id} AND a.role = ${was}
    AND (a.role <> 'owner' OR a.deactivated_at IS NOT NULL OR 1 < (SELECT count(*) FROM agents o
      WHERE o.workspace_id = a.workspace_id AND o.role = 'owner' AND o.deactivated_at IS NULL))))`

export const setRole = (actor: Scope, id: string, role: Role, now: number, guard: SQL) => sql`
  UPDATE agents SET role = ${role}, authz_version = authz_version + 1, ${expectsHandBack(actor, now)}
  WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND ${guard}`

/** Whatever was allowed under the old version is asked anew. */
export const bumpAuthz = ({ workspaceId, agentId }: Pick<Scope, 'workspaceId' | 'agentId'>, guard: SQL) => sql`
  UPDATE agents SET authz_version = authz_version + 1 WHERE workspace_id = ${workspaceId} AND id = ${agentId} AND ${guard}`

/** How colleagues see them, and how the sign-in calls them. */
export const rename = (viewer: Scope, name: string, guard: SQL): SQL[] => [
  sql`UPDATE agents SET name = ${name} WHERE workspace_id = ${viewer.workspaceId} AND id = ${viewer.agentId} AND ${guard}`,
  sql`UPDATE user SET name = ${name} WHERE ${guard}
    AND id = (SELECT user_id FROM agents WHERE workspace_id = ${viewer.workspaceId} AND id = ${viewer.agentId})`,
]

export const setSounds = (viewer: Scope, sounds: Sounds) => sql`
  UPDATE agents SET sounds = ${JSON.stringify(sounds)}
  WHERE workspace_id = ${viewer.workspaceId} AND id = ${viewer.agentId} AND ${stillAllowed(viewer)}`

export interface Profile {
  locale: Locale | null
  theme: Viewer['theme']
  /** Null: the workspace's. */
  timeZone: string | null
}

export const setProfile = (viewer: Scope, { locale, theme, timeZone }: Profile) => sql`
  UPDATE agents SET locale = ${locale}, theme = ${theme}, time_zone = ${timeZone}
  WHERE workspace_id = ${viewer.workspaceId} AND id = ${viewer.agentId} AND ${stillAllowed(viewer)}`
