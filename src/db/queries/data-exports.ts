/** All that is kept about one person: the link to it, good once, and what it brings. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { contactStands } from './contacts.ts'

export interface NewDataExport {
  id: string
  contactId: string
  tokenHash: string
  now: number
  expiresAt: number
}

export const storeDataExport = (scope: Scope, made: NewDataExport): SQL => sql`
  INSERT INTO data_exports (workspace_id, id, contact_id, token_hash, requested_by_id, created_at, expires_at)
  SELECT ${scope.workspaceId}, ${made.id}, ${made.contactId}, ${made.tokenHash}, ${scope.agentId}, ${made.now}, ${made.expiresAt}
  WHERE ${contactStands(scope, made.contactId)} ON CONFLICT DO NOTHING`

export const isStored = (tokenHash: string) => sql`EXISTS (SELECT 1 FROM data_exports WHERE token_hash = ${tokenHash})`

/** Not used, not too old; whoever made it may still do so, and the person is still there. Of an export `x`. */
const isGood = (now: number) => sql`x.used_at IS NULL AND x.expires_at > ${now}
  AND EXISTS (SELECT 1 FROM agents a WHERE a.workspace_id = x.workspace_id AND a.id = x.requested_by_id AND a.deactivated_at IS NULL
    AND a.role IN ('owner', 'admin'))
  AND EXISTS (SELECT 1 FROM contacts k WHERE k.workspace_id = x.workspace_id AND k.id = x.contact_id AND k.erased_at IS NULL
    AND k.merged_into_id IS NULL)`

export interface DataExport {
  id: string
  workspace_id: string
  contact_id: string
  requested_by_id: string
  good: number
}

/** What whoever holds the link may have. No scope: the link is what says who may look. */
export const dataExportBy = (tokenHash: string, now: number) =>
  query<DataExport>(sql`SELECT x.id, x.workspace_id, x.contact_id, x.requested_by_id, ${isGood(now)} AS good
    FROM data_exports x WHERE x.token_hash = ${tokenHash}`)

export const isGoodLink = (tokenHash: string, now: number): SQL =>
  sql`EXISTS (SELECT 1 FROM data_exports x WHERE x.token_hash = ${tokenHash} AND ${isGood(now)})`

/** Of two who hold the same link, one. */
export const takeDataExport = (tokenHash: string, now: number): SQL =>
  sql`UPDATE data_exports AS x SET used_at = ${now} WHERE x.token_hash = ${tokenHash} AND ${isGood(now)}`

export interface Person {
  workspaceId: string
  contactId: string
}

export interface PersonRow {
  name: string | null
  profile_name: string | null
  phone: string | null
  created_at: number
  blocked_at: number | null
  picture_key: string | null
}

