/** What somebody sees who was sent a link to choose a new password. */
import type { I18n } from '../i18n/index.ts'
import { DoorField } from './door-field.tsx'
import { Wordmark } from './wordmark.tsx'

interface ResetPageProps {
  i18n: I18n
  token: string
  email: string
  problem: string | undefined
}

export function ResetPage({ i18n: { t }, token, email, problem }: ResetPageProps) {
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{t.passwordReset.title}</h1>
      <p class="faint">{email}</p>
      <form method="post" action={`/reset/${token}`} hx-boost="false" class="stack" novalidate>
        {/* Tells a password manager whose password it is. */}
        <input type="text" value={email} autocomplete="username" hidden readonly />
        <DoorField name="password" label={t.account.newPassword} hint={t.setup.passwordHint} problem={problem}>
          {(attributes) => (
            <input {...attributes} type="password" maxlength={256} autocomplete="new-password" autofocus />
          )}
        </DoorField>
        <button type="submit" class="button button--primary">
          {t.passwordReset.submit}
        </button>
      </form>
    </section>
  )
}

export function ResetOverPage({ i18n: { t } }: { i18n: I18n }) {
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{t.passwordReset.overTitle}</h1>
      <p>{t.passwordReset.over}</p>
      <p>
        <a href="/sign-in">{t.signIn.title}</a>
      </p>
    </section>
  )
}
