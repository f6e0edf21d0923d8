/** What is asked of an Evolution server, to the letter, and what becomes of its answers. */
import { describe, expect, test } from 'vitest'
import { readFixture } from '../../../test/support/neutral-words.ts'
import type { ChannelError, Check, Outbound } from '../channel.ts'
import { mediaOf, messageOf, providerAnswering, TOKEN } from '../test-provider.ts'
import { edit, unsend } from './change.ts'
import { historyPage } from './history.ts'
import { check, EVENTS, profile, subscribe } from './instance.ts'
import { lookAtLink, restartLink, unlink } from './link.ts'
import { fetchMedia } from './media.ts'
import { markRead, send, showTyping } from './send.ts'

const answer =
  (name: string, status = 200) =>
  () =>
    new Response(readFixture('evolution', name), { status })
const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status })
const CHAT = '5511999990001@s.whatsapp.net'
const HIDDEN = '900000000000001@lid'

describe('sends', () => {
  const URL = 'https://files.example/of-it'
  const media = (kind: NonNullable<Outbound['media']>['kind'], mimeType: string, of = {}) =>
    mediaOf({ kind, mimeType, ...of })
  const number = '5511999990001'

  test.each<[string, Partial<Outbound>, string, object]>([
    ['a text', {}, 'sendText', { number, text: 'Olá!', linkPreview: true }],
    [
      'a text to who hides the number',
      { to: [HIDDEN] },
      'sendText',
      { number: HIDDEN, text: 'Olá!', linkPreview: true },
    ],
    [
      'a text to a group',
      { to: ['group:120363000000000001@g.us'] },
      'sendText',
      { number: '120363000000000001@g.us', text: 'Olá!', linkPreview: true },
    ],
    [
      'a picture with words',
      { type: 'image', text: 'Veja', media: media('image', 'image/jpeg') },
      'sendMedia',
      { number, mediatype: 'image', mimetype: 'image/jpeg', fileName: 'image.jpeg', media: URL, caption: 'Veja' },
    ],
    [
      'a document that answers',
      {
        type: 'document',
        text: null,
        replyTo: '3EB0Q',
        media: media('document', 'application/pdf', { fileName: 'a.pdf' }),
      },
      'sendMedia',
      {
        number,
        quoted: { key: { id: '3EB0Q', remoteJid: CHAT } },
        ...{ mediatype: 'document', mimetype: 'application/pdf', fileName: 'a.pdf', media: URL },
      },
    ],
    [
      'a voice note',
      { type: 'audio', text: null, media: media('audio', 'audio/ogg', { voice: true }) },
      'sendWhatsAppAudio',
      { number, audio: URL },
    ],
    [
      'a song',
      { type: 'audio', text: null, media: media('audio', 'audio/mpeg') },
      'sendMedia',
      { number, mediatype: 'audio', mimetype: 'audio/mpeg', fileName: 'audio.mpeg', media: URL },
    ],
    [
      'a sticker',
      { type: 'sticker', text: null, media: media('sticker', 'image/webp') },
      'sendSticker',
      { number, sticker: URL },
    ],
    [
      'a place',
      { type: 'location', text: null, content: { location: { latitude: -23.5, longitude: -46.6, name: 'Sé' } } },
      'sendLocation',
      { number, latitude: -23.5, longitude: -46.6, name: 'Sé', address: '' },
    ],
    [
      'a card',
      {
        type: 'contacts',
        text: null,
        content: { contacts: [{ name: 'Ana', phones: [{ number: '+55 11 99999-0077' }], organization: 'Loja' }] },
      },
      'sendContact',
      {
        number,
        contact: [{ fullName: 'Ana', wuid: '5511999990077', phoneNumber: '+55 11 99999-0077', organization: 'Loja' }],
      },
    ],
    [
      'a reaction',
      { type: 'reaction', text: '👍', replyTo: '3EB0T' },
      'sendReaction',
      { key: { remoteJid: CHAT, fromMe: false, id: '3EB0T' }, reaction: '👍' },
    ],
    [
      'none any more',
      { type: 'reaction', text: null, replyTo: '3EB0T' },
      'sendReaction',
      { key: { remoteJid: CHAT, fromMe: false, id: '3EB0T' }, reaction: '' },
    ],
  ])('%s', async (_, message, path, body) => {
    const { reach, calls } = providerAnswering(answer('api_send_text', 201))
    expect(await send(reach, messageOf(message))).toEqual({
      externalId: '3EB0OUT0000000000002',
      address: '5511999990001',
    })
    expect(calls).toMatchObject([{ method: 'POST', path: `message/${path}/100000000000001`, body }])
    expect(calls[0]?.body).toEqual(body)
    expect(calls[0]?.headers.get('apikey')).toBe(TOKEN)
  })

  test.each<[string, Partial<Outbound>]>([
    ['a template', { type: 'template', content: { template: { name: 'x', language: 'pt_BR' } } }],
    ['to nobody', { to: [] }],
    ['words under a voice note', { type: 'audio', text: 'Ouça', media: media('audio', 'audio/ogg', { voice: true }) }],
    ['a place that is none', { type: 'location' }],
  ])('not %s, without asking', async (_, message) => {
    const { reach, calls } = providerAnswering(answer('api_send_text', 201))
    await expect(send(reach, messageOf(message))).rejects.toMatchObject({ class: 'permanent' })
    expect(calls).toEqual([])
  })

  test.each([
    ['api_error_not_on_whatsapp', 400, { class: 'permanent', code: 'not_on_whatsapp' }],
    ['api_error_unauthorized', 401, { class: 'auth', code: 'unauthorized' }],
    ['api_error_instance_missing', 404, { class: 'auth', code: 'instance_missing' }],
  ])('and is told %s', async (name, status, wanted) => {
    const { reach } = providerAnswering(answer(name, status))
    await expect(send(reach, messageOf())).rejects.toMatchObject(wanted)
  })

  test('a file that has no address leaves later', async () => {
    const { reach, calls } = providerAnswering(answer('api_send_text', 201))
    const lost = media('image', 'image/jpeg', { publicUrl: () => Promise.reject(new Error('away')) })
    await expect(send(reach, messageOf({ type: 'image', media: lost }))).rejects.toMatchObject({ class: 'retryable' })
    expect(calls).toEqual([])
  })
})

