import { sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { change } from '../../test/support/people.ts'
import { HOUR, heardOf, MINUTE, NOON, type TestApp, testApp, threadOf } from '../../test/support/workerd/app.ts'
import { type FakeChannel, fakeChannel } from '../../test/support/workerd/channel.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, fakeGraph, MARIANA, reachOf, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { ChannelError, type InboxSettings } from '../channels/channel.ts'
import { withinWindow } from '../db/queries/outbound.ts'
import type { Scope } from '../db/records.ts'
import type { AppError } from './errors.ts'
import { buttons, card, list, place as placeOf } from './kinds.ts'
import { reply, type Saying, send, showTyping } from './messages.ts'
import { dispatch } from './outbox.ts'
import { receive } from './receive.ts'
import { canStillReply, windowsOf } from './reply-window.ts'

let shop: Shop
let app: TestApp
let channel: FakeChannel
let bruno: Scope
let conversationId: string

beforeEach(async () => {
  shop = await newShop()
  channel = fakeChannel({ replyWindowHours: 24, adWindowHours: null, humanAgentHours: 168 })
  app = testApp({ now: NOON + MINUTE, channel })
  bruno = await scopeOf(shop.people.Bruno)
  const events = await eventsOf(shop.inbox.accountId, said({ from: MARIANA, id: 'wamid.ASKED', at: NOON }))
  await receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
  const { id } = await rowOf<{ id: string }>(
    sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId} AND inbox_id = ${shop.inbox.id}`,
  )
  conversationId = id
})

const pass = (settings: InboxSettings = {}) =>
  dispatch(app, {
    inbox: shop.inbox,
    reach: { ...reachOf(shop.inbox.accountId, fakeGraph(), app.now), settings },
    admit: () => app.now(),
  })

const answer = (text: string) =>
  reply(app, bruno, { conversationId, text, clientKey: crypto.randomUUID(), replyToId: null })

const place: Saying = {
  fingerprint: 'a place',
  said: { type: 'location', body: null, content: { location: { latitude: -8.05, longitude: -34.9 } } },
  check: () => {},
}

const ofTheCustomer = () =>
  rowOf<{ id: string }>(
    sql`SELECT id FROM messages WHERE conversation_id = ${conversationId} AND direction = 'incoming'`,
  )

describe('what is handed to the channel', () => {
  it('is the whole message, with words or without', async () => {
    const { id } = await ofTheCustomer()
    await send(app, bruno, { conversationId, clientKey: crypto.randomUUID(), replyToId: id }, place)
    await answer('Aqui!')
    await pass()
    await pass()
    const common = { to: [MARIANA], media: null, humanAgent: false, attemptId: expect.any(String) }
    expect(channel.sent).toEqual([
      {
        ...common,
        ...{ type: 'location', text: null, content: { location: { latitude: -8.05, longitude: -34.9 } } },
        replyTo: 'wamid.ASKED',
      },
      { ...common, type: 'text', text: 'Aqui!', content: {}, replyTo: null },
    ])
    expect((await threadOf(bruno, conversationId))[1]).toMatchObject({
      type: 'location',
      body: null,
      content: { location: { latitude: -8.05 } },
      state: 'sent',
    })
    expect(heardOf(app.published, conversationId)).toEqual(await threadOf(bruno, conversationId))
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it.each([
    ['within the usual window', true, 24 * HOUR - MINUTE, false],
    ['after it, with the permission of the inbox', true, 24 * HOUR, true],
    ['after it, without', false, 24 * HOUR, false],
  ])('says by which right it leaves: %s', async (_, humanAgent, after, expected) => {
    await answer('Olá!')
    app.clock.now = NOON + after
    await pass({ humanAgent })
    expect(channel.sent).toMatchObject([{ humanAgent: expected }])
  })
})

it('the batch says of the reply window what the verb says', async () => {
  const times = fc.option(fc.integer({ min: NOON - 9 * 24, max: NOON }).map((hours) => NOON - (NOON - hours) * HOUR))
  const windows = fc.constantFrom({}, { adWindowHours: 72 }, { humanAgentHours: 168 }, { replyWindowHours: null })
  await fc.assert(
    fc.asyncProperty(times, times, fc.boolean(), windows, async (lastIncomingAt, lastAdAt, humanAgent, hours) => {
      const limits = { ...channel.limits, adWindowHours: null, humanAgentHours: null, ...hours }
      await change(
        sql`UPDATE inboxes SET settings = ${JSON.stringify({ humanAgent })} WHERE id = ${shop.inbox.id}`,
        sql`UPDATE conversations SET last_incoming_at = ${lastIncomingAt}, last_ad_at = ${lastAdAt} WHERE id = ${conversationId}`,
      )
      const { open } = await rowOf<{ open: number }>(
        sql`SELECT ${withinWindow(windowsOf(limits), NOON)} AS open FROM conversations c WHERE c.id = ${conversationId}`,
      )
      expect(open === 1).toBe(canStillReply(limits, { lastIncomingAt, lastAdAt, inboxSettings: { humanAgent } }, NOON))
    }),
    { numRuns: 60 },
  )
})

it('a channel that refuses us altogether keeps everything, and gets it once and in order when it is connected again', async () => {
  for (const text of ['um', 'dois', 'três']) await answer(text)
  channel.answers = [new ChannelError({ class: 'auth', code: '190', detail: 'Session has expired' })]
  expect((await pass()).refused).toMatchObject({ class: 'auth', code: '190' })
  expect(channel.sent.splice(0)).toHaveLength(1)
  for (let time = 0; time < 4; time += 1) await pass()
  expect(channel.sent.map(({ text }) => text)).toEqual(['um', 'dois', 'três'])
})

describe.each([
  ['a place', placeOf({ latitude: -8, longitude: -34, name: 'Loja', address: '' })],
  ['a card', card({ name: 'Maria', phone: '81 98888-1000', country: 'BR' })],
  ['buttons', buttons({ body: 'Qual?', footer: '', titles: ['Esta', 'Aquela'] })],
  ['a list', list({ body: 'Qual?', footer: '', button: 'Ver', rows: [{ title: 'Esta', description: '' }] })],
])('%s', (_, saying) => {
  const sending = (clientKey: string = crypto.randomUUID(), scope = bruno) =>
    send(app, scope, { conversationId, clientKey, replyToId: null }, saying).then(
      ({ isNew }) => (isNew ? 'new' : 'known'),
      (error: AppError) => error.code,
    )

  it('is one however often it is submitted at once, and goes out once', async () => {
    const clientKey = crypto.randomUUID()
    const all = await Promise.all(Array.from({ length: 5 }, () => sending(clientKey)))
    expect(all.toSorted()).toEqual(['known', 'known', 'known', 'known', 'new'])
    await pass()
    await pass()
    expect(channel.sent).toMatchObject([saying.said.body === null ? { text: null } : { text: saying.said.body }])
    expect(channel.sent[0]).toMatchObject({ type: saying.said.type, content: saying.said.content })
  })

  it('goes out until the reply window ends, and not after', async () => {
    app.clock.now = NOON + 24 * HOUR - 1
    expect(await sending()).toBe('new')
    app.clock.now += 1
    expect(await sending()).toBe('window_closed')
    channel.limits = { ...channel.limits, outsideWindow: 'nothing' }
    expect(await sending()).toBe('window_over')
  })

  it('is refused in a closed conversation, and to whoever does not see it or may no longer', async () => {
    const carla = await scopeOf(shop.people.Carla)
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${conversationId}`)
    expect(await sending(undefined, carla)).toBe('not_found')
    await change(sql`UPDATE conversations SET status = 'closed', closed_at = 1 WHERE id = ${conversationId}`)
    expect(await sending()).toBe('conflict')
    await change(
      sql`UPDATE conversations SET status = 'open', closed_at = NULL WHERE id = ${conversationId}`,
      sql`UPDATE agents SET authz_version = 2 WHERE id = ${bruno.agentId}`,
    )
    expect(await sending()).toBe('conflict')
    await pass()
    expect(channel.sent).toEqual([])
  })

  it.each([
    ['throttled', 'queued'],
    ['retryable', 'queued'],
    ['permanent', 'failed'],
    ['auth', 'queued'],
    ['ambiguous', 'unknown'],
  ] as const)('that met an error of the class %s is %s', async (kind, state) => {
    await sending()
    channel.answers = [new ChannelError({ class: kind, code: '1', detail: '' })]
    await pass()
    expect((await threadOf(bruno, conversationId)).at(-1)).toMatchObject({ state, type: saying.said.type })
  })
})

describe('that somebody writes', () => {
  it('is shown to a customer who has written, while they may be answered', async () => {
    await showTyping(app, bruno, conversationId)
    expect(app.typed).toEqual(['wamid.ASKED'])
    app.clock.now = NOON + 24 * HOUR
    await showTyping(app, bruno, conversationId)
    expect(app.typed).toHaveLength(1)
  })

  it('is shown nowhere where the channel has no sign for it, and by nobody who does not see the conversation', async () => {
    channel.limits = { ...channel.limits, typing: false }
    await showTyping(app, bruno, conversationId)
    expect(app.typed).toEqual([])
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${conversationId}`)
    const carla = await scopeOf(shop.people.Carla)
    await expect(showTyping(app, carla, conversationId)).rejects.toMatchObject({ code: 'not_found' })
  })
})
