/** The people whom the team talks to: everyone, one of them, their name, and two that are one. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { contactOf, contactsPage, toContactsPage } from '../db/queries/contacts.ts'
import { pictureFor } from '../db/queries/profiles.ts'
import { readAs } from '../db/read-as.ts'
import { exportContacts } from '../domain/contact-export.ts'
import { refuseUnlessImporter } from '../domain/contact-imports.ts'
import { merge, rename, searchTerms, unmerge } from '../domain/contacts.ts'
import { delimiterFor } from '../domain/csv.ts'
import { AppError } from '../domain/errors.ts'
import { NameForm, NoNameForm, shownName } from '../views/contact-name.tsx'
import { ContactPanel, NoPanel } from '../views/contact-panel.tsx'
import { tabHref } from '../views/contact-place.ts'
import { ContactList, ContactRows, ContactsPage, MergeDialog } from '../views/contacts.tsx'
import { DIALOG_DONE } from '../views/dialog.tsx'
import { answerWithNews, drawPage, namesContact, newsOf, readPanel, Where } from './contact-answers.tsx'
import { contactsProps, FilterFields, filterOf } from './contact-list.tsx'
import { rememberPanel, TabName } from './contact-panel.ts'
import { threadAnew } from './conversation-page.tsx'
import { isHtmx, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { searchRefused } from './search-limit.ts'
import { csvAnswer, servePicture } from './serving.ts'
import { signedIn, trailOf } from './session.ts'
import { valid } from './valid.ts'

const ListQuery = z.object({ ...FilterFields, after: z.uuid().optional() })
const ExportForm = z.strictObject(FilterFields)
const PanelQuery = z.object({ tab: TabName, conversation: Where, closed: z.literal('true').optional() })
const NameFields = z.object({
  name: z.string().max(60_000),
  version: z.coerce.number().int().min(1),
  conversationId: Where,
})
const MergeFields = z.object({ id: z.uuid(), mergedId: z.uuid() })

export const contacts = new Hono<RouteEnv>()
  .use(signedIn)

  .get('/', valid('query', ListQuery), async (c) => {
    const { after, ...filter } = c.req.valid('query')
    const props = await contactsProps(c, filter, after ?? null)
    if (!wantsPartial(c)) return c.render(<ContactsPage {...props} />, { title: props.i18n.t.contacts.title })
    return c.html(after ? <ContactRows {...props} /> : <ContactList {...props} />)
  })

  .post('/export', valid('form', ExportForm), async (c) => {
    const { app, viewer, i18n } = c.var
    refuseUnlessImporter(viewer)
    await limited(c.env, 'export', viewer.agentId)
    const { headings, fileName } = i18n.t.contacts.csv
    const rows = await exportContacts(
      app,
      viewer,
      {
        filter: filterOf(c.req.valid('form')),
        delimiter: delimiterFor(i18n.locale),
        headings,
        yes: i18n.t.blocking.yes,
        day: i18n.dayKey,
      },
      await trailOf(c),
    )
    return csvAnswer(rows, i18n.fill(fileName, { day: i18n.dayKey(app.now()) }))
  })

  .use('/:contactId/*', namesContact)

  .get('/:contactId', namesContact, valid('query', PanelQuery), async (c) => {
    const contactId = c.req.param('contactId')
    const { app, viewer } = c.var
    try {
      return drawPage(c, await readPanel(c, { contactId, conversationId: null, tab: c.req.valid('query').tab }))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
      const [rows] = await readAs(app.db, viewer, contactOf(viewer, contactId))
      if (!rows[0]?.merged_into_id) throw error
      return c.redirect(`/contacts/${rows[0].merged_into_id}`, 303)
    }
  })

  .get('/:contactId/picture', async (c) => {
    const { app, viewer } = c.var
    const [pictures] = await readAs(app.db, viewer, pictureFor(viewer, c.req.param('contactId')))
    if (!pictures[0]) throw new AppError('not_found')
    return servePicture(c, { key: pictures[0].picture_key, etag: String(pictures[0].picture_at) })
  })

  .get('/:contactId/panel', valid('query', PanelQuery), async (c) => {
    const contactId = c.req.param('contactId')
    const { tab, conversation: conversationId, closed } = c.req.valid('query')
    if (!wantsPartial(c)) return c.redirect(tabHref({ contactId, conversationId }, tab), 303)
    if (conversationId) rememberPanel(c, closed === undefined)
    if (closed) return c.html(<NoPanel />)
    return c.html(<ContactPanel i18n={c.var.i18n} {...(await readPanel(c, { contactId, conversationId, tab }))} />)
  })

  .get('/:contactId/news', valid('query', PanelQuery), async (c) => {
    const contactId = c.req.param('contactId')
    const { tab, conversation: conversationId } = c.req.valid('query')
    if (conversationId !== null && (await isErased(c, contactId))) return threadAnew(c, conversationId)
    return c.html(await newsOf(c, { contactId, conversationId, tab }))
  })

  .get('/:contactId/name', valid('query', PanelQuery), async (c) => {
    const conversationId = c.req.valid('query').conversation
    const panel = await readPanel(c, { contactId: c.req.param('contactId'), conversationId, tab: 'comments' })
    if (wantsPartial(c)) return c.html(<NameForm i18n={c.var.i18n} {...panel} />)
    const { name, profileName } = panel.contact
    return drawPage(c, { ...panel, naming: { typed: name ?? profileName ?? '', problem: null } })
  })

  .put('/:contactId/name', valid('form', NameFields), async (c) => {
    const contactId = c.req.param('contactId')
    const { name, version, conversationId } = c.req.valid('form')
    try {
      await rename(c.var.app, c.var.viewer, { contactId, name, version }, await trailOf(c))
    } catch (error) {
      return refuseName(c, error, { contactId, conversationId, typed: name })
    }
    return answerWithNews(c, { contactId, conversationId, tab: 'comments' }, <NoNameForm />)
  })

  .get('/:contactId/merge', valid('query', ListQuery), async (c) => {
    const { q } = c.req.valid('query')
    const { app, viewer, i18n } = c.var
    const contactId = c.req.param('contactId')
    const refused = await searchRefused(c, q)
    const terms = refused === null ? searchTerms(q) : []
    const [kept, found] = await readAs(
      app.db,
      viewer,
      contactOf(viewer, contactId),
      contactsPage(viewer, { terms, groupId: null }, null),
    )
    if (!kept[0] || kept[0].merged_into_id !== null) throw new AppError('not_found')
    const { name, profile_name: profileName, phone } = kept[0]
    const rows = terms.length === 0 ? [] : toContactsPage(found, viewer).rows.filter(({ id }) => id !== contactId)
    const into = { id: contactId, name: shownName(i18n, { name, profileName, phone }) }
    const offered = rows.slice(0, 20).map((row) => ({ ...row, mergeId: app.newId() }))
    return c.render(<MergeDialog i18n={i18n} into={into} q={q} rows={offered} refused={refused} />, {
      title: i18n.t.contact.merge,
    })
  })

  .post('/:contactId/merges', valid('form', MergeFields), async (c) => {
    const keptId = c.req.param('contactId')
    await merge(c.var.app, c.var.viewer, { ...c.req.valid('form'), keptId }, await trailOf(c))
    if (isHtmx(c)) c.header(...DIALOG_DONE)
    return answerWithNews(c, { contactId: keptId, conversationId: null, tab: 'data' })
  })

  .delete('/:contactId/merges/:mergeId', async (c) => {
    const { contactId, mergeId } = c.req.param()
    await unmerge(c.var.app, c.var.viewer, { keptId: contactId, mergeId }, await trailOf(c))
    return answerWithNews(c, { contactId, conversationId: null, tab: 'data' })
  })

/** Nothing on the page may stay as it was: not the earlier conversations above, either. */
async function isErased({ var: { app, viewer } }: Context<RouteEnv>, contactId: string): Promise<boolean> {
  const [[contact]] = await readAs(app.db, viewer, contactOf(viewer, contactId))
  return contact !== undefined && contact.erased_at !== null
}

/** The name as it is, with what was typed beside it. */
async function refuseName(
  c: Context<RouteEnv>,
  error: unknown,
  { contactId, conversationId, typed }: { contactId: string; conversationId: string | null; typed: string },
) {
  if (!(error instanceof AppError) || (error.code !== 'invalid' && error.code !== 'conflict')) throw error
  const { contact } = c.var.i18n.t
  const problem = error.code === 'conflict' ? contact.changed : contact.nameEmpty
  const panel = await readPanel(c, { contactId, conversationId, tab: 'comments' })
  c.status(error.code === 'conflict' ? 409 : 422)
  if (isHtmx(c)) return c.html(<NameForm i18n={c.var.i18n} {...panel} typed={typed} problem={problem} />)
  return drawPage(c, { ...panel, naming: { typed, problem } })
}
