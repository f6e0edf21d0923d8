/** What leaves for the Cloud API, kind by kind: the whole body, and the upload before it. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ChannelError, type Outbound, type OutboundMedia } from '../channel.ts'
import type { Content } from '../content.ts'
import { mediaOf, messageOf, providerAnswering, TOKEN } from '../test-provider.ts'
import { whatsapp } from './whatsapp.ts'

const accepted = () =>
  new Response(readFileSync(new URL('../fixtures/whatsapp/api_send_ok.json', import.meta.url), 'utf8'))
const uploaded = () => Response.json({ id: '900000000000001' })
const FILE = '900000000000001'

/** What the provider is asked for a message without a file. */
async function bodyOf(of: Partial<Outbound>) {
  const { reach, calls } = providerAnswering(accepted)
  await whatsapp.send(reach, messageOf(of))
  expect(calls).toHaveLength(1)
  return calls[0]?.body
}

async function callsOf(of: Partial<Outbound>) {
  const { reach, calls } = providerAnswering(uploaded, accepted)
  await whatsapp.send(reach, messageOf(of))
  expect(calls.map(({ method, path }) => [method, path])).toEqual([
    ['POST', '100000000000001/media'],
    ['POST', '100000000000001/messages'],
  ])
  return calls
}

const envelope = {
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: '+5511999990001',
  biz_opaque_callback_data: 'attempt-0001',
}

const failure = async (of: Partial<Outbound>, ...answers: (() => Response | Promise<Response>)[]) => {
  const { reach, calls } = providerAnswering(...answers)
  const thrown = await whatsapp.send(reach, messageOf(of)).catch((error: unknown) => error)
  if (!(thrown instanceof ChannelError)) throw new Error(`no ChannelError: ${String(thrown)}`)
  return { error: thrown, calls }
}

const image = mediaOf({ kind: 'image', mimeType: 'image/jpeg' })
const pdf = mediaOf({ kind: 'document', mimeType: 'application/pdf', fileName: 'nota "nova".pdf' })
const ogg = mediaOf({ kind: 'audio', mimeType: 'audio/ogg', voice: true })

describe('a file is handed over first, and then sent by its id', () => {
  test.each<[string, Partial<Outbound>, object]>([
    ['image', { media: image, text: 'Vista' }, { image: { id: FILE, caption: 'Vista' } }],
    ['image', { media: image, text: null }, { image: { id: FILE } }],
    ['image', { media: image, text: '' }, { image: { id: FILE } }],
    [
      'video',
      { media: mediaOf({ kind: 'video', mimeType: 'video/mp4' }), text: 'Vídeo' },
      { video: { id: FILE, caption: 'Vídeo' } },
    ],
    [
      'document',
      { media: pdf, text: 'Nota' },
      { document: { id: FILE, filename: 'nota "nova".pdf', caption: 'Nota' } },
    ],
    ['document', { media: { ...pdf, fileName: null }, text: null }, { document: { id: FILE } }],
    ['audio', { media: ogg, text: null }, { audio: { id: FILE, voice: true } }],
    ['audio', { media: mediaOf({ kind: 'audio', mimeType: 'audio/mpeg' }), text: null }, { audio: { id: FILE } }],
    ['sticker', { media: mediaOf({ kind: 'sticker', mimeType: 'image/webp' }), text: null }, { sticker: { id: FILE } }],
  ])('%s', async (type, of, body) => {
    const [, sent] = await callsOf({ type, replyTo: 'wamid.QUOTED', ...of })
    expect(sent?.body).toEqual({ ...envelope, context: { message_id: 'wamid.QUOTED' }, type, ...body })
  })

  test.each<[OutboundMedia, string, string]>([
    [image, 'image/jpeg', 'file'],
    [pdf, 'application/pdf', 'nota "nova".pdf'],
    [ogg, 'audio/ogg; codecs=opus', 'file'],
    [
      mediaOf({ kind: 'document', mimeType: 'text/plain\r\nX-Evil: 1', fileName: 'a\r\nb' }),
      'application/octet-stream',
      'a\r\nb',
    ],
  ])('as a form, with its type and name', async (media, type, name) => {
    const [call] = await callsOf({ type: media.kind, media, text: null })
    expect(call?.headers.get('authorization')).toBe(`Bearer ${TOKEN}`)
    expect(call?.headers.get('content-type')).toBe('multipart/form-data; boundary=prosa-attempt-0001')
    expect(call?.body).toEqual({
      ...{ messaging_product: 'whatsapp', type },
      file: { name, type, text: 'bytes of it' },
    })
  })
})