/** All of it but what was said. */
export const aboutPerson = ({ workspaceId, contactId }: Person) =>
  [
    query<PersonRow>(sql`SELECT name, profile_name, phone, created_at, blocked_at, picture_key FROM contacts
      WHERE workspace_id = ${workspaceId} AND id = ${contactId}`),
    query<
      Record<string, unknown>
    >(sql`SELECT n.channel, n.name AS inbox, i.external_id AS address, i.phone, i.username, i.created_at AS knownSince
      FROM identities i JOIN inboxes n ON n.workspace_id = i.workspace_id AND n.id = i.inbox_id
      WHERE i.workspace_id = ${workspaceId} AND i.contact_id = ${contactId} ORDER BY i.created_at, i.id`),
    query<{
      name: string
    }>(sql`SELECT t.name FROM contact_tags o JOIN tags t ON t.workspace_id = o.workspace_id AND t.id = o.tag_id
      WHERE o.workspace_id = ${workspaceId} AND o.contact_id = ${contactId} ORDER BY t.name_key`),
    query<{
      name: string
    }>(sql`SELECT g.name FROM contact_groups o JOIN groups g ON g.workspace_id = o.workspace_id AND g.id = o.group_id
      WHERE o.workspace_id = ${workspaceId} AND o.contact_id = ${contactId} ORDER BY g.name_key`),
    query<{ field: string; value: string }>(sql`SELECT f.name AS field, v.value FROM contact_field_values v
      JOIN custom_fields f ON f.workspace_id = v.workspace_id AND f.id = v.field_id
      WHERE v.workspace_id = ${workspaceId} AND v.contact_id = ${contactId} ORDER BY f.position, f.id`),
    query<
      Record<string, unknown>
    >(sql`SELECT o.conversation_id AS conversation, a.name AS author, o.body AS text, o.created_at AS writtenAt, o.edited_at AS editedAt,
        (SELECT json_group_array(json_object('text', v.body, 'replacedAt', v.created_at)) FROM comment_versions v
          WHERE v.workspace_id = o.workspace_id AND v.comment_id = o.id) AS versions
      FROM comments o JOIN agents a ON a.workspace_id = o.workspace_id AND a.id = o.author_id
      WHERE o.workspace_id = ${workspaceId} AND o.contact_id = ${contactId} AND o.deleted_at IS NULL ORDER BY o.created_at, o.id`),
    query<
      Record<string, unknown> & { id: string }
    >(sql`SELECT c.id, n.channel, n.name AS inbox, c.status, d.name AS department, g.name AS assignee,
        c.opened_at AS openedAt, c.closed_at AS closedAt, c.close_reason AS closeReason, c.delivered_wm AS deliveredUntil, c.read_wm AS readUntil
      FROM conversations c JOIN inboxes n ON n.workspace_id = c.workspace_id AND n.id = c.inbox_id
      LEFT JOIN departments d ON d.workspace_id = c.workspace_id AND d.id = c.department_id
      LEFT JOIN agents g ON g.workspace_id = c.workspace_id AND g.id = c.assignee_id
      WHERE c.workspace_id = ${workspaceId} AND c.contact_id = ${contactId} ORDER BY c.opened_at, c.id`),
  ] as const

export interface SaidRow {
  id: string
  at: number
  ord: number
  kind: string
  direction: string
  type: string
  text: string | null
  content: string | null
  author: string | null
  partOf: string | null
  editedAt: number | null
  deletedAt: number | null
  attempts: string
  reactions: string
  files: string
}

/** What was said in one conversation, in its order, behind that place. */
export const saidAfter = (
  { workspaceId }: Person,
  conversationId: string,
  after: { at: number; ord: number } | null,
  limit: number,
) =>
  query<SaidRow>(sql`SELECT m.id, m.occurred_at AS at, m.ingest_ord AS ord, m.kind, m.direction, m.type, m.body AS text, m.content,
      (SELECT name FROM agents WHERE workspace_id = m.workspace_id AND id = m.author_id) AS author, m.superseded_by_id AS partOf,
      m.edited_at AS editedAt, m.deleted_at AS deletedAt,
      (SELECT json_group_array(json_object('no', s.no, 'state', s.state, 'queuedAt', s.created_at, 'sentAt', s.sent_at, 'errorCode', s.error_code))
        FROM send_attempts s WHERE s.workspace_id = m.workspace_id AND s.message_id = m.id) AS attempts,
      (SELECT json_group_array(json_object('side', r.side, 'emoji', r.emoji, 'at', r.reacted_at))
        FROM reactions r WHERE r.workspace_id = m.workspace_id AND r.message_id = m.id) AS reactions,
      (SELECT json_group_array(json_object('id', f.id, 'kind', f.kind, 'type', f.mime_type, 'name', f.file_name, 'size', f.size, 'key', f.object_key))
        FROM attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id) AS files
    FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.conversation_id = ${conversationId} AND m.kind <> 'comment'
      ${after ? sql`AND (m.occurred_at, m.ingest_ord) > (${after.at}, ${after.ord})` : sql``}
    ORDER BY m.occurred_at, m.ingest_ord LIMIT ${limit}`)
