/** Prosa's adapter and the simulator's half of the Cloud API, each by the other's word. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import type { Outbound, OutboundMedia, Reach } from '../../src/channels/channel.ts'
import { whatsapp } from '../../src/channels/whatsapp/whatsapp.ts'
import { simulated, until } from '../small-prosa.ts'

const asset = (name: string) => readFileSync(new URL(`../assets/${name}`, import.meta.url))

function file(kind: OutboundMedia['kind'], mimeType: string, name: string, voice = false): OutboundMedia {
  const bytes = new Uint8Array(asset(name))
  return {
    ...{ kind, mimeType, fileName: name, bytes: bytes.length, voice },
    open: async () => new Blob([bytes]).stream(),
    publicUrl: async () => '',
  }
}

/** A number to which Mariana wrote, and the adapter's way to it. */
async function connected(behaviour: object = {}) {
  const there = await simulated(behaviour)
  const { body } = await there.write('mariana', 'oi')
  await until(() => expect(there.webhooks).toHaveLength(1))
  const reach: Reach = {
    credentials: { ...DEMO_SECRETS },
    accountId: '100000000000001',
    settings: { businessAccountId: '200000000000100' },
    baseUrl: `${there.simulator.url}/graph/v24.0`,
    fetch,
    now: Date.now,
  }
  const send = (of: Partial<Outbound>) =>
    whatsapp.send(reach, {
      ...{ attemptId: crypto.randomUUID(), to: ['5511999990001'], type: 'text', text: null, content: {} },
      ...{ media: null, replyTo: null, humanAgent: false },
      ...of,
    })
  return { ...there, reach, send, question: String(body.id) }
}

const promotion: Partial<Outbound> = {
  type: 'template',
  media: file('image', 'image/jpeg', 'photo.jpg'),
  content: {
    template: {
      ...{ name: 'promocao_inverno', language: 'pt_BR' },
      buttons: [{ title: 'Quero saber mais' }, { title: 'Parar' }, { title: 'Ver', url: 'https://loja.example/{{1}}' }],
      variables: {
        body: [
          { name: 'nome', value: 'Ana' },
          { name: 'data', value: 'sexta' },
          { name: 'desconto', value: '10%' },
        ],
        buttons: [{ index: 2, value: 'vasos' }],
      },
    },
  },
}

test.each<[string, Partial<Outbound>]>([
  ['a text', { text: 'Olá!' }],
  ['a picture', { type: 'image', media: file('image', 'image/jpeg', 'photo.jpg'), text: 'Vista' }],
  ['a video', { type: 'video', media: file('video', 'video/mp4', 'video.mp4') }],
  ['a song', { type: 'audio', media: file('audio', 'audio/mpeg', 'song.mp3') }],
  ['a voice note', { type: 'audio', media: file('audio', 'audio/ogg', 'voice.ogg', true) }],
  ['a document', { type: 'document', media: file('document', 'application/pdf', 'document.pdf'), text: 'Nota' }],
  ['a sticker', { type: 'sticker', media: file('sticker', 'image/webp', 'sticker.webp') }],
  ['a place', { type: 'location', content: { location: { latitude: -23.5, longitude: -46.6, name: 'MASP' } } }],
  ['a card', { type: 'contacts', content: { contacts: [{ name: 'Rita', phones: [{ number: '+5511999990002' }] }] } }],
  ['buttons', { type: 'interactive', text: 'Ok?', content: { buttons: { buttons: [{ id: 's', title: 'Sim' }] } } }],
  [
    'a list',
    {
      ...{ type: 'interactive', text: 'Quando?' },
      content: { list: { button: 'Ver', sections: [{ title: 'Dia', rows: [{ id: 'm', title: 'Manhã' }] }] } },
    },
  ],
  ['a template with all that a template may have', promotion],
  [
    'a template with a code to copy',
    {
      type: 'template',
      content: {
        template: {
          ...{ name: 'cupom', language: 'pt_BR', buttons: [{ title: 'Copiar código' }] },
          variables: { buttons: [{ index: 0, value: 'DEZ' }] },
        },
      },
    },
  ],
])('%s is taken', async (_, of) => {
  const { send, told } = await connected()
  expect(await send(of)).toEqual({ externalId: expect.stringMatching(/^wamid\./), address: '5511999990001' })
  await until(() => expect(told()).toContain('delivered'))
})

