/** What a new workspace still needs before customers can be answered; and, for who only looks, something to look at. */
import type { DemonstrationState } from '../db/queries/demonstration.ts'
import type { Started } from '../db/queries/setup.ts'
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Act } from './forms.tsx'
import { Icon } from './icon.tsx'
import { SettingsPage } from './settings-page.tsx'

interface StartPageProps {
  i18n: I18n
  viewer: Viewer
  started: Started
  demonstration: DemonstrationState
}

export function StartPage({ i18n, viewer, started, demonstration }: StartPageProps) {
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
      <Demonstration i18n={i18n} state={demonstration} />
    </SettingsPage>
  )
}

const DEMONSTRATION = '/settings/start/demonstration'

/** Offered where there is nothing real yet, and to be taken away at any time. */
function Demonstration({ i18n: { t, count }, state }: { i18n: I18n; state: DemonstrationState }) {
  const words = t.demonstration
  if (state.loaded === 1)
    return (
      <section class="look-around" aria-labelledby="demonstration-title" data-demonstration="loaded">
        <h2 id="demonstration-title">{words.loadedTitle}</h2>
        <p>{count(words.loaded, state.conversations)}</p>
        <div class="look-around-acts">
          <a class="button button--primary" href="/conversations?view=all">
            {words.look}
          </a>
          <Act action={DEMONSTRATION} method="DELETE" confirm={words.removeConfirm}>
            <button type="submit" class="button" aria-describedby="demonstration-removal">
              {words.remove}
            </button>
          </Act>
        </div>
        <p id="demonstration-removal" class="faint">
          {words.removeAbout}
        </p>
      </section>
    )
  if (state.offered === 0) return null
  return (
    <section class="look-around" aria-labelledby="demonstration-title" data-demonstration="offered">
      <h2 id="demonstration-title">{words.title}</h2>
      <p>{words.about}</p>
      <Act action={DEMONSTRATION}>
        <button type="submit" class="button" aria-describedby="demonstration-mark">
          {words.load}
        </button>
      </Act>
      <p id="demonstration-mark" class="faint">
        {words.mark}
      </p>
    </section>
  )
}
