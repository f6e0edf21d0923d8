/** Files of messages for tests inside workerd: their rows, their bytes, and a provider that serves them. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import type { Channel, FetchedMedia } from '../../../src/channels/channel.ts'
import { whatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { receive } from '../../../src/domain/receive.ts'
import { change } from '../people.ts'
import { type TestApp, testApp } from './app.ts'
import { eventsOf, said } from './whatsapp.ts'
import { type Inbox, rowOf } from './workspace.ts'

/** A picture of one pixel by two. */
export const PNG = Uint8Array.from([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  ...[0, 0, 0, 1, 0, 0, 0, 2, 8, 6, 0, 0, 0],
])

export interface Written {
  conversationId: string
  contactId: string
  messageId: string
  externalId: string
}

/** Somebody wrote: what a file can hang on. */
export async function writtenTo(inbox: Inbox, app: TestApp = testApp({ now: Date.now() })): Promise<Written> {
  const externalId = `wamid.${crypto.randomUUID()}`
  const events = await eventsOf(inbox.accountId, said({ id: externalId, name: 'Mariana', at: app.now() }))
  await receive(
    app,
    inbox,
    events.map((event) => ({ event, receivedAt: app.now() })),
  )
  const row = await rowOf<{ id: string; conversation_id: string; contact_id: string }>(
    sql`SELECT m.id, m.conversation_id, c.contact_id FROM messages m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.inbox_id = ${inbox.id} AND m.external_id = ${externalId}`,
  )
  return { conversationId: row.conversation_id, contactId: row.contact_id, messageId: row.id, externalId }
}

interface File {
  kind?: string
  mimeType?: string
  fileName?: string
  /** Null: its provider names it by an address. */
  mediaId?: string | null
  ord?: number
}

/** A file that is still to be fetched. */
export async function fileOf(
  { workspaceId, id: inboxId }: Inbox,
  { messageId }: Pick<Written, 'messageId'>,
  { kind = 'image', mimeType = 'image/png', fileName, mediaId = 'media-1', ord = 0 }: File = {},
): Promise<string> {
  const id = uuidv7()
  await change(sql`INSERT INTO attachments (workspace_id, id, message_id, inbox_id, ord, kind, mime_type, file_name, provider_media_id, created_at)
    VALUES (${workspaceId}, ${id}, ${messageId}, ${inboxId}, ${ord}, ${kind}, ${mimeType}, ${fileName ?? null}, ${mediaId}, 0)`)
  return id
}

/** One that is ours already. */
export async function storedFileOf(
  inbox: Inbox,
  of: Pick<Written, 'messageId'>,
  bytes: Uint8Array<ArrayBuffer>,
  file: File = {},
): Promise<string> {
  const id = await fileOf(inbox, of, file)
  const key = `ws/${inbox.workspaceId}/${id}`
  await env.MEDIA.put(key, bytes)
  await change(
    sql`UPDATE attachments SET state = 'stored', object_key = ${key}, size = ${bytes.length} WHERE id = ${id}`,
  )
  return id
}

export interface FileRow {
  state: string
  mime_type: string
  size: number | null
  width: number | null
  height: number | null
  object_key: string | null
  tries: number
  not_before: number
  error_code: string | null
}

export const fileRow = (id: string) => rowOf<FileRow>(sql`SELECT * FROM attachments WHERE id = ${id}`)

/** WhatsApp, but for where its files come from. */
export const servingFiles = (media: NonNullable<Channel['media']>): Channel => ({ ...whatsapp, media })

export const served = (bytes: Uint8Array<ArrayBuffer>, mimeType = 'image/png'): FetchedMedia => ({
  body: new Response(bytes).body as ReadableStream<Uint8Array>,
  mimeType,
  bytes: bytes.length,
})
