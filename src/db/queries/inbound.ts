/**
 * What a provider's event does to the tables, as statements of a guarded batch. The guard of a message is that no row
 * holds its external id yet: the row that the batch inserts makes it false, so an event has its effect once, however
 * often and in whatever order it comes.
 */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'

export interface InboxRef {
  workspaceId: string
  id: string
}

export interface StoredPeer {
  /** First the one to look up first. */
  externalIds: string[]
  phone: string | null
  profileName: string | null
  /** That name, folded. */
  profileKey: string
}

export interface InboundMessage {
  id: string
  direction: 'incoming' | 'outgoing'
  externalId: string
  type: string
  body: string | null
  replyToExternalId: string | null
  occurredAt: number
  providerAt: number | null
  raw: string | null
}

/** Ids for what the event may turn out to need; one that is not needed is thrown away. */
export interface FreshIds {
  contact: string
  conversation: string
  /** One for each of the peer's external ids. */
  identities: string[]
}

/** The identity that conversations hang on: found by the first address that is known, then by the phone. */
function principalOf(inbox: InboxRef, { externalIds, phone }: StoredPeer): SQL {
  const found = [
    ...externalIds.map(
      (externalId) =>
        sql`(SELECT principal_id FROM identities WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`,
    ),
    ...(phone
      ? [
          sql`(SELECT principal_id FROM identities WHERE inbox_id = ${inbox.id} AND phone = ${phone} ORDER BY created_at, id LIMIT 1)`,
        ]
      : []),
    sql`NULL`,
  ]
  return sql`coalesce(${sql.join(found, sql`, `)})`
}

/** Who the person is: by address, then by phone anywhere in the workspace, else somebody new. */
function contactOf(inbox: InboxRef, peer: StoredPeer, orNew: string): SQL {
  const byPhone = peer.phone
    ? sql`(SELECT coalesce(merged_into_id, id) FROM contacts WHERE workspace_id = ${inbox.workspaceId} AND phone = ${peer.phone}),`
    : sql``
  return sql`coalesce((SELECT contact_id FROM identities WHERE workspace_id = ${inbox.workspaceId} AND id = ${principalOf(inbox, peer)}),
    ${byPhone} ${orNew})`
}

/** As it is set now: what a gateway was told of it may be a minute old. */
const departmentOf = (inbox: InboxRef) =>
  sql`(SELECT department_id FROM inboxes WHERE workspace_id = ${inbox.workspaceId} AND id = ${inbox.id})`

const openConversation = (inbox: InboxRef, peer: StoredPeer) =>
  sql`inbox_id = ${inbox.id} AND identity_id = ${principalOf(inbox, peer)} AND status <> 'closed'`

