/** What people set for themselves, and what administrators set for others. */
import { Hono } from 'hono'
import { startedIn } from '../db/queries/setup.ts'
import { readAs } from '../db/read-as.ts'
import { StartPage } from '../views/settings-start.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn } from './session.ts'
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
    const [[started]] = await readAs(app.db, viewer, startedIn(viewer))
    const { departments = 0, inboxes = 0, people = 0, quickReplies = 0 } = started ?? {}
    return c.render(
      <StartPage i18n={i18n} viewer={viewer} started={{ departments, inboxes, people, quickReplies }} />,
      {
        title: i18n.t.start.title,
      },
    )
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
