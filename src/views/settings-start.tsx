/** What a new workspace still needs before customers can be answered. */
import type { Started } from '../db/queries/setup.ts'
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Icon } from './icon.tsx'
import { SettingsPage } from './settings-page.tsx'

export function StartPage({ i18n, viewer, started }: { i18n: I18n; viewer: Viewer; started: Started }) {
  const { start } = i18n.t
  const steps = [
    { words: start.inbox, path: '/settings/inboxes/new', done: started.inboxes > 0 },
    { words: start.colleague, path: '/settings/agents', done: started.people > 1 },
    { words: start.department, path: '/settings/departments', done: started.departments > 1 },
    { words: start.quickReply, path: '/settings/quick-replies', done: started.quickReplies > 0 },
  ]
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/start" title={start.title}>
      <p>{start.intro}</p>
      <ul class="choices">
        {steps.map(({ words, path, done }) => (
          <li>
            <a class="choice" href={path} data-done={done}>
              <Icon name={done ? 'circle-check' : 'circle'} label={done ? start.done : start.open} />
              <strong>{words.name}</strong>
              <span class="faint">{words.about}</span>
            </a>
          </li>
        ))}
      </ul>
    </SettingsPage>
  )
}
