/** A message of the customer's, or an echo of what our side wrote elsewhere, with whatever stands around it. */
import { type SQL, sql } from 'drizzle-orm'
import { bumpThread, type InboxRef } from './inbound.ts'
import { callThemselves, contactOf, type FreshIds, principalOf, type StoredPeer, storePeer } from './inbound-people.ts'

export interface InboundMessage {
  id: string
  direction: 'incoming' | 'outgoing'
  externalId: string
  type: string
  body: string | null
  /** JSON: channels/content.ts. */
  content: string | null
  files: InboundFile[]
  replyToExternalId: string | null
  occurredAt: number
  providerAt: number | null
  /** It came by way of an ad: a longer window counts from it. */
  fromAd: boolean
  /** The attempt that an echo says it is of. */
  attemptId: string | null
  raw: string | null
}

export interface InboundFile {
  id: string
  kind: string
  mimeType: string | null
  fileName: string | null
  size: number | null
  voice: boolean
  animated: boolean
  providerMediaId: string | null
  state: 'pending' | 'failed'
  errorCode: string | null
}

interface Around {
  inbox: InboxRef
  peer: StoredPeer
  message: InboundMessage
  fresh: FreshIds
  now: number
}

/**
 * Stores it, with the person and the open conversation where there is none. The guard is that no row holds its external id
 * yet: the row that the batch inserts makes it false. With somebody who is blocked no conversation is open and none is
 * opened: nothing is stored, and `storeSilently` has the message.
 */
export function storeMessage(around: Around): SQL[] {
  const guard = isNew(around)
  return [
    ...storePeer(around.inbox, around.peer, around.fresh, guard, around.now),
    ...openConversation(around, guard),
    insertMessage(around, guard, sql`${isOpen(around)}`),
    ...insertFiles(around),
  ]
}

/** The last statement before the files: did the message go in? */
export const wasInserted = (written: { changes: number }[], { files }: InboundMessage) =>
  written.at(-1 - files.length)?.changes === 1

function isNew({ inbox, message }: Around): SQL {
  const stored = sql`NOT EXISTS (SELECT 1 FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${message.externalId})`
  if (message.direction === 'incoming') return stored
  const ours = message.attemptId
    ? sql`AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE workspace_id = ${inbox.workspaceId} AND id = ${message.attemptId} AND inbox_id = ${inbox.id})`
    : sql``
  return sql`${stored} AND NOT EXISTS (SELECT 1 FROM send_attempts WHERE inbox_id = ${inbox.id} AND external_id = ${message.externalId}) ${ours}`
}

const isOpen = ({ inbox, peer }: Around) =>
  sql`inbox_id = ${inbox.id} AND identity_id = ${principalOf(inbox, peer)} AND status <> 'closed'`

/** As it is set now: what a gateway was told of it may be a minute old. */
const departmentOf = (inbox: InboxRef) =>
  sql`(SELECT department_id FROM inboxes WHERE workspace_id = ${inbox.workspaceId} AND id = ${inbox.id})`

