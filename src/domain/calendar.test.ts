import { describe, expect, it } from 'vitest'
import { BRAZILIAN, dayAt, easterOf, holidayKeysOf, instantOf, isHoliday, nextOf, realDay } from './calendar.ts'

describe('the clocks of a time zone', () => {
  it.each([
    ['2026-11-20', 9 * 60, 'America/Sao_Paulo', '2026-11-20T12:00:00Z'],
    ['2026-11-20', 9 * 60, 'America/Manaus', '2026-11-20T13:00:00Z'],
    ['2026-11-20', 24 * 60, 'UTC', '2026-11-21T00:00:00Z'],
    // The hour that is leapt over, and the one that comes twice.
    ['2026-03-29', 2 * 60 + 30, 'Europe/Lisbon', '2026-03-29T01:30:00Z'],
    ['2026-03-29', 1 * 60 + 30, 'Europe/Lisbon', '2026-03-29T01:30:00Z'],
    ['2026-10-25', 1 * 60 + 30, 'Europe/Lisbon', '2026-10-25T00:30:00Z'],
    ['2026-03-08', 9 * 60, 'America/New_York', '2026-03-08T13:00:00Z'],
    ['2026-11-01', 9 * 60, 'America/New_York', '2026-11-01T14:00:00Z'],
    // Brazil's last summer time began at midnight: that day has no midnight.
    ['2018-11-04', 0, 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ])('on %s, after %i minutes in %s, it is %s', (day, minutes, timeZone, at) => {
    expect(new Date(instantOf(day, minutes, timeZone)).toISOString()).toBe(at.replace('Z', '.000Z'))
  })

  it('say what day it is there', () => {
    const at = Date.parse('2026-11-21T02:59:59Z')
    expect(['America/Sao_Paulo', 'UTC', 'Asia/Tokyo'].map((zone) => dayAt(at, zone))).toEqual([
      '2026-11-20',
      '2026-11-21',
      '2026-11-21',
    ])
  })
})

describe('holidays', () => {
  it.each([
    [2000, '2000-04-23'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
    [2285, '2285-03-22'],
  ])('Easter of %i is on %s', (year, day) => {
    expect(easterOf(year)).toBe(day)
  })

  it('of Brazil in 2026 are those of its calendar', () => {
    const days = new Set(BRAZILIAN.map(({ day }) => day))
    const year = Array.from({ length: 365 }, (_, at) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10))
    expect(year.filter((day) => isHoliday(day, days))).toEqual([
      '2026-01-01',
      '2026-02-16',
      '2026-02-17',
      '2026-04-03',
      '2026-04-21',
      '2026-05-01',
      '2026-06-04',
      '2026-09-07',
      '2026-10-12',
      '2026-11-02',
      '2026-11-15',
      '2026-11-20',
      '2026-12-25',
    ])
  })

  it('are kept once, for every year, or as counted from Easter', () => {
    expect(holidayKeysOf('2026-04-03')).toEqual(['2026-04-03', '04-03', 'easter-2'])
    expect(holidayKeysOf('2026-04-05')[2]).toBe('easter+0')
  })

  it.each([
    ['12-25', '2026-11-26', '2026-12-25'],
    ['01-01', '2026-11-26', '2027-01-01'],
    ['easter-2', '2026-11-26', '2027-03-26'],
    ['2026-11-26', '2026-11-26', '2026-11-26'],
    ['2026-11-25', '2026-11-26', null],
    ['02-29', '2026-11-26', '2028-02-29'],
  ])('%s comes next, from %s on, on %s', (key, today, next) => {
    expect(nextOf(key, today)).toBe(next)
  })

  it.each(['2026-02-29', '2026-13-01', '26-01-01', '', '2026-1-1', 'ontem'])('%j is no day', (day) => {
    expect(realDay(day)).toBeNull()
  })
})
