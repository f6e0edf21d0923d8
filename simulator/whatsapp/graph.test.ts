/** What WhatsApp's API takes and gives: files, messages, templates, and what connects a number. */
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import { codeOf, simulated, until } from '../small-prosa.ts'
import { ACCOUNT, asset, conversation, INBOX, item, NUMBER, said, uploaded, uploadOf } from './small-number.ts'

describe('a file of the customer’s', () => {
  const Media = z.object({ url: z.string(), mime_type: z.string() })

  test('is had with the token alone, and while its link lives', async () => {
    const there = await said('image')
    const file = there.message.files[0]
    expect((await there.graph('GET', file.id, undefined, 'wrong')).status).toBe(401)
    const media = Media.parse(await (await there.graph('GET', file.id)).json())
    expect((await fetch(media.url)).status).toBe(401)
    const authorization = `Bearer ${DEMO_SECRETS.accessToken}`
    const response = await fetch(media.url, { headers: { authorization } })
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(asset('photo.jpg'))

    await there.api('PATCH', 'behaviour', { linkSeconds: 0 })
    const late = Media.parse(await (await there.graph('GET', file.id)).json())
    await until(() =>
      expect(Math.floor(Date.now() / 1000)).toBeGreaterThan(Number(new URL(late.url).searchParams.get('ext'))),
    )
    expect((await fetch(late.url, { headers: { authorization } })).status).toBe(404)
  })

  test('may be lost, or be kept by an outage', async () => {
    const there = await said('document')
    const { url } = Media.parse(await (await there.graph('GET', there.message.files[0].id)).json())
    const get = async () =>
      (await fetch(url, { headers: { authorization: `Bearer ${DEMO_SECRETS.accessToken}` } })).status
    await there.api('PATCH', 'behaviour', { files: 'lost' })
    expect(await get()).toBe(404)
    await there.api('PATCH', 'behaviour', { files: 'served', outage: 'unavailable' })
    expect(await get()).toBe(503)
    await there.api('PATCH', 'behaviour', { outage: 'off' })
    await there.api('POST', 'faults', { kind: 'http_502', on: 'file' })
    expect(await get()).toBe(502)
    expect(await get()).toBe(200)
  })
})

describe('Prosa uploads', () => {
  test('and sends it: it stands on the phone', async () => {
    const there = await conversation()
    const id = await uploaded(there, 'photo.jpg', 'image/jpeg')
    expect((await there.send({ type: 'image', image: { id, caption: 'Veja' } })).status).toBe(200)
    const message = (await there.phone()).at(-1)
    expect(message).toMatchObject({ kind: 'image', text: 'Veja', files: [{ id, mimeType: 'image/jpeg' }] })
    const shown = await fetch(`${there.simulator.url}/files/${id}`)
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(asset('photo.jpg'))
  })

  test.each<[string, string, string, number]>([
    ['a type that is not taken', 'photo.jpg', 'image/svg+xml', 100],
    ['recorded webm', 'voice.ogg', 'audio/webm', 100],
  ])('%s', async (_, name, type, code) => {
    const { graph } = await simulated()
    expect(await codeOf(await graph('POST', `${NUMBER}/media`, uploadOf(name, type)))).toBe(code)
  })

  test('one byte too many of a picture', async () => {
    const { graph } = await simulated()
    const most = 5 * 1024 * 1024
    const of = (length: number) => uploadOf('a.jpg', 'image/jpeg', new Uint8Array(length))
    expect((await graph('POST', `${NUMBER}/media`, of(most))).status).toBe(200)
    expect(await codeOf(await graph('POST', `${NUMBER}/media`, of(most + 1)))).toBe(100)
  })

  test('what it is not: the status says so later', async () => {
    const there = await conversation()
    const id = await uploaded(there, 'song.mp3', 'audio/ogg')
    await there.send({ type: 'audio', audio: { id, voice: true } })
    await until(() => expect(there.statuses()).toMatchObject([{ status: 'failed', errors: [{ code: 131053 }] }]))
  })

  test('a voice note that is played', async () => {
    const there = await conversation()
    const id = await uploaded(there, 'voice.ogg', 'audio/ogg')
    await there.send({ type: 'audio', audio: { id, voice: true } })
    await until(() => expect(there.told()).toEqual(['sent', 'delivered']))
    const message = (await there.phone()).at(-1)
    await there.api('POST', 'customers/mariana/plays', { inbox: INBOX, message: message.id })
    await until(() => expect(there.told()).toContain('played'))
  })

  test('or names a link: it is fetched from this machine, and from nowhere else', async () => {
    const there = await conversation()
    there.files.set('/a.jpg', { type: 'image/jpeg', bytes: asset('photo.jpg') })
    await there.send({ type: 'image', image: { link: `${there.url}/a.jpg` } })
    expect((await there.phone()).at(-1)).toMatchObject({ files: [{ bytes: asset('photo.jpg').length }] })
    await there.send({ type: 'image', image: { link: 'https://example.com/a.jpg' } })
    await until(() => expect(there.told()).toContain('failed'))
  })
})

