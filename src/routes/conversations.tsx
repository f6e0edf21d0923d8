/** The list and the thread. */

import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { nextConversation, previousConversation } from '../db/queries/acts.ts'
import { filterChoices, inboxCounts, mineCount, rememberFilters } from '../db/queries/conversation-list.ts'
import { headOf, toHead } from '../db/queries/conversations.ts'
import { CATCH_UP_LIMIT, messagesBefore, messagesChangedSince, NEXT_PAGE, toMessage } from '../db/queries/messages.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { saveDraft, see } from '../domain/messages.ts'
import { LiveCounts } from '../views/conversations.tsx'
import { FiltersDialog } from '../views/list-head.tsx'
import { CatchUp, EarlierConversation, OlderMessages } from '../views/thread.tsx'
import { composerScreen, earlierHref, listScreen, olderHref, threadAnew, threadScreen } from './conversation-page.tsx'
import { ListCursor, ThreadCursor } from './cursors.ts'
import { filterIn, queryOf } from './list-filter.ts'
import { filterOf, unreadIn, viewCounts } from './list-page.ts'
import { wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { forgetScope } from './session.ts'
import { valid } from './valid.ts'

const ListQuery = z.object({ before: ListCursor.optional(), after: ListCursor.optional() })
const ThreadQuery = z.object({ before: ThreadCursor.optional(), after: ThreadCursor.optional() })
const OlderQuery = ThreadQuery.extend({ earlier: z.literal('true').optional() })
const CatchUpQuery = z.object({ after: z.coerce.number().int().min(0), from: ThreadCursor.optional() })
const RememberForm = z.object({ query: z.string().max(2_000) })
const SeenForm = z.object({ seq: z.coerce.number().int().min(0) })
const DraftForm = z.object({ body: z.string().max(20_000), replyToId: z.uuid().or(z.literal('')).default('') })

/** An id that could not be one names nothing: the same answer as for one that names nothing here. */
export const namesConversation = createMiddleware<RouteEnv>(async (c, next) => {
  if (!z.uuid().safeParse(c.req.param('conversationId')).success) throw new AppError('not_found')
  await next()
})

export const conversations = new Hono<RouteEnv>()
  .get('/', valid('query', ListQuery), (c) => listScreen(c, c.req.valid('query')))

  .get('/counts', async (c) => {
    const { app, viewer, i18n } = c.var
    const [counts, mine] = await readAs(app.db, viewer, inboxCounts(viewer), mineCount(viewer))
    const views = viewCounts(counts, mine[0]?.unread ?? 0)
    const parts = [
      ...(['mine', 'queue', 'all'] as const).map((view) => ({ id: `count-${view}`, count: views[view] })),
      ...counts.map(({ inbox_id, unread }) => ({ id: `count-inbox-${inbox_id}`, count: unread })),
    ]
    return c.html(<LiveCounts i18n={i18n} unread={unreadIn(counts)} parts={parts} />)
  })

  .get('/filters', async (c) => {
    const { app, viewer, i18n } = c.var
    const [choices] = await readAs(app.db, viewer, filterChoices(viewer))
    return c.render(<FiltersDialog i18n={i18n} choices={choices} chosen={filterOf(c)} />, {
      title: i18n.t.filters.filter,
    })
  })

  /** The list as the agent wants to find it next time, on whatever device. */
  .put('/filters', valid('form', RememberForm), async (c) => {
    const { app, viewer } = c.var
    const filter = filterIn(new URLSearchParams(c.req.valid('form').query))
    await app.db.write(rememberFilters(viewer, filter ? queryOf(filter) : ''))
    forgetScope(c)
    return c.body(null, 204)
  })

  .use('/:conversationId/*', namesConversation)

  .get('/:conversationId', namesConversation, valid('query', ThreadQuery), (c) =>
    threadScreen(c, c.req.param('conversationId'), c.req.valid('query')),
  )

  .get('/:conversationId/messages', valid('query', OlderQuery), async (c) => {
    const conversationId = c.req.param('conversationId')
    const place = c.req.valid('query')
    if (!wantsPartial(c) || !(place.before || place.earlier)) return threadScreen(c, conversationId, place)
    const { app, viewer, i18n } = c.var
    const [heads, stored, previous] = await readAs(
      app.db,
      viewer,
      headOf(viewer, conversationId),
      messagesBefore(viewer, conversationId, place.before ?? null, NEXT_PAGE),
      previousConversation(viewer, conversationId),
    )
    if (!heads[0]) throw new AppError('not_found')
    const messages = stored.map(toMessage)
    const full = messages.length === NEXT_PAGE
    const older = {
      conversationId,
      messages,
      olderHref: full ? olderHref(conversationId, messages) : earlierHref(previous),
    }
    return c.html(
      place.earlier ? <EarlierConversation i18n={i18n} {...older} /> : <OlderMessages i18n={i18n} {...older} />,
    )
  })

  .get('/:conversationId/thread', valid('query', CatchUpQuery), async (c) => {
    const conversationId = c.req.param('conversationId')
    const { after, from } = c.req.valid('query')
    const { app, viewer, i18n } = c.var
    const [heads, stored, next] = await readAs(
      app.db,
      viewer,
      headOf(viewer, conversationId),
      messagesChangedSince(viewer, conversationId, after, from ?? null),
      nextConversation(viewer, conversationId),
    )
    if (!heads[0]) throw new AppError('not_found')
    // Closed here, and begun again meanwhile: the page goes on there.
    if (next[0])
      c.header(
        'HX-Location',
        JSON.stringify({ path: `/conversations/${next[0].id}`, target: '#thread', swap: 'outerHTML' }),
      )
    if (stored.length > CATCH_UP_LIMIT) return threadAnew(c, conversationId)
    return c.html(<CatchUp i18n={i18n} conversation={toHead(heads[0])} messages={stored.map(toMessage)} />)
  })

  /** The page found that its composer no longer fits the conversation: the window opened, or somebody closed it. */
  .get('/:conversationId/composer', (c) => composerScreen(c, c.req.param('conversationId')))

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
