/** What administrators set of hours, holidays and of what is said without anybody writing it. */
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  deleteHoliday,
  greetingFor,
  type HolidayRow,
  holidayRows,
  hoursFor,
  mayAddHolidays,
  mayChangeGreeting,
  mayChangeHours,
  mayRemoveHoliday,
  storeGreeting,
  storeHolidays,
  storeHours,
} from '../db/queries/hours.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { spansIn } from './business-hours.ts'
import { BRAZILIAN, realDay } from './calendar.ts'
import { AppError } from './errors.ts'
import { bodyText, nameText } from './text.ts'
import { blanksByHand } from './variables.ts'

/** Every channel takes as much, with a name filled in. */
export const LONGEST_ANSWER = 700

export interface HoursForm {
  /** Empty: the workspace's. */
  id: string
  /** As they are written, Sunday first. */
  days: string[]
  answer: string
  /** As the page showed it: somebody else may have changed it since. */
  version: number
}

export async function changeHours(app: App, viewer: Viewer, form: HoursForm, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const { id, version } = form
  const [[before]] = await app.db.read(hoursFor(viewer, id))
  if (!before) throw new AppError('not_found')
  const week = JSON.stringify(
    form.days.map((text, day) => {
      const spans = spansIn(text)
      if (!spans) throw new AppError('invalid', { field: `day${day}`, why: 'hours' })
      return spans
    }),
  )
  const answer = answerIn(form.answer, 'answer')
  if (before.week === week && before.answer === answer) return

  const guard = mayChangeHours(viewer, id, version)
  const target = { type: 'department', id: id || viewer.workspaceId }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'hours.changed', target }, guard),
    storeHours(viewer, { id, week, answer, version }, guard),
    hoursFor(viewer, id).sql,
  )
  const now = written.at(-1)?.rows[0]
  if (now?.week !== week || now.answer !== answer) throw new AppError('conflict')
}

export interface GreetingForm {
  inboxId: string
  body: string
  once: 'contact' | 'conversation'
  version: number
}

export async function changeGreeting(app: App, viewer: Viewer, form: GreetingForm, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const { inboxId: id, once, version } = form
  const [[before]] = await app.db.read(greetingFor(viewer, id))
  if (!before) throw new AppError('not_found')
  const body = answerIn(form.body, 'body')
  if (before.body === body && (body === null || before.once === once)) return

  const guard = mayChangeGreeting(viewer, id, version)
  const target = { type: 'inbox', id }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'greeting.changed', target }, guard),
    storeGreeting(viewer, { id, body, once, version }, guard),
    greetingFor(viewer, id).sql,
  )
  const now = written.at(-1)?.rows[0]
  if (now?.body !== body || (body !== null && now?.once !== once)) throw new AppError('conflict')
}

/** Null: nothing is said. Nobody reads it before it leaves: only what fills itself in may stand in it. */
function answerIn(text: string, field: string): string | null {
  const body = bodyText(text).trim()
  if (body.length > LONGEST_ANSWER) throw new AppError('invalid', { field, why: 'long', limit: LONGEST_ANSWER })
  const [blank] = blanksByHand(body)
  if (blank !== undefined) throw new AppError('invalid', { field, why: 'blank', blank })
  return body || null
}

export interface HolidayForm {
  name: string
  day: string
  yearly: boolean
}

export async function addHoliday(app: App, viewer: Viewer, form: HolidayForm, trail: Trail): Promise<void> {
  const name = nameText(form.name)
  if (name === null) throw new AppError('invalid', { field: 'name', why: 'empty' })
  const date = realDay(form.day)
  if (date === null) throw new AppError('invalid', { field: 'day', why: 'day' })
  const day = form.yearly ? date.slice(5) : date
  const now = await addAll(app, viewer, [{ name, day }], trail)
  const stored = now.find((one) => one.day === day)
  if (stored?.name === name) return
  throw new AppError('invalid', { field: 'day', why: stored ? 'taken' : 'many' })
}

/** Those that are there already stay as they are. */
export const addBrazilianHolidays = (app: App, viewer: Viewer, trail: Trail) => addAll(app, viewer, BRAZILIAN, trail)

async function addAll(app: App, viewer: Viewer, holidays: HolidayRow[], trail: Trail): Promise<HolidayRow[]> {
  refuseUnlessAdministrator(viewer)
  const guard = mayAddHolidays(
    viewer,
    holidays.map(({ day }) => day),
  )
  const detail = { count: holidays.length }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'holiday.added', detail }, guard),
    storeHolidays(viewer, holidays, guard),
    holidayRows(viewer).sql,
  )
  return (written.at(-1)?.rows ?? []) as unknown as HolidayRow[]
}

/** Twice is once. */
export async function removeHoliday(app: App, viewer: Viewer, day: string, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const guard = mayRemoveHoliday(viewer, day)
  await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'holiday.removed', detail: { day } }, guard),
    deleteHoliday(viewer, day, guard),
  )
}
