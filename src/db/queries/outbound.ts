/** Answers on their way out, as statements of guarded batches. A state changes only from the state that was meant. */
import { type SQL, sql } from 'drizzle-orm'
import type { MediaKind } from '../../channels/content.ts'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { isBlocked } from './contact-blocks.ts'
import { bumpShown, bumpThread, type InboxRef } from './inbound.ts'
import { raiseByWatermarks, takeEcho } from './inbound-status.ts'
import { ADDRESSES, ofSameThread } from './messages.ts'
import { stillAllowed, visibleConversation } from './visibility.ts'

/** How long each reply window is, in milliseconds, counted from what opens it. */
export interface Windows {
  /** Of the customer's newest message. */
  usual: number
  /** Of the newest one that came from an ad. */
  ad: number
  /** Of the customer's newest message, where a person answers and the inbox has the permission for that. */
  humanAgent: number
}

export interface NewReply {
  id: string
  attemptId: string
  conversationId: string
  clientKey: string
  type: string
  body: string | null
  /** JSON: what it says besides its words; null: nothing. */
  content: string | null
  bodyHash: string
  replyToId: string | null
  /** It goes out only while one of these is open; null: always. */
  windows: Windows | null
  /** Nothing is stored where this does not hold. */
  only?: SQL
  now: number
}

/** Holds for a `conversations` row named `c`: what domain/reply-window.ts says, once more inside the batch. */
export const withinWindow = (windows: Windows | null, now: number) =>
  windows === null
    ? sql`1`
    : sql`max(coalesce(c.last_ad_at, 0) + ${windows.ad}, coalesce(c.last_incoming_at, 0) + iif((SELECT json_extract(i.settings, '$.humanAgent')
        FROM inboxes i WHERE i.workspace_id = c.workspace_id AND i.id = c.inbox_id), ${windows.humanAgent}, ${windows.usual})) > ${now}`

