/** What somebody sees who was sent a link: who invites them, and how they will sign in. */
import type { Offered } from '../db/queries/invitations.ts'
import type { I18n } from '../i18n/index.ts'
import { DoorField } from './door-field.tsx'
import { Wordmark } from './wordmark.tsx'

export type JoinField = 'name' | 'email' | 'password'

export interface JoinProps {
  i18n: I18n
  token: string
  offered: Offered
  given: Partial<Record<JoinField, string>>
  problems: Partial<Record<JoinField, string>>
}

export function JoinPage({ i18n, token, offered, given, problems }: JoinProps) {
  const { t, fill } = i18n
  const path = `/invite/${token}`
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>
        <bdi hx-ignore>{fill(t.invitation.title, { workspace: offered.workspace_name })}</bdi>
      </h1>
      <p class="faint">
        <bdi hx-ignore>{fill(t.invitation.from, { name: offered.invited_by, role: t.agents.role[offered.role] })}</bdi>
      </p>
      <form method="post" action={path} hx-boost="false" class="stack" novalidate>
        <DoorField name="name" label={t.setup.ownerName} problem={problems.name}>
          {(attributes) => <input {...attributes} value={given.name ?? ''} maxlength={120} autocomplete="name" />}
        </DoorField>
        <DoorField name="email" label={t.setup.email} problem={problems.email}>
          {(attributes) => (
            <input {...attributes} type="email" value={given.email ?? ''} maxlength={254} autocomplete="username" />
          )}
        </DoorField>
        <DoorField name="password" label={t.setup.password} hint={t.setup.passwordHint} problem={problems.password}>
          {(attributes) => <input {...attributes} type="password" maxlength={256} autocomplete="new-password" />}
        </DoorField>
        <button type="submit" class="button button--primary">
          {t.invitation.submit}
        </button>
      </form>
    </section>
  )
}

export function InvitationOverPage({ i18n: { t } }: { i18n: I18n }) {
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{t.invitation.overTitle}</h1>
      <p>{t.invitation.over}</p>
      <p>
        <a href="/sign-in">{t.signIn.title}</a>
      </p>
    </section>
  )
}
