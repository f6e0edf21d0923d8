/** Days and clocks of a time zone, and the days on which nobody works. A day is written as 2026-11-20. */

const DAY = 86_400_000
const MINUTE = 60_000
const clocks = new Map<string, Intl.DateTimeFormat>()

/** Slow to make, and the same for everyone in the zone. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
  clocks.set(timeZone, clock)
  return clock
}

/** What the clocks on the wall show then, as if it were UTC. */
function wallAt(at: number, timeZone: string): number {
  const of = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = of
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

export const dayAt = (at: number, timeZone: string) => dayOf(wallAt(at, timeZone))

const dayOf = (utc: number) => new Date(utc).toISOString().slice(0, 10)

export const plusDays = (day: string, days: number) => dayOf(Date.parse(day) + days * DAY)

/** Sunday is 0. */
export const weekdayOf = (day: string) => new Date(Date.parse(day)).getUTCDay()

/**
 * When the clocks there have shown so many minutes since the day's midnight. Of an hour that they show twice, the first
 * time; of one that they leap over, so much after the leap.
 */
export function instantOf(day: string, minutes: number, timeZone: string): number {
  const wall = Date.parse(day) + minutes * MINUTE
  const [before = 0, after = 0] = [wall - DAY, wall + DAY].map((at) => wallAt(at, timeZone) - at)
  const shown = [wall - before, wall - after].filter((at) => wallAt(at, timeZone) === wall)
  return shown.length > 0 ? Math.min(...shown) : wall - before
}

/** Easter Sunday of a year, by the Gregorian calendar (Meeus, Jones and Butcher). */
export function easterOf(year: number): string {
  const a = year % 19
  const [b, c] = [Math.floor(year / 100), year % 100]
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  return dayOf(Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1))
}

/** As holidays are kept: this day once, this day of every year, and this day as counted from Easter. */
export function holidayKeysOf(day: string): [string, string, string] {
  const fromEaster = (Date.parse(day) - Date.parse(easterOf(Number(day.slice(0, 4))))) / DAY
  return [day, day.slice(5), `easter${fromEaster < 0 ? '' : '+'}${fromEaster}`]
}

export const isHoliday = (day: string, holidays: ReadonlySet<string>) =>
  holidayKeysOf(day).some((key) => holidays.has(key))

/** The next time that this holiday comes round, from `today` on; null: it is over. */
export function nextOf(key: string, today: string): string | null {
  if (/^\d{4}-/.test(key)) return key >= today ? key : null
  const year = Number(today.slice(0, 4))
  // The 29th of February comes every fourth year, or every eighth.
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const day = inYear(key, year + ahead)
    if (day !== null && day >= today) return day
  }
  return null
}

function inYear(key: string, year: number): string | null {
  if (key.startsWith('easter')) return plusDays(easterOf(year), Number(key.slice('easter'.length)))
  return realDay(`${year}-${key}`)
}

/** Null: there is no such day. */
export function realDay(day: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const at = Date.parse(day)
  return !Number.isNaN(at) && dayOf(at) === day ? day : null
}

/**
 * Brazil's national holidays by law, and the days around them on which most of the country does not work either. In
 * Portuguese everywhere: it is how they are called.
 */
export const BRAZILIAN: { day: string; name: string }[] = [
  { day: '01-01', name: 'Confraternização Universal' },
  { day: 'easter-48', name: 'Carnaval (segunda-feira)' },
  { day: 'easter-47', name: 'Carnaval (terça-feira)' },
  { day: 'easter-2', name: 'Paixão de Cristo' },
  { day: '04-21', name: 'Tiradentes' },
  { day: '05-01', name: 'Dia do Trabalho' },
  { day: 'easter+60', name: 'Corpus Christi' },
  { day: '09-07', name: 'Independência do Brasil' },
  { day: '10-12', name: 'Nossa Senhora Aparecida' },
  { day: '11-02', name: 'Finados' },
  { day: '11-15', name: 'Proclamação da República' },
  { day: '11-20', name: 'Dia da Consciência Negra' },
  { day: '12-25', name: 'Natal' },
]
