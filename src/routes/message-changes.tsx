/** What was sent, put in other words or taken back. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { versionsOf } from '../db/queries/outbound-changes.ts'
import { readAs } from '../db/read-as.ts'
import { answerOf, type OfAnswer, reword, takeBack, whyNotReworded, whyNotTakenBack } from '../domain/changes.ts'
import { AppError, type ErrorCode } from '../domain/errors.ts'
import { hashOf } from '../domain/messages.ts'
import type { Problem } from '../views/errors.tsx'
import { BubbleChoices, BubbleChoicesPage, type Choice, MessageVersions } from '../views/message-changes.tsx'
import { Rewording, RewordingDone } from '../views/rewording.tsx'
import { threadRewording } from './conversation-page.tsx'
import { namesConversation } from './conversations.tsx'
import { statusOf } from './field-problem.ts'
import { answerWith, mayWrite } from './messages.tsx'
import { isHtmx, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { valid } from './valid.ts'

/** What is too long, or empty, is the verb's to say: it knows the channel. */
const Reworded = z.object({
  text: z.string().max(60_000),
  from: z.string().regex(/^[0-9a-f]{64}$/),
  clientKey: z.uuid(),
})

export const messageChanges = new Hono<RouteEnv>()
  .use('/:conversationId/messages/:messageId', namesConversation)
  .use('/:conversationId/messages/:messageId/*', namesConversation)

  .get('/:conversationId/messages/:messageId/menu', async (c) => {
    const { app, viewer, i18n } = c.var
    const { conversation, message } = await answerOf(app, viewer, named(c))
    const of = [app.channel(conversation.channel).limits, viewer, conversation, message, app.now()] as const
    const choices = { edit: choiceOf(whyNotReworded(...of)), unsend: choiceOf(whyNotTakenBack(...of)) }
    const shown = { i18n, message, choices }
    return wantsPartial(c)
      ? c.html(<BubbleChoices {...shown} />)
      : c.render(<BubbleChoicesPage {...shown} />, { title: i18n.t.changes.menu })
  })

  .get('/:conversationId/messages/:messageId/versions', async (c) => {
    const { app, viewer, i18n } = c.var
    const of = named(c)
    await answerOf(app, viewer, of)
    const [versions] = await readAs(app.db, viewer, versionsOf(viewer, of.conversationId, of.messageId))
    const back = `/conversations/${of.conversationId}`
    return c.render(<MessageVersions i18n={i18n} versions={versions} back={back} />, { title: i18n.t.changes.history })
  })

  .get('/:conversationId/messages/:messageId/edit', async (c) => {
    const refused = await drawForm(c)
    if (refused instanceof AppError) throw refused
    return refused
  })

  .put('/:conversationId/messages/:messageId', valid('form', Reworded), async (c) => {
    const { app, viewer } = c.var
    const form = c.req.valid('form')
    const of = named(c)
    await mayWrite(c, form.clientKey)
    try {
      return await answerWith(c, await reword(app, viewer, { ...of, ...form }), 200, <RewordingDone />)
    } catch (error) {
      if (!(error instanceof AppError) || !ABOUT_THE_TEXT.has(error.code)) throw error
      c.status(statusOf(error))
      const clientKey = error.code === 'already_sent' ? crypto.randomUUID() : form.clientKey
      const drawn = await drawForm(c, { text: form.text, clientKey, problem: error })
      if (drawn instanceof AppError) throw drawn
      return drawn
    }
  })

  .delete('/:conversationId/messages/:messageId', async (c) => {
    const of = named(c)
    await mayWrite(c, `delete:${of.messageId}`)
    return answerWith(c, await takeBack(c.var.app, c.var.viewer, of))
  })

const ABOUT_THE_TEXT = new Set<ErrorCode>(['invalid', 'too_long', 'unfilled', 'already_sent', 'conflict'])

const choiceOf = (refused: ErrorCode | null): Choice =>
  refused === null ? 'open' : refused === 'too_late' ? 'late' : 'none'

/** An id that could not be one names nothing. */
function named(c: Context<RouteEnv>): OfAnswer {
  const { conversationId = '', messageId = '' } = c.req.param() as Partial<OfAnswer>
  if (!z.uuid().safeParse(messageId).success) throw new AppError('not_found')
  return { conversationId, messageId }
}

interface Typed {
  text: string
  clientKey: string
  problem: Problem
}

/** The form, with what was typed where it was refused; why there is none, where the message can be changed no more. */
async function drawForm(c: Context<RouteEnv>, typed?: Typed): Promise<Response | AppError> {
  const { app, viewer, i18n } = c.var
  const of = named(c)
  const { conversation, message } = await answerOf(app, viewer, of)
  const { limits } = app.channel(conversation.channel)
  const refused = whyNotReworded(limits, viewer, conversation, message, app.now())
  if (refused) return new AppError(refused)
  const body = message.body ?? ''
  // What was refused is not lost: it is where the next try begins.
  const wanted = message.change?.type === 'edit' && message.change.state === 'failed' ? message.change.body : null
  const form = {
    ...{ i18n, message, text: typed?.text ?? wanted ?? body, from: await hashOf(body) },
    ...{ clientKey: typed?.clientKey ?? crypto.randomUUID(), problem: typed?.problem },
  }
  return isHtmx(c) ? c.html(<Rewording {...form} />) : threadRewording(c, of.conversationId, form)
}
