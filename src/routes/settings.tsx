/** What people set for themselves, and what administrators set for others. */
import { Hono } from 'hono'
import { demonstrationState } from '../db/queries/demonstration.ts'
import { startedIn } from '../db/queries/setup.ts'
import { readAs } from '../db/read-as.ts'
import { loadDemonstration, takeDemonstrationAway } from '../domain/demonstration.ts'
import { StartPage } from '../views/settings-start.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { settingsAgents } from './settings-agents.tsx'
import { settingsAudit } from './settings-audit.tsx'
import { settingsCloseReasons } from './settings-close-reasons.tsx'
import { settingsConnections } from './settings-connections.tsx'
import { settingsContactFields } from './settings-contact-fields.tsx'
import { settingsDepartments } from './settings-departments.tsx'
import { forAdministrators } from './settings-form.ts'
import { settingsHours } from './settings-hours.tsx'
import { settingsInboxes } from './settings-inboxes.tsx'
import { settingsLetters } from './settings-letters.tsx'
import { settingsPrivacy } from './settings-privacy.tsx'
import { settingsProfile } from './settings-profile.tsx'
import { settingsQuickReplies } from './settings-quick-replies.tsx'
import { settingsStatus } from './settings-status.tsx'

export const settings = new Hono<RouteEnv>()
  .use(signedIn)
  .get('/', (c) => c.redirect('/settings/profile', 303))

  .get('/start', forAdministrators, async (c) => {
    const { app, i18n, viewer } = c.var
    const [[started], [demonstration]] = await readAs(app.db, viewer, startedIn(viewer), demonstrationState(viewer))
    if (!started || !demonstration) throw new Error('A count always answers.')
    return c.render(<StartPage i18n={i18n} viewer={viewer} started={started} demonstration={demonstration} />, {
      title: i18n.t.start.title,
    })
  })

  .post('/start/demonstration', forAdministrators, async (c) => {
    const { app, i18n, viewer } = c.var
    await loadDemonstration(app, viewer, i18n.t.demonstration, await trailOf(c))
    return goTo(c, '/conversations?view=all')
  })

  .delete('/start/demonstration', forAdministrators, async (c) => {
    await takeDemonstrationAway(c.var.app, c.var.viewer, await trailOf(c))
    return goTo(c, '/settings/start')
  })

  .route('/profile', settingsProfile)
  .route('/agents', settingsAgents)
  .route('/departments', settingsDepartments)
  .route('/inboxes', settingsConnections)
  .route('/inboxes', settingsInboxes)
  .route('/quick-replies', settingsQuickReplies)
  .route('/hours', settingsHours)
  .route('/close-reasons', settingsCloseReasons)
  .route('/privacy', settingsPrivacy)
  .route('/letters', settingsLetters)
  .route('/audit', settingsAudit)
  .route('/status', settingsStatus)
  .route('/contact-fields', settingsContactFields)
