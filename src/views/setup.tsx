/** First run: the one page that makes a workspace and its owner. */
import type { Child } from 'hono/jsx'
import type { I18n } from '../i18n/index.ts'
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
  const { t } = i18n
  const { setup } = t
  const field = (name: SetupField, label: string, hint: string | null, input: (attributes: Attributes) => Child) => (
    <div class="settings-field">
      <label class="field" for={`setup-${name}`}>
        <span>{label}</span>
        {input({
          ...{ id: `setup-${name}`, name, required: true },
          'aria-describedby': hint ? `setup-${name}-hint setup-${name}-problem` : `setup-${name}-problem`,
          'aria-invalid': problems[name] ? 'true' : undefined,
        })}
      </label>
      {hint && (
        <p id={`setup-${name}-hint`} class="faint settings-hint">
          {hint}
        </p>
      )}
      <p id={`setup-${name}-problem`} class="field-problem" role="alert">
        {problems[name]}
      </p>
    </div>
  )
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{setup.title}</h1>
      <p class="faint">{open ? setup.welcome : setup.noCode}</p>
      {open && (
        <form method="post" action="/setup" hx-boost="false" class="stack" novalidate>
          {field('code', setup.code, setup.codeHint, (attributes) => (
            <input {...attributes} value={given.code ?? ''} autocomplete="off" spellcheck={false} autofocus />
          ))}
          {field('workspaceName', setup.workspaceName, null, (attributes) => (
            <input {...attributes} value={given.workspaceName ?? ''} maxlength={120} autocomplete="organization" />
          ))}
          {field('departmentName', setup.departmentName, setup.departmentHint, (attributes) => (
            <input {...attributes} value={given.departmentName ?? setup.department} maxlength={120} />
          ))}
          {field('timeZone', setup.timeZone, null, (attributes) => (
            <select {...attributes}>
              {timeZones.map((zone) => (
                <option value={zone} selected={zone === (given.timeZone ?? 'America/Sao_Paulo')}>
                  {zone.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          ))}
          {field('ownerName', setup.ownerName, null, (attributes) => (
            <input {...attributes} value={given.ownerName ?? ''} maxlength={120} autocomplete="name" />
          ))}
          {field('email', setup.email, null, (attributes) => (
            <input {...attributes} type="email" value={given.email ?? ''} maxlength={254} autocomplete="username" />
          ))}
          {field('password', setup.password, setup.passwordHint, (attributes) => (
            <input {...attributes} type="password" maxlength={256} autocomplete="new-password" />
          ))}
          <button type="submit" class="button button--primary">
            {setup.submit}
          </button>
        </form>
      )}
    </section>
  )
}

interface Attributes {
  id: string
  name: string
  required: boolean
  'aria-describedby': string
  'aria-invalid': 'true' | undefined
}
