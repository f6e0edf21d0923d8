import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sessionHashOf } from '../db/queries/sessions.ts'
import { pseudonymOf, signed, unsigned } from './signing.ts'

const SECRET = 'a-secret-of-the-tests-0123456789abcdef'

test('what was signed comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (value) => {
      expect(await unsigned(SECRET, 'scope.v1', await signed(SECRET, 'scope.v1', value))).toBe(value.toWellFormed())
    }),
    { numRuns: 200 },
  )
})

test('one changed character anywhere is refused', async () => {
  const text = await signed(SECRET, 'scope.v1', '{"role":"agent"}')
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === 'A' ? 'B' : 'A'
    const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`
    expect(await unsigned(SECRET, 'scope.v1', changed), `at ${at}`).not.toBe('{"role":"owner"}')
    if (await unsigned(SECRET, 'scope.v1', changed)) {
      // The last character of base64 has bits that say nothing: the value behind it is still the one that was signed.
      expect(await unsigned(SECRET, 'scope.v1', changed)).toBe('{"role":"agent"}')
    }
  }
})

test('a signature for one purpose, or by another secret, is none', async () => {
  const text = await signed(SECRET, 'scope.v1', 'x')
  expect(await unsigned(SECRET, 'media.v1', text)).toBeNull()
  expect(await unsigned(`${SECRET}!`, 'scope.v1', text)).toBeNull()
})

test.each(['', '.', 'x', 'a.b.c', '%.%', `${'A'.repeat(5_000)}.A`])('%s is refused without a fuss', async (text) => {
  expect(await unsigned(SECRET, 'scope.v1', text)).toBeNull()
})

test('a session is named without showing its token, an address without showing itself', async () => {
  const hash = await sessionHashOf('token-of-a-session')
  expect(hash).toMatch(/^[\w-]{43}$/)
  expect(hash).not.toContain('token')
  expect(await sessionHashOf('token-of-a-session')).toBe(hash)
  expect(await pseudonymOf(SECRET, 'address', '203.0.113.9')).not.toBe(
    await pseudonymOf(SECRET, 'limit', '203.0.113.9'),
  )
})
