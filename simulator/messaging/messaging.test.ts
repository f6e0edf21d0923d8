/** Messenger and Instagram as the simulator plays them. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import { instagram } from '../../src/channels/instagram/instagram.ts'
import { messenger } from '../../src/channels/messenger/messenger.ts'
import { codeOf, simulated, until } from '../small-prosa.ts'
import { INSTAGRAM_SAYS, MESSENGER_SAYS } from './kinds.ts'

const ACCOUNTS = { messenger: '200000000000001', instagram: '17841400000000001' } as const
const INBOXES = { messenger: 'demo-fb', instagram: 'demo-ig' } as const
type Name = keyof typeof INBOXES
const BOTH: Name[] = ['messenger', 'instagram']

const asset = (name: string) => readFileSync(new URL(`../assets/${name}`, import.meta.url))

const adapters = { messenger, instagram }
/** What Prosa takes each kind for, where it is more than words. */
const TYPES: Record<string, string> = {
  image: 'image',
  images: 'image',
  video: 'video',
  voice: 'audio',
  document: 'document',
  sticker: 'sticker',
  like: 'sticker',
  post: 'share',
  reel: 'share',
  share: 'share',
  location: 'location',
  postback: 'postback',
  get_started: 'postback',
  story_mention: 'story_mention',
  ephemeral: 'unsupported',
  unsupported: 'unsupported',
}

const Row = z.looseObject({
  sender: z.object({ id: z.string() }),
  recipient: z.object({ id: z.string() }),
  message: z.looseObject({ mid: z.string() }).optional(),
})

async function conversation(channel: Name, behaviour: object = {}) {
  const there = await simulated(behaviour)
  const act = (what: string, body: object = {}, who = 'mariana') =>
    there.api('POST', `customers/${who}/${what}`, { inbox: INBOXES[channel], ...body })
  const { body: question } = await act('messages', { text: 'Oi' })
  await until(() => expect(there.webhooks).toHaveLength(1))
  const person = Row.parse(there.webhooks[0]?.row).sender.id
  const send = (of: object, node: string = ACCOUNTS[channel]) =>
    there.graph('POST', `${node}/messages`, { recipient: { id: person }, ...of })
  const phone = async () => {
    const state = (await there.api('GET', 'state')).body
    return state.customers[0].chats.find(({ inboxKey }: { inboxKey: string }) => inboxKey === INBOXES[channel]).messages
  }
  const rows = () => there.webhooks.flatMap(({ row }) => (row ? [row] : []))
  return { ...there, act, send, phone, rows, person, question: question.id as string }
}

/** One of the rows says this, whatever else it says. */
function hears(rows: Record<string, unknown>[], wanted: object): void {
  const close = rows.filter((row) => Object.keys(wanted).every((key) => key in row))
  const found = close.some((row) => {
    try {
      expect(row).toMatchObject(wanted)
      return true
    } catch {
      return false
    }
  })
  if (!found) expect(close.at(-1)).toMatchObject(wanted)
}

const refused = async (response: Response) => {
  const { error } = z
    .object({ error: z.object({ code: z.number(), error_subcode: z.number().optional() }) })
    .parse(await response.json())
  return [error.code, error.error_subcode]
}
const idOf = async (response: Response) => z.object({ message_id: z.string() }).parse(await response.json()).message_id
const text = (words: string) => ({ message: { text: words } })

