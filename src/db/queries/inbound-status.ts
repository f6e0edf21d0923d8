/** What became of our answers: what the provider says of one, of all until a time, and what proves that one was sent. */
import { type SQL, sql } from 'drizzle-orm'
import { attemptedMessage, bumpShown, bumpThread, type InboxRef } from './inbound.ts'

export interface InboundStatus {
  target: string
  attemptId: string | null
  state: 'sent' | 'delivered' | 'read' | 'failed'
  rank: number
  errorCode: string | null
  errorDetail: string | null
  /** When it was sent, where this is what proves it. */
  sentAt: number
}

const DAY = 86_400_000

/** Raises an attempt to what the provider says of it, if that is further than it was. The rank is the event's proof. */
export function storeStatus(inbox: InboxRef, status: InboundStatus): SQL[] {
  // What proves that it was sent brings along what watermarks have said of it.
  const told = status.attemptId ? sql`max(${status.rank}, ${toldOf(inbox, status.target)})` : sql`${status.rank}`
  const raised = sql`inbox_id = ${inbox.id} AND external_id = ${status.target} AND rank < ${told}`
  const own = (value: string | null) => sql`CASE ${told} WHEN ${status.rank} THEN ${value} END`
  return [
    ...(status.attemptId ? proveAttempt(inbox, status.attemptId, status.target, status.sentAt) : []),
    ...bumpShown(inbox.workspaceId, sql`(SELECT message_id FROM send_attempts WHERE ${raised})`),
    sql`UPDATE send_attempts SET rank = ${told}, state = CASE ${told} WHEN 50 THEN 'read' WHEN 40 THEN 'delivered' ELSE ${status.state} END,
      lease_until = NULL, error_class = ${own(status.state === 'failed' ? 'permanent' : null)}, error_code = ${own(status.errorCode)},
      error_detail = ${own(status.errorDetail)}
      WHERE ${raised}`,
  ]
}

/** Of the statements above, counted from the first: those that take an echo in. */
export const ECHO_TAKEN = 10

/** A status or an echo that carries our attempt's id proves that it was sent, and tells the provider's id for it. */
const proveAttempt = (inbox: InboxRef, attemptId: string, externalId: string, sentAt: number) => [
  sql`UPDATE send_attempts SET external_id = ${externalId}, sent_at = coalesce(sent_at, ${sentAt})
    WHERE workspace_id = ${inbox.workspaceId} AND id = ${attemptId} AND inbox_id = ${inbox.id} AND external_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`,
  ...takeEcho(inbox, externalId),
]

/**
 * Once an attempt has its id, an echo of it that came first is taken into it: one bubble remains, with the time that the
 * echo told and with what was done to it meanwhile. The echo says nothing any more: what is taken back of the answer is gone.
 */
export function takeEcho(inbox: InboxRef, externalId: string): SQL[] {
  const { workspaceId } = inbox
  const message = attemptedMessage(inbox, externalId)
  const echo = sql`(SELECT id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${externalId} AND direction = 'outgoing'
    AND superseded_by_id IS NULL AND ${message} IS NOT NULL)`
  return [
    sql`UPDATE send_attempts SET sent_at = min(coalesce(sent_at, e.provider_at), e.provider_at) FROM (SELECT provider_at FROM messages WHERE id = ${echo}
        AND workspace_id = ${workspaceId} AND provider_at IS NOT NULL) e
      WHERE inbox_id = ${inbox.id} AND external_id = ${externalId}`,
    ...bumpThread(workspaceId, sql`(SELECT ${message} WHERE ${changedMeanwhile(workspaceId, echo)})`),
    ...inherit(workspaceId, echo, message),
    ...bumpThread(workspaceId, echo),
    sql`UPDATE messages SET superseded_by_id = ${message}, body = NULL, content = NULL, raw = NULL, reply_to_external_id = NULL
      WHERE workspace_id = ${workspaceId} AND id = ${echo}`,
  ]
}

const changedMeanwhile = (workspaceId: string, echo: SQL) =>
  sql`EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND id = ${echo} AND (edit_rank IS NOT NULL OR deleted_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM reactions r WHERE r.workspace_id = messages.workspace_id AND r.message_id = messages.id)))`

const inherit = (workspaceId: string, echo: SQL, message: SQL) => [
  sql`INSERT INTO reactions (workspace_id, message_id, side, emoji, reacted_at)
    SELECT workspace_id, ${message}, side, emoji, reacted_at FROM reactions WHERE workspace_id = ${workspaceId} AND message_id = ${echo}
    ON CONFLICT (workspace_id, message_id, side) DO UPDATE SET emoji = excluded.emoji, reacted_at = excluded.reacted_at, sent_by_id = NULL
      WHERE (excluded.reacted_at, coalesce(excluded.emoji, '')) > (reactions.reacted_at, coalesce(reactions.emoji, ''))`,
  sql`DELETE FROM reactions WHERE workspace_id = ${workspaceId} AND message_id = ${echo}`,
  // The echo's own copy of the file goes; the answer's goes with an echo that was taken back.
  sql`UPDATE attachments SET state = 'deleted', file_name = NULL, provider_media_id = NULL, error_code = NULL
    WHERE workspace_id = ${workspaceId} AND message_id IN (SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${echo}
      UNION ALL SELECT ${message} FROM messages WHERE workspace_id = ${workspaceId} AND id = ${echo} AND deleted_at IS NOT NULL)`,
  sql`UPDATE messages SET body = CASE WHEN e.deleted_at IS NULL THEN e.body END, edit_rank = e.edit_rank, edited_at = e.edited_at,
      deleted_at = e.deleted_at, content = CASE WHEN e.deleted_at IS NULL THEN content END
    FROM (SELECT body, edit_rank, edited_at, deleted_at FROM messages WHERE workspace_id = ${workspaceId} AND id = ${echo}
      AND (edit_rank IS NOT NULL OR deleted_at IS NOT NULL)) e
    WHERE workspace_id = ${workspaceId} AND id = ${message}`,
]

