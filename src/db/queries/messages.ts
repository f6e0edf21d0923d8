/** Rows of a thread: pages of it, and what changed since a page was drawn. */
import { type SQL, sql } from 'drizzle-orm'
import { Content } from '../../channels/content.ts'
import { query } from '../client.ts'
import type { Change, Cursor, Draft, Reaction, Scope, ThreadMessage } from '../records.ts'
import { COMMENT_IN_THREAD, toThreadComment } from './comments.ts'
import { glimpseOf, withoutDeleted } from './glimpse.ts'
import { type Attempt, newest, possiblyDoubled, shownState } from './send-state-shown.ts'
import { visibleConversation } from './visibility.ts'

export const FIRST_PAGE = 60
export const NEXT_PAGE = 40
export const CATCH_UP_LIMIT = 500

export interface StoredMessage {
  id: string
  conversation_id: string
  channel: ThreadMessage['channel']
  kind: ThreadMessage['kind']
  direction: ThreadMessage['direction']
  type: string
  body: string | null
  occurred_at: number
  ingest_ord: number
  seq: number
  author_id: string | null
  author_name: string | null
  client_key: string | null
  automatic: ThreadMessage['automatic']
  superseded_by_id: string | null
  attempts: string | null
  change: string | null
  reply_to: string | null
  content: string | null
  attachments: string | null
  reactions: string | null
  edited_at: number | null
  deleted_at: number | null
  detail: string | null
  comment: string | null
}

/** Null where there are none, as with most. Put in order first: inside an aggregate, libSQL's parser takes no ORDER BY. */
const ATTACHMENTS = sql`(SELECT nullif(json_group_array(json(one)), '[]') FROM (
    SELECT json_object('id', f.id, 'kind', f.kind, 'mimeType', f.mime_type, 'fileName', f.file_name,
      'size', f.size, 'width', f.width, 'height', f.height, 'duration', f.duration, 'voice', json(iif(f.voice, 'true', 'false')),
      'animated', json(iif(f.animated, 'true', 'false')), 'state', f.state, 'errorCode', f.error_code) AS one
    FROM attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id ORDER BY f.ord))`

const REACTIONS = sql`(SELECT nullif(json_group_array(json(one)), '[]') FROM (
    SELECT json_object('side', r.side, 'emoji', r.emoji, 'attempts', (
      SELECT json_group_array(json_object('no', s.no, 'state', s.state, 'rank', s.rank))
      FROM send_attempts s WHERE s.workspace_id = r.workspace_id AND s.message_id = r.sent_by_id)) AS one
    FROM reactions r WHERE r.workspace_id = m.workspace_id AND r.message_id = m.id AND r.emoji IS NOT NULL
    ORDER BY r.side))`

/** The pairs of a `json_object`: all that is shown of an attempt. */
const ATTEMPT = (
  of: SQL,
) => sql`'id', ${of}.id, 'no', ${of}.no, 'state', ${of}.state, 'rank', ${of}.rank, 'notBefore', ${of}.not_before,
  'errorClass', ${of}.error_class, 'errorCode', ${of}.error_code, 'errorDetail', ${of}.error_detail, 'sentAt', ${of}.sent_at`

/** The newest alone: what became of those before it is settled by it. */
const CHANGE = sql`(SELECT json_object('type', x.type, 'body', x.body, 'askedAt', x.occurred_at,
    'byName', (SELECT name FROM agents WHERE workspace_id = x.workspace_id AND id = x.author_id),
    'attempts', (SELECT json_group_array(json_object(${ATTEMPT(sql`b`)})) FROM send_attempts b WHERE b.workspace_id = x.workspace_id AND b.message_id = x.id))
  FROM messages x WHERE x.workspace_id = m.workspace_id AND x.superseded_by_id = m.id AND x.type IN ('edit', 'delete')
  ORDER BY x.ingest_ord DESC LIMIT 1)`

