/** Departments: which there are, what uses one, and how that is moved elsewhere. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { expectsHandBack } from './hand-over.ts'
import { stillAllowed } from './visibility.ts'

export interface DepartmentRow {
  id: string
  name: string
  members: number
  /** Conversations that are not closed. */
  open: number
}

/** Owner and admin see all departments, a supervisor those they supervise. */
export const departmentRows = (scope: Scope) =>
  query<DepartmentRow>(sql`
    SELECT d.id, d.name, coalesce(m.members, 0) AS members, coalesce(n.open, 0) AS open FROM departments d
    LEFT JOIN (SELECT department_id, count(*) AS members FROM department_members
      WHERE workspace_id = ${scope.workspaceId} GROUP BY department_id) m ON m.department_id = d.id
    LEFT JOIN (SELECT department_id, sum(open) AS open FROM inbox_counts
      WHERE workspace_id = ${scope.workspaceId} GROUP BY department_id) n ON n.department_id = d.id
    WHERE ${shownTo(scope)} ORDER BY d.name_key`)

export const departmentFor = (scope: Scope, id: string) =>
  query<{ id: string; name: string }>(
    sql`SELECT d.id, d.name FROM departments d WHERE d.id = ${id} AND ${shownTo(scope)}`,
  )

function shownTo(scope: Scope): SQL {
  const own = sql`d.workspace_id = ${scope.workspaceId}`
  if (scope.role === 'owner' || scope.role === 'admin') return own
  return sql`${own} AND EXISTS (SELECT 1 FROM department_members m
    WHERE m.workspace_id = d.workspace_id AND m.department_id = d.id AND m.agent_id = ${scope.agentId})`
}

/** Above this, "more than" is said: what a page says must not cost what a table holds. */
export const MOST_COUNTED = 10_000

export interface DepartmentUses {
  open: number
  closed: number
  members: number
  /** JSON: the names of the numbers whose new conversations come here. */
  inboxes: string
}

export const departmentUses = ({ workspaceId }: Scope, id: string) =>
  query<DepartmentUses>(sql`SELECT
    (SELECT coalesce(sum(open), 0) FROM inbox_counts WHERE workspace_id = ${workspaceId} AND department_id = ${id}) AS open,
    (SELECT count(*) FROM (${closedIn(workspaceId, id)} LIMIT ${MOST_COUNTED + 1})) AS closed,
    (SELECT count(*) FROM department_members WHERE workspace_id = ${workspaceId} AND department_id = ${id}) AS members,
    (SELECT json_group_array(name) FROM inboxes WHERE workspace_id = ${workspaceId} AND department_id = ${id}) AS inboxes`)

const closedIn = (workspaceId: string, id: string) => sql`SELECT id FROM conversations
  WHERE workspace_id = ${workspaceId} AND department_id = ${id} AND status = 'closed'`

/** Each state of waiting is asked for by itself: that is how the index of open conversations is made. */
const openIn = (workspaceId: string, id: string, waiting: 0 | 1) => sql`SELECT id FROM conversations
  WHERE workspace_id = ${workspaceId} AND department_id = ${id} AND (assignee_id IS NULL) = ${waiting} AND status <> 'closed'`

const exists = (scope: Scope, id: string) =>
  sql`EXISTS (SELECT 1 FROM departments WHERE workspace_id = ${scope.workspaceId} AND id = ${id})`

/** Guard: the actor may still administrate, and what is moved has somewhere to go. */
export const mayBeEmptied = (actor: Scope, id: string, to: string | null) =>
  sql`(${stillAllowed(actor)} AND ${exists(actor, id)} AND ${to === null ? sql`1` : exists(actor, to)})`

/** From here on no new conversation comes to the department by itself. */
export const moveInboxes = (actor: Scope, id: string, to: string | null, guard: SQL) => sql`
  UPDATE inboxes SET department_id = ${to}, version = version + 1
  WHERE workspace_id = ${actor.workspaceId} AND department_id = ${id} AND ${guard}`

/** So many conversations at most; answers with those that are open. */
export const moveConversations = (
  actor: Scope,
  { id, to, most }: { id: string; to: string | null; most: number },
  guard: SQL,
): SQL[] =>
  [openIn(actor.workspaceId, id, 1), openIn(actor.workspaceId, id, 0), closedIn(actor.workspaceId, id)].map(
    (some) => sql`UPDATE conversations SET department_id = ${to}, seq = seq + 1, version = version + 1
      WHERE workspace_id = ${actor.workspaceId} AND id IN (${some} LIMIT ${most}) AND ${guard} RETURNING id, status`,
  )

/** Guard: nothing points to it any more but its people. */
export const isEmptied = (actor: Scope, id: string) => sql`(${stillAllowed(actor)} AND ${exists(actor, id)}
  AND NOT EXISTS (${openIn(actor.workspaceId, id, 0)}) AND NOT EXISTS (${openIn(actor.workspaceId, id, 1)})
  AND NOT EXISTS (${closedIn(actor.workspaceId, id)})
  AND NOT EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${actor.workspaceId} AND department_id = ${id}))`

/** Answers with those whose rights it bumps: what they have may be where they do not belong. */
export const bumpMembers = (actor: Scope, id: string, now: number, guard: SQL) => sql`
  UPDATE agents SET authz_version = authz_version + 1, ${expectsHandBack(actor, now)} WHERE workspace_id = ${actor.workspaceId} AND ${guard}
    AND id IN (SELECT agent_id FROM department_members WHERE workspace_id = ${actor.workspaceId} AND department_id = ${id})
  RETURNING id`

export const clearDepartment = (actor: Scope, id: string, guard: SQL): SQL[] => [
  sql`DELETE FROM department_members WHERE workspace_id = ${actor.workspaceId} AND department_id = ${id} AND ${guard}`,
  sql`DELETE FROM inbox_counts WHERE workspace_id = ${actor.workspaceId} AND department_id = ${id} AND ${guard}`,
  sql`DELETE FROM business_hours WHERE workspace_id = ${actor.workspaceId} AND department_id = ${id} AND ${guard}`,
]
