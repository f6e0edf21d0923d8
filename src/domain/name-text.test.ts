import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyText, nameText } from './text.ts'

const TRICKS = [
  '\u200b',
  '\u200d',
  '\u202e',
  '\u2066',
  '\ufeff',
  '\u00ad',
  '\u0000',
  '\u0085',
  '\ud800',
  '\u0301',
  '\ufe0f',
  '👩',
  '🏽',
  '🇧',
  ' ',
  '\n',
  'a',
  'ç',
  'c\u0327',
]
const Tricky = fc
  .array(fc.oneof(fc.constantFrom(...TRICKS), fc.string({ unit: 'grapheme' })), { maxLength: 60 })
  .map((parts) => parts.join(''))

describe('P14: a name', () => {
  it('cleaned twice is as clean as cleaned once', () => {
    fc.assert(
      fc.property(Tricky, (text) => {
        const name = nameText(text)
        expect(nameText(name)).toBe(name)
      }),
      { numRuns: 2_000 },
    )
  })

  it('holds nothing of direction, of control, or that cannot be seen', () => {
    fc.assert(
      fc.property(Tricky, (text) => {
        const name = nameText(text) ?? 'Sem nome'
        expect(name).not.toMatch(/[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u061c\u00ad]|\p{Cc}/u)
        expect(name).not.toMatch(/\p{M}{9}/u)
        expect(name).not.toMatch(
          /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/u,
        )
        expect(name.isWellFormed()).toBe(true)
        expect(name.trim()).toBe(name)
        expect([...new Intl.Segmenter().segment(name)].length).toBeLessThanOrEqual(120)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['a family keeps what joins it', '👩‍👩‍👧 Silva', '👩‍👩‍👧 Silva'],
    ['a flag, a doctor and a beard too', '🏳️‍🌈 👩🏽‍⚕️ 🧔‍♂️', '🏳️‍🌈 👩🏽‍⚕️ 🧔‍♂️'],
    ['what is only dressed as a picture does not', 'a\ufe0f\u200d\ufe0fb', 'a\ufe0f\ufe0fb'],
    ['a word does not', 'pay\u200dpal', 'paypal'],
    ['nothing is no name', ' \u200b\u202e ', null],
    ['one line', 'Ana\nMaria\tda  Silva', 'Ana Maria da Silva'],
    ['one spelling', 'Jose\u0301', 'José'],
  ])('%s', (_, text, name) => {
    expect(nameText(text)).toBe(name)
  })
})

it('a body keeps its lines and its direction, and loses what nobody can store', () => {
  expect(bodyText('um\r\ndois\ttrês\u0000\u0007\u009f \u202eatrás \ud83d')).toBe('um\ndois\ttrês \u202eatrás \ufffd')
})
