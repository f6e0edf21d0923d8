/**
 * Blocking a person, and the way back. While somebody is blocked no conversation with them is open: whatever opens one
 * asks for that in its own batch, and whatever sends asks for an open conversation anyway.
 */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { contactStands } from './contacts.ts'
import { seesEverything, visibleConversation } from './visibility.ts'

/** More than one person ever has open at once: one a number and address. What is beyond them is closed without a line. */
export const MOST_LINES = 20

export interface OpenWith {
  /** Open conversations, and how many of them the agent does not see. */
  open: number
  hidden: number
}

export const openWith = (scope: Scope, contactId: string) =>
  query<OpenWith>(sql`SELECT count(*) AS open, coalesce(sum(NOT (${visibleConversation(scope)})), 0) AS hidden FROM conversations c
    WHERE c.workspace_id = ${scope.workspaceId} AND c.contact_id = ${contactId} AND c.status <> 'closed'`)

/** Guard: they are not blocked, and nothing is closed by it that the agent does not see. */
export const mayBlock = (
  scope: Scope,
  contactId: string,
) => sql`(${contactStands(scope, contactId)} AND ${isBlocked(scope, contactId)} = 0
  AND ${
    seesEverything(scope)
      ? sql`1`
      : sql`NOT EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = ${scope.workspaceId} AND c.contact_id = ${contactId}
          AND c.status <> 'closed' AND NOT (${visibleConversation(scope)}))`
  })`

export const mayUnblock = (scope: Scope, contactId: string) =>
  sql`(${contactStands(scope, contactId)} AND ${isBlocked(scope, contactId)})`

export const isBlocked = ({ workspaceId }: Pick<Scope, 'workspaceId'>, contactId: string | SQL) =>
  sql`EXISTS (SELECT 1 FROM contacts b WHERE b.workspace_id = ${workspaceId} AND b.id = ${contactId} AND b.blocked_at IS NOT NULL)`

export interface Blocking {
  contactId: string
  /** Null: two who are one turned out to be blocked. */
  authorId: string | null
  /** Ids for the lines in the threads: `MOST_LINES`. */
  lineIds: string[]
  now: number
}

/** The last statement makes the guard false. */
export const storeBlock = (scope: Scope, blocking: Blocking): SQL[] => {
  const guard = mayBlock(scope, blocking.contactId)
  return [
    ...shutOut(scope.workspaceId, blocking, guard, { orNewest: true }),
    sql`UPDATE contacts SET blocked_at = ${blocking.now}, blocked_by_id = ${blocking.authorId}
      WHERE workspace_id = ${scope.workspaceId} AND id = ${blocking.contactId} AND ${guard}`,
  ]
}

/** Nothing that came meanwhile becomes news: the next message opens a conversation as always. */
export const storeUnblock = (scope: Scope, { contactId, authorId, lineIds, now }: Blocking): SQL[] => {
  const { workspaceId } = scope
  const guard = mayUnblock(scope, contactId)
  return [
    storeLines(workspaceId, { contactId, authorId, lineIds, now }, sql`c.place = 0 AND ${guard}`, 'contact_unblocked'),
    sql`UPDATE conversations SET seq = seq + 1 WHERE workspace_id = ${workspaceId} AND id IN ${conversationsWith(workspaceId, lineIds)} AND ${guard}`,
    sql`UPDATE contacts SET blocked_at = NULL, blocked_by_id = NULL WHERE workspace_id = ${workspaceId} AND id = ${contactId} AND ${guard}`,
  ]
}

/**
 * What is open with the person is closed, with a line that says why, and what waits to leave is canceled; but not what
 * only changes or takes back what they have. Of answers in a provider's hands nothing is known yet: `recordOutcome` asks.
 */
