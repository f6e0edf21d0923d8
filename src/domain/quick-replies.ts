/** Words at hand: kept by those whose they are, and put into an answer with their blanks filled in. */
import { audited, type Trail } from '../db/queries/audit.ts'
import { headOf, toHead } from '../db/queries/conversations.ts'
import { draftOf, toDraft } from '../db/queries/messages.ts'
import {
  changeableQuickReply,
  countUse,
  deleteQuickReply,
  filesOfQuickReply,
  mayBeRemoved,
  mayBeReworded,
  mayKeepOne,
  type NewQuickReply,
  type Owner,
  type QuickReplyFile,
  type QuickReplyRow,
  quickRepliesFor,
  quickReplyNow,
  rewordQuickReply,
  storeQuickReply,
  usableQuickReply,
  workspaceVoice,
} from '../db/queries/quick-replies.ts'
import type { Upload } from '../db/queries/uploads.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, mayAdministrate } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { saveDraft } from './messages.ts'
import { bodyText, foldedKey, nameText } from './text.ts'
import { choose } from './uploads.ts'
import { fillIn, valuesFor } from './variables.ts'

const LONGEST_SHORTCUT = 40
const LONGEST_QUICK_REPLY = 4_096
const MOST_AN_OWNER = 500

/** For whom one keeps something at hand: oneself, and whoever leads also for their departments and for everyone. */
function ownerOf(viewer: Viewer, chosen: string): Owner {
  if (chosen === 'personal') return { scope: 'personal', id: viewer.agentId }
  if (viewer.role === 'agent') throw new AppError('forbidden')
  if (chosen === 'workspace') return { scope: 'workspace', id: '' }
  if (!mayAdministrate(viewer) && !viewer.departmentIds.includes(chosen)) throw new AppError('forbidden')
  return { scope: 'department', id: chosen }
}

/** Oneself, and whoever leads where it is used. */
export const mayChangeQuickReply = (
  viewer: Viewer,
  { scope, owner_id: ownerId }: Pick<QuickReplyRow, 'scope' | 'owner_id'>,
): boolean => {
  if (scope === 'personal') return ownerId === viewer.agentId
  if (viewer.role === 'agent') return false
  return scope === 'workspace' || mayAdministrate(viewer) || viewer.departmentIds.includes(ownerId)
}

interface Words {
  id: string
  shortcut: string
  body: string
}

/** `id` comes with the form, new with each: the same form submitted twice makes one. */
export async function createQuickReply(
  app: App,
  viewer: Viewer,
  { owner: chosen, ...words }: Words & { owner: string },
  trail: Trail,
): Promise<void> {
  const reply = replyOf(app, ownerOf(viewer, chosen), words)
  const guard = mayKeepOne(viewer, reply, MOST_AN_OWNER)
  const target = { type: 'quick_reply', id: reply.id }
  const detail = { scope: reply.owner.scope }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'quick_reply.created', target, detail }, guard),
    storeQuickReply(viewer, reply, guard),
    quickReplyNow(viewer, reply).sql,
  )
  refuseUnlessStored(written.at(-1)?.rows, reply)
}

/** `version` is that of the page: somebody else may have changed it since. */
export async function changeQuickReply(
  app: App,
  viewer: Viewer,
  { version, ...words }: Words & { version: number },
  trail: Trail,
): Promise<void> {
  const before = await changeable(app, viewer, words.id)
  const reply = replyOf(app, { scope: before.scope, id: before.owner_id }, words)
  const guard = mayBeReworded(viewer, reply, version)
  const target = { type: 'quick_reply', id: reply.id }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'quick_reply.changed', target }, guard),
    rewordQuickReply(viewer, reply, guard),
    quickReplyNow(viewer, reply).sql,
  )
  refuseUnlessStored(written.at(-1)?.rows, reply)
}

export async function removeQuickReply(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  await changeable(app, viewer, id)
  const guard = mayBeRemoved(viewer, id)
  const target = { type: 'quick_reply', id }
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'quick_reply.removed', target }, guard),
    ...deleteQuickReply(viewer, id, app.now(), guard),
  )
}

export async function changeable(app: App, viewer: Viewer, id: string): Promise<QuickReplyRow> {
  const [[found]] = await app.db.read(changeableQuickReply(viewer, id))
  if (!found) throw new AppError('not_found')
  return found
}

