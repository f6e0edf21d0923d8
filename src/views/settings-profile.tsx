import type { Viewer } from '../db/records.ts'
import { LOCALES } from '../db/schema/index.ts'
import { type I18n, LANGUAGES } from '../i18n/index.ts'
import { TIME_ZONES } from '../i18n/time-zones.ts'
import { Override } from './forms.tsx'
import { describedBy, drawsPage, Field, NameForm, type Refused, refusedIn, SettingsPage } from './settings-page.tsx'
import { type SessionEntry, Sessions } from './settings-sessions.tsx'
import { SoundSettings } from './settings-sounds.tsx'

/** What was done a moment ago. */
export type ProfileDone = 'name' | 'password' | 'sessions' | 'sounds' | 'two-factor'

interface ProfilePageProps {
  i18n: I18n
  viewer: Viewer
  sessions: SessionEntry[]
  /** Whether a code is asked for besides the password. */
  twoFactor: boolean
  done?: ProfileDone | undefined
  refused?: Refused | undefined
}

/** The person's own settings. Language and theme belong to the whole document, so saving them loads it anew. */
export function ProfilePage({ i18n, viewer, sessions, twoFactor, done, refused }: ProfilePageProps) {
  const { t } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/profile" title={t.profile.title}>
      {done && <p role="status">{t.account.done[done]}</p>}
      <p>
        <bdi hx-ignore>{viewer.name}</bdi> · {viewer.email} · {t.agents.role[viewer.role]} ·{' '}
        <bdi hx-ignore>{viewer.workspaceName}</bdi>
      </p>
      <NameForm
        i18n={i18n}
        id="own-name"
        action="/settings/profile/name"
        method="PUT"
        label={t.account.name}
        button={t.account.changeName}
        value={viewer.name}
        fields={{}}
        refused={refusedIn(refused, 'name')}
      />
      <Looks i18n={i18n} viewer={viewer} />
      <SoundSettings i18n={i18n} sounds={viewer.sounds} />
      <Password i18n={i18n} viewer={viewer} refused={refused} />
      <section aria-labelledby="two-factor-title" class="stack">
        <h2 id="two-factor-title">{t.twoFactor.title}</h2>
        <p>{twoFactor ? t.twoFactor.isOn : t.twoFactor.isOff}</p>
        <a class="button" href="/settings/profile/two-factor">
          {twoFactor ? t.twoFactor.manage : t.twoFactor.begin}
        </a>
      </section>
      <Sessions i18n={i18n} sessions={sessions} />
    </SettingsPage>
  )
}

function Looks({ i18n, viewer }: { i18n: I18n; viewer: Viewer }) {
  const { t } = i18n
  return (
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
      <label class="field">
        <span>{t.account.timeZone}</span>
        <select name="timeZone">
          <option value="">{t.account.timeZoneOfWorkspace}</option>
          {TIME_ZONES.map((zone) => (
            <option value={zone} selected={zone === viewer.ownTimeZone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="button button--primary">
        {t.profile.save}
      </button>
    </form>
  )
}

/** What was typed is not shown again. */
function Password({ i18n, viewer, refused }: { i18n: I18n; viewer: Viewer; refused: Refused | undefined }) {
  const { t } = i18n
  const [ofCurrent, ofNext] = [refusedIn(refused, 'current'), refusedIn(refused, 'next')]
  return (
    <section aria-labelledby="password-title" class="stack">
      <h2 id="password-title">{t.account.password}</h2>
      <form {...drawsPage('/settings/profile/password')} class="stack" novalidate>
        <Override method="PUT" />
        {/* Tells a password manager whose password it is. */}
        <input type="text" value={viewer.email} autocomplete="username" hidden readonly />
        <Field i18n={i18n} id="password-current" label={t.account.currentPassword} refused={ofCurrent}>
          <PasswordInput
            name="current"
            autocomplete="current-password"
            {...describedBy('password-current', ofCurrent)}
          />
        </Field>
        <Field i18n={i18n} id="password-next" label={t.account.newPassword} refused={ofNext}>
          <PasswordInput name="next" autocomplete="new-password" {...describedBy('password-next', ofNext)} />
        </Field>
        <p class="faint">{t.account.passwordHint}</p>
        <button type="submit" class="button">
          {t.account.changePassword}
        </button>
      </form>
    </section>
  )
}

interface PasswordInputProps extends ReturnType<typeof describedBy> {
  name: string
  autocomplete: 'current-password' | 'new-password'
}

export const PasswordInput = (props: PasswordInputProps) => (
  <input type="password" maxlength={256} required {...props} />
)
