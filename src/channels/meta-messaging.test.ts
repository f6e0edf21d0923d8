/** What leaves by Messenger and Instagram, and what their answers mean: the requests to the letter. */
import { describe, expect, test } from 'vitest'
import { readFixture } from '../../test/support/neutral-words.ts'
import {
  type Channel,
  ChannelError,
  type InboxSettings,
  type Outbound,
  type OutboundMedia,
  type Reach,
} from './channel.ts'
import { instagram } from './instagram.ts'
import { messenger } from './messenger.ts'

const PAGE = '300000000000001'
const ACCOUNT = '17840000000000001'
const PERSON = '6200000000000001'
const BASE = 'http://127.0.0.1:9/graph/v24.0'

interface Call {
  method: string
  path: string
  body: unknown
}

/** A provider that gives these answers in turn, and what it was asked. */
function provider(channel: Channel, answers: (Response | Error)[], settings: InboxSettings = {}) {
  const calls: Call[] = []
  const reach: Reach = {
    credentials: { accessToken: 'token', appSecret: 'secret', verifyToken: 'verify' },
    accountId: channel === messenger ? PAGE : ACCOUNT,
    settings,
    baseUrl: BASE,
    now: () => Date.UTC(2026, 10, 22, 12),
    fetch: async (input, init) => {
      const sent = init?.body
      const body = typeof sent === 'string' ? JSON.parse(sent) : sent && (await formOf(sent, init))
      calls.push({ method: init?.method ?? 'GET', path: String(input).replace(`${BASE}/`, ''), body })
      const answer = answers.shift()
      if (answer instanceof Response) return answer
      throw answer ?? new Error('Nobody expected this call.')
    },
  }
  return { reach, calls }
}

async function formOf(body: BodyInit, init: RequestInit | undefined) {
  const form = await new Response(body, { headers: new Headers(init?.headers) }).formData()
  return [...form]
}

const ok = (body: unknown = { recipient_id: PERSON, message_id: 'm_OUT1' }) => Response.json(body)
const refusal = (status: number, code: number, subcode?: number, message = `(#${code}) refused`) =>
  Response.json({ error: { message, type: 'OAuthException', code, error_subcode: subcode } }, { status })

const outbound = (of: Partial<Outbound> = {}): Outbound => ({
  attemptId: 'attempt-0001',
  to: [PERSON],
  type: 'text',
  text: 'Olá!',
  content: {},
  media: null,
  replyTo: null,
  humanAgent: false,
  ...of,
})

const picture = (of: Partial<OutboundMedia> = {}): OutboundMedia => ({
  kind: 'image',
  mimeType: 'image/png',
  fileName: 'foto.png',
  bytes: 3,
  voice: false,
  open: async () => new Response(new Uint8Array([1, 2, 3])).body as ReadableStream<Uint8Array>,
  publicUrl: async () => 'https://inbox.example/media/1?s=2',
  ...of,
})

/** What is asked of the provider to send that, and how the sending ends. */
async function sending(channel: Channel, of: Partial<Outbound>, answers = [ok()], settings: InboxSettings = {}) {
  const { reach, calls } = provider(channel, answers, settings)
  const sent = await channel.send(reach, outbound(of)).catch((error: unknown) => error)
  return { sent, calls }
}

const buttons = { buttons: [{ id: 'a', title: 'Sim' }] }
const quickReplies = [{ content_type: 'text', title: 'Sim', payload: 'a' }]
const recipient = { id: PERSON }

