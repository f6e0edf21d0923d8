import { afterEach, expect, it, vi } from 'vitest'
import { consoleLog } from './log.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function logged(error: unknown): string {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  consoleLog.error('request.failed', error, { requestId: 'r' })
  return String(told.mock.calls.at(-1)?.[0])
}

it('an error is told by its kind and its place, and by nothing that anybody wrote', () => {
  const error = new RangeError(
    'Failed query: select * from user where email = ?\nparams: ana@example.com\nat home\ntoken EAAJ',
  )
  const line = logged(error)
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    event: 'request.failed',
    requestId: 'r',
    error: 'RangeError',
  })
  expect(JSON.parse(line).at[0]).toMatch(/^at .*log\.test\.ts/)
  expect(line).not.toMatch(/ana@|EAAJ|select|params|at home/)
})

it('what was thrown and is no error is told by its type alone', () => {
  expect(logged('ana@example.com')).not.toContain('ana@')
  expect(JSON.parse(logged({ body: 'Oi' }))).toMatchObject({ error: 'object' })
})
