/** Numbers: how they are doing, what they are called, where their conversations go, and who may use them. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { departmentRows } from '../db/queries/departments.ts'
import { type InboxRow, inboxFor, inboxRows } from '../db/queries/inboxes.ts'
import type { StoredLink } from '../db/queries/links.ts'
import { membersOf } from '../db/queries/memberships.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { saveInbox } from '../domain/inboxes.ts'
import { grantToDepartment, setMembership } from '../domain/memberships.ts'
import { type HealthEntry, type InboxEntry, InboxesPage, InboxPage } from '../views/settings-inboxes.tsx'
import type { Refused } from '../views/settings-page.tsx'
import { healthOf } from './inbox-health.ts'
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
const AgentForm = z.strictObject({ agentId: z.uuid() })
const DepartmentForm = z.strictObject({ departmentId: z.uuid() })
const PATH = '/settings/inboxes'

export const settingsInboxes = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', async (c) => {
    const { app, i18n, viewer } = c.var
    const [rows] = await readAs(app.db, viewer, inboxRows(viewer))
    const inboxes = await withHealth(c, rows)
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
  const [rows, departments, members, others] = await readAs(
    app.db,
    viewer,
    inboxFor(viewer, id),
    departmentRows(viewer),
    membersOf(viewer, 'inbox', id, true),
    membersOf(viewer, 'inbox', id, false),
  )
  const [inbox] = await withHealth(c, rows)
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

async function withHealth(c: Context<RouteEnv>, rows: InboxRow[]): Promise<InboxEntry[]> {
  const health = await healthOf(
    c.env,
    rows.map((row) => row.webhook_key),
  )
  return rows.map((row) => toInbox(row, health.get(row.webhook_key) ?? null))
}

const toInbox = (row: InboxRow, health: HealthEntry | null): InboxEntry => ({
  id: row.id,
  channel: row.channel,
  name: row.name,
  address: row.address,
  status: row.status,
  statusReason: row.status_reason,
  departmentId: row.department_id,
  departmentName: row.department_name,
  agents: row.agents,
  version: row.version,
  link: row.link === null ? null : (JSON.parse(row.link) as StoredLink),
  health,
})
