/** One message from the provider's hand to the page, or from the agent's to the customer: what the tables know of its way. */
import { sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope, SendState } from '../records.ts'
import { visibleConversation } from './visibility.ts'

export interface MessageDetails {
  direction: 'incoming' | 'outgoing'
  author_name: string | null
  /** The provider's time, as it said it; null: it said none. */
  provider_at: number | null
  created_at: number
  edited_at: number | null
  deleted_at: number | null
  /** Not of an answer of ours: that stands with its attempts. */
  external_id: string | null
  /** Everything up to then was delivered, and read. */
  delivered_wm: number
  read_wm: number
  occurred_at: number
  /** Names its gateway; never on a page. */
  webhook_key: string
}

const theMessage = (scope: Scope, conversationId: string, messageId: string) => sql`
  FROM conversations c JOIN messages m ON m.workspace_id = c.workspace_id AND m.id = ${messageId} AND m.conversation_id = c.id
  JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
  WHERE c.id = ${conversationId} AND ${visibleConversation(scope)} AND m.kind = 'message' AND m.superseded_by_id IS NULL`

export const messageDetails = (scope: Scope, conversationId: string, messageId: string) =>
  query<MessageDetails>(sql`SELECT m.direction, m.provider_at, m.created_at, m.edited_at, m.deleted_at, m.external_id, m.occurred_at,
      c.delivered_wm, c.read_wm, i.webhook_key,
      (SELECT name FROM agents a WHERE a.workspace_id = m.workspace_id AND a.id = m.author_id) AS author_name
    ${theMessage(scope, conversationId, messageId)}`)

export interface AttemptDetails {
  /** Of the message itself, or of what was done to it afterwards. */
  of: 'message' | 'edit' | 'delete'
  no: number
  state: SendState
  tries: number
  created_at: number
  /** When the provider took it. */
  sent_at: number | null
  not_before: number
  error_code: string | null
  error_detail: string | null
  external_id: string | null
}

/** Every time that it was handed to the provider, what was done to it afterwards included, in order. */
export const attemptDetails = (scope: Scope, conversationId: string, messageId: string) =>
  query<AttemptDetails>(sql`SELECT CASE WHEN s.message_id = ${messageId} THEN 'message'
        ELSE (SELECT type FROM messages x WHERE x.workspace_id = s.workspace_id AND x.id = s.message_id) END AS of,
      s.no, s.state, s.tries, s.created_at, s.sent_at, s.not_before, s.error_code, s.error_detail, s.external_id
    FROM send_attempts s WHERE s.workspace_id = ${scope.workspaceId}
      AND s.message_id IN (SELECT ${messageId} UNION ALL SELECT id FROM messages
        WHERE workspace_id = ${scope.workspaceId} AND superseded_by_id = ${messageId} AND type IN ('edit', 'delete'))
      AND EXISTS (SELECT 1 ${theMessage(scope, conversationId, messageId)})
    ORDER BY s.created_at, s.no LIMIT 100`)
