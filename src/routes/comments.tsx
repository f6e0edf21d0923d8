/** What the team writes about a contact. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { commentOf, toComment, toVersion, versionsOf } from '../db/queries/comments.ts'
import { readAs } from '../db/read-as.ts'
import { comment, commentToChange, edit, highlight, remove } from '../domain/comments.ts'
import { AppError } from '../domain/errors.ts'
import { CommentEdit, CommentForm, CommentVersions, MoreComments } from '../views/comment.tsx'
import { tabHref } from '../views/contact-place.ts'
import { DIALOG_DONE } from '../views/dialog.tsx'
import { answerWithNews, drawPage, namesContact, readPanel, Where } from './contact-answers.tsx'
import { isHtmx, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { valid } from './valid.ts'

const Before = z
  .string()
  .regex(/^\d{1,15}-[0-9a-f-]{36}$/)
  .transform((text) => ({ at: Number(text.slice(0, text.indexOf('-'))), tie: text.slice(text.indexOf('-') + 1) }))
const Place = z.object({ conversationId: Where })
const ListQuery = z.object({ before: Before, conversation: Where })
const EditQuery = z.object({ conversation: Where })
const CommentFields = Place.extend({
  text: z.string().max(60_000),
  clientKey: z.uuid(),
  onlyHere: z.literal('true').optional(),
})
const EditFields = Place.extend({ text: z.string().max(60_000), version: z.coerce.number().int().min(1) })

export const comments = new Hono<RouteEnv>()
  .use('/:contactId/comments', signedIn, namesContact)
  .use('/:contactId/comments/*', signedIn)
  .use('/:contactId/comments/:commentId', namesContact)
  .use('/:contactId/comments/:commentId/*', namesContact)

  .get('/:contactId/comments', valid('query', ListQuery), async (c) => {
    const contactId = c.req.param('contactId')
    const { before, conversation: conversationId } = c.req.valid('query')
    const panel = await readPanel(c, { contactId, conversationId, tab: 'comments', before })
    if (!wantsPartial(c)) return drawPage(c, panel)
    return panel.content.tab === 'comments'
      ? c.html(<MoreComments i18n={c.var.i18n} {...panel.content.list} />)
      : c.body(null, 204)
  })

  .post('/:contactId/comments', valid('form', CommentFields), async (c) => {
    const contactId = c.req.param('contactId')
    const { text, clientKey, onlyHere, conversationId } = c.req.valid('form')
    const forOne = onlyHere ? conversationId : null
    if (onlyHere && !conversationId) throw new AppError('invalid', { field: 'conversationId' })
    try {
      await comment(c.var.app, c.var.viewer, { contactId, text, clientKey, conversationId: forOne })
    } catch (error) {
      return refuse(c, error, { contactId, conversationId, text, clientKey, onlyHere: onlyHere !== undefined })
    }
    const form = { contactId, conversationId, clientKey: crypto.randomUUID() }
    const fresh = <CommentForm i18n={c.var.i18n} {...form} typed={{ text: '', onlyHere: onlyHere !== undefined }} />
    c.header('HX-Reswap', 'outerHTML')
    return answerWithNews(c, { contactId, conversationId, tab: 'comments' }, fresh)
  })

  .get('/:contactId/comments/:commentId/edit', valid('query', EditQuery), async (c) => {
    const { contactId, commentId } = c.req.param()
    const conversationId = c.req.valid('query').conversation
    const found = await commentToChange(c.var.app, c.var.viewer, { contactId, commentId })
    return drawEdit(c, { comment: found, conversationId })
  })

  .get('/:contactId/comments/:commentId/versions', async (c) => {
    const { contactId, commentId } = c.req.param()
    const { app, viewer, i18n } = c.var
    const [rows, versions] = await readAs(
      app.db,
      viewer,
      commentOf(viewer, contactId, commentId),
      versionsOf(viewer, contactId, commentId),
    )
    if (!rows[0]) throw new AppError('not_found')
    const back = tabHref({ contactId, conversationId: null }, 'comments')
    return c.render(<CommentVersions i18n={i18n} versions={versions.map(toVersion)} back={back} />, {
      title: i18n.t.comments.history,
    })
  })

  .put('/:contactId/comments/:commentId', valid('form', EditFields), async (c) => {
    const { contactId, commentId } = c.req.param()
    const { text, version, conversationId } = c.req.valid('form')
    try {
      await edit(c.var.app, c.var.viewer, { contactId, commentId, text, version })
    } catch (error) {
      const problem = problemOf(c, error)
      c.status(error instanceof AppError && error.code === 'conflict' ? 409 : 422)
      return drawEdit(c, { comment: await theComment(c, contactId, commentId), conversationId, typed: text, problem })
    }
    if (isHtmx(c)) c.header(...DIALOG_DONE)
    return answerWithNews(c, { contactId, conversationId, tab: 'comments' })
  })

  .delete('/:contactId/comments/:commentId', valid('form', Place), async (c) => {
    const { contactId, commentId } = c.req.param()
    await remove(c.var.app, c.var.viewer, { contactId, commentId }, await trailOf(c))
    return answerWithNews(c, { contactId, conversationId: c.req.valid('form').conversationId, tab: 'comments' })
  })

  .put('/:contactId/comments/:commentId/highlight', valid('form', Place), async (c) => {
    const { contactId, commentId } = c.req.param()
    await highlight(c.var.app, c.var.viewer, { contactId, commentId }, true)
    return answerWithNews(c, { contactId, conversationId: c.req.valid('form').conversationId, tab: 'comments' })
  })

  .delete('/:contactId/comments/:commentId/highlight', valid('form', Place), async (c) => {
    const { contactId, commentId } = c.req.param()
    await highlight(c.var.app, c.var.viewer, { contactId, commentId }, false)
    return answerWithNews(c, { contactId, conversationId: c.req.valid('form').conversationId, tab: 'comments' })
  })

async function theComment(c: Context<RouteEnv>, contactId: string, commentId: string) {
  const [rows] = await readAs(c.var.app.db, c.var.viewer, commentOf(c.var.viewer, contactId, commentId))
  if (!rows[0]) throw new AppError('not_found')
  return toComment(rows[0])
}

interface Edited {
  comment: Awaited<ReturnType<typeof theComment>>
  conversationId: string | null
  typed?: string
  problem?: string
}

function drawEdit(c: Context<RouteEnv>, edited: Edited) {
  const { i18n } = c.var
  const back = tabHref({ contactId: edited.comment.contactId, conversationId: edited.conversationId }, 'comments')
  return c.render(<CommentEdit i18n={i18n} back={back} {...edited} />, { title: i18n.t.comments.editTitle })
}

/** What the form says of it; whatever is no fault of the text is thrown on. */
function problemOf({ var: { i18n } }: Context<RouteEnv>, error: unknown): string {
  if (!(error instanceof AppError)) throw error
  const { comments: words } = i18n.t
  switch (error.code) {
    case 'invalid':
      return words.empty
    case 'too_long':
      return i18n.fill(words.tooLong, error.details)
    case 'already_sent':
      return words.already
    case 'conflict':
      return words.changed
    default:
      throw error
  }
}

/** The form again, with what was typed and the reason beside it. */
async function refuse(
  c: Context<RouteEnv>,
  error: unknown,
  {
    contactId,
    conversationId,
    clientKey,
    ...typed
  }: { contactId: string; conversationId: string | null; clientKey: string; text: string; onlyHere: boolean },
) {
  const problem = problemOf(c, error)
  const form = { contactId, conversationId, clientKey, typed, problem }
  c.status(error instanceof AppError && error.code === 'already_sent' ? 409 : 422)
  if (isHtmx(c)) return c.html(<CommentForm i18n={c.var.i18n} {...form} />)
  const panel = await readPanel(c, { contactId, conversationId, tab: 'comments' })
  const content = panel.content.tab === 'comments' ? { ...panel.content, form } : panel.content
  return drawPage(c, { ...panel, content })
}
