/** Answers: written, tried again, taken back, settled. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import type { ThreadMessage, Viewer } from '../db/records.ts'
import type { App } from '../domain/app.ts'
import { AppError } from '../domain/errors.ts'
import { retryFile } from '../domain/media.ts'
import { cancel, confirmSent, type OfMessage, reply, saveDraft, showTyping, tryAgain } from '../domain/messages.ts'
import { react } from '../domain/reactions.ts'
import { type SendingFiles, sendFiles } from '../domain/send-files.ts'
import { MOST_FILES } from '../domain/uploads.ts'
import { ComposerProblem, ComposerReset } from '../views/composer.tsx'
import { DIALOG_DONE } from '../views/dialog.tsx'
import { Messages } from '../views/thread.tsx'
import { composerAnew, threadScreen } from './conversation-page.tsx'
import { namesConversation } from './conversations.tsx'
import { isHtmx } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { valid } from './valid.ts'

/** What is too long, or empty, is the verb's to say: it knows the channel. */
const ReplyForm = z.object({
  text: z.string().max(60_000),
  clientKey: z.uuid(),
  replyToId: z.uuid().or(z.literal('')).default(''),
  /** Files that were chosen, in order. */
  uploadId: z.union([z.uuid().transform((id) => [id]), z.array(z.uuid()).max(MOST_FILES)]).default([]),
})
/** An emoji, or nothing: then the reaction is taken back. */
const ReactionForm = z.object({ messageId: z.uuid(), emoji: z.string().regex(/^(\p{RGI_Emoji})?$/v) })
const AttemptForm = z.object({ no: z.coerce.number().int().min(1).max(1_000) })

export const messages = new Hono<RouteEnv>()
  .use('/:conversationId/*', namesConversation)

  .post('/:conversationId/messages', valid('form', ReplyForm), async (c) => {
    const { app, viewer } = c.var
    const form = c.req.valid('form')
    const conversationId = c.req.param('conversationId')
    await mayWrite(c, form.clientKey)
    try {
      const { messages: sent, isNew } = await answered(app, viewer, {
        ...form,
        conversationId,
        replyToId: form.replyToId || null,
        uploadIds: form.uploadId,
      })
      return await answerWith(
        c,
        sent,
        isNew ? 201 : 200,
        <ComposerReset conversationId={conversationId} clientKey={crypto.randomUUID()} />,
      )
    } catch (error) {
      if (!(error instanceof AppError) || !ABOUT_THE_TEXT.has(error.code)) throw error
      return refuse(c, conversationId, form, error)
    }
  })

  .post('/:conversationId/messages/:messageId/attempts', valid('form', AttemptForm), async (c) => {
    await mayWrite(c, `${c.req.param('messageId')}:${c.req.valid('form').no}`)
    return answerWith(c, await tryAgain(c.var.app, c.var.viewer, ofMessage(c)))
  })

  .post('/:conversationId/messages/:messageId/cancellation', valid('form', AttemptForm), async (c) =>
    answerWith(c, await cancel(c.var.app, c.var.viewer, ofMessage(c))),
  )

  .put('/:conversationId/messages/:messageId/confirmation', valid('form', AttemptForm), async (c) =>
    answerWith(c, await confirmSent(c.var.app, c.var.viewer, ofMessage(c))),
  )

  .post('/:conversationId/messages/:messageId/attachments/:attachmentId/attempts', async (c) => {
    const { conversationId, messageId, attachmentId } = c.req.param()
    if (!z.uuid().safeParse(attachmentId).success) throw new AppError('not_found')
    return answerWith(c, await retryFile(c.var.app, c.var.viewer, { conversationId, messageId, attachmentId }))
  })

  .put('/:conversationId/reaction', valid('form', ReactionForm), async (c) => {
    const { messageId, emoji } = c.req.valid('form')
    await mayWrite(c, crypto.randomUUID())
    const reacting = { conversationId: c.req.param('conversationId'), messageId, emoji: emoji || null }
    return answerWith(c, await react(c.var.app, c.var.viewer, reacting))
  })

  .post('/:conversationId/typing', async (c) => {
    await limited(c.env, 'typing', c.var.viewer.agentId)
    await showTyping(c.var.app, c.var.viewer, c.req.param('conversationId'))
    return c.body(null, 204)
  })
/** In words alone, or with the files that were chosen. */
async function answered(app: App, viewer: Viewer, sending: SendingFiles) {
  if (sending.uploadIds.length > 0) return sendFiles(app, viewer, sending)
  const { message, isNew } = await reply(app, viewer, sending)
  return { messages: [message], isNew }
}

/** However often one and the same thing is submitted, it counts once. */
export async function mayWrite(c: Context<RouteEnv>, once: string): Promise<void> {
  const { agentId } = c.var.viewer
  await Promise.all([limited(c.env, 'sendBurst', agentId, once), limited(c.env, 'send', agentId, once)])
}

// biome-ignore lint/suspicious/noExplicitAny: the path and the validated form differ from route to route
function ofMessage(c: Context<RouteEnv, any, { out: { form: { no: number } } }>): OfMessage {
  const { conversationId, messageId } = c.req.param()
  if (!conversationId || !z.uuid().safeParse(messageId).success || !messageId) throw new AppError('not_found')
  return { conversationId, messageId, no: c.req.valid('form').no }
}

/** The bubble as it is now; a plain form goes back to the page that shows it. */
export async function answerWith(
  c: Context<RouteEnv>,
  of: ThreadMessage | ThreadMessage[],
  status: 200 | 201 = 200,
  also: Child = null,
) {
  const shown = [of].flat()
  const conversationId = shown[0]?.conversationId ?? ''
  if (!isHtmx(c)) return c.redirect(`/conversations/${conversationId}`, 303)
  return c.html(
    <>
      <Messages i18n={c.var.i18n} of={conversationId} messages={shown} />
      {also}
    </>,
    status,
  )
}

/** The same for what was put together in the dialog, which is done with it. */
export function answerFromDialog(c: Context<RouteEnv>, message: ThreadMessage, isNew: boolean) {
  if (isHtmx(c)) c.header(...DIALOG_DONE)
  return answerWith(c, message, isNew ? 201 : 200)
}

const OUT_OF_TIME = new Set(['window_closed', 'window_over'])
const ABOUT_THE_TEXT = new Set(['invalid', 'too_long', 'unfilled', 'already_sent', ...OUT_OF_TIME])

/** The text stays where it was typed; the reason stands beside it. A key that holds another text is given up. */
async function refuse(
  c: Context<RouteEnv>,
  conversationId: string,
  { text, replyToId, clientKey }: z.infer<typeof ReplyForm>,
  { code, details }: AppError,
) {
  const isTaken = code === 'already_sent'
  const key = isTaken ? crypto.randomUUID() : clientKey
  const problem = { code, details }
  c.status(isTaken ? 409 : 422)
  if (!isHtmx(c))
    return threadScreen(c, conversationId, {}, { problem, text, replyToId: replyToId || null, clientKey: key })
  if (OUT_OF_TIME.has(code)) {
    // What can be done instead takes the place of the field: what was typed is kept beside it.
    await saveDraft(c.var.app, c.var.viewer, { conversationId, body: text, replyToId: replyToId || null })
    return c.html(await composerAnew(c, conversationId))
  }
  return c.html(
    <>
      <ComposerProblem i18n={c.var.i18n} problem={problem} />
      {isTaken && <ComposerReset conversationId={conversationId} clientKey={key} />}
    </>,
  )
}