test('an answer with its quote, a reaction and its end are taken', async () => {
  const { send, question } = await connected()
  await send({ text: 'Sim.', replyTo: question })
  await send({ type: 'reaction', text: '👍', replyTo: question })
  await send({ type: 'reaction', text: null, replyTo: question })
})

test('what the simulator refuses has its class', async () => {
  const { send } = await connected()
  const unknown = { template: { name: 'nada', language: 'pt_BR' } }
  await expect(send({ type: 'template', content: unknown })).rejects.toMatchObject({
    class: 'permanent',
    code: '132001',
  })
  const picture = file('image', 'image/bmp', 'photo.jpg')
  await expect(send({ type: 'image', media: picture })).rejects.toMatchObject({ class: 'permanent', code: '100' })
})

test('a file that a customer sent is fetched by its id', async () => {
  const { api, webhooks, reach } = await connected()
  await api('POST', 'customers/mariana/messages', { inbox: 'demo-wa-1', kind: 'voice' })
  await until(() => expect(webhooks).toHaveLength(2))
  const [event] = await whatsapp.parse(new TextEncoder().encode(webhooks[1]?.raw), reach.accountId)
  const handle = event?.kind === 'message' ? event.media[0]?.handle : null
  const media = handle ? await whatsapp.media?.(reach, handle) : null
  expect(media).toMatchObject({ mimeType: expect.stringMatching(/^audio\/ogg/), bytes: asset('voice.ogg').length })
  expect(new Uint8Array(await new Response(media?.body).arrayBuffer())).toEqual(new Uint8Array(asset('voice.ogg')))
})

test('reading and typing are told, templates are listed', async () => {
  const { reach, question } = await connected()
  await whatsapp.markRead(reach, { externalId: question, to: [] })
  await whatsapp.showTyping?.(reach, { externalId: question, to: [] })
  const templates = (await whatsapp.templates?.(reach)) ?? []
  expect(templates.find(({ name }) => name === 'promocao_inverno')).toMatchObject({
    ...{ status: 'APPROVED', parameterFormat: 'named', category: 'MARKETING' },
    components: [{ type: 'header', format: 'image' }, { type: 'body' }, { type: 'footer' }, { type: 'buttons' }],
  })
})

test('a number is checked, subscribed, and well', async () => {
  const { reach, url } = await connected()
  const webhookUrl = `${url}/webhooks/whatsapp/demo-wa-1`
  await whatsapp.subscribe?.(reach, webhookUrl)
  await whatsapp.subscribe?.(reach, webhookUrl)
  const checkup = await whatsapp.check?.(reach, webhookUrl)
  expect(checkup).toMatchObject({ name: 'WhatsApp 1', address: '+55 11 90000-0001', quality: 'GREEN' })
  expect(checkup?.checks.map(({ what, ok }) => [what, ok])).toEqual([
    ['token', true],
    ['permissions', true],
    ['account', true],
    ['subscription', true],
    ['webhook', true],
  ])
  const expired = { ...reach, credentials: { ...reach.credentials, accessToken: 'expired' } }
  expect((await whatsapp.check?.(expired, webhookUrl))?.checks).toMatchObject([{ what: 'token', ok: false }])
})

test('the past of a number on its phone is asked for once, after its address book', async () => {
  const { reach, webhooks } = await connected({ coexistence: true })
  await whatsapp.requestHistory?.(reach)
  await until(() => expect(webhooks.some(({ raw }) => raw.includes('"field":"history"'))).toBe(true))
  const raws = webhooks.map(({ raw }) => new TextEncoder().encode(raw))
  const events = (await Promise.all(raws.map((raw) => whatsapp.parse(raw, reach.accountId)))).flat()
  expect(events.map(({ kind }) => kind)).toContain('address_book')
  await expect(whatsapp.requestHistory?.(reach)).rejects.toMatchObject({ class: 'permanent', code: '2593107' })
})
