/** Prosa's own adapters and the simulator understand each other, each way. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DEMO_INBOXES, DEMO_SECRETS } from '../scripts/demo.ts'
import type { Channel, InboxSettings, Outbound, OutboundMedia, Reach } from '../src/channels/channel.ts'
import type { InboundEvent } from '../src/channels/events.ts'
import { instagram } from '../src/channels/instagram/instagram.ts'
import { messenger } from '../src/channels/messenger/messenger.ts'
import { whatsapp } from '../src/channels/whatsapp/whatsapp.ts'
import { simulated, until } from './small-prosa.ts'

const CHANNELS = { whatsapp, messenger, instagram }
type Name = keyof typeof CHANNELS
const KEYS: Record<Name, string> = { whatsapp: 'demo-wa-1', messenger: 'demo-fb', instagram: 'demo-ig' }
const SETTINGS: Record<Name, InboxSettings> = {
  whatsapp: { businessAccountId: '200000000000100' },
  messenger: {},
  instagram: { login: 'instagram' },
}
const EACH: Name[] = ['whatsapp', 'messenger', 'instagram']

const asset = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url))

async function connected(name: Name) {
  const there = await simulated()
  const channel: Channel = CHANNELS[name]
  const inbox = DEMO_INBOXES.find(({ key }) => key === KEYS[name])
  if (!inbox) throw new Error(`There is no inbox of ${name}.`)
  const reach: Reach = {
    credentials: { ...DEMO_SECRETS },
    accountId: inbox.accountId,
    settings: SETTINGS[name],
    baseUrl: `${there.simulator.url}/graph/v24.0`,
    fetch,
    now: Date.now,
  }
  const says = (body: object) => there.api('POST', 'customers/mariana/messages', { inbox: inbox.key, ...body })
  const heard = async (): Promise<InboundEvent[]> => {
    const bodies = there.webhooks.map(({ raw }) => channel.parse(new TextEncoder().encode(raw), inbox.accountId))
    return (await Promise.all(bodies)).flat()
  }
  const phone = async () => {
    const { customers } = (await there.api('GET', 'state')).body
    return customers[0].chats.find(({ inboxKey }: { inboxKey: string }) => inboxKey === inbox.key)?.messages ?? []
  }
  await says({ text: 'Oi' })
  await until(() => expect(there.webhooks).toHaveLength(1))
  const [first] = await heard()
  if (first?.kind !== 'message') throw new Error('The adapter heard no message.')
  const to = first.peer.externalIds
  const send = (of: Partial<Outbound>) =>
    channel.send(reach, {
      ...{ attemptId: `attempt-${name}`, to, type: 'text', text: null, content: {}, media: null, replyTo: null },
      humanAgent: false,
      ...of,
    })
  return { ...there, channel, inbox, reach, says, heard, phone, send, to, question: first.externalId }
}

type Connected = Awaited<ReturnType<typeof connected>>

/** A file of Prosa's, as it is and at an address of its own. */
function fileOf(
  { files, url }: Connected,
  name: string,
  of: Pick<OutboundMedia, 'kind' | 'mimeType'> & { voice?: boolean },
): OutboundMedia {
  const bytes = asset(name)
  files.set(`/${name}`, { type: of.mimeType, bytes })
  return {
    fileName: name,
    voice: false,
    ...of,
    bytes: bytes.length,
    open: async () => new Blob([new Uint8Array(bytes)]).stream(),
    publicUrl: async () => `${url}/${name}`,
  }
}

