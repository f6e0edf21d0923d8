/** Links that let people in: who may make them, what they give, and that each does it once. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Role, Scope } from '../records.ts'
import { isNewEmail } from './people.ts'
import { stillAllowed } from './visibility.ts'

export interface NewInvitation {
  id: string
  tokenHash: string
  role: Role
  departmentIds: string[]
  inboxIds: string[]
  now: number
  expiresAt: number
}

/** Every place is one of the workspace's. */
export const placesAreOwn = ({ workspaceId }: Scope, { departmentIds, inboxIds }: NewInvitation) => sql`(
  (SELECT count(*) FROM departments WHERE workspace_id = ${workspaceId} AND id IN (SELECT value FROM json_each(${JSON.stringify(departmentIds)}))) = ${departmentIds.length}
  AND (SELECT count(*) FROM inboxes WHERE workspace_id = ${workspaceId} AND id IN (SELECT value FROM json_each(${JSON.stringify(inboxIds)}))) = ${inboxIds.length})`

export const storeInvitation = (actor: Scope, made: NewInvitation): SQL => sql`
  INSERT INTO invitations (workspace_id, id, token_hash, role, department_ids, inbox_ids, invited_by, created_at, expires_at)
  SELECT ${actor.workspaceId}, ${made.id}, ${made.tokenHash}, ${made.role}, ${JSON.stringify(made.departmentIds)},
    ${JSON.stringify(made.inboxIds)}, ${actor.agentId}, ${made.now}, ${made.expiresAt}
  WHERE ${stillAllowed(actor)} AND ${placesAreOwn(actor, made)} ON CONFLICT DO NOTHING`

export interface OpenInvitation {
  id: string
  role: Role
  /** JSON: the names of its departments. */
  departments: string
  invited_by: string
  expires_at: number
}

const isOpen = (now: number) => sql`i.used_by IS NULL AND i.revoked_at IS NULL AND i.expires_at > ${now}`

export const openInvitations = ({ workspaceId }: Scope, now: number) =>
  query<OpenInvitation>(sql`SELECT i.id, i.role, i.expires_at, a.name AS invited_by,
    (SELECT json_group_array(d.name) FROM departments d WHERE d.workspace_id = i.workspace_id
      AND d.id IN (SELECT value FROM json_each(i.department_ids))) AS departments
    FROM invitations i JOIN agents a ON a.workspace_id = i.workspace_id AND a.id = i.invited_by
    WHERE i.workspace_id = ${workspaceId} AND ${isOpen(now)} ORDER BY i.id DESC LIMIT 100`)

/** An owner's invitation is an owner's to take back. */
export const mayBeRevoked = (actor: Scope, id: string, now: number) => sql`(${stillAllowed(actor)} AND EXISTS (
  SELECT 1 FROM invitations i WHERE i.workspace_id = ${actor.workspaceId} AND i.id = ${id} AND ${isOpen(now)}
    AND (i.role <> 'owner' OR ${actor.role} = 'owner')))`

export const revokeInvitation = (actor: Scope, id: string, now: number, guard: SQL): SQL => sql`
  UPDATE invitations SET revoked_at = ${now} WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND ${guard}`

export interface Offered {
  id: string
  workspace_id: string
  workspace_name: string
  role: Role
  invited_by: string
}

/** What whoever holds the link is offered. No scope: the link is what says who may look. */
export const invitationBy = (tokenHash: string, now: number) =>
  query<Offered>(sql`SELECT i.id, i.workspace_id, w.name AS workspace_name, i.role, a.name AS invited_by
    FROM invitations i JOIN workspaces w ON w.id = i.workspace_id
    JOIN agents a ON a.workspace_id = i.workspace_id AND a.id = i.invited_by
    WHERE i.token_hash = ${tokenHash} AND ${isOpen(now)}`)

/** The first statement of taking it: of two who hold the same link, one. */
export const takeInvitation = (tokenHash: string, agentId: string, email: string, now: number): SQL => sql`
  UPDATE invitations AS i SET used_by = ${agentId}
  WHERE i.token_hash = ${tokenHash} AND ${isOpen(now)} AND ${isNewEmail(email)}`

/** Guard of the rest, and the answer: it is taken, by this one. */
export const isTakenBy = (tokenHash: string, agentId: string): SQL =>
  sql`EXISTS (SELECT 1 FROM invitations WHERE token_hash = ${tokenHash} AND used_by = ${agentId})`

/** What is gone meanwhile is left out. */
export const joinPlaces = (of: { workspaceId: string; tokenHash: string; agentId: string; now: number }): SQL[] => {
  const given = (column: SQL) => sql`(SELECT j.value FROM invitations i, json_each(${column}) j
    WHERE i.token_hash = ${of.tokenHash} AND i.used_by = ${of.agentId})`
  return [
    sql`INSERT INTO department_members (workspace_id, agent_id, department_id, created_at)
      SELECT ${of.workspaceId}, ${of.agentId}, d.id, ${of.now} FROM departments d
      WHERE d.workspace_id = ${of.workspaceId} AND d.id IN ${given(sql`i.department_ids`)} ON CONFLICT DO NOTHING`,
    sql`INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at)
      SELECT ${of.workspaceId}, ${of.agentId}, n.id, ${of.now} FROM inboxes n
      WHERE n.workspace_id = ${of.workspaceId} AND n.status <> 'removed' AND n.id IN ${given(sql`i.inbox_ids`)} ON CONFLICT DO NOTHING`,
  ]
}

/** What a new person may be given. */
export const placesToOffer = ({ workspaceId }: Scope) =>
  query<{ kind: 'department' | 'inbox'; id: string; name: string }>(sql`
    SELECT 'department' AS kind, id, name FROM departments WHERE workspace_id = ${workspaceId}
    UNION ALL SELECT 'inbox', id, name FROM inboxes WHERE workspace_id = ${workspaceId} AND status <> 'removed'
    ORDER BY kind, name`)
