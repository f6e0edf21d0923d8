/** What every act on a contact answers with: the parts of the page that show it, or the way back to that page. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Child } from 'hono/jsx'
import * as z from 'zod'
import { pinnedInThread, toComment } from '../db/queries/comments.ts'
import { headOf } from '../db/queries/conversations.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { CommentStrip } from '../views/comment.tsx'
import { ContactName } from '../views/contact-name.tsx'
import { ContactPage, ContactPanel, LIVE_TARGET, LiveContent, type PanelProps } from '../views/contact-panel.tsx'
import { type Tab, tabHref } from '../views/contact-place.ts'
import { contactNameOf } from '../views/conversation-row.tsx'
import { stripId } from '../views/ids.ts'
import { type CommentCursor, panelProps, panelQueries } from './contact-panel.ts'
import { threadBeside } from './conversation-page.tsx'
import { isHtmx } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'

/** Where an act was done: a conversation's id, or nothing. */
export const Where = z
  .uuid()
  .or(z.literal(''))
  .optional()
  .transform((id) => id || null)

/** An id that could not be one names nothing. */
export const namesContact = createMiddleware<RouteEnv>(async (c, next) => {
  for (const name of ['contactId', 'commentId', 'groupId', 'mergeId']) {
    const id = c.req.param(name)
    if (id !== undefined && !z.uuid().safeParse(id).success) throw new AppError('not_found')
  }
  await next()
})

interface Asked {
  contactId: string
  conversationId: string | null
  tab: Tab
  before?: CommentCursor | null
}

/** The contact and its open tab, in one round trip; from a conversation only where that is with this contact. */
export async function readPanel(
  c: Context<RouteEnv>,
  { contactId, conversationId, tab, before = null }: Asked,
  asked = true,
): Promise<Omit<PanelProps, 'i18n'>> {
  const { app, viewer } = c.var
  const place = { contactId, conversationId }
  const [heads, ...read] = await readAs(
    app.db,
    viewer,
    headOf(viewer, conversationId ?? ''),
    ...panelQueries(c, place, tab, before),
  )
  if (conversationId !== null && heads[0]?.contact_id !== contactId) throw new AppError('not_found')
  const props = panelProps(c, read, conversationId, { tab, asked })
  if (props.contact.mergedIntoId !== null) throw new AppError('not_found')
  return props
}

/** The page on which it was done, with whatever was refused on it: beside the thread, or the contact's own. */
export function drawPage(c: Context<RouteEnv>, props: Omit<PanelProps, 'i18n'>) {
  const { i18n } = c.var
  if (props.conversationId !== null) return threadBeside(c, props.conversationId, props)
  const { name, profileName, phone } = props.contact
  const title = contactNameOf(i18n, { contactName: name ?? profileName, contactPhone: phone })
  return c.render(<ContactPage i18n={i18n} {...props} />, { title })
}

/** Name, open tab and strip as they are now, each addressed to where it stands; of somebody who was erased, that they were. */
export async function newsOf(c: Context<RouteEnv>, asked: Asked) {
  const { app, viewer, i18n } = c.var
  const { conversationId } = asked
  const [props, strip] = await Promise.all([
    readPanel(c, asked),
    conversationId === null ? null : readAs(app.db, viewer, pinnedInThread(viewer, conversationId)),
  ])
  if (props.contact.erasedAt !== null) {
    return (
      <hx-partial hx-target="#contact-panel" hx-swap="outerHTML">
        <ContactPanel i18n={i18n} {...props} />
      </hx-partial>
    )
  }
  return (
    <>
      <hx-partial hx-target="#contact-name" hx-swap="outerMorph">
        <ContactName i18n={i18n} {...props} />
      </hx-partial>
      <hx-partial hx-target={LIVE_TARGET[asked.tab]} hx-swap="outerMorph">
        <LiveContent i18n={i18n} {...props} />
      </hx-partial>
      {conversationId && strip && (
        <hx-partial hx-target={`#${stripId(conversationId)}`} hx-swap="outerMorph">
          <CommentStrip i18n={i18n} conversationId={conversationId} pinned={strip[0].map(toComment)} />
        </hx-partial>
      )}
    </>
  )
}

/** After an act: what it changed, or back to where it was done. */
export async function answerWithNews(c: Context<RouteEnv>, asked: Asked, also: Child = null) {
  if (!isHtmx(c)) return c.redirect(tabHref(asked, asked.tab), 303)
  const news = await newsOf(c, asked)
  return c.html(
    <>
      {also}
      {news}
    </>,
  )
}
