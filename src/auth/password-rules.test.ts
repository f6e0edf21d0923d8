import { expect, it } from 'vitest'
import { whyNotPassword } from './password-rules.ts'

it.each(['', 'x', 'eleven char', 'x'.repeat(257)])('%j is no length for a password', (password) => {
  expect(whyNotPassword(password)).toBe('password')
})

it.each([
  'aaaaaaaaaaaa',
  'abcabcabcabc',
  '123456789012',
  '098765432109',
  'ABCDEFGHIJKL',
  '............',
  'Password1234',
  'Senha 1234-5678',
  'Minha senha 123',
  'corinthians123',
])('%j is tried first', (password) => {
  expect(whyNotPassword(password)).toBe('common')
})

it.each([
  'correct horse battery',
  'prosa-demo-2026',
  'uma frase comprida',
  'ñandú con ají 7',
  '👩‍👩‍👧‍👦 na praia hoje',
  '   três espaços',
])('%j can be chosen', (password) => {
  expect(whyNotPassword(password)).toBeNull()
})
