/** From the id of a customer's file to its bytes. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ChannelError } from '../channel.ts'
import { NOW, providerAnswering, TOKEN } from '../test-provider.ts'
import { whatsapp } from './whatsapp.ts'

const located = () =>
  new Response(readFileSync(new URL('../fixtures/whatsapp/api_media_get.json', import.meta.url), 'utf8'))
const URL_OF_IT =
  'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1003383421387256&ext=1760000000&hash=ATexample'
const file = (headers = {}) => new Response('bytes', { headers: { 'content-type': 'text/plain', ...headers } })
const gone = () => new Response('gone', { status: 404 })

const ask = async (...answers: (() => Response | Promise<Response>)[]) => {
  const { reach, calls } = providerAnswering(...answers)
  const media = await whatsapp.media?.(reach, { id: '1003383421387256' })
  if (!media) throw new Error('WhatsApp has media.')
  return { media, text: await new Response(media.body).text(), calls }
}

const failure = async (...answers: (() => Response | Promise<Response>)[]) => {
  const { reach, calls } = providerAnswering(...answers)
  const thrown = await whatsapp.media?.(reach, { id: '1003383421387256' }).catch((error: unknown) => error)
  if (!(thrown instanceof ChannelError)) throw new Error(`no ChannelError: ${String(thrown)}`)
  return { error: thrown, calls }
}

test('the id gives an address, the address the file, both for our token', async () => {
  const { media, text, calls } = await ask(located, file)
  expect(text).toBe('bytes')
  expect(media).toMatchObject({ mimeType: 'image/jpeg', bytes: 303833 })
  expect(calls.map(({ method, path }) => [method, path])).toEqual([
    ['GET', '1003383421387256?phone_number_id=100000000000001'],
    ['GET', URL_OF_IT],
  ])
  for (const call of calls) expect(call.headers.get('authorization')).toBe(`Bearer ${TOKEN}`)
  expect(calls[1]?.headers.get('user-agent')).toBe('Prosa/1.0')
})

test('what the file’s host says of its length goes first, its type last', async () => {
  const { media } = await ask(
    () => Response.json({ url: URL_OF_IT, file_size: 7, mime_type: null }),
    () => file({ 'content-length': '5' }),
  )
  expect(media).toMatchObject({ mimeType: 'text/plain', bytes: 5 })
  const { media: unmeasured } = await ask(() => Response.json({ url: URL_OF_IT, file_size: 'many' }), file)
  expect(unmeasured.bytes).toBeNull()
})

test('an address that died is asked for once more', async () => {
  const fresh = () => Response.json({ url: 'https://lookaside.fbsbx.com/fresh' })
  const { text, calls } = await ask(located, gone, fresh, file)
  expect(text).toBe('bytes')
  expect(calls.map(({ path }) => path)).toEqual([
    '1003383421387256?phone_number_id=100000000000001',
    URL_OF_IT,
    '1003383421387256?phone_number_id=100000000000001',
    'https://lookaside.fbsbx.com/fresh',
  ])
})

test('and not a third time: then it is gone', async () => {
  const { error, calls } = await failure(located, gone, located, gone)
  expect(error).toMatchObject({ class: 'permanent', code: 'http_404' })
  expect(calls).toHaveLength(4)
})

test('an id is no path', async () => {
  const { reach, calls } = providerAnswering(located, file)
  await whatsapp.media?.(reach, { id: '../me?x=1' })
  expect(calls[0]?.path).toBe('..%2Fme%3Fx%3D1?phone_number_id=100000000000001')
})

test('a file that is known by its address alone is read from there', async () => {
  const { reach, calls } = providerAnswering(file)
  const media = await whatsapp.media?.(reach, { url: URL_OF_IT })
  expect(media).toMatchObject({ mimeType: 'text/plain', bytes: null })
  expect(calls.map(({ path }) => path)).toEqual([URL_OF_IT])
})

describe('a failure', () => {
  const refusal = (status: number, error: object) => () => Response.json({ error }, { status })
  const status = (code: number, headers = {}) => [located, () => new Response(null, { status: code, headers })]
  const broken = () => Promise.reject(new TypeError(TOKEN))

  test.each<[string, (() => Response | Promise<Response>)[], Partial<ChannelError>]>([
    ['the id is unknown', [refusal(400, { code: 100, error_subcode: 33 })], { class: 'permanent', code: '100' }],
    ['the token expired', [refusal(401, { code: 190 })], { class: 'auth', code: '190' }],
    ['no answer', [broken], { class: 'retryable', code: 'network' }],
    ['a gateway in between', [() => new Response('', { status: 502 })], { class: 'retryable', code: 'http_502' }],
    ['an answer without an address', [() => Response.json({ url: 'x' })], { class: 'retryable', code: 'unreadable' }],
    ['no answer from the file’s host', [located, broken], { class: 'retryable', code: 'network' }],
    ['the file’s host is away', status(503), { class: 'retryable', code: 'http_503' }],
    ['the file’s host knows us not', status(401), { class: 'retryable', code: 'http_401' }],
    ['the file’s host says no', status(403), { class: 'permanent', code: 'http_403' }],
    ['the file’s host has nothing to say', status(204), { class: 'retryable', code: 'http_204' }],
    [
      'the file’s host has enough',
      status(429, { 'retry-after': new Date(NOW + 60_000).toUTCString() }),
      { class: 'throttled', retryAfterMs: 60_000 },
    ],
  ])('%s', async (_, answers, wanted) => {
    const { error } = await failure(...answers)
    expect(error).toMatchObject(wanted)
    expect(error.message).not.toContain(TOKEN)
  })
})
