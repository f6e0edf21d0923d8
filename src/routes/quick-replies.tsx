/** Words at hand, in a conversation: found by a few letters, and put into the answer. */
import { Hono } from 'hono'
import * as z from 'zod'
import { headOf, toHead } from '../db/queries/conversations.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { offerQuickReplies, takeQuickReply } from '../domain/quick-replies.ts'
import { ChosenFile, FileProblem } from '../views/chosen-files.tsx'
import { contactNameOf } from '../views/conversation-row.tsx'
import { QuickReplyChoicePage, QuickReplyOptions } from '../views/quick-replies.tsx'
import { namesConversation } from './conversations.tsx'
import { isHtmx, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { valid } from './valid.ts'

/** Nobody finds anything by more words than these. */
const SearchQuery = z.object({
  q: z
    .string()
    .default('')
    .transform((words) => words.slice(0, 200)),
})
const OFFERED = 8
const ON_A_PAGE = 100

export const quickReplies = new Hono<RouteEnv>()
  .use('/:conversationId/*', namesConversation)

  .get('/:conversationId/quick-replies', valid('query', SearchQuery), async (c) => {
    const { app, viewer, i18n } = c.var
    const conversationId = c.req.param('conversationId')
    const { q } = c.req.valid('query')
    const most = wantsPartial(c) ? OFFERED : ON_A_PAGE
    const replies = await offerQuickReplies(app, viewer, { conversationId, words: q, most })
    if (wantsPartial(c))
      return c.html(<QuickReplyOptions i18n={i18n} conversationId={conversationId} replies={replies} words={q} />)
    const [[head]] = await readAs(app.db, viewer, headOf(viewer, conversationId))
    if (!head) throw new AppError('not_found')
    const contactName = contactNameOf(i18n, toHead(head))
    return c.render(
      <QuickReplyChoicePage
        i18n={i18n}
        conversationId={conversationId}
        replies={replies}
        words={q}
        contactName={contactName}
      />,
      { title: i18n.t.quickReplies.choose },
    )
  })

  /** The page has put the words in by itself and asks for the files alone; without script both come by the draft. */
  .post('/:conversationId/quick-replies/:quickReplyId/uses', async (c) => {
    const { app, viewer, i18n } = c.var
    const { conversationId, quickReplyId: id } = c.req.param()
    const used = await takeQuickReply(app, viewer, { conversationId, id, intoDraft: !isHtmx(c) })
    if (!isHtmx(c)) return c.redirect(`/conversations/${conversationId}`, 303)
    if (used.uploads.length + used.problems.length === 0) return c.body(null, 204)
    return c.html(
      <hx-partial hx-target="#composer-files" hx-swap="beforeend">
        {used.uploads.map((upload) => (
          <ChosenFile i18n={i18n} conversationId={conversationId} upload={upload} />
        ))}
        {used.problems.map(({ code, details }) => (
          <li class="chosen-file">
            <FileProblem text={i18n.fill(i18n.t.quickReplies.fileProblem, { reason: i18n.error(code, details) })} />
          </li>
        ))}
      </hx-partial>,
    )
  })
