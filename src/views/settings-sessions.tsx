/** Where somebody is signed in, and how that ends. */
import type { I18n } from '../i18n/index.ts'
import { deviceOf } from './device.ts'
import { Override } from './forms.tsx'
import { drawsPage } from './settings-page.tsx'

export interface SessionEntry {
  id: string
  createdAt: number
  lastSeenAt: number
  current: boolean
  userAgent: string | null
}

export function Sessions({ i18n, sessions }: { i18n: I18n; sessions: SessionEntry[] }) {
  const { t } = i18n
  return (
    <section aria-labelledby="sessions-title" class="stack">
      <h2 id="sessions-title">{t.profile.sessions}</h2>
      <ul class="people sessions">
        {sessions.map((session) => (
          <Session i18n={i18n} session={session} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <form {...drawsPage('/settings/profile/sessions')} hx-confirm={t.account.endOthersConfirm}>
          <Override method="DELETE" />
          <button type="submit" class="button">
            {t.account.endOthers}
          </button>
        </form>
      )}
      <form
        method="post"
        action="/sign-out/everywhere"
        hx-boost="false"
        class="stack"
        data-confirm={t.profile.signOutEverywhereConfirm}
      >
        <p class="faint">{t.profile.signOutEverywhereHint}</p>
        <button type="submit" class="button">
          {t.profile.signOutEverywhere}
        </button>
      </form>
    </section>
  )
}

function Session({ i18n, session }: { i18n: I18n; session: SessionEntry }) {
  const { t, fill, dateTime } = i18n
  const device = nameOf(i18n, session)
  return (
    <li class="person" data-session-id={session.id}>
      <div class="person-who">
        <p class="person-name">
          <bdi hx-ignore>{device}</bdi>
        </p>
        <p class="faint">
          {fill(t.profile.startedAt, { at: dateTime(session.createdAt) })} ·{' '}
          {fill(t.profile.seenAt, { at: dateTime(session.lastSeenAt) })}
        </p>
      </div>
      {session.current ? (
        <span class="chip">{t.profile.thisSession}</span>
      ) : (
        <form {...drawsPage(`/settings/profile/sessions/${session.id}`)}>
          <Override method="DELETE" />
          <button
            type="submit"
            class="button button--small"
            aria-label={fill(t.account.endNamed, { device, at: dateTime(session.createdAt) })}
          >
            {t.account.end}
          </button>
        </form>
      )}
    </li>
  )
}

const nameOf = ({ t }: I18n, { userAgent }: SessionEntry): string =>
  userAgent === null ? t.profile.unknownDevice : (deviceOf(userAgent) ?? userAgent.slice(0, 120))
