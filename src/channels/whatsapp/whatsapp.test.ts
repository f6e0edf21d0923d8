import { readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { ChannelError, type Outbound, type Reach } from '../channel.ts'
import { channelNamed } from '../index.ts'
import { messageOf, NOW, providerAnswering, TOKEN } from '../test-provider.ts'
import { whatsapp } from './whatsapp.ts'

const answer = (name: string) => readFileSync(new URL(`../fixtures/whatsapp/${name}.json`, import.meta.url), 'utf8')

const failure = async (reach: Reach, of?: Partial<Outbound>): Promise<ChannelError> => {
  const thrown = await whatsapp.send(reach, messageOf(of)).catch((error: unknown) => error)
  if (!(thrown instanceof ChannelError)) throw new Error(`no ChannelError: ${String(thrown)}`)
  return thrown
}

test('a text is sent with its quote and the id of its attempt', async () => {
  const { reach, calls } = providerAnswering(() => new Response(answer('api_send_ok')))
  const sent = await whatsapp.send(reach, messageOf({ replyTo: 'wamid.QUOTED', to: ['5531988880002'] }))

  expect(sent).toEqual({
    externalId: 'wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA',
    address: '553188880002',
  })
  expect(calls[0]).toMatchObject({ method: 'POST', path: '100000000000001/messages' })
  expect(calls[0]?.headers.get('authorization')).toBe(`Bearer ${TOKEN}`)
  expect(calls[0]?.body).toEqual({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '+5531988880002',
    context: { message_id: 'wamid.QUOTED' },
    biz_opaque_callback_data: 'attempt-0001',
    type: 'text',
    text: { preview_url: true, body: 'Olá!' },
  })
})

test('who has no number is written to by the id that we know', async () => {
  const { reach, calls } = providerAnswering(() => new Response(answer('api_send_ok_bsuid')))
  const sent = await whatsapp.send(reach, messageOf({ to: ['BR.13491208655302741918', 'BR.ENT.11815799212886844830'] }))
  expect(sent.address).toBe('BR.13491208655302741918')
  expect(calls[0]?.body).toMatchObject({ recipient: 'BR.13491208655302741918' })
  expect(calls[0]?.body).not.toHaveProperty('to')
})

test('a known number goes before an id', async () => {
  const { reach, calls } = providerAnswering(() => new Response(answer('api_send_ok')))
  await whatsapp.send(reach, messageOf({ to: ['BR.13491208655302741918', '5511999990001'] }))
  expect(calls[0]?.body).toMatchObject({ to: '+5511999990001' })
})

test('nobody to write to fails before anything is sent', async () => {
  const { reach, calls } = providerAnswering(() => new Response(answer('api_send_ok')))
  expect(await failure(reach, { to: ['group:abc'] })).toMatchObject({ class: 'permanent', code: 'no_address' })
  expect(calls).toEqual([])
})

test('reading is told', async () => {
  const { reach, calls } = providerAnswering(() => new Response(answer('api_mark_read_ok')))
  await whatsapp.markRead(reach, { externalId: 'wamid.IN', to: [] })
  expect(calls[0]?.body).toEqual({ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.IN' })
})

test('typing is shown by what was read', async () => {
  const { reach, calls } = providerAnswering(() => new Response(answer('api_mark_read_ok')))
  await whatsapp.showTyping?.(reach, { externalId: 'wamid.IN', to: [] })
  expect(calls).toHaveLength(1)
  expect(calls[0]).toMatchObject({ method: 'POST', path: '100000000000001/messages' })
  expect(calls[0]?.body).toEqual({
    ...{ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.IN' },
    typing_indicator: { type: 'text' },
  })
})

test('the runtime’s fetch is called as nobody’s method', async () => {
  const { reach } = providerAnswering(() => new Response(answer('api_send_ok')))
  const own = reach.fetch
  reach.fetch = function (this: unknown, ...args) {
    if (this !== undefined) throw new TypeError('Illegal invocation')
    return own(...args)
  }
  await expect(whatsapp.send(reach, messageOf())).resolves.toMatchObject({ address: '553188880002' })
})

const refusal =
  (status: number, code: number, extra: object = {}) =>
  () =>
    Response.json({ error: { message: `(#${code}) refused`, type: 'OAuthException', code, ...extra } }, { status })

describe('a refusal by code', () => {
  const CLASSES: [ChannelError['class'], number[]][] = [
    ['throttled', [4, 17, 32, 613, 80007, 130429, 131048, 131056, 131064, 133016]],
    ['retryable', [1, 2, 131000, 131016, 131057, 133004, 2494100]],
    ['auth', [0, 3, 10, 33, 190, 200, 245, 299, 368, 130497, 131005, 131031, 131037, 131042, 131045, 133010]],
    [
      'permanent',
      [
        100, 470, 130472, 131008, 131009, 131021, 131026, 131030, 131047, 131049, 131050, 131051, 131052, 131053,
        131060, 131062, 131063, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069, 134011,
        135000, 137000, 199, 300, 999999,
      ],
    ],
  ]
  const codes = CLASSES.flatMap(([name, list]) => list.map((code) => [code, name] as const))

  test.each(codes)('%i is %s', async (code, name) => {
    for (const status of [400, 500]) {
      const error = await failure(providerAnswering(refusal(status, code)).reach)
      expect(error).toMatchObject({
        class: name,
        code: String(code),
        recipientOnly: code === 131056,
        retryAfterMs: null,
      })
    }
  })

  test.each([
    ['api_error_130429', 400, 'throttled', 'Cloud API message throughput has been reached.'],
    ['api_error_131047', 400, 'permanent', /more than 24 hours/],
    ['api_error_190', 401, 'auth', /Session has expired/],
  ])('%s', async (name, status, kind, detail) => {
    const error = await failure(providerAnswering(() => new Response(answer(name), { status })).reach)
    expect(error.class).toBe(kind)
    expect(error.message).toMatch(detail)
  })
})

describe('a failure without a code that we know', () => {
  const html = (status: number) => () => new Response('<html>Bad Gateway</html>', { status })
  const text = (status: number, body: string) => () => new Response(body, { status })

  test.each<[string, () => Response, Partial<ChannelError>]>([
    ['429 without a code', html(429), { class: 'throttled', code: 'http_429' }],
    ['429 with a code of no meaning', refusal(429, 424242), { class: 'throttled', code: '424242' }],
    ['429 for one person', refusal(429, 131056), { class: 'throttled', recipientOnly: true }],
    ['transient, says Meta', refusal(500, 424242, { is_transient: true }), { class: 'retryable' }],
    ['500 in HTML', html(500), { class: 'ambiguous', code: 'http_500' }],
    ['500 in somebody else’s JSON', text(500, '{"message":"upstream"}'), { class: 'ambiguous' }],
    ['502 in HTML', html(502), { class: 'ambiguous' }],
    ['502, whatever it says', refusal(502, 131000), { class: 'ambiguous' }],
    ['503 without a word', text(503, ''), { class: 'ambiguous' }],
    ['503 with a code', refusal(503, 2), { class: 'retryable' }],
    ['504', refusal(504, 2), { class: 'ambiguous' }],
    ['408', html(408), { class: 'ambiguous' }],
    ['401 in HTML', html(401), { class: 'auth' }],
    ['403 in HTML', html(403), { class: 'permanent' }],
    ['404 in HTML', html(404), { class: 'permanent', code: 'http_404' }],
    ['a redirect', text(302, ''), { class: 'permanent', code: 'http_302' }],
    ['200 with broken JSON', text(200, '{"messages":[{"id":"wamid'), { class: 'ambiguous', code: 'unreadable' }],
    ['200 without a body', text(200, ''), { class: 'ambiguous' }],
    ['200 with null', text(200, 'null'), { class: 'ambiguous' }],
    ['200 without a message', text(200, '{"messages":[]}'), { class: 'ambiguous', code: 'unreadable' }],
    ['200 with a message without an id', text(200, '{"messages":[{"id":""}]}'), { class: 'ambiguous' }],
    ['200 with a refusal', refusal(200, 131047), { class: 'permanent', code: '131047' }],
  ])('%s', async (_, respond, wanted) => {
    expect(await failure(providerAnswering(respond).reach)).toMatchObject(wanted)
  })

  test('a connection that breaks', async () => {
    const broken = providerAnswering(() => Promise.reject(new TypeError(`fetch failed: ${TOKEN}`)))
    const error = await failure(broken.reach)
    expect(error).toMatchObject({ class: 'ambiguous', code: 'network' })
    expect(error.message).not.toContain(TOKEN)
  })

  test('a body that breaks off', async () => {
    const cut = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })
    expect(await failure(providerAnswering(() => new Response(cut)).reach)).toMatchObject({
      class: 'ambiguous',
      code: 'network',
    })
  })

  test('no answer within 20 seconds', async () => {
    const asked: number[] = []
    const real = AbortSignal.timeout
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      asked.push(ms)
      return real.call(AbortSignal, 5)
    })
    const { reach } = providerAnswering(() => new Response())
    reach.fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    expect(await failure(reach)).toMatchObject({ class: 'ambiguous', code: 'timeout' })
    expect(asked).toEqual([20_000])
    vi.restoreAllMocks()
  })
})

test.each([
  ['30', 30_000],
  [new Date(NOW + 120_000).toUTCString(), 120_000],
  ['soon', null],
  ['-1', 1_000],
  ['999999', 3_600_000],
])('Retry-After %s', async (value, ms) => {
  const { reach } = providerAnswering(() => new Response('', { status: 429, headers: { 'retry-after': value } }))
  expect(await failure(reach)).toMatchObject({ class: 'throttled', retryAfterMs: ms })
})

test('a token that Meta quotes back is no part of the reason', async () => {
  const echoed = `Malformed access token ${TOKEN} and EAABsbCS1iHgBAKZC0123456789`
  const error = await failure(providerAnswering(refusal(401, 190, { message: echoed })).reach)
  expect(error.message).toBe('Malformed access token … and …')
})

test('a channel is found by its name, and by no other word', () => {
  expect(channelNamed('whatsapp')).toBe(whatsapp)
  expect(channelNamed('carrier-pigeon')).toBeNull()
  expect(channelNamed('constructor')).toBeNull()
})
