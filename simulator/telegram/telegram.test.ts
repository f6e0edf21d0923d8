/** Telegram as the simulator plays it, and Prosa's own adapter beside it: they understand each other, each way. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Outbound, OutboundMedia, Reach } from '../../src/channels/channel.ts'
import type { InboundEvent } from '../../src/channels/events.ts'
import { telegram } from '../../src/channels/telegram/telegram.ts'
import { simulated, until } from '../small-prosa.ts'
import { DOES, NEWS } from './acts.ts'
import { SAYS } from './kinds.ts'

const BOT = '300000001'
const TOKEN = '300000001:prosa-demo-bot-token'
const KEY = 'demo-tg'

const asset = (name: string) => readFileSync(new URL(`../assets/${name}`, import.meta.url))

async function connected(behaviour: object = {}) {
  const there = await simulated(behaviour)
  const reach = (accessToken = TOKEN): Reach => ({
    credentials: { accessToken, appSecret: 'a-secret', verifyToken: '' },
    accountId: accessToken.split(':')[0] ?? '',
    settings: {},
    baseUrl: `${there.simulator.url}/telegram`,
    fetch,
    now: Date.now,
  })
  const act = (what: string, body: object = {}, who = 'mariana') =>
    there.api('POST', `customers/${who}/${what}`, { inbox: KEY, ...body })
  const heard = async (): Promise<InboundEvent[]> => {
    const bodies = there.webhooks.map(({ raw }) => telegram.parse(new TextEncoder().encode(raw), BOT))
    return (await Promise.all(bodies)).flat()
  }
  const hears = (wanted: object) =>
    expect.poll(heard).toEqual(expect.arrayContaining([expect.objectContaining(wanted)]))
  const phone = async () => {
    const { customers } = (await there.api('GET', 'state')).body
    return customers[0].chats.find(({ inboxKey }: { inboxKey: string }) => inboxKey === KEY)?.messages ?? []
  }
  return { ...there, reach, act, heard, hears, phone }
}

async function conversation() {
  const there = await connected()
  await there.act('messages', { text: 'Oi' })
  await there.hears({ kind: 'message', text: 'Oi' })
  const [first] = await there.heard()
  if (first?.kind !== 'message') throw new Error('The adapter heard no message.')
  const to = first.peer.externalIds
  const send = (of: Partial<Outbound>) =>
    telegram.send(there.reach(), {
      ...{ attemptId: 'attempt-1', to, type: 'text', text: null, content: {}, media: null, replyTo: null },
      humanAgent: false,
      ...of,
    })
  return { ...there, to, send, question: first.externalId }
}

const fileOf = (name: string, of: Pick<OutboundMedia, 'kind' | 'mimeType'> & { voice?: boolean }): OutboundMedia => ({
  fileName: name,
  voice: false,
  ...of,
  bytes: asset(name).length,
  open: async () => new Blob([new Uint8Array(asset(name))]).stream(),
  publicUrl: async () => '',
})

/** What each kind is taken for, where it is more than words. */
const TYPES: Record<string, string> = {
  ...{ image: 'image', video: 'video', video_note: 'video', big_video: 'video', animation: 'video', voice: 'audio' },
  ...{ audio: 'audio', document: 'document', sticker: 'sticker', sticker_animated: 'sticker', location: 'location' },
  ...{ live_location: 'location', venue: 'location', contact: 'contacts', contact_other: 'contacts', poll: 'poll' },
  ...{ story: 'unsupported', unsupported: 'unsupported', album: 'image' },
}

