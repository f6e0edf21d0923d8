/** What came in and could not be applied: set aside whole, to be looked at, tried again, or given up with a reason. */
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { masked } from './masked.ts'
import { drawsPage, SettingsPage } from './settings-page.tsx'

export interface Letter {
  id: number
  kind: string
  receivedAt: number
  tries: number
  reason: string | null
}

interface LettersPageProps {
  i18n: I18n
  viewer: Viewer
  inbox: { id: string; name: string }
  letters: Letter[]
  /** Somebody wanted to give them up without saying why. */
  withoutReason?: boolean
}

export function LettersPage({ i18n, viewer, inbox, letters, withoutReason = false }: LettersPageProps) {
  const { t, fill } = i18n
  const path = `/settings/inboxes/${inbox.id}/letters`
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/inboxes" title={fill(t.letters.of, { inbox: inbox.name })}>
      <p>
        <a href={`/settings/inboxes/${inbox.id}/connection`}>{t.letters.back}</a>
      </p>
      <p class="faint">{letters.length === 0 ? t.letters.none : t.letters.explained}</p>
      <ul class="letters">
        {letters.map((letter) => (
          <li class="letter" data-letter-id={letter.id}>
            <div>
              <a href={`${path}/${letter.id}`}>
                {i18n.dateTime(letter.receivedAt)} · {letter.kind}
              </a>
              <p class="faint">
                {i18n.count(t.letters.tries, letter.tries)}
                {letter.reason && ` · ${letter.reason}`}
              </p>
            </div>
            <Replay i18n={i18n} path={path} ids={[letter.id]} label={t.letters.replay} />
          </li>
        ))}
      </ul>
      {letters.length > 0 && (
        <>
          <Replay i18n={i18n} path={path} ids={letters.map(({ id }) => id)} label={t.letters.replayAll} />
          <Discard i18n={i18n} path={path} ids={letters.map(({ id }) => id)} withoutReason={withoutReason} />
        </>
      )}
    </SettingsPage>
  )
}

interface LetterPageProps {
  i18n: I18n
  viewer: Viewer
  inbox: { id: string; name: string }
  letter: Letter & { payload: string }
}

export function LetterPage({ i18n, viewer, inbox, letter }: LetterPageProps) {
  const { t, fill } = i18n
  const path = `/settings/inboxes/${inbox.id}/letters`
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/inboxes" title={fill(t.letters.of, { inbox: inbox.name })}>
      <p>
        <a href={path}>{t.letters.all}</a>
      </p>
      <p>
        {i18n.dateTime(letter.receivedAt)} · {letter.kind} · {i18n.count(t.letters.tries, letter.tries)}
        {letter.reason && ` · ${letter.reason}`}
      </p>
      <p class="faint">{t.letters.masked}</p>
      <pre class="letter-payload" tabindex={0}>
        {masked(letter.payload)}
      </pre>
      <Replay i18n={i18n} path={path} ids={[letter.id]} label={t.letters.replay} />
      <Discard i18n={i18n} path={path} ids={[letter.id]} />
    </SettingsPage>
  )
}

interface ActProps {
  i18n: I18n
  path: string
  ids: number[]
}

function Replay({ path, ids, label }: ActProps & { label: string }) {
  return (
    <form {...drawsPage(`${path}/replay`)}>
      <Ids ids={ids} />
      <button type="submit" class="button button--small">
        {label}
      </button>
    </form>
  )
}

function Discard({ i18n: { t, count }, path, ids, withoutReason = false }: ActProps & { withoutReason?: boolean }) {
  return (
    <form {...drawsPage(`${path}/discard`)} class="settings-line" novalidate>
      <Ids ids={ids} />
      <div class="settings-field">
        <label class="field" for="discard-reason">
          <span>{t.letters.reason}</span>
          <input
            id="discard-reason"
            name="reason"
            maxlength={200}
            required
            aria-describedby="discard-reason-problem"
            aria-invalid={withoutReason ? 'true' : undefined}
          />
        </label>
        <p id="discard-reason-problem" class="field-problem" role="alert">
          {withoutReason && t.letters.reasonMissing}
        </p>
      </div>
      <button type="submit" class="button">
        {count(t.letters.discard, ids.length)}
      </button>
    </form>
  )
}

const Ids = ({ ids }: { ids: number[] }) => (
  <>
    {ids.map((id) => (
      <input type="hidden" name="id" value={id} />
    ))}
  </>
)
