/** The erasing of a person: what it would take along, the moment from which on they are gone, and how far it has come. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { type ErasedKey, storeErasedKeysOf } from './erased-keys.ts'

export interface Taken {
  conversations: number
  messages: number
  files: number
  comments: number
  tags: number
  groups: number
  addresses: number
}

/** The contact with all who became part of it; may stand after IN. */
const allOf = (
  workspaceId: string,
  contactId: string,
) => sql`(SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${contactId}
  UNION ALL SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND merged_into_id = ${contactId})`

/** What is kept about a person, counted. */
export const takenWith = ({ workspaceId }: Pick<Scope, 'workspaceId'>, contactId: string) => {
  const of = (table: string) =>
    sql`(SELECT count(*) FROM ${sql.raw(table)} WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId})`
  const said = sql`FROM conversations c CROSS JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id`
  const theirs = sql`c.workspace_id = ${workspaceId} AND c.contact_id = ${contactId} AND m.kind = 'message' AND m.superseded_by_id IS NULL`
  return query<Taken>(sql`SELECT ${of('conversations')} AS conversations, ${of('identities')} AS addresses,
    (SELECT count(*) ${said} WHERE ${theirs}) AS messages,
    (SELECT count(*) ${said} CROSS JOIN attachments f ON f.workspace_id = m.workspace_id AND f.message_id = m.id
      WHERE ${theirs} AND f.object_key IS NOT NULL) AS files,
    (SELECT count(*) FROM comments WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId} AND deleted_at IS NULL) AS comments,
    ${of('contact_tags')} AS tags, ${of('contact_groups')} AS groups`)
}

export interface SubjectContact {
  id: string
  name: string | null
  profile_name: string | null
  phone: string | null
  picture_key: string | null
}

export interface SubjectAddress {
  inbox_id: string
  external_id: string
  phone: string | null
}

/** Whom it is about, and where else they may be told of. */
export const subjectOf = ({ workspaceId }: Pick<Scope, 'workspaceId'>, contactId: string) =>
  [
    query<SubjectContact>(sql`SELECT id, name, profile_name, phone, picture_key FROM contacts
      WHERE workspace_id = ${workspaceId} AND id IN ${allOf(workspaceId, contactId)}`),
    query<SubjectAddress>(sql`SELECT inbox_id, external_id, phone FROM identities
      WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId}`),
    query<{ id: string }>(sql`SELECT id FROM conversations
      WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId} ORDER BY id`),
    inboxesOf(workspaceId),
  ] as const

export const inboxesOf = (workspaceId: string) =>
  query<{ id: string; webhook_key: string }>(
    sql`SELECT id, webhook_key FROM inboxes WHERE workspace_id = ${workspaceId} ORDER BY id`,
  )

/** What a person is found by while they are being erased. */
export interface Subject {
  contactIds: string[]
  /** Addresses and numbers, as providers write them. */
  mentioned: string[]
  /** What they were called. */
  named: string[]
  /** Objects in the store that no row names any more. */
  objects: string[]
  /** Hashes of what they are known by. One that was asked for by an earlier version of us does not say. */
  keys?: ErasedKey[]
}

export interface NewErasure {
  id: string
  contactId: string
  subject: Subject & { keys: ErasedKey[] }
  addresses: string[]
  /** For each conversation the id of the line that says so in it. */
  lines: { conversationId: string; lineId: string }[]
  now: number
  /** Guard: the person is there, and may be erased. */
  stands: SQL
}

/** Who erases: somebody of the team, even if they are not there any more. */
type Eraser = Pick<Scope, 'workspaceId' | 'agentId'>

export const FIRST_STEP = 'about'

/**
 * From this batch on the person is gone: no name, no number, no address leads to them, nothing that waits is sent, and
 * whoever writes from any of their addresses is somebody new. What they said goes step by step after it.
 */
