/** How a bot is doing, and what it is told of. */
import { expect, test } from 'vitest'
import { NOW, providerAnswering, TOKEN } from '../test-provider.ts'
import { telegram } from './telegram.ts'

const URL = 'https://prosa.example/webhooks/telegram/abc'
const me = () =>
  Response.json({ ok: true, result: { id: 100000000000001, is_bot: true, first_name: 'Loja', username: 'loja_bot' } })
const info = (of: object) => () =>
  Response.json({ ok: true, result: { url: URL, pending_update_count: 0, allowed_updates: ALL, ...of } })
const ALL = [
  ...['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction', 'business_connection'],
  ...['business_message', 'edited_business_message', 'deleted_business_messages'],
]
const failing = { pending_update_count: 12, last_error_message: 'Wrong response from the webhook: 500' }

test.each<[string, object, object]>([
  ['is well', {}, { ok: true, detail: null }],
  ['tells somebody else', { url: 'https://other.example/secret' }, { ok: false, detail: 'other.example' }],
  ['tells nobody', { url: '' }, { ok: false, detail: null }],
  ['leaves something out', { allowed_updates: ALL.slice(0, -1) }, { ok: false, detail: 'deleted_business_messages' }],
  ['leaves out what it does unless it is asked', { allowed_updates: undefined }, { ok: false }],
  [
    'does not get through',
    { ...failing, last_error_date: NOW / 1000 - 60 },
    { ok: false, detail: 'Wrong response from the webhook: 500 (12)' },
  ],
  ['did not get through once', { ...failing, last_error_date: NOW / 1000 - 3600 }, { ok: true }],
])('a bot %s', async (_, of, wanted) => {
  const { reach } = providerAnswering(me, info(of))
  expect(await telegram.check?.(reach, URL)).toMatchObject({
    ...{ name: 'Loja', address: '@loja_bot' },
    checks: [
      { what: 'token', ok: true },
      { what: 'account', ok: true },
      { what: 'webhook', ...wanted },
    ],
  })
})

test('another bot than ours is said to be that', async () => {
  const { reach } = providerAnswering(me, info({}))
  const found = await telegram.check?.({ ...reach, accountId: '5' }, URL)
  expect(found?.checks[1]).toEqual({ what: 'account', ok: false, detail: '100000000000001' })
})

test('is subscribed with its own secret, to all that we know, and keeps what waits', async () => {
  const { reach, calls } = providerAnswering(() => Response.json({ ok: true, result: true }))
  await telegram.subscribe?.(reach, URL)
  expect(calls).toMatchObject([
    { body: { url: URL, secret_token: 'secret', allowed_updates: ALL, drop_pending_updates: false } },
    { path: `bot${TOKEN}/setMyCommands`, body: { commands: [{ command: 'start' }] } },
  ])
})

test('whoever shows no face is no stranger for that', async () => {
  const none = providerAnswering(() => Response.json({ ok: true, result: { total_count: 0, photos: [] } }))
  expect(await telegram.profile?.(none.reach, '8100000001')).toEqual({ name: null, username: null, pictureUrl: null })
  const no = providerAnswering(() =>
    Response.json({ ok: false, error_code: 400, description: 'Bad Request: user not found' }, { status: 400 }),
  )
  expect(await telegram.profile?.(no.reach, '8100000001')).toBeNull()
  expect(await telegram.profile?.(no.reach, '-4100200300')).toBeNull()
})
