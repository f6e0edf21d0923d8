/** Hours, holidays, and what is said without anybody writing it. */
import type { Child } from 'hono/jsx'
import type { GreetingRow, HoursRow } from '../db/queries/hours.ts'
import type { Viewer } from '../db/records.ts'
import { VARIABLES } from '../domain/variables.ts'
import type { I18n } from '../i18n/index.ts'
import { messageError, type Problem } from './errors.tsx'
import { Override } from './forms.tsx'
import { drawsPage, RemoveButton, SettingsPage } from './settings-page.tsx'

const PATH = '/settings/hours'

/** Monday first, as weeks are read here; they are kept Sunday first. */
const WEEK = [1, 2, 3, 4, 5, 6, 0]

export interface HolidayTyped {
  name: string
  day: string
  yearly: boolean
  problem: Problem
}

interface HoursPageProps {
  i18n: I18n
  viewer: Viewer
  /** The workspace's: hours are kept by its clock, whoever looks at them. */
  timeZone: string
  hours: (Pick<HoursRow, 'id' | 'name' | 'answer'> & { days: string[] })[]
  /** `next`: when it comes round; null: it is over. */
  holidays: { day: string; name: string; next: string | null }[]
  greetings: Pick<GreetingRow, 'id' | 'name' | 'body' | 'once'>[]
  typed?: HolidayTyped | undefined
}

export function HoursPage({ i18n, viewer, timeZone, hours, holidays, greetings, typed }: HoursPageProps) {
  const t = i18n.t.hours
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/hours" title={t.title}>
      <p>{i18n.fill(t.intro, { zone: timeZone })}</p>
      <ul class="people">
        {hours.map(({ id, name, days, answer }) => (
          <Line
            i18n={i18n}
            href={`${PATH}/${id}`}
            name={name ?? t.everyone}
            facts={[weekOf(i18n, days, name !== null), answer === null ? t.noAnswer : answer]}
          />
        ))}
      </ul>
      <h2>{t.greetings}</h2>
      <p class="faint">{t.greetingsHint}</p>
      <ul class="people">
        {greetings.map(({ id, name, body, once }) => (
          <Line
            i18n={i18n}
            href={`${PATH}/greetings/${id}`}
            name={name}
            facts={body === null || once === null ? [t.noGreeting] : [t.once[once], body]}
          />
        ))}
      </ul>
      <h2>{t.holidays}</h2>
      {holidays.length === 0 && <p class="faint">{t.noHolidays}</p>}
      <ul class="people">
        {holidays.map(({ day, name, next }) => (
          <li class="person">
            <div class="person-who">
              <p class="person-name">
                <bdi hx-ignore>{name}</bdi>
              </p>
              <p class="faint">{holidayFacts(i18n, day, next)}</p>
            </div>
            <RemoveButton
              i18n={i18n}
              action={`${PATH}/holidays/${encodeURIComponent(day)}`}
              label={i18n.fill(i18n.t.settings.removeNamed, { name })}
            />
          </li>
        ))}
      </ul>
      <form {...drawsPage(`${PATH}/holidays/brazil`)}>
        <button type="submit" class="button">
          {t.addBrazilian}
        </button>
      </form>
      <HolidayForm i18n={i18n} typed={typed} />
    </SettingsPage>
  )
}

interface LineProps {
  i18n: I18n
  href: string
  name: string
  facts: string[]
}

function Line({ i18n, href, name, facts }: LineProps) {
  return (
    <li class="person">
      <div class="person-who">
        <p class="person-name">
          <bdi hx-ignore>{name}</bdi>
        </p>
        {facts.map((fact) => (
          <p class="faint quick-reply-words">
            <bdi dir="auto" hx-ignore>
              {fact}
            </bdi>
          </p>
        ))}
      </div>
      <a class="button button--small" href={href} aria-label={i18n.fill(i18n.t.quickReplies.editNamed, { name })}>
        {i18n.t.tags.edit}
      </a>
    </li>
  )
}

