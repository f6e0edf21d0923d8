/** What somebody had who works here no longer: how much it is, who could take it, and how it moves. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { mayAnswer } from './acts.ts'

/** Of a conversation `c`: it is open, and theirs. */
const isHeldBy = (workspaceId: string, agentId: string | SQL) =>
  sql`c.workspace_id = ${workspaceId} AND c.assignee_id = ${agentId} AND c.status <> 'closed'`

/** How many open conversations an agent has. */
export const heldBy = ({ workspaceId }: Scope, agentId: string) =>
  query<{ open: number }>(sql`SELECT count(*) AS open FROM conversations c WHERE ${isHeldBy(workspaceId, agentId)}`)

export interface Successor {
  id: string
  name: string
  /** What they have already. */
  open: number
  /** How many of the others' they could answer. */
  takes: number
}

/** Colleagues who could take some of what the agent has: each of it asked about number, department and who they are. */
export const successorsOf = ({ workspaceId }: Scope, agentId: string) =>
  query<Successor>(sql`
    WITH held AS (SELECT c.workspace_id, c.inbox_id, c.department_id, count(*) AS n FROM conversations c
      WHERE ${isHeldBy(workspaceId, agentId)} GROUP BY c.inbox_id, c.department_id)
    SELECT id, name, open, takes FROM (
      SELECT a.id, a.name, coalesce(o.open, 0) AS open, (SELECT coalesce(sum(c.n), 0) FROM held c WHERE ${mayAnswer}) AS takes
      FROM agents a LEFT JOIN assignee_counts o ON o.workspace_id = a.workspace_id AND o.assignee_id = a.id
      WHERE a.workspace_id = ${workspaceId} AND a.id <> ${agentId} AND a.deactivated_at IS NULL)
    WHERE takes > 0 ORDER BY name COLLATE NOCASE, id`)

/** Guard: nobody, or a colleague who works here. */
export const canSucceed = ({ workspaceId }: Scope, agentId: string, successorId: string | null): SQL =>
  successorId === null
    ? sql`1`
    : sql`EXISTS (SELECT 1 FROM agents WHERE workspace_id = ${workspaceId} AND id = ${successorId} AND id <> ${agentId}
        AND deactivated_at IS NULL)`

/** Some of what somebody still has who was deactivated; none while they work here. */
export const leftBehind = (workspaceId: string, agentId: string, most: number) =>
  query<{ id: string }>(sql`SELECT c.id FROM agents g JOIN conversations c ON ${isHeldBy(workspaceId, sql`g.id`)}
    WHERE g.workspace_id = ${workspaceId} AND g.id = ${agentId} AND g.deactivated_at IS NOT NULL ORDER BY c.id LIMIT ${most}`)

/** Who was deactivated and still has something: a hand-over that broke off, a conversation that was opened again. */
export const agentsWithSomethingLeft = (most: number) =>
  query<{ workspace_id: string; id: string }>(sql`SELECT a.workspace_id, a.id FROM agents a
    WHERE a.deactivated_at IS NOT NULL AND EXISTS (SELECT 1 FROM assignee_counts o
      WHERE o.workspace_id = a.workspace_id AND o.assignee_id = a.id AND o.open > 0) LIMIT ${most}`)

/**
 * Each goes to the successor where they may answer it, else to its queue, with a row in its thread. What moved meanwhile,
 * or whose agent works here again, stays where it is.
 */
export function handOver(workspaceId: string, agentId: string, given: Given[], at: number): SQL[] {
  return move(workspaceId, given, at, {
    mayMove: sql`${isHeldBy(workspaceId, agentId)} AND EXISTS (
      SELECT 1 FROM agents g WHERE g.workspace_id = c.workspace_id AND g.id = c.assignee_id AND g.deactivated_at IS NOT NULL)`,
    author: sql`f.deactivated_by_id`,
    to: sql`SELECT a.id, a.name FROM agents g JOIN agents a ON a.workspace_id = g.workspace_id AND a.id = g.successor_id
      WHERE g.workspace_id = c.workspace_id AND g.id = c.assignee_id AND ${mayAnswer}`,
  })
}

/** Of a conversation `c`: whoever has it works here, and may answer it no more. */
const isOutOfReach = sql`EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = c.workspace_id AND a.id = c.assignee_id
  AND a.deactivated_at IS NULL AND NOT (${mayAnswer}))`

