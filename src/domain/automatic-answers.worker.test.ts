/** What a customer is told while nobody answers yet: once, in order, and nobody else. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import {
  HOUR,
  heardOf,
  losingAnswers,
  MINUTE,
  NOON,
  type TestApp,
  testApp,
  threadOf,
} from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, type Said, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import type { InboundEvent } from '../channels/events.ts'
import type { Viewer } from '../db/records.ts'
import { close } from './conversations.ts'
import { addHoliday, changeGreeting, changeHours } from './hours.ts'
import { receive } from './receive.ts'

/** Friday, 9 in the morning, in the shop's clocks: three hours behind. */
const MORNING = NOON
const EVENING = NOON + 12 * HOUR
const OPEN = Array.from({ length: 7 }, () => '08:00-18:00')
const CLOSED_NOW = Array.from({ length: 7 }, () => '14:00-18:00')

let shop: Shop
let viewer: Viewer

beforeEach(async () => {
  shop = await newShop()
  viewer = { ...(await scopeOf(shop.people.Ana)), name: 'Ana' } as Viewer
})

const hours = (days: string[], answer = 'Voltamos às 8h.', id = '') =>
  changeHours(testApp(), viewer, { id, days, answer, version: 0 }, {})

const greeting = (body: string, once: 'contact' | 'conversation' = 'contact') =>
  changeGreeting(testApp(), viewer, { inboxId: shop.inbox.id, body, once, version: 0 }, {})

const written = async (of: Said): Promise<InboundEvent[]> => eventsOf(shop.inbox.accountId, said(of))

const hear = (app: TestApp, events: InboundEvent[]) =>
  receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: app.now() })),
  )

async function writesAt(now: number, of: Said = {}, app = testApp({ now })): Promise<TestApp> {
  await hear(app, await written({ at: now, ...of }))
  return app
}

/** All that the shop has said, in the order in which it leaves. */
const saidByItself = async () =>
  (
    await rowsOf<{ body: string }>(sql`SELECT m.body FROM messages m JOIN send_attempts s ON s.message_id = m.id
      WHERE m.inbox_id = ${shop.inbox.id} AND m.automatic IS NOT NULL AND s.no = 1 ORDER BY s.ord, m.created_at`)
  ).map(({ body }) => body)

const conversations = () =>
  rowsOf<{ id: string; unread: number; waiting_since: number | null; version: number; seq: number }>(
    sql`SELECT id, unread, waiting_since, version, seq FROM conversations WHERE inbox_id = ${shop.inbox.id} ORDER BY opened_at, id`,
  )

