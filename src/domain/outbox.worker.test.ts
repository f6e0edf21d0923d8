import { sql } from 'drizzle-orm'
import * as fc from 'fast-check'
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
import {
  accepted,
  broken,
  echo,
  eventsOf,
  type FakeGraph,
  fakeGraph,
  reachOf,
  refused,
  said,
  status,
  unreachable,
} from '../../test/support/workerd/whatsapp.ts'
import { within } from '../../test/support/workerd/within.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import type { Scope, ThreadMessage } from '../db/records.ts'
import { reply, tryAgain } from './messages.ts'
import { backoff, dispatch, type Pass } from './outbox.ts'
import { receive } from './receive.ts'

let shop: Shop
let app: TestApp
let bruno: Scope
let conversationId: string
let graph: FakeGraph

beforeEach(async () => {
  shop = await newShop()
  app = testApp({ now: NOON + MINUTE })
  bruno = await scopeOf(shop.people.Bruno)
  graph = fakeGraph()
  conversationId = await writes('5511999990001')
})

async function writes(from: string): Promise<string> {
  await hear(said({ from, at: NOON }))
  const { id } = await rowOf<{ id: string }>(
    sql`SELECT c.id FROM conversations c JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
      WHERE c.inbox_id = ${shop.inbox.id} AND i.external_id = ${from}`,
  )
  return id
}

const hear = async (...values: Record<string, unknown>[]) =>
  receive(
    app,
    shop.inbox,
    (await eventsOf(shop.inbox.accountId, ...values)).map((event) => ({ event, receivedAt: app.now() })),
  )

async function answer(text = 'Olá!', to = conversationId): Promise<ThreadMessage> {
  const clientKey = crypto.randomUUID()
  return (await reply(app, bruno, { conversationId: to, text, clientKey, replyToId: null })).message
}

const pass = (by = app, admit: (recipient: string) => number = () => by.now()): Promise<Pass> =>
  dispatch(by, { inbox: shop.inbox, reach: reachOf(shop.inbox.accountId, graph, by.now), admit })

const shown = async (id: string) => {
  const message = (await threadOf(bruno, conversationId)).find((one) => one.id === id)
  return { state: message?.state, code: message?.attempt?.errorCode, class: message?.attempt?.errorClass }
}

const attempt = (messageId: string) =>
  rowOf<{
    id: string
    state: string
    not_before: number
    tries: number
    external_id: string | null
    lease_until: number | null
  }>(
    sql`SELECT * FROM send_attempts WHERE workspace_id = ${shop.workspaceId} AND message_id = ${messageId} ORDER BY no DESC`,
  )

const texts = () => graph.sent.map(({ text }) => text)

/** A page that was open all the time shows what a fresh one shows. */
const pageIsTrue = async () => {
  const fresh = await threadOf(bruno, conversationId)
  expect(heardOf(app.published, conversationId)).toEqual(fresh)
  expect(await brokenRules(shop.workspaceId)).toEqual([])
}

