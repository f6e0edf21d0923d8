/** Reactions of ours on their way out: a row that is sent like a message, and shown on the message that it concerns. */
import { type SQL, sql } from 'drizzle-orm'
import type { Scope } from '../records.ts'
import { bumpThread, shownAs } from './inbound.ts'
import { insertAttempt, type Windows, withinWindow } from './outbound.ts'
import { stillAllowed, visibleConversation } from './visibility.ts'

export interface NewReaction {
  /** Of the row that carries it. */
  id: string
  attemptId: string
  conversationId: string
  /** The message of the customer's that it concerns. */
  messageId: string
  /** Null: takes it back. */
  emoji: string | null
  windows: Windows | null
  now: number
}

/**
 * Stores it with its attempt, unless that is how we react already: so it is sent once however often it is asked for. One
 * that was not sent may be asked for again. It moves no conversation and ends no waiting.
 */
export function storeReaction(scope: Scope, reaction: NewReaction): SQL[] {
  const { workspaceId, agentId } = scope
  const { id, emoji, now } = reaction
  const isNew = sql`EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id})
    AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE workspace_id = ${workspaceId} AND message_id = ${id})`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, body, reply_to_external_id, superseded_by_id,
        occurred_at, ingest_ord, author_id, seq, created_at)
      SELECT ${workspaceId}, ${id}, c.id, c.inbox_id, 'outgoing', 'reaction', ${emoji}, t.external_id, t.id,
        ${now}, c.seq + 1, ${agentId}, c.seq + 1, ${now}
      FROM conversations c JOIN messages t ON t.workspace_id = c.workspace_id AND t.conversation_id = c.id AND t.id = ${reaction.messageId}
      WHERE c.id = ${reaction.conversationId} AND ${visibleConversation(scope)} AND c.status <> 'closed' AND ${stillAllowed(scope)}
        AND ${withinWindow(reaction.windows, now)} AND t.direction = 'incoming' AND t.external_id IS NOT NULL AND t.deleted_at IS NULL
        AND (${ours(sql`r.emoji`)} IS NOT ${emoji} OR ${ours(sql`(SELECT s.state FROM send_attempts s
          WHERE s.workspace_id = r.workspace_id AND s.message_id = r.sent_by_id ORDER BY s.no DESC LIMIT 1)`)} IN ('failed', 'unknown', 'canceled'))
      ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations SET seq = seq + 1, out_ord = out_ord + 1
      WHERE workspace_id = ${workspaceId} AND id = ${reaction.conversationId} AND ${isNew}`,
    sql`INSERT INTO reactions (workspace_id, message_id, side, emoji, sent_by_id, reacted_at)
      SELECT ${workspaceId}, ${reaction.messageId}, 'team', ${emoji}, ${id}, ${now} WHERE ${isNew}
      ON CONFLICT (workspace_id, message_id, side) DO UPDATE SET emoji = excluded.emoji, sent_by_id = excluded.sent_by_id,
        reacted_at = max(reacted_at, excluded.reacted_at)`,
    ...bumpThread(
      workspaceId,
      sql`(SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${shownAs(workspaceId, sql`${id}`)} AND ${isNew})`,
    ),
    insertAttempt(workspaceId, id, reaction.attemptId, 1, now, isNew),
  ]
}

/** Of our reaction to the message named `t`. */
const ours = (what: SQL) =>
  sql`(SELECT ${what} FROM reactions r WHERE r.workspace_id = t.workspace_id AND r.message_id = t.id AND r.side = 'team')`
