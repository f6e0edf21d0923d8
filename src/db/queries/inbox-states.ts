/** A number that rests, goes on, or is removed: what was said on it stays, and nothing comes or goes any more. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { ChannelName, InboxStatus, Scope } from '../records.ts'
import { MOST_COUNTED } from './departments.ts'
import type { InboxRef } from './inbound.ts'
import { stillAllowed } from './visibility.ts'

/** Guard: the actor may still administrate, and the number is in one of these states. */
export const isIn = (actor: Scope, id: string, states: InboxStatus[]) => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND status IN ${states}))`

export const setInboxStatus = (actor: Scope, id: string, status: 'active' | 'paused', guard: SQL) => sql`
  UPDATE inboxes SET status = ${status}, status_reason = NULL, version = version + 1
  WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND ${guard}`

export interface OutboxRow {
  id: string
  /** Answers that wait to leave, of which nobody knows whether they arrived, and that failed lately: each capped. */
  queued: number
  /** Since when the first of those that were counted waits. */
  queuedAt: number | null
  unknown: number
  failed: number
}

/** From here on, "or more" is said. */
export const MOST_IN_OUTBOX = 100

/** How the outbox of every number of the workspace stands. */
export const outboxRows = ({ workspaceId }: Scope, failedSince: number) => {
  const among = (what: SQL, which: SQL) =>
    sql`(SELECT ${what} FROM (SELECT s.created_at FROM send_attempts s WHERE s.inbox_id = i.id AND ${which} LIMIT ${MOST_IN_OUTBOX}))`
  const attempts = (which: SQL) => among(sql`count(*)`, which)
  const isQueued = sql`s.state IN ('queued', 'sending')`
  return query<OutboxRow>(sql`SELECT i.id, ${attempts(isQueued)} AS queued, ${among(sql`min(created_at)`, isQueued)} AS queuedAt,
      ${attempts(sql`s.state = 'unknown'`)} AS unknown,
      ${attempts(sql`s.state = 'failed' AND s.created_at >= ${failedSince}`)} AS failed
    FROM inboxes i WHERE i.workspace_id = ${workspaceId} AND i.status <> 'removed'`)
}

export interface InboxUses {
  /** Conversations. */
  open: number
  closed: number
  contacts: number
  messages: number
  /** JSON: the names of the other numbers whose events may come to its address. */
  siblings: string
}

const capped = (rows: SQL) => sql`(SELECT count(*) FROM (${rows} LIMIT ${MOST_COUNTED + 1}))`

/** Of an inbox `i`: those of the same provider's app, beside itself. */
const siblingsOfIt = sql`SELECT o.name FROM inboxes o WHERE o.workspace_id = i.workspace_id AND o.channel = i.channel
  AND o.provider_app_id = i.provider_app_id AND o.id <> i.id AND o.status <> 'removed'`

/** What its removal takes along, and what stays: counted no further than a page says. */
export const inboxUses = ({ workspaceId }: Scope, id: string) =>
  query<InboxUses>(sql`SELECT
    (SELECT coalesce(sum(open), 0) FROM inbox_counts WHERE workspace_id = ${workspaceId} AND inbox_id = ${id}) AS open,
    ${capped(sql`SELECT 1 FROM conversations WHERE workspace_id = ${workspaceId} AND inbox_id = ${id} AND status = 'closed'`)} AS closed,
    ${capped(sql`SELECT 1 FROM identities WHERE inbox_id = ${id} AND +workspace_id = ${workspaceId} AND +principal_id = id`)} AS contacts,
    ${capped(sql`SELECT 1 FROM messages WHERE inbox_id = ${id} AND external_id IS NOT NULL`)}
      + ${capped(sql`SELECT 1 FROM send_attempts WHERE inbox_id = ${id} AND external_id IS NOT NULL`)} AS messages,
    (SELECT json_group_array(name) FROM (${siblingsOfIt})) AS siblings
    FROM inboxes i WHERE i.workspace_id = ${workspaceId} AND i.id = ${id} AND i.status <> 'removed'`)

/** What a removal must know of it, removed already or not. */
export const removable = ({ workspaceId }: Scope, id: string) =>
  query<{ name: string; channel: ChannelName; status: InboxStatus; credentials: string }>(
    sql`SELECT name, channel, status, credentials FROM inboxes WHERE workspace_id = ${workspaceId} AND id = ${id}`,
  )

/**
 * The account is free to be connected anew, as another number. `credentials` are what other numbers of the same app still
 * need of it, whose events may come to its address; where there is none, nothing of them stays.
 */
export const storeRemoval = (
  actor: Scope,
  { id, credentials }: { id: string; credentials: string },
  guard: SQL,
): SQL[] => [
  sql`UPDATE inboxes SET status = 'removed', status_reason = NULL, department_id = NULL, credentials = ${credentials},
      external_account_id = 'removed:' || id, checkup = NULL, settings = '{}', version = version + 1
    WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND ${guard}`,
  sql`UPDATE inboxes AS i SET credentials = '', version = i.version + 1
    WHERE i.workspace_id = ${actor.workspaceId} AND i.status = 'removed' AND i.credentials <> '' AND NOT EXISTS (${siblingsOfIt})`,
]

/** Removed ones in which something is still open, or waits for what will never come. */
export const unfinishedRemovals = (most: number) =>
  query<{
    workspace_id: string
    id: string
  }>(sql`SELECT i.workspace_id, i.id FROM inboxes i WHERE i.status = 'removed' AND (
      EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = i.workspace_id AND c.inbox_id = i.id AND c.status <> 'closed')
      OR EXISTS (SELECT 1 FROM send_attempts s WHERE s.inbox_id = i.id AND s.state IN ('queued', 'sending'))
      OR EXISTS (SELECT 1 FROM attachments f WHERE f.inbox_id = i.id AND f.state = 'pending'))
    ORDER BY i.id LIMIT ${most}`)

export const openConversationsOn = ({ workspaceId, id }: InboxRef, most: number) =>
  query<{ id: string }>(sql`SELECT id FROM conversations
    WHERE workspace_id = ${workspaceId} AND inbox_id = ${id} AND status <> 'closed' ORDER BY last_at DESC, id DESC LIMIT ${most}`)

/** Whoever removed it closes what was open there, however long that takes. */
const remover = ({ workspaceId, id }: InboxRef) => sql`(SELECT actor_id FROM audit_log
  WHERE workspace_id = ${workspaceId} AND target_id = ${id} AND action = 'inbox.removed' ORDER BY created_at LIMIT 1)`

/** Each with the id of the row that says so in its thread. */
export const closeForRemoval = (
  inbox: InboxRef,
  closings: { conversation: string; row: string }[],
  at: number,
): SQL[] => {
  const given = sql`json_each(${JSON.stringify(closings)})`
  const conversation = sql`json_extract(j.value, '$.conversation')`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, occurred_at, ingest_ord,
        author_id, seq, raw, created_at)
      SELECT c.workspace_id, json_extract(j.value, '$.row'), c.id, c.inbox_id, 'activity', 'outgoing', 'closed', ${at}, c.seq + 1,
        ${remover(inbox)}, c.seq + 1, '{"reason":null}', ${at}
      FROM ${given} j CROSS JOIN conversations c ON c.workspace_id = ${inbox.workspaceId} AND c.id = ${conversation}
      WHERE c.status <> 'closed' AND c.inbox_id = ${inbox.id} ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations SET seq = seq + 1, version = version + 1, status = 'closed', closed_at = ${at}, closed_by_id = ${remover(inbox)},
        close_reason = NULL, unread = 0, waiting_since = NULL, snoozed_until = NULL
      WHERE workspace_id = ${inbox.workspaceId} AND inbox_id = ${inbox.id} AND status <> 'closed'
        AND id IN (SELECT ${conversation} FROM ${given} j)`,
  ]
}

