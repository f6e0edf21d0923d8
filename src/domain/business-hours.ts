/** When people answer: the hours of a week, but for holidays, by the clocks of a time zone. */
import * as z from 'zod'
import { dayAt, instantOf, isHoliday, plusDays, weekdayOf } from './calendar.ts'

/** In minutes since midnight. One that ends no later than it begins ends on the day after. */
export interface Span {
  from: number
  until: number
}

/** The spans of each day, Sunday first. */
export type Week = Span[][]

export interface Hours {
  week: Week
  holidays: ReadonlySet<string>
  timeZone: string
}

const A_DAY = 24 * 60
const MOST_SPANS = 6
const LONGEST_TEXT = 200
const LOOKED_BACK = 31
const SPAN = /^(\d{1,2})(?:[:h](\d{2})?)?\s*(?:-|–|—|a|às|to)\s*(\d{1,2})(?:[:h](\d{2})?)?$/

const StoredWeek = z.array(z.array(z.object({ from: z.number(), until: z.number() }))).length(7)

export const weekIn = (json: string): Week => StoredWeek.parse(JSON.parse(json))

/** No day of it has any hours: nothing is set. */
export const isUnset = (week: Week) => week.every((spans) => spans.length === 0)

/** `08:00-12:00, 13:30-18:00`; nothing: closed. Null: it is no such thing, or two of them overlap. */
export function spansIn(text: string): Span[] | null {
  const parts = text
    .slice(0, LONGEST_TEXT)
    .toLowerCase()
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const spans = parts.flatMap((part) => spanIn(part) ?? [])
  if (text.length > LONGEST_TEXT || spans.length !== parts.length || spans.length > MOST_SPANS) return null
  const inOrder = spans.toSorted((a, b) => a.from - b.from)
  const overlaps = inOrder.some((span, at) => at > 0 && span.from < endOf(inOrder[at - 1] ?? span))
  return overlaps ? null : inOrder
}

function spanIn(part: string): Span | null {
  const found = SPAN.exec(part)
  const [from, until] = [minutesOf(found?.[1], found?.[2]), minutesOf(found?.[3], found?.[4])]
  return from === null || until === null || from === A_DAY ? null : { from, until }
}

function minutesOf(hours: string | undefined, minutes = '0'): number | null {
  const at = Number(hours ?? Number.NaN) * 60 + Number(minutes)
  return Number(minutes) < 60 && at >= 0 && at <= A_DAY ? at : null
}

export const textOf = (spans: Span[]) => spans.map(({ from, until }) => `${timeOf(from)}-${timeOf(until)}`).join(', ')

const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const endOf = ({ from, until }: Span) => (until > from ? until : until + A_DAY)

/** Since when nobody answers; null: somebody does. */
export function closedSince(hours: Hours, at: number): number | null {
  const today = dayAt(at, hours.timeZone)
  // What began yesterday may last until today.
  const around = [...openings(hours, today), ...openings(hours, plusDays(today, -1))]
  if (around.some(({ from, until }) => from <= at && at < until)) return null
  for (let back = 0; back <= LOOKED_BACK; back += 1) {
    const day = plusDays(today, -back)
    const ended = endedBy(at, openings(hours, day))
    if (ended.length > 0) return Math.max(...ended, ...endedBy(at, openings(hours, plusDays(day, -1))))
  }
  // For so long that each month counts by itself.
  return instantOf(`${today.slice(0, 8)}01`, 0, hours.timeZone)
}

const endedBy = (at: number, spans: Span[]) => spans.map(({ until }) => until).filter((until) => until <= at)

/** When it opens on that day, and until when. A holiday opens nothing; what began before it goes on into it. */
function openings({ week, holidays, timeZone }: Hours, day: string): Span[] {
  if (isHoliday(day, holidays)) return []
  const spans = (week[weekdayOf(day)] ?? []).map((span) => ({
    from: instantOf(day, span.from, timeZone),
    until: instantOf(day, endOf(span), timeZone),
  }))
  // Clocks that leap over it leave nothing of a short one.
  return spans.filter(({ from, until }) => from < until)
}