/** Stands in the change that takes something from an agent, so that what follows from it is never forgotten. */
export const expectsHandBack = (actor: Pick<Scope, 'agentId'>, now: number) =>
  sql`hand_back_since = ${now}, hand_back_by_id = ${actor.agentId}`

/** The agent was taken out of somewhere. */
export const expectHandBack = (actor: Scope, agentId: string, now: number, guard: SQL) => sql`
  UPDATE agents SET ${expectsHandBack(actor, now)} WHERE workspace_id = ${actor.workspaceId} AND id = ${agentId} AND ${guard}`

/** Whoever has the conversation was taken out of its place while it was closed. */
export const expectHandBackOf = (actor: Scope, conversationId: string, now: number, guard: SQL) => sql`
  UPDATE agents SET ${expectsHandBack(actor, now)} WHERE workspace_id = ${actor.workspaceId} AND ${guard}
    AND id = (SELECT c.assignee_id FROM conversations c
      WHERE c.workspace_id = ${actor.workspaceId} AND c.id = ${conversationId} AND ${isOutOfReach})`

/** Who works here and may have something out of reach, the longest known first. */
export const agentsToHandBack = (most: number) =>
  query<{ workspace_id: string; id: string }>(sql`SELECT workspace_id, id FROM agents
    WHERE hand_back_since >= 0 AND deactivated_at IS NULL ORDER BY hand_back_since LIMIT ${most}`)

/** They have nothing out of reach; where they still do, nothing changes. */
export const settleHandBack = (workspaceId: string, agentId: string) => sql`
  UPDATE agents SET hand_back_since = NULL, hand_back_by_id = NULL
  WHERE workspace_id = ${workspaceId} AND id = ${agentId} AND hand_back_since IS NOT NULL AND deactivated_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM conversations c WHERE ${isHeldBy(workspaceId, agentId)} AND ${isOutOfReach})`

/** Some of what an agent has and may answer no more. */
export const outOfReach = (workspaceId: string, agentId: string, most: number) =>
  query<{ id: string }>(sql`SELECT c.id FROM conversations c WHERE ${isHeldBy(workspaceId, agentId)} AND ${isOutOfReach}
    ORDER BY c.id LIMIT ${most}`)

/** Each goes back to its queue, with a row in its thread that names who saw to it. */
export const handBack = (workspaceId: string, agentId: string, given: Given[], at: number): SQL[] =>
  move(workspaceId, given, at, {
    mayMove: sql`${isHeldBy(workspaceId, agentId)} AND ${isOutOfReach}`,
    author: sql`f.hand_back_by_id`,
    to: sql`SELECT NULL AS id, NULL AS name`,
  })

/** A conversation, and the id of the row that tells of it. */
interface Given {
  conversationId: string
  messageId: string
}

/**
 * `mayMove` holds of the conversation `c` until it has moved; `author` is of whoever had it, `f`; `to` is one agent, or none.
 * CROSS JOIN: the few that are given come first, never all that the workspace has.
 */
function move(
  workspaceId: string,
  given: Given[],
  at: number,
  { mayMove, author, to }: { mayMove: SQL; author: SQL; to: SQL },
): SQL[] {
  const pairs = JSON.stringify(given.map(({ conversationId, messageId }) => [conversationId, messageId]))
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, occurred_at, ingest_ord,
        author_id, seq, raw, created_at)
      SELECT c.workspace_id, j.value ->> 1, c.id, c.inbox_id, 'activity', 'outgoing', 'handed_over', ${at}, c.seq + 1,
        ${author}, c.seq + 1, json_object('from', f.name, 'agent', (SELECT name FROM (${to}))), ${at}
      FROM json_each(${pairs}) j CROSS JOIN conversations c ON c.workspace_id = ${workspaceId} AND c.id = j.value ->> 0
      JOIN agents f ON f.workspace_id = c.workspace_id AND f.id = c.assignee_id
      WHERE ${mayMove} ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations AS c SET seq = c.seq + 1, version = c.version + 1, assignee_id = (SELECT id FROM (${to}))
      WHERE c.id IN (SELECT j.value ->> 0 FROM json_each(${pairs}) j CROSS JOIN messages m ON m.workspace_id = ${workspaceId}
        AND m.id = j.value ->> 1 AND m.conversation_id = j.value ->> 0) AND ${mayMove}`,
  ]
}