/** What the message does to its conversation, which it opens where none is open. */
function openConversation(around: Around, guard: SQL): SQL[] {
  const { inbox, peer, message, fresh, now } = around
  const { workspaceId } = inbox
  const t = message.occurredAt
  const contact = contactOf(inbox, peer, fresh.contact)
  return [
    ...(peer.profileName ? [callThemselves(inbox, peer, guard, contact, t)] : []),
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, last_at, opened_at)
      SELECT k.workspace_id, ${fresh.conversation}, ${inbox.id}, ${principalOf(inbox, peer)}, k.id, ${departmentOf(inbox)}, ${t}, ${now}
      FROM contacts k WHERE ${guard} AND k.workspace_id = ${workspaceId} AND k.id = ${contact} AND k.blocked_at IS NULL ON CONFLICT DO NOTHING`,
    message.direction === 'incoming'
      ? sql`UPDATE conversations SET seq = seq + 1, last_at = max(last_at, ${t}), unread = unread + 1, ${heardAt(message)},
          waiting_since = CASE WHEN ${answeredElsewhere(workspaceId, t)} THEN waiting_since ELSE min(coalesce(waiting_since, ${t}), ${t}) END,
          named_at = ${peer.profileName ? sql`max(coalesce(named_at, 0), ${t})` : sql`named_at`}
          WHERE ${guard} AND ${isOpen(around)}`
      : sql`UPDATE conversations SET seq = seq + 1, last_at = max(last_at, ${t}), waiting_since = ${stillWaiting(workspaceId, t)}
          WHERE ${guard} AND ${isOpen(around)}`,
  ]
}

/** The windows count from the customer's newest message, and from the newest that an ad brought. */
const heardAt = ({ occurredAt: t, fromAd }: InboundMessage) =>
  sql`last_incoming_at = max(coalesce(last_incoming_at, 0), ${t})${fromAd ? sql`, last_ad_at = max(coalesce(last_ad_at, 0), ${t})` : sql``}`

/** Whoever has the phone in hand sees all that came before they write: it waits no longer, in whatever order we hear. */
const answeredElsewhere = (workspaceId: string, t: number) =>
  sql`EXISTS (SELECT 1 FROM messages e WHERE e.workspace_id = ${workspaceId} AND e.conversation_id = conversations.id
    AND e.occurred_at >= ${t} AND e.direction = 'outgoing' AND e.kind = 'message' AND e.author_id IS NULL AND e.automatic IS NULL)`

const stillWaiting = (workspaceId: string, t: number) =>
  sql`CASE WHEN waiting_since <= ${t} THEN (SELECT min(e.occurred_at) FROM messages e WHERE e.workspace_id = ${workspaceId}
    AND e.conversation_id = conversations.id AND e.occurred_at > ${t} AND e.direction = 'incoming' AND e.kind = 'message')
    ELSE waiting_since END`

const insertMessage = ({ inbox, message, now }: Around, guard: SQL, where: SQL) =>
  sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, type, body, content, external_id, reply_to_external_id,
      occurred_at, provider_at, ingest_ord, seq, raw, created_at)
    SELECT ${inbox.workspaceId}, ${message.id}, id, ${inbox.id}, ${message.direction}, ${message.type}, ${message.body}, ${message.content},
      ${message.externalId}, ${message.replyToExternalId}, ${message.occurredAt}, ${message.providerAt}, seq, seq, ${message.raw}, ${now}
    FROM conversations WHERE ${guard} AND ${where} ON CONFLICT DO NOTHING`

/** They hang on the message, not on the guard: whoever stored it, each file is there once. */
const insertFiles = ({ inbox, message, now }: Around) =>
  message.files.map(
    (
      file,
      ord,
    ) => sql`INSERT INTO attachments (workspace_id, id, message_id, inbox_id, ord, kind, mime_type, file_name, size, voice, animated,
        provider_media_id, state, error_code, created_at)
      SELECT ${inbox.workspaceId}, ${file.id}, id, ${inbox.id}, ${ord}, ${file.kind}, ${file.mimeType}, ${file.fileName}, ${file.size},
        ${Number(file.voice)}, ${Number(file.animated)}, ${file.providerMediaId}, ${file.state}, ${file.errorCode}, ${now}
      FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${message.externalId} AND type = ${message.type} AND deleted_at IS NULL
      ON CONFLICT DO NOTHING`,
  )

/**
 * What somebody who is blocked writes, or is written to from elsewhere: nobody is disturbed, and nothing waits. It stands
 * below what was said last; where there is nothing any more, in a conversation that is closed from the start.
 */
export function storeSilently(around: Around): SQL[] {
  const { inbox, peer, message, fresh, now } = around
  const { workspaceId } = inbox
  const t = message.occurredAt
  const guard = isNew(around)
  const principal = principalOf(inbox, peer)
  const contact = contactOf(inbox, peer, sql`NULL`)
  const place = sql`(SELECT id FROM conversations WHERE workspace_id = ${workspaceId} AND identity_id = ${principal} AND status = 'closed'
    AND imported = 0 AND emptied_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT 1)`
  return [
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, status, last_at, opened_at, closed_at)
      SELECT ${workspaceId}, ${fresh.conversation}, ${inbox.id}, ${principal}, ${contact}, ${departmentOf(inbox)}, 'closed', ${t}, ${now}, ${now}
      WHERE ${guard} AND ${place} IS NULL ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations SET seq = seq + 1, last_at = max(last_at, ${t})${message.direction === 'incoming' ? sql`, ${heardAt(message)}` : sql``}
        ${peer.profileName ? sql`, named_at = max(coalesce(named_at, 0), ${t})` : sql``}
      WHERE ${guard} AND workspace_id = ${workspaceId} AND id = ${place}`,
    insertMessage(around, guard, sql`workspace_id = ${workspaceId} AND id = ${place}`),
    ...insertFiles(around),
  ]
}

/**
 * A message of the past: it goes to the conversation that was open then, else to the one that holds what was said before
 * there were any. It is read already, waits for nobody and opens nothing.
 */
export function storePastMessage(around: Around): SQL[] {
  const { inbox, peer, message, fresh, now } = around
  const { workspaceId } = inbox
  const t = message.occurredAt
  const guard = isNew(around)
  const principal = principalOf(inbox, peer)
  const openThen = sql`(SELECT id FROM conversations WHERE workspace_id = ${workspaceId} AND identity_id = ${principal} AND imported = 0
    AND opened_at <= ${t} ORDER BY opened_at DESC, id DESC LIMIT 1)`
  const place = sql`coalesce(${openThen}, ${importedOf(inbox, peer)})`
  const contact = contactOf(inbox, peer, fresh.contact)
  return [
    ...(message.files.length > 0 ? completePlaceholder(inbox, message) : []),
    ...storePeer(inbox, peer, fresh, guard, now),
    ...(peer.profileName ? [callThemselves(inbox, peer, guard, contact, t)] : []),
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, status, imported, last_at, opened_at, closed_at)
      SELECT ${workspaceId}, ${fresh.conversation}, ${inbox.id}, ${principal}, ${contact}, ${departmentOf(inbox)}, 'closed', 1, ${t}, ${t}, ${t}
      WHERE ${guard} AND ${openThen} IS NULL ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations SET seq = seq + 1, last_at = max(last_at, ${t}),
        opened_at = CASE WHEN imported THEN min(opened_at, ${t}) ELSE opened_at END,
        closed_at = CASE WHEN imported THEN max(closed_at, ${t}) ELSE closed_at END,
        ${message.direction === 'incoming' ? heardAt(message) : sql`waiting_since = ${stillWaiting(workspaceId, t)}`}
      WHERE ${guard} AND workspace_id = ${workspaceId} AND id = ${place}`,
    insertMessage(around, guard, sql`workspace_id = ${workspaceId} AND id = ${place}`),
    ...insertFiles(around),
  ]
}