describe('changes what it sent', () => {
  const of = { externalId: '3EB0O', to: [HIDDEN, '5511999990001'], type: 'text' }
  const key = { id: '3EB0O', remoteJid: CHAT, fromMe: true }

  test('into other words', async () => {
    const { reach, calls } = providerAnswering(json({ status: 'PENDING' }, 201))
    await edit(reach, { ...of, text: 'Abrimos às 10h', content: {} })
    const body = { number: '5511999990001', key, text: 'Abrimos às 10h' }
    expect(calls).toMatchObject([{ method: 'POST', path: 'chat/updateMessage/100000000000001', body }])
  })

  test('into nothing', async () => {
    const { reach, calls } = providerAnswering(json({ status: 'PENDING' }, 201))
    await unsend(reach, of)
    const path = 'chat/deleteMessageForEveryone/100000000000001'
    expect(calls).toMatchObject([{ method: 'DELETE', path, body: key }])
    await expect(unsend(reach, { ...of, to: [] })).rejects.toMatchObject({ class: 'permanent', code: 'no_address' })
  })
})

describe('the phone', () => {
  const state = (of: string) => json({ instance: { instanceName: '100000000000001', state: of } })
  const code = answer('api_connect')

  test.each<[string, boolean, (() => Response)[], object]>([
    ['is there', false, [state('open')], { state: 'open', code: null }],
    ['is away, and nobody asked for a code', false, [state('close')], { state: 'closed', code: null }],
    [
      'waits for its code',
      false,
      [state('connecting'), code],
      { state: 'waiting', code: { squares: '2@AbCdEf==,x', letters: null } },
    ],
    [
      'waits for the code that was asked for',
      true,
      [state('close'), code],
      { state: 'waiting', code: { squares: '2@AbCdEf==,x', letters: null } },
    ],
    ['is on its way', false, [state('connecting'), json({ count: 0 })], { state: 'connecting', code: null }],
    ['came meanwhile', true, [state('close'), state('open')], { state: 'open', code: null }],
  ])('%s', async (_, begins, answers, wanted) => {
    const { reach } = providerAnswering(...answers)
    expect(await lookAtLink(reach, { begins, phone: null })).toEqual(wanted)
  })

  test('has a code in letters where its number is told', async () => {
    const letters = json({ pairingCode: 'WZYEH1YY', code: '2@x' })
    const { reach, calls } = providerAnswering(state('close'), letters)
    expect((await lookAtLink(reach, { begins: true, phone: '5511900000001' })).code?.letters).toBe('WZYEH1YY')
    expect(calls[1]?.path).toBe('instance/connect/100000000000001?number=5511900000001')
  })

  test('is parted from the server, also where it is away already', async () => {
    const gone = json({ response: { message: ['Error: Connection Closed'] } }, 400)
    const { reach, calls } = providerAnswering(gone, json({}), json({ response: { message: 'Unauthorized' } }, 401))
    await unlink(reach)
    await restartLink(reach)
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE instance/logout/100000000000001',
      'POST instance/restart/100000000000001',
    ])
    await expect(unlink(reach)).rejects.toMatchObject({ class: 'auth' })
  })
})

