/** What people set for themselves, and what administrators set for others. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { agentsOf } from '../db/queries/agents.ts'
import { sessionsOf } from '../db/queries/sessions.ts'
import { LOCALES } from '../db/schema.ts'
import { changeProfile, deactivate, reactivate } from '../domain/agents.ts'
import { AgentsPage, ProfilePage } from '../views/settings.tsx'
import { goTo, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { forgetScope, sessionTokenOf, signedIn, trailOf } from './session.ts'
import { valid } from './valid.ts'

const ProfileForm = z.strictObject({ locale: z.enum(LOCALES), theme: z.enum(['system', 'light', 'dark']) })

export const settings = new Hono<RouteEnv>()
  .use(signedIn)
  .get('/', (c) => c.redirect('/settings/profile', 303))

  .get('/profile', async (c) => {
    const { app, i18n, viewer } = c.var
    const sessions = await sessionsOf(app.db, viewer, (await sessionTokenOf(c)) ?? '', app.now())
    return c.render(<ProfilePage i18n={i18n} viewer={viewer} sessions={sessions} />, { title: i18n.t.profile.title })
  })

  .put('/profile', valid('form', ProfileForm), async (c) => {
    await changeProfile(c.var.app, c.var.viewer, c.req.valid('form'))
    forgetScope(c)
    return goTo(c, '/settings/profile')
  })

  .get('/agents', (c) => drawAgents(c))

  .put('/agents/:id/deactivation', async (c) => {
    await deactivate(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return changed(c)
  })

  .delete('/agents/:id/deactivation', async (c) => {
    await reactivate(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return changed(c)
  })

const changed = (c: Context<RouteEnv>) => (wantsPartial(c) ? drawAgents(c) : goTo(c, '/settings/agents'))

async function drawAgents(c: Context<RouteEnv>) {
  const { app, i18n, viewer } = c.var
  const agents = await agentsOf(app.db, viewer)
  return c.render(<AgentsPage i18n={i18n} viewer={viewer} agents={agents} />, { title: i18n.t.agents.title })
}
