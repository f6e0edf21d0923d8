/** Who works here: their role, their departments, the numbers that they may use. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { appOriginOf } from '../auth/origins.ts'
import { agentQuery, agentsOf, toAgentRow } from '../db/queries/agents.ts'
import { heldBy, successorsOf } from '../db/queries/hand-over.ts'
import { openInvitations, placesToOffer } from '../db/queries/invitations.ts'
import { type PlaceKind, placesOf } from '../db/queries/memberships.ts'
import { readAs } from '../db/read-as.ts'
import { ROLES } from '../db/schema/index.ts'
import { mayAdministrate, refuseUnlessAdministrator } from '../domain/administration.ts'
import { agentToDeactivate, changeRole, deactivate, reactivate } from '../domain/agents.ts'
import { AppError } from '../domain/errors.ts'
import type { HandedOver } from '../domain/hand-over.ts'
import { invite, revoke } from '../domain/invitations.ts'
import { setMembership } from '../domain/memberships.ts'
import { makeReset } from '../domain/password-resets.ts'
import { resetTwoFactor } from '../domain/second-step.ts'
import { Done } from '../views/acts.tsx'
import { DIALOG_DONE } from '../views/dialog.tsx'
import { AgentPage, AgentsPage } from '../views/settings-agents.tsx'
import { DeactivationPage } from '../views/settings-deactivation.tsx'
import type { Inviting } from '../views/settings-invitations.tsx'
import type { Refused } from '../views/settings-page.tsx'
import { goTo, isHtmx } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { refusalOf, shownAgain } from './settings-form.ts'
import { valid } from './valid.ts'

const RoleForm = z.strictObject({ role: z.enum(ROLES), was: z.enum(ROLES) })
const DeactivationForm = z.strictObject({ to: z.uuid().or(z.literal('')).default('') })
const DepartmentForm = z.strictObject({ departmentId: z.uuid() })
const InboxForm = z.strictObject({ inboxId: z.uuid() })

const ids = z
  .union([z.uuid(), z.array(z.uuid()).max(200)])
  .default([])
  .transform((given) => [given].flat())
const InviteForm = z.strictObject({ id: z.uuid(), role: z.enum(ROLES), departmentId: ids, inboxId: ids })

export const settingsAgents = new Hono<RouteEnv>()
  .get('/', (c) => drawAgents(c))

  .post('/invitations', valid('form', InviteForm), async (c) => {
    const { app, viewer } = c.var
    const { id, role, departmentId: departmentIds, inboxId: inboxIds } = c.req.valid('form')
    const token = await invite(app, viewer, { id, role, departmentIds, inboxIds }, await trailOf(c))
    // The one answer that shows the link: a plain form gets it too, and nothing keeps it.
    c.header('Cache-Control', 'no-store')
    return drawAgents(c, `${appOriginOf(c.env)}/invite/${token}`)
  })

  .delete('/invitations/:id', async (c) => {
    await revoke(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return shownAgain(c, '/settings/agents', () => drawAgents(c))
  })

  .get('/:id', (c) => drawAgent(c, c.req.param('id')))

  .get('/:id/deactivation', (c) => drawDeactivation(c, c.req.param('id')))

  .put('/:id/deactivation', valid('form', DeactivationForm), async (c) => {
    const { app, viewer } = c.var
    const id = c.req.param('id')
    const { to } = c.req.valid('form')
    try {
      return deactivated(c, id, await deactivate(app, viewer, { id, successorId: to || null }, await trailOf(c)))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid') throw error
      c.status(422)
      return drawDeactivation(c, id, { form: 'deactivation', problem: error, value: to })
    }
  })

  .delete('/:id/deactivation', async (c) => {
    await reactivate(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return shownAgain(c, '/settings/agents', () => drawAgents(c))
  })

  .put('/:id/role', valid('form', RoleForm), async (c) => {
    const id = c.req.param('id')
    const { role, was } = c.req.valid('form')
    const problem = await refusalOf(c, changeRole(c.var.app, c.var.viewer, { id, role, was }, await trailOf(c)))
    if (problem) return drawAgent(c, id, { form: 'role', problem, value: role })
    return agentAgain(c, id)
  })

  .post('/:id/password-reset', async (c) => {
    const id = c.req.param('id')
    refuseUnlessAdministrator(c.var.viewer)
    await limited(c.env, 'passwordReset', id)
    const token = await makeReset(c.var.app, c.var.viewer, id, await trailOf(c))
    // The one answer that shows the link, as an invitation's.
    c.header('Cache-Control', 'no-store')
    return drawAgent(c, id, undefined, `${appOriginOf(c.env)}/reset/${token}`)
  })

  .delete('/:id/two-factor', async (c) => {
    const id = c.req.param('id')
    await resetTwoFactor(c.var.app, c.var.viewer, id, await trailOf(c))
    return agentAgain(c, id)
  })

  .post('/:id/departments', valid('form', DepartmentForm), (c) =>
    setPlace(c, c.req.param('id'), 'department', c.req.valid('form').departmentId, true),
  )

  .delete('/:id/departments/:departmentId', (c) =>
    setPlace(c, c.req.param('id'), 'department', c.req.param('departmentId'), false),
  )

  .post('/:id/inboxes', valid('form', InboxForm), (c) =>
    setPlace(c, c.req.param('id'), 'inbox', c.req.valid('form').inboxId, true),
  )

  .delete('/:id/inboxes/:inboxId', (c) => setPlace(c, c.req.param('id'), 'inbox', c.req.param('inboxId'), false))

async function setPlace(c: Context<RouteEnv>, agentId: string, kind: PlaceKind, placeId: string, inside: boolean) {
  await setMembership(c.var.app, c.var.viewer, { kind, placeId, agentId }, inside, await trailOf(c))
  return agentAgain(c, agentId)
}

const agentAgain = (c: Context<RouteEnv>, id: string) => shownAgain(c, `/settings/agents/${id}`, () => drawAgent(c, id))

async function drawAgents(c: Context<RouteEnv>, link?: string) {
  const { app, i18n, viewer } = c.var
  const agents = await agentsOf(app.db, viewer)
  const inviting = mayAdministrate(viewer) ? await invitingOf(c, link) : undefined
  return c.render(<AgentsPage i18n={i18n} viewer={viewer} agents={agents} inviting={inviting} />, {
    title: i18n.t.agents.title,
  })
}

async function invitingOf({ var: { app, viewer } }: Context<RouteEnv>, link: string | undefined): Promise<Inviting> {
  const [open, places] = await readAs(app.db, viewer, openInvitations(viewer, app.now()), placesToOffer(viewer))
  return { id: app.newId(), open, places, link }
}

async function drawDeactivation(c: Context<RouteEnv>, id: string, refused?: Refused) {
  const { app, i18n, viewer } = c.var
  const agent = await agentToDeactivate(app, viewer, id)
  const [[held], successors] = await readAs(app.db, viewer, heldBy(viewer, id), successorsOf(viewer, id))
  const title = i18n.fill(i18n.t.deactivation.title, { name: agent.name })
  return c.render(
    <DeactivationPage i18n={i18n} agent={agent} open={held?.open ?? 0} successors={successors} refused={refused} />,
    { title },
  )
}

/** The list as it is now, and what became of what they had; a plain form goes to the list. */
async function deactivated(c: Context<RouteEnv>, id: string, { handed, queued, left }: HandedOver) {
  if (!isHtmx(c)) return goTo(c, '/settings/agents')
  const { app, i18n, viewer } = c.var
  const { t, count } = i18n
  const agents = await agentsOf(app.db, viewer)
  const name = agents.find((agent) => agent.id === id)?.name ?? ''
  const told = [
    i18n.fill(t.deactivation.done, { name }),
    ...(handed > 0 ? [count(t.deactivation.handed, handed)] : []),
    ...(queued > 0 ? [count(t.deactivation.queued, queued)] : []),
    ...(left ? [t.deactivation.rest] : []),
  ]
  c.header(...DIALOG_DONE)
  return c.html(
    <>
      <hx-partial hx-target="#main" hx-swap="innerHTML">
        <AgentsPage i18n={i18n} viewer={viewer} agents={agents} inviting={await invitingOf(c, undefined)} />
      </hx-partial>
      <Done i18n={i18n} text={told.join(' ')} />
    </>,
  )
}

async function drawAgent(c: Context<RouteEnv>, id: string, refused?: Refused, link?: string) {
  const { app, i18n, viewer } = c.var
  refuseUnlessAdministrator(viewer)
  const [agents, places] = await readAs(app.db, viewer, agentQuery(viewer, id), placesOf(viewer, id))
  const [agent] = agents.map(toAgentRow)
  if (!agent) throw new AppError('not_found')
  if (agent.role === 'owner' && viewer.role !== 'owner') throw new AppError('forbidden')
  const entries = places.map(({ inside, ...place }) => ({ ...place, inside: inside === 1 }))
  return c.render(
    <AgentPage i18n={i18n} viewer={viewer} agent={agent} places={entries} link={link} refused={refused} />,
    {
      title: agent.name,
    },
  )
}
