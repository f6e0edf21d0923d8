/** What an agent has before their eyes, and what they have typed and not sent. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { ADDRESSES, ofSameThread } from './messages.ts'
import { stillAllowed, visibleConversation } from './visibility.ts'

/**
 * Unread belongs to the conversation: it is read when its assignee has it before their eyes, or anyone while it waits.
 * `seq` is what they saw: what came after it stays unread. Whoever saw less than was seen before changes nothing.
 */
export function markSeen(scope: Scope, conversationId: string, seq: number): SQL[] {
  const mine = sql`(c.assignee_id IS NULL OR c.assignee_id = ${scope.agentId})`
  const after = sql`(SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.seq > ${seq}
    AND m.ingest_ord > ${seq} AND m.direction = 'incoming')`
  return [
    sql`UPDATE conversations AS c SET seq = c.seq + 1, unread = ${after}
      WHERE c.id = ${conversationId} AND ${visibleConversation(scope)} AND ${mine} AND c.unread > 0 AND ${stillAllowed(scope)}
        AND c.unread > ${after}`,
  ]
}

/** The provider's id of the customer's newest message and their addresses, to tell them that it was read. */
export const newestIncoming = (scope: Scope, conversationId: string) =>
  query<{ external_id: string; webhook_key: string; addresses: string }>(sql`SELECT m.external_id, i.webhook_key,
      ${ADDRESSES} AS addresses
    FROM messages m
    JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
    JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
    WHERE m.workspace_id = ${scope.workspaceId} AND m.conversation_id = ${conversationId} AND m.direction = 'incoming'
      AND m.external_id IS NOT NULL AND ${visibleConversation(scope)}
    ORDER BY m.occurred_at DESC, m.ingest_ord DESC LIMIT 1`)

/** An empty draft is no draft. */
export function storeDraft(
  scope: Scope,
  draft: { conversationId: string; body: string; replyToId: string | null; now: number },
): SQL[] {
  if (draft.body === '' && draft.replyToId === null) {
    return [
      sql`DELETE FROM drafts WHERE workspace_id = ${scope.workspaceId} AND agent_id = ${scope.agentId}
        AND kind = 'reply' AND conversation_id IN ${ofSameThread(scope, draft.conversationId)}`,
    ]
  }
  return [
    sql`INSERT INTO drafts (workspace_id, agent_id, conversation_id, kind, body, reply_to_id, updated_at)
      SELECT ${scope.workspaceId}, ${scope.agentId}, c.id, 'reply', ${draft.body}, ${draft.replyToId}, ${draft.now}
      FROM conversations c WHERE c.id = ${draft.conversationId} AND ${visibleConversation(scope)} AND ${stillAllowed(scope)}
      ON CONFLICT (workspace_id, agent_id, conversation_id, kind) DO UPDATE
        SET body = excluded.body, reply_to_id = excluded.reply_to_id, updated_at = excluded.updated_at
        WHERE drafts.updated_at <= excluded.updated_at`,
  ]
}
