import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { expect, test } from 'vitest'
import { AppError } from '../domain/errors.ts'
import type { RouteEnv } from './route-env.ts'
import { boundedShape, cspReport, methodOverride, requestId, sameOrigin, securityHeaders } from './security.ts'

const ORIGIN = 'https://prosa.example'
const env = { APP_ORIGIN: `${ORIGIN}, https://www.prosa.example`, MEDIA_ORIGIN: 'https://media.example' }
const warnings: [string, unknown][] = []
const context = { waitUntil() {}, passThroughOnException() {}, props: {} }

const app = new Hono<RouteEnv>()
app.use(requestId, securityHeaders, async (c, next) => {
  c.set('app', { log: { warn: (event: string, fields: unknown) => warnings.push([event, fields]) } } as never)
  await next()
})
app.use(sameOrigin, boundedShape, methodOverride(app))
app.post('/reports/csp', cspReport)
app.get('/page', (c) => c.html('<p>page</p>'))
app.get('/file', (c) => c.body('bytes', 200, { 'Content-Security-Policy': 'sandbox', 'Cache-Control': 'private' }))
app.on(['POST', 'PUT', 'DELETE', 'PATCH'], '/thing', async (c) => c.text(`${c.req.method} ${await c.req.text()}`))
app.post('/webhooks/whatsapp/key', (c) => c.text('taken'))
app.onError((error, c) => {
  const status = error instanceof HTTPException ? error.status : error instanceof AppError ? 403 : 500
  return c.text(error instanceof AppError ? error.code : String(error.message), status)
})

const ask = (path: string, init: RequestInit = {}) =>
  Promise.resolve(app.fetch(new Request(`${ORIGIN}${path}`, init), env as never, context as never))

const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
  body: new URLSearchParams(fields).toString(),
})

test('a page says what it may load, and that nobody keeps it', async () => {
  const answer = await ask('/page')
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: https://media.example; " +
      "media-src 'self' blob: https://media.example; font-src 'self'; connect-src 'self'; worker-src 'self'; " +
      "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; " +
      "require-trusted-types-for 'script'; trusted-types htmx; report-uri /reports/csp; report-to csp",
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(self), payment=(), usb=()',
    'cache-control': 'no-store',
    vary: 'HX-Request-Type',
  })
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('a file keeps the stricter headers that its route gave it', async () => {
  const answer = await ask('/file')
  expect(answer.headers.get('content-security-policy')).toBe('sandbox')
  expect(answer.headers.get('cache-control')).toBe('private')
})

test('over plain http nothing is promised about https', async () => {
  const answer = await app.fetch(new Request('http://127.0.0.1:8787/page'), env as never, context as never)
  expect(answer.headers.get('strict-transport-security')).toBeNull()
})

const FROM: [string, Record<string, string>, number][] = [
  ['our own page', { 'sec-fetch-site': 'same-origin' }, 200],
  ['our own page, whatever its Origin', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
  ['a sibling host', { 'sec-fetch-site': 'same-site', origin: ORIGIN }, 403],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: ORIGIN }, 403],
  ['the address bar', { 'sec-fetch-site': 'none' }, 403],
  ['an older browser on our page', { origin: ORIGIN }, 200],
  ['an older browser on our other host', { origin: 'https://www.prosa.example' }, 200],
  ['an older browser elsewhere', { origin: 'https://evil.example' }, 403],
  ['a host that begins like ours', { origin: `${ORIGIN}.evil.example` }, 403],
  ['our host without TLS', { origin: 'http://prosa.example' }, 403],
  ['another port', { origin: `${ORIGIN}:8443` }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['nobody knows where', {}, 403],
]

for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
  test.each(FROM)(`${method} from %s`, async (_, headers, status) => {
    expect((await ask('/thing', { method, headers })).status).toBe(status)
  })
}

test.each(['GET', 'HEAD', 'OPTIONS'])('%s may come from anywhere', async (method) => {
  expect((await ask('/page', { method, headers: { 'sec-fetch-site': 'cross-site' } })).status).not.toBe(403)
})

test('a provider has no page of ours to come from', async () => {
  const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  expect((await ask('/webhooks/whatsapp/key', body)).status).toBe(200)
  expect((await ask('/webhooks', body)).status).toBe(403)
})

test('a form may be 64 KB and have a hundred fields, and must be a form', async () => {
  const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, 'x']))
  expect((await ask('/thing', form({ text: 'á'.repeat(10_000) }))).status).toBe(200)
  expect(await (await ask('/thing', form({ text: 'a'.repeat(65_536) }))).text()).toBe('too_large')
  expect((await ask('/thing', form(fields(100)))).status).toBe(200)
  expect(await (await ask('/thing', form(fields(101)))).text()).toBe('too_large')
  for (const type of [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencodedx',
  ]) {
    expect((await ask('/thing', form({ a: '1' }, { 'content-type': type }))).status, type).toBe(415)
  }
  expect(
    (await ask('/thing', form({ a: '1' }, { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' })))
      .status,
  ).toBe(200)
})

test('a body that does not say how long it is is cut off all the same', async () => {
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += 8_192
      controller.enqueue(new Uint8Array(8_192).fill(97))
    },
  })
  const answer = await ask('/thing', { ...form({}), body: endless, duplex: 'half' } as RequestInit)
  expect(await answer.text()).toBe('too_large')
  expect(sent).toBeLessThan(200_000)
})

test('a URL may be 8 KB', async () => {
  expect((await ask(`/page?q=${'a'.repeat(8_000)}`)).status).toBe(200)
  expect((await ask(`/page?q=${'a'.repeat(8_200)}`)).status).toBe(414)
})

test('a plain form says PUT and DELETE through a hidden field', async () => {
  expect(await (await ask('/thing', form({ _method: 'PUT', a: 'á b' }))).text()).toBe('PUT a=%C3%A1+b')
  expect(await (await ask('/thing', form({ _method: 'delete', a: '1' }))).text()).toBe('DELETE a=1')
  expect(await (await ask('/thing', form({ a: '1' }))).text()).toBe('POST a=1')
  expect(await (await ask('/thing', form({ _method: 'GET' }))).text()).toBe('invalid')
  expect((await ask('/thing', form({ _method: 'PUT' }, { 'sec-fetch-site': 'cross-site' }))).status).toBe(403)
})

test('what the policy kept from loading is noted by its kind alone', async () => {
  const report = (type: string, body: unknown) =>
    ask('/reports/csp', { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) })
  warnings.length = 0
  await report('application/csp-report', {
    'csp-report': { 'effective-directive': 'img-src', 'document-uri': 'https://prosa.example/contacts/7' },
  })
  await report('application/reports+json', [
    { type: 'csp-violation', body: { effectiveDirective: 'script-src-elem', sample: 'secret' } },
  ])
  await report('application/json', 'nonsense')
  expect(warnings.map(([, fields]) => (fields as { kind: string }).kind)).toEqual(['img-src', 'script-src-elem'])
  expect(JSON.stringify(warnings)).not.toMatch(/contacts|secret/)
})
