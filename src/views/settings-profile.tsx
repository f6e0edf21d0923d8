import type { Viewer } from '../db/records.ts'
import { LOCALES } from '../db/schema.ts'
import { type I18n, LANGUAGES } from '../i18n/index.ts'
import { Override } from './forms.tsx'
import { SettingsPage } from './settings-page.tsx'

export interface SessionEntry {
  id: string
  createdAt: number
  lastSeenAt: number
  current: boolean
  userAgent: string | null
}

/** The person's own settings. Language and theme belong to the whole document, so saving them loads it anew. */
export function ProfilePage({ i18n, viewer, sessions }: { i18n: I18n; viewer: Viewer; sessions: SessionEntry[] }) {
  const { t } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/profile" title={t.profile.title}>
      <p>
        <bdi hx-ignore>{viewer.name}</bdi> · {viewer.email} · {t.agents.role[viewer.role]} ·{' '}
        <bdi hx-ignore>{viewer.workspaceName}</bdi>
      </p>
      <form method="post" action="/settings/profile" hx-boost="false" class="stack">
        <Override method="PUT" />
        <label class="field">
          <span>{t.profile.language}</span>
          <select name="locale">
            {LOCALES.map((locale) => (
              <option value={locale} lang={locale} selected={locale === i18n.locale}>
                {LANGUAGES[locale]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{t.profile.theme}</span>
          <select name="theme">
            {(['system', 'light', 'dark'] as const).map((theme) => (
              <option value={theme} selected={theme === viewer.theme}>
                {t.profile.themes[theme]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="button button--primary">
          {t.profile.save}
        </button>
      </form>
      <Sessions i18n={i18n} sessions={sessions} />
    </SettingsPage>
  )
}

function Sessions({ i18n, sessions }: { i18n: I18n; sessions: SessionEntry[] }) {
  const { t, fill, dateTime } = i18n
  return (
    <>
      <h2>{t.profile.sessions}</h2>
      <ul class="people">
        {sessions.map((session) => (
          <li class="person">
            <div class="person-who">
              <p class="person-name">
                {session.userAgent ? <bdi hx-ignore>{session.userAgent.slice(0, 120)}</bdi> : t.profile.unknownDevice}
              </p>
              <p class="faint">
                {fill(t.profile.startedAt, { at: dateTime(session.createdAt) })} ·{' '}
                {fill(t.profile.seenAt, { at: dateTime(session.lastSeenAt) })}
              </p>
            </div>
            {session.current && <span class="chip">{t.profile.thisSession}</span>}
          </li>
        ))}
      </ul>
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
    </>
  )
}