/** Stores an answer with its first attempt, once for one client key. Nothing happens where the agent may not, or no longer. */
export function storeReply(scope: Scope, reply: NewReply): SQL[] {
  const { workspaceId, agentId } = scope
  const stored = sql`EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND id = ${reply.id})
    AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE workspace_id = ${workspaceId} AND message_id = ${reply.id})`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, body, content, reply_to_external_id,
        occurred_at, ingest_ord, author_id, client_key, body_hash, seq, created_at)
      SELECT ${workspaceId}, ${reply.id}, c.id, c.inbox_id, 'outgoing', ${reply.type}, ${reply.body}, ${reply.content},
        ${quotedExternalId(scope, reply.replyToId)},
        ${reply.now}, c.seq + 1, ${agentId}, ${reply.clientKey}, ${reply.bodyHash}, c.seq + 1, ${reply.now}
      FROM conversations c
      WHERE c.id = ${reply.conversationId} AND ${visibleConversation(scope)} AND c.status <> 'closed' AND ${stillAllowed(scope)}
        AND ${withinWindow(reply.windows, reply.now)} AND ${reply.only ?? sql`1`}
      ON CONFLICT (workspace_id, author_id, client_key) WHERE client_key IS NOT NULL DO NOTHING`,
    sql`UPDATE conversations SET seq = seq + 1, out_ord = out_ord + 1, last_at = max(last_at, ${reply.now}), waiting_since = NULL
      WHERE workspace_id = ${workspaceId} AND id = ${reply.conversationId} AND ${stored}`,
    sql`DELETE FROM drafts WHERE workspace_id = ${workspaceId} AND agent_id = ${agentId} AND kind = 'reply'
      AND conversation_id IN ${ofSameThread(scope, reply.conversationId)} AND ${stored}`,
    insertAttempt(workspaceId, reply.id, reply.attemptId, 1, reply.now, stored),
  ]
}

/** The message that holds this client key, whoever stored it first. */
export const ofClientKey = (scope: Scope, clientKey: string) =>
  query<{ id: string; body_hash: string }>(sql`SELECT id, body_hash FROM messages WHERE ${holdsKey(scope, clientKey)}`)

export const idOfClientKey = (scope: Scope, clientKey: string) =>
  sql`(SELECT id FROM messages WHERE ${holdsKey(scope, clientKey)})`

const holdsKey = (scope: Scope, clientKey: string) =>
  sql`workspace_id = ${scope.workspaceId} AND author_id = ${scope.agentId} AND client_key = ${clientKey}`

const quotedExternalId = (scope: Scope, id: string | null) =>
  id === null
    ? sql`NULL`
    : sql`(SELECT coalesce(q.external_id, (SELECT external_id FROM send_attempts WHERE workspace_id = q.workspace_id AND message_id = q.id
        AND external_id IS NOT NULL ORDER BY no DESC LIMIT 1))
      FROM messages q WHERE q.workspace_id = ${scope.workspaceId} AND q.id = ${id} AND q.conversation_id = c.id)`

export const insertAttempt = (
  workspaceId: string,
  messageId: string,
  attemptId: string,
  no: number,
  now: number,
  guard: SQL,
) =>
  sql`INSERT INTO send_attempts (workspace_id, id, message_id, conversation_id, inbox_id, no, ord, created_at)
    SELECT ${workspaceId}, ${attemptId}, ${messageId}, c.id, c.inbox_id, ${no}, c.out_ord, ${now}
    FROM conversations c WHERE c.workspace_id = ${workspaceId} AND ${guard}
      AND c.id = (SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${messageId})
    ON CONFLICT DO NOTHING`

interface Standing {
  messageId: string
  conversationId: string
  /** The newest attempt, as the page showed it. */
  no: number
  now: number
}

/** The agent may act on this message, and its newest attempt is still in one of these states. */
const stands = (scope: Scope, { messageId, conversationId, no }: Standing, states: string[]) => sql`
  EXISTS (SELECT 1 FROM conversations c WHERE c.id = ${conversationId} AND ${visibleConversation(scope)})
  AND ${stillAllowed(scope)}
  AND EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${scope.workspaceId} AND id = ${messageId} AND superseded_by_id IS NULL)
  AND EXISTS (SELECT 1 FROM send_attempts s WHERE s.workspace_id = ${scope.workspaceId} AND s.message_id = ${messageId}
    AND s.conversation_id = ${conversationId} AND s.no = ${no} AND s.state IN (${sql.join(
      states.map((state) => sql`${state}`),
      sql`, `,
    )}))
  AND NOT EXISTS (SELECT 1 FROM send_attempts s WHERE s.workspace_id = ${scope.workspaceId} AND s.message_id = ${messageId} AND s.no > ${no})`

const theMessage = (scope: Scope, { messageId }: Standing, guard: SQL) =>
  sql`(SELECT id FROM messages WHERE workspace_id = ${scope.workspaceId} AND id = ${messageId} AND ${guard})`

/** Another attempt for a message whose last one failed or was never confirmed. */
export function storeNextAttempt(scope: Scope, standing: Standing & { attemptId: string }): SQL[] {
  const guard = sql`${stands(scope, standing, ['failed', 'unknown', 'canceled'])} AND EXISTS (SELECT 1 FROM conversations
    WHERE workspace_id = ${scope.workspaceId} AND id = ${standing.conversationId} AND status <> 'closed')`
  const { workspaceId } = scope
  return [
    ...bumpThread(workspaceId, theMessage(scope, standing, guard)),
    sql`UPDATE conversations SET out_ord = out_ord + 1 WHERE workspace_id = ${workspaceId} AND id = ${standing.conversationId} AND ${guard}`,
    auditResend(scope, standing, guard),
    insertAttempt(workspaceId, standing.messageId, standing.attemptId, standing.no + 1, standing.now, guard),
  ]
}

/** Sending again what may have arrived is somebody's decision, and is written down as theirs. */
const auditResend = (scope: Scope, standing: Standing & { attemptId: string }, guard: SQL) =>
  sql`INSERT INTO audit_log (workspace_id, id, actor_id, action, target_type, target_id, created_at)
    SELECT ${scope.workspaceId}, ${standing.attemptId}, ${scope.agentId}, 'message.resent', 'message', ${standing.messageId}, ${standing.now}
    WHERE ${guard} AND EXISTS (SELECT 1 FROM send_attempts WHERE workspace_id = ${scope.workspaceId} AND message_id = ${standing.messageId}
      AND no = ${standing.no} AND state = 'unknown') ON CONFLICT DO NOTHING`

/** An agent says what became of the newest attempt: it was sent after all, or is not to be sent. */
export function settleAttempt(
  scope: Scope,
  standing: Standing,
  from: string,
  to: { state: string; rank: number },
): SQL[] {
  const guard = stands(scope, standing, [from])
  return [
    ...bumpThread(scope.workspaceId, theMessage(scope, standing, guard)),
    sql`UPDATE send_attempts SET state = ${to.state}, rank = ${to.rank}, lease_until = NULL, error_class = NULL, error_code = NULL, error_detail = NULL
      WHERE workspace_id = ${scope.workspaceId} AND message_id = ${standing.messageId} AND no = ${standing.no} AND state = ${from} AND ${guard}`,
  ]
}

export interface Claimable {
  id: string
  message_id: string
  conversation_id: string
  not_before: number
  tries: number
  created_at: number
  /** Of the message that it is to send. */
  type: string
  recipient: string
}

/** In the words of the outbox's index: said in others, every attempt that a workspace ever made would be read. */
const IN_OUTBOX = sql`s.state IN ('queued', 'sending')`

/**
 * The first attempt of each conversation that waits in this inbox, so that order within a conversation is kept; whoever
 * has been due the longest comes first, so that newcomers starve nobody.
 */
export const claimable = (workspaceId: string, inboxId: string, limit: number) =>
  query<Claimable>(sql`SELECT s.id, s.message_id, s.conversation_id, s.not_before, s.tries, s.created_at, c.identity_id AS recipient,
      (SELECT type FROM messages WHERE workspace_id = s.workspace_id AND id = s.message_id) AS type
    FROM send_attempts s JOIN conversations c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
    WHERE s.inbox_id = ${inboxId} AND s.workspace_id = ${workspaceId} AND ${IN_OUTBOX} AND s.state = 'queued' AND NOT EXISTS (
      SELECT 1 FROM send_attempts e WHERE e.inbox_id = ${inboxId} AND e.conversation_id = s.conversation_id
        AND e.ord < s.ord AND e.state IN ('queued', 'sending'))
    ORDER BY max(s.not_before, s.created_at), s.id LIMIT ${limit}`)

/** Takes the attempt for sending; changes nothing where another dispatcher has it, or where one before it has not left. */
export function claim(workspaceId: string, id: string, lease: { id: string; until: number }, now: number): SQL[] {
  const free = sql`workspace_id = ${workspaceId} AND id = ${id} AND state = 'queued' AND not_before <= ${now}
    AND NOT EXISTS (SELECT 1 FROM send_attempts e WHERE e.inbox_id = send_attempts.inbox_id AND e.conversation_id = send_attempts.conversation_id
      AND e.ord < send_attempts.ord AND e.state IN ('queued', 'sending'))`
  return [
    ...bumpShown(workspaceId, sql`(SELECT message_id FROM send_attempts WHERE ${free})`),
    sql`UPDATE send_attempts SET state = 'sending', rank = 10, lease_id = ${lease.id}, lease_until = ${lease.until}, tries = tries + 1,
      error_class = NULL, error_code = NULL, error_detail = NULL WHERE ${free}`,
  ]
}

export interface StoredForSending {
  type: string
  body: string | null
  content: string | null
  reply_to_external_id: string | null
  last_incoming_at: number | null
  addresses: string
  /** JSON of a `FileForSending`; null: it has none. */
  file: string | null
  /** JSON of a `TargetForSending`: the message that is changed; null: it is one by itself. */
  target: string | null
}

export interface TargetForSending {
  type: string
  content: string | null
  deleted: boolean
}

export interface FileForSending {
  id: string
  kind: MediaKind
  mimeType: string
  fileName: string | null
  size: number
  voice: boolean
  key: string
}

const FILE_FOR_SENDING = sql`(SELECT json_object('id', f.id, 'kind', f.kind, 'mimeType', f.mime_type, 'fileName', f.file_name, 'size', f.size,
    'voice', json(iif(f.voice, 'true', 'false')), 'key', f.object_key)
  FROM attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id AND f.state = 'stored' ORDER BY f.ord LIMIT 1)`

const TARGET_FOR_SENDING = sql`(SELECT json_object('type', t.type, 'content', t.content, 'deleted', json(iif(t.deleted_at IS NULL, 'false', 'true')))
  FROM messages t WHERE t.workspace_id = m.workspace_id AND t.id = m.superseded_by_id AND m.type IN ('edit', 'delete'))`

/** What is needed to send it: what it says, the quote, and the person's addresses in the inbox, the phone-like first. */
export const forSending = (workspaceId: string, attemptId: string, leaseId: string) =>
  query<StoredForSending>(sql`SELECT m.type, m.body, m.content, m.reply_to_external_id, c.last_incoming_at, ${FILE_FOR_SENDING} AS file,
      ${TARGET_FOR_SENDING} AS target,
      ${ADDRESSES} AS addresses
    FROM send_attempts s
    JOIN messages m ON m.workspace_id = s.workspace_id AND m.id = s.message_id
    JOIN conversations c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
    WHERE s.workspace_id = ${workspaceId} AND s.id = ${attemptId} AND s.lease_id = ${leaseId} AND s.state = 'sending'`)

const claimedAs = (workspaceId: string, id: string, leaseId: string) =>
  sql`workspace_id = ${workspaceId} AND id = ${id} AND lease_id = ${leaseId}`

/** The provider took it. A proof that came before the answer of the call has told us already. */
export function recordSent(inbox: InboxRef, id: string, leaseId: string, externalId: string, now: number): SQL[] {
  const mine = sql`${claimedAs(inbox.workspaceId, id, leaseId)} AND external_id IS NULL`
  return [
    ...bumpShown(inbox.workspaceId, sql`(SELECT message_id FROM send_attempts WHERE ${mine})`),
    sql`UPDATE send_attempts SET external_id = ${externalId}, sent_at = coalesce(sent_at, ${now}), rank = max(rank, 30), lease_until = NULL,
      state = CASE WHEN rank < 30 THEN 'sent' ELSE state END, error_class = CASE WHEN rank < 30 THEN NULL ELSE error_class END,
      error_code = CASE WHEN rank < 30 THEN NULL ELSE error_code END, error_detail = CASE WHEN rank < 30 THEN NULL ELSE error_detail END
      WHERE ${mine}`,
    ...takeEcho(inbox, externalId),
    ...raiseByWatermarks(inbox, externalId),
  ]
}

export interface Outcome {
  state: 'queued' | 'failed' | 'unknown'
  rank: number
  notBefore: number
  errorClass: string
  errorCode: string
  errorDetail: string
}

/**
 * The provider did not take it, or we cannot know: unless a proof came meanwhile. To somebody who was blocked meanwhile it is
 * not tried again, but for what only changes what they have.
 */
export function recordOutcome(workspaceId: string, id: string, leaseId: string, outcome: Outcome): SQL[] {
  const barred = sql`EXISTS (SELECT 1 FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
    WHERE m.workspace_id = send_attempts.workspace_id AND m.id = send_attempts.message_id AND m.type NOT IN ('edit', 'delete')
      AND ${isBlocked({ workspaceId }, sql`c.contact_id`)})`
  const or = (canceled: SQL, otherwise: SQL) =>
    outcome.state === 'queued' ? sql`CASE WHEN ${barred} THEN ${canceled} ELSE ${otherwise} END` : otherwise
  const mine = sql`${claimedAs(workspaceId, id, leaseId)} AND state = 'sending' AND external_id IS NULL`
  return [
    ...bumpShown(workspaceId, sql`(SELECT message_id FROM send_attempts WHERE ${mine})`),
    sql`UPDATE send_attempts SET state = ${or(sql`'canceled'`, sql`${outcome.state}`)}, rank = ${or(sql`35`, sql`${outcome.rank}`)},
      not_before = ${outcome.notBefore}, lease_until = NULL, error_class = ${or(sql`NULL`, sql`${outcome.errorClass}`)},
      error_code = ${or(sql`'contact_blocked'`, sql`${outcome.errorCode}`)}, error_detail = ${or(sql`NULL`, sql`${outcome.errorDetail}`)}
      WHERE ${mine}`,
  ]
}

/** Still queued, and why it waits: shown on the bubble. Writes nothing where it says so already. */
export function recordWaiting(workspaceId: string, id: string, until: number, errorClass: string): SQL[] {
  const mine = sql`workspace_id = ${workspaceId} AND id = ${id} AND state = 'queued' AND not_before < ${until}`
  return [
    ...bumpShown(workspaceId, sql`(SELECT message_id FROM send_attempts WHERE ${mine})`),
    sql`UPDATE send_attempts SET not_before = ${until}, error_class = coalesce(error_class, ${errorClass}) WHERE ${mine}`,
  ]
}

/** Claimed by somebody who did not come back: what became of the call cannot be known. */
export const expiredLeases = (workspaceId: string, inboxId: string, now: number) =>
  query<
    Omit<Claimable, 'recipient'> & { lease_id: string }
  >(sql`SELECT id, message_id, conversation_id, not_before, tries, created_at, lease_id,
      (SELECT type FROM messages WHERE workspace_id = s.workspace_id AND id = s.message_id) AS type
    FROM send_attempts s
    WHERE s.inbox_id = ${inboxId} AND s.workspace_id = ${workspaceId} AND ${IN_OUTBOX} AND s.state = 'sending' AND s.lease_until < ${now} LIMIT 50`)

/** When the next attempt or lease of this inbox is due, of those that none before them holds up; null: nothing waits. */
export const nextDue = (workspaceId: string, inboxId: string) =>
  query<{
    at: number | null
  }>(sql`SELECT min(CASE WHEN s.state = 'sending' THEN s.lease_until ELSE s.not_before END) AS at
    FROM send_attempts s WHERE s.inbox_id = ${inboxId} AND s.workspace_id = ${workspaceId} AND s.state IN ('queued', 'sending')
      AND NOT EXISTS (SELECT 1 FROM send_attempts e WHERE e.inbox_id = ${inboxId} AND e.conversation_id = s.conversation_id
        AND e.ord < s.ord AND e.state IN ('queued', 'sending'))`)

/** The provider told us an address of the person that we did not know, such as the form without the ninth digit. */
export const learnAddress = (
  workspaceId: string,
  inboxId: string,
  attemptId: string,
  address: string,
  identityId: string,
  now: number,
) =>
  sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, phone, created_at)
    SELECT ${workspaceId}, ${identityId}, p.contact_id, ${inboxId}, p.id, ${address}, p.phone, ${now}
    FROM send_attempts s JOIN conversations c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
      JOIN identities p ON p.workspace_id = c.workspace_id AND p.id = c.identity_id
      JOIN contacts k ON k.workspace_id = p.workspace_id AND k.id = p.contact_id AND k.erased_at IS NULL
    WHERE s.workspace_id = ${workspaceId} AND s.id = ${attemptId} ON CONFLICT (inbox_id, external_id) DO NOTHING`

/** The provider refuses the inbox as it was saved in this version; one that was saved since is another matter. */
export const setInboxRefused = (
  { workspaceId, inboxId, version }: { workspaceId: string; inboxId: string; version: number },
  reason: string,
) =>
  sql`UPDATE inboxes SET status = 'needs_reauth', status_reason = ${reason}
    WHERE workspace_id = ${workspaceId} AND id = ${inboxId} AND status = 'active' AND version <= ${version}`
