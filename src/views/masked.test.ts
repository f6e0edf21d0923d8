import fc from 'fast-check'
import { expect, test } from 'vitest'
import { masked } from './masked.ts'

test('what a person said and who they are is covered, what the protocol says is not', () => {
  const event = { kind: 'message', text: 'Oi, sou a Maria', peer: { externalIds: ['5511999990001'] }, occurredAt: 1700 }
  const shown = masked(JSON.stringify(event))
  expect(JSON.parse(shown)).toEqual({
    kind: 'message',
    text: '••••••••••••',
    peer: { externalIds: ['••••••••••••'] },
    occurredAt: '••••',
  })
})

test('a name of the protocol does not smuggle a sentence through', () => {
  expect(masked('{"type":"Rua das Flores 12"}')).not.toContain('Flores')
})

test('nothing of a text shows, wherever it stands', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6 }), fc.string(), (secret, key) => {
      const shown = masked(JSON.stringify({ [`_${key}`]: [{ deep: ` ${secret}` }] }))
      return JSON.parse(shown)[`_${key}`][0].deep === '•'.repeat(Math.min(12, secret.length + 1))
    }),
  )
})

test('what is no JSON is covered whole', () => {
  expect(masked('não é JSON')).toBe('"••••••••••"')
})
