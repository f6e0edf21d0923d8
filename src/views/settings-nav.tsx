/** The way between the settings' pages: a column beside the page; on a phone, a line that opens. */
import type { Role, Viewer } from '../db/records.ts'
import type { I18n, Messages } from '../i18n/index.ts'
import { Icon } from './icon.tsx'

export const administrates = ({ role }: { role: Role }) => role === 'owner' || role === 'admin'
const supervises = (viewer: Viewer) => administrates(viewer) || viewer.role === 'supervisor'
const everyone = () => true

interface Entry {
  path: string
  name: (t: Messages) => string
  shown: (viewer: Viewer) => boolean
}

const entry = <P extends string>(path: P, name: Entry['name'], shown: Entry['shown'] = administrates) => ({
  ...{ path, name, shown },
})

const OWN = [entry('/start', (t) => t.start.title), entry('/profile', (t) => t.profile.title, everyone)]
const TEAM = [
  entry('/agents', (t) => t.agents.title, everyone),
  entry('/departments', (t) => t.departments.title, supervises),
]
const SERVICE = [
  entry('/inboxes', (t) => t.inboxes.title),
  entry('/quick-replies', (t) => t.quickReplies.title, everyone),
  entry('/hours', (t) => t.hours.title),
  entry('/close-reasons', (t) => t.closeReasons.title),
  entry('/contact-fields', (t) => t.fields.title),
]
const ACCOUNT = [
  entry('/privacy', (t) => t.privacy.title),
  entry('/letters', (t) => t.letters.title),
  entry('/audit', (t) => t.audit.title),
  entry('/status', (t) => t.status.title),
]

type GroupName = keyof Messages['settings']['groups']
const GROUPS: { group: GroupName; entries: Entry[] }[] = [
  { group: 'own', entries: OWN },
  { group: 'team', entries: TEAM },
  { group: 'service', entries: SERVICE },
  { group: 'account', entries: ACCOUNT },
]

/** A page of the settings, below `/settings`. */
export type SettingsPath = (typeof OWN | typeof TEAM | typeof SERVICE | typeof ACCOUNT)[number]['path']

export function SettingsNav({ i18n: { t }, viewer, here }: { i18n: I18n; viewer: Viewer; here: SettingsPath }) {
  const groups = GROUPS.map(({ group, entries }) => ({ group, entries: entries.filter(({ shown }) => shown(viewer)) }))
  const current = groups.flatMap(({ entries }) => entries).find(({ path }) => path === here)
  return (
    <nav class="settings-nav" aria-label={t.settings.label}>
      <details class="settings-menu">
        <summary>
          {t.settings.label}
          <span class="settings-menu-here">{current?.name(t)}</span>
          <Icon name="chevron-down" />
        </summary>
        {groups
          .filter(({ entries }) => entries.length > 0)
          .map(({ group, entries }) => (
            <div class="settings-group">
              <p id={`settings-${group}`}>{t.settings.groups[group]}</p>
              <ul aria-labelledby={`settings-${group}`}>
                {entries.map(({ path, name }) => (
                  <li>
                    <a href={`/settings${path}`} aria-current={path === here ? 'page' : undefined}>
                      {name(t)}
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
      </details>
    </nav>
  )
}
