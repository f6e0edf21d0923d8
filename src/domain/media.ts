/** Fetches what came with messages, while its links still live, and keeps it. */
import { sql } from 'drizzle-orm'
import { ChannelError, type Reach } from '../channels/channel.ts'
import type { InboundMedia } from '../channels/events.ts'
import { objectKey } from '../db/object-keys.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import {
  deletedObjects,
  fetchAgain,
  fetchAllAgain,
  forgetObject,
  nextFileDue,
  objectOf,
  type PendingFile,
  pendingFiles,
  recordFetched,
  recordMissing,
  recordPutOff,
} from '../db/queries/media.ts'
import { seesConversation } from '../db/queries/visibility.ts'
import type { ChannelName, Scope, ThreadMessage } from '../db/records.ts'
import type { App } from './app.ts'
import { changedIn, publishChanged, readChanged } from './changed.ts'
import { AppError } from './errors.ts'
import { backoff } from './outbox.ts'
import { TooLarge } from './store.ts'
import { takeIn } from './take-in.ts'

type Handle = NonNullable<InboundMedia['handle']>

export interface Fetcher {
  inbox: InboxRef & { channel: ChannelName }
  reach: Reach
  /** The address that came with the message, where the provider gives no id: it is in the gateway's journal, never in a table. */
  addressOf(externalId: string, ord: number): Handle | null
}

export interface FetchPass {
  /** How many were due: while some were, another pass may find more. */
  worked: number
  /** The provider refuses us altogether. */
  refused: ChannelError | null
  nextAt: number | null
}

const FILES_A_PASS = 20
const PARALLEL_FETCHES = 4
const MOST_TRIES = 8
const MOST_BYTES = 25 * 1024 * 1024

/** One pass over what an inbox has to fetch. Two at once are harmless: the same file is stored under the same key. */
export async function fetchPending(app: App, fetcher: Fetcher): Promise<FetchPass> {
  const { inbox } = fetcher
  const [due] = await app.db.read(pendingFiles(inbox, app.now(), FILES_A_PASS))
  const pass: FetchPass = { worked: due.length, refused: null, nextAt: null }
  const queue = due.values()
  const one = async () => {
    for (const file of queue) if (!pass.refused) await fetchOne(app, fetcher, file, pass)
  }
  await Promise.all(Array.from({ length: PARALLEL_FETCHES }, one))
  const [next] = await app.db.read(nextFileDue(inbox))
  pass.nextAt = next[0]?.at ?? null
  return pass
}

/** What was taken back goes from the store. First the object, then the word of it: broken off in between, both are done again. */
export async function removeDeleted(app: App, inbox: InboxRef): Promise<void> {
  for (;;) {
    const [gone] = await app.db.read(deletedObjects(inbox, FILES_A_PASS))
    if (gone.length === 0) return
    await app.store.delete(gone.map(({ object_key }) => object_key))
    await app.db.write(...gone.map(({ id }) => forgetObject(inbox.workspaceId, id)))
  }
}

async function fetchOne(app: App, fetcher: Fetcher, file: PendingFile, pass: FetchPass): Promise<void> {
  const { inbox } = fetcher
  const { limits } = app.channel(inbox.channel)
  const most = Math.max(MOST_BYTES, limits.files[file.kind]?.bytes ?? 0)
  const key = objectKey(inbox.workspaceId, file.id)
  try {
    const { body, mimeType, bytes } = await ask(app, fetcher, file)
    if (bytes !== null && bytes > most) {
      await body.cancel()
      throw new TooLarge(most)
    }
    const taken = await takeIn(app.store, key, body, mimeType ?? file.mime_type, () => most)
    await keep(app, inbox, file, { ...taken, objectKey: key })
  } catch (error) {
    const failure = asFailure(error)
    if (failure.class === 'auth') pass.refused = failure
    if (!(error instanceof ChannelError || error instanceof TooLarge))
      app.log.warn('media.interrupted', { inboxId: inbox.id, code: error instanceof Error ? error.name : 'unknown' })
    await putOff(app, inbox, file, failure)
  }
}

function ask(app: App, { inbox, reach, addressOf }: Fetcher, file: PendingFile) {
  const channel = app.channel(inbox.channel)
  const handle = file.provider_media_id
    ? { id: file.provider_media_id }
    : file.external_id && addressOf(file.external_id, file.ord)
  if (!handle || !channel.media)
    throw new ChannelError({ class: 'permanent', code: 'no_handle', detail: 'Nothing says where it is.' })
  return channel.media(reach, handle)
}

/** What is none of the provider's words may well work the next time. */
function asFailure(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error
  if (error instanceof TooLarge) return new ChannelError({ class: 'permanent', code: 'too_large', detail: '' })
  const refused = error instanceof Error && error.name === 'EgressRefused'
  return refused
    ? new ChannelError({ class: 'permanent', code: 'host_refused', detail: '' })
    : new ChannelError({ class: 'retryable', code: 'interrupted', detail: '' })
}

async function keep(
  app: App,
  { workspaceId }: InboxRef,
  { id, message_id }: PendingFile,
  file: Parameters<typeof recordFetched>[2],
): Promise<void> {
  const written = await app.db.write(
    ...recordFetched(workspaceId, id, file),
    objectOf(workspaceId, id),
    ...readChanged(workspaceId, sql`${message_id}`),
  )
  // Taken back while it was fetched: then nothing refers to it.
  if (written.at(-3)?.rows[0]?.object_key !== file.objectKey) return app.store.delete([file.objectKey])
  const changed = changedIn(written.slice(-2))
  if (changed) publishChanged(app, workspaceId, [changed])
}

async function putOff(
  app: App,
  { workspaceId }: InboxRef,
  { id, message_id, tries }: PendingFile,
  failure: ChannelError,
): Promise<void> {
  const isOver = failure.class === 'permanent' || (failure.class !== 'auth' && tries + 1 >= MOST_TRIES)
  if (!isOver) {
    const wait = failure.retryAfterMs ?? backoff(app, tries)
    await app.db.write(recordPutOff(workspaceId, id, app.now() + wait, failure.code))
    return
  }
  const written = await app.db.write(
    ...recordMissing(workspaceId, id, failure.code),
    ...readChanged(workspaceId, sql`${message_id}`),
  )
  const changed = changedIn(written.slice(-2))
  if (changed) publishChanged(app, workspaceId, [changed])
}

export interface OfFile {
  conversationId: string
  messageId: string
  attachmentId: string
}

/** Somebody asks for a file again that could not be had. */
export async function retryFile(app: App, scope: Scope, of: OfFile): Promise<ThreadMessage> {
  const [seen, ...written] = await app.db.write(
    seesConversation(scope, of.conversationId),
    ...fetchAgain(scope, of, app.now()),
    ...readChanged(scope.workspaceId, sql`${of.messageId}`),
  )
  const changed = changedIn(written.slice(-2))
  const named = changed?.message.attachments.some(({ id }) => id === of.attachmentId)
  if (!seen?.rows[0] || !named || changed?.conversation.id !== of.conversationId) throw new AppError('not_found')
  app.later(app.gateway(changed.conversation.webhookKey).lookAtMedia())
  publishChanged(app, scope.workspaceId, [changed])
  return changed.message
}

/** The same for all of a conversation, as part of bringing it up to date; the gateway is asked by whoever does that. */
export const retryFilesOf = (app: App, scope: Scope, conversationId: string) =>
  app.db.write(...fetchAllAgain(scope, conversationId, app.now()))
