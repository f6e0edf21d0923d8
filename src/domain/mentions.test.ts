import { expect, it } from 'vitest'
import { mentionsIn } from './mentions.ts'

const PEOPLE = ['Ana Lima', 'Bruno Sá', 'Ana Souza', 'João'].map((name) => ({ id: name, name }))
const named = (body: string) =>
  mentionsIn(body, PEOPLE).map(({ start, end, person }) => [body.slice(start, end), person.id])

it.each([
  ['@Ana Lima veja', [['@Ana Lima', 'Ana Lima']]],
  [
    '@bruno e @JOAO',
    [
      ['@bruno', 'Bruno Sá'],
      ['@JOAO', 'João'],
    ],
  ],
  ['fale com @bruno sa!', [['@bruno sa', 'Bruno Sá']]],
  ['@Ana veja', []],
  ['escreva a ana@bruno.com', []],
  ['@brunossauro', []],
  ['@', []],
  ['@@Bruno', [['@Bruno', 'Bruno Sá']]],
])('%j', (body, expected) => {
  expect(named(body)).toEqual(expected)
})

it('a hundred thousand at signs are looked at in no time', () => {
  expect(mentionsIn('@a '.repeat(100_000), PEOPLE)).toEqual([])
})