function replyOf(app: App, owner: Owner, { id, shortcut: typed, body: said }: Words): NewQuickReply {
  const shortcut =
    nameText(typed)
      ?.replace(/^\/+ ?/, '')
      .replaceAll(' ', '-') ?? ''
  const shortcutKey = foldedKey(shortcut)
  if (shortcutKey === '') throw new AppError('invalid', { field: 'shortcut', why: 'empty' })
  if (shortcut.length > LONGEST_SHORTCUT) throw tooLong('shortcut', LONGEST_SHORTCUT)
  const body = bodyText(said).trim()
  if (body === '') throw new AppError('invalid', { field: 'body', why: 'blank' })
  if (body.length > LONGEST_QUICK_REPLY) throw tooLong('body', LONGEST_QUICK_REPLY)
  const terms = foldedKey(`${shortcut} ${body}`)
  return { id, owner, shortcut, shortcutKey, body, terms, now: app.now() }
}

const tooLong = (field: string, limit: number) => new AppError('invalid', { field, why: 'long', limit })

function refuseUnlessStored(rows: unknown[] = [], { id, shortcut, body }: NewQuickReply): void {
  const now = rows as { id: string; body: string; shortcut: string }[]
  const stored = now.find((one) => one.id === id)
  if (stored?.body === body && stored.shortcut === shortcut) return
  if (now.some((one) => one.id !== id)) throw new AppError('invalid', { field: 'shortcut', why: 'taken' })
  if (!stored && now.length === 0) throw new AppError('invalid', { field: 'shortcut', why: 'many' })
  throw new AppError('conflict')
}

/** As it is offered in a conversation. */
export interface Offered {
  id: string
  scope: QuickReplyRow['scope']
  departmentName: string | null
  shortcut: string
  /** With its blanks filled in, as far as they are known. */
  text: string
  files: number
}

export async function offerQuickReplies(
  app: App,
  viewer: Viewer,
  { conversationId, words, most }: { conversationId: string; words: string; most: number },
): Promise<Offered[]> {
  const key = foldedKey(words.replace(/^\/+/, ''))
  const [heads, locales, replies] = await app.db.read(
    headOf(viewer, conversationId),
    workspaceVoice(viewer),
    quickRepliesFor(viewer, key, most),
  )
  const [head, of] = [heads[0], locales[0]]
  if (!head || !of) throw new AppError('not_found')
  const values = valuesFor({ ...toHead(head), locale: of.locale, agentName: viewer.name }, app.now())
  return replies.map(({ id, scope, department_name, shortcut, body, files }) => ({
    ...{ id, scope, departmentName: department_name, shortcut, files },
    text: fillIn(body, values),
  }))
}

export interface Used {
  text: string
  uploads: Upload[]
  /** Of the files that the channel does not take, or for which there is no room. */
  problems: AppError[]
}

/**
 * Its files are copied, and stand in the composer from then on: what is sent is not taken away when the quick reply goes,
 * nor the other way round. `intoDraft`: its words as well, behind what is written there.
 */
export async function takeQuickReply(
  app: App,
  viewer: Viewer,
  { conversationId, id, intoDraft }: { conversationId: string; id: string; intoDraft: boolean },
): Promise<Used> {
  const [heads, locales, found, files, drafts] = await app.db.read(
    headOf(viewer, conversationId),
    workspaceVoice(viewer),
    usableQuickReply(viewer, id),
    filesOfQuickReply(viewer, id),
    draftOf(viewer, conversationId),
  )
  const [head, of, reply] = [heads[0], locales[0], found[0]]
  if (!head || !of || !reply) throw new AppError('not_found')
  const values = valuesFor({ ...toHead(head), locale: of.locale, agentName: viewer.name }, app.now())
  const text = fillIn(reply.body, values)
  const copied = await copyFiles(app, viewer, conversationId, files)
  if (intoDraft) {
    const draft = toDraft(drafts)
    const body = draft?.body ? `${draft.body}\n${text}` : text
    await saveDraft(app, viewer, { conversationId, body, replyToId: draft?.replyToId ?? null })
  }
  await app.db.write(countUse(viewer, id))
  return { text, ...copied }
}

async function copyFiles(app: App, viewer: Viewer, conversationId: string, files: QuickReplyFile[]) {
  const uploads: Upload[] = []
  const problems: AppError[] = []
  for (const file of files) {
    const body = await app.store.get(file.object_key)
    if (!body) continue
    const { mime_type: mimeType, file_name: fileName } = file
    try {
      uploads.push(await choose(app, viewer, { conversationId, body, mimeType, fileName, voice: false }))
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'not_found') throw error
      problems.push(error)
    }
  }
  return { uploads, problems }
}