/** Stores a message of the customer's, or an echo of ours, with whatever stands around it. */
export function storeMessage(
  inbox: InboxRef,
  peer: StoredPeer,
  message: InboundMessage,
  fresh: FreshIds,
  now: number,
): SQL[] {
  const { workspaceId } = inbox
  const incoming = message.direction === 'incoming'
  const guard = sql`NOT EXISTS (SELECT 1 FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${message.externalId})
    ${incoming ? sql`` : sql`AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${message.externalId})`}`
  const principal = principalOf(inbox, peer)
  const contact = contactOf(inbox, peer, fresh.contact)
  const conversation = openConversation(inbox, peer)
  const t = message.occurredAt

  return [
    sql`INSERT INTO contacts (workspace_id, id, name_key, phone, created_at)
      SELECT ${workspaceId}, ${fresh.contact}, ${peer.phone ?? ''}, ${peer.phone}, ${now} WHERE ${guard} AND ${contact} = ${fresh.contact}`,
    ...peer.externalIds.map(
      (
        externalId,
        at,
      ) => sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, phone, created_at)
        SELECT ${workspaceId}, ${fresh.identities[at]}, ${contact}, ${inbox.id}, coalesce(${principal}, ${fresh.identities[at]}), ${externalId}, ${peer.phone}, ${now}
        WHERE ${guard} ON CONFLICT (inbox_id, external_id) DO NOTHING`,
    ),
    ...(peer.phone ? [learnPhone(inbox, peer, guard, contact)] : []),
    ...(peer.profileName ? [callThemselves(inbox, peer, guard, contact, t)] : []),
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, last_at, opened_at)
      SELECT ${workspaceId}, ${fresh.conversation}, ${inbox.id}, ${principal}, ${contact}, ${departmentOf(inbox)}, ${t}, ${now}
      WHERE ${guard} ON CONFLICT DO NOTHING`,
    incoming
      ? sql`UPDATE conversations SET seq = seq + 1, last_at = max(last_at, ${t}), unread = unread + 1,
          last_incoming_at = max(coalesce(last_incoming_at, 0), ${t}), waiting_since = min(coalesce(waiting_since, ${t}), ${t}),
          named_at = ${peer.profileName ? sql`max(coalesce(named_at, 0), ${t})` : sql`named_at`}
          WHERE ${guard} AND ${conversation}`
      : sql`UPDATE conversations SET seq = seq + 1, last_at = max(last_at, ${t}) WHERE ${guard} AND ${conversation}`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, body, external_id, reply_to_external_id,
        occurred_at, provider_at, ingest_ord, seq, raw, created_at)
      SELECT ${workspaceId}, ${message.id}, id, ${inbox.id}, ${message.direction}, ${message.type}, ${message.body}, ${message.externalId},
        ${message.replyToExternalId}, ${t}, ${message.providerAt}, seq, seq, ${message.raw}, ${now}
      FROM conversations WHERE ${guard} AND ${conversation} ON CONFLICT DO NOTHING`,
  ]
}

/**
 * The newest message says what the person calls themselves, in whatever order they come; of two at once, the greater name.
 * That it was said again is written with the conversation, which is written anyway.
 */
function callThemselves(inbox: InboxRef, peer: StoredPeer, guard: SQL, contact: SQL, t: number): SQL {
  const saidAt = sql`max(profile_name_at, coalesce((SELECT max(named_at) FROM conversations n
    WHERE n.workspace_id = contacts.workspace_id AND n.contact_id = contacts.id), 0))`
  return sql`UPDATE contacts SET profile_name = ${peer.profileName}, profile_name_at = ${t},
      name_key = CASE WHEN name IS NULL THEN ${peer.profileKey} ELSE name_key END
    WHERE ${guard} AND workspace_id = ${inbox.workspaceId} AND id = ${contact} AND profile_name IS NOT ${peer.profileName}
      AND (${t} > ${saidAt} OR ${t} = ${saidAt} AND (profile_name IS NULL OR profile_name < ${peer.profileName}))`
}

function learnPhone(inbox: InboxRef, peer: StoredPeer, guard: SQL, contact: SQL): SQL {
  return sql`UPDATE contacts SET phone = ${peer.phone}, name_key = CASE WHEN name_key = '' THEN ${peer.phone} ELSE name_key END
    WHERE ${guard} AND workspace_id = ${inbox.workspaceId} AND id = ${contact} AND phone IS NULL
    AND NOT EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${inbox.workspaceId} AND phone = ${peer.phone})`
}

export interface InboundStatus {
  target: string
  attemptId: string | null
  state: 'sent' | 'delivered' | 'read' | 'failed'
  rank: number
  errorCode: string | null
  errorDetail: string | null
}

/** Raises an attempt to what the provider says of it, if that is further than it was. The rank is the event's proof. */
export function storeStatus(inbox: InboxRef, status: InboundStatus): SQL[] {
  const raised = sql`inbox_id = ${inbox.id} AND external_id = ${status.target} AND rank < ${status.rank}`
  return [
    ...(status.attemptId ? proveAttempt(inbox, status.attemptId, status.target) : []),
    ...bumpThread(inbox.workspaceId, sql`(SELECT message_id FROM send_attempts WHERE ${raised})`),
    sql`UPDATE send_attempts SET rank = ${status.rank}, state = ${status.state}, lease_until = NULL,
      error_class = ${status.state === 'failed' ? 'permanent' : null}, error_code = ${status.errorCode}, error_detail = ${status.errorDetail}
      WHERE ${raised}`,
  ]
}

/**
 * Did anything of ours carry this id? One that did not may come to: its status waits. So does the status of an echo while
 * a call is under way in its conversation: the echo may turn out to be what that call sends.
 */
export const knowsTarget = (inbox: InboxRef, target: string) =>
  sql`SELECT message_id AS id FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${target}
    UNION ALL SELECT m.id FROM messages m WHERE m.inbox_id = ${inbox.id} AND m.external_id = ${target} AND NOT EXISTS (
      SELECT 1 FROM send_attempts s WHERE s.inbox_id = m.inbox_id AND s.conversation_id = m.conversation_id
        AND s.state IN ('queued', 'sending') AND s.state = 'sending' AND s.external_id IS NULL)
    LIMIT 1`

/** Which of these ids something of ours carries by now. */
export const knownAmong = (inbox: Pick<InboxRef, 'id'>, targets: string[]) => {
  const wanted = sql.join(
    targets.map((target) => sql`${target}`),
    sql`, `,
  )
  return query<{ target: string }>(sql`
    SELECT external_id AS target FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id IN (${wanted})
    UNION SELECT external_id FROM messages WHERE inbox_id = ${inbox.id} AND external_id IN (${wanted})`)
}

/** The message whose attempt carries the provider's id. */
export const attemptedMessage = (inbox: InboxRef, externalId: string) =>
  sql`(SELECT message_id FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`

/** The echo that came before we knew that the id is that of an answer of ours. */
export const supersededEcho = (inbox: InboxRef, externalId: string) =>
  sql`(SELECT id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${externalId} AND superseded_by_id IS NOT NULL)`

/** The statement of a proof that takes an echo in, counted from the first. */
export const ECHO_TAKEN = 3

/** A status or an echo that carries our attempt's id proves that it was sent, and tells the provider's id for it. */
const proveAttempt = (inbox: InboxRef, attemptId: string, externalId: string) => [
  sql`UPDATE send_attempts SET external_id = ${externalId}
    WHERE workspace_id = ${inbox.workspaceId} AND id = ${attemptId} AND inbox_id = ${inbox.id} AND external_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`,
  ...takeEcho(inbox, externalId),
]

/** Once an attempt has its id, an echo of it that came first is taken into it: one bubble remains. */
export function takeEcho(inbox: InboxRef, externalId: string): SQL[] {
  const message = attemptedMessage(inbox, externalId)
  const echo = sql`(SELECT id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${externalId} AND direction = 'outgoing'
    AND superseded_by_id IS NULL AND ${message} IS NOT NULL)`
  return [
    ...bumpThread(inbox.workspaceId, echo),
    sql`UPDATE messages SET superseded_by_id = ${message} WHERE workspace_id = ${inbox.workspaceId} AND id = ${echo}`,
  ]
}

/** One change of a thread: its seq goes up by one and the changed row carries it. Nothing happens where there is no message. */
export const bumpThread = (workspaceId: string, message: SQL): SQL[] => [
  sql`UPDATE conversations SET seq = seq + 1 WHERE workspace_id = ${workspaceId}
    AND id = (SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${message})`,
  sql`UPDATE messages SET seq = (SELECT seq FROM conversations c WHERE c.workspace_id = ${workspaceId} AND c.id = messages.conversation_id)
    WHERE workspace_id = ${workspaceId} AND id = ${message}`,
]

/** Keeps whole what we do not use yet. */
export const storeKept = (
  inbox: InboxRef,
  event: { dedupeKey: string; kind: string; payload: string; receivedAt: number },
) => [
  sql`INSERT INTO kept_events (workspace_id, inbox_id, dedupe_key, kind, payload, received_at)
    VALUES (${inbox.workspaceId}, ${inbox.id}, ${event.dedupeKey}, ${event.kind}, ${event.payload}, ${event.receivedAt})
    ON CONFLICT DO NOTHING`,
]
