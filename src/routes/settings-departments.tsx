/** Departments, and the people in them. Administrators change them; supervisors look at theirs. */
import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { departmentFor, departmentRows, departmentUses, MOST_COUNTED } from '../db/queries/departments.ts'
import { membersOf } from '../db/queries/memberships.ts'
import { readAs } from '../db/read-as.ts'
import { refuseUnlessAdministrator } from '../domain/administration.ts'
import { createDepartment, removeDepartment, renameDepartment } from '../domain/departments.ts'
import { AppError } from '../domain/errors.ts'
import { setMembership } from '../domain/memberships.ts'
import { DepartmentPage, DepartmentRemovalPage, DepartmentsPage } from '../views/settings-departments.tsx'
import type { Refused } from '../views/settings-page.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { refusalOf, shownAgain } from './settings-form.ts'
import { toMember } from './settings-members.ts'
import { valid } from './valid.ts'

const CreateForm = z.strictObject({ id: z.uuid(), name: z.string() })
const RenameForm = z.strictObject({ name: z.string(), was: z.string() })
const RemovalForm = z.strictObject({ to: z.uuid().or(z.literal('')) })
const MemberForm = z.strictObject({ agentId: z.uuid() })
const PATH = '/settings/departments'

const notForAgents = createMiddleware<RouteEnv>(async (c, next) => {
  if (c.var.viewer.role === 'agent') throw new AppError('forbidden')
  await next()
})

export const settingsDepartments = new Hono<RouteEnv>()
  .use(notForAgents)

  .get('/', (c) => drawDepartments(c))

  .post('/', valid('form', CreateForm), async (c) => {
    const form = c.req.valid('form')
    const problem = await refusalOf(c, createDepartment(c.var.app, c.var.viewer, form, await trailOf(c)))
    if (problem) return drawDepartments(c, { form: 'create', problem, value: form.name })
    return shownAgain(c, PATH, () => drawDepartments(c))
  })

  .get('/:id', (c) => drawDepartment(c, c.req.param('id')))

  .put('/:id', valid('form', RenameForm), async (c) => {
    const id = c.req.param('id')
    const form = c.req.valid('form')
    const problem = await refusalOf(c, renameDepartment(c.var.app, c.var.viewer, { id, ...form }, await trailOf(c)))
    if (problem) return drawDepartment(c, id, { form: 'rename', problem, value: form.name })
    return shownAgain(c, `${PATH}/${id}`, () => drawDepartment(c, id))
  })

  .get('/:id/removal', (c) => drawRemoval(c, c.req.param('id')))

  .delete('/:id', valid('form', RemovalForm), async (c) => {
    const id = c.req.param('id')
    const { to } = c.req.valid('form')
    let left = 0
    const removal = removeDepartment(c.var.app, c.var.viewer, { id, to: to || null }, await trailOf(c))
    const problem = await refusalOf(
      c,
      removal.then((answer) => {
        left = answer.left
      }),
    )
    if (problem) return drawRemoval(c, id, { refused: { form: 'removal', problem, value: to } })
    return left > 0 ? drawRemoval(c, id, { going: { to, left } }) : goTo(c, PATH)
  })

  .post('/:id/members', valid('form', MemberForm), (c) =>
    setMember(c, c.req.param('id'), c.req.valid('form').agentId, true),
  )

  .delete('/:id/members/:agentId', (c) => setMember(c, c.req.param('id'), c.req.param('agentId'), false))

async function setMember(c: Context<RouteEnv>, id: string, agentId: string, inside: boolean) {
  const { app, viewer } = c.var
  await setMembership(app, viewer, { kind: 'department', placeId: id, agentId }, inside, await trailOf(c))
  return shownAgain(c, `${PATH}/${id}`, () => drawDepartment(c, id))
}

async function drawDepartments(c: Context<RouteEnv>, refused?: Refused) {
  const { app, i18n, viewer } = c.var
  const [departments] = await readAs(app.db, viewer, departmentRows(viewer))
  return c.render(
    <DepartmentsPage i18n={i18n} viewer={viewer} departments={departments} newId={app.newId()} refused={refused} />,
    { title: i18n.t.departments.title },
  )
}

async function drawDepartment(c: Context<RouteEnv>, id: string, refused?: Refused) {
  const { app, i18n, viewer } = c.var
  const [[department], members, others] = await readAs(
    app.db,
    viewer,
    departmentFor(viewer, id),
    membersOf(viewer, 'department', id, true),
    membersOf(viewer, 'department', id, false),
  )
  if (!department) throw new AppError('not_found')
  return c.render(
    <DepartmentPage
      i18n={i18n}
      viewer={viewer}
      department={department}
      members={members.map(toMember)}
      others={others.map(toMember)}
      refused={refused}
    />,
    { title: department.name },
  )
}

interface Removal {
  going?: { to: string; left: number }
  refused?: Refused
}

async function drawRemoval(c: Context<RouteEnv>, id: string, { going, refused }: Removal = {}) {
  const { app, i18n, viewer } = c.var
  refuseUnlessAdministrator(viewer)
  const [[department], [uses], all] = await readAs(
    app.db,
    viewer,
    departmentFor(viewer, id),
    departmentUses(viewer, id),
    departmentRows(viewer),
  )
  if (!department || !uses) throw new AppError('not_found')
  const shown = { ...uses, inboxes: JSON.parse(uses.inboxes) as string[], mostCounted: MOST_COUNTED }
  return c.render(
    <DepartmentRemovalPage
      i18n={i18n}
      department={department}
      uses={shown}
      others={all.filter((other) => other.id !== id)}
      going={going}
      refused={refused}
    />,
    { title: i18n.fill(i18n.t.departments.removal, { name: department.name }) },
  )
}
