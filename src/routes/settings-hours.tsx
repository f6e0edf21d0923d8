/** Hours, holidays, and what is said without anybody writing it: administrators set it. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { greetingFor, greetingRows, type HoursRow, holidayRows, hoursFor, hoursRows } from '../db/queries/hours.ts'
import { workspaceVoice } from '../db/queries/quick-replies.ts'
import { readAs } from '../db/read-as.ts'
import type { Locale } from '../db/records.ts'
import { textOf, weekIn } from '../domain/business-hours.ts'
import { dayAt, nextOf } from '../domain/calendar.ts'
import { AppError } from '../domain/errors.ts'
import { addBrazilianHolidays, addHoliday, changeGreeting, changeHours, removeHoliday } from '../domain/hours.ts'
import { fillInAll, valuesFor } from '../domain/variables.ts'
import type { Problem } from '../views/errors.tsx'
import { GreetingPage, type HolidayTyped, HoursOfPage, HoursPage } from '../views/settings-hours.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators, refusalOf, shownAgain } from './settings-form.ts'
import { valid } from './valid.ts'

const HoursForm = z.strictObject({
  ...{ day0: z.string(), day1: z.string(), day2: z.string(), day3: z.string() },
  ...{ day4: z.string(), day5: z.string(), day6: z.string() },
  answer: z.string(),
  version: z.coerce.number().int().min(0),
})
const GreetingForm = z.strictObject({
  body: z.string(),
  once: z.enum(['contact', 'conversation']),
  version: z.coerce.number().int().min(0),
})
const HolidayForm = z.strictObject({ name: z.string(), day: z.string(), yearly: z.literal('1').optional() })
const PATH = '/settings/hours'
/** How the workspace's own hours are named in an address. */
const WORKSPACE = 'workspace'

export const settingsHours = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', (c) => drawAll(c))

  .post('/holidays', valid('form', HolidayForm), async (c) => {
    const { yearly, ...typed } = c.req.valid('form')
    const form = { ...typed, yearly: yearly !== undefined }
    const problem = await refusalOf(c, addHoliday(c.var.app, c.var.viewer, form, await trailOf(c)))
    return problem ? drawAll(c, { ...form, problem }) : shownAgain(c, PATH, () => drawAll(c))
  })

  .post('/holidays/brazil', async (c) => {
    await addBrazilianHolidays(c.var.app, c.var.viewer, await trailOf(c))
    return shownAgain(c, PATH, () => drawAll(c))
  })

  .delete('/holidays/:day', async (c) => {
    await removeHoliday(c.var.app, c.var.viewer, c.req.param('day'), await trailOf(c))
    return shownAgain(c, PATH, () => drawAll(c))
  })

  .get('/greetings/:id', (c) => drawGreeting(c, c.req.param('id')))

  .put('/greetings/:id', valid('form', GreetingForm), async (c) => {
    const inboxId = c.req.param('id')
    const form = c.req.valid('form')
    const problem = await refusalOf(c, changeGreeting(c.var.app, c.var.viewer, { inboxId, ...form }, await trailOf(c)))
    return problem ? drawGreeting(c, inboxId, { ...form, problem }) : goTo(c, PATH)
  })

  .get('/:id', (c) => drawHours(c, c.req.param('id')))

  .put('/:id', valid('form', HoursForm), async (c) => {
    const { answer, version, ...days } = c.req.valid('form')
    const form = { id: idIn(c.req.param('id')), days: Object.values(days), answer, version }
    const problem = await refusalOf(c, changeHours(c.var.app, c.var.viewer, form, await trailOf(c)))
    return problem ? drawHours(c, c.req.param('id'), { ...form, problem }) : goTo(c, PATH)
  })

const idIn = (named: string) => (named === WORKSPACE ? '' : named)

const daysOf = (week: string | null) => (week === null ? Array.from({ length: 7 }, () => '') : weekIn(week).map(textOf))

async function drawAll(c: Context<RouteEnv>, typed?: HolidayTyped) {
  const { app, i18n, viewer } = c.var
  const [hours, holidays, greetings, [voice]] = await readAs(
    app.db,
    viewer,
    hoursRows(viewer),
    holidayRows(viewer),
    greetingRows(viewer),
    workspaceVoice(viewer),
  )
  if (!voice) throw new AppError('not_found')
  const today = dayAt(app.now(), voice.time_zone)
  const coming = holidays
    .map((holiday) => ({ ...holiday, next: nextOf(holiday.day, today) }))
    .toSorted((a, b) => (a.next ?? a.day).localeCompare(b.next ?? b.day))
  return c.render(
    <HoursPage
      i18n={i18n}
      viewer={viewer}
      timeZone={voice.time_zone}
      hours={hours.map((row) => ({ ...row, id: row.id || WORKSPACE, days: daysOf(row.week) }))}
      holidays={coming}
      greetings={greetings}
      typed={typed}
    />,
    { title: i18n.t.hours.title },
  )
}

interface HoursAgain extends Pick<HoursRow, 'version'> {
  days: string[]
  answer: string
  problem: Problem
}

async function drawHours(c: Context<RouteEnv>, named: string, again?: HoursAgain) {
  const { app, i18n, viewer } = c.var
  const [[row], [voice]] = await readAs(app.db, viewer, hoursFor(viewer, idIn(named)), workspaceVoice(viewer))
  if (!row || !voice) throw new AppError('not_found')
  const answer = again?.answer ?? row.answer ?? ''
  return c.render(
    <HoursOfPage
      i18n={i18n}
      viewer={viewer}
      of={{ id: named, name: row.name, version: row.version }}
      days={again?.days ?? daysOf(row.week)}
      answer={answer}
      preview={previewOf(c, answer, voice)}
      problem={again?.problem}
    />,
    { title: row.name ?? i18n.t.hours.everyone },
  )
}

async function drawGreeting(
  c: Context<RouteEnv>,
  inboxId: string,
  again?: z.infer<typeof GreetingForm> & { problem: Problem },
) {
  const { app, i18n, viewer } = c.var
  const [[row], [voice]] = await readAs(app.db, viewer, greetingFor(viewer, inboxId), workspaceVoice(viewer))
  if (!row || !voice) throw new AppError('not_found')
  const body = again?.body ?? row.body ?? ''
  return c.render(
    <GreetingPage
      i18n={i18n}
      viewer={viewer}
      inbox={{ id: inboxId, name: row.name, version: row.version }}
      body={body}
      once={again?.once ?? row.once ?? 'contact'}
      preview={previewOf(c, body, voice)}
      problem={again?.problem}
    />,
    { title: row.name },
  )
}

/** As somebody would read it now. */
function previewOf(
  { var: { app } }: Context<RouteEnv>,
  text: string,
  { locale, time_zone: timeZone }: { locale: Locale; time_zone: string },
): string {
  const somebody = {
    ...{ id: '1a2b3c4d', contactName: 'Maria Souza', inboxAddress: '+55 11 90000-0001' },
    ...{ departmentName: null, timeZone, locale, agentName: null },
  }
  return fillInAll(text, valuesFor(somebody, app.now())).trim()
}
