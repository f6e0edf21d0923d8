/** The words and the ways to write times of one language in one time zone. Views get it handed in, never look it up. */
import type { Locale } from '../db/records.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { en } from './en/index.ts'
import { es } from './es/index.ts'
import { type Forms, type Messages, ptBR } from './pt-BR/index.ts'

export type { Forms, Messages }
export type Values = Record<string, string | number>

export interface I18n {
  locale: Locale
  t: Messages
  /** 10:42 */
  time(at: number): string
  /** 20/11 */
  date(at: number): string
  /** 20/11/2026 10:42 */
  dateTime(at: number): string
  /** 20/11/2026 10:42:31 */
  moment(at: number): string
  /** sexta-feira, 20 de novembro de 2026 */
  day(at: number): string
  /** 2026-11-20: equal for all moments of one day of this time zone. */
  dayKey(at: number): string
  /** The first moment of that day, in milliseconds. */
  dayStart(at: number): number
  /** A sentence with its `{values}` put in; a value that is not known stays empty. */
  fill(text: string, values: Values): string
  /** A, B e C */
  list(words: string[]): string
  /** 1.234,5 */
  number(n: number): string
  /** R$ 1.234,50; a currency that is none is written as it came. */
  money(amount: number, currency: string | null): string
  /** The form for that many things, with `{n}` put in: people say none as they say many, in each of our languages. */
  count(forms: Forms, n: number): string
  /** What an AppError says to the person at the screen; how long to wait, in the unit that people would say. */
  error(code: ErrorCode, details?: Values): string
}

export const CATALOGS: Record<Locale, Messages> = { 'pt-BR': ptBR, en, es }
export const DEFAULT_LOCALE: Locale = 'pt-BR'

/** How each language calls itself: never translated. */
export const LANGUAGES: Record<Locale, string> = { 'pt-BR': 'Português (Brasil)', en: 'English', es: 'Español' }

const REGION: Record<Locale, string> = { 'pt-BR': 'pt-BR', en: 'en-US', es: 'es-419' }
const CURRENCY = /^[a-z]{3}$/i
const HOUR = 3_600_000
const MOST_ZONES = 64
const made = new Map<string, I18n>()

/** Formatters are slow to make and hold nothing of a request: one set a language and time zone is kept. */
export function i18nFor(locale: Locale, timeZone: string): I18n {
  const key = `${locale} ${timeZone}`
  let i18n = made.get(key)
  if (!i18n) {
    if (made.size >= MOST_ZONES) made.clear()
    i18n = make(locale, timeZone)
    made.set(key, i18n)
  }
  return i18n
}

/** The first language of the browser's list that we speak. */
export function localeFrom(acceptLanguage: string | null): Locale {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 512)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='))
      return { language: tag.split('-')[0], q: quality ? Number(quality.slice(2)) || 0 : 1 }
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
  for (const { language } of wanted) {
    if (language === 'pt') return 'pt-BR'
    if (language === 'en' || language === 'es') return language
  }
  return DEFAULT_LOCALE
}

/** Replaces `{name}` by its value. What a value says is never looked at again for names. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

function make(locale: Locale, timeZone: string): I18n {
  const t = CATALOGS[locale]
  const region = REGION[locale]
  const clock =
    locale === 'en'
      ? ({ hour: 'numeric', minute: '2-digit' } as const)
      : ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const)
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(region, { timeZone, ...options })
  const time = format(clock)
  const seconds = format({ ...clock, second: '2-digit' })
  const date = format({ day: '2-digit', month: '2-digit' })
  const fullDate = format({ day: '2-digit', month: '2-digit', year: 'numeric' })
  const day = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const key = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const wall = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })
  const number = new Intl.NumberFormat(region, { maximumFractionDigits: 3 })
  const list = new Intl.ListFormat(region)

  const dayKey = (at: number) => key.format(at)
  const sinceMidnight = (at: number) => {
    const of = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    return ((of.hour ?? 0) * 3600 + (of.minute ?? 0) * 60 + (of.second ?? 0)) * 1000 + (((at % 1000) + 1000) % 1000)
  }

  return {
    locale,
    t,
    time: (at) => time.format(at),
    date: (at) => date.format(at),
    dateTime: (at) => `${fullDate.format(at)} ${time.format(at)}`,
    moment: (at) => `${fullDate.format(at)} ${seconds.format(at)}`,
    day: (at) => day.format(at),
    dayKey,
    dayStart: (at) => {
      const start = at - sinceMidnight(at)
      // Where the clocks changed since midnight, the subtraction lands an hour off, on one side or the other.
      return dayKey(start) === dayKey(at) ? start - sinceMidnight(start) : start + HOUR
    },
    fill,
    list: (words) => list.format(words),
    number: (n) => number.format(n),
    money: (amount, currency) => {
      if (currency === null) return number.format(amount)
      if (!CURRENCY.test(currency)) return `${number.format(amount)} ${currency}`
      return new Intl.NumberFormat(region, { style: 'currency', currency }).format(amount)
    },
    count: (forms, n) => fill(n === 1 ? forms.one : forms.other, { n: number.format(n) }),
    error: (code, details = {}) => {
      const sentence: { plain: string; detailed?: string } = t.errors[code]
      const { detailed } = sentence
      if (!detailed || placeholders(detailed).some((name) => !(name in details))) return sentence.plain
      const wait = details['retryAfter']
      return fill(detailed, typeof wait === 'number' ? { ...details, retryAfter: waitIn(region, wait) } : details)
    },
  }
}

/** So many seconds as people say it, and rather too long than too short. */
function waitIn(region: string, seconds: number): string {
  const [n, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3600), 'hour']
  return new Intl.NumberFormat(region, { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(Number(n))
}

/** The names that a sentence leaves open. */
export function placeholders(text: string): string[] {
  return Array.from(text.matchAll(/\{([A-Za-z]+)\}/g), (match) => match[1] ?? '')
}
