/** Where an agent works: departments they belong to, and numbers they may use. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Role, Scope } from '../records.ts'
import { stillAllowed } from './visibility.ts'

export type PlaceKind = 'department' | 'inbox'

export interface Membership {
  kind: PlaceKind
  placeId: string
  agentId: string
}

const TABLE: Record<PlaceKind, { links: SQL; place: SQL; places: SQL }> = {
  department: { links: sql`department_members`, place: sql`department_id`, places: sql`departments` },
  inbox: { links: sql`inbox_agents`, place: sql`inbox_id`, places: sql`inboxes` },
}

const linked = (scope: Scope, { kind, placeId, agentId }: Membership) => sql`EXISTS (SELECT 1 FROM ${TABLE[kind].links}
  WHERE workspace_id = ${scope.workspaceId} AND agent_id = ${agentId} AND ${TABLE[kind].place} = ${placeId})`

/** Guard: the actor may still administrate, and this agent; both ends exist, and do not belong together yet. */
export const mayBeAdded = (actor: Scope, of: Membership) => sql`(${stillAllowed(actor)} AND NOT ${linked(actor, of)}
  AND ${canBeChangedBy(actor, of.agentId)}
  AND EXISTS (SELECT 1 FROM ${TABLE[of.kind].places} WHERE workspace_id = ${actor.workspaceId} AND id = ${of.placeId}))`

export const mayBeTakenOut = (actor: Scope, of: Membership) =>
  sql`(${stillAllowed(actor)} AND ${linked(actor, of)} AND ${canBeChangedBy(actor, of.agentId)})`

/** Guard: it is not so yet. */
export const isStillToDo = (scope: Scope, of: Membership, inside: boolean) =>
  inside ? sql`NOT ${linked(scope, of)}` : linked(scope, of)

/** An owner is changed by owners alone. */
export const canBeChangedBy = (actor: Scope, agentId: string) => sql`EXISTS (
  SELECT 1 FROM agents WHERE workspace_id = ${actor.workspaceId} AND id = ${agentId} AND (role <> 'owner' OR ${actor.role} = 'owner'))`

export const addMember = (actor: Scope, { kind, placeId, agentId }: Membership, now: number, guard: SQL) => sql`
  INSERT INTO ${TABLE[kind].links} (workspace_id, agent_id, ${TABLE[kind].place}, created_at)
  SELECT ${actor.workspaceId}, ${agentId}, ${placeId}, ${now} WHERE ${guard} ON CONFLICT DO NOTHING`

export const takeOutMember = (actor: Scope, { kind, placeId, agentId }: Membership, guard: SQL) => sql`
  DELETE FROM ${TABLE[kind].links} WHERE workspace_id = ${actor.workspaceId} AND agent_id = ${agentId}
    AND ${TABLE[kind].place} = ${placeId} AND ${guard}`

/** What is so now: whether both ends exist, and whether they belong together. */
export const membershipNow = (scope: Scope, of: Membership) =>
  query<{ place: number; role: Role | null; linked: number }>(sql`SELECT
    EXISTS (SELECT 1 FROM ${TABLE[of.kind].places} WHERE workspace_id = ${scope.workspaceId} AND id = ${of.placeId}) AS place,
    (SELECT role FROM agents WHERE workspace_id = ${scope.workspaceId} AND id = ${of.agentId}) AS role,
    ${linked(scope, of)} AS linked`)

/** Whether both are there. */
export const inboxAndDepartment = ({ workspaceId }: Scope, inboxId: string, departmentId: string) =>
  query<{ inbox: number; department: number }>(sql`SELECT
    EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${workspaceId} AND id = ${inboxId} AND status <> 'removed') AS inbox,
    EXISTS (SELECT 1 FROM departments WHERE workspace_id = ${workspaceId} AND id = ${departmentId}) AS department`)

