/** What an agent does to a conversation: one row of its thread, and the change, both or neither. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { stillAllowed, visibleConversation } from './visibility.ts'

export interface Act {
  /** Of the row in the thread; the same when the batch is repeated. */
  id: string
  type: 'accepted' | 'transferred' | 'closed' | 'reopened'
  conversationId: string
  /** Names as they were then: what happened does not change when somebody is renamed. */
  detail: Record<string, string | null>
  /** Written for colleagues. */
  note: string | null
  at: number
}

/** `guard` holds of the conversation `c` until the change itself makes it false. */
export function storeAct(scope: Scope, act: Act, guard: SQL, changes: SQL): SQL[] {
  const mayAct = sql`c.id = ${act.conversationId} AND ${visibleConversation(scope)} AND ${stillAllowed(scope)} AND ${guard}`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, body, occurred_at, ingest_ord,
        author_id, seq, raw, created_at)
      SELECT ${scope.workspaceId}, ${act.id}, c.id, c.inbox_id, 'activity', 'outgoing', ${act.type}, ${act.note}, ${act.at}, c.seq + 1,
        ${scope.agentId}, c.seq + 1, ${JSON.stringify(act.detail)}, ${act.at}
      FROM conversations c WHERE ${mayAct} ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations AS c SET seq = c.seq + 1, version = c.version + 1, ${changes}
      WHERE ${mayAct} AND EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${scope.workspaceId} AND id = ${act.id})`,
  ]
}

/** Did the act take place? */
export const actTookPlace = (scope: Scope, actId: string) =>
  sql`EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${scope.workspaceId} AND id = ${actId})`

export const isWaiting = sql`c.status = 'open' AND c.assignee_id IS NULL`

/** Nothing moved since the page was drawn, and the customer has said nothing that was not on it. */
export const mayClose = (
  version: number,
  seq: number,
) => sql`c.status <> 'closed' AND c.version = ${version} AND NOT EXISTS (
  SELECT 1 FROM messages m WHERE m.conversation_id = c.id AND m.seq > ${seq} AND m.ingest_ord > ${seq} AND m.direction = 'incoming')`

/** Since when the customer waits, where they spoke last. */
export const unansweredSince = sql`(SELECT CASE WHEN m.direction = 'incoming' THEN m.occurred_at END FROM messages m
  WHERE m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.kind = 'message' AND m.superseded_by_id IS NULL AND m.automatic IS NULL
  ORDER BY m.occurred_at DESC, m.ingest_ord DESC LIMIT 1)`

/**
 * Nobody else may have begun a new one with the same person meanwhile: there is one open conversation, always; and none with
 * somebody who is blocked. Who was erased is gone.
 */
export const mayReopen = sql`c.status = 'closed' AND NOT EXISTS (
  SELECT 1 FROM conversations o WHERE o.inbox_id = c.inbox_id AND o.identity_id = c.identity_id AND o.status <> 'closed')
  AND NOT EXISTS (SELECT 1 FROM contacts k WHERE k.workspace_id = c.workspace_id AND k.id = c.contact_id
    AND (k.erased_at IS NOT NULL OR k.blocked_at IS NOT NULL))
  AND NOT EXISTS (SELECT 1 FROM inboxes i WHERE i.workspace_id = c.workspace_id AND i.id = c.inbox_id AND i.status = 'removed')`

/** The page's version, and a receiver who belongs to the department and may use the number. */
export function mayTransfer(scope: Scope, to: { departmentId: string; agentId: string | null }, version: number): SQL {
  const department = sql`EXISTS (SELECT 1 FROM departments d WHERE d.workspace_id = ${scope.workspaceId} AND d.id = ${to.departmentId})`
  const agent =
    to.agentId === null
      ? sql`1`
      : sql`EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = ${scope.workspaceId} AND a.id = ${to.agentId} AND ${mayReceive(to.departmentId)})`
  return sql`c.status <> 'closed' AND c.version = ${version} AND ${department} AND ${agent}`
}

/** Of an agent `a` and a conversation `c`: they would see it in that department, and may answer on its number. */
const mayReceive = (departmentId: string | SQL) => sql`a.deactivated_at IS NULL AND (
  a.role IN ('owner', 'admin') OR ${worksIn(departmentId)})`

/** Of an agent `a` and a conversation `c` as it stands: they may answer it. Whoever has it already keeps it as long as this holds. */
export const mayAnswer = sql`a.deactivated_at IS NULL AND (
  a.role IN ('owner', 'admin') OR ${worksIn(sql`c.department_id`)} OR c.department_id IS NULL AND ${answersNumber()})`

/** As `visibleConversation` has it of whoever asks: a supervisor answers their departments on every number. */
function worksIn(departmentId: string | SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM department_members m WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id
    AND m.department_id = ${departmentId}) AND (a.role = 'supervisor' OR ${answersNumber()})`
}

function answersNumber(): SQL {
  return sql`EXISTS (SELECT 1 FROM inbox_agents i WHERE i.workspace_id = a.workspace_id AND i.agent_id = a.id AND i.inbox_id = c.inbox_id)`
}

export interface Receiver {
  department_id: string
  department_name: string
  /** Null: the department's queue. */
  agent_id: string | null
  agent_name: string | null
  open: number
}

/** Where this conversation may go: each department, and in each those who may take it, with how much they have. */
export const receiversFor = (scope: Scope, conversationId: string) =>
  query<Receiver>(sql`
    SELECT d.id AS department_id, d.name AS department_name, NULL AS agent_id, NULL AS agent_name, 0 AS open
    FROM departments d WHERE d.workspace_id = ${scope.workspaceId}
    UNION ALL
    SELECT d.id, d.name, a.id, a.name, coalesce(n.open, 0)
    FROM conversations c
    JOIN departments d ON d.workspace_id = c.workspace_id
    JOIN agents a ON a.workspace_id = c.workspace_id
    LEFT JOIN assignee_counts n ON n.workspace_id = a.workspace_id AND n.assignee_id = a.id
    WHERE c.id = ${conversationId} AND ${visibleConversation(scope)} AND ${mayReceive(sql`d.id`)}
      AND (a.role NOT IN ('owner', 'admin') OR EXISTS (
        SELECT 1 FROM department_members m WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id AND m.department_id = d.id))
    ORDER BY department_name, agent_name`)

export const closeReasonsOf = (scope: Scope) =>
  query<{ id: string; name: string; farewell: string | null }>(
    sql`SELECT id, name, farewell FROM close_reasons WHERE workspace_id = ${scope.workspaceId} ORDER BY name_key`,
  )

/** The conversation before this one in the same thread: same person, same inbox, and visible to whoever asks. */
export const previousConversation = (scope: Scope, conversationId: string) =>
  query<{ id: string }>(sql`SELECT c.id FROM conversations c
    JOIN conversations here ON here.workspace_id = c.workspace_id AND here.id = ${conversationId}
    WHERE c.identity_id = here.identity_id AND c.opened_at < here.opened_at AND ${visibleConversation(scope)}
    ORDER BY c.opened_at DESC LIMIT 1`)

/** The open conversation of the same thread, where this one is closed and the customer has written again. */
export const nextConversation = (scope: Scope, conversationId: string) =>
  query<{ id: string }>(sql`SELECT c.id FROM conversations c
    JOIN conversations here ON here.workspace_id = c.workspace_id AND here.id = ${conversationId}
    WHERE here.status = 'closed' AND c.identity_id = here.identity_id AND c.inbox_id = here.inbox_id AND c.status <> 'closed'
      AND ${visibleConversation(scope)} LIMIT 1`)