describe.each(BOTH)('a customer on %s', (channel) => {
  const says = channel === 'messenger' ? MESSENGER_SAYS : INSTAGRAM_SAYS

  test.each(Object.keys(says))('says %s: one signed row to that account', async (kind) => {
    const { api, webhooks } = await simulated()
    const body = { inbox: INBOXES[channel], kind, ...(kind === 'text' ? { text: 'oi' } : {}) }
    expect((await api('POST', 'customers/luzia/messages', body)).status).toBe(201)
    await until(() => expect(webhooks).toHaveLength(1))
    expect(webhooks[0]).toMatchObject({ path: `/webhooks/${channel}/${INBOXES[channel]}`, signed: true })
    expect(JSON.parse(webhooks[0]?.raw ?? '')).toMatchObject({
      object: channel === 'messenger' ? 'page' : 'instagram',
      entry: [{ id: ACCOUNTS[channel], time: expect.any(Number) }],
    })
    expect(webhooks[0]?.row).toMatchObject({
      sender: { id: expect.stringMatching(/^\d{16}$/) },
      recipient: { id: ACCOUNTS[channel] },
      timestamp: expect.any(Number),
    })
    const events = await adapters[channel].parse(new TextEncoder().encode(webhooks[0]?.raw), ACCOUNTS[channel])
    expect(events).toMatchObject([
      { kind: 'message', direction: 'incoming', accountId: ACCOUNTS[channel], type: TYPES[kind] ?? 'text' },
    ])
  })

  test('reacts, changes it and takes it back', async () => {
    const there = await conversation(channel)
    const id = await idOf(await there.send(text('Olá!')))
    for (const emoji of ['❤️', '😮', null]) await there.act('reactions', { message: id, emoji })
    await until(() => expect(there.rows().filter((row) => row['reaction'])).toHaveLength(3))
    const reactions = there.rows().flatMap((row) => (row['reaction'] ? [row['reaction']] : []))
    expect(reactions).toContainEqual({ mid: id, action: 'react', reaction: 'love', emoji: '❤️' })
    expect(reactions).toContainEqual(
      channel === 'messenger'
        ? { mid: id, action: 'unreact', reaction: 'wow', emoji: '😮' }
        : { mid: id, action: 'unreact' },
    )
  })

  test('edits, and quotes', async () => {
    const there = await conversation(channel)
    await there.act('edits', { message: there.question, text: 'Oi!!' })
    await until(() =>
      hears(there.rows(), {
        message_edit: { mid: there.question, text: 'Oi!!', num_edit: 1 },
      }),
    )
    await there.act('messages', { text: 'essa', replyTo: there.question })
    await until(() => hears(there.rows(), { message: { reply_to: { mid: there.question } } }))
  })

  test('presses a quick reply', async () => {
    const there = await conversation(channel)
    const quick_replies = [{ content_type: 'text', title: 'Azul', payload: 'AZUL' }]
    const id = await idOf(await there.send({ message: { text: 'Qual cor?', quick_replies } }))
    await there.act('presses', { message: id, button: 'AZUL' })
    await until(() => hears(there.rows(), { message: { text: 'Azul', quick_reply: { payload: 'AZUL' } } }))
  })

  test('sends a file: its link works without a token, and dies', async () => {
    const there = await conversation(channel)
    await there.act('messages', { kind: 'image' })
    const Sent = z.looseObject({
      message: z.looseObject({ attachments: z.tuple([z.object({ payload: z.object({ url: z.string() }) })]) }),
    })
    await until(() => expect(Sent.safeParse(there.rows().at(-1)).success).toBe(true))
    const [{ payload }] = Sent.parse(there.rows().at(-1)).message.attachments
    const response = await fetch(payload.url)
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(asset('photo.jpg'))
    const other = new URL(payload.url)
    other.searchParams.set('oe', 'ffffffff')
    expect((await fetch(other)).status).toBe(403)
    await there.api('PATCH', 'behaviour', { files: 'lost' })
    expect((await fetch(payload.url)).status).toBe(404)
  })

  test('is another person to another account, and on another phone', async () => {
    const there = await conversation(channel)
    await there.act('messages', { text: 'sou outra' }, 'luzia')
    await until(() => expect(there.rows()).toHaveLength(2))
    const [mariana, luzia] = there.rows().map((row) => Row.parse(row).sender.id)
    expect(mariana).not.toBe(luzia)
  })

  test('follows a link, talks to another app, hears from a person', async () => {
    const there = await conversation(channel)
    await there.act('acts', { act: 'referral' })
    await until(() => hears(there.rows(), { referral: { ref: 'bio-link' } }))
    await there.act('messages', { kind: 'standby' })
    await until(() => expect(there.webhooks.at(-1)?.raw).toContain('"standby":['))
    await there.act('elsewhere', { kind: 'text', text: 'Respondi aqui' })
    await until(() =>
      hears(there.rows(), {
        sender: { id: ACCOUNTS[channel] },
        message: { is_echo: true, text: 'Respondi aqui' },
      }),
    )
  })
})