describe('Messenger', () => {
  const send = (of: Partial<Outbound>, answers?: Response[]) => sending(messenger, of, answers)
  const metadata = 'attempt-0001'

  test.each<[string, Partial<Outbound>, object]>([
    ['a text', {}, { messaging_type: 'RESPONSE', message: { text: 'Olá!', metadata } }],
    [
      'an answer to a message',
      { replyTo: 'm_1' },
      { messaging_type: 'RESPONSE', message: { text: 'Olá!', metadata }, reply_to: { mid: 'm_1' } },
    ],
    [
      'a late answer of a person',
      { humanAgent: true },
      { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', message: { text: 'Olá!', metadata } },
    ],
    [
      'buttons',
      { type: 'interactive', text: 'Pode ser?', content: { buttons: { header: 'Pedido', ...buttons } } },
      {
        messaging_type: 'RESPONSE',
        message: { text: 'Pedido\n\nPode ser?', quick_replies: quickReplies, metadata },
      },
    ],
  ])('sends %s', async (_, of, body) => {
    const { sent, calls } = await send(of)
    expect(sent).toEqual({ externalId: 'm_OUT1', address: PERSON })
    expect(calls).toEqual([{ method: 'POST', path: `${PAGE}/messages`, body: { recipient, ...body } }])
  })

  test('sends a file by uploading it first', async () => {
    const { sent, calls } = await send({ type: 'image', text: null, media: picture() }, [
      ok({ attachment_id: 77 }),
      ok(),
    ])
    expect(sent).toEqual({ externalId: 'm_OUT1', address: PERSON })
    const [upload, message] = calls
    expect(upload).toMatchObject({ method: 'POST', path: `${PAGE}/message_attachments` })
    const [[name, words], [field, file]] = (upload as Call).body as [[string, string], [string, File]]
    expect([name, JSON.parse(words)]).toEqual([
      'message',
      { attachment: { type: 'image', payload: { is_reusable: true } } },
    ])
    expect([field, file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]]).toEqual([
      ...['filedata', 'foto.png', 'image/png'],
      [1, 2, 3],
    ])
    expect(message?.body).toEqual({
      recipient,
      messaging_type: 'RESPONSE',
      message: { attachment: { type: 'image', payload: { attachment_id: '77' } }, metadata },
    })
  })

  test.each<[string, Response | Error, object]>([
    ['breaks off', new TypeError('terminated'), { class: 'retryable', code: 'network' }],
    ['is answered by a gateway', new Response('<html>', { status: 502 }), { class: 'retryable', code: 'http_502' }],
    ['is given no id', ok({}), { class: 'retryable', code: 'upload' }],
    ['is refused', refusal(400, 100, 2018047), { class: 'permanent', code: '100' }],
    ['is refused with the token', refusal(401, 190), { class: 'auth', code: '190' }],
  ])('an upload that %s has surely sent no message', async (_, answer, failure) => {
    const { reach, calls } = provider(messenger, [answer])
    const sent = messenger.send(reach, outbound({ type: 'image', text: null, media: picture() }))
    await expect(sent).rejects.toMatchObject(failure)
    expect(calls).toHaveLength(1)
  })

  test('a file of ours that cannot be read may be tried again', async () => {
    const open = () => Promise.reject(new Error('away'))
    const { sent, calls } = await send({ type: 'image', text: null, media: picture({ open }) })
    expect(sent).toMatchObject({ class: 'retryable', code: 'file' })
    expect(calls).toEqual([])
  })

  test('reacts to nothing', async () => {
    expect(messenger.limits.reactions).toBeNull()
    const { sent } = await send({ type: 'reaction', text: '❤️', replyTo: 'm_1' })
    expect(sent).toMatchObject({ class: 'permanent', code: 'not_offered' })
  })
})