/** A quote points to the same conversation alone: an earlier one may be hidden from whoever reads this. */
const COLUMNS = sql`m.id, m.conversation_id, m.kind, m.direction, m.type, m.body, m.occurred_at, m.ingest_ord, m.seq, m.author_id,
  (SELECT channel FROM inboxes WHERE workspace_id = m.workspace_id AND id = m.inbox_id) AS channel, g.name AS author_name, m.client_key, m.automatic, m.superseded_by_id, m.content, m.edited_at, m.deleted_at, ${ATTACHMENTS} AS attachments, ${REACTIONS} AS reactions, CASE WHEN m.kind = 'activity' THEN m.raw END AS detail,
  ${COMMENT_IN_THREAD} AS comment,
  CASE WHEN m.direction = 'outgoing' THEN (
    SELECT json_group_array(json_object(${ATTEMPT(sql`a`)}))
    FROM send_attempts a WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id) END AS attempts,
  CASE WHEN m.direction = 'outgoing' AND m.kind = 'message' THEN ${CHANGE} END AS change,
  CASE WHEN m.reply_to_external_id IS NOT NULL THEN (
    SELECT json_object('id', r.id, ${glimpseOf('r', 200)})
    FROM messages r WHERE r.workspace_id = m.workspace_id AND r.conversation_id = m.conversation_id AND r.id = coalesce(
      (SELECT id FROM messages WHERE inbox_id = m.inbox_id AND external_id = m.reply_to_external_id),
      (SELECT message_id FROM send_attempts WHERE inbox_id = m.inbox_id AND external_id = m.reply_to_external_id))) END AS reply_to`

const TABLES = sql`messages m LEFT JOIN agents g ON g.workspace_id = m.workspace_id AND g.id = m.author_id`

const ofConversation = (scope: Scope, conversationId: string) => sql`m.workspace_id = ${scope.workspaceId}
  AND m.conversation_id = ${conversationId}
  AND EXISTS (SELECT 1 FROM conversations c WHERE c.id = ${conversationId} AND ${visibleConversation(scope)})`

/** One page of a thread, newest first, ending just before the cursor; without one, at the end. */
export const messagesBefore = (scope: Scope, conversationId: string, before: Cursor | null, limit: number) =>
  query<StoredMessage>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${ofConversation(scope, conversationId)} AND m.superseded_by_id IS NULL
    ${before ? sql`AND (m.occurred_at, m.ingest_ord) < (${before.at}, ${before.tie})` : sql``}
    ORDER BY m.occurred_at DESC, m.ingest_ord DESC LIMIT ${limit}`)

/** One page of a thread, oldest first, beginning just after the cursor. */
export const messagesAfter = (scope: Scope, conversationId: string, after: Cursor, limit: number) =>
  query<StoredMessage>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${ofConversation(scope, conversationId)} AND m.superseded_by_id IS NULL
    AND (m.occurred_at, m.ingest_ord) > (${after.at}, ${after.tie})
    ORDER BY m.occurred_at ASC, m.ingest_ord ASC LIMIT ${limit}`)

/** Rows new or changed since `seq`, none older than `from`: the oldest that the page shows. */
export const messagesChangedSince = (scope: Scope, conversationId: string, seq: number, from: Cursor | null) =>
  query<StoredMessage>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${ofConversation(scope, conversationId)} AND m.seq > ${seq}
    ${from ? sql`AND (m.occurred_at, m.ingest_ord) >= (${from.at}, ${from.tie})` : sql``}
    ORDER BY m.seq LIMIT ${CATCH_UP_LIMIT + 1}`)

/** How many were stored after that moment in the thread's earlier conversations: a past that came in meanwhile. */
export const storedBeside = (scope: Scope, conversationId: string, after: number) =>
  query<{ n: number }>(sql`SELECT count(*) AS n FROM conversations here
    JOIN conversations c ON c.workspace_id = here.workspace_id AND c.identity_id = here.identity_id AND c.opened_at < here.opened_at
    JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id
    WHERE here.workspace_id = ${scope.workspaceId} AND here.id = ${conversationId} AND ${visibleConversation(scope)}
      AND m.kind = 'message' AND m.superseded_by_id IS NULL AND m.created_at > ${after}`)

/** One of the rows that changed in these conversations since a page had them; none: it has them as they are. */
export const changedBeside = (scope: Scope, known: { id: string; seq: number }[]) =>
  query<{ id: string }>(sql`SELECT m.id FROM json_each(${JSON.stringify(known)}) k
    JOIN conversations c ON c.id = json_extract(k.value, '$.id') AND ${visibleConversation(scope)}
    JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.seq > json_extract(k.value, '$.seq')
    WHERE m.superseded_by_id IS NULL LIMIT 1`)

/** One message of a conversation that the agent sees, as for a quote of it. */
export const messageIn = (scope: Scope, conversationId: string, id: string) =>
  query<StoredMessage>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${ofConversation(scope, conversationId)} AND m.id = ${id}
    AND m.kind = 'message' AND m.superseded_by_id IS NULL`)

