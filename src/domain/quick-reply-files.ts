/** The files that go along with a quick reply. Which of them a channel takes is known when it is used there. */
import { objectKey } from '../db/object-keys.ts'
import {
  forgetRemovedFiles,
  quickReplyFileExists,
  removedFiles,
  storeQuickReplyFile,
  takeOutFile,
} from '../db/queries/quick-replies.ts'
import type { Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { readableLimit } from './file-limits.ts'
import { changeable } from './quick-replies.ts'
import { TooLarge } from './store.ts'
import { takeIn } from './take-in.ts'
import { nameText } from './text.ts'

export const MOST_QUICK_FILES = 5
const LARGEST = 25 * 1_048_576
const SWEPT_AT_ONCE = 100

export interface AddedFile {
  body: ReadableStream<Uint8Array>
  mimeType: string | null
  fileName: string | null
}

export async function addQuickReplyFile(
  app: App,
  viewer: Viewer,
  quickReplyId: string,
  { body, mimeType: declared, fileName }: AddedFile,
): Promise<void> {
  const reply = await changeable(app, viewer, quickReplyId)
  if (reply.files >= MOST_QUICK_FILES) throw tooMany()
  const id = app.newId()
  const key = objectKey(viewer.workspaceId, id)
  const taken = await takeIn(app.store, key, body, declared, () => LARGEST).catch((error) => {
    throw error instanceof TooLarge ? new AppError('file_too_large', { limit: readableLimit(error.most) }) : error
  })
  const { mimeType, size } = taken
  const file = { id, quickReplyId, mimeType, size, fileName: nameText(fileName), objectKey: key, now: app.now() }
  const problem = size === 0 ? new AppError('file_empty') : await keep(app, viewer, file)
  if (!problem) return
  await app.store.delete([key])
  throw problem
}

async function keep(app: App, viewer: Viewer, file: Parameters<typeof storeQuickReplyFile>[1]) {
  const [, there] = await app.db.write(
    storeQuickReplyFile(viewer, file, MOST_QUICK_FILES),
    quickReplyFileExists(viewer, file.id),
  )
  return there?.rows[0] ? null : tooMany()
}

const tooMany = () => new AppError('too_many_files', { limit: MOST_QUICK_FILES })

/** The object goes with the next sweep. Twice is once. */
export async function takeOutQuickReplyFile(
  app: App,
  viewer: Viewer,
  of: { quickReplyId: string; id: string },
): Promise<void> {
  await changeable(app, viewer, of.quickReplyId)
  await app.db.write(takeOutFile(viewer, of, app.now()))
}

/** First the object goes, then the word of it: broken off in between, the next sweep goes on. */
export async function forgetQuickReplyFiles(app: App): Promise<void> {
  const [files] = await app.db.read(removedFiles(SWEPT_AT_ONCE))
  if (files.length === 0) return
  await app.store.delete(files.map(({ object_key }) => object_key))
  const workspaceIds = [...new Set(files.map(({ workspace_id }) => workspace_id))]
  await app.db.write(
    ...workspaceIds.map((workspaceId) =>
      forgetRemovedFiles(
        workspaceId,
        files.filter(({ workspace_id }) => workspace_id === workspaceId).map(({ id }) => id),
      ),
    ),
  )
}