describe('Instagram', () => {
  const send = (of: Partial<Outbound>, settings?: InboxSettings) => sending(instagram, of, [ok()], settings)

  test.each<[string, Partial<Outbound>, object]>([
    ['a text', {}, { message: { text: 'Olá!' } }],
    ['an answer to a message', { replyTo: 'm_1' }, { message: { text: 'Olá!' }, reply_to: { mid: 'm_1' } }],
    [
      'a late answer of a person',
      { humanAgent: true },
      { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', message: { text: 'Olá!' } },
    ],
    [
      'a file by its address',
      { type: 'document', text: null, media: picture({ kind: 'document' }) },
      { message: { attachment: { type: 'file', payload: { url: 'https://inbox.example/media/1?s=2' } } } },
    ],
    [
      'buttons',
      { type: 'interactive', text: 'Pode ser?', content: { buttons } },
      { message: { text: 'Pode ser?', quick_replies: quickReplies } },
    ],
  ])('sends %s', async (_, of, body) => {
    const { sent, calls } = await send(of)
    expect(sent).toEqual({ externalId: 'm_OUT1', address: PERSON })
    expect(calls).toEqual([{ method: 'POST', path: 'me/messages', body: { recipient, ...body } }])
  })

  test.each<[string, string | null, object]>([
    ['a heart', '❤️', { sender_action: 'react', payload: { message_id: 'm_1', reaction: 'love' } }],
    ['a thumb', '👍', { sender_action: 'react', payload: { message_id: 'm_1', reaction: 'like' } }],
    ['nothing any more', null, { sender_action: 'unreact', payload: { message_id: 'm_1' } }],
  ])('reacts with %s', async (_, text, body) => {
    const { sent, calls } = await send({ type: 'reaction', text, replyTo: 'm_1' })
    expect(sent).toEqual({ externalId: 'rx:attempt-0001', address: null })
    expect(calls).toEqual([{ method: 'POST', path: 'me/messages', body: { recipient, ...body } }])
  })

  test('every reaction that is offered can be sent', async () => {
    for (const text of instagram.limits.reactions ?? []) {
      expect((await send({ type: 'reaction', text, replyTo: 'm_1' })).sent, text).toMatchObject({ address: null })
    }
    expect((await send({ type: 'reaction', text: '🦄', replyTo: 'm_1' })).sent).toMatchObject({ code: 'not_offered' })
  })

  test.each<[string, InboxSettings, string]>([
    ['its own login', { login: 'instagram' }, 'me/messages'],
    ['its page', { login: 'facebook', pageId: PAGE }, `${PAGE}/messages`],
    ['a page that is not named', { login: 'facebook' }, 'me/messages'],
  ])('sends by %s', async (_, settings, path) => {
    expect((await send({}, settings)).calls).toMatchObject([{ path }])
  })
})

describe.each([
  ['messenger', messenger, PAGE],
  ['instagram', instagram, 'me'],
] as const)('%s', (_, channel, node) => {
  test.each<[string, Partial<Outbound>, string]>([
    ['to nobody', { to: [] }, 'no_address'],
    ['of a kind there is not', { type: 'location', text: null }, 'not_offered'],
    ['of a file with words', { type: 'image', text: 'veja', media: picture() }, 'no_caption'],
    ['of a reaction to nothing', { type: 'reaction', text: '❤️' }, 'no_target'],
  ])('a message %s is refused before anything is asked', async (_name, of, code) => {
    const { sent, calls } = await sending(channel, of)
    expect(sent).toBeInstanceOf(ChannelError)
    expect(sent).toMatchObject({ class: 'permanent', code })
    expect(calls).toEqual([])
  })

  test('reading and typing are told', async () => {
    const { reach, calls } = provider(channel, [ok(), ok()])
    await channel.markRead(reach, { externalId: 'm_1', to: [PERSON] })
    await channel.showTyping?.(reach, { externalId: 'm_1', to: [PERSON] })
    const told = ['mark_seen', 'typing_on'].map((sender_action) => ({ recipient, sender_action }))
    expect(calls).toEqual(told.map((body) => ({ method: 'POST', path: `${node}/messages`, body })))
  })
})

describe('a profile', () => {
  const of = async (channel: Channel, answer: Response) => {
    const { reach, calls } = provider(channel, [answer])
    return { profile: await channel.profile?.(reach, PERSON), calls }
  }

  test('of Messenger', async () => {
    const { profile, calls } = await of(
      messenger,
      ok({ first_name: 'Joana', last_name: 'Exemplo', profile_pic: 'https://a/b' }),
    )
    expect(profile).toEqual({ name: 'Joana Exemplo', username: null, pictureUrl: 'https://a/b' })
    expect(calls).toMatchObject([{ method: 'GET', path: `${PERSON}?fields=first_name,last_name,profile_pic` }])
  })

  test('of Instagram', async () => {
    const { profile, calls } = await of(instagram, ok({ name: '', username: '@cliente.exemplo' }))
    expect(profile).toEqual({ name: null, username: 'cliente.exemplo', pictureUrl: null })
    expect(calls).toMatchObject([{ path: `${PERSON}?fields=name,username,profile_pic` }])
  })

  test.each([
    [100, 2018218],
    [100, undefined],
    [230, undefined],
    [9010, undefined],
  ])('that is none: %i %i', async (code, subcode) => {
    expect((await of(instagram, refusal(400, code, subcode))).profile).toBeNull()
  })

  test('that could not be asked for is not none', async () => {
    await expect(of(messenger, refusal(400, 613))).rejects.toMatchObject({ class: 'throttled' })
  })
})

describe('a file', () => {
  const fetched = (answer: Response | Error) => {
    const { reach, calls } = provider(messenger, [answer])
    return { media: messenger.media?.(reach, { url: 'https://cdn.example/a?oe=1' }), calls }
  }

  test('is asked for by its address, without a token', async () => {
    const headers = { 'content-type': 'Image/JPEG; q=1', 'content-length': '3' }
    const { reach } = provider(messenger, [])
    const asked: [string, Headers][] = []
    reach.fetch = async (input, init) => {
      asked.push([String(input), new Headers(init?.headers)])
      return new Response('abc', { headers })
    }
    const media = await messenger.media?.(reach, { url: 'https://cdn.example/a?oe=1' })
    expect(media).toMatchObject({ mimeType: 'image/jpeg', bytes: 3 })
    expect(await new Response(media?.body).text()).toBe('abc')
    expect(asked.map(([url, sent]) => [url, [...sent]])).toEqual([['https://cdn.example/a?oe=1', []]])
  })

  test.each<[string, Response | Error, object]>([
    ['whose address died', new Response('', { status: 403 }), { class: 'permanent', code: 'gone' }],
    ['that is away', new Response('', { status: 404 }), { class: 'permanent', code: 'gone' }],
    [
      'asked for too often',
      new Response('', { status: 429, headers: { 'retry-after': '7' } }),
      { class: 'throttled', retryAfterMs: 7000 },
    ],
    ['of a server in trouble', new Response('', { status: 503 }), { class: 'retryable' }],
    ['that nobody answers for', new TypeError('fetch failed'), { class: 'retryable', code: 'network' }],
  ])('%s', async (_, answer, failure) => {
    await expect(fetched(answer).media).rejects.toMatchObject(failure)
  })

  test('of another channel is none of ours', async () => {
    const { reach, calls } = provider(instagram, [])
    await expect(instagram.media?.(reach, { id: '7' })).rejects.toMatchObject({ class: 'permanent', code: 'gone' })
    expect(calls).toEqual([])
  })
})

describe('the past', () => {
  const past = async (channel: Channel, answer: unknown, of: { peer: string[] | null; page: string | null }) => {
    const { reach, calls } = provider(channel, [ok(answer)])
    const page = await channel.history?.(reach, of)
    return { page, query: new URLSearchParams(calls[0]?.path.split('?')[1]), path: calls[0]?.path.split('?')[0] }
  }
  const us = { id: PAGE, name: 'Loja Exemplo' }
  const them = { id: PERSON, name: 'Joana Exemplo' }
  const message = (id: string, of: object) => ({ id, created_time: '2026-10-01T12:00:00+0000', ...of })
  const conversation = (...messages: unknown[]) => ({
    id: 't_1',
    participants: { data: [them, us] },
    messages: { data: messages },
  })

  test('is asked for page by page', async () => {
    const everyone = await past(
      messenger,
      JSON.parse(new TextDecoder().decode(readFixture('messenger', 'api_conversations'))),
      {
        ...{ peer: null, page: 'QVFI_before' },
      },
    )
    expect(everyone.page).toEqual({ events: [], next: 'QVFI_after' })
    expect(everyone.path).toBe(`${PAGE}/conversations`)
    expect(Object.fromEntries(everyone.query)).toEqual({
      platform: 'messenger',
      fields:
        'id,updated_time,participants,messages.limit(20){id,created_time,from,to,message,attachments,reply_to,sticker}',
      limit: '25',
      after: 'QVFI_before',
    })
    const one = await past(
      instagram,
      JSON.parse(new TextDecoder().decode(readFixture('instagram', 'api_conversations'))),
      {
        ...{ peer: [PERSON], page: null },
      },
    )
    expect(one.page?.next).toBe('x')
    expect(one.path).toBe('me/conversations')
    expect([one.query.get('platform'), one.query.get('user_id'), one.query.get('after')]).toEqual([
      'instagram',
      PERSON,
      null,
    ])
  })

  test('is told as it was, newest first, whoever wrote it', async () => {
    const { page } = await past(
      messenger,
      {
        data: [
          conversation(
            message('m_1', { from: them, to: { data: [us] }, message: 'Olá', reply_to: { mid: 'm_0' } }),
            message('m_2', {
              created_time: '2026-10-01T12:05:00+0000',
              from: us,
              to: { data: [them] },
              message: 'Oi!',
            }),
          ),
        ],
      },
      { peer: null, page: null },
    )
    expect(page).toMatchObject({
      next: null,
      events: [
        {
          ...{ dedupeKey: 'echo:m_2', direction: 'outgoing', text: 'Oi!', occurredAt: Date.UTC(2026, 9, 1, 12, 5) },
          ...{ peer: { externalIds: [PERSON], profileName: 'Joana Exemplo' }, history: true },
        },
        {
          ...{ dedupeKey: 'msg:m_1', direction: 'incoming', text: 'Olá', occurredAt: Date.UTC(2026, 9, 1, 12) },
          ...{ externalId: 'm_1', replyTo: 'm_0', history: true, accountId: PAGE },
        },
      ],
    })
  })

  test('keeps its files', async () => {
    const data = [
      { mime_type: 'image/jpeg', name: 'a.jpg', size: 5, image_data: { url: 'https://cdn.example/a' } },
      { mime_type: 'audio/mpeg', name: 'b.mp3', file_url: 'https://cdn.example/b' },
      { mime_type: 'application/pdf', name: 'c.pdf', file_url: 'https://cdn.example/c' },
      { video_data: { url: 'https://cdn.example/d' } },
    ]
    const { page } = await past(
      messenger,
      {
        data: [
          conversation(
            message('m_1', { from: them, attachments: { data } }),
            message('m_2', { from: them, sticker: 'https://cdn.example/s' }),
          ),
        ],
      },
      { peer: [PERSON], page: null },
    )
    expect(page?.events[0]?.media).toMatchObject([
      { kind: 'image', handle: { url: 'https://cdn.example/a' }, mimeType: 'image/jpeg', fileName: 'a.jpg', bytes: 5 },
      { kind: 'audio', fileName: 'b.mp3' },
      { kind: 'document', fileName: 'c.pdf' },
      { kind: 'video', fileName: null },
    ])
    expect(page?.events.map(({ type }) => type)).toEqual(['image', 'sticker'])
  })

  test('loses nothing to what cannot be read', async () => {
    const odd = [
      null,
      7,
      {},
      { id: 'm_9' },
      message('m_1', { from: them, message: 'Olá' }),
      message('m_2', { from: them }),
    ]
    const { page } = await past(
      messenger,
      { data: [null, conversation(...odd), {}], paging: 3 },
      { peer: null, page: null },
    )
    expect(page).toMatchObject({
      next: null,
      events: [{ externalId: 'm_1' }, { externalId: 'm_2', type: 'unsupported' }],
    })
  })

  test('of a page’s Instagram is the page’s to tell', async () => {
    const { reach, calls } = provider(instagram, [ok({ data: [] })], { login: 'facebook', pageId: PAGE })
    await instagram.history?.(reach, { peer: null, page: null })
    expect(calls[0]?.path).toMatch(new RegExp(`^${PAGE}/conversations\\?platform=instagram&`))
  })

  test('that is no list may be asked for again', async () => {
    await expect(past(messenger, {}, { peer: null, page: null })).rejects.toMatchObject({ class: 'retryable' })
  })

  test('that was refused says why', async () => {
    const { reach } = provider(messenger, [refusal(400, 613)])
    await expect(messenger.history?.(reach, { peer: null, page: null })).rejects.toMatchObject({ class: 'throttled' })
  })
})

describe('the account', () => {
  const FIELDS =
    'messages,messaging_postbacks,message_deliveries,message_reads,message_reactions,message_echoes,message_edits,messaging_referrals,messaging_optins,messaging_handovers,standby,messaging_policy_enforcement'
  const OWN_FIELDS =
    'messages,message_reactions,messaging_postbacks,messaging_seen,messaging_referral,message_edit,message_echoes,standby,messaging_handover'
  const subscribed = (fields: string, id = '7') =>
    ok({ data: [{ id, name: 'Prosa', subscribed_fields: fields.split(',') }] })

  test.each<[string, Channel, InboxSettings, string]>([
    ['a page', messenger, {}, `${PAGE}/subscribed_apps?subscribed_fields=${FIELDS}`],
    ['an Instagram account', instagram, {}, `me/subscribed_apps?subscribed_fields=${OWN_FIELDS}`],
    [
      'an Instagram account’s page',
      instagram,
      { login: 'facebook', pageId: PAGE },
      `${PAGE}/subscribed_apps?subscribed_fields=${FIELDS}`,
    ],
  ])('%s is subscribed', async (_, channel, settings, path) => {
    const { reach, calls } = provider(channel, [ok({ success: true })], settings)
    await channel.subscribe?.(reach, 'https://inbox.example/webhooks')
    expect(calls).toEqual([{ method: 'POST', path, body: undefined }])
  })

  test('that was not confirmed is not subscribed', async () => {
    const { reach } = provider(messenger, [ok({ success: false })])
    await expect(messenger.subscribe?.(reach, '')).rejects.toMatchObject({ class: 'retryable' })
  })

  test('is well', async () => {
    const { reach, calls } = provider(messenger, [
      ok({ id: PAGE, name: 'Loja Exemplo', username: 'loja' }),
      subscribed(FIELDS),
    ])
    expect(await messenger.check?.(reach, '')).toEqual({
      name: 'Loja Exemplo',
      address: '@loja',
      quality: null,
      checks: [
        { what: 'token', ok: true, detail: null },
        { what: 'account', ok: true, detail: null },
        { what: 'subscription', ok: true, detail: null },
      ],
    })
    expect(calls.map(({ path }) => path)).toEqual([`${PAGE}?fields=id,name,username`, `${PAGE}/subscribed_apps`])
  })

  test('of Instagram is known by the id that its webhooks carry', async () => {
    const { reach, calls } = provider(instagram, [
      ok({ id: '5', user_id: ACCOUNT, username: 'loja' }),
      subscribed(OWN_FIELDS),
    ])
    const checkup = await instagram.check?.(reach, '')
    expect(checkup).toMatchObject({ name: 'loja', address: '@loja' })
    expect(checkup?.checks.every(({ ok }) => ok)).toBe(true)
    expect(calls[0]?.path).toBe('me?fields=user_id,username,name')
  })

  test.each<[string, (Response | Error)[], object[]]>([
    ['with a dead token', [refusal(401, 190, undefined, 'Expired')], [{ what: 'token', ok: false, detail: 'Expired' }]],
    [
      'of somebody else, told too little',
      [ok({ id: '9' }), subscribed('messages')],
      [
        { what: 'token', ok: true },
        { what: 'account', ok: false, detail: '9' },
        { what: 'subscription', ok: false, detail: FIELDS.replace('messages,', '').replaceAll(',', ', ') },
      ],
    ],
    [
      'that tells another app',
      [ok({ id: PAGE }), subscribed(FIELDS, '8')],
      [{ ok: true }, { ok: true }, { what: 'subscription', ok: false }],
    ],
    [
      'that may not be asked about it',
      [ok({ id: PAGE }), refusal(403, 200, undefined, 'No permission')],
      [{ ok: true }, { ok: true }, { what: 'subscription', ok: false, detail: 'No permission' }],
    ],
  ])('%s', async (_, answers, checks) => {
    const { reach } = provider(messenger, answers, { appId: '7' })
    expect(await messenger.check?.(reach, '')).toMatchObject({ checks })
  })

  test('that cannot be reached is not unwell', async () => {
    const { reach } = provider(messenger, [new TypeError('fetch failed')])
    await expect(messenger.check?.(reach, '')).rejects.toMatchObject({ class: 'ambiguous' })
  })
})