/** What waited to leave is canceled; a call of which nobody will hear any more is one that was never confirmed. */
export function settleForRemoval({ workspaceId, id }: InboxRef, now: number, most: number): SQL[] {
  const over = sql`inbox_id = ${id} AND workspace_id = ${workspaceId} AND state IN ('queued', 'sending')
    AND (state = 'queued' OR lease_until < ${now})`
  const conversations = sql`(SELECT DISTINCT conversation_id FROM send_attempts WHERE ${over} ORDER BY conversation_id LIMIT ${most})`
  return [
    sql`UPDATE conversations SET seq = seq + 1 WHERE workspace_id = ${workspaceId} AND id IN ${conversations}`,
    sql`UPDATE messages SET seq = (SELECT seq FROM conversations c WHERE c.workspace_id = ${workspaceId} AND c.id = messages.conversation_id)
      WHERE workspace_id = ${workspaceId} AND id IN (SELECT coalesce(m.superseded_by_id, m.id) FROM messages m
        WHERE m.workspace_id = ${workspaceId} AND m.id IN (SELECT message_id FROM send_attempts WHERE ${over} AND conversation_id IN ${conversations}))`,
    sql`UPDATE send_attempts SET rank = CASE state WHEN 'queued' THEN 35 ELSE 20 END, lease_until = NULL,
        error_class = CASE state WHEN 'queued' THEN 'closed' END, error_code = CASE state WHEN 'queued' THEN 'closed' END,
        state = CASE state WHEN 'queued' THEN 'canceled' ELSE 'unknown' END
      WHERE ${over} AND conversation_id IN ${conversations}`,
    sql`UPDATE attachments SET state = 'failed', error_code = 'number_removed' WHERE workspace_id = ${workspaceId} AND id IN (
      SELECT id FROM attachments WHERE inbox_id = ${id} AND state = 'pending' LIMIT ${most})`,
  ]
}
