/** The list and the thread. */

import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { EVERYTHING, inboxCounts } from '../db/queries/conversation-list.ts'
import { headOf, toHead } from '../db/queries/conversations.ts'
import { CATCH_UP_LIMIT, messagesBefore, messagesChangedSince, NEXT_PAGE, toMessage } from '../db/queries/messages.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { saveDraft, see } from '../domain/messages.ts'
import { Counts } from '../views/conversations.tsx'
import { CatchUp, OlderMessages } from '../views/thread.tsx'
import { listScreen, olderHref, threadScreen, unreadIn } from './conversation-page.tsx'
import { ListCursor, ThreadCursor } from './cursors.ts'
import { wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { valid } from './valid.ts'

const ListQuery = z.object({ before: ListCursor.optional(), after: ListCursor.optional() })
const ThreadQuery = z.object({ before: ThreadCursor.optional(), after: ThreadCursor.optional() })
const CatchUpQuery = z.object({ after: z.coerce.number().int().min(0), from: ThreadCursor.optional() })
const SeenForm = z.object({ seq: z.coerce.number().int().min(0) })
const DraftForm = z.object({ body: z.string().max(20_000), replyToId: z.uuid().or(z.literal('')).default('') })

/** An id that could not be one names nothing: the same answer as for one that names nothing here. */
export const namesConversation = createMiddleware<RouteEnv>(async (c, next) => {
  if (!z.uuid().safeParse(c.req.param('conversationId')).success) throw new AppError('not_found')
  await next()
})

export const conversations = new Hono<RouteEnv>()
  .get('/', valid('query', ListQuery), (c) => listScreen(c, EVERYTHING, c.req.valid('query')))

  .get('/counts', async (c) => {
    const { app, viewer, i18n } = c.var
    const [counts] = await readAs(app.db, viewer, inboxCounts(viewer))
    return c.html(<Counts i18n={i18n} unread={unreadIn(counts)} />)
  })

  .use('/:conversationId/*', namesConversation)

  .get('/:conversationId', namesConversation, valid('query', ThreadQuery), (c) =>
    threadScreen(c, c.req.param('conversationId'), c.req.valid('query')),
  )

  .get('/:conversationId/messages', valid('query', ThreadQuery), async (c) => {
    const conversationId = c.req.param('conversationId')
    const place = c.req.valid('query')
    if (!wantsPartial(c) || !place.before) return threadScreen(c, conversationId, place)
    const { app, viewer, i18n } = c.var
    const [heads, stored] = await readAs(
      app.db,
      viewer,
      headOf(viewer, conversationId),
      messagesBefore(viewer, conversationId, place.before, NEXT_PAGE),
    )
    if (!heads[0]) throw new AppError('not_found')
    const messages = stored.map(toMessage)
    return c.html(
      <OlderMessages
        i18n={i18n}
        conversationId={conversationId}
        messages={messages}
        olderHref={messages.length < NEXT_PAGE ? null : olderHref(conversationId, messages)}
      />,
    )
  })

  .get('/:conversationId/thread', valid('query', CatchUpQuery), async (c) => {
    const conversationId = c.req.param('conversationId')
    const { after, from } = c.req.valid('query')
    const { app, viewer, i18n } = c.var
    const [heads, stored] = await readAs(
      app.db,
      viewer,
      headOf(viewer, conversationId),
      messagesChangedSince(viewer, conversationId, after, from ?? null),
    )
    if (!heads[0]) throw new AppError('not_found')
    if (stored.length > CATCH_UP_LIMIT) {
      // Too far behind to be patched: the thread as it is now, instead of what changed.
      c.header('HX-Retarget', '#thread')
      c.header('HX-Reswap', 'outerHTML')
      return threadScreen(c, conversationId, {})
    }
    return c.html(
      <CatchUp
        i18n={i18n}
        conversationId={conversationId}
        messages={stored.map(toMessage)}
        seq={toHead(heads[0]).seq}
      />,
    )
  })

  .post('/:conversationId/seen', valid('form', SeenForm), async (c) => {
    await see(c.var.app, c.var.viewer, c.req.param('conversationId'), c.req.valid('form').seq)
    return c.body(null, 204)
  })

  .put('/:conversationId/draft', valid('form', DraftForm), async (c) => {
    const { body, replyToId } = c.req.valid('form')
    await saveDraft(c.var.app, c.var.viewer, {
      conversationId: c.req.param('conversationId'),
      body,
      replyToId: replyToId || null,
    })
    return c.body(null, 204)
  })
