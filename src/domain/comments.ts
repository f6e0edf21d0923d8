/** What agents tell one another about a person. No verb here knows of a channel. */
import { sql } from 'drizzle-orm'
import type { Written } from '../db/client.ts'
import type { Comment } from '../db/contact-records.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  commentOf,
  commentOfClientKey,
  commentStands,
  editComment,
  mayChangeComments,
  mentionable,
  pinComment,
  removeComment,
  storeComment,
  toComment,
} from '../db/queries/comments.ts'
import { contactOf } from '../db/queries/contacts.ts'
import type { Scope, Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { changedIn, readChanged } from './changed.ts'
import { contactFor, entryOf, publishAbout } from './contacts.ts'
import { AppError } from './errors.ts'
import { mentionsIn } from './mentions.ts'
import { bodyText } from './text.ts'

export const LONGEST_COMMENT = 4_000

export interface CommentToAdd {
  contactId: string
  text: string
  /** For this conversation alone; null: for all of the contact's. */
  conversationId: string | null
  clientKey: string
}

/** Written once for one client key, however often it is submitted. */
export async function comment(
  app: App,
  viewer: Viewer,
  { contactId, conversationId, clientKey, ...typed }: CommentToAdd,
): Promise<Comment> {
  await contactFor(app, viewer, contactId)
  const body = commentText(typed.text)
  const written = await app.db.write(
    ...storeComment(viewer, {
      id: app.newId(),
      contactId,
      conversationId,
      clientKey,
      body,
      mentionedIds: await mentionedIn(app, viewer, body),
      now: app.now(),
    }),
    commentOfClientKey(viewer, clientKey).sql,
    ...readChanged(
      viewer.workspaceId,
      sql`(SELECT id FROM comments WHERE workspace_id = ${viewer.workspaceId}
      AND author_id = ${viewer.agentId} AND client_key = ${clientKey})`,
    ),
  )
  const stored = written.at(-3)?.rows[0]
  if (!stored) throw new AppError('not_found')
  const same = stored.body === body && stored.contact_id === contactId && stored.conversation_id === conversationId
  if (!same) throw new AppError('already_sent')
  await publishAbout(app, viewer.workspaceId, contactId, changedIn(written.slice(-2)))
  return theComment(app, viewer, contactId, String(stored.id))
}

export interface OfComment {
  contactId: string
  commentId: string
}

/** Says it in other words; what it said before is kept. Two who edit at once do not overwrite one another. */
export async function edit(
  app: App,
  viewer: Viewer,
  of: OfComment & { text: string; version: number },
): Promise<Comment> {
  const before = await commentToChange(app, viewer, of)
  const body = commentText(of.text)
  if (before.version === of.version && before.body === body) return before
  const guard = commentStands(viewer, { contactId: of.contactId, id: of.commentId, version: of.version })
  const mentionedIds = await mentionedIn(app, viewer, body)
  const change = { id: of.commentId, version: of.version, body, mentionedIds, now: app.now() }
  const written = await write(app, viewer, of, editComment(viewer, change, guard))
  const after = await theComment(app, viewer, of.contactId, of.commentId)
  if (after.version !== of.version + 1 || after.body !== body) throw new AppError('conflict')
  await publishAbout(app, viewer.workspaceId, of.contactId, changedIn(written))
  return after
}

/** Takes it from every page; the table keeps it. Removing it twice is removing it once. */
export async function remove(app: App, viewer: Viewer, of: OfComment, trail: Trail): Promise<void> {
  await commentToChange(app, viewer, of)
  const guard = commentStands(viewer, { contactId: of.contactId, id: of.commentId })
  const target = { type: 'comment', id: of.commentId }
  const written = await write(app, viewer, of, [
    audited({ ...entryOf(app, viewer, trail), action: 'comment.deleted', target }, guard),
    ...removeComment(viewer, of.commentId, app.now(), guard),
  ])
  const [left] = await app.db.read(commentOf(viewer, of.contactId, of.commentId))
  if (left[0]) throw new AppError('conflict')
  await publishAbout(app, viewer.workspaceId, of.contactId, changedIn(written))
}

/** On top of the panel and of the thread, or no longer. */
export async function highlight(app: App, viewer: Viewer, of: OfComment, pinned: boolean): Promise<Comment> {
  await commentToChange(app, viewer, of)
  const guard = commentStands(viewer, { contactId: of.contactId, id: of.commentId })
  const written = await write(app, viewer, of, pinComment(viewer, of.commentId, pinned ? app.now() : null, guard))
  const after = await theComment(app, viewer, of.contactId, of.commentId)
  if ((after.pinnedAt !== null) !== pinned) throw new AppError('conflict')
  await publishAbout(app, viewer.workspaceId, of.contactId, changedIn(written))
  return after
}

/** The batch, and what it made of the comment's row in the thread, where it has one. */
async function write(
  app: App,
  viewer: Viewer,
  { commentId }: OfComment,
  statements: Parameters<App['db']['write']>,
): Promise<Written[]> {
  const written = await app.db.write(...statements, ...readChanged(viewer.workspaceId, sql`${commentId}`))
  return written.slice(-2)
}

function commentText(text: string): string {
  const body = bodyText(text).trim()
  if (body === '') throw new AppError('invalid', { field: 'text' })
  if ([...body].length > LONGEST_COMMENT) throw new AppError('too_long', { limit: LONGEST_COMMENT })
  return body
}

async function mentionedIn(app: App, scope: Scope, body: string): Promise<string[]> {
  if (!body.includes('@')) return []
  const [people] = await app.db.read(mentionable(scope))
  return [...new Set(mentionsIn(body, people).map(({ person }) => person.id))]
}

async function theComment(app: App, scope: Scope, contactId: string, id: string): Promise<Comment> {
  const [rows] = await app.db.read(commentOf(scope, contactId, id))
  if (!rows[0]) throw new AppError('not_found')
  return toComment(rows[0])
}

/** One that the agent may change: their own, or as a supervisor. */
export async function commentToChange(app: App, viewer: Viewer, { contactId, commentId }: OfComment): Promise<Comment> {
  const [contacts, rows] = await app.db.read(contactOf(viewer, contactId), commentOf(viewer, contactId, commentId))
  if (!contacts[0] || !rows[0]) throw new AppError('not_found')
  const found = toComment(rows[0])
  if (found.authorId !== viewer.agentId && !mayChangeComments(viewer)) throw new AppError('forbidden')
  return found
}
