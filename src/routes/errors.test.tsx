import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../domain/errors.ts'
import { notFound, onError } from './errors.tsx'
import { language, rendering } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'

const env = { APP_ORIGIN: 'https://prosa.example', AUTH_SECRET: 'a-secret-of-the-tests-0123456789abcdef' }
const logged: unknown[][] = []

function appThatThrows(error: unknown, more: { broken?: boolean } = {}) {
  const app = new Hono<RouteEnv>()
  app.onError(onError)
  app.notFound(notFound)
  app.use(async (c, next) => {
    c.set('requestId', 'request-7')
    c.set('app', { log: { error: (...line: unknown[]) => logged.push(line) } } as never)
    await next()
  })
  app.use(language, rendering)
  app.all('/thing', (c) => {
    if (more.broken) c.set('i18n', {} as never)
    throw error
  })
  return (headers: Record<string, string> = {}, path = '/thing') =>
    app.request(path, { headers: { 'accept-language': 'en', ...headers } }, env)
}

const STATUS: [ErrorCode, number][] = [
  ['invalid', 422],
  ['too_long', 422],
  ['forbidden', 403],
  ['not_found', 404],
  ['conflict', 409],
  ['already_sent', 409],
  ['already_taken', 409],
  ['window_closed', 409],
  ['window_over', 409],
  ['not_supported', 422],
  ['too_many_requests', 429],
  ['too_large', 413],
  ['file_too_large', 413],
  ['file_type', 422],
  ['file_empty', 422],
  ['image_immense', 422],
  ['too_many_files', 422],
  ['unavailable', 503],
]

test.each(STATUS)('%s is a page of status %i, and a notice where a part was asked for', async (code, status) => {
  const ask = appThatThrows(new AppError(code, code === 'too_many_requests' ? { retryAfter: 42 } : {}))
  const page = await ask()
  expect(page.status).toBe(status)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('retry-after')).toBe(code === 'too_many_requests' ? '42' : null)
  expect(await page.text()).toMatch(/^<!doctype html><html lang="en"/)

  const part = await ask({ 'HX-Request': 'true', 'HX-Request-Type': 'partial' })
  expect(part.status).toBe(status)
  expect(part.headers.get('hx-retarget')).toBe('#toasts')
  expect(part.headers.get('hx-reswap')).toBe('beforeend')
  expect(await part.text()).toMatch(new RegExp(`^<div class="toast" role="alert" data-code="${code}"`))
})

test('what nobody expected is logged whole, and shown as one calm sentence and a number', async () => {
  logged.length = 0
  const bug = new TypeError('secret of Ana: +55 11 90000-0001')
  const page = await appThatThrows(bug)()
  const html = await page.text()
  expect(page.status).toBe(500)
  expect(html).toContain('request-7')
  expect(html).not.toMatch(/secret|90000|TypeError/)
  expect(logged).toEqual([['request.failed', bug, expect.objectContaining({ requestId: 'request-7' })]])
})

test.each([
  [400, 'invalid'],
  [413, 'too_large'],
  [414, 'too_large'],
  [415, 'invalid'],
] as const)('a refusal of the framework of status %i keeps it', async (status, code) => {
  const part = await appThatThrows(new HTTPException(status))({ 'HX-Request-Type': 'partial' })
  expect(part.status).toBe(status)
  expect(await part.text()).toContain(`data-code="${code}"`)
})

test('where drawing the error fails too, the answer is still an error', async () => {
  const page = await appThatThrows(new AppError('not_found'), { broken: true })()
  expect(page.status).toBe(500)
  expect(await page.text()).toBe('500 request-7')
})

test('a path that is none is a page that says so', async () => {
  const page = await appThatThrows(null)({}, '/nowhere')
  expect(page.status).toBe(404)
  expect(await page.text()).toContain('This no longer exists, or is not yours to see.')
})

test('who is not signed in is sent to sign in by the way their browser understands', async () => {
  const ask = appThatThrows(new AppError('unauthenticated'))
  const page = await ask()
  expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fthing'])
  const boosted = await ask({ 'HX-Request': 'true', 'HX-Request-Type': 'full' })
  expect([boosted.status, boosted.headers.get('hx-redirect')]).toEqual([401, '/sign-in?next=%2Fthing'])
  const part = await ask({
    'HX-Request': 'true',
    'HX-Request-Type': 'partial',
    'HX-Current-URL': 'https://prosa.example/contacts/7?a=b',
  })
  expect([part.status, part.headers.get('hx-redirect')]).toEqual([401, '/sign-in?next=%2Fcontacts%2F7%3Fa%3Db'])
  const misled = await ask({
    'HX-Request': 'true',
    'HX-Request-Type': 'partial',
    'HX-Current-URL': 'https://prosa.example//evil.example',
  })
  expect(misled.headers.get('hx-redirect')).toBe('/sign-in')
})
