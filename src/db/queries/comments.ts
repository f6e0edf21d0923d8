/** What agents write about a person for one another. Nothing here has an address, a send attempt or a way out. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Comment, CommentVersion, Mention, ThreadComment } from '../contact-records.ts'
import type { Scope } from '../records.ts'
import { contactStands } from './contacts.ts'
import { bumpThread } from './inbound.ts'
import { stillAllowed, visibleContact, visibleConversation } from './visibility.ts'

export const COMMENTS_PAGE = 30
const MOST_PINNED = 50

export interface StoredComment {
  id: string
  contact_id: string
  conversation_id: string | null
  inbox_name: string | null
  author_id: string
  author_name: string | null
  body: string
  mentions: string
  pinned_at: number | null
  edited_at: number | null
  version: number
  created_at: number
}

const MENTIONS = sql`(SELECT json_group_array(json_object('id', a.id, 'name', a.name)) FROM comment_mentions n
    JOIN agents a ON a.workspace_id = n.workspace_id AND a.id = n.agent_id
    WHERE n.workspace_id = o.workspace_id AND n.comment_id = o.id)`

/** `o`: a comment. */
const COLUMNS = sql`o.id, o.contact_id, o.conversation_id, o.author_id, o.body, o.pinned_at, o.edited_at, o.version, o.created_at,
  (SELECT name FROM agents a WHERE a.workspace_id = o.workspace_id AND a.id = o.author_id) AS author_name,
  (SELECT i.name FROM conversations c JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
    WHERE c.workspace_id = o.workspace_id AND c.id = o.conversation_id) AS inbox_name,
  ${MENTIONS} AS mentions`

/** General ones follow the contact, those of a conversation follow it. */
const visibleComment = (scope: Scope) => sql`o.deleted_at IS NULL
  AND EXISTS (SELECT 1 FROM contacts k WHERE k.id = o.contact_id AND ${visibleContact(scope)})
  AND (o.conversation_id IS NULL OR EXISTS (
    SELECT 1 FROM conversations c WHERE c.id = o.conversation_id AND ${visibleConversation(scope)}))`

/** One thread is one person in one inbox: what was said for an earlier conversation of it is still about this one. */
const ofThread = (scope: Scope, conversationId: string | null) =>
  conversationId === null
    ? sql`1`
    : sql`(o.conversation_id IS NULL OR o.conversation_id IN (
        SELECT t.id FROM conversations t WHERE t.workspace_id = ${scope.workspaceId} AND t.identity_id = (
          SELECT identity_id FROM conversations WHERE workspace_id = ${scope.workspaceId} AND id = ${conversationId})))`

interface Place {
  contactId: string | SQL
  /** Where they are read; null: on the contact's own page. */
  conversationId: string | null
}

const ofContact = (scope: Scope, { contactId, conversationId }: Place) => sql`o.workspace_id = ${scope.workspaceId}
  AND o.contact_id = ${contactId} AND ${visibleComment(scope)} AND ${ofThread(scope, conversationId)}`

/** The newest first; one more than a page tells that there are older ones. */
export const commentsOf = (scope: Scope, place: Place, before: { at: number; tie: string } | null) =>
  query<StoredComment>(sql`SELECT ${COLUMNS} FROM comments o WHERE ${ofContact(scope, place)} AND o.pinned_at IS NULL
    ${before ? sql`AND (o.created_at, o.id) < (${before.at}, ${before.tie})` : sql``}
    ORDER BY o.created_at DESC, o.id DESC LIMIT ${COMMENTS_PAGE + 1}`)

/** The highlighted ones, the last to be highlighted first. */
export const pinnedCommentsOf = (scope: Scope, place: Place) =>
  query<StoredComment>(sql`SELECT ${COLUMNS} FROM comments o WHERE ${ofContact(scope, place)} AND o.pinned_at IS NOT NULL
    ORDER BY o.pinned_at DESC, o.id DESC LIMIT ${MOST_PINNED}`)

/** The same for the strip of a thread, which knows its conversation alone. */
export const pinnedInThread = (scope: Scope, conversationId: string) =>
  query<StoredComment>(sql`SELECT ${COLUMNS} FROM conversations h
    JOIN comments o ON o.workspace_id = h.workspace_id AND o.contact_id = h.contact_id
    WHERE h.workspace_id = ${scope.workspaceId} AND h.id = ${conversationId} AND o.pinned_at IS NOT NULL
      AND EXISTS (SELECT 1 FROM conversations c WHERE c.id = h.id AND ${visibleConversation(scope)})
      AND ${visibleComment(scope)} AND ${ofThread(scope, conversationId)}
    ORDER BY o.pinned_at DESC, o.id DESC LIMIT ${MOST_PINNED}`)

