/** How a connected number is doing, and how it comes to be told what happens. */
import { describe, expect, test } from 'vitest'
import type { Check, InboxSettings } from '../channel.ts'
import { providerAnswering, TOKEN } from '../test-provider.ts'
import { whatsapp } from './whatsapp.ts'

const OURS = 'https://prosa.example/webhooks/whatsapp/key'
const ACCOUNT = { businessAccountId: '200000000000001' }
type Answer = () => Response | Promise<Response>

const number =
  (of: object = {}) =>
  () =>
    Response.json({
      id: '100000000000001',
      ...{ display_phone_number: '+55 11 4000-0001', verified_name: 'Loja', name_status: 'APPROVED' },
      ...{ quality_rating: 'GREEN', platform_type: 'CLOUD_API', account_mode: 'LIVE', is_on_biz_app: false },
      webhook_configuration: { phone_number: OURS, application: 'https://other.example' },
      ...of,
    })
const apps =
  (...ids: string[]) =>
  () =>
    Response.json({ data: ids.map((id) => ({ whatsapp_business_api_data: { id, name: `App ${id}`, link: '' } })) })
const refusal =
  (code: number, status = 400) =>
  () =>
    Response.json({ error: { code, message: `(#${code}) no, ${TOKEN}` } }, { status })

async function checkup(settings: InboxSettings, ...answers: Answer[]) {
  const { reach, calls } = providerAnswering(...answers)
  const found = await whatsapp.check?.({ ...reach, settings }, OURS)
  if (!found) throw new Error('WhatsApp can be checked.')
  return { ...found, of: (what: Check['what']) => found.checks.find((one) => one.what === what), calls }
}

test('everything as it should be', async () => {
  const { calls, of: _, ...found } = await checkup({ ...ACCOUNT, appId: '7' }, number(), apps('6', '7'))
  expect(found).toEqual({
    ...{ name: 'Loja', address: '+55 11 4000-0001', quality: 'GREEN' },
    checks: [
      { what: 'token', ok: true, detail: null },
      { what: 'permissions', ok: true, detail: null },
      { what: 'account', ok: true, detail: 'CLOUD_API · LIVE · APPROVED' },
      { what: 'subscription', ok: true, detail: 'App 6, App 7' },
      { what: 'webhook', ok: true, detail: OURS },
    ],
  })
  expect(calls.map(({ method, path }) => [method, path.split('?')[0]])).toEqual([
    ['GET', '100000000000001'],
    ['GET', '200000000000001/subscribed_apps'],
  ])
  expect(calls[0]?.path).toContain('webhook_configuration')
})

test('a number about which nothing is told is no trouble by itself', async () => {
  const { checks, ...found } = await checkup(ACCOUNT, () => Response.json({}), apps('7'))
  expect(found).toMatchObject({ name: null, address: null, quality: null })
  expect(checks.filter(({ ok }) => !ok)).toEqual([{ what: 'webhook', ok: false, detail: null }])
})

test.each<[string, Answer, object]>([
  ['never registered', number({ platform_type: 'NOT_APPLICABLE' }), { what: 'account', ok: false }],
  ['still on its phone', number({ platform_type: 'ON_PREMISE', is_on_biz_app: true }), { what: 'account', ok: true }],
  [
    'called elsewhere for the account',
    number({ webhook_configuration: { whatsapp_business_account: 'https://other.example', application: OURS } }),
    { what: 'webhook', ok: false, detail: 'https://other.example' },
  ],
  [
    'called by the app’s own address',
    number({ webhook_configuration: { application: OURS } }),
    { what: 'webhook', ok: true },
  ],
])('a number %s', async (_, answer, wanted) => {
  const { checks } = await checkup(ACCOUNT, answer, apps('7'))
  expect(checks).toContainEqual(expect.objectContaining(wanted))
})

test.each<[string, InboxSettings, Answer[], object]>([
  ['nobody is subscribed', ACCOUNT, [apps()], { ok: false, detail: null }],
  ['another app is', { ...ACCOUNT, appId: '7' }, [apps('6')], { ok: false, detail: 'App 6' }],
  ['some app is, and nobody said which is ours', ACCOUNT, [apps('6')], { ok: true }],
  ['nobody said which account it is', {}, [], { ok: false, detail: null }],
  ['there is no such account', ACCOUNT, [refusal(100)], { ok: false, detail: '(#100) no, …' }],
])('subscription: %s', async (_, settings, answers, wanted) => {
  const { of } = await checkup(settings, number(), ...answers)
  expect(of('subscription')).toMatchObject(wanted)
  expect(of('permissions')).toMatchObject({ ok: true })
})