describe('a customer', () => {
  test.each(Object.keys(SAYS))('says %s: one update with the secret', async (kind) => {
    const there = await connected()
    const said = await there.act('messages', { kind, ...(kind === 'text' ? { text: 'oi' } : {}) })
    expect(said.status).toBe(201)
    const updates = kind === 'album' ? 2 : 1
    await until(() => expect(there.webhooks).toHaveLength(updates))
    expect(there.webhooks[0]).toMatchObject({ path: `/webhooks/telegram/${KEY}`, secret: 'prosa-demo-telegram-secret' })
    const events = await there.heard()
    const one = { kind: 'message', direction: 'incoming', accountId: BOT, type: TYPES[kind] ?? 'text' }
    expect(events).toMatchObject(Array.from({ length: updates }, () => one))
  })

  test('of whom each file can be had, but for one that is too large', async () => {
    const there = await connected()
    await there.act('messages', { kind: 'document' })
    await there.act('messages', { kind: 'big_video' })
    await there.hears({ type: 'video' })
    const [document, video] = (await there.heard()).flatMap((event) => (event.kind === 'message' ? event.media : []))
    if (!document?.handle || !telegram.media) throw new Error('There is no file.')
    const { body } = await telegram.media(there.reach(), document.handle)
    expect(Buffer.from(await new Response(body).arrayBuffer())).toEqual(asset('document.pdf'))
    expect(video).toMatchObject({ handle: null, trouble: 'too_large' })
    await there.api('PATCH', 'behaviour', { files: 'lost' })
    await expect(telegram.media(there.reach(), document.handle)).rejects.toMatchObject({ class: 'retryable' })
  })

  test('reacts, changes it and takes it back; edits; each told whole', async () => {
    const { send, act, hears, to, phone } = await conversation()
    const { externalId } = await send({ text: 'Tem sim!' })
    const id = externalId.split(':')[1]
    for (const emoji of ['❤️', '👍', null]) {
      await act('reactions', { message: id, emoji })
      await hears({ kind: 'reaction', target: externalId, emoji })
    }
    const [mine] = await phone()
    await act('edits', { message: mine.id, text: 'Oi, gente' })
    await hears({ kind: 'edit', target: `${to[0]}:${mine.id}`, text: 'Oi, gente' })
  })

  test('presses a button, which waits until it is told that we heard', async () => {
    const { send, act, hears, heard, phone, reach } = await conversation()
    const buttons = { buttons: { buttons: [{ id: 'b1', title: 'Sim' }] } }
    const { externalId } = await send({ type: 'interactive', text: 'Confirma?', content: buttons })
    await act('presses', { message: externalId.split(':')[1], button: 'b1' })
    await hears({ kind: 'message', type: 'interactive', text: 'Sim', replyTo: externalId })
    expect((await phone()).at(-1)).toMatchObject({ mark: 'Botão apertado: esperando' })
    for (const event of await heard()) await telegram.acknowledge?.(reach(), event)
    expect((await phone()).at(-1)).toMatchObject({ mark: 'Botão apertado' })
  })

  test('blocks the bot, which can say nothing more until they let it', async () => {
    const { send, act, hears } = await conversation()
    await act('acts', { act: 'block' })
    await hears({ kind: 'note', what: 'blocked' })
    await expect(send({ text: 'Oi?' })).rejects.toMatchObject({ class: 'permanent', code: 'blocked' })
    await act('acts', { act: 'unblock' })
    await hears({ kind: 'note', what: 'unblocked' })
    await expect(send({ text: 'Oi!' })).resolves.toMatchObject({ address: null })
  })

  test('moves on with a place that is shared', async () => {
    const { act, hears } = await conversation()
    await act('messages', { kind: 'live_location' })
    await act('acts', { act: 'move' })
    await hears({ kind: 'edit', content: { location: { latitude: -23.560414, longitude: -46.654881, live: true } } })
    await act('acts', { act: 'arrive' })
    await hears({ kind: 'edit', content: { location: { latitude: -23.559414, longitude: -46.653881 } } })
  })

  test('who is written to while the order is kept: what fails keeps what is behind it', async () => {
    const there = await connected()
    there.says.status = 503
    await there.act('messages', { text: 'um' })
    await until(() => expect(there.webhooks.length).toBeGreaterThan(1))
    await there.act('messages', { text: 'dois' })
    there.says.status = 200
    await there.hears({ text: 'dois' })
    const texts = (await there.heard()).map((event) => event.kind === 'message' && event.text)
    expect(texts.indexOf('dois')).toBe(texts.lastIndexOf('um') + 1)
    expect(texts.filter((text) => text === 'dois')).toHaveLength(1)
  })
})

