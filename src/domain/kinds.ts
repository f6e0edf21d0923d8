/** What an agent says otherwise than in words alone: checked against what the channel takes before anything is stored. */
import type { Length, Limits } from '../channels/limits.ts'
import { AppError } from './errors.ts'
import type { Said, Saying } from './messages.ts'
import { readPhone } from './phone-number.ts'
import { isWithin } from './reply-window.ts'
import { bodyText, nameText } from './text.ts'

/** Where something lies; the rest is what people call it. */
export interface Place {
  latitude: number
  longitude: number
  name: string
  address: string
}

const LONGEST_LINE: Length = { length: 1000, unit: 'code_points' }

export const place = ({ latitude, longitude, name, address }: Place): Saying => {
  const called = { ...present('name', line(name)), ...present('address', line(address)) }
  const content = { location: { latitude, longitude, ...called } }
  return saying({ type: 'location', body: null, content }, (limits) => {
    offered(limits.location)
    if (!within(latitude, 90)) refuse('latitude', 'coordinates')
    if (!within(longitude, 180)) refuse('longitude', 'coordinates')
    short(LONGEST_LINE, 'name', called.name ?? '')
    short(LONGEST_LINE, 'address', called.address ?? '')
  })
}

const within = (degrees: number, most: number) => Number.isFinite(degrees) && Math.abs(degrees) <= most

export interface Card {
  name: string
  phone: string
  country: string
}

export const card = ({ name, phone, country }: Card): Saying => {
  const called = nameText(name) ?? ''
  const read = readPhone(phone, country)
  const content = { contacts: [{ name: called, phones: [{ number: read.phone ?? line(phone) }] }] }
  return saying({ type: 'contacts', body: null, content }, (limits) => {
    offered(limits.contacts)
    filled('name', called)
    if (read.problem || read.phone === null) refuse('phone', read.problem ?? 'badPhone')
  })
}

export interface Buttons {
  body: string
  footer: string
  /** Empty ones are none. */
  titles: string[]
}

export const buttons = ({ body, footer, titles }: Buttons): Saying => {
  const text = words(body)
  const foot = line(footer)
  const named = titles.map(line).filter(Boolean)
  const content = { buttons: named.map((title, at) => ({ id: `b${at + 1}`, title })), ...present('footer', foot) }
  return saying({ type: 'interactive', body: text, content: { buttons: content } }, ({ buttons: limit }) => {
    offered(limit)
    filled('body', text)
    short(limit.body, 'body', text)
    footed(limit.footer, foot)
    counted('titles', named, limit.most)
    for (const title of named) short(limit.title, 'titles', title)
  })
}

export interface List {
  body: string
  footer: string
  button: string
  /** Rows without a title are none. */
  rows: { title: string; description: string }[]
}

export const list = ({ body, footer, button, rows }: List): Saying => {
  const text = words(body)
  const foot = line(footer)
  const opener = line(button)
  const typed = rows.map((row) => ({ title: line(row.title), description: line(row.description) }))
  const shown = typed.filter(({ title }) => title)
  const numbered = shown.map(({ title, description }, at) => ({
    ...{ id: `r${at + 1}`, title },
    ...present('description', description),
  }))
  const content = { button: opener, sections: [{ rows: numbered }], ...present('footer', foot) }
  return saying({ type: 'interactive', body: text, content: { list: content } }, ({ list: limit }) => {
    offered(limit)
    filled('body', text)
    short(limit.body, 'body', text)
    footed(limit.footer, foot)
    filled('button', opener)
    short(limit.button, 'button', opener)
    if (typed.some(({ title, description }) => !title && description)) refuse('rows', 'untitled')
    counted(
      'rows',
      shown.map(({ title }) => title),
      limit.mostRows,
    )
    for (const { title, description } of shown) {
      short(limit.title, 'rows', title)
      short(limit.description, 'rows', description)
    }
  })
}

const saying = (said: Said, check: (limits: Limits) => void): Saying => ({
  fingerprint: JSON.stringify(said),
  said,
  check,
})

const words = (text: string) => bodyText(text).trim()
const line = (text: string) => words(text).replaceAll(/\s+/g, ' ')

const present = <K extends string>(key: K, value: string) => (value ? { [key]: value } : {}) as { [P in K]?: string }

function offered<T>(limit: T): asserts limit is Exclude<T, null | false> {
  if (limit === null || limit === false) throw new AppError('not_supported')
}

function filled(field: string, text: string) {
  if (text === '') refuse(field, 'empty')
}

/** In the unit that the provider counts in. */
function short(limit: Length, field: string, text: string) {
  if (!isWithin(limit, text)) throw new AppError('too_long', { field, limit: limit.length })
}

function footed(limit: Length | null, footer: string) {
  if (footer && limit === null) throw new AppError('not_supported')
  if (footer && limit) short(limit, 'footer', footer)
}

/** At least one, at most so many, and no two alike: which of them was chosen must be plain to see. */
function counted(field: string, titles: string[], most: number) {
  if (titles.length === 0) refuse(field, 'none')
  if (titles.length > most) throw new AppError('invalid', { field, reason: 'tooMany', limit: most })
  if (new Set(titles).size < titles.length) refuse(field, 'twice')
}

function refuse(field: string, reason: string): never {
  throw new AppError('invalid', { field, reason })
}
