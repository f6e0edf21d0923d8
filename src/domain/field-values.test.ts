import { expect, it } from 'vitest'
import type { CustomField } from '../db/contact-records.ts'
import { searchTerms } from './contacts.ts'
import { readValue } from './field-values.ts'

const read = (kind: CustomField['kind'], text: string, choices: string[] = []) => {
  const got = readValue({ kind, choices }, text)
  return typeof got === 'string' ? got : got.value
}

it.each([
  ['1234', '1234'],
  ['1.234', '1234'],
  ['1.234.567', '1234567'],
  ['1,5', '1.5'],
  ['1.5', '1.5'],
  ['1.234,50', '1234.5'],
  ['1,234.50', '1234.5'],
  ['0.500', '0.5'],
  ['-007', '-7'],
  ['-0', '0'],
  ['10,00', '10'],
  ['R$ 5', 'fieldNumber'],
  ['1e9', 'fieldNumber'],
  ['=1', 'fieldNumber'],
  ['1234567890123456', 'fieldNumber'],
  ['  ', ''],
])('the number %s is %s', (text, value) => {
  expect(read('number', text)).toBe(value)
})

it.each([
  ['2026-11-05', '2026-11-05'],
  ['5/11/2026', '2026-11-05'],
  ['05.11.2026', '2026-11-05'],
  ['31/02/2026', 'fieldDate'],
  ['11/20/2026', 'fieldDate'],
  ['ontem', 'fieldDate'],
])('the day %s is %s', (text, value) => {
  expect(read('date', text)).toBe(value)
})

it('a choice is one of those that there are, in whatever spelling', () => {
  expect(read('choice', ' sao paulo ', ['São Paulo', 'Recife'])).toBe('São Paulo')
  expect(read('choice', 'Natal', ['São Paulo', 'Recife'])).toBe('fieldChoice')
})

it('a text keeps its letters, less what nobody can see, and has an end', () => {
  expect(read('text', ' a\u0000b <b> ')).toBe('ab <b>')
  expect(read('text', 'x'.repeat(501))).toBe('fieldLong')
})

it.each([
  ['text', '123.456.789-00', '123.456.789-00'],
  ['text', 'Rua João, 5', 'joao'],
  ['date', '05/03/2026', '05/03/2026'],
  ['number', '1.234,5', '1234,5'],
] as const)('what is known as %s %s is found by %s', (kind, text, sought) => {
  const got = readValue({ kind, choices: [] }, text)
  const key = typeof got === 'string' ? '' : got.key
  for (const term of searchTerms(sought)) expect(key.split(' ').some((word) => word.startsWith(term))).toBe(true)
})