export const commentOf = (scope: Scope, contactId: string, id: string) =>
  query<StoredComment>(sql`SELECT ${COLUMNS} FROM comments o
    WHERE o.workspace_id = ${scope.workspaceId} AND o.id = ${id} AND o.contact_id = ${contactId} AND ${visibleComment(scope)}`)

export const toComment = (row: StoredComment): Comment => ({
  id: row.id,
  contactId: row.contact_id,
  conversationId: row.conversation_id,
  inboxName: row.inbox_name,
  authorId: row.author_id,
  authorName: row.author_name,
  body: row.body,
  mentions: JSON.parse(row.mentions) as Mention[],
  pinnedAt: row.pinned_at,
  editedAt: row.edited_at,
  version: row.version,
  createdAt: row.created_at,
})

/** What the thread shows of a comment that stands in it, as JSON; for a `messages` row named `m`. */
export const COMMENT_IN_THREAD = sql`CASE WHEN m.kind = 'comment' THEN (
  SELECT json_object('contactId', o.contact_id, 'body', o.body, 'pinned', o.pinned_at, 'edited', o.edited_at, 'mentions', json(${MENTIONS}))
  FROM comments o WHERE o.workspace_id = m.workspace_id AND o.id = m.id) END`

export function toThreadComment(json: string): ThreadComment {
  const { pinned, edited, ...comment } = JSON.parse(json)
  return { ...comment, pinned: pinned !== null, edited: edited !== null }
}

export interface StoredVersion {
  version: number
  body: string
  author_name: string | null
  created_at: number
}

export const versionsOf = (scope: Scope, contactId: string, id: string) =>
  query<StoredVersion>(sql`SELECT v.version, v.body, a.name AS author_name, v.created_at FROM comment_versions v
    JOIN comments o ON o.workspace_id = v.workspace_id AND o.id = v.comment_id
    LEFT JOIN agents a ON a.workspace_id = v.workspace_id AND a.id = v.author_id
    WHERE v.workspace_id = ${scope.workspaceId} AND v.comment_id = ${id} AND o.contact_id = ${contactId} AND ${visibleComment(scope)}
    ORDER BY v.version DESC LIMIT 50`)

export const toVersion = ({ author_name, created_at, ...row }: StoredVersion): CommentVersion => ({
  ...row,
  authorName: author_name,
  createdAt: created_at,
})

/** Whom a comment may name: everyone who works here. */
export const mentionable = ({ workspaceId }: Scope) =>
  query<Mention>(
    sql`SELECT id, name FROM agents WHERE workspace_id = ${workspaceId} AND deactivated_at IS NULL LIMIT 5000`,
  )

export interface NewComment {
  id: string
  contactId: string
  /** For this conversation alone; null: for all of the contact's. */
  conversationId: string | null
  clientKey: string
  body: string
  mentionedIds: string[]
  now: number
}

/**
 * Stores a comment once for one client key. One that is for a conversation alone also takes its place in the thread: a
 * row that holds nothing but the place.
 */
export function storeComment(scope: Scope, comment: NewComment): SQL[] {
  const { workspaceId, agentId } = scope
  const { id, conversationId, now } = comment
  const stored = sql`EXISTS (SELECT 1 FROM comments WHERE workspace_id = ${workspaceId} AND id = ${id})`
  const here =
    conversationId === null
      ? sql`1`
      : sql`EXISTS (SELECT 1 FROM conversations c
          WHERE c.id = ${conversationId} AND c.contact_id = ${comment.contactId} AND ${visibleConversation(scope)})`
  return [
    sql`INSERT INTO comments (workspace_id, id, contact_id, conversation_id, author_id, client_key, body, created_at)
      SELECT ${workspaceId}, ${id}, ${comment.contactId}, ${conversationId}, ${agentId}, ${comment.clientKey}, ${comment.body}, ${now}
      WHERE ${contactStands(scope, comment.contactId)} AND ${here}
      ON CONFLICT (workspace_id, author_id, client_key) DO NOTHING`,
    ...storeMentions(scope, id, comment.mentionedIds, stored, now),
    ...(conversationId === null ? [] : placeInThread(scope, { id, conversationId, now }, stored)),
  ]
}

