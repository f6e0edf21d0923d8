/** What people set for themselves, and what administrators set for others. */
import { Hono } from 'hono'
import * as z from 'zod'
import { sessionsOf } from '../db/queries/sessions.ts'
import { startedIn } from '../db/queries/setup.ts'
import { readAs } from '../db/read-as.ts'
import { LOCALES } from '../db/schema.ts'
import { changeProfile } from '../domain/agents.ts'
import { ProfilePage } from '../views/settings-profile.tsx'
import { StartPage } from '../views/settings-start.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { forgetScope, sessionTokenOf, signedIn } from './session.ts'
import { settingsAgents } from './settings-agents.tsx'
import { settingsCloseReasons } from './settings-close-reasons.tsx'
import { settingsConnections } from './settings-connections.tsx'
import { settingsDepartments } from './settings-departments.tsx'
import { forAdministrators } from './settings-form.ts'
import { settingsHours } from './settings-hours.tsx'
import { settingsInboxes } from './settings-inboxes.tsx'
import { settingsPrivacy } from './settings-privacy.tsx'
import { settingsQuickReplies } from './settings-quick-replies.tsx'
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

  .get('/start', forAdministrators, async (c) => {
    const { app, i18n, viewer } = c.var
    const [[started]] = await readAs(app.db, viewer, startedIn(viewer))
    const { departments = 0, inboxes = 0, people = 0, quickReplies = 0 } = started ?? {}
    return c.render(
      <StartPage i18n={i18n} viewer={viewer} started={{ departments, inboxes, people, quickReplies }} />,
      {
        title: i18n.t.start.title,
      },
    )
  })

  .put('/profile', valid('form', ProfileForm), async (c) => {
    await changeProfile(c.var.app, c.var.viewer, c.req.valid('form'))
    forgetScope(c)
    return goTo(c, '/settings/profile')
  })

  .route('/agents', settingsAgents)
  .route('/departments', settingsDepartments)
  .route('/inboxes', settingsConnections)
  .route('/inboxes', settingsInboxes)
  .route('/quick-replies', settingsQuickReplies)
  .route('/hours', settingsHours)
  .route('/close-reasons', settingsCloseReasons)
  .route('/privacy', settingsPrivacy)
