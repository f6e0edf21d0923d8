import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Marked, readMarks } from './marked-text.ts'
import { entitiesOf } from './telegram/marks.ts'

const written = (piece: Marked): string =>
  typeof piece === 'string' ? piece : `${piece.opened}${piece.inside.map(written).join('')}${piece.closed}`

const text = fc.string({
  unit: fc.constantFrom('*', '_', '~', '`', '>', '-', ' ', '\n', 'a', 'é', '😀', '.', 'https://a.b/c '),
})

test('no character is added or lost', () => {
  const whole = (typed: string) => readMarks(typed).map(written).join('') === typed
  fc.assert(fc.property(text, whole), { numRuns: 2_000 })
})

test('beside the words, each look has its place in them, and what marks nothing stays', () => {
  fc.assert(
    fc.property(text, (typed) => {
      const { text: words, entities } = entitiesOf(typed)
      for (const { offset, length } of entities) {
        expect(length).toBeGreaterThan(0)
        expect(offset + length).toBeLessThanOrEqual(words.length)
      }
      if (entities.length === 0) expect(words).toBe(typed)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a *b* c', 'a b c', [['bold', 2, 1]]],
  [
    '*a _b_ c*',
    'a b c',
    [
      ['italic', 2, 1],
      ['bold', 0, 5],
    ],
  ],
  ['> dito\nsim', 'dito\nsim', [['blockquote', 0, 4]]],
  ['- *um*\n- dois', '- um\n- dois', [['bold', 2, 2]]],
  ['```x *y*```', 'x *y*', [['pre', 0, 5]]],
  ['2*3*4 e a_b_c', '2*3*4 e a_b_c', []],
  ['https://a.b/c_d_e', 'https://a.b/c_d_e', []],
])('%j is %j', (typed, words, looks) => {
  const { text, entities } = entitiesOf(typed)
  expect(text).toBe(words)
  expect(entities.map(({ type, offset, length }) => [type, offset, length])).toEqual(looks)
})
