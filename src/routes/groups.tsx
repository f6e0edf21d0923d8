/** The groups of a contact, and the groups of the workspace. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { COUNTED, COUNTED_FOR_REMOVAL, groupsOf } from '../db/queries/groups.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { changeGroup, createGroup, dropGroup, groupFor, join, leave, mayManageGroups } from '../domain/groups.ts'
import { ContactGroups } from '../views/contact-groups.tsx'
import { GroupForm, GroupRemoval, GroupsPage } from '../views/groups.tsx'
import { answerWithNews, drawPage, namesContact, readPanel, Where } from './contact-answers.tsx'
import { isHtmx, leaveDialogFor } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { valid } from './valid.ts'

const Place = z.object({ conversationId: Where })
const JoinFields = Place.extend({ groupId: z.uuid().or(z.literal('')).default('') })
const NewGroup = z.object({ id: z.uuid(), name: z.string().max(60_000) })
const ChangedGroup = z.object({ name: z.string().max(60_000), version: z.coerce.number().int().min(1) })

export const contactGroups = new Hono<RouteEnv>()
  .use('/:contactId/groups', signedIn, namesContact)
  .use('/:contactId/groups/:groupId', signedIn, namesContact)

  .post('/:contactId/groups', valid('form', JoinFields), async (c) => {
    const contactId = c.req.param('contactId')
    const { groupId, conversationId } = c.req.valid('form')
    const { groups } = c.var.i18n.t
    if (groupId === '') return refuse(c, { contactId, conversationId, problem: groups.choose })
    try {
      await join(c.var.app, c.var.viewer, { contactId, groupId })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid') throw error
      return refuse(c, { contactId, conversationId, problem: groups.gone })
    }
    return answerWithNews(c, { contactId, conversationId, tab: 'groups' })
  })

  .delete('/:contactId/groups/:groupId', valid('form', Place), async (c) => {
    const { contactId, groupId } = c.req.param()
    await leave(c.var.app, c.var.viewer, { contactId, groupId })
    return answerWithNews(c, { contactId, conversationId: c.req.valid('form').conversationId, tab: 'groups' })
  })

/** The tab again, with the reason beside the choice. */
async function refuse(
  c: Context<RouteEnv>,
  { contactId, conversationId, problem }: { contactId: string; conversationId: string | null; problem: string },
) {
  const panel = await readPanel(c, { contactId, conversationId, tab: 'groups' })
  if (panel.content.tab !== 'groups') throw new AppError('not_found')
  const content = { ...panel.content, groups: { ...panel.content.groups, problem } }
  c.status(422)
  if (!isHtmx(c)) return drawPage(c, { ...panel, content })
  return c.html(
    <hx-partial hx-target="#contact-groups" hx-swap="outerMorph">
      <ContactGroups i18n={c.var.i18n} {...content.groups} />
    </hx-partial>,
  )
}

export const groups = new Hono<RouteEnv>()
  .use(signedIn)

  .get('/', async (c) => {
    const { app, viewer, i18n } = c.var
    const [rows] = await readAs(app.db, viewer, groupsOf(viewer))
    const page = <GroupsPage i18n={i18n} groups={rows} counted={COUNTED} mayManage={mayManageGroups(viewer)} />
    return c.render(page, { title: i18n.t.groups.title })
  })

  .get('/new', (c) => {
    leads(c)
    return drawForm(c, { group: null, id: crypto.randomUUID() })
  })

  .post('/', valid('form', NewGroup), async (c) => {
    const { id, name } = c.req.valid('form')
    try {
      await createGroup(c.var.app, c.var.viewer, { id, name }, await trailOf(c))
    } catch (error) {
      const problem = problemOf(c, error)
      c.status(422)
      return drawForm(c, { group: null, id, typed: name, problem })
    }
    return leaveDialogFor(c, '/groups')
  })

  .use('/:groupId/*', namesContact)

  .get('/:groupId', namesContact, async (c) => {
    const group = await groupToManage(c)
    return drawForm(c, { group, id: group.id })
  })

  .put('/:groupId', namesContact, valid('form', ChangedGroup), async (c) => {
    const { name, version } = c.req.valid('form')
    const id = c.req.param('groupId')
    try {
      await changeGroup(c.var.app, c.var.viewer, { id, name, version }, await trailOf(c))
    } catch (error) {
      const problem = problemOf(c, error)
      c.status(error instanceof AppError && error.code === 'conflict' ? 409 : 422)
      return drawForm(c, { group: await groupToManage(c), id, typed: name, problem })
    }
    return leaveDialogFor(c, '/groups')
  })

  .get('/:groupId/deletion', async (c) => {
    const group = await groupToManage(c)
    const { i18n } = c.var
    return c.render(<GroupRemoval i18n={i18n} group={group} counted={COUNTED_FOR_REMOVAL} />, {
      title: i18n.fill(i18n.t.groups.removeTitle, { name: group.name }),
    })
  })

  .delete('/:groupId', namesContact, async (c) => {
    await dropGroup(c.var.app, c.var.viewer, c.req.param('groupId'), await trailOf(c))
    return leaveDialogFor(c, '/groups')
  })

function leads(c: Context<RouteEnv>): void {
  if (!mayManageGroups(c.var.viewer)) throw new AppError('forbidden')
}

// biome-ignore lint/suspicious/noExplicitAny: the path differs from route to route
async function groupToManage(c: Context<RouteEnv, any>) {
  leads(c)
  return groupFor(c.var.app, c.var.viewer, c.req.param('groupId') ?? '')
}

type FormProps = Omit<Parameters<typeof GroupForm>[0], 'i18n'>

function drawForm(c: Context<RouteEnv>, props: FormProps) {
  const { i18n } = c.var
  const title = props.group ? i18n.fill(i18n.t.groups.renameNamed, { name: props.group.name }) : i18n.t.groups.newGroup
  return c.render(<GroupForm i18n={i18n} {...props} />, { title })
}

function problemOf({ var: { i18n } }: Context<RouteEnv>, error: unknown): string {
  if (!(error instanceof AppError)) throw error
  const words = i18n.t.groups
  if (error.code === 'conflict') return words.changed
  if (error.code !== 'invalid') throw error
  return error.details.field === 'taken' ? words.taken : words.nameEmpty
}