describe('an accepted answer', () => {
  it('goes to the number that wrote, names its attempt, and is shown on its way', async () => {
    const { id } = await answer('Bom dia!')
    expect(await pass()).toMatchObject({ sent: 1, refused: null, pauseUntil: 0, nextAt: null })
    const { id: attemptId, external_id } = await attempt(id)
    expect(graph.sent).toEqual([
      {
        url: `https://graph.test/v24.0/${shop.inbox.accountId}/messages`,
        to: '+5511999990001',
        text: 'Bom dia!',
        attemptId,
        quoted: undefined,
      },
    ])
    expect(external_id).toMatch(/^wamid\./)
    const states = app.published.flatMap((one) =>
      one.type === 'thread.changed'
        ? one.messages.filter((message) => message.id === id).map(({ state }) => state)
        : [],
    )
    expect(states).toEqual(['queued', 'sending', 'sent'])
    expect(await pass()).toMatchObject({ sent: 0, nextAt: null })
    expect(graph.sent).toHaveLength(1)
    await pageIsTrue()
  })

  it('teaches us the address that the provider uses', async () => {
    graph.answers = [() => Response.json({ contacts: [{ wa_id: '551199990001' }], messages: [{ id: 'wamid.1' }] })]
    await answer()
    await pass()
    await hear(said({ from: '551199990001', at: app.now() }))
    expect(await rowsOf(sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`)).toHaveLength(1)
    expect(
      await rowsOf(sql`SELECT DISTINCT principal_id FROM identities WHERE workspace_id = ${shop.workspaceId}`),
    ).toHaveLength(1)
  })

  it('fault 10: is sent once where every batch is repeated', async () => {
    app = testApp({ now: NOON + MINUTE, db: losingAnswers() })
    const { id } = await answer()
    await pass()
    await pass()
    expect(graph.sent).toHaveLength(1)
    expect(await attempt(id)).toMatchObject({ state: 'sent', tries: 1 })
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })
})

describe('what the provider may answer', () => {
  const OUTCOMES = [
    ['fault 24: 429 with Retry-After', refused(429, 130429, { 'retry-after': '30' }), 'queued', 'throttled', '130429'],
    ['too many to this one person', refused(400, 131056), 'queued', 'throttled', '131056'],
    ['fault 25: a passing error of theirs in JSON', refused(500, 131000), 'queued', 'retryable', '131000'],
    ['fault 26: 200 with broken JSON', broken(200, '{"messages":[{"id":"wa'), 'unknown', 'ambiguous', 'unreadable'],
    ['502', broken(502, '<html>'), 'unknown', 'ambiguous', 'http_502'],
    ['504', broken(504, ''), 'unknown', 'ambiguous', 'http_504'],
    ['500 in HTML', broken(500, '<html>'), 'unknown', 'ambiguous', 'http_500'],
    ['a connection that breaks', unreachable, 'unknown', 'ambiguous', 'network'],
    ['fault 27: a token that expired', refused(401, 190), 'queued', 'auth', '190'],
    ['a window that closed', refused(400, 131047), 'failed', 'permanent', '131047'],
    ['a number without WhatsApp', refused(400, 131026), 'failed', 'permanent', '131026'],
    ['a body that they do not take', refused(400, 100), 'failed', 'permanent', '100'],
  ] as const

  it.each(OUTCOMES)('%s', async (_, response, state, kind, code) => {
    const { id } = await answer()
    graph.answers = [response]
    await pass()
    expect(await shown(id)).toEqual({ state, class: kind, code })
    await pageIsTrue()
  })

  it.each(OUTCOMES.filter(([, , state]) => state !== 'queued'))(
    '%s is never sent again by itself',
    async (_, response, state) => {
      const { id } = await answer()
      graph.answers = [response]
      await pass()
      for (const wait of [MINUTE, HOUR, 30 * HOUR]) {
        app.clock.now += wait
        expect(await pass()).toMatchObject({ sent: 0, nextAt: null })
      }
      expect(graph.sent).toHaveLength(1)
      expect((await shown(id)).state).toBe(state)
    },
  )

  it('fault 24: whoever is asked to wait waits, and the whole number with them', async () => {
    const other = await writes('5511999990002')
    const { id } = await answer('um')
    graph.answers = [refused(429, 130429, { 'retry-after': '30' })]
    expect((await pass()).pauseUntil).toBe(app.now() + 30_000)
    expect(await attempt(id)).toMatchObject({ not_before: app.now() + 30_000 })

    app.clock.now += 29_999
    expect(await pass()).toMatchObject({ sent: 0, nextAt: app.now() + 1 })
    app.clock.now += 1
    await answer('dois', other)
    await pass()
    expect(texts()).toEqual(['um', 'um', 'dois'])
  })

  it('too many to one person holds nobody else up', async () => {
    const other = await writes('5511999990002')
    await answer('um')
    graph.answers = [refused(400, 131056)]
    expect((await pass()).pauseUntil).toBe(0)
    await answer('dois', other)
    await pass()
    expect(texts()).toEqual(['um', 'dois'])
  })

  it('fault 25: what surely was not sent is tried again, eight times and no more', async () => {
    const { id } = await answer()
    graph.always = refused(500, 131000)
    app.dice.next = 0.999
    for (let time = 1; time <= 12; time += 1) {
      await pass()
      const { not_before, state } = await attempt(id)
      if (state === 'queued')
        expect(not_before - app.now()).toBe(Math.round(0.999 * Math.min(600_000, 2_000 * 2 ** (time - 1))))
      app.clock.now += 600_000
    }
    expect(graph.sent).toHaveLength(8)
    expect(await shown(id)).toEqual({ state: 'failed', class: 'retryable', code: 'exhausted' })
    await pageIsTrue()
  })

  it('fault 28: what waited for more than a day fails instead of arriving out of the blue', async () => {
    const { id } = await answer()
    app.clock.now += 24 * HOUR + 1
    await pass()
    expect(graph.sent).toEqual([])
    expect(await shown(id)).toEqual({ state: 'failed', class: 'permanent', code: 'exhausted' })
  })

  it('fault 27: refused altogether, everything waits in its order, and drains in it', async () => {
    for (const text of ['um', 'dois', 'três']) await answer(text)
    graph.answers = [refused(401, 190)]
    expect((await pass()).refused).toMatchObject({ class: 'auth', code: '190' })
    expect(graph.sent).toHaveLength(1)
    graph.sent.length = 0
    for (let time = 0; time < 3; time += 1) await pass()
    expect(texts()).toEqual(['um', 'dois', 'três'])
    await pageIsTrue()
  })

  it('refused altogether, those behind are not even tried', async () => {
    for (let at = 0; at < 14; at += 1) await answer(`para ${at}`, await writes(`55119999910${10 + at}`))
    graph.always = refused(401, 190)
    await pass()
    expect(graph.sent).toHaveLength(6)
    graph.always = null
    graph.sent.length = 0
    for (let time = 0; time < 3; time += 1) await pass()
    expect(texts().sort()).toEqual(Array.from({ length: 14 }, (_, at) => `para ${at}`).sort())
  })
})

describe('a dispatcher that dies', () => {
  it('fault 20: before the claim: the answer leaves later, once', async () => {
    await answer()
    const dying = testApp({ now: app.now() })
    dying.db = { ...app.db, read: app.db.read, write: () => Promise.reject(new Error('killed')) }
    await expect(pass(dying)).rejects.toThrow('killed')
    expect(graph.sent).toEqual([])
    await pass()
    await pass()
    expect(graph.sent).toHaveLength(1)
  })

  it('fault 21: after the claim: nobody knows, until the customer’s phone says so', async () => {
    const { id } = await answer()
    const { id: attemptId } = await attempt(id)
    graph.answers = [() => new Promise(() => undefined)]
    void pass(testApp({ now: app.now() }))
    await expect.poll(() => graph.sent.length).toBe(1)

    app.clock.now += 59_999
    expect(await pass()).toMatchObject({ sent: 0 })
    expect((await shown(id)).state).toBe('sending')
    app.clock.now += 2
    expect(await pass()).toMatchObject({ sent: 0, nextAt: null })
    expect(await shown(id)).toEqual({ state: 'unknown', class: 'ambiguous', code: 'lease_expired' })
    expect(graph.sent).toHaveLength(1)

    await hear(status('wamid.PROOF', 'delivered', { attemptId }))
    expect(await shown(id)).toEqual({ state: 'delivered', class: null, code: null })
    await pageIsTrue()
  })

  it('fault 22: after the 200, before it could be written down: unknown, then proved', async () => {
    const { id } = await answer()
    const { id: attemptId } = await attempt(id)
    graph.answers = [accepted('wamid.LOST')]
    const dying = testApp({ now: app.now() })
    let writes = 0
    const write = dying.db.write
    dying.db = {
      ...dying.db,
      write: (...all) => (writes++ === 0 ? write(...all) : Promise.reject(new Error('killed'))),
    }
    await expect(pass(dying)).rejects.toThrow('killed')

    app.clock.now += 61_000
    await pass()
    expect((await shown(id)).state).toBe('unknown')
    await hear(status('wamid.LOST', 'sent', { attemptId }), status('wamid.LOST', 'read'))
    expect((await shown(id)).state).toBe('read')
    expect(graph.sent).toHaveLength(1)
  })

  it('a provider that answers after the lease was given up still says what it knows', async () => {
    const { id } = await answer()
    const late = Promise.withResolvers<void>()
    graph.answers = [(call) => late.promise.then(() => accepted('wamid.LATE')(call))]
    const slow = pass(testApp({ now: app.now() }))
    await expect.poll(() => graph.sent.length).toBe(1)
    app.clock.now += 61_000
    await pass()
    late.resolve()
    await slow
    expect(await shown(id)).toEqual({ state: 'sent', class: null, code: null })
  })

  it('fault 23: two dispatchers send once', async () => {
    for (let at = 0; at < 6; at += 1) await answer(`para ${at}`, await writes(`55119999910${10 + at}`))
    await Promise.all(Array.from({ length: 4 }, () => pass(testApp({ now: app.now() }))))
    expect(texts().sort()).toEqual(Array.from({ length: 6 }, (_, at) => `para ${at}`))
  })
})

describe('proof', () => {
  it('of an older attempt, after it was sent again, says that the customer may have it twice', async () => {
    const { id } = await answer()
    const first = await attempt(id)
    graph.answers = [broken(502, ''), accepted('wamid.TWO')]
    await pass()
    await tryAgain(app, bruno, { conversationId, messageId: id, no: 1 })
    await pass()
    expect((await threadOf(bruno, conversationId)).at(-1)).toMatchObject({ state: 'sent', possiblyDoubled: false })

    await hear(status('wamid.ONE', 'sent', { attemptId: first.id }))
    expect((await threadOf(bruno, conversationId)).at(-1)).toMatchObject({ state: 'sent', possiblyDoubled: true })
    await hear(status('wamid.ONE', 'delivered'))
    expect((await threadOf(bruno, conversationId)).at(-1)).toMatchObject({ state: 'delivered', possiblyDoubled: true })
    await pageIsTrue()
  })

  it('of what waits to be tried again takes it out of the outbox', async () => {
    const { id } = await answer()
    graph.answers = [refused(500, 131000)]
    await pass()
    await hear(status('wamid.AFTER.ALL', 'sent', { attemptId: (await attempt(id)).id }))
    app.clock.now += HOUR
    await pass()
    expect(graph.sent).toHaveLength(1)
    expect((await shown(id)).state).toBe('sent')
  })

  it.each([
    ['with', true],
    ['without', false],
  ])('an echo and its status before the answer of the call leave one bubble, %s the attempt’s id', async (_, named) => {
    const { id } = await answer('Olá!')
    let waited: string[] = []
    graph.answers = [
      async (call) => {
        await hear(echo({ id: 'wamid.FAST', to: '5511999990001', text: 'Olá!', at: app.now() }))
        waited = await hear(status('wamid.FAST', 'delivered', named ? { attemptId: call.attemptId } : {}))
        return accepted('wamid.FAST')(call)
      },
    ]
    const { known } = await pass()
    expect(known).toEqual(['wamid.FAST'])
    expect(waited).toEqual([named ? 'applied' : 'waiting'])
    if (!named) await hear(status('wamid.FAST', 'delivered'))
    expect((await threadOf(bruno, conversationId)).map(({ body, state }) => [body, state])).toEqual([
      ['Oi!', 'received'],
      ['Olá!', 'delivered'],
    ])
    expect((await shown(id)).state).toBe('delivered')
    await pageIsTrue()
  })

  it('an echo after the answer of the call is nothing new', async () => {
    await answer('Olá!')
    graph.answers = [accepted('wamid.SLOW')]
    await pass()
    const told = app.published.length
    expect(await hear(echo({ id: 'wamid.SLOW', text: 'Olá!', at: app.now() }))).toEqual(['applied'])
    expect(app.published).toHaveLength(told)
    expect(await threadOf(bruno, conversationId)).toHaveLength(2)
  })
})

describe('order', () => {
  it('what the rate does not let through says until when it waits, and keeps its place', async () => {
    const { id } = await answer('um')
    await answer('dois')
    const from = app.now() + 6_000
    await pass(app, () => Math.max(from, app.now()))
    expect(await shown(id)).toMatchObject({ state: 'queued', class: 'rate' })
    expect(await attempt(id)).toMatchObject({ not_before: from, tries: 0 })
    app.clock.now = from
    await pass()
    await pass()
    expect(texts()).toEqual(['um', 'dois'])
    await pageIsTrue()
  })

  it('P11: whoever waits for the rate is not starved by newcomers', async () => {
    await answer('o primeiro')
    await pass(app, () => Math.max(NOON + 2 * MINUTE, app.now()))
    for (let at = 0; at < 25; at += 1) {
      app.clock.now = NOON + 2 * MINUTE + at
      await answer(`novo ${at}`, await writes(`55119999910${10 + at}`))
    }
    await pass()
    expect(texts()).toContain('o primeiro')
  })

  it('what failed, is unknown or was taken back does not hold the next one up', async () => {
    for (const text of ['um', 'dois', 'três']) await answer(text)
    graph.answers = [refused(400, 131026), broken(502, '')]
    for (let time = 0; time < 3; time += 1) await pass()
    expect(texts()).toEqual(['um', 'dois', 'três'])
  })

  it('P10: is kept in each conversation, under retries, ambiguity and two dispatchers', async () => {
    const people = [conversationId, await writes('5511999990002'), await writes('5511999990003')]
    const BY_NAME = {
      accept: accepted(),
      throttle: refused(400, 131056, { 'retry-after': '1' }),
      retry: refused(500, 131000),
      refuse: refused(400, 131026),
      break: broken(502, ''),
    }
    const Answer = fc.constantFrom('accept', 'accept', 'accept', ...(Object.keys(BY_NAME) as (keyof typeof BY_NAME)[]))
    await within(
      'P10',
      fc.asyncProperty(
        fc.array(fc.nat(2), { minLength: 1, maxLength: 8 }),
        fc.array(Answer, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
        async (whose, answers, together) => {
          await change(
            sql`UPDATE send_attempts SET state = 'canceled' WHERE workspace_id = ${shop.workspaceId} AND state IN ('queued', 'sending')`,
          )
          const took: string[] = []
          const script = [...answers]
          graph.always = (call) => {
            const next = script.shift() ?? 'accept'
            if (next === 'accept' || next === 'break') took.push(call.text)
            return BY_NAME[next](call)
          }
          for (const [at, who] of whose.entries()) await answer(`${who}:${at}`, people[who])
          for (let round = 0; round < 40; round += 1) {
            const passes = Array.from({ length: together[round % 3] ?? 1 }, () => pass(testApp({ now: app.now() })))
            const [last] = await Promise.all(passes)
            if (last?.nextAt === null && round > 0) break
            app.clock.now += 5_000
          }
          for (const who of [0, 1, 2]) {
            const left = took.filter((text) => text.startsWith(`${who}:`)).map((text) => Number(text.slice(2)))
            expect(left).toEqual([...new Set(left)].toSorted((a, b) => a - b))
          }
        },
      ),
    )
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })
})

it('P12: a wait grows with each try, within its bounds', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(1_000), (random, tries) => {
      const wait = backoff({ random: () => random }, tries)
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThanOrEqual(Math.min(600_000, 2_000 * 2 ** tries))
    }),
  )
})