/**
 * An echo of an attempt that is known tells when the provider took it: its clock is the one that watermarks are told in. The
 * conversation was alive then, as it would be had the echo come first and been stored by itself.
 */
export const tellSentAt = (inbox: InboxRef, externalId: string, at: number, aliveAt: number): SQL[] => [
  sql`UPDATE conversations SET last_at = ${aliveAt} WHERE workspace_id = ${inbox.workspaceId} AND last_at < ${aliveAt}
    AND id = (SELECT conversation_id FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`,
  sql`UPDATE send_attempts SET sent_at = ${at} WHERE inbox_id = ${inbox.id} AND external_id = ${externalId}
    AND (sent_at IS NULL OR sent_at > ${at})`,
  ...raiseByWatermarks(inbox, externalId),
]

/** The rank that the watermarks of its conversation give an attempt; 0: none, or it is not known to have been sent. */
const toldOf = (inbox: InboxRef, externalId: string) =>
  sql`coalesce((SELECT CASE WHEN s.sent_at <= c.read_wm THEN 50 WHEN s.sent_at <= c.delivered_wm THEN 40 END
    FROM send_attempts s JOIN conversations c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
    WHERE s.inbox_id = ${inbox.id} AND s.external_id = ${externalId}), 0)`

/** What the person's watermarks said before it was known that this attempt, or when, was sent. */
export function raiseByWatermarks(inbox: InboxRef, externalId: string): SQL[] {
  const told = toldOf(inbox, externalId)
  const raised = sql`inbox_id = ${inbox.id} AND external_id = ${externalId} AND rank < ${told}`
  return [
    ...bumpShown(inbox.workspaceId, sql`(SELECT message_id FROM send_attempts WHERE ${raised})`),
    sql`UPDATE send_attempts SET rank = ${told}, state = CASE ${told} WHEN 50 THEN 'read' ELSE 'delivered' END,
      error_class = NULL, error_code = NULL, error_detail = NULL WHERE ${raised}`,
  ]
}

export interface InboundWatermark {
  /** Whom it is of: the principal. */
  identity: SQL
  state: 'delivered' | 'read'
  rank: number
  until: number | SQL
}

/**
 * All that was sent to a person until a time is delivered, or read. Kept with the conversations that something may still be
 * on its way in: what comes to be known as sent later is raised by it then.
 */
export function storeWatermark(inbox: InboxRef, { identity, state, rank, until }: InboundWatermark): SQL[] {
  const { workspaceId } = inbox
  const mark = state === 'read' ? sql`read_wm` : sql`delivered_wm`
  const news = sql`c.workspace_id = ${workspaceId} AND c.identity_id = ${identity} AND c.${mark} < ${until}
    AND (c.status <> 'closed' OR c.closed_at > ${until} - ${DAY})`
  // What was sent before the last mark was raised by it; nothing leaves that has been queued for longer than a day.
  const raised = sql`SELECT s.workspace_id, s.id, s.message_id, s.conversation_id, s.ord FROM conversations c
    CROSS JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.occurred_at > c.${mark} - ${DAY}
      AND m.occurred_at <= ${until} + ${DAY} AND m.direction = 'outgoing' AND m.kind = 'message'
      AND m.superseded_by_id IS NULL
    CROSS JOIN send_attempts s ON s.workspace_id = m.workspace_id AND s.message_id = m.id
    WHERE ${news} AND s.external_id IS NOT NULL AND s.sent_at <= ${until} AND s.rank < ${rank}`
  // The workspace comes from these rows, so that they are what the tables are searched by.
  const rows = sql`(SELECT workspace_id, message_id, conversation_id, row_number() OVER (PARTITION BY conversation_id ORDER BY min(ord)) AS place
    FROM (${raised}) GROUP BY workspace_id, message_id, conversation_id)`
  return [
    sql`UPDATE messages SET seq = (SELECT seq FROM conversations c WHERE c.workspace_id = messages.workspace_id AND c.id = messages.conversation_id) + r.place
      FROM ${rows} r WHERE messages.workspace_id = r.workspace_id AND messages.id = r.message_id RETURNING messages.id`,
    sql`UPDATE conversations SET seq = seq + r.many
      FROM (SELECT workspace_id, conversation_id, count(DISTINCT message_id) AS many FROM (${raised}) GROUP BY 1, 2) r
      WHERE conversations.workspace_id = r.workspace_id AND conversations.id = r.conversation_id`,
    sql`UPDATE send_attempts SET rank = ${rank}, state = ${state}, lease_until = NULL, error_class = NULL, error_code = NULL, error_detail = NULL
      WHERE workspace_id = ${workspaceId} AND id IN (SELECT id FROM (${raised}))`,
    sql`UPDATE conversations AS c SET ${mark} = ${until} WHERE ${news}`,
  ]
}

/** Where an attempt or echo stands: whom it went to, and when. */
export const sentTo = (inbox: InboxRef, target: string) => ({
  identity: sql`(SELECT c.identity_id FROM conversations c WHERE c.workspace_id = ${inbox.workspaceId} AND c.id = coalesce(
    (SELECT conversation_id FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${target}),
    (SELECT conversation_id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${target})))`,
  until: sql`coalesce((SELECT sent_at FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${target}),
    (SELECT occurred_at FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${target}))`,
})

/** The echo that came before we knew that the id is that of an answer of ours. */
export const supersededEcho = (inbox: InboxRef, externalId: string) =>
  sql`(SELECT id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${externalId} AND superseded_by_id IS NOT NULL)`