describe('Prosa sends', () => {
  test('words with their looks, as an answer', async () => {
    const { send, phone, question } = await conversation()
    const { externalId } = await send({ text: 'Olá, *Mariana*! 2*3_x', replyTo: question })
    expect((await phone()).at(-1)).toMatchObject({
      ...{ id: externalId.split(':')[1], text: 'Olá, Mariana! 2*3_x', replyTo: question.split(':')[1] },
      wire: { entities: [{ type: 'bold', offset: 5, length: 7 }] },
    })
  })

  test.each([
    ['photo.jpg', 'image', 'image/jpeg', 'image'],
    ['video.mp4', 'video', 'video/mp4', 'video'],
    ['song.mp3', 'audio', 'audio/mpeg', 'audio'],
    ['document.pdf', 'document', 'application/pdf', 'document'],
  ] as const)('%s with its words', async (name, kind, mimeType, shown) => {
    const { send, phone } = await conversation()
    await send({ type: kind, text: 'segue *isto*', media: fileOf(name, { kind, mimeType }) })
    expect((await phone()).at(-1)).toMatchObject({
      kind: shown,
      text: 'segue isto',
      files: [{ bytes: asset(name).length }],
    })
  })

  test('a voice note, a place, a person', async () => {
    const { send, phone } = await conversation()
    await send({ type: 'audio', media: fileOf('voice.ogg', { kind: 'audio', mimeType: 'audio/ogg', voice: true }) })
    await send({ type: 'location', content: { location: { latitude: -8, longitude: -34, name: 'Loja' } } })
    await send({ type: 'contacts', content: { contacts: [{ name: 'Rui', phones: [{ number: '+5511999990077' }] }] } })
    const kinds = (await phone())
      .slice(-3)
      .map(({ kind, lines }: { kind: string; lines: string[] }) => [kind, ...lines])
    expect(kinds).toEqual([['voice'], ['location', 'Loja', '-8, -34'], ['contacts', 'Rui', '+5511999990077']])
  })

  test('a reaction and its end; other words; and takes it all back', async () => {
    const { send, phone, question, reach, to } = await conversation()
    await send({ type: 'reaction', text: '❤️', replyTo: question })
    expect((await phone())[0]).toMatchObject({ reactions: { business: '❤' } })
    await send({ type: 'reaction', text: null, replyTo: question })
    expect((await phone())[0]).toMatchObject({ reactions: { business: null } })

    const { externalId } = await send({ text: 'Tem sim' })
    const edit = { externalId, to, type: 'text', text: 'Tem *sim*!', content: {} }
    await telegram.edit?.(reach(), edit)
    await telegram.edit?.(reach(), edit) // said so already
    expect((await phone()).at(-1)).toMatchObject({ text: 'Tem sim!', edits: 1 })
    await telegram.unsend?.(reach(), edit)
    await telegram.unsend?.(reach(), edit) // gone already
    expect((await phone()).at(-1)).toMatchObject({ deleted: true })
    await expect(telegram.edit?.(reach(), edit)).rejects.toMatchObject({ class: 'permanent', code: 'gone' })
  })

  test('to a group that moved, once, where it is now', async () => {
    const { act, api, heard, hears, send, phone } = await conversation()
    await act('messages', { kind: 'group' })
    await hears({ kind: 'message', group: true })
    const group = (await heard()).flatMap((event) =>
      event.kind === 'message' && event.group ? event.peer.externalIds : [],
    )
    await api('POST', `inboxes/${KEY}/news`, { what: 'migrate' })
    await hears({ kind: 'identity', known: group })
    const before = (await phone()).length
    const sent = await send({ to: group, text: 'Oi, pessoal' })
    expect(sent.address).toMatch(/^-100\d+$/)
    expect(sent.externalId.startsWith(`${sent.address}:`)).toBe(true)
    expect((await phone()).length).toBe(before + 1)
  })

  test('for somebody’s own account, by the connection that the message named', async () => {
    const there = await conversation()
    const { act, heard, hears, send, phone, reach } = there
    await act('messages', { kind: 'business', text: 'É da loja?' })
    await hears({ text: 'É da loja?' })
    const [asked] = (await heard()).flatMap((event) =>
      event.kind === 'message' && event.text === 'É da loja?' ? [event] : [],
    )
    if (!asked) throw new Error('Nothing was heard.')
    expect(asked.peer.externalIds).toEqual([expect.stringMatching(/^bc_300000001:\d+$/)])
    const { externalId } = await send({ to: asked.peer.externalIds, text: 'É sim', replyTo: asked.externalId })
    expect((await phone()).at(-1)).toMatchObject({ mark: 'Pela conta do dono', text: 'É sim' })
    await telegram.markRead(reach(), { externalId: asked.externalId, to: asked.peer.externalIds })
    await act('elsewhere', { kind: 'text', text: 'Respondi eu' })
    await hears({ kind: 'message', direction: 'outgoing', text: 'Respondi eu' })
    await act('elsewhere', { kind: 'revoke', message: externalId.split(':').at(-1) })
    await hears({ kind: 'delete', target: externalId })
    await there.api('POST', 'inboxes/demo-tg/news', { what: 'business_off' })
    await expect(send({ to: asked.peer.externalIds, text: 'Ainda?' })).rejects.toMatchObject({ code: 'no_connection' })
  })

  test.each([
    [{ code: 403 }, { class: 'permanent', code: 'blocked' }],
    [{ code: 400 }, { class: 'permanent', code: 'chat_not_found' }],
    [{ code: 401 }, { class: 'auth', code: '401' }],
    [
      { code: 429, retryAfter: '7' },
      { class: 'throttled', retryAfterMs: 7_000 },
    ],
    [
      { kind: 'http_429', retryAfter: '9' },
      { class: 'throttled', retryAfterMs: 9_000 },
    ],
    [{ kind: 'http_500' }, { class: 'retryable' }],
    [{ kind: 'http_502' }, { class: 'ambiguous' }],
    [{ kind: 'broken_json' }, { class: 'ambiguous' }],
    [{ kind: 'reset' }, { class: 'ambiguous' }],
    [
      { code: 400, words: 'Bad Request: message is too long' },
      { class: 'permanent', code: '400' },
    ],
  ])('and meets %o', async (fault, wanted) => {
    const { api, send, phone } = await conversation()
    await api('POST', 'faults', { kind: 'code', channel: 'telegram', ...fault })
    await expect(send({ text: 'Oi' })).rejects.toMatchObject(wanted)
    expect(await phone()).toHaveLength(1)
  })
})