const text = (length: number) => 'a'.repeat(length)
const buttons = (count: number, title = 'Sim') =>
  Array.from({ length: count }, (_, at) => ({ type: 'reply', reply: { id: `b${at}`, title: `${title}${at}` } }))
const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `r${at}`, title: `Linha ${at}` }))
const interactive = (type: string, action: object, of: object = {}) => ({
  type: 'interactive',
  interactive: { type, body: { text: 'Escolha' }, action, ...of },
})
const list = (sections: object[], button = 'Ver') => interactive('list', { button, sections })

describe('what is sent is looked at', () => {
  test.each<[string, object]>([
    ['4096 characters', { type: 'text', text: { body: text(4096) } }],
    ['a place', { type: 'location', location: { latitude: -23.5, longitude: -46.6, name: 'Loja' } }],
    [
      'a card',
      {
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Ana', first_name: 'Ana' }, phones: [{ phone: '+55' }] }],
      },
    ],
    ['three buttons', interactive('button', { buttons: buttons(3) })],
    ['ten rows', list([{ rows: rows(10) }])],
    [
      'a link button',
      interactive('cta_url', { name: 'cta_url', parameters: { display_text: 'Abrir', url: 'https://a.example' } }),
    ],
    ['a request for a place', interactive('location_request_message', { name: 'send_location' })],
  ])('%s', async (_, of) => {
    const { send } = await conversation()
    expect((await send(of)).status).toBe(200)
  })

  test.each<[string, object, number]>([
    ['4097 characters', { type: 'text', text: { body: text(4097) } }, 100],
    ['an unknown kind', { type: 'hologram', hologram: {} }, 131051],
    ['an unknown media id', { type: 'image', image: { id: '42' } }, 100],
    ['an id and a link', { type: 'image', image: { id: '42', link: 'https://a.example/a.jpg' } }, 100],
    ['a caption of 1025', { type: 'image', image: { link: 'https://a.example', caption: text(1025) } }, 100],
    ['a caption on a sticker', { type: 'sticker', sticker: { link: 'https://a.example', caption: 'a' } }, 100],
    ['a place outside the world', { type: 'location', location: { latitude: 91, longitude: 0 } }, 100],
    ['a place without longitude', { type: 'location', location: { latitude: 1 } }, 100],
    ['a card with one name alone', { type: 'contacts', contacts: [{ name: { formatted_name: 'Ana' } }] }, 100],
    ['four buttons', interactive('button', { buttons: buttons(4) }), 100],
    ['a title of 21', interactive('button', { buttons: buttons(1, text(20)) }), 100],
    ['a body of 1025', interactive('button', { buttons: buttons(1) }, { body: { text: text(1025) } }), 100],
    [
      'eleven rows',
      list([
        { title: 'A', rows: rows(6) },
        { title: 'B', rows: rows(5) },
      ]),
      131009,
    ],
    ['sections without titles', list([{ rows: rows(1) }, { rows: [{ id: 'x', title: 'X' }] }]), 131009],
    ['the label of a list of 21', list([{ rows: rows(1) }], text(21)), 100],
    ['an unknown interaction', interactive('dance', {}), 131009],
  ])('not %s', async (_, of, code) => {
    const { send } = await conversation()
    expect(await codeOf(await send(of))).toBe(code)
  })

  test('a reaction: on what is there, by one emoji, without a quote', async () => {
    const there = await conversation()
    const react = (emoji: string, message_id = there.question, of: object = {}) =>
      there.send({ type: 'reaction', reaction: { message_id, emoji }, ...of })
    expect((await react('👍🏽')).status).toBe(200)
    expect((await there.phone())[0].reactions).toEqual({ customer: null, business: '👍🏽' })
    await until(() => expect(there.told()).toEqual(['sent']))
    expect((await react('')).status).toBe(200)
    expect((await there.phone())[0].reactions.business).toBeNull()
    expect(await codeOf(await react('ok'))).toBe(100)
    expect(await codeOf(await react('👍', 'wamid.NOTHING'))).toBe(131009)
    expect(await codeOf(await react('👍', there.question, { context: { message_id: there.question } }))).toBe(100)
  })
})