/** Days that have the same hours are named once. */
function weekOf({ t }: I18n, days: string[], ofDepartment: boolean): string {
  if (days.every((text) => text === '')) return ofDepartment ? t.hours.asEveryone : t.hours.always
  const groups: { days: number[]; text: string }[] = []
  for (const day of WEEK) {
    const text = days[day] || t.hours.closed
    const last = groups.at(-1)
    if (last?.text === text) last.days.push(day)
    else groups.push({ days: [day], text })
  }
  const named = (of: number[]) => {
    const [first, last] = [of[0], of.at(-1)].map((day) => t.hours.short[day ?? 0] ?? '')
    return of.length > 1 ? `${first}–${last}` : first
  }
  return groups.map((group) => `${named(group.days)}: ${group.text}`).join(' · ')
}

function holidayFacts(i18n: I18n, day: string, next: string | null): string {
  const t = i18n.t.hours
  if (next === null) return `${writtenDay(i18n, day)} · ${t.over}`
  return day === next ? writtenDay(i18n, day) : `${t.yearly} · ${i18n.fill(t.next, { day: writtenDay(i18n, next) })}`
}

/** A day of the calendar is the same everywhere: no clock moves it. */
const writtenDay = ({ locale }: I18n, day: string) =>
  new Date(Date.parse(day)).toLocaleDateString(locale, { timeZone: 'UTC', dateStyle: 'medium' })

function HolidayForm({ i18n, typed }: { i18n: I18n; typed: HolidayTyped | undefined }) {
  const t = i18n.t.hours
  const told = (field: string) => problemOf(i18n, typed?.problem, field)
  return (
    <form {...drawsPage(`${PATH}/holidays`)} class="settings-line" novalidate>
      <TextField id="holiday-name" label={t.holidayName} problem={told('name')}>
        <input
          id="holiday-name"
          name="name"
          value={typed?.name}
          maxlength={240}
          required
          {...described('holiday-name', told('name'))}
        />
      </TextField>
      <TextField id="holiday-day" label={t.holidayDay} problem={told('day')}>
        <input
          id="holiday-day"
          type="date"
          name="day"
          value={typed?.day}
          required
          {...described('holiday-day', told('day'))}
        />
      </TextField>
      <label class="check">
        <input type="checkbox" name="yearly" value="1" checked={typed?.yearly ?? false} /> {t.everyYear}
      </label>
      <button type="submit" class="button">
        {t.addHoliday}
      </button>
    </form>
  )
}

interface HoursOfProps {
  i18n: I18n
  viewer: Viewer
  of: { id: string; name: string | null; version: number }
  /** As they are written, Sunday first. */
  days: string[]
  answer: string
  preview: string
  problem?: Problem | undefined
}

export function HoursOfPage({ i18n, viewer, of, days, answer, preview, problem }: HoursOfProps) {
  const t = i18n.t.hours
  const told = (field: string) => problemOf(i18n, problem, field)
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/hours" title={of.name ?? t.everyone}>
      <form {...drawsPage(`${PATH}/${of.id}`)} class="stack quick-reply-form" novalidate>
        <Override method="PUT" />
        <input type="hidden" name="version" value={of.version} />
        <Conflict i18n={i18n} problem={problem} />
        <p id="hours-hint">{of.name === null ? t.weekHint : `${t.weekHint} ${t.departmentHint}`}</p>
        {WEEK.map((day) => (
          <TextField id={`day${day}`} label={t.long[day] ?? ''} problem={told(`day${day}`)}>
            <input
              id={`day${day}`}
              name={`day${day}`}
              value={days[day]}
              maxlength={200}
              placeholder={t.closed}
              spellcheck={false}
              {...described(`day${day}`, told(`day${day}`), 'hours-hint')}
            />
          </TextField>
        ))}
        <WordsField
          i18n={i18n}
          name="answer"
          label={t.answer}
          hint={of.name === null ? t.answerHint : t.departmentAnswerHint}
          value={answer}
          preview={preview}
          problem={told('answer')}
        />
        <p>
          <button type="submit" class="button button--primary">
            {i18n.t.quickReplies.save}
          </button>
        </p>
      </form>
    </SettingsPage>
  )
}