describe('a bot', () => {
  test('is checked and told where to call; what was said before waits for that', async () => {
    const there = await connected()
    const address = `${there.url}/webhooks/telegram/${KEY}`
    const first = await telegram.check?.(there.reach(), address)
    expect(first).toMatchObject({
      address: '@prosa_demo_bot',
      checks: [{ ok: true }, { ok: true }, { what: 'webhook', ok: false }],
    })

    await there.api('PATCH', `inboxes/${KEY}`, { subscribed: false })
    await there.act('messages', { text: 'Alguém aí?' })
    expect(there.webhooks).toHaveLength(0)
    await telegram.subscribe?.(there.reach(), address)
    await there.hears({ text: 'Alguém aí?' })
    expect(there.webhooks[0]?.secret).toBe('a-secret')
    expect(await telegram.check?.(there.reach(), address)).toMatchObject({
      checks: [{}, {}, { what: 'webhook', ok: true }],
    })
  })

  test('that nobody has yet is connected by its token alone', async () => {
    const there = await connected()
    const reach = there.reach('300000077:prosa-demo-bot-token')
    await telegram.subscribe?.(reach, `${there.url}/webhooks/telegram/newkey`)
    await there.act('messages', { inbox: 'newkey', text: 'Oi, bot novo' })
    await until(() => expect(there.webhooks).toMatchObject([{ path: '/webhooks/telegram/newkey', secret: 'a-secret' }]))
  })

  test('with another token is none, and says so without it', async () => {
    const { reach } = await connected()
    const found = await telegram.check?.(reach('300000001:somebody-elses-token'), 'http://127.0.0.1:9/')
    expect(found?.checks).toEqual([{ what: 'token', ok: false, detail: 'Unauthorized' }])
  })

  test('shows how people look', async () => {
    const { reach, to } = await conversation()
    const profile = await telegram.profile?.(reach(), to[0] ?? '')
    const picture = await fetch(profile?.pictureUrl ?? '')
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(asset('avatar.jpg'))
  })

  test('is told of what its calls are, never by which token', async () => {
    const { send, api } = await conversation()
    await send({ text: 'Oi' })
    const { calls } = (await api('GET', 'ledger')).body
    expect(calls.at(-1).path).toBe('/telegram/bot…/sendMessage')
    expect(JSON.stringify(calls)).not.toContain('prosa-demo-bot-token')
  })
})

test.each([...Object.keys(DOES).filter((act) => act !== 'move' && act !== 'arrive'), ...Object.keys(NEWS)])(
  'whatever happens, the adapter knows what it is: %s',
  async (what) => {
    const there = await conversation()
    const path = what in DOES ? 'customers/mariana/acts' : `inboxes/${KEY}/news`
    await there.api('POST', path, what in DOES ? { inbox: KEY, act: what } : { what })
    await until(() => expect(there.webhooks.length).toBeGreaterThan(1))
    const unknown = (await there.heard()).filter((event) => event.kind === 'kept' && event.what === 'unknown')
    expect(unknown).toHaveLength(what === 'unknown' ? 1 : 0)
  },
)