describe('templates', () => {
  const body = (...texts: string[]) => ({ type: 'body', parameters: texts.map((one) => ({ type: 'text', text: one })) })
  const template = (name: string, components: object[] = [], code = 'pt_BR') => ({
    type: 'template',
    template: { name, language: { code }, components },
  })
  const Page = z.object({
    data: z.array(z.looseObject({ name: z.string(), status: z.string() })),
    paging: z.object({ cursors: z.object({ after: z.string() }), next: z.string().optional() }),
  })

  test('are listed in pages, made, and decided on', async () => {
    const { graph, api } = await simulated()
    const page = async (query: string) =>
      Page.parse(await (await graph('GET', `${ACCOUNT}/message_templates?${query}`)).json())
    const first = await page('limit=6&fields=name,status,components')
    expect(first.data).toHaveLength(6)
    expect(first.paging.next).toBeDefined()
    const rest = await page(`limit=100&fields=name,status&after=${first.paging.cursors.after}`)
    expect(rest.paging.next).toBeUndefined()
    const names = [...first.data, ...rest.data].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)

    const components = [{ type: 'body', text: 'Oi!' }]
    const made = { name: 'novo', language: 'pt_BR', category: 'UTILITY', components }
    expect(await (await graph('POST', `${ACCOUNT}/message_templates`, made)).json()).toMatchObject({
      status: 'PENDING',
    })
    await api('POST', `inboxes/${INBOX}/news`, { what: 'template_paused' })
    expect((await page('limit=100&fields=name,status')).data).toContainEqual(
      expect.objectContaining({ name: 'pedido_pronto', status: 'PAUSED' }),
    )
    expect((await graph('DELETE', `${ACCOUNT}/message_templates?name=novo`)).status).toBe(200)
  })

  test('reach somebody who never wrote, as the customer reads them', async () => {
    const there = await simulated()
    const send = (of: object) =>
      there.graph('POST', `${NUMBER}/messages`, { messaging_product: 'whatsapp', to: '+5511999990001', ...of })
    expect((await send(template('pedido_pronto', [body('Mariana', '1042')]))).status).toBe(200)
    await until(() => expect(there.told()).toEqual(['sent', 'delivered']))
    const { body: state } = await there.api('GET', 'state')
    expect(state.customers[0].chats[0].messages[0]).toMatchObject({
      text: 'Olá, Mariana! O pedido 1042 está pronto para retirada.',
      footer: 'Responda para falar com a gente',
    })
  })

  test('with a picture, named variables and buttons; its button is answered', async () => {
    const there = await conversation()
    const id = await uploaded(there, 'photo.jpg', 'image/jpeg')
    const named = Object.entries({ nome: 'Ana', data: 'sexta', desconto: '10%' })
    const components = [
      { type: 'header', parameters: [{ type: 'image', image: { id } }] },
      { type: 'body', parameters: named.map(([name, value]) => ({ type: 'text', parameter_name: name, text: value })) },
      { type: 'button', sub_type: 'url', index: '2', parameters: [{ type: 'text', text: 'inverno' }] },
    ]
    expect((await there.send(template('promocao_inverno', components))).status).toBe(200)
    const message = (await there.phone()).at(-1)
    expect(message).toMatchObject({ text: 'Oi, Ana! Até sexta os vasos estão com 10% de desconto.', files: [{ id }] })
    const of = { inbox: INBOX, message: message.id, button: 'Quero saber mais' }
    await there.api('POST', 'customers/mariana/presses', of)
    await until(() =>
      expect(item(there)).toMatchObject({
        type: 'button',
        button: { text: 'Quero saber mais' },
        context: { id: message.id },
      }),
    )
  })

  test.each<[string, object, number]>([
    ['an unknown name', template('nada'), 132001],
    ['another language', template('pedido_pronto', [body('a', 'b')], 'en_US'), 132001],
    ['one variable of two', template('pedido_pronto', [body('a')]), 132000],
    ['three of two', template('pedido_pronto', [body('a', 'b', 'c')]), 132000],
    ['a line break in one', template('pedido_pronto', [body('a\nb', 'c')]), 132012],
    ['no picture', template('promocao_inverno', [body('a', 'b', 'c')]), 132012],
    ['a paused one', template('aviso_pausado'), 132015],
    ['one that waits', template('em_analise'), 132001],
    ['no code to copy', template('cupom'), 131008],
  ])('are refused for %s', async (_, of, code) => {
    const { send } = await conversation()
    expect(await codeOf(await send(of))).toBe(code)
  })
})