export function requestErasure(by: Eraser, erasure: NewErasure): SQL[] {
  const { workspaceId, agentId } = by
  const { id, contactId, subject, lines, now } = erasure
  const isKnown = sql`NOT EXISTS (SELECT 1 FROM identities WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId}
    AND external_id NOT IN (SELECT value FROM json_each(${JSON.stringify(erasure.addresses)})))`
  const going = erasureBegins(by, erasure)
  const author = sql`(SELECT id FROM agents WHERE workspace_id = ${workspaceId} AND id = ${agentId})`
  const theirs = sql`workspace_id = ${workspaceId} AND contact_id = ${contactId} AND ${going}`
  const conversations = sql`(SELECT id FROM conversations WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId})`
  const waiting = sql`(SELECT s.id FROM conversations c CROSS JOIN send_attempts s ON s.inbox_id = c.inbox_id AND s.conversation_id = c.id
    AND s.state IN ('queued', 'sending') WHERE c.workspace_id = ${workspaceId} AND c.contact_id = ${contactId})`
  return [
    sql`INSERT INTO erasures (workspace_id, id, contact_id, requested_by_id, requested_at, step, subject)
      SELECT ${workspaceId}, ${id}, ${contactId}, ${agentId}, ${now}, ${FIRST_STEP}, ${JSON.stringify(subject)}
      WHERE ${erasure.stands} AND ${isKnown} ON CONFLICT DO NOTHING`,
    sql`UPDATE erasures SET counts = json_object(
        'addresses', (SELECT count(*) FROM identities WHERE ${theirs}), 'conversations', (SELECT count(*) FROM conversations WHERE ${theirs}),
        'canceled', (SELECT count(*) FROM send_attempts WHERE workspace_id = ${workspaceId} AND id IN ${waiting} AND state = 'queued'),
        'fields', (SELECT count(*) FROM contact_field_values WHERE ${theirs}),
        'drafts', (SELECT count(*) FROM drafts WHERE workspace_id = ${workspaceId} AND conversation_id IN ${conversations}))
      WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${going}`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, occurred_at, ingest_ord, author_id, seq, created_at)
      SELECT c.workspace_id, j.value ->> 'lineId', c.id, c.inbox_id, 'activity', 'outgoing', 'erased', ${now}, c.seq + 1, ${author}, c.seq + 1, ${now}
      FROM json_each(${JSON.stringify(lines)}) j JOIN conversations c ON c.workspace_id = ${workspaceId} AND c.id = j.value ->> 'conversationId'
        AND c.contact_id = ${contactId} WHERE ${going} ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations SET seq = seq + 1, version = version + 1, closed_at = coalesce(closed_at, ${now}),
        closed_by_id = CASE status WHEN 'closed' THEN closed_by_id ELSE ${agentId} END, status = 'closed', unread = 0, waiting_since = NULL,
        snoozed_until = NULL WHERE ${theirs}`,
    sql`UPDATE send_attempts SET state = 'canceled', rank = 35, error_code = 'erased', error_detail = NULL, lease_until = NULL
      WHERE workspace_id = ${workspaceId} AND id IN ${waiting} AND state = 'queued' AND ${going}`,
    sql`DELETE FROM drafts WHERE workspace_id = ${workspaceId} AND conversation_id IN ${conversations} AND ${going}`,
    sql`DELETE FROM contact_field_values WHERE workspace_id = ${workspaceId} AND contact_id IN ${allOf(workspaceId, contactId)} AND ${going}`,
    storeErasedKeysOf(workspaceId, subject.keys, going),
    sql`UPDATE identities SET external_id = 'erased:' || id, phone = NULL, username = NULL, profile_at = ${now} WHERE ${theirs}`,
    sql`UPDATE contacts SET name = NULL, profile_name = NULL, profile_name_at = 0, name_key = '', phone = NULL, picture_key = NULL,
        picture_at = NULL, blocked_at = NULL, blocked_by_id = NULL, version = version + 1, erased_at = ${now}
      WHERE workspace_id = ${workspaceId} AND id IN ${allOf(workspaceId, contactId)} AND ${going}`,
  ]
}

/** Guard: it was asked for by this very batch, and the person is still there. */
export const erasureBegins = (
  { workspaceId }: Pick<Scope, 'workspaceId'>,
  { id, contactId }: Pick<NewErasure, 'id' | 'contactId'>,
) =>
  sql`(EXISTS (SELECT 1 FROM erasures WHERE workspace_id = ${workspaceId} AND id = ${id})
    AND EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${contactId} AND erased_at IS NULL))`

export interface StoredErasure {
  id: string
  contact_id: string
  requested_by_id: string
  requested_by: string | null
  requested_at: number
  step: string
  cursor: string
  subject: string | null
  counts: string
  finished_at: number | null
}

const COLUMNS = sql`e.id, e.contact_id, e.requested_by_id, e.requested_at, e.step, e.cursor, e.counts, e.finished_at,
  (SELECT name FROM agents WHERE workspace_id = e.workspace_id AND id = e.requested_by_id) AS requested_by`

export const erasuresOf = ({ workspaceId }: Scope) =>
  query<StoredErasure>(
    sql`SELECT ${COLUMNS}, NULL AS subject FROM erasures e WHERE e.workspace_id = ${workspaceId} ORDER BY e.id DESC LIMIT 50`,
  )

export const erasureFor = ({ workspaceId }: Pick<Scope, 'workspaceId'>, id: string) =>
  query<StoredErasure>(
    sql`SELECT ${COLUMNS}, NULL AS subject FROM erasures e WHERE e.workspace_id = ${workspaceId} AND e.id = ${id}`,
  )

export const erasureOfContact = ({ workspaceId }: Scope, contactId: string) =>
  query<{ id: string }>(sql`SELECT id FROM erasures WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId}`)

/** What is to go on, the oldest first. */
export const unfinishedErasure = (workspaceId: string) =>
  query<StoredErasure>(sql`SELECT ${COLUMNS}, e.subject FROM erasures e
    WHERE e.workspace_id = ${workspaceId} AND e.finished_at IS NULL ORDER BY e.id LIMIT 1`)

/** Where something is left to do, whatever became of the hint. */
export const workspacesErasing = query<{ id: string }>(
  sql`SELECT DISTINCT workspace_id AS id FROM erasures WHERE finished_at IS NULL`,
)
