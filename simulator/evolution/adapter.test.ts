/** Prosa's adapter and the simulated Evolution server understand each other, each way. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Outbound, Reach } from '../../src/channels/channel.ts'
import type { InboundEvent, MessageEvent } from '../../src/channels/events.ts'
import { evolution } from '../../src/channels/evolution/evolution.ts'
import { fixturesOf } from '../../test/support/neutral-words.ts'
import { simulated, until } from '../small-prosa.ts'
import { SAYS } from './kinds.ts'

const KEY = 'prosa-demo-evolution-key'
const asset = (name: string) => readFileSync(new URL(`../assets/${name}`, import.meta.url))

async function connected(behaviour: object = {}, accountId = 'prosa-demo') {
  const there = await simulated(behaviour)
  const reach: Reach = {
    credentials: { accessToken: KEY, appSecret: 'a secret of ours', verifyToken: '' },
    ...{ accountId, settings: {}, baseUrl: `${there.simulator.url}/evolution`, fetch, now: Date.now },
  }
  const inbox = accountId === 'prosa-demo' ? 'demo-evo' : `evolution-${accountId}`
  const says = (body: object, who = 'mariana') => there.api('POST', `customers/${who}/messages`, { inbox, ...body })
  const news = (what: string) => there.api('POST', `inboxes/${inbox}/news`, { what })
  const heard = async (): Promise<InboundEvent[]> => {
    const bodies = there.webhooks.map(({ raw }) => evolution.parse(new TextEncoder().encode(raw), accountId))
    return (await Promise.all(bodies)).flat()
  }
  const messages = async () => (await heard()).filter((event): event is MessageEvent => event.kind === 'message')
  const phone = async () => {
    const { customers } = (await there.api('GET', 'state')).body
    return customers[0].chats.find(({ inboxKey }: { inboxKey: string }) => inboxKey === inbox)?.messages ?? []
  }
  const send = (of: Partial<Outbound>) =>
    evolution.send(reach, {
      ...{ attemptId: 'attempt-1', to: ['5511999990001'], type: 'text', text: null, content: {}, media: null },
      ...{ replyTo: null, humanAgent: false },
      ...of,
    })
  return { ...there, reach, says, news, heard, messages, phone, send }
}

test('every kind that a customer can say is heard as what it is', async () => {
  const { says, messages, webhooks } = await connected()
  for (const kind of Object.keys(SAYS)) await says({ kind, text: kind === 'text' ? 'Oi' : null })
  await until(() => expect(webhooks).toHaveLength(Object.keys(SAYS).length))
  const types = Object.fromEntries(Object.keys(SAYS).map((kind) => [kind, '']))
  const all = await messages()
  expect(all).toHaveLength(Object.keys(types).length)
  expect(all.map(({ type }) => type).toSorted()).toEqual(
    [
      ...['audio', 'audio', 'button', 'contacts', 'contacts', 'document', 'image', 'image', 'interactive'],
      ...['interactive', 'location', 'location', 'sticker', 'sticker', 'text', 'text', 'text', 'text', 'text'],
      ...['unsupported', 'video', 'video'],
    ].toSorted(),
  )
  expect(all.filter(({ group }) => group)).toMatchObject([{ content: { author: 'Mariana Costa' } }])
})

test('every kind of ours arrives, and is told of until it is read', async () => {
  const { send, phone, files, url, api, heard } = await connected()
  const file = (name: string, kind: 'image' | 'audio' | 'sticker', mimeType: string, voice = false) => {
    files.set(`/${name}`, { type: mimeType, bytes: asset(name) })
    const open = async () => new Blob([new Uint8Array(asset(name))]).stream()
    return { kind, mimeType, voice, fileName: name, bytes: 1, open, publicUrl: async () => `${url}/${name}` }
  }
  const { externalId } = await send({ text: 'Abrimos às 9h' })
  await send({ type: 'image', text: 'Veja', media: file('photo.jpg', 'image', 'image/jpeg'), replyTo: externalId })
  await send({ type: 'audio', media: file('voice.ogg', 'audio', 'audio/ogg', true) })
  await send({ type: 'sticker', media: file('sticker.webp', 'sticker', 'image/webp') })
  await send({ type: 'location', content: { location: { latitude: -23.5, longitude: -46.6, name: 'Sé' } } })
  await send({ type: 'contacts', content: { contacts: [{ name: 'Ana', phones: [{ number: '+5511999990077' }] }] } })
  expect((await phone()).map(({ kind, replyTo }: { kind: string; replyTo: string | null }) => [kind, replyTo])).toEqual(
    [
      ['text', null],
      ['image', externalId],
      ['voice', null],
      ['sticker', null],
      ['location', null],
      ['contacts', null],
    ],
  )
  await until(async () =>
    expect((await phone()).every(({ state }: { state: string }) => state === 'delivered')).toBe(true),
  )
  await api('POST', 'customers/mariana/view', { inbox: 'demo-evo' })
  await expect
    .poll(async () =>
      (await heard()).flatMap((event) => (event.kind === 'status' && event.target === externalId ? event.status : [])),
    )
    .toEqual(['sent', 'delivered', 'read'])
})

test('a group is called by its name, and answered', async () => {
  const { says, messages, send, phone, reach } = await connected()
  await says({ kind: 'group' })
  await until(async () => expect(await messages()).toHaveLength(1))
  const [asked] = await messages()
  const to = asked?.peer.externalIds ?? []
  expect(await evolution.profile?.(reach, to[0] ?? '')).toMatchObject({ name: 'Condomínio' })
  await send({ to, text: 'Recebi, sim' })
  expect((await phone()).at(-1)).toMatchObject({ text: 'Recebi, sim', mark: 'Grupo Condomínio' })
})

test('a message of ours is put in other words, and taken back', async () => {
  const { send, phone, reach } = await connected()
  const { externalId } = await send({ text: 'Abrimos às 9h' })
  const before = { externalId, to: ['5511999990001'], type: 'text' }
  await evolution.edit?.(reach, { ...before, text: 'Abrimos às 10h', content: {} })
  expect(await phone()).toMatchObject([{ text: 'Abrimos às 10h', edits: 1 }])
  await evolution.unsend?.(reach, before)
  expect(await phone()).toMatchObject([{ deleted: true }])
})

test('a file is had of the server, and where the company keeps it', async () => {
  const { says, messages, reach, webhooks } = await connected()
  await says({ kind: 'image' })
  await says({ kind: 'document' })
  await until(() => expect(webhooks).toHaveLength(2))
  for (const { media, type } of await messages()) {
    const handle = media[0]?.handle
    const file = handle && (await evolution.media?.(reach, handle))
    const bytes = await new Response(file?.body).arrayBuffer()
    expect(new Uint8Array(bytes)).toEqual(new Uint8Array(asset(type === 'image' ? 'photo.jpg' : 'document.pdf')))
  }
})

test('reactions, edits, deletions and calls of the customer, and of the business’s phone', async () => {
  const { says, api, heard, phone, webhooks } = await connected()
  await says({ text: 'Oi' })
  const [{ id }] = await phone()
  const of = { inbox: 'demo-evo', message: id }
  await api('POST', 'customers/mariana/reactions', { ...of, emoji: '❤️' })
  await api('POST', 'customers/mariana/edits', { ...of, text: 'Olá' })
  await api('POST', 'customers/mariana/deletions', of)
  await api('POST', 'customers/mariana/acts', { inbox: 'demo-evo', act: 'call' })
  for (const kind of ['text', 'edit', 'revoke'])
    await api('POST', 'customers/mariana/elsewhere', { inbox: 'demo-evo', kind })
  await until(() => expect(webhooks).toHaveLength(9))
  const events = (await heard()).map((event) =>
    'direction' in event ? `${event.kind} ${event.direction}` : event.kind,
  )
  expect(events).toEqual([
    ...['message incoming', 'reaction incoming', 'edit incoming', 'delete incoming', 'note', 'note'],
    ...['message outgoing', 'edit outgoing', 'delete outgoing'],
  ])
})

test('who hides the number shows it, and is one person', async () => {
  const { says, api, messages, webhooks } = await connected()
  await api('POST', 'customers', { name: 'Zeca', number: '5511999990088', hidesNumber: true })
  await says({ text: 'Oi' }, 'n5511999990088')
  await api('POST', 'customers/n5511999990088/acts', { inbox: 'demo-evo', act: 'reveal' })
  await until(() => expect(webhooks).toHaveLength(2))
  const [hidden, shown] = (await messages()).map(({ peer }) => peer)
  expect([hidden?.phone, shown?.phone]).toEqual([null, '+5511999990088'])
  expect(shown?.externalIds).toEqual(['5511999990088', hidden?.externalIds[0]])
})

test('what was missed while the connection was away is in the past, and nothing is sent meanwhile', async () => {
  const { says, news, send, reach, webhooks, messages } = await connected()
  await says({ text: 'antes' })
  await until(() => expect(webhooks).toHaveLength(1))
  await news('lost')
  await says({ text: 'durante' })
  await expect(send({ text: 'alô?' })).rejects.toMatchObject({ class: 'auth', code: 'disconnected' })
  expect((await evolution.check?.(reach, 'x'))?.checks).toContainEqual({ what: 'account', ok: false, detail: 'close' })
  await news('back')
  await until(() => expect(webhooks).toHaveLength(3))
  expect((await messages()).map(({ text }) => text)).toEqual(['antes'])
  const past = await evolution.history?.(reach, { peer: ['5511999990001'], page: null })
  expect(past?.events.map(({ text, history }) => [text, history])).toEqual([
    ['durante', true],
    ['antes', true],
  ])
  const span = await evolution.history?.(reach, { peer: null, page: null, since: Date.now() + 60_000 })
  expect(span?.events).toEqual([])
})

test('an instance is made, told where we are, linked by a code that changes, and linked once', async () => {
  const { url, reach, news, heard, says, messages, webhooks } = await connected({ codeSeconds: 0.2 }, 'nova')
  const webhookUrl = `${url}/webhooks/evolution/nova`
  expect((await evolution.check?.(reach, webhookUrl))?.checks.map(({ what, ok }) => [what, ok])).toEqual([
    ['token', true],
    ['account', false],
    ['webhook', false],
  ])
  await evolution.subscribe?.(reach, webhookUrl)
  await evolution.subscribe?.(reach, webhookUrl)
  const states = async () => (await heard()).flatMap((event) => (event.kind === 'account' ? event.what : []))
  await expect
    .poll(async () => (await states()).filter((what) => what === 'waiting_for_scan').length)
    .toBeGreaterThan(1)
  expect(webhooks.every(({ raw }) => raw.includes('"instance":"nova"'))).toBe(true)
  await news('scan')
  await expect.poll(states).toContain('reconnected')
  await says({ text: 'Oi, loja nova' })
  await expect.poll(async () => (await messages()).map(({ text }) => text)).toEqual(['Oi, loja nova'])
  expect((await evolution.check?.(reach, webhookUrl))?.checks.every(({ ok }) => ok)).toBe(true)
})

test('whoever has not the key is told nothing', async () => {
  const { reach } = await connected()
  const stranger = { ...reach, credentials: { ...reach.credentials, accessToken: 'another' } }
  expect((await evolution.check?.(stranger, 'x'))?.checks).toMatchObject([{ what: 'token', ok: false }])
})

test('known payloads are of now, under ids of their own', async () => {
  const { api, webhooks, heard } = await connected()
  for (const { name } of fixturesOf('evolution')) await api('POST', `fixtures/${name}`, { inbox: 'demo-evo' })
  const before = (await heard()).flatMap((event) => (event.kind === 'message' ? event.externalId : []))
  expect(new Set(before).size).toBe(before.length)
  expect(webhooks.every(({ raw }) => raw.includes('"instance":"prosa-demo"'))).toBe(true)
})
