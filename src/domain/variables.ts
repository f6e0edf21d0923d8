/** Blanks in words that are said again and again: `{{nome}}`. Those that we know are filled in, the others by hand. */
import type { ConversationHead, Locale } from '../db/records.ts'
import { AppError } from './errors.ts'

export type Variable = 'name' | 'firstName' | 'agent' | 'protocol' | 'number' | 'department' | 'greeting'
export type Values = Record<Variable, string | null>

const BLANK = /\{\{[ \t]*([\p{L}\p{N}_]{1,40})[ \t]*\}\}/gu
/** A comma and a space before it belong to whoever is named. */
const BLANK_AND_BEFORE = /,?[ \t]*\{\{[ \t]*([\p{L}\p{N}_]{1,40})[ \t]*\}\}/gu
const SENTENCE_BEGINS = /(?:^|[.!?\n])[^\p{L}\p{N}.!?,;:(\n]*$/u

/** As they are written in each of our languages; the first of each are those that pages name. */
export const VARIABLES: Record<Variable, Record<Locale, string>> = {
  name: { 'pt-BR': 'nome', en: 'name', es: 'nombre' },
  firstName: { 'pt-BR': 'primeiro_nome', en: 'first_name', es: 'primer_nombre' },
  agent: { 'pt-BR': 'agente', en: 'agent', es: 'agente' },
  protocol: { 'pt-BR': 'protocolo', en: 'protocol', es: 'protocolo' },
  number: { 'pt-BR': 'numero', en: 'number', es: 'numero' },
  department: { 'pt-BR': 'departamento', en: 'department', es: 'departamento' },
  greeting: { 'pt-BR': 'saudacao', en: 'greeting', es: 'saludo' },
}

const BY_WORD = new Map(
  (Object.entries(VARIABLES) as [Variable, Record<Locale, string>][]).flatMap(([variable, words]) =>
    Object.values(words).map((word) => [word, variable] as const),
  ),
)

/** Without accents, in lower case: `{{Saudação}}` is `{{saudacao}}`. */
const variableOf = (word: string) => BY_WORD.get(word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase())

/** What a value says is never looked at again for blanks; what is not known stays to be filled in by hand. */
export const fillIn = (text: string, values: Values) =>
  text.replaceAll(BLANK, (blank, word: string, at: number) => valueAt(at, text, word, values) ?? blank)

/** For what nobody reads before it leaves: what is not known goes, with the comma before it. */
export const fillInAll = (text: string, values: Values) =>
  text.replaceAll(BLANK_AND_BEFORE, (blank, word: string, at: number) => {
    const before = blank.slice(0, blank.indexOf('{{'))
    const value = valueAt(at + before.length, text, word, values)
    return value ? before + value : ''
  })

/** Null: it is not known. A greeting with which a sentence begins does so with a capital letter. */
function valueAt(at: number, text: string, word: string, values: Values): string | null {
  const variable = variableOf(word)
  const value = variable ? values[variable] : null
  const begins = variable === 'greeting' && SENTENCE_BEGINS.test(text.slice(0, at))
  return value && begins ? value.charAt(0).toUpperCase() + value.slice(1) : value
}

/** The first blank of a text as it stands there; null: there is none. */
export const firstBlank = (text: string): string | null => text.match(BLANK)?.[0] ?? null

/** No customer reads a blank that somebody forgot. */
export function refuseBlanks(text: string): void {
  const blank = firstBlank(text)
  if (blank !== null) throw new AppError('unfilled', { blank })
}

/** The blanks that cannot be filled in without a person: names that nobody knows, and whoever answers. */
export const blanksByHand = (text: string): string[] =>
  [...text.matchAll(BLANK)].flatMap(([blank, word = '']) => {
    const variable = variableOf(word)
    return variable === undefined || variable === 'agent' ? [blank] : []
  })

export interface Addressed
  extends Pick<ConversationHead, 'id' | 'contactName' | 'inboxAddress' | 'departmentName' | 'timeZone'> {
  /** The language that the workspace speaks with its customers. */
  locale: Locale
  agentName: string | null
}

export const valuesFor = (of: Addressed, now: number): Values => ({
  name: of.contactName,
  firstName: of.contactName?.split(' ')[0] ?? null,
  agent: of.agentName,
  protocol: protocolOf(of.id),
  number: of.inboxAddress,
  department: of.departmentName,
  greeting: greetingAt(now, of),
})

/** Names a conversation to a customer, the same in every time zone: the end of its id. */
export const protocolOf = (id: string) => `${id.slice(-8, -4)}-${id.slice(-4)}`.toUpperCase()

const GREETINGS: Record<Locale, [string, string, string]> = {
  'pt-BR': ['bom dia', 'boa tarde', 'boa noite'],
  en: ['good morning', 'good afternoon', 'good evening'],
  es: ['buenos días', 'buenas tardes', 'buenas noches'],
}

/** From 5 on it is morning, from 12 on afternoon, from 18 on evening: by the workspace's clock. */
function greetingAt(now: number, { timeZone, locale }: Pick<Addressed, 'timeZone' | 'locale'>): string {
  const hour = Number(new Date(now).toLocaleString('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }))
  const [morning, afternoon, evening] = GREETINGS[locale]
  if (hour >= 5 && hour < 12) return morning
  return hour >= 12 && hour < 18 ? afternoon : evening
}