describe('connecting', () => {
  test('a number tells its fields, an account its numbers, a token its worth', async () => {
    const { graph } = await simulated()
    const fields = 'display_phone_number,verified_name,quality_rating,is_on_biz_app,webhook_configuration'
    expect(await (await graph('GET', `${NUMBER}?fields=${fields}`)).json()).toMatchObject({
      id: NUMBER,
      quality_rating: 'GREEN',
      webhook_configuration: { application: expect.stringContaining('/webhooks/whatsapp/demo-wa-1') },
    })
    expect(await (await graph('GET', `${ACCOUNT}/phone_numbers`)).json()).toMatchObject({
      data: [{ id: NUMBER }, { id: '100000000000002' }],
    })
    const worth = async (token: string) =>
      (await (await graph('GET', `debug_token?input_token=${token}`)).json()) as object
    expect(await worth(DEMO_SECRETS.accessToken)).toMatchObject({ data: { is_valid: true } })
    expect(await worth('nothing')).toMatchObject({ data: { is_valid: false } })
  })

  test('what is not subscribed is told nothing', async () => {
    const { graph, write, webhooks } = await simulated()
    await graph('DELETE', `${ACCOUNT}/subscribed_apps`)
    expect(await (await graph('GET', `${ACCOUNT}/subscribed_apps`)).json()).toEqual({ data: [] })
    await write('mariana', 'ninguém ouve')
    await graph('POST', `${ACCOUNT}/subscribed_apps`)
    await write('mariana', 'agora sim')
    await until(() => expect(webhooks).toHaveLength(1))
    expect(webhooks[0]?.value?.messages?.[0]?.text?.body).toBe('agora sim')
  })

  test('an address of one’s own is called first, and must know the token', async () => {
    const { graph, url, write, webhooks, says } = await simulated()
    const configure = (verify_token: string, path: string) =>
      graph('POST', NUMBER, { webhook_configuration: { override_callback_uri: `${url}${path}`, verify_token } })
    expect(await codeOf(await configure('wrong', '/own'))).toBe(2200)
    expect((await configure(says.verifyToken, '/own')).status).toBe(200)
    await write('mariana', 'oi')
    await until(() => expect(webhooks[0]?.path).toBe('/own'))
  })

  test('a number that the demo has not', async () => {
    const { api, graph, webhooks } = await simulated()
    const inbox = {
      key: 'new-key',
      channel: 'whatsapp',
      accountId: '100000000000077',
      name: 'Nova',
      address: '+55 11 90000-0077',
    }
    expect((await api('POST', 'inboxes', inbox)).status).toBe(201)
    expect((await api('POST', 'inboxes', inbox)).status).toBe(409)
    expect((await graph('GET', inbox.accountId)).status).toBe(200)
    await api('POST', 'customers/mariana/messages', { inbox: 'new-key', text: 'oi' })
    await until(() => expect(webhooks[0]?.path).toBe('/webhooks/whatsapp/new-key'))
  })
})