describe('out of hours', () => {
  it('a customer is answered once until it opens, and again the next night', async () => {
    await hours(OPEN)
    await writesAt(EVENING)
    await writesAt(EVENING + MINUTE)
    await writesAt(EVENING + 6 * HOUR)
    expect(await saidByItself()).toEqual(['Voltamos às 8h.'])
    await writesAt(MORNING + 24 * HOUR)
    expect(await saidByItself()).toHaveLength(1)
    await writesAt(EVENING + 24 * HOUR)
    expect(await saidByItself()).toHaveLength(2)
    await writesAt(EVENING + 24 * HOUR, { from: '5511999990002' })
    expect(await saidByItself()).toHaveLength(3)
  })

  it('while it is open, or nothing is set, nobody is', async () => {
    await writesAt(EVENING)
    await hours(OPEN)
    await writesAt(MORNING)
    await change(sql`UPDATE business_hours SET answer = NULL WHERE workspace_id = ${shop.workspaceId}`)
    await writesAt(EVENING + HOUR)
    expect(await saidByItself()).toEqual([])
  })

  it('it is no answer: the customer goes on waiting, as unread as before, and is seen to have been told', async () => {
    await hours(OPEN, '{{saudacao}}, {{primeiro_nome}}! Voltamos às 8h. {{protocolo}}')
    const app = await writesAt(EVENING, { name: 'Maria Souza' })
    const [conversation] = await conversations()
    expect(conversation).toMatchObject({ unread: 1, waiting_since: EVENING })
    const thread = await threadOf(viewer, conversation?.id ?? '')
    expect(thread.map(({ direction, automatic, authorId }) => [direction, automatic, authorId])).toEqual([
      ['incoming', null, null],
      ['outgoing', 'out_of_hours', null],
    ])
    expect(thread[1]?.body).toMatch(/^Boa noite, Maria! Voltamos às 8h\. [0-9A-F]{4}-[0-9A-F]{4}$/)
    expect(heardOf(app.published, conversation?.id ?? '')).toEqual(thread)
    expect(app.hinted).toContain(shop.inbox.webhookKey)
    await writesAt(EVENING + MINUTE)
    expect((await conversations())[0]).toMatchObject({ unread: 2, waiting_since: EVENING })
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('however often the event comes, in however many hands, and whatever answer of the database is lost', async () => {
    await hours(OPEN)
    await greeting('Olá!')
    const events = await written({ at: EVENING })
    const app = () => testApp({ now: EVENING, db: losingAnswers() })
    await hear(app(), events)
    await Promise.all([hear(app(), events), hear(app(), events), hear(app(), [...events, ...events])])
    expect(await saidByItself()).toEqual(['Olá!', 'Voltamos às 8h.'])
  })

  it('of two messages at once, and of many in one call, the first is answered', async () => {
    await hours(OPEN)
    const [one, two] = [await written({ at: EVENING }), await written({ at: EVENING })]
    await Promise.all([one, two].map((events) => hear(testApp({ now: EVENING }), events)))
    await hear(testApp({ now: EVENING }), [...(await written({ at: EVENING })), ...(await written({ at: EVENING }))])
    expect(await saidByItself()).toEqual(['Voltamos às 8h.'])
  })

  it('what was broken off after the message is made up for when the event comes again', async () => {
    await hours(OPEN)
    const events = await written({ at: EVENING })
    const app = testApp({ now: EVENING })
    let batches = 0
    const broken = {
      ...app.db,
      async write(...statements: Parameters<typeof app.db.write>) {
        batches += 1
        if (batches === 2) throw new Error('gone')
        return app.db.write(...statements)
      },
    }
    await expect(hear(Object.assign(testApp({ now: EVENING }), { db: broken }), events)).rejects.toThrow('gone')
    expect(await saidByItself()).toEqual([])
    await hear(testApp({ now: EVENING + MINUTE }), events)
    expect(await saidByItself()).toEqual(['Voltamos às 8h.'])
  })

  it.each([
    ['a group', { group: true }],
    ['an echo', { direction: 'outgoing' }],
    ['a past', { history: true }],
    ['an hour ago', { occurredAt: EVENING - HOUR }],
  ] as const)('%s is told nothing', async (_, but) => {
    await hours(OPEN)
    await greeting('Olá!', 'conversation')
    const events = (await written({ at: EVENING })).map((event) => ({ ...event, ...but }) as InboundEvent)
    await hear(testApp({ now: EVENING }), events)
    expect(await saidByItself()).toEqual([])
  })

  it('nor is anybody once the journal was late, while the number is paused, or who is blocked', async () => {
    await hours(OPEN)
    const events = await written({ at: EVENING })
    await receive(
      testApp({ now: EVENING + HOUR }),
      shop.inbox,
      events.map((event) => ({ event, receivedAt: EVENING })),
    )
    await change(sql`UPDATE inboxes SET status = 'paused' WHERE id = ${shop.inbox.id}`)
    await writesAt(EVENING + HOUR)
    await change(
      sql`UPDATE inboxes SET status = 'active' WHERE id = ${shop.inbox.id}`,
      sql`UPDATE contacts SET blocked_at = 1 WHERE workspace_id = ${shop.workspaceId}`,
    )
    await writesAt(EVENING + 2 * HOUR)
    expect(await saidByItself()).toEqual([])
  })

  it('a department has hours and words of its own, and those of everyone where it has none', async () => {
    await hours(OPEN, 'A loja fechou.')
    await hours(CLOSED_NOW, 'O suporte abre às 14h.', shop.suporte)
    await change(sql`UPDATE inboxes SET department_id = ${shop.suporte} WHERE id = ${shop.inbox.id}`)
    await writesAt(MORNING)
    await change(sql`UPDATE inboxes SET department_id = ${shop.financeiro} WHERE id = ${shop.inbox.id}`)
    await writesAt(MORNING, { from: '5511999990002' })
    await writesAt(EVENING, { from: '5511999990003' })
    expect((await saidByItself()).toSorted()).toEqual(['A loja fechou.', 'O suporte abre às 14h.'])
  })

  it('a holiday is closed all day long', async () => {
    await hours(OPEN)
    await addHoliday(testApp(), viewer, { name: 'Consciência Negra', day: '2020-11-20', yearly: true }, {})
    await writesAt(MORNING)
    expect(await saidByItself()).toEqual(['Voltamos às 8h.'])
  })
})

describe('a greeting', () => {
  it('is said to whoever writes for the first time, before it is said that it is after hours', async () => {
    await greeting('Olá, {{primeiro_nome}}!')
    await hours(OPEN)
    await writesAt(EVENING)
    await writesAt(EVENING + MINUTE)
    expect(await saidByItself()).toEqual(['Olá!', 'Voltamos às 8h.'])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it.each([
    ['contact', 1],
    ['conversation', 2],
  ] as const)('once a %s', async (once, times) => {
    await greeting('Olá!', once)
    await writesAt(MORNING)
    const [first] = await conversations()
    const { id: conversationId = '', version = 0, seq = 0 } = first ?? {}
    const closing = { conversationId, version, seq, reasonId: null, farewell: null, clientKey: crypto.randomUUID() }
    await close(testApp({ now: MORNING + MINUTE }), viewer, closing, {})
    await writesAt(MORNING + 2 * MINUTE)
    expect(await conversations()).toHaveLength(2)
    expect(await saidByItself()).toHaveLength(times)
  })

  it('is not for whoever was known before the number was connected', async () => {
    await greeting('Olá!')
    const past = (await written({ at: MORNING - HOUR })).map((event) => ({ ...event, history: true }) as InboundEvent)
    await hear(testApp({ now: MORNING }), past)
    await writesAt(MORNING)
    expect(await saidByItself()).toEqual([])
  })
})