export function shutOut(
  workspaceId: string,
  blocking: Blocking,
  guard: SQL,
  { orNewest = false }: { orNewest?: boolean } = {},
): SQL[] {
  const { contactId, authorId, lineIds, now } = blocking
  const which = orNewest ? sql`(c.status <> 'closed' OR c.place = 0)` : sql`c.status <> 'closed'`
  const waiting = sql`SELECT s.workspace_id, s.id, s.conversation_id, s.ord, coalesce(m.superseded_by_id, m.id) AS shown_id FROM conversations c
    CROSS JOIN send_attempts s ON s.inbox_id = c.inbox_id AND s.conversation_id = c.id AND s.state IN ('queued', 'sending')
    CROSS JOIN messages m ON m.workspace_id = s.workspace_id AND m.id = s.message_id
    WHERE c.workspace_id = ${workspaceId} AND c.contact_id = ${contactId} AND s.state = 'queued' AND m.type NOT IN ('edit', 'delete') AND ${guard}`
  const rows = sql`(SELECT workspace_id, shown_id, conversation_id, row_number() OVER (PARTITION BY conversation_id ORDER BY min(ord)) AS place
    FROM (${waiting}) GROUP BY workspace_id, shown_id, conversation_id)`
  return [
    storeLines(workspaceId, blocking, sql`${which} AND ${guard}`, 'contact_blocked'),
    sql`UPDATE conversations SET seq = seq + 1, version = version + (status <> 'closed'), unread = 0, waiting_since = NULL, snoozed_until = NULL,
        closed_at = CASE status WHEN 'closed' THEN closed_at ELSE ${now} END,
        closed_by_id = CASE status WHEN 'closed' THEN closed_by_id ELSE ${authorId} END, status = 'closed'
      WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId} AND ${guard}
        AND (status <> 'closed' OR id IN ${conversationsWith(workspaceId, lineIds)})`,
    sql`UPDATE messages SET seq = (SELECT seq FROM conversations c WHERE c.workspace_id = messages.workspace_id AND c.id = messages.conversation_id) + r.place
      FROM ${rows} r WHERE messages.workspace_id = r.workspace_id AND messages.id = r.shown_id RETURNING messages.id`,
    sql`UPDATE conversations SET seq = seq + r.many
      FROM (SELECT workspace_id, conversation_id, count(DISTINCT shown_id) AS many FROM (${waiting}) GROUP BY 1, 2) r
      WHERE conversations.workspace_id = r.workspace_id AND conversations.id = r.conversation_id`,
    sql`UPDATE send_attempts SET state = 'canceled', rank = 35, error_class = NULL, error_code = 'contact_blocked', error_detail = NULL, lease_until = NULL
      WHERE workspace_id = ${workspaceId} AND id IN (SELECT id FROM (${waiting}))`,
  ]
}

/** Of the statements above: the one that names the messages that will not leave. */
export const CANCELED = 2

/** The lines that a batch wrote of those ids. */
export const linesWritten = ({ workspaceId }: Pick<Scope, 'workspaceId'>, lineIds: string[]) =>
  sql`SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND id IN ${listed(lineIds)}`

/** `c`: each conversation of the person with its place among them, the open ones first, then the newest. */
const storeLines = (
  workspaceId: string,
  { contactId, authorId, lineIds, now }: Blocking,
  which: SQL,
  type: 'contact_blocked' | 'contact_unblocked',
) =>
  sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, occurred_at, ingest_ord, author_id, seq, raw, created_at)
    SELECT c.workspace_id, j.value, c.id, c.inbox_id, 'activity', 'outgoing', ${type}, ${now}, c.seq + 1, ${authorId}, c.seq + 1,
      json_object('was', c.status), ${now}
    FROM (SELECT *, row_number() OVER (ORDER BY status = 'closed', opened_at DESC, id DESC) - 1 AS place FROM conversations
      WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId}) c
    JOIN json_each(${JSON.stringify(lineIds)}) j ON j.key = c.place
    WHERE ${which} ON CONFLICT DO NOTHING`

const conversationsWith = (workspaceId: string, lineIds: string[]) =>
  sql`(SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id IN ${listed(lineIds)})`

const listed = (ids: string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`