describe('shows', () => {
  test('that it was read, of a number alone', async () => {
    const { reach, calls } = providerAnswering(json({ message: 'Read messages', read: 'success' }, 201))
    await markRead(reach, { externalId: '3EB0A', to: [HIDDEN] })
    expect(calls).toEqual([])
    await markRead(reach, { externalId: '3EB0A', to: [HIDDEN, '5511999990001'] })
    expect(calls).toMatchObject([
      {
        path: expect.stringContaining('chat/markMessageAsRead'),
        body: { readMessages: [{ remoteJid: CHAT, fromMe: false, id: '3EB0A' }] },
      },
    ])
  })

  test('that somebody writes, for a moment', async () => {
    const { reach, calls } = providerAnswering(json({ presence: 'composing' }, 201))
    await showTyping(reach, { externalId: '3EB0A', to: ['5511999990001'] })
    expect(calls).toMatchObject([{ body: { number: '5511999990001', presence: 'composing', delay: 1200 } }])
  })
})

describe('fetches a file', () => {
  const read = async (file: Awaited<ReturnType<typeof fetchMedia>>) =>
    new Uint8Array(await new Response(file.body).arrayBuffer())

  test('of the server, by the message’s id', async () => {
    const { reach, calls } = providerAnswering(answer('api_media_base64', 201))
    const file = await fetchMedia(reach, { id: '3EB0A' })
    const bytes = await read(file)
    expect([file.mimeType, file.bytes, [...bytes.slice(0, 3)]]).toEqual([
      'image/jpeg',
      bytes.length,
      [0xff, 0xd8, 0xff],
    ])
    expect(calls).toMatchObject([
      { path: expect.stringContaining('getBase64FromMediaMessage'), body: { message: { key: { id: '3EB0A' } } } },
    ])
  })

  test('that came within the call, however long it is', async () => {
    const bytes = Uint8Array.from({ length: 200_001 }, (_, at) => at % 251)
    const { reach, calls } = providerAnswering(json({}))
    const file = await fetchMedia(reach, { url: `data:;base64,${Buffer.from(bytes).toString('base64')}` })
    expect(await read(file)).toEqual(bytes)
    expect(file.bytes).toBe(bytes.length)
    expect(calls).toEqual([])
  })

  test('from where the company keeps it, without our key', async () => {
    const { reach, calls } = providerAnswering(
      () => new Response('bytes', { headers: { 'content-type': 'image/png' } }),
    )
    const file = await fetchMedia(reach, { url: 'https://s3.example/f?x=1#3EB0A' })
    expect([file.mimeType, new TextDecoder().decode(await read(file))]).toEqual(['image/png', 'bytes'])
    expect(calls.map(({ path, headers }) => [path, headers.get('apikey')])).toEqual([
      ['https://s3.example/f?x=1', null],
    ])
  })

  test.each<[string, () => Response]>([
    ['is not had there', () => new Response(null, { status: 403 })],
    [
      'must not be asked for there',
      () => {
        throw new Error('refused')
      },
    ],
  ])('of the server after all, where it %s', async (_, first) => {
    const { reach, calls } = providerAnswering(first, answer('api_media_base64', 201))
    expect((await fetchMedia(reach, { url: 'https://s3.example/f#3EB0A' })).mimeType).toBe('image/jpeg')
    expect(calls[1]?.body).toMatchObject({ message: { key: { id: '3EB0A' } } })
  })

  test.each<[string, () => Response, Partial<ChannelError>]>([
    ['gone', json({ response: { message: ['Message not found'] } }, 400), { class: 'permanent', code: 'gone' }],
    ['not there for now', json({ response: { message: ['Error: Connection Closed'] } }, 400), { class: 'retryable' }],
    ['lost on the way', () => new Response('<html>', { status: 502 }), { class: 'retryable' }],
    ['nobody’s to give', json({ response: { message: 'Unauthorized' } }, 401), { class: 'auth' }],
  ])('that is %s', async (_, respond, wanted) => {
    const { reach } = providerAnswering(respond)
    await expect(fetchMedia(reach, { id: '3EB0A' })).rejects.toMatchObject(wanted)
  })
})

