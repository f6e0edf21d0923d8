/**
 * What a provider's event does to the tables, as statements of a guarded batch: what all of them share. Each event makes
 * its own guard false, so it has its effect once, however often and in whatever order events come.
 */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'

export interface InboxRef {
  workspaceId: string
  id: string
}

/** What several values may stand after IN. */
export const listOf = (values: string[]) =>
  sql`(${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`

/** One change of a thread: its seq goes up by one and the changed row carries it. Nothing happens where there is no message. */
export const bumpThread = (workspaceId: string, message: SQL): SQL[] => [
  sql`UPDATE conversations SET seq = seq + 1 WHERE workspace_id = ${workspaceId}
    AND id = (SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${message})`,
  sql`UPDATE messages SET seq = (SELECT seq FROM conversations c WHERE c.workspace_id = ${workspaceId} AND c.id = messages.conversation_id)
    WHERE workspace_id = ${workspaceId} AND id = ${message}`,
]

/** A reaction is shown on the message that it concerns: that one changes with it. */
export const shownAs = (workspaceId: string, messageId: SQL) =>
  sql`(SELECT coalesce(superseded_by_id, id) FROM messages WHERE workspace_id = ${workspaceId} AND id = ${messageId})`

export const bumpShown = (workspaceId: string, messageId: SQL) =>
  bumpThread(workspaceId, shownAs(workspaceId, messageId))

/** The message whose attempt carries the provider's id. */
export const attemptedMessage = (inbox: InboxRef, externalId: string) =>
  sql`(SELECT message_id FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`

/**
 * While a call is under way in its conversation, an echo may turn out to be what that call sends: nothing hangs on it
 * until that is known. Of a message `m`.
 */
const mayBeOurs = sql`(m.direction = 'outgoing' AND EXISTS (
  SELECT 1 FROM send_attempts s WHERE s.inbox_id = m.inbox_id AND s.conversation_id = m.conversation_id
    AND s.state IN ('queued', 'sending') AND s.state = 'sending' AND s.external_id IS NULL))`

/** Did anything carry this id? What is said of one that did not waits: it may come to. */
export const knowsTarget = (inbox: InboxRef, target: string) =>
  sql`SELECT message_id AS id FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${target}
    UNION ALL SELECT m.id FROM messages m WHERE m.inbox_id = ${inbox.id} AND m.external_id = ${target} AND NOT ${mayBeOurs}
    LIMIT 1`

/** The message that this id stands for: an answer of ours rather than the echo that was taken into it. */
export const targetOf = (inbox: InboxRef, target: string) => sql`(${knowsTarget(inbox, target)})`

/** Which of these ids something carries by now: a message, an answer of ours, or a person. */
export const knownAmong = (inbox: Pick<InboxRef, 'id'>, targets: string[]) => {
  const wanted = listOf(targets)
  return query<{ target: string }>(sql`
    SELECT external_id AS target FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id IN ${wanted}
    UNION SELECT external_id FROM messages WHERE inbox_id = ${inbox.id} AND external_id IN ${wanted}
    UNION SELECT external_id FROM identities WHERE inbox_id = ${inbox.id} AND external_id IN ${wanted}`)
}

/** Has this event had its effect? For events that leave no row of their own to be the proof. */
export const notApplied = (inbox: InboxRef, dedupeKey: string) =>
  sql`NOT EXISTS (SELECT 1 FROM applied_events WHERE inbox_id = ${inbox.id} AND dedupe_key = ${dedupeKey})`

/** Makes that guard false: the last statement of the event. */
export const storeApplied = (
  inbox: InboxRef,
  { dedupeKey, kind }: { dedupeKey: string; kind: string },
  when: SQL,
  now: number,
) =>
  sql`INSERT INTO applied_events (workspace_id, inbox_id, dedupe_key, kind, applied_at)
    SELECT ${inbox.workspaceId}, ${inbox.id}, ${dedupeKey}, ${kind}, ${now} WHERE ${when} ON CONFLICT DO NOTHING`