describe('a file that could not be handed over was surely not sent', () => {
  const refusal = (status: number, code: number) => () => Response.json({ error: { code, message: 'no' } }, { status })
  test.each<[string, () => Response | Promise<Response>, Partial<ChannelError>]>([
    ['no answer', () => Promise.reject(new TypeError('reset')), { class: 'retryable', code: 'network' }],
    ['a gateway in between', () => new Response('<html>', { status: 502 }), { class: 'retryable', code: 'http_502' }],
    ['half an answer', () => new Response('{"id"'), { class: 'retryable', code: 'unreadable' }],
    ['no id', () => Response.json({}), { class: 'retryable', code: 'unreadable' }],
    ['too many at once', refusal(400, 130429), { class: 'throttled', code: '130429' }],
    ['not this file', refusal(400, 131053), { class: 'permanent', code: '131053' }],
    ['an expired token', refusal(401, 190), { class: 'auth', code: '190' }],
  ])('%s', async (_, respond, wanted) => {
    const { error, calls } = await failure({ type: 'image', media: image }, respond)
    expect(error).toMatchObject(wanted)
    expect(calls).toHaveLength(1)
  })

  test('it cannot be opened, or breaks off', async () => {
    const closed = { ...image, open: () => Promise.reject(new Error('gone')) }
    expect(await failure({ type: 'image', media: closed }, accepted)).toMatchObject({
      error: { class: 'retryable', code: 'file' },
      calls: [],
    })
    const lost = new ChannelError({ class: 'permanent', code: 'file_gone', detail: '' })
    const missing = { ...image, open: () => Promise.reject(lost) }
    expect((await failure({ type: 'image', media: missing }, accepted)).error).toBe(lost)
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) })
    const { error, calls } = await failure({ type: 'image', media: { ...image, open: async () => broken } }, accepted)
    expect(error).toMatchObject({ class: 'retryable', code: 'network' })
    expect(calls).toEqual([])
  })

  test('but the message after it may have been', async () => {
    const { error } = await failure({ type: 'image', media: image }, uploaded, () => Promise.reject(new Error('reset')))
    expect(error).toMatchObject({ class: 'ambiguous', code: 'network' })
  })
})

describe('without a file', () => {
  test('a place', async () => {
    const location = { latitude: -23.55, longitude: -46.63, name: 'Loja', address: 'Rua A, 1' }
    expect(await bodyOf({ type: 'location', text: null, content: { location } })).toEqual({
      ...envelope,
      ...{ type: 'location', location },
    })
  })

  test('cards', async () => {
    const contacts = [
      { name: 'Ana', phones: [{ number: '+5511999990009', label: 'CELL' }], emails: ['ana@loja.example'] },
      { name: 'Loja', phones: [{ number: '+551140000001' }], organization: 'Loja Ltda.' },
    ]
    expect(await bodyOf({ type: 'contacts', text: null, content: { contacts } })).toEqual({
      ...envelope,
      type: 'contacts',
      contacts: [
        {
          name: { formatted_name: 'Ana', first_name: 'Ana' },
          phones: [{ phone: '+5511999990009', type: 'CELL' }],
          emails: [{ email: 'ana@loja.example' }],
        },
        {
          name: { formatted_name: 'Loja', first_name: 'Loja' },
          phones: [{ phone: '+551140000001' }],
          org: { company: 'Loja Ltda.' },
        },
      ],
    })
  })

  test('buttons', async () => {
    const buttons = {
      header: 'Pedido',
      footer: 'Loja',
      buttons: [
        { id: 's', title: 'Sim' },
        { id: 'n', title: 'Não' },
      ],
    }
    expect(await bodyOf({ type: 'interactive', text: 'Confirma?', content: { buttons } })).toEqual({
      ...envelope,
      type: 'interactive',
      interactive: {
        type: 'button',
        header: { type: 'text', text: 'Pedido' },
        body: { text: 'Confirma?' },
        footer: { text: 'Loja' },
        action: {
          buttons: [
            { type: 'reply', reply: { id: 's', title: 'Sim' } },
            { type: 'reply', reply: { id: 'n', title: 'Não' } },
          ],
        },
      },
    })
  })

  test('buttons under a picture', async () => {
    const buttons = { header: 'Pedido', buttons: [{ id: 's', title: 'Sim' }] }
    const [, sent] = await callsOf({ type: 'interactive', text: 'Confirma?', content: { buttons }, media: image })
    expect(sent?.body).toMatchObject({
      interactive: { type: 'button', header: { type: 'image', image: { id: FILE } }, body: { text: 'Confirma?' } },
    })
  })

  test('a list', async () => {
    const sections = [
      {
        title: 'Lojas',
        rows: [
          { id: '1', title: 'Centro', description: 'Rua A' },
          { id: '2', title: 'Sul' },
        ],
      },
    ]
    expect(
      await bodyOf({ type: 'interactive', text: 'Qual?', content: { list: { button: 'Ver', sections } } }),
    ).toEqual({
      ...envelope,
      type: 'interactive',
      interactive: { type: 'list', body: { text: 'Qual?' }, action: { button: 'Ver', sections } },
    })
  })

  test('a reaction, and none any more: neither quotes', async () => {
    const react = (text: string | null) => bodyOf({ type: 'reaction', text, replyTo: 'wamid.IN' })
    const reaction = (emoji: string) => ({ ...envelope, type: 'reaction', reaction: { message_id: 'wamid.IN', emoji } })
    expect(await react('👍')).toEqual(reaction('👍'))
    expect(await react(null)).toEqual(reaction(''))
  })
})