describe('reads the past', () => {
  test('of one person, under all of their addresses', async () => {
    const { reach, calls } = providerAnswering(
      answer('api_find_messages'),
      json({ messages: { pages: 3, records: [] } }),
    )
    const page = await historyPage(reach, { peer: ['5511999990001', HIDDEN], page: null })
    expect(calls.map(({ body }) => body)).toEqual([
      { where: { key: { remoteJid: CHAT } }, page: 1, offset: 50 },
      { where: { key: { remoteJid: HIDDEN } }, page: 1, offset: 50 },
    ])
    expect(page.next).toBe('2')
    expect(page.events).toMatchObject([
      {
        kind: 'message',
        direction: 'outgoing',
        externalId: '3EB0OUT0000000000002',
        history: true,
        peer: { profileName: null },
      },
      {
        kind: 'message',
        direction: 'incoming',
        externalId: '3EB0AAAA00000000000001',
        history: true,
        dedupeKey: 'msg:3EB0AAAA00000000000001',
      },
    ])
  })

  test('of everyone, of an outage’s span, to its last page', async () => {
    const { reach, calls } = providerAnswering(
      json({ messages: { total: 60, pages: 2, currentPage: 2, records: [null, 'x', { key: {} }] } }),
    )
    const page = await historyPage(reach, { peer: null, page: '2', since: Date.UTC(2026, 10, 22, 9) })
    expect(calls[0]?.body).toEqual({
      where: { messageTimestamp: { gte: '2026-11-22T09:00:00.000Z', lte: '2026-11-22T12:00:00.000Z' } },
      ...{ page: 2, offset: 50 },
    })
    expect(page).toEqual({ events: [], next: null })
  })

  test('and says so where the answer is none', async () => {
    const { reach } = providerAnswering(json({ error: 'x' }))
    await expect(historyPage(reach, { peer: null, page: null })).rejects.toMatchObject({ class: 'retryable' })
  })
})

