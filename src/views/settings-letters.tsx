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

export interface LetterOfInbox extends Letter {
  inbox: { id: string; name: string }
}

interface AllLettersPageProps {
  i18n: I18n
  viewer: Viewer
  inboxes: { id: string; name: string }[]
  letters: LetterOfInbox[]
  /** All reasons that there are, the chosen one's too. */
  reasons: string[]
  /** Empty: not filtered by that. */
  chosen: { inbox: string; reason: string }
  /** Those whose gateway could not be asked now. */
  unheard: string[]
  withoutReason: boolean
}

const ALL = '/settings/letters'

/** The same of every number at once. */
export function AllLettersPage({
  i18n,
  viewer,
  letters,
  chosen,
  unheard,
  withoutReason,
  ...filters
}: AllLettersPageProps) {
  const { t, fill } = i18n
  const ids = letters.map(({ inbox, id }) => `${inbox.id}:${id}`)
  const acting = { i18n, path: ALL, kept: chosen }
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/letters" title={t.letters.title}>
      <p class="faint">{letters.length === 0 ? t.letters.none : t.letters.explained}</p>
      {unheard.length > 0 && <p role="status">{fill(t.letters.unheard, { names: i18n.list(unheard) })}</p>}
      <LetterFilters i18n={i18n} chosen={chosen} {...filters} />
      <ul class="letters">
        {letters.map(({ inbox, ...letter }) => (
          <li class="letter" data-letter-id={letter.id} data-inbox-id={inbox.id}>
            <div>
              <a href={`/settings/inboxes/${inbox.id}/letters/${letter.id}`}>
                {i18n.dateTime(letter.receivedAt)} · {letter.kind} · <bdi hx-ignore>{inbox.name}</bdi>
              </a>
              <p class="faint">
                {i18n.count(t.letters.tries, letter.tries)}
                {letter.reason && ` · ${letter.reason}`}
              </p>
            </div>
            <Replay {...acting} ids={[`${inbox.id}:${letter.id}`]} label={t.letters.replay} />
          </li>
        ))}
      </ul>
      {letters.length > 0 && (
        <>
          <Replay {...acting} ids={ids} label={t.letters.replayShown} />
          <Discard {...acting} ids={ids} withoutReason={withoutReason} />
        </>
      )}
    </SettingsPage>
  )
}

function LetterFilters({
  i18n: { t },
  inboxes,
  reasons,
  chosen,
}: Pick<AllLettersPageProps, 'i18n' | 'inboxes' | 'reasons' | 'chosen'>) {
  return (
    <form action={ALL} class="audit-filters">
      <label class="field">
        <span>{t.letters.number}</span>
        <select name="inbox">
          <option value="">{t.filters.allNumbers}</option>
          {inboxes.map(({ id, name }) => (
            <option value={id} selected={id === chosen.inbox}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t.letters.why}</span>
        <select name="reason">
          <option value="">{t.letters.anyReason}</option>
          {reasons.map((reason) => (
            <option value={reason} selected={reason === chosen.reason}>
              {reason}
            </option>
          ))}
        </select>
      </label>
      <div class="audit-acts">
        <button type="submit" class="button">
          {t.audit.apply}
        </button>
        {chosen.inbox + chosen.reason !== '' && <a href={ALL}>{t.audit.clear}</a>}
      </div>
    </form>
  )
}

interface ActProps {
  i18n: I18n
  path: string
  ids: (number | string)[]
  /** The filters, so that the page comes back as it was. */
  kept?: { inbox: string; reason: string }
}

function Replay({ path, ids, kept, label }: ActProps & { label: string }) {
  return (
    <form {...drawsPage(`${path}/replay`)}>
      <Ids ids={ids} kept={kept} />
      <button type="submit" class="button button--small">
        {label}
      </button>
    </form>
  )
}

function Discard({
  i18n: { t, count },
  path,
  ids,
  kept,
  withoutReason = false,
}: ActProps & { withoutReason?: boolean }) {
  return (
    <form {...drawsPage(`${path}/discard`)} class="settings-line" novalidate>
      <Ids ids={ids} kept={kept} />
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

const Ids = ({ ids, kept }: { ids: (number | string)[]; kept?: { inbox: string; reason: string } | undefined }) => (
  <>
    {kept && <input type="hidden" name="inbox" value={kept.inbox} />}
    {kept && <input type="hidden" name="why" value={kept.reason} />}
    {ids.map((id) => (
      <input type="hidden" name="id" value={id} />
    ))}
  </>
)
