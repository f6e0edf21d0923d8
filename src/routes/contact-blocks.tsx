/** Blocking a person, once asked whether one means it, and the way back. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { headOf, toHead } from '../db/queries/conversations.ts'
import { readAs } from '../db/read-as.ts'
import { block, blockable, unblock } from '../domain/contact-blocks.ts'
import { AppError } from '../domain/errors.ts'
import { Done } from '../views/acts.tsx'
import { BlockDialog, blockPath } from '../views/blocking.tsx'
import { shownName } from '../views/contact-name.tsx'
import { type Place, tabHref } from '../views/contact-place.ts'
import { DIALOG_DONE } from '../views/dialog.tsx'
import { rowPart, threadPart } from '../views/live.tsx'
import { answerWithNews, namesContact, Where } from './contact-answers.tsx'
import { composerAnew } from './conversation-page.tsx'
import { isHtmx } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { valid } from './valid.ts'

const From = z.object({ conversation: Where })

export const contactBlocks = new Hono<RouteEnv>()
  .use('/:contactId/block', signedIn, namesContact)

  .get('/:contactId/block', valid('query', From), async (c) =>
    drawDialog(c, await placeOf(c, c.req.param('contactId'), c.req.valid('query'))),
  )

  .put('/:contactId/block', valid('query', From), async (c) => {
    const { app, viewer, i18n } = c.var
    const place = await placeOf(c, c.req.param('contactId'), c.req.valid('query'))
    try {
      const contact = await block(app, viewer, place.contactId, await trailOf(c))
      const text = i18n.fill(i18n.t.blocking.done, { name: shownName(i18n, contact) })
      return answerWith(c, place, <Done i18n={i18n} text={text} undo={blockPath(place)} />)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'already_taken') throw error
      c.status(409)
      return drawDialog(c, place)
    }
  })

  .delete('/:contactId/block', valid('query', From), async (c) => {
    const { app, viewer, i18n } = c.var
    const place = await placeOf(c, c.req.param('contactId'), c.req.valid('query'))
    const contact = await unblock(app, viewer, place.contactId, await trailOf(c))
    const text = i18n.fill(i18n.t.blocking.undone, { name: shownName(i18n, contact) })
    return answerWith(c, place, <Done i18n={i18n} text={text} />)
  })

/** A conversation that is not with them is no place to do it from. */
async function placeOf(
  c: Context<RouteEnv>,
  contactId: string,
  { conversation: conversationId }: z.infer<typeof From>,
): Promise<Place> {
  if (conversationId !== null) {
    const [heads] = await readAs(c.var.app.db, c.var.viewer, headOf(c.var.viewer, conversationId))
    if (heads[0]?.contact_id !== contactId) throw new AppError('not_found')
  }
  return { contactId, conversationId }
}

async function drawDialog(c: Context<RouteEnv>, place: Place) {
  const { app, viewer, i18n } = c.var
  const { contact, ends } = await blockable(app, viewer, place.contactId)
  const name = shownName(i18n, contact)
  const back = tabHref(place, 'data')
  const busy = ends.hidden > 0
  return c.render(<BlockDialog i18n={i18n} {...place} name={name} open={ends.open} busy={busy} back={back} />, {
    title: i18n.t.blocking.block,
  })
}

/** The person wherever this page shows them, and what may be written to them now. */
async function answerWith(c: Context<RouteEnv>, place: Place, done: ReturnType<typeof Done>) {
  const asked = { ...place, tab: 'data' } as const
  if (!isHtmx(c)) return answerWithNews(c, asked)
  c.header(...DIALOG_DONE)
  return answerWithNews(
    c,
    asked,
    <>
      {place.conversationId !== null && (await threadNow(c, place.conversationId))}
      {done}
    </>,
  )
}

async function threadNow(c: Context<RouteEnv>, conversationId: string) {
  const { app, viewer, i18n } = c.var
  const [heads] = await readAs(app.db, viewer, headOf(viewer, conversationId))
  if (!heads[0]) throw new AppError('not_found')
  const conversation = toHead(heads[0])
  return (
    <>
      {threadPart(i18n, conversation, [])}
      {rowPart(i18n, conversation, app.now())}
      {await composerAnew(c, conversationId)}
    </>
  )
}
