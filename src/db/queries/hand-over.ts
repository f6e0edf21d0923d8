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
export function handOver(
  workspaceId: string,
  agentId: string,
  given: { conversationId: string; messageId: string }[],
  at: number,
): SQL[] {
  const pairs = JSON.stringify(given.map(({ conversationId, messageId }) => [conversationId, messageId]))
  const successor = sql`SELECT a.id, a.name FROM agents g JOIN agents a ON a.workspace_id = g.workspace_id AND a.id = g.successor_id
    WHERE g.workspace_id = c.workspace_id AND g.id = c.assignee_id AND ${mayAnswer}`
  const mayMove = sql`${isHeldBy(workspaceId, agentId)} AND EXISTS (
    SELECT 1 FROM agents g WHERE g.workspace_id = c.workspace_id AND g.id = c.assignee_id AND g.deactivated_at IS NOT NULL)`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, occurred_at, ingest_ord,
        author_id, seq, raw, created_at)
      SELECT c.workspace_id, j.value ->> 1, c.id, c.inbox_id, 'activity', 'outgoing', 'handed_over', ${at}, c.seq + 1,
        f.deactivated_by_id, c.seq + 1, json_object('from', f.name, 'agent', (SELECT name FROM (${successor}))), ${at}
      FROM json_each(${pairs}) j JOIN conversations c ON c.workspace_id = ${workspaceId} AND c.id = j.value ->> 0
      JOIN agents f ON f.workspace_id = c.workspace_id AND f.id = c.assignee_id
      WHERE ${mayMove} ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations AS c SET seq = c.seq + 1, version = c.version + 1, assignee_id = (SELECT id FROM (${successor}))
      WHERE c.id IN (SELECT j.value ->> 0 FROM json_each(${pairs}) j JOIN messages m ON m.workspace_id = ${workspaceId}
        AND m.id = j.value ->> 1 AND m.conversation_id = j.value ->> 0) AND ${mayMove}`,
  ]
}
