/** What is said without anybody writing it: what there is to say, and that it is said once. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { InboxRef } from './inbound.ts'
import { insertAttempt, type Windows, withinWindow } from './outbound.ts'

export type AutomaticKind = 'greeting' | 'out_of_hours'

/** Does this workspace say anything by itself? In the batch that stores a message: most workspaces pay this look alone. */
export const answersItself = ({ workspaceId, id }: InboxRef) =>
  query<{ yes: 1 }>(sql`SELECT 1 AS yes FROM greetings WHERE workspace_id = ${workspaceId} AND inbox_id = ${id}
    UNION ALL SELECT 1 FROM business_hours WHERE workspace_id = ${workspaceId} AND answer IS NOT NULL LIMIT 1`)

export interface Occasion {
  message_id: string
  conversation_id: string
  occurred_at: number
  identity_id: string
  locale: 'pt-BR' | 'en' | 'es'
  greeting: string | null
  greeting_once: 'contact' | 'conversation' | null
  /** JSON; null: none are set. */
  week: string | null
  workspace_week: string | null
  answer: string | null
  workspace_answer: string | null
  /** JSON: their days. */
  holidays: string
  /** Nothing was said in the conversation before. */
  begins: 0 | 1
  /** The person never had another with this number. */
  is_first: 0 | 1
}

/** What there is to know about a message that a customer wrote just now, in an inbox that works; of somebody blocked, nothing. */
export const occasionOf = ({ workspaceId, id }: InboxRef, externalId: string) =>
  query<Occasion>(sql`SELECT m.id AS message_id, c.id AS conversation_id, m.occurred_at, c.identity_id, w.locale,
      g.body AS greeting, g.once AS greeting_once, own.week, own.answer, everyones.week AS workspace_week, everyones.answer AS workspace_answer,
      (SELECT json_group_array(day) FROM holidays WHERE workspace_id = ${workspaceId}) AS holidays,
      NOT EXISTS (SELECT 1 FROM messages e WHERE e.workspace_id = ${workspaceId} AND e.conversation_id = c.id AND e.kind = 'message'
        AND e.ingest_ord < m.ingest_ord) AS begins,
      NOT EXISTS (SELECT 1 FROM conversations o WHERE o.workspace_id = ${workspaceId} AND o.identity_id = c.identity_id AND o.id <> c.id) AS is_first
    FROM messages m
    JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
    JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id AND k.blocked_at IS NULL
    JOIN workspaces w ON w.id = c.workspace_id
    JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
    LEFT JOIN greetings g ON g.workspace_id = c.workspace_id AND g.inbox_id = c.inbox_id
    LEFT JOIN business_hours own ON own.workspace_id = c.workspace_id AND own.department_id = c.department_id
    LEFT JOIN business_hours everyones ON everyones.workspace_id = c.workspace_id AND everyones.department_id = ''
    WHERE m.inbox_id = ${id} AND m.external_id = ${externalId} AND m.workspace_id = ${workspaceId} AND m.direction = 'incoming'
      AND m.deleted_at IS NULL AND c.status <> 'closed' AND i.status = 'active'`)

export interface AutomaticAnswer {
  id: string
  attemptId: string
  kind: AutomaticKind
  conversationId: string
  identityId: string
  /** What it is said for: once. */
  period: string
  /** Whatever was said of the kind since then was said for the same; null: that alone counts which has the same period. */
  since: number | null
  body: string
  windows: Windows | null
  now: number
}

/**
 * Stores it with its first attempt, once for what it is said for. The customer goes on waiting, and whoever looks sees as
 * much unread as before: nobody has answered.
 */
export function storeAutomaticAnswer(workspaceId: string, answer: AutomaticAnswer): SQL[] {
  const { id, kind, identityId, period, since, now } = answer
  const said = sql`EXISTS (SELECT 1 FROM automatic_answers WHERE workspace_id = ${workspaceId} AND identity_id = ${identityId}
    AND kind = ${kind} AND (period = ${period}${since === null ? sql`` : sql` OR answered_at >= ${since}`}))`
  const isThere = sql`EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id})`
  const stored = sql`${isThere} AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE workspace_id = ${workspaceId} AND message_id = ${id})`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, body, automatic, occurred_at, ingest_ord, seq, created_at)
      SELECT ${workspaceId}, ${id}, c.id, c.inbox_id, 'outgoing', 'text', ${answer.body}, ${kind}, ${now}, c.seq + 1, c.seq + 1, ${now}
      FROM conversations c WHERE c.workspace_id = ${workspaceId} AND c.id = ${answer.conversationId} AND c.identity_id = ${identityId}
        AND c.status <> 'closed' AND ${withinWindow(answer.windows, now)} AND NOT ${said}`,
    sql`UPDATE conversations SET seq = seq + 1, out_ord = out_ord + 1, last_at = max(last_at, ${now})
      WHERE workspace_id = ${workspaceId} AND id = ${answer.conversationId} AND ${stored}`,
    insertAttempt(workspaceId, id, answer.attemptId, 1, now, stored),
    sql`INSERT INTO automatic_answers (workspace_id, identity_id, kind, period, message_id, answered_at)
      SELECT ${workspaceId}, ${identityId}, ${kind}, ${period}, ${id}, ${now} WHERE ${isThere} ON CONFLICT DO NOTHING`,
  ]
}