test('a face is asked for of a person, and a name as well of a group', async () => {
  const { reach, calls } = providerAnswering(
    json({ wuid: CHAT, profilePictureUrl: 'https://pps.whatsapp.net/v/x.jpg' }),
    json({ id: '120363000000000001@g.us', subject: 'Condomínio', pictureUrl: null, size: 3 }),
    json({ error: 'x' }),
  )
  expect(await profile(reach, HIDDEN)).toMatchObject({ name: null, pictureUrl: 'https://pps.whatsapp.net/v/x.jpg' })
  const group = () => profile(reach, 'group:120363000000000001@g.us')
  expect(await group()).toEqual({ name: 'Condomínio', username: null, pictureUrl: null })
  expect(await group()).toEqual({ name: null, username: null, pictureUrl: null })
  expect(calls.slice(0, 2)).toMatchObject([
    { path: expect.stringContaining('chat/fetchProfilePictureUrl'), body: { number: HIDDEN } },
    { method: 'GET', path: expect.stringMatching(/group\/findGroupInfos\/.+\?groupJid=120363000000000001%40g\.us$/) },
  ])
})

describe('looks after its instance', () => {
  const WEBHOOK = 'https://inbox.example/webhooks/evolution/KEY'
  const open = json({ instance: { instanceName: '100000000000001', state: 'open' } })
  const owner = json([
    { name: '100000000000001', ownerJid: '553188880002@s.whatsapp.net', profileName: 'Loja Exemplo' },
  ])
  const hook = (of: object = {}) =>
    json({ enabled: true, url: WEBHOOK, headers: { apikey: 'secret' }, webhookBase64: false, events: EVENTS, ...of })
  const looked = async (...answers: (() => Response)[]) => {
    const { reach, calls } = providerAnswering(...answers)
    const found = await check(reach, WEBHOOK)
    return { ...found, calls, ok: Object.fromEntries(found.checks.map((one: Check) => [one.what, one.ok])) }
  }

  test('that is well', async () => {
    const found = await looked(open, owner, hook())
    expect([found.name, found.address, found.ok]).toEqual([
      'Loja Exemplo',
      '+5531988880002',
      { token: true, account: true, webhook: true },
    ])
    expect(found.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET instance/connectionState/100000000000001',
      'GET instance/fetchInstances?instanceName=100000000000001',
      'GET webhook/find/100000000000001',
    ])
  })

  test.each([
    ['leads elsewhere', { url: 'https://other.example' }],
    ['is off', { enabled: false }],
    ['sends whole files', { webhookBase64: true }],
    ['carries another secret', { headers: { apikey: 'old' } }],
    ['leaves events out', { events: ['MESSAGES_UPSERT'] }],
  ])('whose webhook %s', async (_, of) => {
    expect((await looked(open, owner, hook(of))).ok).toEqual({ token: true, account: true, webhook: false })
  })

  test('whose phone is away', async () => {
    const away = json({ instance: { instanceName: '100000000000001', state: 'close' } })
    expect((await looked(away, owner, hook())).ok).toEqual({ token: true, account: false, webhook: true })
  })

  test('that is not there yet, or whose key is none', async () => {
    expect((await looked(answer('api_error_instance_missing', 404))).ok).toEqual({
      token: true,
      account: false,
      webhook: false,
    })
    expect((await looked(answer('api_error_unauthorized', 401))).ok).toEqual({ token: false })
  })

  const webhook = {
    enabled: true,
    url: WEBHOOK,
    byEvents: false,
    base64: false,
    headers: { apikey: 'secret' },
    events: EVENTS,
  }

  test('by telling it where we are', async () => {
    const { reach, calls } = providerAnswering(open, json({}, 201))
    await subscribe(reach, WEBHOOK)
    expect(calls.slice(1)).toMatchObject([{ method: 'POST', path: 'webhook/set/100000000000001', body: { webhook } }])
  })

  test('and by making it where there is none', async () => {
    const { reach, calls } = providerAnswering(
      answer('api_error_instance_missing', 404),
      answer('api_create_instance', 201),
      json({}, 201),
    )
    await subscribe(reach, WEBHOOK)
    expect(calls.slice(1).map(({ path }) => path)).toEqual(['instance/create', 'webhook/set/100000000000001'])
    expect(calls[1]?.body).toMatchObject({
      instanceName: '100000000000001',
      integration: 'WHATSAPP-BAILEYS',
      qrcode: true,
      syncFullHistory: true,
      webhook,
    })
  })
})