test('a token that may not see the account lacks a permission', async () => {
  const { of } = await checkup(ACCOUNT, number(), refusal(200, 403))
  expect(of('permissions')).toEqual({ what: 'permissions', ok: false, detail: '(#200) no, …' })
  expect(of('subscription')).toMatchObject({ ok: false })
})

test.each<[number, string[]]>([
  [190, ['token']],
  [0, ['token']],
  [10, ['permissions']],
  [131005, ['permissions']],
  [100, ['account']],
  [33, ['account']],
  [368, ['account']],
])('a refusal of the number itself, by code %i, says what is wrong', async (code, wrong) => {
  const { checks, calls, name } = await checkup(ACCOUNT, refusal(code))
  expect(checks.filter(({ ok }) => !ok)).toEqual(wrong.map((what) => ({ what, ok: false, detail: `(#${code}) no, …` })))
  expect(name).toBeNull()
  expect(calls).toHaveLength(1)
})

test.each<[string, Answer[]]>([
  ['at all', [() => Promise.reject(new TypeError('reset'))]],
  ['for now', [refusal(2, 503)]],
  ['any more', [number(), refusal(4)]],
])('who cannot be reached %s is not judged', async (_, answers) => {
  await expect(checkup(ACCOUNT, ...answers)).rejects.toMatchObject({ name: 'ChannelError' })
})

describe('subscribing', () => {
  const subscribe = async (settings: InboxSettings, url: string, ...answers: Answer[]) => {
    const { reach, calls } = providerAnswering(...answers)
    const thrown = await whatsapp.subscribe?.({ ...reach, settings }, url).catch((error: unknown) => error)
    return { thrown, calls }
  }
  const done = () => Response.json({ success: true })

  test('the account first, then the number’s own address', async () => {
    const { thrown, calls } = await subscribe(ACCOUNT, OURS, done)
    expect(thrown).toBeUndefined()
    expect(calls.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '200000000000001/subscribed_apps', null],
      ['POST', '100000000000001', { webhook_configuration: { override_callback_uri: OURS, verify_token: 'verify' } }],
    ])
  })

  test.each<[string, Answer[], object]>([
    ['no', [refusal(200, 403)], { class: 'auth', code: '200' }],
    ['half a yes', [done, () => Response.json({ success: false })], { class: 'retryable', code: 'unreadable' }],
    ['nothing', [done, () => Promise.reject(new TypeError('reset'))], { class: 'retryable', code: 'network' }],
  ])('which says %s', async (_, answers, wanted) => {
    const { thrown, calls } = await subscribe(ACCOUNT, OURS, ...answers)
    expect(thrown).toMatchObject(wanted)
    expect(calls).toHaveLength(answers.length)
  })

  test.each<[InboxSettings, string, string]>([
    [{}, OURS, 'no_business_account'],
    [ACCOUNT, `${OURS}/${'x'.repeat(200)}`, 'url_too_long'],
  ])('what cannot work is not tried', async (settings, url, code) => {
    const { thrown, calls } = await subscribe(settings, url, done)
    expect(thrown).toMatchObject({ class: 'permanent', code })
    expect(calls).toEqual([])
  })
})

describe('asking for the past', () => {
  const ask = async (...answers: Answer[]) => {
    const { reach, calls } = providerAnswering(...answers)
    const thrown = await whatsapp.requestHistory?.(reach).catch((error: unknown) => error)
    return { thrown, asked: calls.map(({ path, body }) => [path, body]) }
  }
  const taken = () => Response.json({ messaging_product: 'whatsapp', request_id: 'r' })
  const call = (sync_type: string) => ['100000000000001/smb_app_data', { messaging_product: 'whatsapp', sync_type }]

  test('comes after the address book, asked for before or not', async () => {
    const both = [call('smb_app_state_sync'), call('history')]
    expect(await ask(taken)).toEqual({ thrown: undefined, asked: both })
    expect(await ask(refusal(2593107), taken)).toEqual({ thrown: undefined, asked: both })
  })

  test('works once, and within a day', async () => {
    expect((await ask(taken, refusal(2593107))).thrown).toMatchObject({ class: 'permanent', code: '2593107' })
    const late = await ask(refusal(2593108))
    expect(late.thrown).toMatchObject({ class: 'permanent', code: '2593108' })
    expect(late.asked).toHaveLength(1)
  })
})
