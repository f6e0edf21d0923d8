/** The frame of the settings' pages, and what their forms have in common. */
import type { Child } from 'hono/jsx'
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import type { Problem } from './errors.tsx'
import { Override } from './forms.tsx'
import { SettingsNav, type SettingsPath } from './settings-nav.tsx'

interface SettingsPageProps {
  i18n: I18n
  viewer: Viewer
  here: SettingsPath
  title: string
  children: Child
}

export function SettingsPage({ i18n, viewer, here, title, children }: SettingsPageProps) {
  return (
    <div class="settings-frame">
      <SettingsNav i18n={i18n} viewer={viewer} here={here} />
      <section class="sheet settings">
        <h1 tabindex={-1}>
          <bdi hx-ignore>{title}</bdi>
        </h1>
        {children}
      </section>
    </div>
  )
}

/** What a form was sent with, and why it was refused. */
export interface Refused {
  /** Which of the page's forms. */
  form: string
  problem: Problem
  value: string
}

export const refusedIn = (refused: Refused | undefined, form: string) => (refused?.form === form ? refused : undefined)

/** In the words of the field that it stands beside. */
export function fieldProblem({ t, fill, error }: I18n, { code, details }: Problem): string {
  if (code === 'conflict') return t.settings.changed
  switch (details?.why) {
    case 'empty':
      return t.settings.nameEmpty
    case 'taken':
      return t.settings.nameTaken
    case 'gone':
      return t.settings.gone
    case 'long':
      return fill(t.hours.problem.long, details)
    case 'wrong_password':
      return t.account.wrongPassword
    case 'wrong_code':
      return t.secondStep.wrong
    case 'password':
    case 'common':
      return t.setup.problem[details.why]
    case 'other_name':
      return t.inboxes.removalWrongName
    case 'last_owner':
      return t.agents.lastOwner
    default:
      return error(code, details)
  }
}

/** For a form that draws its page anew in place, its refusals with it; without script it goes to that page. */
export const drawsPage = (action: string) =>
  ({
    method: 'post',
    action,
    'hx-post': action,
    'hx-target': '#main',
    'hx-swap': 'innerHTML',
    'hx-sync': 'this:drop',
    'hx-disable': 'find button[type=submit]',
    autocomplete: 'off',
  }) as const

interface FieldProps {
  i18n: I18n
  id: string
  label: string
  refused?: Refused | undefined
  children: Child
}

/** A field with the reason why it was refused below it; the control inside carries `describedBy(id, refused)`. */
export function Field({ i18n, id, label, refused, children }: FieldProps) {
  return (
    <div class="settings-field">
      <label class="field" for={id}>
        <span>{label}</span>
        {children}
      </label>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {refused && fieldProblem(i18n, refused.problem)}
      </p>
    </div>
  )
}

export const describedBy = (id: string, refused: Refused | undefined) =>
  ({
    id,
    'aria-describedby': `${id}-problem`,
    'aria-invalid': refused ? 'true' : undefined,
  }) as const

interface NameFormProps {
  i18n: I18n
  /** Of the field, on this page. */
  id: string
  action: string
  method?: 'POST' | 'PUT'
  label: string
  button: string
  value?: string
  /** Sent along. */
  fields: Record<string, string>
  refused?: Refused | undefined
}

/** One name, made or changed. */
export function NameForm({
  i18n,
  id,
  action,
  method = 'POST',
  label,
  button,
  value = '',
  fields,
  refused,
}: NameFormProps) {
  return (
    <form {...drawsPage(action)} class="settings-line" novalidate>
      <Override method={method} />
      {Object.entries(fields).map(([name, sent]) => (
        <input type="hidden" name={name} value={sent} />
      ))}
      <Field i18n={i18n} id={id} label={label} refused={refused}>
        <input name="name" value={refused?.value ?? value} maxlength={240} required {...describedBy(id, refused)} />
      </Field>
      <button type="submit" class="button">
        {button}
      </button>
    </form>
  )
}

interface ChoiceFormProps {
  i18n: I18n
  id: string
  action: string
  /** Under which the choice is sent. */
  name: string
  label: string
  options: { id: string; name: string }[]
  refused?: Refused | undefined
}

/** Adds one of several; nothing to add, no form. */
export function ChoiceForm({ i18n, id, action, name, label, options, refused }: ChoiceFormProps) {
  if (options.length === 0) return null
  return (
    <form {...drawsPage(action)} class="settings-line">
      <Field i18n={i18n} id={id} label={label} refused={refused}>
        <select name={name} required {...describedBy(id, refused)}>
          <option value="">{i18n.t.settings.choose}</option>
          {options.map((option) => (
            <option value={option.id}>{option.name}</option>
          ))}
        </select>
      </Field>
      <button type="submit" class="button">
        {i18n.t.settings.add}
      </button>
    </form>
  )
}

/** A button that takes one thing out of a list; what is left is drawn anew. */
export function RemoveButton({ i18n: { t }, action, label }: { i18n: I18n; action: string; label: string }) {
  return (
    <form {...drawsPage(action)}>
      <Override method="DELETE" />
      <button type="submit" class="button button--small" aria-label={label}>
        {t.settings.remove}
      </button>
    </form>
  )
}

interface CopiedProps {
  i18n: I18n
  id: string
  label: string
  value: string
}

/** Something to paste elsewhere, with the button that copies it. */
export function Copied({ i18n: { t }, id, label, value }: CopiedProps) {
  return (
    <div class="settings-line">
      <label class="field settings-field" for={id}>
        <span>{label}</span>
        <input id={id} value={value} readonly spellcheck={false} />
      </label>
      <button
        type="button"
        class="button"
        data-needs-script
        data-copy-text={value}
        data-done={t.bubble.copied}
        aria-label={`${t.connecting.copy}: ${label}`}
      >
        {t.connecting.copy}
      </button>
    </div>
  )
}

interface ExplainedFieldProps {
  id: string
  label: string
  hint: string
  /** Why it was refused, in words. */
  problem?: string | null | undefined
  children: Child
}

/** A field that says what it is for; the control inside names `<id>-hint` and `<id>-problem` as what describes it. */
export function ExplainedField({ id, label, hint, problem, children }: ExplainedFieldProps) {
  return (
    <div class="settings-field">
      <label class="field" for={id}>
        <span>{label}</span>
        {children}
      </label>
      <p id={`${id}-hint`} class="faint settings-hint">
        {hint}
      </p>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {problem}
      </p>
    </div>
  )
}