test('Instagram takes back what was said; Messenger has no word for it', async () => {
  const onInstagram = await conversation('instagram')
  await onInstagram.act('deletions', { message: onInstagram.question })
  await until(() => hears(onInstagram.rows(), { message: { mid: onInstagram.question, is_deleted: true } }))
  const onMessenger = await conversation('messenger')
  expect((await onMessenger.act('deletions', { message: onMessenger.question })).status).toBe(409)
})

describe('Prosa sends', () => {
  test('on Messenger: delivered and read by time, and an echo with its metadata', async () => {
    const there = await conversation('messenger')
    const id = await idOf(await there.send({ message: { text: 'Olá!', metadata: 'attempt-1' } }))
    await until(() =>
      expect(there.rows()).toContainEqual(
        expect.objectContaining({ delivery: { mids: [id], watermark: expect.any(Number) } }),
      ),
    )
    await until(() =>
      expect(there.rows()).toContainEqual(
        expect.objectContaining({
          message: expect.objectContaining({ is_echo: true, mid: id, metadata: 'attempt-1', app_id: 1517776481860111 }),
        }),
      ),
    )
    await there.act('view')
    await until(() => hears(there.rows(), { read: { watermark: expect.any(Number) } }))
  })

  test('on Instagram: read by message, an echo, no delivery', async () => {
    const there = await conversation('instagram')
    const id = await idOf(await there.send(text('Olá!'), 'me'))
    await until(() => hears(there.rows(), { message: { is_echo: true, mid: id } }))
    await there.act('view')
    await until(() => hears(there.rows(), { read: { mid: id } }))
    expect(there.rows().some((row) => row['delivery'])).toBe(false)
  })

  test('by its page to its profile: whom it goes to decides', async () => {
    const there = await conversation('instagram')
    expect((await there.send(text('Pela página'), ACCOUNTS.messenger)).status).toBe(200)
    expect((await there.phone()).at(-1)).toMatchObject({ text: 'Pela página' })
  })

  test.each(BOTH)('on %s, and the echo goes first', async (channel) => {
    const there = await conversation(channel, { echoes: 'before', statusDelayMs: 500 })
    const id = await idOf(await there.send(text('Olá!')))
    hears(there.rows(), { message: { is_echo: true, mid: id } })
  })

  test('typing, seen, and reactions where there are any', async () => {
    const there = await conversation('instagram')
    await there.send({ sender_action: 'typing_on' })
    await there.send({ sender_action: 'mark_seen' })
    const react = (reaction: string) =>
      there.send({ sender_action: 'react', payload: { message_id: there.question, reaction } })
    expect((await react('love')).status).toBe(200)
    expect((await there.phone())[0]).toMatchObject({ state: 'read', reactions: { business: '❤️' } })
    expect(await codeOf(await react('party'))).toBe(100)
    await there.send({ sender_action: 'unreact', payload: { message_id: there.question } })
    expect((await there.phone())[0].reactions.business).toBeNull()
    const onMessenger = await conversation('messenger')
    const payload = { message_id: onMessenger.question, reaction: 'love' }
    expect(await codeOf(await onMessenger.send({ sender_action: 'react', payload }))).toBe(100)
  })

  test.each<[Name, string, object, number, number | undefined]>([
    ['messenger', '2001 characters', text('a'.repeat(2001)), 100, undefined],
    ['instagram', '1001 bytes', text(`${'á'.repeat(500)}a`), 100, undefined],
    [
      'instagram',
      'a file that is not there',
      { message: { attachment: { type: 'image', payload: { url: 'http://127.0.0.1:9/a.jpg' } } } },
      100,
      2018008,
    ],
    [
      'messenger',
      'a file of elsewhere',
      { message: { attachment: { type: 'image', payload: { url: 'https://example.com/a.jpg' } } } },
      100,
      2018008,
    ],
    [
      'messenger',
      'a tag that is gone',
      { messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE', ...text('a') },
      100,
      undefined,
    ],
    ['messenger', 'nobody’s id', { recipient: { id: '6999' }, ...text('a') }, 100, 2018001],
    ['messenger', 'a text and a file', { message: { text: 'a', attachment: { type: 'image' } } }, 100, undefined],
    [
      'messenger',
      'fourteen quick replies',
      {
        message: {
          text: 'a',
          quick_replies: Array.from({ length: 14 }, (_, n) => ({
            content_type: 'text',
            title: `${n}`,
            payload: `${n}`,
          })),
        },
      },
      100,
      undefined,
    ],
    ['messenger', 'a quote of nothing', { ...text('a'), reply_to: { mid: 'm_nothing' } }, 100, undefined],
  ])('on %s not %s', async (channel, _, of, code, subcode) => {
    const { send } = await conversation(channel)
    expect(await refused(await send(of))).toEqual([code, subcode])
  })

  test.each<[Name, number]>([
    ['messenger', 2018278],
    ['instagram', 2534022],
  ])('on %s a day for an answer, a week for a person’s, with the permission alone', async (channel, subcode) => {
    const { act, send, api } = await conversation(channel)
    const byPerson = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', ...text('a') }
    await act('window', { open: false })
    expect(await refused(await send(text('a')))).toEqual([10, subcode])
    expect((await send(byPerson)).status).toBe(200)
    await api('PATCH', 'behaviour', { humanAgent: false })
    expect(await refused(await send(byPerson))).toEqual([10, undefined])
    await api('PATCH', 'behaviour', { humanAgent: true })
    await act('window', { open: false, hoursAgo: 169 })
    expect(await refused(await send(byPerson))).toEqual([10, subcode])
  })

  test('a file by upload to Messenger, by address to Instagram', async () => {
    const onMessenger = await conversation('messenger')
    const form = new FormData()
    form.set('message', JSON.stringify({ attachment: { type: 'image', payload: { is_reusable: true } } }))
    form.set('filedata', new File([new Uint8Array(asset('photo.jpg'))], 'a.jpg', { type: 'image/jpeg' }))
    const uploaded = await onMessenger.graph('POST', `${ACCOUNTS.messenger}/message_attachments`, form)
    const { attachment_id } = z.object({ attachment_id: z.string() }).parse(await uploaded.json())
    await onMessenger.send({ message: { attachment: { type: 'image', payload: { attachment_id } } } })
    expect((await onMessenger.phone()).at(-1)).toMatchObject({ kind: 'image', files: [{ id: attachment_id }] })

    const onInstagram = await conversation('instagram')
    onInstagram.files.set('/v.m4a', { type: 'audio/mp4', bytes: asset('voice.m4a') })
    onInstagram.files.set('/v.ogg', { type: 'audio/ogg', bytes: asset('voice.ogg') })
    const audio = (name: string) => ({
      message: { attachment: { type: 'audio', payload: { url: `${onInstagram.url}/${name}` } } },
    })
    expect((await onInstagram.send(audio('v.m4a'))).status).toBe(200)
    expect(await refused(await onInstagram.send(audio('v.ogg')))).toEqual([100, 2018047])
  })

  test('and meets what lies ahead: errors of this channel, outages, a lost answer', async () => {
    const there = await conversation('messenger')
    await there.api('POST', 'faults', { kind: 'code', code: 551, subcode: 1545041, channel: 'messenger' })
    await there.api('POST', 'faults', { kind: 'code', code: 190, channel: 'instagram' })
    expect(await refused(await there.send(text('a')))).toEqual([551, 1545041])
    expect((await there.send(text('b'))).status).toBe(200)
    await there.api('POST', 'faults', { kind: 'reset', accepted: true, channel: 'messenger' })
    await expect(there.send(text('perdida'))).rejects.toThrow()
    await until(() =>
      expect(there.rows()).toContainEqual(
        expect.objectContaining({ message: expect.objectContaining({ is_echo: true, text: 'perdida' }) }),
      ),
    )
    await there.api('PATCH', 'behaviour', { outage: 'unavailable' })
    expect(await refused(await there.send(text('c')))).toEqual([2, undefined])
  })
})

test('whom Prosa knew before is met, whatever was said then', async () => {
  const there = await simulated()
  const send = (of: object) =>
    there.graph('POST', `${ACCOUNTS.messenger}/messages`, { recipient: { id: '7000000000000012' }, ...of })
  expect((await send({ ...text('Olá de novo'), reply_to: { mid: 'm_before' } })).status).toBe(200)
  await send(text('Ainda aí?'))
  const { customers } = (await there.api('GET', 'state')).body
  expect(customers).toHaveLength(4)
  expect(customers[3]).toMatchObject({ origin: 'met', chats: [{ messages: [{}, { text: 'Ainda aí?' }] }] })
  await there.api('POST', `customers/${customers[3].id}/messages`, { inbox: INBOXES.messenger, text: 'Oi' })
  // What is said is told of in no order: the echo of the answer may come after it.
  await until(() =>
    expect(there.webhooks.map(({ row }) => row)).toContainEqual(
      expect.objectContaining({ sender: { id: '7000000000000012' } }),
    ),
  )
})

describe('the past', () => {
  const Page = z.object({
    data: z.array(
      z.looseObject({
        id: z.string(),
        messages: z.object({ data: z.array(z.looseObject({ id: z.string() })) }).optional(),
      }),
    ),
    paging: z.object({ cursors: z.object({ after: z.string() }), next: z.string().optional() }),
  })

  test.each(BOTH)('of %s: twenty of each conversation, in pages, nobody told', async (channel) => {
    const { api, graph, webhooks } = await simulated()
    for (const who of ['mariana', 'joao', 'luzia'])
      await api('POST', `customers/${who}/past`, { inbox: INBOXES[channel], count: 26 })
    const fields = 'id,updated_time,participants,messages.limit(20){id,created_time,from,to,message,attachments}'
    const page = async (after = '') => {
      const query = new URLSearchParams({ platform: channel, fields, limit: '2', after })
      return Page.parse(await (await graph('GET', `${ACCOUNTS[channel]}/conversations?${query}`)).json())
    }
    const first = await page()
    expect(first.data).toHaveLength(2)
    expect(first.paging.next).toBeDefined()
    expect(first.data[0]?.messages?.data).toHaveLength(20)
    expect(first.data[0]).toMatchObject({ participants: { data: [{}, { id: ACCOUNTS[channel] }] } })
    const second = await page(first.paging.cursors.after)
    expect(second.data).toHaveLength(1)
    expect(second.paging.next).toBeUndefined()
    expect(webhooks).toEqual([])
  })

  test('of one person, a picture with its link among it', async () => {
    const there = await conversation('messenger')
    await there.act('messages', { kind: 'image' })
    const query = new URLSearchParams({
      platform: 'messenger',
      user_id: there.person,
      fields: 'id,messages{id,attachments}',
    })
    const { data } = Page.parse(await (await there.graph('GET', `${ACCOUNTS.messenger}/conversations?${query}`)).json())
    expect(data).toHaveLength(1)
    const newest = data[0]?.messages?.data[0]
    expect(newest).toMatchObject({
      attachments: { data: [{ mime_type: 'image/jpeg', image_data: { url: expect.stringContaining('/cdn/') } }] },
    })
    expect(await (await there.graph('GET', `${newest?.id}?fields=id`)).json()).toMatchObject({ id: newest?.id })
  })
})

describe('connecting', () => {
  test.each(BOTH)('%s: who it is, who writes, what is told', async (channel) => {
    const there = await conversation(channel)
    const get = async (path: string) => (await there.graph('GET', path)).json()
    expect(
      await get(channel === 'instagram' ? 'me?fields=user_id,username' : `${ACCOUNTS.messenger}?fields=id,name`),
    ).toMatchObject(
      channel === 'instagram'
        ? { user_id: ACCOUNTS.instagram, username: 'prosa.demo' }
        : { id: ACCOUNTS.messenger, name: 'Prosa Demo' },
    )
    const profile = z
      .looseObject({ profile_pic: z.string() })
      .parse(await get(`${there.person}?fields=name,first_name,last_name,username,profile_pic`))
    expect(profile).toMatchObject(
      channel === 'instagram' ? { name: 'Mariana Costa', username: 'mariana.costa' } : { first_name: 'Mariana' },
    )
    expect((await fetch(profile.profile_pic)).status).toBe(200)

    const node = channel === 'instagram' ? 'me' : ACCOUNTS.messenger
    const apps = () => get(`${node}/subscribed_apps`)
    expect(await apps()).toMatchObject({ data: [{ subscribed_fields: expect.arrayContaining(['messages']) }] })
    await there.graph('DELETE', `${node}/subscribed_apps`)
    expect(await apps()).toEqual({ data: [] })
    await there.graph('POST', `${node}/subscribed_apps?subscribed_fields=messages,standby`)
    expect(await apps()).toMatchObject({ data: [{ subscribed_fields: ['messages', 'standby'] }] })
  })

  test('its events go where somebody typed into the dashboard, once that address answered', async () => {
    const { api, url, says, webhooks, write } = await simulated()
    const typed = (verifyToken: string, at = `${url}/of-its-own`) =>
      api('PATCH', 'inboxes/demo-fb', { callback: at, verifyToken })
    expect((await typed('another word')).status).toBe(422)
    expect((await typed(says.verifyToken, 'https://prosa.example/webhooks')).status).toBe(422)
    expect((await api('PATCH', 'inboxes/demo-tg', { callback: url, verifyToken: says.verifyToken })).status).toBe(422)
    expect(await typed(says.verifyToken)).toMatchObject({ status: 200, body: { subscribed: true } })
    await write('mariana', 'Oi!', { inbox: 'demo-fb' })
    await until(() => expect(webhooks).toMatchObject([{ path: '/of-its-own', signed: true }]))
  })

  test('a token of one account alone says which `me` is', async () => {
    const { api, graph } = await simulated()
    const of = {
      key: 'another',
      channel: 'instagram',
      accountId: '17841400000000078',
      name: 'Outra',
      address: '@outra',
    }
    await api('POST', 'inboxes', of)
    const me = await graph('GET', 'me?fields=user_id', undefined, `${DEMO_SECRETS.accessToken}-${of.accountId}`)
    expect(await me.json()).toMatchObject({ user_id: of.accountId })
    expect(await refused(await graph('GET', 'me', undefined, `${DEMO_SECRETS.accessToken}-x`))).toContain(190)
  })

  test('whoever hides the number shows no profile', async () => {
    const there = await conversation('messenger')
    const { body: helena } = await there.api('POST', 'customers', {
      name: 'Helena',
      number: '5511988887777',
      hidesNumber: true,
    })
    await there.act('messages', { text: 'oi' }, helena.id)
    await until(() => expect(there.rows()).toHaveLength(2))
    const { sender } = Row.parse(there.rows()[1])
    expect(await refused(await there.graph('GET', `${sender.id}?fields=first_name`))).toEqual([100, 2018218])
  })

  test('pages are listed, a token is good for sixty days more, an unknown id is nothing', async () => {
    const { graph, simulator } = await simulated()
    expect(await (await graph('GET', 'me/accounts')).json()).toMatchObject({
      data: [{ id: ACCOUNTS.messenger, instagram_business_account: { id: ACCOUNTS.instagram } }],
    })
    const query = new URLSearchParams({ grant_type: 'ig_refresh_token', access_token: DEMO_SECRETS.accessToken })
    const refreshed = await fetch(`${simulator.url}/graph/refresh_access_token?${query}`)
    expect(await refreshed.json()).toMatchObject({ expires_in: 5_184_000 })
    expect(await refused(await graph('GET', '123456789?fields=name'))).toEqual([100, 33])
  })

  test.each(BOTH)('%s tells its news', async (channel) => {
    const there = await simulated()
    const what = channel === 'messenger' ? 'policy_warning' : 'self_test'
    await there.api('POST', `inboxes/${INBOXES[channel]}/news`, { what })
    await until(() => expect(there.webhooks).toHaveLength(1))
    expect(there.webhooks[0]?.row).toMatchObject(
      channel === 'messenger' ? { policy_enforcement: { action: 'warning' } } : { message: { is_self: true } },
    )
  })
})
