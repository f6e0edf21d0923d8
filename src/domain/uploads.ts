/** Choosing files for an answer, or for a template's header, before it is sent. */
import type { MediaKind } from '../channels/content.ts'
import type { Limits } from '../channels/limits.ts'
import { uploadKey } from '../db/object-keys.ts'
import { conversationFor } from '../db/queries/conversations.ts'
import {
  forgetUploads,
  forgottenUploads,
  type NewUpload,
  removeForgotten,
  removeUpload,
  replaceUploads,
  storeUpload,
  toUpload,
  type Upload,
  uploadExists,
  uploadsOf,
} from '../db/queries/uploads.ts'
import type { Scope } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { type Fit, fitOf, readableLimit } from './file-limits.ts'
import { isImmense, MOST_MEGAPIXELS } from './measure.ts'
import { TooLarge } from './store.ts'
import { type TakenIn, takeIn } from './take-in.ts'
import { nameText } from './text.ts'

export const MOST_FILES = 10
const FORGOTTEN_MS = 24 * 3_600_000
const SWEPT_AT_ONCE = 100

export interface Choosing {
  conversationId: string
  body: ReadableStream<Uint8Array>
  /** As the browser calls it; its bytes decide. */
  mimeType: string | null
  fileName: string | null
  voice: boolean
  /** For the header of a template, which has one file of this kind; else for the composer. */
  header?: { templateId: string; kind: MediaKind }
}

/** Takes a file in that the conversation's channel would take. */
export async function choose(app: App, scope: Scope, file: Choosing): Promise<Upload> {
  const { conversationId, body, header } = file
  const templateId = header?.templateId ?? null
  const conversation = await conversationFor(app.db, scope, conversationId)
  if (!conversation) throw new AppError('not_found')
  const [chosen] = await app.db.read(uploadsOf(scope, conversationId, templateId))
  if (chosen.length >= MOST_FILES) throw new AppError('too_many_files', { limit: MOST_FILES })

  const own = app.channel(conversation.channel).limits
  const limits = header ? onlyAs(header.kind, own) : own
  const id = app.newId()
  const key = uploadKey(scope.workspaceId, templateId, id)
  let fit: Fit | null = null
  const taken = await takeIn(app.store, key, body, file.mimeType, (mimeType) => {
    fit = fitOf(limits, mimeType, file.voice)
    return fit.most
  }).catch((error) => {
    throw error instanceof TooLarge ? new AppError('file_too_large', { limit: readableLimit(error.most) }) : error
  })
  const { kind, voice } = fit ?? fitOf(limits, taken.mimeType, file.voice)
  const upload = {
    ...taken,
    id,
    conversationId,
    kind,
    voice,
    fileName: nameText(file.fileName),
    objectKey: key,
    templateId,
    now: app.now(),
  }
  const problem = problemOf(upload) ?? (await keep(app, scope, upload))
  if (problem) {
    await app.store.delete([key])
    throw problem
  }
  return upload
}

/** A header takes its own kind alone, and that as the channel takes it anywhere. */
const onlyAs = (kind: MediaKind, { files }: Limits): Pick<Limits, 'files' | 'voice'> => ({
  voice: null,
  files: { image: null, video: null, audio: null, document: null, sticker: null, [kind]: files[kind] },
})

/** What only the whole file tells. A picture that nobody would draw is none to be sent. */
function problemOf(file: TakenIn): AppError | null {
  if (file.size === 0) return new AppError('file_empty')
  const isPicture = file.mimeType.startsWith('image/')
  return isPicture && isImmense(file) ? new AppError('image_immense', { limit: MOST_MEGAPIXELS }) : null
}

async function keep(app: App, scope: Scope, upload: NewUpload): Promise<AppError | null> {
  const [, there] = await app.db.write(
    storeUpload(scope, upload, MOST_FILES),
    uploadExists(scope, upload.id),
    ...(upload.templateId === null ? [] : [replaceUploads(scope, upload)]),
  )
  return there?.rows[0] ? null : new AppError('too_many_files', { limit: MOST_FILES })
}

export async function chosenFiles(app: App, scope: Scope, conversationId: string): Promise<Upload[]> {
  const [rows] = await app.db.read(uploadsOf(scope, conversationId))
  return rows.map(toUpload)
}

/** Takes it back. Twice is once; what was sent meanwhile stays sent. */
export async function unchoose(app: App, scope: Scope, conversationId: string, id: string): Promise<void> {
  if (!(await conversationFor(app.db, scope, conversationId))) throw new AppError('not_found')
  const [removed] = await app.db.write(removeUpload(scope, conversationId, id))
  const key = removed?.rows[0]?.object_key
  if (typeof key === 'string') await app.store.delete([key])
}

/**
 * What was chosen a day ago and never sent. First it can be sent no more, for a message may be taking it at this moment;
 * then the object goes, then the word of it: broken off in between, the next sweep goes on.
 */
export async function forgetOldUploads(app: App): Promise<void> {
  await app.db.write(forgetUploads(app.now() - FORGOTTEN_MS))
  const [forgotten] = await app.db.read(forgottenUploads(SWEPT_AT_ONCE))
  if (forgotten.length === 0) return
  await app.store.delete(forgotten.map(({ object_key }) => object_key))
  await app.db.write(...forgotten.map(removeForgotten))
}
