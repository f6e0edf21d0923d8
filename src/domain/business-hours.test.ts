import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closedSince, type Hours, type Span, spansIn, textOf } from './business-hours.ts'
import { plusDays } from './calendar.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const every = (text: string) => {
  const spans = spansIn(text)
  if (!spans) throw new Error(`No hours: ${text}`)
  return Array.from({ length: 7 }, () => spans)
}

const hoursOf = (text: string, timeZone = 'America/Sao_Paulo', holidays: string[] = []): Hours => ({
  week: every(text),
  holidays: new Set(holidays),
  timeZone,
})

const since = (hours: Hours, at: string) => {
  const closed = closedSince(hours, Date.parse(at))
  return closed === null ? 'open' : new Date(closed).toISOString()
}

describe('hours as they are written', () => {
  it.each([
    ['08:00-18:00', '08:00-18:00'],
    ['13:30 – 18h, 8h às 12h', '08:00-12:00, 13:30-18:00'],
    ['8-12; 14 a 18', '08:00-12:00, 14:00-18:00'],
    ['22:00-02:00', '22:00-02:00'],
    ['0:00-24:00', '00:00-24:00'],
    ['', ''],
    [' , ', ''],
  ])('%j are %j', (text, written) => {
    expect(textOf(spansIn(text) ?? [])).toBe(written)
  })

  it.each([
    '25:00-26:00',
    '08:60-09:00',
    '08:00',
    '-',
    '8-12, 11-14',
    '22:00-02:00, 23:00-23:30',
    '24:00-02:00',
    'sempre',
    '<script>',
    '1-2,3-4,5-6,7-8,9-10,11-12,13-14',
    '8-12'.repeat(100),
  ])('%j are none', (text) => {
    expect(spansIn(text)).toBeNull()
  })
})

describe('closed since', () => {
  const weekday = hoursOf('08:00-12:00, 13:30-18:00')

  it.each([
    ['2026-11-24T11:00:00Z', 'open'],
    ['2026-11-24T14:59:59Z', 'open'],
    ['2026-11-24T15:00:00Z', '2026-11-24T15:00:00.000Z'],
    ['2026-11-24T16:30:00Z', 'open'],
    ['2026-11-24T21:00:00Z', '2026-11-24T21:00:00.000Z'],
    ['2026-11-25T10:59:59Z', '2026-11-24T21:00:00.000Z'],
    ['2026-11-25T03:30:00Z', '2026-11-24T21:00:00.000Z'],
  ])('at %s: %s', (at, expected) => {
    expect(since(weekday, at)).toBe(expected)
  })

  it('the evening before a holiday, all day long; what began then goes on into it', () => {
    const bar = hoursOf('18:00-02:00', 'America/Sao_Paulo', ['12-25'])
    expect(since(bar, '2026-12-25T04:00:00Z')).toBe('open')
    expect(since(bar, '2026-12-25T05:00:00Z')).toBe('2026-12-25T05:00:00.000Z')
    expect(since(bar, '2026-12-26T00:00:00Z')).toBe('2026-12-25T05:00:00.000Z')
    expect(since(bar, '2026-12-26T21:00:00Z')).toBe('open')
  })

  it('the last day on which it was open, over a holiday week', () => {
    const days = Array.from({ length: 10 }, (_, at) => plusDays('2026-12-22', at))
    const closed = hoursOf('08:00-18:00', 'UTC', days)
    expect(since(closed, '2026-12-31T12:00:00Z')).toBe('2026-12-21T18:00:00.000Z')
  })

  it('the first of the month, where it never opens', () => {
    const never: Hours = { week: every(''), holidays: new Set(), timeZone: 'UTC' }
    expect(since(never, '2026-12-31T12:00:00Z')).toBe('2026-12-01T00:00:00.000Z')
  })

  it('nothing, where the days run into each other', () => {
    for (const text of ['00:00-24:00', '00:00-00:00', '08:00-08:00']) {
      expect(since(hoursOf(text, 'Europe/Lisbon'), '2026-03-29T01:30:00Z'), text).toBe('open')
    }
  })
})

describe('of any week, in any zone', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 1_440 }))
    .map(([from, until]): Span => ({ from, until }))
  const hours = fc.record({
    week: fc.array(fc.array(span, { maxLength: 2 }), { minLength: 7, maxLength: 7 }),
    holidays: fc.constantFrom(new Set<string>(), new Set(['2026-03-28', '10-25', 'easter-2'])),
    timeZone: fc.constantFrom('America/Sao_Paulo', 'Europe/Lisbon', 'America/New_York', 'Australia/Lord_Howe', 'UTC'),
  })
  /** Weeks in which clocks change somewhere, and one in which none do. */
  const moment = fc
    .tuple(
      fc.constantFrom('2026-03-27', '2026-10-24', '2026-04-03', '2026-11-20'),
      fc.integer({ min: 0, max: 5 * 24 * 60 }),
    )
    .map(([day, minutes]) => Date.parse(day) + minutes * MINUTE)

  it('a moment is open or closed, and closed since a moment that was not open, before which it was', () => {
    fc.assert(
      fc.property(hours, moment, (of, at) => {
        const closed = closedSince(of, at)
        if (closed === null) return
        expect(closed).toBeLessThanOrEqual(at)
        // The same night is the same night, whenever in it one asks.
        expect(closedSince(of, closed)).toBe(closed)
        expect(closedSince(of, Math.floor((closed + at) / 2))).toBe(closed)
        if (of.week.some((spans) => spans.length > 0)) expect(closedSince(of, closed - 1)).toBeNull()
      }),
      { numRuns: 1_000 },
    )
  })

  it('what the clock on the wall says is so, but for the hours around a change of clocks', () => {
    fc.assert(
      fc.property(hours, moment, (of, at) => {
        fc.pre(offsetAt(at - 3 * HOUR, of.timeZone) === offsetAt(at + 3 * HOUR, of.timeZone))
        expect(closedSince(of, at) === null).toBe(saysTheWall(of, at))
      }),
      { numRuns: 1_000 },
    )
  })
})

const offsetAt = (at: number, timeZone: string) =>
  new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at).at(-1)?.value

/** Another way to know: by the time that a clock there shows, and the hours of its day and of the day before. */
function saysTheWall({ week, holidays, timeZone }: Hours, at: number): boolean {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const [day = '', time = ''] = format.format(at).split(' ')
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const keys = (of: string) => [of, of.slice(5), of === '2026-04-03' ? 'easter-2' : '']
  const spansOf = (of: string) =>
    keys(of).some((key) => holidays.has(key)) ? [] : (week[new Date(of).getUTCDay()] ?? [])
  return (
    spansOf(day).some(({ from, until }) => from <= minutes && (until <= from || minutes < until)) ||
    spansOf(plusDays(day, -1)).some(({ from, until }) => until <= from && minutes < until)
  )
}