describe('a template', () => {
  type Template = NonNullable<Content['template']>
  const sent = async (template: Partial<Template>, of: Partial<Outbound> = {}) => {
    const full = { name: 'pedido_pronto', language: 'pt_BR', ...template }
    const message = { ...of, type: 'template', content: { template: full, ...of.content }, replyTo: 'wamid.QUOTED' }
    const body = of.media ? (await callsOf(message))[1]?.body : await bodyOf(message)
    expect(body).toMatchObject({ ...envelope, type: 'template' })
    expect(body).not.toHaveProperty('context')
    return (body as { template: unknown }).template
  }
  const named = { name: 'pedido_pronto', language: { code: 'pt_BR' } }

  test('without variables is its name', async () => {
    expect(await sent({ variables: { body: [] } })).toEqual(named)
  })

  test('by place, and by name', async () => {
    const body = [
      { name: '1', value: 'Ana' },
      { name: '2', value: '123' },
    ]
    expect(await sent({ variables: { header: [{ name: 'loja', value: 'Centro' }], body } })).toEqual({
      ...named,
      components: [
        { type: 'header', parameters: [{ type: 'text', parameter_name: 'loja', text: 'Centro' }] },
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Ana' },
            { type: 'text', text: '123' },
          ],
        },
      ],
    })
  })

  test('with buttons: the rest of an address, a code to copy', async () => {
    const buttons = [{ title: 'Ligar' }, { title: 'Abrir', url: 'https://loja.example/{{1}}' }, { title: 'Copiar' }]
    const variables = {
      buttons: [
        { index: 1, value: 'pedido/123' },
        { index: 2, value: 'DESCONTO' },
      ],
    }
    expect(await sent({ buttons, variables })).toEqual({
      ...named,
      components: [
        { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'pedido/123' }] },
        {
          ...{ type: 'button', sub_type: 'copy_code', index: '2' },
          parameters: [{ type: 'coupon_code', coupon_code: 'DESCONTO' }],
        },
      ],
    })
  })

  test('under a picture, a document, a place', async () => {
    const header = (parameter: object) => ({ ...named, components: [{ type: 'header', parameters: [parameter] }] })
    expect(await sent({}, { media: image })).toEqual(header({ type: 'image', image: { id: FILE } }))
    expect(await sent({}, { media: pdf })).toEqual(
      header({ type: 'document', document: { id: FILE, filename: 'nota "nova".pdf' } }),
    )
    const location = { latitude: 1, longitude: 2, name: 'Loja', address: 'Rua A' }
    expect(await sent({}, { content: { location } })).toEqual(header({ type: 'location', location }))
  })
})

test.each<[string, Partial<Outbound>, string]>([
  ['a kind that there is not', { type: 'hologram' }, 'unknown_type'],
  ['a kind that objects have anyway', { type: 'constructor' }, 'unknown_type'],
  ['a picture without its file', { type: 'image' }, 'incomplete'],
  ['a place without a place', { type: 'location' }, 'incomplete'],
  ['cards without cards', { type: 'contacts' }, 'incomplete'],
  ['buttons without buttons', { type: 'interactive' }, 'incomplete'],
  ['a template without a template', { type: 'template' }, 'incomplete'],
  ['a reaction to nothing', { type: 'reaction', text: '👍' }, 'incomplete'],
  ['words under a voice note', { type: 'audio', media: ogg, text: 'Olá' }, 'no_caption'],
  ['a file for nobody', { type: 'image', media: image, to: ['group:abc'] }, 'no_address'],
])('%s fails before anything is asked', async (_, of, code) => {
  const { error, calls } = await failure(of, accepted)
  expect(error).toMatchObject({ class: 'permanent', code })
  expect(calls).toEqual([])
})
