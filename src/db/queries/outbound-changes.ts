/**
 * What we change about a message of ours that the provider has: other words for it, or none. A row that is sent like a
 * message, and shown on the message that it concerns. Other words are shown at once; the words before stay as a version,
 * and come back where the provider refuses.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { AuditAction } from '../audit-actions.ts'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { bumpThread } from './inbound.ts'
import { takeBack } from './inbound-changes.ts'
import { insertAttempt } from './outbound.ts'
import { stillAllowed, visibleConversation } from './visibility.ts'

export interface NewChange {
  /** Of the row that carries it. */
  id: string
  attemptId: string
  conversationId: string
  /** The message that it concerns. */
  messageId: string
  /** Nothing is changed that was sent before; null: however long ago. */
  since: number | null
  now: number
}

export interface NewEdit extends NewChange {
  /** Of the row that keeps the words as they were. */
  versionId: string
  clientKey: string
  /** What it says, as the agent saw it, and what it is to say. */
  from: string
  to: string
  bodyHash: string
}

/** Whoever wrote it may change it, and whoever supervises. */
export const mayChangeAnswers = ({ role }: Pick<Scope, 'role'>) => role !== 'agent'

/** What the provider calls the message named `t`; null: it does not have it. */
const EXTERNAL_ID = sql`coalesce(t.external_id, (SELECT s.external_id FROM send_attempts s WHERE s.workspace_id = t.workspace_id
  AND s.message_id = t.id AND s.external_id IS NOT NULL AND s.state IN ('sent', 'delivered', 'read') ORDER BY s.no DESC LIMIT 1))`

/** When it took it. */
export const SENT_AT = (message: SQL) => sql`coalesce((SELECT max(s.sent_at) FROM send_attempts s
  WHERE s.workspace_id = ${message}.workspace_id AND s.message_id = ${message}.id), ${message}.occurred_at)`

/** The message named `t`, and its conversation `c`, where this agent may change it now and it has not been taken back. */
function changeable(scope: Scope, { conversationId, messageId, since }: NewChange): SQL {
  return sql`conversations c JOIN messages t ON t.workspace_id = c.workspace_id AND t.conversation_id = c.id AND t.id = ${messageId}
    WHERE c.id = ${conversationId} AND ${visibleConversation(scope)} AND c.status <> 'closed' AND ${stillAllowed(scope)}
      AND t.direction = 'outgoing' AND t.kind = 'message' AND t.superseded_by_id IS NULL AND t.deleted_at IS NULL
      ${mayChangeAnswers(scope) ? sql`` : sql`AND t.author_id = ${scope.agentId}`}
      AND ${EXTERNAL_ID} IS NOT NULL ${since === null ? sql`` : sql`AND ${SENT_AT(sql`t`)} > ${since}`}
      AND NOT EXISTS (SELECT 1 FROM messages x CROSS JOIN send_attempts s ON s.workspace_id = x.workspace_id AND s.message_id = x.id
        WHERE x.workspace_id = t.workspace_id AND x.superseded_by_id = t.id AND x.type = 'delete' AND s.state NOT IN ('failed', 'canceled', 'unknown'))`
}

const isNew = ({ workspaceId }: Scope, { id }: NewChange) =>
  sql`EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id})
    AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE workspace_id = ${workspaceId} AND message_id = ${id})`

/** Other words, once for one client key, and only for those that the agent saw. */
export function storeEdit(scope: Scope, edit: NewEdit): SQL[] {
  const { workspaceId, agentId } = scope
  const { id, versionId, from, to, clientKey, now } = edit
  const stands = sql`${changeable(scope, edit)} AND t.body = ${from}
    AND NOT EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND author_id = ${agentId} AND client_key = ${clientKey})`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, body, superseded_by_id, occurred_at, ingest_ord,
        author_id, edit_rank, edited_at, seq, created_at)
      SELECT t.workspace_id, ${versionId}, t.conversation_id, t.inbox_id, 'outgoing', 'version', t.body, t.id,
        coalesce(t.edited_at, t.occurred_at), c.seq + 1, t.author_id, t.edit_rank, t.edited_at, c.seq + 1, ${now}
      FROM ${stands} AND NOT EXISTS (SELECT 1 FROM messages v WHERE v.workspace_id = t.workspace_id AND v.superseded_by_id = t.id
        AND v.type IN ('edit', 'version') AND v.body = t.body)`,
    sql`UPDATE conversations SET seq = seq + 1 WHERE workspace_id = ${workspaceId} AND id = ${edit.conversationId}
      AND seq + 1 = (SELECT seq FROM messages WHERE workspace_id = ${workspaceId} AND id = ${versionId})`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, body, reply_to_external_id, superseded_by_id,
        occurred_at, ingest_ord, author_id, client_key, body_hash, edit_rank, edited_at, seq, created_at)
      SELECT t.workspace_id, ${id}, t.conversation_id, t.inbox_id, 'outgoing', 'edit', ${to}, ${EXTERNAL_ID}, t.id,
        ${now}, c.seq + 1, ${agentId}, ${clientKey}, ${edit.bodyHash}, max(${now}, coalesce(t.edit_rank, 0) + 1), ${now}, c.seq + 1, ${now}
      FROM ${stands}`,
    ...changeRow(scope, edit, 'message.edited'),
    sql`UPDATE messages SET body = e.body, edit_rank = e.edit_rank, edited_at = e.edited_at
      FROM (SELECT body, edit_rank, edited_at FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${isNew(scope, edit)}) e
      WHERE workspace_id = ${workspaceId} AND id = ${edit.messageId}`,
    insertAttempt(workspaceId, id, edit.attemptId, 1, now, isNew(scope, edit)),
  ]
}

