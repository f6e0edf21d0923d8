/** Files of messages: to be fetched, fetched, shown, and gone again. */
import { type SQL, sql } from 'drizzle-orm'
import type { MediaKind } from '../../channels/content.ts'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { bumpThread, type InboxRef } from './inbound.ts'
import { stillAllowed, visibleConversation } from './visibility.ts'

export interface PendingFile {
  id: string
  message_id: string
  external_id: string | null
  ord: number
  kind: MediaKind
  mime_type: string | null
  provider_media_id: string | null
  tries: number
}

/** What is due to be fetched, the longest due first. */
export const pendingFiles = (inbox: InboxRef, now: number, limit: number) =>
  query<PendingFile>(sql`SELECT f.id, f.message_id, m.external_id, f.ord, f.kind, f.mime_type, f.provider_media_id, f.tries
    FROM attachments f JOIN messages m ON m.workspace_id = f.workspace_id AND m.id = f.message_id
    WHERE f.inbox_id = ${inbox.id} AND f.workspace_id = ${inbox.workspaceId} AND f.state = 'pending' AND f.not_before <= ${now}
    ORDER BY f.not_before, f.id LIMIT ${limit}`)

/** When there is something to fetch again; null: nothing is pending. */
export const nextFileDue = (inbox: InboxRef) =>
  query<{ at: number | null }>(sql`SELECT min(not_before) AS at FROM attachments
    WHERE inbox_id = ${inbox.id} AND workspace_id = ${inbox.workspaceId} AND state = 'pending'`)

const pending = (workspaceId: string, id: string) =>
  sql`workspace_id = ${workspaceId} AND id = ${id} AND state = 'pending'`

const itsMessage = (workspaceId: string, id: string) =>
  sql`(SELECT message_id FROM attachments WHERE ${pending(workspaceId, id)})`

export interface StoredFile {
  objectKey: string
  mimeType: string
  size: number
  width: number | null
  height: number | null
  duration: number | null
}

/** It is ours, unless its message was taken back meanwhile. */
export const recordFetched = (workspaceId: string, id: string, file: StoredFile): SQL[] => [
  ...bumpThread(workspaceId, itsMessage(workspaceId, id)),
  sql`UPDATE attachments SET state = 'stored', object_key = ${file.objectKey}, mime_type = ${file.mimeType}, size = ${file.size},
    width = ${file.width}, height = ${file.height}, duration = coalesce(${file.duration}, duration), error_code = NULL
    WHERE ${pending(workspaceId, id)}`,
]

/** Whose object it became, for whoever stored one. */
export const objectOf = (workspaceId: string, id: string) =>
  sql`SELECT object_key FROM attachments WHERE workspace_id = ${workspaceId} AND id = ${id}`

/** It cannot be had: everyone who looks at it is told. */
export const recordMissing = (workspaceId: string, id: string, errorCode: string): SQL[] => [
  ...bumpThread(workspaceId, itsMessage(workspaceId, id)),
  sql`UPDATE attachments SET state = 'failed', tries = tries + 1, error_code = ${errorCode} WHERE ${pending(workspaceId, id)}`,
]

/** Not now; nobody needs to know. */
export const recordPutOff = (workspaceId: string, id: string, notBefore: number, errorCode: string) =>
  sql`UPDATE attachments SET tries = tries + 1, not_before = ${notBefore}, error_code = ${errorCode} WHERE ${pending(workspaceId, id)}`

/** Objects of messages that were taken back. */
export const deletedObjects = (inbox: InboxRef, limit: number) =>
  query<{ id: string; object_key: string }>(sql`SELECT id, object_key FROM attachments
    WHERE inbox_id = ${inbox.id} AND workspace_id = ${inbox.workspaceId} AND state = 'deleted' AND object_key IS NOT NULL LIMIT ${limit}`)

export const forgetObject = (workspaceId: string, id: string) =>
  sql`UPDATE attachments SET object_key = NULL, file_name = NULL WHERE workspace_id = ${workspaceId} AND id = ${id} AND state = 'deleted'`

