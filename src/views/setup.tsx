/** First run: the one page that makes a workspace and its owner. */
import type { I18n } from '../i18n/index.ts'
import { DoorField } from './door-field.tsx'
import { Wordmark } from './wordmark.tsx'

export type SetupField = 'code' | 'workspaceName' | 'departmentName' | 'ownerName' | 'email' | 'password' | 'timeZone'
export type SetupValues = Partial<Record<SetupField, string>>

export interface SetupProps {
  i18n: I18n
  /** The server knows a code to compare with. */
  open: boolean
  timeZones: string[]
  given: SetupValues
  problems: Partial<Record<SetupField, string>>
}

export function SetupPage({ i18n, open, timeZones, given, problems }: SetupProps) {
  const { setup } = i18n.t
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{setup.title}</h1>
      <p class="faint">{open ? setup.welcome : setup.noCode}</p>
      {open && (
        <form method="post" action="/setup" hx-boost="false" class="stack" novalidate>
          <DoorField name="code" label={setup.code} hint={setup.codeHint} problem={problems.code}>
            {(attributes) => (
              <input {...attributes} value={given.code ?? ''} autocomplete="off" spellcheck={false} autofocus />
            )}
          </DoorField>
          <DoorField name="workspaceName" label={setup.workspaceName} problem={problems.workspaceName}>
            {(attributes) => (
              <input {...attributes} value={given.workspaceName ?? ''} maxlength={120} autocomplete="organization" />
            )}
          </DoorField>
          <DoorField
            name="departmentName"
            label={setup.departmentName}
            hint={setup.departmentHint}
            problem={problems.departmentName}
          >
            {(attributes) => <input {...attributes} value={given.departmentName ?? setup.department} maxlength={120} />}
          </DoorField>
          <DoorField name="timeZone" label={setup.timeZone} problem={problems.timeZone}>
            {(attributes) => (
              <select {...attributes}>
                {timeZones.map((zone) => (
                  <option value={zone} selected={zone === (given.timeZone ?? 'America/Sao_Paulo')}>
                    {zone.replaceAll('_', ' ')}
                  </option>
                ))}
              </select>
            )}
          </DoorField>
          <DoorField name="ownerName" label={setup.ownerName} problem={problems.ownerName}>
            {(attributes) => (
              <input {...attributes} value={given.ownerName ?? ''} maxlength={120} autocomplete="name" />
            )}
          </DoorField>
          <DoorField name="email" label={setup.email} problem={problems.email}>
            {(attributes) => (
              <input {...attributes} type="email" value={given.email ?? ''} maxlength={254} autocomplete="username" />
            )}
          </DoorField>
          <DoorField name="password" label={setup.password} hint={setup.passwordHint} problem={problems.password}>
            {(attributes) => <input {...attributes} type="password" maxlength={256} autocomplete="new-password" />}
          </DoorField>
          <button type="submit" class="button button--primary">
            {setup.submit}
          </button>
        </form>
      )}
    </section>
  )
}