const importedOf = (inbox: InboxRef, peer: StoredPeer) =>
  sql`(SELECT id FROM conversations WHERE inbox_id = ${inbox.id} AND identity_id = ${principalOf(inbox, peer)} AND imported = 1)`

/** How many statements of a past message with files come before all others: those that put the file in its place. */
export const COMPLETING = 3

/** A past that was told first without its files is told again with them, under the same id: once. */
function completePlaceholder(inbox: InboxRef, message: InboundMessage): SQL[] {
  const waits = sql`inbox_id = ${inbox.id} AND external_id = ${message.externalId} AND type = 'media_placeholder' AND deleted_at IS NULL`
  return [
    ...bumpThread(inbox.workspaceId, sql`(SELECT id FROM messages WHERE ${waits})`),
    sql`UPDATE messages SET type = ${message.type}, body = CASE WHEN edit_rank IS NULL THEN ${message.body} ELSE body END,
        content = ${message.content}, raw = ${message.raw}, reply_to_external_id = coalesce(${message.replyToExternalId}, reply_to_external_id)
      WHERE ${waits}`,
  ]
}

/**
 * What was told as part of the past is told as news as well: it belongs to the open conversation, unread and waiting, as if
 * it had never come the other way.
 */
export function bringForward(around: Around): SQL[] {
  const { inbox, peer, message } = around
  const { workspaceId } = inbox
  const past = sql`EXISTS (SELECT 1 FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
    WHERE m.inbox_id = ${inbox.id} AND m.external_id = ${message.externalId} AND c.imported = 1)`
  const left = importedOf(inbox, peer)
  const of = (column: string) => sql`(SELECT ${sql.raw(column)} FROM messages m
    WHERE m.workspace_id = ${workspaceId} AND m.conversation_id = conversations.id)`
  return [
    ...openConversation(around, past),
    sql`UPDATE messages SET conversation_id = c.id, seq = c.seq, ingest_ord = c.seq FROM (SELECT id, seq FROM conversations WHERE ${isOpen(around)}) c
      WHERE ${past} AND messages.inbox_id = ${inbox.id} AND messages.external_id = ${message.externalId}`,
    sql`UPDATE conversations SET last_at = ${of('max(occurred_at)')}, closed_at = ${of('max(occurred_at)')}, opened_at = ${of('min(occurred_at)')},
        last_incoming_at = ${of("max(CASE direction WHEN 'incoming' THEN occurred_at END)")}
      WHERE workspace_id = ${workspaceId} AND id = ${left} AND EXISTS ${of('1')}`,
    sql`DELETE FROM conversations WHERE workspace_id = ${workspaceId} AND id = ${left} AND NOT EXISTS ${of('1')}
      AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.workspace_id = ${workspaceId} AND d.conversation_id = conversations.id)
      AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.workspace_id = ${workspaceId} AND u.conversation_id = conversations.id)
      AND NOT EXISTS (SELECT 1 FROM comments n WHERE n.workspace_id = ${workspaceId} AND n.conversation_id = conversations.id)`,
  ]
}

/** Of the batch above: the statement that moves the message. */
export const BROUGHT = -3
