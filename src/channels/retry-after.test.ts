import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString()

test.each<[string | null, number | null]>([
  [null, null],
  ['', null],
  ['soon', null],
  ['1e9', null],
  ['NaN', null],
  ['Infinity', null],
  ['12 seconds', null],
  ['Sun, 99 Foo 2026 99:99:99 GMT', null],
  ['30', 30_000],
  [' 30 ', 30_000],
  ['1.5', 1_500],
  ['0', 1_000],
  ['-5', 1_000],
  ['3600', 3_600_000],
  ['86400', 3_600_000],
  ['9'.repeat(400), 3_600_000],
  [inSeconds(90), 90_000],
  [inSeconds(-90), 1_000],
  [inSeconds(86_400), 3_600_000],
])('%j asks for %j ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms)
})

test('P12: whatever the header, the wait is none or between a second and an hour', () => {
  const header = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  )
  fc.assert(
    fc.property(header, fc.integer({ min: 0, max: 4e12 }), (value, now) => {
      const ms = retryAfterMs(value, now)
      expect(ms === null || (Number.isInteger(ms) && ms >= 1_000 && ms <= 3_600_000)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('P12: what fits is honoured to the millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3600 }), (seconds) => {
      expect(retryAfterMs(String(seconds), NOW)).toBe(seconds * 1000)
      expect(retryAfterMs(inSeconds(seconds), NOW)).toBe(seconds * 1000)
    }),
    { numRuns: 1_000 },
  )
})