/** All that could not be had, and all that waits, is due now; what is too large stays so. */
export const fetchAllAgain = (scope: Scope, conversationId: string, now: number): SQL[] => [
  sql`UPDATE attachments SET state = 'pending', tries = 0, not_before = ${now}
    WHERE workspace_id = ${scope.workspaceId} AND inbox_id IS NOT NULL AND object_key IS NULL AND state IN ('failed', 'pending')
      AND error_code IS NOT 'too_large'
      AND message_id IN (SELECT m.id FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
        WHERE m.workspace_id = ${scope.workspaceId} AND m.conversation_id = ${conversationId} AND m.deleted_at IS NULL AND ${visibleConversation(scope)})`,
]

interface OfMessage {
  conversationId: string
  messageId: string
  attachmentId: string
}

/** One that could not be had is asked for again, by somebody who sees it. */
export function fetchAgain(scope: Scope, { conversationId, messageId, attachmentId }: OfMessage, now: number): SQL[] {
  const { workspaceId } = scope
  const failed = sql`workspace_id = ${workspaceId} AND id = ${attachmentId} AND message_id = ${messageId} AND state = 'failed' AND inbox_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
      WHERE m.workspace_id = ${workspaceId} AND m.id = ${messageId} AND c.id = ${conversationId} AND m.deleted_at IS NULL AND ${visibleConversation(scope)})
    AND ${stillAllowed(scope)}`
  return [
    ...bumpThread(workspaceId, sql`(SELECT message_id FROM attachments WHERE ${failed})`),
    sql`UPDATE attachments SET state = 'pending', tries = 0, not_before = ${now}, error_code = NULL WHERE ${failed}`,
  ]
}

export interface ServedFile {
  id: string
  object_key: string
  mime_type: string | null
  file_name: string | null
  size: number
  width: number | null
  height: number | null
  kind: MediaKind
}

const SERVED = sql`f.id, f.object_key, f.mime_type, f.file_name, f.size, f.width, f.height, f.kind
  FROM attachments f JOIN messages m ON m.workspace_id = f.workspace_id AND m.id = f.message_id
  JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id`
const IS_THERE = sql`f.state = 'stored' AND f.object_key IS NOT NULL AND f.size IS NOT NULL AND m.deleted_at IS NULL`

/** A file of a message that the agent may see, or one that they chose themselves: it keeps its id when it is sent. */
export const fileFor = (scope: Scope, id: string) =>
  query<ServedFile>(sql`SELECT ${SERVED}
    WHERE f.workspace_id = ${scope.workspaceId} AND f.id = ${id} AND ${IS_THERE} AND ${visibleConversation(scope)}
    UNION ALL SELECT u.id, u.object_key, u.mime_type, u.file_name, u.size, u.width, u.height, u.kind
    FROM uploads u JOIN conversations c ON c.workspace_id = u.workspace_id AND c.id = u.conversation_id
    WHERE u.workspace_id = ${scope.workspaceId} AND u.id = ${id} AND u.agent_id = ${scope.agentId} AND ${visibleConversation(scope)}`)

/** A file of ours on its way out, for the provider that fetches it by an address that we signed. */
export const fileForProvider = (workspaceId: string, id: string) =>
  query<ServedFile>(sql`SELECT ${SERVED}
    WHERE f.workspace_id = ${workspaceId} AND f.id = ${id} AND ${IS_THERE} AND m.direction = 'outgoing'`)

/** Something waits to be fetched from this inbox, named as `i`, or to be removed. */
export const HAS_FILES_TO_MOVE = sql`(EXISTS (SELECT 1 FROM attachments f WHERE f.inbox_id = i.id AND f.state = 'pending')
  OR EXISTS (SELECT 1 FROM attachments f WHERE f.inbox_id = i.id AND f.state = 'deleted' AND f.object_key IS NOT NULL))`