interface GreetingProps {
  i18n: I18n
  viewer: Viewer
  inbox: { id: string; name: string; version: number }
  body: string
  once: 'contact' | 'conversation'
  preview: string
  problem?: Problem | undefined
}

export function GreetingPage({ i18n, viewer, inbox, body, once, preview, problem }: GreetingProps) {
  const t = i18n.t.hours
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/hours" title={i18n.fill(t.greetingOf, { name: inbox.name })}>
      <form {...drawsPage(`${PATH}/greetings/${inbox.id}`)} class="stack quick-reply-form" novalidate>
        <Override method="PUT" />
        <input type="hidden" name="version" value={inbox.version} />
        <Conflict i18n={i18n} problem={problem} />
        <WordsField
          i18n={i18n}
          name="body"
          label={t.greeting}
          hint={t.greetingHint}
          value={body}
          preview={preview}
          problem={problemOf(i18n, problem, 'body')}
        />
        <fieldset class="stack">
          <legend>{t.onceLabel}</legend>
          {(['contact', 'conversation'] as const).map((each) => (
            <label class="check">
              <input type="radio" name="once" value={each} checked={each === once} /> {t.once[each]}
            </label>
          ))}
        </fieldset>
        <p>
          <button type="submit" class="button button--primary">
            {i18n.t.quickReplies.save}
          </button>
        </p>
      </form>
    </SettingsPage>
  )
}

function Conflict({ i18n, problem }: { i18n: I18n; problem: Problem | undefined }) {
  return (
    <p class="field-problem" role="alert">
      {problem?.code === 'conflict' && i18n.t.settings.changed}
    </p>
  )
}

interface WordsFieldProps {
  i18n: I18n
  name: string
  label: string
  hint: string
  value: string
  preview: string
  problem: string | null
}

/** Words that leave by themselves: what fills itself in is named, and how they read is shown. */
function WordsField({ i18n, name, label, hint, value, preview, problem }: WordsFieldProps) {
  const t = i18n.t.hours
  const { agent: _, ...known } = VARIABLES
  const names = Object.values(known).map((words) => `{{${words[i18n.locale]}}}`)
  return (
    <TextField id={name} label={label} problem={problem}>
      <textarea id={name} name={name} rows={4} dir="auto" {...described(name, problem, `${name}-hint`)}>
        {`\n${value}`}
      </textarea>
      <span id={`${name}-hint`} class="faint">
        {hint} {i18n.fill(t.variables, { list: i18n.list(names) })}
      </span>
      {preview !== '' && problem === null && (
        <span class="hours-preview">
          <strong>{i18n.t.compose.preview}</strong>
          <bdi dir="auto" hx-ignore>
            {preview}
          </bdi>
        </span>
      )}
    </TextField>
  )
}

interface TextFieldProps {
  id: string
  label: string
  problem: string | null
  children: Child
}

function TextField({ id, label, problem, children }: TextFieldProps) {
  return (
    <div class="settings-field">
      <div class="field">
        <label for={id}>{label}</label>
        {children}
      </div>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {problem}
      </p>
    </div>
  )
}

const described = (id: string, problem: string | null, hint?: string) =>
  ({
    'aria-describedby': hint ? `${hint} ${id}-problem` : `${id}-problem`,
    'aria-invalid': problem ? 'true' : undefined,
  }) as const

/** What is wrong with this field; null: nothing. */
function problemOf(i18n: I18n, problem: Problem | undefined, field: string): string | null {
  const { code, details = {} } = problem ?? {}
  if (!problem || code === 'conflict' || details.field !== field) return null
  const said: Record<string, string> = i18n.t.hours.problem
  const words = said[String(details.why)]
  return words ? i18n.fill(words, details) : messageError(i18n, problem)
}