function placeInThread(
  { workspaceId, agentId }: Scope,
  { id, conversationId, now }: { id: string; conversationId: string; now: number },
  stored: SQL,
): SQL[] {
  const isNew = sql`${stored} AND NOT EXISTS (SELECT 1 FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id})`
  return [
    sql`UPDATE conversations SET seq = seq + 1 WHERE workspace_id = ${workspaceId} AND id = ${conversationId} AND ${isNew}`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, occurred_at, ingest_ord, author_id, seq, created_at)
      SELECT ${workspaceId}, ${id}, c.id, c.inbox_id, 'comment', 'outgoing', 'comment', ${now}, c.seq, ${agentId}, c.seq, ${now}
      FROM conversations c WHERE c.workspace_id = ${workspaceId} AND c.id = ${conversationId} AND ${isNew}`,
  ]
}

const storeMentions = ({ workspaceId }: Scope, commentId: string, agentIds: string[], guard: SQL, now: number): SQL[] =>
  agentIds.map(
    (agentId) => sql`INSERT INTO comment_mentions (workspace_id, comment_id, agent_id, created_at)
      SELECT workspace_id, ${commentId}, id, ${now} FROM agents WHERE workspace_id = ${workspaceId} AND id = ${agentId} AND ${guard}
      ON CONFLICT DO NOTHING`,
  )

/** The comment that holds this client key. */
export const commentOfClientKey = (scope: Scope, clientKey: string) =>
  query<{ id: string; contact_id: string; body: string; conversation_id: string | null }>(sql`
    SELECT id, contact_id, body, conversation_id FROM comments
    WHERE workspace_id = ${scope.workspaceId} AND author_id = ${scope.agentId} AND client_key = ${clientKey}`)

/** Whoever wrote it may change it, and whoever supervises. */
export const mayChangeComments = ({ role }: Pick<Scope, 'role'>) => role !== 'agent'

/** Guard: the agent may change this comment, and it is as the page showed it. */
export function commentStands(
  scope: Scope,
  { contactId, id, version }: { contactId: string; id: string; version?: number },
): SQL {
  const theirs = mayChangeComments(scope) ? sql`1` : sql`o.author_id = ${scope.agentId}`
  return sql`(${stillAllowed(scope)} AND EXISTS (SELECT 1 FROM comments o WHERE o.workspace_id = ${scope.workspaceId} AND o.id = ${id}
    AND o.contact_id = ${contactId} AND ${version === undefined ? sql`1` : sql`o.version = ${version}`} AND ${theirs} AND ${visibleComment(scope)}))`
}

/** Its row in the thread, where it has one. */
const rowInThread = ({ workspaceId }: Scope, id: string, guard: SQL) =>
  sql`(SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard})`

/** The text as it was is kept. */
export function editComment(
  scope: Scope,
  comment: { id: string; version: number; body: string; mentionedIds: string[]; now: number },
  guard: SQL,
): SQL[] {
  const { workspaceId } = scope
  const { id, version, body, mentionedIds, now } = comment
  const edited = sql`EXISTS (SELECT 1 FROM comments WHERE workspace_id = ${workspaceId} AND id = ${id} AND version = ${version + 1} AND body = ${body})`
  const nobody = mentionedIds.length === 0
  const stay = sql.join(
    mentionedIds.map((agentId) => sql`${agentId}`),
    sql`, `,
  )
  return [
    ...bumpThread(workspaceId, rowInThread(scope, id, guard)),
    sql`INSERT INTO comment_versions (workspace_id, comment_id, version, body, author_id, created_at)
      SELECT workspace_id, id, version, body, ${scope.agentId}, ${now} FROM comments
      WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard} ON CONFLICT DO NOTHING`,
    sql`UPDATE comments SET body = ${body}, edited_at = ${now}, version = version + 1
      WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`,
    sql`DELETE FROM comment_mentions WHERE workspace_id = ${workspaceId} AND comment_id = ${id} AND ${edited}
      ${nobody ? sql`` : sql`AND agent_id NOT IN (${stay})`}`,
    ...storeMentions(scope, id, mentionedIds, edited, now),
  ]
}

/** Gone from every page, kept in the table. Its place in the thread gives way as that of an echo does. */
export const removeComment = (scope: Scope, id: string, now: number, guard: SQL): SQL[] => [
  ...bumpThread(scope.workspaceId, rowInThread(scope, id, guard)),
  sql`UPDATE messages SET superseded_by_id = id, deleted_at = ${now}
    WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND kind = 'comment' AND ${guard}`,
  sql`UPDATE comments SET deleted_at = ${now}, deleted_by_id = ${scope.agentId}
    WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND ${guard}`,
]

/** On top of the others and of the thread, or no longer. */
export function pinComment(scope: Scope, id: string, at: number | null, guard: SQL): SQL[] {
  const changes = sql`${guard} AND EXISTS (SELECT 1 FROM comments WHERE workspace_id = ${scope.workspaceId} AND id = ${id}
    AND pinned_at IS ${at === null ? sql`NOT NULL` : sql`NULL`})`
  return [
    ...bumpThread(scope.workspaceId, rowInThread(scope, id, changes)),
    sql`UPDATE comments SET pinned_at = ${at}, pinned_by_id = ${at === null ? null : scope.agentId}
      WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND ${changes}`,
  ]
}
