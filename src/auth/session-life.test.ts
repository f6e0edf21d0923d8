import { expect, test } from 'vitest'
import { endOf, isDueToExtend } from './session-life.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const session = (age: number, idle: number) => {
  const now = 100 * DAY
  return { createdAt: now - age, updatedAt: now - idle, expiresAt: now - idle + 12 * HOUR }
}

test('a session ends where idleness ends it', () => {
  expect(endOf(session(HOUR, 0), 'agent')).toBe(100 * DAY + 12 * HOUR)
})

test.each([
  ['agent', 30],
  ['supervisor', 30],
  ['admin', 7],
  ['owner', 7],
] as const)('a session of an %s ends after %i days however busy it is', (role, days) => {
  expect(endOf(session(days * DAY - HOUR, 0), role)).toBe(100 * DAY + HOUR)
})

test('its end is put off at most every ten minutes', () => {
  expect(isDueToExtend(session(DAY, 599_999), 100 * DAY)).toBe(false)
  expect(isDueToExtend(session(DAY, 600_000), 100 * DAY)).toBe(true)
})
