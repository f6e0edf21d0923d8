/** What people write into the workspace's own fields, as it is kept: one way to write a number, one to write a day. */
import type { CustomField } from '../db/contact-records.ts'
import { bodyText, foldedKey } from './text.ts'

export const LONGEST_VALUE = 500
const LONGEST_KEY = 200
const ONLY_A_NUMBER = /^[\d\s().+/-]*\d[\d\s().+/-]*$/
const NUMBER = /^[+-]?(\d{1,15})(\.\d{1,6})?$/
const ISO_DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const WRITTEN_DAY = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/

export type ValueProblem = 'fieldLong' | 'fieldNumber' | 'fieldDate' | 'fieldChoice'

export interface ReadValue {
  /** Empty: nothing is known. */
  value: string
  /** What the contact is found by. */
  key: string
}

export function readValue(
  { kind, choices }: Pick<CustomField, 'kind' | 'choices'>,
  text: string,
): ReadValue | ValueProblem {
  const typed = bodyText(text.slice(0, 20_000)).trim()
  if (typed === '') return { value: '', key: '' }
  switch (kind) {
    case 'text':
      return [...typed].length > LONGEST_VALUE ? 'fieldLong' : { value: typed, key: keyOf(typed) }
    case 'number': {
      const value = numberIn(typed)
      return value === null ? 'fieldNumber' : { value, key: numberKeyOf(value) }
    }
    case 'date':
      return dayIn(typed) ?? 'fieldDate'
    case 'choice': {
      const key = foldedKey(typed)
      const value = choices.find((choice) => foldedKey(choice) === key)
      return value === undefined ? 'fieldChoice' : { value, key: key.slice(0, LONGEST_KEY) }
    }
  }
}

/** Digits are sought as digits, however they were grouped (domain/contacts.ts, searchTerms). */
const keyOf = (text: string) =>
  (ONLY_A_NUMBER.test(text) ? text.replaceAll(/\D/g, '').replace(/^0+/, '') : foldedKey(text)).slice(0, LONGEST_KEY)

/** As one number, and as the two that a comma makes of it. */
const numberKeyOf = (value: string) =>
  [...new Set([value.replaceAll(/\D/g, ''), ...(value.match(/\d+/g) ?? [])])].join(' ')

/** 1.234,5 and 1,234.5 and 1234.5 alike. One point before three digits parts thousands, as most of our people write. */
function numberIn(text: string): string | null {
  const plain = text.replaceAll(/\s/g, '')
  const decimal = decimalIn(plain)
  const thousands = decimal === ',' ? /\./g : decimal === '.' ? /,/g : /[.,]/g
  const [, whole, fraction = ''] = NUMBER.exec(plain.replaceAll(thousands, '').replace(',', '.')) ?? []
  if (whole === undefined) return null
  const sign = plain.startsWith('-') ? '-' : ''
  const value = `${sign}${whole.replace(/^0+(?=\d)/, '')}${fraction.replace(/\.?0+$/, '')}`
  return value === '-0' ? '0' : value
}

function decimalIn(text: string): ',' | '.' | null {
  const [points, commas] = [text.split('.').length - 1, text.split(',').length - 1]
  if (points > 0 && commas > 0) return text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.'
  if (commas === 1) return ','
  return points === 1 && !/^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text) ? '.' : null
}

function dayIn(text: string): ReadValue | null {
  const [, isoYear, isoMonth, isoDay] = ISO_DAY.exec(text) ?? []
  const [, writtenDay, writtenMonth, writtenYear] = WRITTEN_DAY.exec(text) ?? []
  const [year, month, day] = [isoYear ?? writtenYear, isoMonth ?? writtenMonth, isoDay ?? writtenDay].map(Number)
  if (!year || !month || !day || year < 1_000) return null
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  const value = date.toISOString().slice(0, 10)
  const [y = '', m = '', d = ''] = value.split('-')
  return { value, key: `${`${d}${m}${y}`.replace(/^0/, '')} ${y}${m}${d}` }
}
