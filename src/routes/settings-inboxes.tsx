/** Numbers: how they are doing, what they are called, where their conversations go, and who may use them. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { departmentRows, MOST_COUNTED } from '../db/queries/departments.ts'
import { inboxUses } from '../db/queries/inbox-states.ts'
import { inboxFor, inboxRows } from '../db/queries/inboxes.ts'
import { membersOf } from '../db/queries/memberships.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { pauseInbox, removeInbox, resumeInbox } from '../domain/inbox-states.ts'
import { saveInbox } from '../domain/inboxes.ts'
import { grantToDepartment, setMembership } from '../domain/memberships.ts'
import { InboxRemovalPage } from '../views/settings-inbox-states.tsx'
import { InboxesPage, InboxPage } from '../views/settings-inboxes.tsx'
import type { Refused } from '../views/settings-page.tsx'
import { outboxesNow, withHealth } from './inbox-entries.ts'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators, refusalOf, shownAgain } from './settings-form.ts'
import { toMember } from './settings-members.ts'
import { valid } from './valid.ts'

const InboxForm = z.strictObject({
  name: z.string(),
  departmentId: z.uuid().or(z.literal('')),
  version: z.coerce.number().int().min(1),
})
const RemovalForm = z.strictObject({ name: z.string().max(4_000) })
const AgentForm = z.strictObject({ agentId: z.uuid() })
const DepartmentForm = z.strictObject({ departmentId: z.uuid() })
const PATH = '/settings/inboxes'

export const settingsInboxes = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', async (c) => {
    const { app, i18n, viewer } = c.var
    const [rows, outboxes] = await readAs(app.db, viewer, inboxRows(viewer), outboxesNow(c))
    const inboxes = await withHealth(c, rows, outboxes)
    return c.render(<InboxesPage i18n={i18n} viewer={viewer} inboxes={inboxes} />, { title: i18n.t.inboxes.title })
  })

  .get('/:id', (c) => drawInbox(c, c.req.param('id')))

  .put('/:id', valid('form', InboxForm), async (c) => {
    const { app, viewer } = c.var
    const id = c.req.param('id')
    const { name, version, departmentId } = c.req.valid('form')
    const change = { id, name, version, departmentId: departmentId || null }
    const problem = await refusalOf(c, saveInbox(app, viewer, change, await trailOf(c)))
    if (problem) return drawInbox(c, id, { form: 'save', problem, value: name, departmentId })
    return inboxAgain(c, id)
  })

  .get('/:id/removal', (c) => drawRemoval(c, c.req.param('id')))

  .delete('/:id', valid('form', RemovalForm), async (c) => {
    const { app, viewer } = c.var
    const id = c.req.param('id')
    const { name } = c.req.valid('form')
    const problem = await refusalOf(c, removeInbox(app, viewer, { id, name }, await trailOf(c)))
    if (problem) return drawRemoval(c, id, { form: 'removal', problem, value: name })
    return goTo(c, PATH)
  })

  .put('/:id/pause', async (c) => {
    await pauseInbox(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return inboxAgain(c, c.req.param('id'))
  })

  .delete('/:id/pause', async (c) => {
    await resumeInbox(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return inboxAgain(c, c.req.param('id'))
  })

  .post('/:id/agents', valid('form', AgentForm), (c) =>
    setAgent(c, c.req.param('id'), c.req.valid('form').agentId, true),
  )

  .delete('/:id/agents/:agentId', (c) => setAgent(c, c.req.param('id'), c.req.param('agentId'), false))

  .post('/:id/departments', valid('form', DepartmentForm), async (c) => {
    const { app, viewer } = c.var
    const inboxId = c.req.param('id')
    const { departmentId } = c.req.valid('form')
    const problem = await refusalOf(c, grantToDepartment(app, viewer, { inboxId, departmentId }, await trailOf(c)))
    if (problem) return drawInbox(c, inboxId, { form: 'grant', problem, value: departmentId })
    return inboxAgain(c, inboxId)
  })

async function setAgent(c: Context<RouteEnv>, id: string, agentId: string, inside: boolean) {
  const { app, viewer } = c.var
  await setMembership(app, viewer, { kind: 'inbox', placeId: id, agentId }, inside, await trailOf(c))
  return inboxAgain(c, id)
}

const inboxAgain = (c: Context<RouteEnv>, id: string) => shownAgain(c, `${PATH}/${id}`, () => drawInbox(c, id))

async function drawInbox(c: Context<RouteEnv>, id: string, refused?: Refused & { departmentId?: string }) {
  const { app, i18n, viewer } = c.var
  const [rows, departments, members, others, outboxes] = await readAs(
    app.db,
    viewer,
    inboxFor(viewer, id),
    departmentRows(viewer),
    membersOf(viewer, 'inbox', id, true),
    membersOf(viewer, 'inbox', id, false),
    outboxesNow(c),
  )
  const [inbox] = await withHealth(c, rows, outboxes)
  if (!inbox) throw new AppError('not_found')
  return c.render(
    <InboxPage
      i18n={i18n}
      viewer={viewer}
      inbox={inbox}
      departments={departments}
      members={members.map(toMember)}
      others={others.map(toMember)}
      refused={refused}
    />,
    { title: inbox.name },
  )
}

async function drawRemoval(c: Context<RouteEnv>, id: string, refused?: Refused) {
  const { app, i18n, viewer } = c.var
  const [[inbox], [uses]] = await readAs(app.db, viewer, inboxFor(viewer, id), inboxUses(viewer, id))
  if (!inbox || !uses) throw new AppError('not_found')
  const shown = { ...uses, siblings: JSON.parse(uses.siblings) as string[], mostCounted: MOST_COUNTED }
  return c.render(<InboxRemovalPage i18n={i18n} inbox={inbox} uses={shown} refused={refused} />, {
    title: i18n.fill(i18n.t.inboxes.removal, { name: inbox.name }),
  })
}