/** One row, for whoever tells everyone about it. */
export const messageForPublishing = (workspaceId: string, id: SQL) =>
  query<StoredMessage>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE m.workspace_id = ${workspaceId} AND m.id = ${id}`)

export interface StoredDraft {
  body: string
  reply_to_id: string | null
}

/** What the agent typed in this thread and did not send, in whichever of its conversations that was. */
export const draftOf = (scope: Scope, conversationId: string) =>
  query<StoredDraft>(sql`SELECT d.body, d.reply_to_id FROM conversations x CROSS JOIN drafts d
      ON d.workspace_id = x.workspace_id AND d.agent_id = ${scope.agentId} AND d.conversation_id = x.id AND d.kind = 'reply'
    WHERE x.workspace_id = ${scope.workspaceId} AND x.identity_id = ${identityOf(scope, conversationId)}
    ORDER BY d.updated_at DESC LIMIT 1`)

const identityOf = (scope: Scope, conversationId: string) =>
  sql`(SELECT identity_id FROM conversations WHERE workspace_id = ${scope.workspaceId} AND id = ${conversationId})`

/** Of the conversation `c`: where its person is reached, the newest address first, as JSON. */
export const ADDRESSES = sql`(SELECT json_group_array(external_id) FROM (SELECT external_id FROM identities
  WHERE workspace_id = c.workspace_id AND principal_id = c.identity_id ORDER BY created_at DESC, id DESC))`

/** Where a person is reached in one inbox, the newest address first. */
export const addressesInThread = ({ workspaceId }: Scope, identityId: string) =>
  query<{ external_id: string }>(sql`SELECT external_id FROM identities
    WHERE workspace_id = ${workspaceId} AND principal_id = ${identityId} ORDER BY created_at DESC, id DESC`)

/** The conversations of one thread, by any of them. */
export const ofSameThread = (scope: Scope, conversationId: string) =>
  sql`(SELECT id FROM conversations WHERE workspace_id = ${scope.workspaceId} AND identity_id = ${identityOf(scope, conversationId)})`

export const toDraft = (rows: StoredDraft[]): Draft | null =>
  rows[0] ? { body: rows[0].body, replyToId: rows[0].reply_to_id } : null

export function toMessage(row: StoredMessage): ThreadMessage {
  const attempts: Attempt[] = row.attempts ? JSON.parse(row.attempts) : []
  const last = newest(attempts)
  return {
    id: row.id,
    conversationId: row.conversation_id,
    channel: row.channel,
    kind: row.kind,
    direction: row.direction,
    type: row.type,
    body: row.body,
    content: row.content ? Content.parse(JSON.parse(row.content)) : {},
    attachments: row.attachments ? JSON.parse(row.attachments) : [],
    reactions: row.reactions ? JSON.parse(row.reactions).map(toReaction) : [],
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    occurredAt: row.occurred_at,
    sentAt: attempts.reduce<number | null>((last, { sentAt }) => sentAt ?? last, null),
    ingestOrd: row.ingest_ord,
    seq: row.seq,
    authorId: row.author_id,
    authorName: row.author_name,
    clientKey: row.client_key,
    automatic: row.automatic,
    state: shownState(row.direction, attempts),
    attempt: last ? shownOf(last) : null,
    change: row.change ? toChange(JSON.parse(row.change)) : null,
    possiblyDoubled: possiblyDoubled(attempts),
    replyTo: row.reply_to ? withoutDeleted(JSON.parse(row.reply_to)) : null,
    supersededById: row.superseded_by_id,
    detail: row.detail ? JSON.parse(row.detail) : null,
    comment: row.comment ? toThreadComment(row.comment) : null,
  }
}

interface StoredReaction {
  side: Reaction['side']
  emoji: string
  attempts: Pick<Attempt, 'no' | 'state' | 'rank'>[]
}

const toReaction = ({ side, emoji, attempts }: StoredReaction): Reaction => ({
  side,
  emoji,
  state: shownState(side === 'customer' ? 'incoming' : 'outgoing', attempts),
})

const shownOf = ({ rank: _, sentAt: __, ...attempt }: Attempt) => attempt

function toChange({ attempts, ...asked }: Omit<Change, 'state' | 'attempt'> & { attempts: Attempt[] }): Change {
  const last = newest(attempts)
  return { ...asked, state: shownState('outgoing', attempts), attempt: last ? shownOf(last) : null }
}
