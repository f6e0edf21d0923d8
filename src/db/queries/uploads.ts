/** Files that an agent has chosen and not sent: they stand in the composer, or in a template's form, on whatever device. */
import { type SQL, sql } from 'drizzle-orm'
import type { MediaKind } from '../../channels/content.ts'
import { query } from '../client.ts'
import { uploadKey } from '../object-keys.ts'
import type { Scope } from '../records.ts'
import { stillAllowed, visibleConversation } from './visibility.ts'

export interface NewUpload {
  id: string
  conversationId: string
  kind: MediaKind
  mimeType: string
  fileName: string | null
  size: number
  width: number | null
  height: number | null
  duration: number | null
  voice: boolean
  objectKey: string
  /** The template whose header it is for; null: it stands in the composer. */
  templateId: string | null
  now: number
}

export type Upload = Pick<
  NewUpload,
  'id' | 'kind' | 'mimeType' | 'fileName' | 'size' | 'width' | 'height' | 'duration' | 'voice'
>

/** The age of what is about to go: from then on nobody can send it, and the object may be removed. */
const FORGOTTEN = 0

const chosenBy = (scope: Scope, conversationId: string) =>
  sql`workspace_id = ${scope.workspaceId} AND agent_id = ${scope.agentId} AND conversation_id = ${conversationId} AND created_at <> ${FORGOTTEN}`

const REPLACED = 0

const standsIn = (scope: Scope, conversationId: string, templateId: string | null) =>
  sql`${chosenBy(scope, conversationId)} AND object_key = ${uploadKey(scope.workspaceId, templateId, '')} || id AND created_at > ${REPLACED}`

/** Keeps one more, while there are fewer than `most` and the agent may write there. */
export const storeUpload = (scope: Scope, upload: NewUpload, most: number) =>
  sql`INSERT INTO uploads (workspace_id, id, agent_id, conversation_id, kind, mime_type, file_name, size, width, height, duration, voice, object_key, created_at)
    SELECT ${scope.workspaceId}, ${upload.id}, ${scope.agentId}, c.id, ${upload.kind}, ${upload.mimeType}, ${upload.fileName}, ${upload.size},
      ${upload.width}, ${upload.height}, ${upload.duration}, ${upload.voice ? 1 : 0}, ${upload.objectKey}, ${upload.now}
    FROM conversations c WHERE c.id = ${upload.conversationId} AND ${visibleConversation(scope)} AND ${stillAllowed(scope)}
      AND (SELECT count(*) FROM uploads WHERE ${standsIn(scope, upload.conversationId, upload.templateId)}) < ${most}
    ON CONFLICT DO NOTHING`

/** A header has one file: what stood there before this one is what the sweep finds first. */
export const replaceUploads = (scope: Scope, { id, conversationId, templateId }: NewUpload) =>
  sql`UPDATE uploads SET created_at = ${REPLACED} WHERE ${standsIn(scope, conversationId, templateId)} AND id <> ${id}
    AND EXISTS (SELECT 1 FROM uploads n WHERE n.workspace_id = ${scope.workspaceId} AND n.id = ${id})`

export const uploadExists = (scope: Scope, id: string) =>
  sql`SELECT 1 AS there FROM uploads WHERE workspace_id = ${scope.workspaceId} AND id = ${id}`

export interface StoredUpload {
  id: string
  kind: MediaKind
  mime_type: string
  file_name: string | null
  size: number
  width: number | null
  height: number | null
  duration: number | null
  voice: number
  object_key: string
}

/** Those of the composer, or of a template, in the order in which they were chosen. */
export const uploadsOf = (scope: Scope, conversationId: string, templateId: string | null = null) =>
  query<StoredUpload>(sql`SELECT id, kind, mime_type, file_name, size, width, height, duration, voice, object_key FROM uploads
    WHERE ${standsIn(scope, conversationId, templateId)} ORDER BY created_at, id`)

export const toUpload = ({ mime_type, file_name, voice, object_key: _, ...upload }: StoredUpload): Upload => ({
  ...upload,
  mimeType: mime_type,
  fileName: file_name,
  voice: voice === 1,
})

/** Gives back what is then to be removed from the store. */
export const removeUpload = (scope: Scope, conversationId: string, id: string) =>
  sql`DELETE FROM uploads WHERE ${chosenBy(scope, conversationId)} AND id = ${id} RETURNING object_key`

/** What was chosen long ago and never sent stands in no composer any more, of the whole deployment. */
export const forgetUploads = (before: number) =>
  sql`UPDATE uploads SET created_at = ${FORGOTTEN} WHERE created_at < ${before} AND created_at > ${FORGOTTEN}`

export const forgottenUploads = (limit: number) =>
  query<{ workspace_id: string; id: string; object_key: string }>(
    sql`SELECT workspace_id, id, object_key FROM uploads WHERE created_at = ${FORGOTTEN} LIMIT ${limit}`,
  )

export const removeForgotten = ({ workspace_id, id }: { workspace_id: string; id: string }) =>
  sql`DELETE FROM uploads WHERE workspace_id = ${workspace_id} AND id = ${id}`

/** All of these are still there to be sent: nobody sent them, and nobody took one back. */
export const stillChosen = (
  scope: Scope,
  conversationId: string,
  ids: string[],
  templateId: string | null = null,
): SQL =>
  sql`(SELECT count(*) FROM uploads WHERE ${standsIn(scope, conversationId, templateId)} AND id IN ${ids}) = ${ids.length}`

/** The chosen file becomes the file of a message that was stored just before. */
export const attachUpload = (scope: Scope, uploadId: string, messageId: string): SQL[] => [
  sql`INSERT INTO attachments (workspace_id, id, message_id, inbox_id, ord, kind, mime_type, file_name, size, width, height, duration, voice, state, object_key, created_at)
    SELECT u.workspace_id, u.id, m.id, m.inbox_id, 0, u.kind, u.mime_type, u.file_name, u.size, u.width, u.height, u.duration, u.voice, 'stored', u.object_key, m.created_at
    FROM uploads u JOIN messages m ON m.workspace_id = u.workspace_id AND m.id = ${messageId}
    WHERE u.workspace_id = ${scope.workspaceId} AND u.id = ${uploadId} AND u.agent_id = ${scope.agentId} ON CONFLICT DO NOTHING`,
]

/** What has become a file of a message stands nowhere else any more. Stands behind all `attachUpload` of a batch. */
export const leaveComposer = (scope: Scope, ids: string[]) =>
  sql`DELETE FROM uploads WHERE workspace_id = ${scope.workspaceId} AND id IN ${ids}
    AND EXISTS (SELECT 1 FROM attachments f WHERE f.workspace_id = uploads.workspace_id AND f.id = uploads.id)`