/** Taken back, unless that is under way or done. What it says stays until the provider has done it. */
export function storeDelete(scope: Scope, change: NewChange): SQL[] {
  const { workspaceId, agentId } = scope
  const { id, now } = change
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, reply_to_external_id, superseded_by_id,
        occurred_at, ingest_ord, author_id, seq, created_at)
      SELECT t.workspace_id, ${id}, t.conversation_id, t.inbox_id, 'outgoing', 'delete', ${EXTERNAL_ID}, t.id,
        ${now}, c.seq + 1, ${agentId}, c.seq + 1, ${now}
      FROM ${changeable(scope, change)} ON CONFLICT DO NOTHING`,
    ...changeRow(scope, change, 'message.deleted'),
    insertAttempt(workspaceId, id, change.attemptId, 1, now, isNew(scope, change)),
  ]
}

/** The row takes its place in the thread's count and in the order of what leaves; whose doing it is is written down. */
const changeRow = (scope: Scope, change: NewChange, action: AuditAction): SQL[] => [
  sql`UPDATE conversations SET seq = seq + 1, out_ord = out_ord + 1
    WHERE workspace_id = ${scope.workspaceId} AND id = ${change.conversationId} AND ${isNew(scope, change)}`,
  sql`INSERT INTO audit_log (workspace_id, id, actor_id, action, target_type, target_id, created_at)
    SELECT ${scope.workspaceId}, ${change.id}, ${scope.agentId}, ${action}, 'message', ${change.messageId}, ${change.now}
    WHERE ${isNew(scope, change)} ON CONFLICT DO NOTHING`,
  ...bumpThread(
    scope.workspaceId,
    sql`(SELECT id FROM messages WHERE workspace_id = ${scope.workspaceId} AND id = ${change.messageId} AND ${isNew(scope, change)})`,
  ),
]

const claimedAs = (workspaceId: string, attemptId: string, leaseId: string) =>
  sql`workspace_id = ${workspaceId} AND id = ${attemptId} AND lease_id = ${leaseId} AND state = 'sending'`

/** The provider has done it: of what was taken back nothing is left. */
export function recordChanged(workspaceId: string, attemptId: string, leaseId: string, now: number): SQL[] {
  const mine = claimedAs(workspaceId, attemptId, leaseId)
  const shown = (
    type: string,
  ) => sql`(SELECT superseded_by_id FROM messages WHERE workspace_id = ${workspaceId} AND type = ${type}
    AND id = (SELECT message_id FROM send_attempts WHERE ${mine}))`
  return [
    ...bumpThread(workspaceId, shown('edit')),
    ...takeBack(workspaceId, shown('delete'), now),
    sql`UPDATE send_attempts SET state = 'sent', rank = 30, sent_at = ${now}, lease_until = NULL,
      error_class = NULL, error_code = NULL, error_detail = NULL WHERE ${mine}`,
  ]
}

/** An edit that failed: what was said before it stands again, unless something else was said since. */
export const restoreWords = (workspaceId: string, attemptId: string): SQL =>
  sql`UPDATE messages SET body = w.body, edit_rank = w.edit_rank, edited_at = w.edited_at
    FROM (SELECT x.superseded_by_id AS target, x.edit_rank AS undone, v.body, v.edit_rank, v.edited_at
      FROM send_attempts s CROSS JOIN messages x ON x.workspace_id = s.workspace_id AND x.id = s.message_id AND x.type = 'edit'
        CROSS JOIN messages v ON v.workspace_id = x.workspace_id AND v.superseded_by_id = x.superseded_by_id AND v.type IN ('edit', 'version')
      WHERE s.workspace_id = ${workspaceId} AND s.id = ${attemptId} AND s.state = 'failed' AND NOT EXISTS (SELECT 1 FROM send_attempts f
        WHERE f.workspace_id = v.workspace_id AND f.message_id = v.id AND f.state = 'failed')
      ORDER BY coalesce(v.edit_rank, -1) DESC LIMIT 1) w
    WHERE workspace_id = ${workspaceId} AND id = w.target AND messages.edit_rank = w.undone AND deleted_at IS NULL`

export interface StoredVersion {
  body: string
  at: number
  by: string | null
  edited: number
}

/** Everything that a message of ours has said, the newest first; what the provider refused it never said. */
export const versionsOf = (scope: Scope, conversationId: string, messageId: string) =>
  query<StoredVersion>(sql`SELECT v.body, v.occurred_at AS at, g.name AS by, v.type = 'edit' AS edited
    FROM messages v LEFT JOIN agents g ON g.workspace_id = v.workspace_id AND g.id = v.author_id
    WHERE v.workspace_id = ${scope.workspaceId} AND v.superseded_by_id = ${messageId} AND v.conversation_id = ${conversationId}
      AND v.type IN ('edit', 'version') AND v.body IS NOT NULL
      AND EXISTS (SELECT 1 FROM conversations c WHERE c.id = ${conversationId} AND ${visibleConversation(scope)})
      AND NOT EXISTS (SELECT 1 FROM send_attempts f WHERE f.workspace_id = v.workspace_id AND f.message_id = v.id AND f.state = 'failed')
    ORDER BY v.ingest_ord DESC LIMIT 100`)