/** Of a department: whoever works here, may not use the number yet, and may be changed by the actor. */
const newcomers = (actor: Scope, inboxId: string, departmentId: string) => sql`
  SELECT m.agent_id FROM department_members m
  JOIN agents a ON a.workspace_id = m.workspace_id AND a.id = m.agent_id
  WHERE m.workspace_id = ${actor.workspaceId} AND m.department_id = ${departmentId} AND a.deactivated_at IS NULL
    AND (a.role <> 'owner' OR ${actor.role} = 'owner')
    AND NOT EXISTS (SELECT 1 FROM inbox_agents i
      WHERE i.workspace_id = m.workspace_id AND i.agent_id = m.agent_id AND i.inbox_id = ${inboxId})`

/** Guard: somebody of the department would be added. */
export const hasNewcomers = (actor: Scope, inboxId: string, departmentId: string) => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${actor.workspaceId} AND id = ${inboxId})
  AND EXISTS (${newcomers(actor, inboxId, departmentId)}))`

/** Answers with those whose rights it bumps. */
export const bumpNewcomers = (actor: Scope, inboxId: string, departmentId: string, guard: SQL) => sql`
  UPDATE agents SET authz_version = authz_version + 1
  WHERE workspace_id = ${actor.workspaceId} AND id IN (${newcomers(actor, inboxId, departmentId)}) AND ${guard} RETURNING id`

export const addNewcomers = (actor: Scope, inboxId: string, departmentId: string, now: number, guard: SQL) => sql`
  INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at)
  SELECT ${actor.workspaceId}, agent_id, ${inboxId}, ${now} FROM (${newcomers(actor, inboxId, departmentId)}) WHERE ${guard}
  ON CONFLICT DO NOTHING`

/** A person in a list of those who work somewhere. */
export interface MemberRow {
  id: string
  name: string
  email: string
  role: Role
  deactivated: number
  /** JSON: the names of their departments. */
  departments: string
}

/** Of everyone in the workspace, those who work there (or who do not, and could be added). */
export const membersOf = (scope: Scope, kind: PlaceKind, placeId: string, inside: boolean) =>
  query<MemberRow>(sql`
    SELECT a.id, a.name, a.email, a.role, a.deactivated_at IS NOT NULL AS deactivated,
      (SELECT json_group_array(d.name) FROM department_members m
        JOIN departments d ON d.workspace_id = m.workspace_id AND d.id = m.department_id
        WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS departments
    FROM agents a WHERE a.workspace_id = ${scope.workspaceId}
      AND ${inside ? sql`` : sql`a.deactivated_at IS NULL AND ${canChange(scope)} AND NOT`} EXISTS (SELECT 1 FROM ${TABLE[kind].links} l
        WHERE l.workspace_id = a.workspace_id AND l.agent_id = a.id AND l.${TABLE[kind].place} = ${placeId})
    ORDER BY a.name COLLATE NOCASE, a.id`)

const canChange = (scope: Scope) => (scope.role === 'owner' ? sql`1` : sql`a.role <> 'owner'`)

export interface PlaceRow {
  kind: PlaceKind
  id: string
  name: string
  /** Does the agent work there? */
  inside: number
}

/** All departments and numbers of the workspace, and whether this agent works there. */
export const placesOf = (scope: Scope, agentId: string) =>
  query<PlaceRow>(sql`
    SELECT 'department' AS kind, d.id, d.name, ${linkedTo('department', agentId)} AS inside
    FROM departments d WHERE d.workspace_id = ${scope.workspaceId}
    UNION ALL SELECT 'inbox', d.id, d.name, ${linkedTo('inbox', agentId)}
    FROM inboxes d WHERE d.workspace_id = ${scope.workspaceId} AND d.status <> 'removed' ORDER BY 1, 3 COLLATE NOCASE, 2`)

const linkedTo = (kind: PlaceKind, agentId: string) => sql`EXISTS (SELECT 1 FROM ${TABLE[kind].links} l
  WHERE l.workspace_id = d.workspace_id AND l.agent_id = ${agentId} AND l.${TABLE[kind].place} = d.id)`