describe.each(EACH)('%s', (name) => {
  test('an answer with its quote, and what is told of it', async () => {
    const there = await connected(name)
    const { externalId } = await there.send({ text: 'Tem sim!', replyTo: there.question })
    expect((await there.phone()).at(-1)).toMatchObject({ id: externalId, text: 'Tem sim!', replyTo: there.question })
    await expect.poll(async () => (await there.phone()).at(-1).state).toBe('delivered')
    await there.api('POST', 'customers/mariana/view', { inbox: there.inbox.key })
    const told = { whatsapp: ['status'], messenger: ['watermark'], instagram: ['status'] }[name]
    await expect.poll(async () => (await there.heard()).map(({ kind }) => kind)).toEqual(expect.arrayContaining(told))
  })

  test('a picture', async () => {
    const there = await connected(name)
    const media = fileOf(there, 'photo.jpg', { kind: 'image', mimeType: 'image/jpeg' })
    const { externalId } = await there.send({ type: 'image', media })
    const message = (await there.phone()).at(-1)
    expect(message).toMatchObject({ id: externalId, kind: 'image', files: [{ bytes: media.bytes }] })
  })

  test('a file of the customer’s', async () => {
    const there = await connected(name)
    await there.says({ kind: 'document' })
    await until(() => expect(there.webhooks).toHaveLength(2))
    const event = (await there.heard()).find((one) => one.kind === 'message' && one.media.length > 0)
    const handle = event?.kind === 'message' ? event.media[0]?.handle : null
    if (!handle || !there.channel.media) throw new Error('There is no file.')
    const { body, mimeType } = await there.channel.media(there.reach, handle)
    expect(mimeType).toBe('application/pdf')
    expect(Buffer.from(await new Response(body).arrayBuffer())).toEqual(asset('document.pdf'))
    await there.api('PATCH', 'behaviour', { files: 'lost' })
    await expect(there.channel.media(there.reach, handle)).rejects.toMatchObject({ class: 'permanent' })
  })

  test('buttons, one of which is pressed', async () => {
    const there = await connected(name)
    const buttons = { buttons: [{ id: 'AZUL', title: 'Azul' }] }
    const { externalId } = await there.send({ type: 'interactive', text: 'Qual cor?', content: { buttons } })
    const press = { inbox: there.inbox.key, message: externalId, button: 'AZUL' }
    await there.api('POST', 'customers/mariana/presses', press)
    await expect
      .poll(async () =>
        (await there.heard()).filter((one) => one.kind === 'message').map(({ content }) => content.choice),
      )
      .toContainEqual(expect.objectContaining({ title: 'Azul', payload: 'AZUL' }))
  })

  test('the small signs', async () => {
    const there = await connected(name)
    const read = { externalId: there.question, to: there.to }
    await there.channel.markRead(there.reach, read)
    await there.channel.showTyping?.(there.reach, read)
    expect((await there.phone())[0].state).toBe('read')
    const { customers } = (await there.api('GET', 'state')).body
    expect(customers[0].chats.some(({ typing }: { typing: boolean }) => typing)).toBe(true)
  })

  test('a look at the account, and being told of it again', async () => {
    const there = await connected(name)
    const url = `${there.url}/webhooks/${name}/${there.inbox.key}`
    const wrong = async () =>
      ((await there.channel.check?.(there.reach, url))?.checks ?? []).flatMap(({ what, ok }) => (ok ? [] : [what]))
    expect(await wrong()).toEqual([])
    await there.api('PATCH', `inboxes/${there.inbox.key}`, { subscribed: false })
    expect(await wrong()).toContain('subscription')
    await there.channel.subscribe?.(there.reach, url)
    expect(await wrong()).toEqual([])
  })

  test('a token that is not good', async () => {
    const there = await connected(name)
    const reach = { ...there.reach, credentials: { ...DEMO_SECRETS, accessToken: 'wrong' } }
    const sending = there.channel.send(reach, {
      ...{ attemptId: 'a', to: there.to, type: 'text', text: 'oi', content: {}, media: null, replyTo: null },
      humanAgent: false,
    })
    await expect(sending).rejects.toMatchObject({ class: 'auth' })
  })
})

describe.each<Name>(['whatsapp', 'instagram'])('a reaction on %s', (name) => {
  test('is put and taken back', async () => {
    const there = await connected(name)
    await there.send({ type: 'reaction', text: '❤️', replyTo: there.question })
    expect((await there.phone())[0].reactions.business).toBe('❤️')
    await there.send({ type: 'reaction', text: null, replyTo: there.question })
    expect((await there.phone())[0].reactions.business).toBeNull()
  })
})

describe.each<Name>(['messenger', 'instagram'])('%s', (name) => {
  test('tells the past, and who that is', async () => {
    const there = await connected(name)
    await there.api('POST', 'customers/mariana/past', { inbox: there.inbox.key, count: 30 })
    const page = await there.channel.history?.(there.reach, { peer: null, page: null })
    expect(page?.events).toHaveLength(20)
    expect(page?.events.some(({ direction }) => direction === 'outgoing')).toBe(true)
    const [person = ''] = there.to
    const profile = await there.channel.profile?.(there.reach, person)
    expect(profile).toMatchObject({ pictureUrl: expect.stringContaining('/cdn/') })
  })
})

describe('WhatsApp', () => {
  test('a voice note is taken for one', async () => {
    const there = await connected('whatsapp')
    const media = fileOf(there, 'voice.ogg', { kind: 'audio', mimeType: 'audio/ogg', voice: true })
    await there.send({ type: 'audio', media })
    await until(() => expect(there.told()).toContain('delivered'))
    expect((await there.phone()).at(-1)).toMatchObject({ kind: 'voice', files: [{ voice: true }] })
  })

  test('templates are read as they are', async () => {
    const there = await connected('whatsapp')
    const templates = (await there.channel.templates?.(there.reach)) ?? []
    expect(templates.length).toBeGreaterThan(8)
    expect(templates).toContainEqual(
      expect.objectContaining({ name: 'promocao_inverno', parameterFormat: 'named', status: 'APPROVED' }),
    )
  })
})
