/** Sends chosen files: each is a message of its own, in the order in which they were chosen, all of them or none. */
import type { Limits } from '../channels/limits.ts'
import type { Query } from '../db/client.ts'
import { headOf, toHead } from '../db/queries/conversations.ts'
import { messageForPublishing, type StoredMessage, toMessage } from '../db/queries/messages.ts'
import { idOfClientKey, ofClientKey, storeReply } from '../db/queries/outbound.ts'
import { attachUpload, leaveComposer, stillChosen, toUpload, type Upload, uploadsOf } from '../db/queries/uploads.ts'
import type { Scope, ThreadMessage } from '../db/records.ts'
import type { App } from './app.ts'
import { changedIn, publishChanged, readChanged } from './changed.ts'
import { AppError } from './errors.ts'
import { hashOf, newReply, type Reply, type Saying, sameOrRefused, words } from './messages.ts'
import { isWithin } from './reply-window.ts'
import { bodyText } from './text.ts'
import { refuseBlanks } from './variables.ts'

export interface SendingFiles extends Reply {
  /** As they stand in the composer. */
  uploadIds: string[]
}

const CAPTIONED = ['image', 'video', 'document']

/**
 * Twice the same submit is one: every part has a key of its own that follows from the submit's. The words stand under the
 * first file where the channel has captions and they fit; else they follow the files, where a caption would be read.
 */
export async function sendFiles(
  app: App,
  scope: Scope,
  { conversationId, text, clientKey, replyToId, uploadIds }: SendingFiles,
): Promise<{ messages: ThreadMessage[]; isNew: boolean }> {
  const body = bodyText(text).trim()
  const fingerprint = JSON.stringify([body, ...uploadIds])
  const hash = await hashOf(fingerprint)
  const keys = [...uploadIds, body].map((_, at) => partKey(clientKey, at))
  const [heads, chosen, owners, ...before] = await app.db.read(
    headOf(scope, conversationId),
    uploadsOf(scope, conversationId),
    ofClientKey(scope, clientKey),
    ...keys.map((key): Query<StoredMessage> => messageForPublishing(scope.workspaceId, idOfClientKey(scope, key))),
  )
  if (!heads[0]) throw new AppError('not_found')
  if (owners[0]) {
    const { body_hash } = owners[0]
    const stored = before.flatMap(([row]) => (row ? [toMessage(row)] : []))
    return { messages: stored.map((one) => sameOrRefused(conversationId, body_hash, hash, one)), isNew: false }
  }

  refuseBlanks(body)
  const conversation = toHead(heads[0])
  const files = uploadIds
    .map((id) => chosen.find((upload) => upload.id === id))
    .flatMap((row) => (row ? [toUpload(row)] : []))
  if (files.length !== uploadIds.length) throw new AppError('conflict')
  const { limits } = app.channel(conversation.channel)
  const only = stillChosen(scope, conversationId, uploadIds)
  const parts = await Promise.all(
    partsOf(limits, files, body).map(async ({ file, said, check }, at) => {
      const sending = { clientKey: partKey(clientKey, at), replyToId: at === 0 ? replyToId : null }
      const reply = await newReply(app, conversation, sending, { fingerprint, said, check })
      return { file, reply: { ...reply, only } }
    }),
  )
  const written = await app.db.write(
    ...parts.flatMap(({ file, reply }) => [
      ...storeReply(scope, reply),
      ...(file ? attachUpload(scope, file.id, reply.id) : []),
    ]),
    leaveComposer(scope, uploadIds),
    ofClientKey(scope, clientKey).sql,
    ...parts.flatMap(({ reply }) => readChanged(scope.workspaceId, idOfClientKey(scope, reply.clientKey))),
  )
  const holder = written.at(-1 - 2 * parts.length)?.rows[0] as { id: string; body_hash: string } | undefined
  const told = written.slice(-2 * parts.length)
  const news = parts.flatMap((_, at) => changedIn(told.slice(2 * at, 2 * at + 2)) ?? [])
  if (!holder || news.length !== parts.length) throw new AppError('conflict')
  const messages = news.map(({ message }) => sameOrRefused(conversationId, holder.body_hash, hash, message))
  app.later(app.gateway(conversation.webhookKey).lookAtOutbox())
  publishChanged(app, scope.workspaceId, news)
  return { messages, isNew: holder.id === parts[0]?.reply.id }
}

/** The first part carries the submit's own key: by it the page finds what it showed as pending. */
const partKey = (clientKey: string, at: number) => (at === 0 ? clientKey : `${clientKey}.${at}`)

interface Part extends Pick<Saying, 'said' | 'check'> {
  file: Upload | null
}

function partsOf(limits: Limits, files: Upload[], body: string): Part[] {
  const first = files[0]
  const captioned = first && CAPTIONED.includes(first.kind) && limits.caption && isWithin(limits.caption, body)
  const parts = files.map((file, at) => ({
    file,
    check: () => undefined, // it was checked when it was chosen
    said: { type: file.kind, body: captioned && at === 0 && body !== '' ? body : null, content: {} },
  }))
  return captioned || body === '' ? parts : [...parts, { file: null, ...words(body) }]
}
