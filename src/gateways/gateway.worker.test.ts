import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { stateOf } from '../../test/support/workerd/state.ts'
import { accepted, eventsOf, type FakeGraph, refused, said, status } from '../../test/support/workerd/whatsapp.ts'
import {
  connect,
  type Inbox,
  newInbox,
  newShop,
  rowOf,
  type Shop,
  scopeOf,
} from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { appFor } from '../app.ts'
import type { Scope } from '../db/records.ts'
import { reply } from '../domain/messages.ts'
import { handOverSettings } from '../domain/sweep.ts'
import { gatewayOf } from './address.ts'
import type { Gateway } from './gateway.ts'
import type { JournalEntry } from './journal.ts'

let graph: FakeGraph
let shop: Shop
let gateway: DurableObjectStub<Gateway>

beforeAll(() => {
  graph = fakeWorld()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

beforeEach(async () => {
  graph.answers = []
  graph.always = null
  graph.saidOfRead = {}
  graph.sent.length = 0
  shop = await newShop()
  gateway = await connect(shop.inbox)
})

async function entriesOf(...values: Record<string, unknown>[]): Promise<JournalEntry[]> {
  return (await eventsOf(shop.inbox.accountId, ...values)).map((event) => ({
    dedupeKey: event.dedupeKey,
    kind: event.kind,
    target: event.kind === 'status' ? event.target : null,
    occurredAt: event.occurredAt,
    receivedAt: Date.now(),
    payload: JSON.stringify(event),
  }))
}

const poison = (no: number): JournalEntry => ({
  dedupeKey: `msg:poison.${no}`,
  kind: 'message',
  target: null,
  occurredAt: null,
  receivedAt: Date.now(),
  payload: JSON.stringify({ kind: 'message', direction: 'incoming', externalId: `poison.${no}` }),
})

const journal = (statement: string) =>
  runInDurableObject(gateway, (_, { storage }) => storage.sql.exec(statement).toArray())

/** As `kill -9` does: what it had in memory is gone, what it stored is there. */
async function killed(): Promise<void> {
  await abortAllDurableObjects()
  gateway = gatewayOf(env, shop.inbox.webhookKey)
}

/** Time passes for everything that was put off. */
async function later(): Promise<void> {
  await journal("UPDATE journal SET not_before = 0 WHERE state IN ('pending', 'waiting')")
  await runDurableObjectAlarm(gateway)
}

/** Time passes until the last try: one that begins while another is under way is none of its own. */
const diesOfIt = () =>
  expect
    .poll(async () => {
      await later()
      return (await gateway.health()).dead
    })
    .toBe(1)

/** As the cron does every minute, for this shop alone: the numbers of other tests are in the same database. */
async function sweepNow(): Promise<void> {
  const told: Promise<unknown>[] = []
  await handOverSettings(
    appFor(env, (promise) => void told.push(promise)),
    shop.workspaceId,
  )
  await Promise.all(told)
}

const messages = () =>
  rowsOf<{ body: string }>(
    sql`SELECT body FROM messages WHERE workspace_id = ${shop.workspaceId} ORDER BY occurred_at, ingest_ord`,
  )

async function conversation(): Promise<{ id: string; bruno: Scope }> {
  await gateway.accept(await entriesOf(said({ at: Date.now() })))
  await expect.poll(async () => (await messages()).length).toBe(1)
  const { id } = await rowOf<{ id: string }>(sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`)
  return { id, bruno: await scopeOf(shop.people.Bruno) }
}

/** An answer of which the gateway is told nothing. */
async function answer({ id, bruno }: { id: string; bruno: Scope }, text: string): Promise<string> {
  const app = testApp({ now: Date.now() })
  const submitted = await reply(app, bruno, {
    conversationId: id,
    text,
    clientKey: crypto.randomUUID(),
    replyToId: null,
  })
  return submitted.message.id
}

const attempts = () =>
  rowsOf<{ state: string; not_before: number; error_class: string | null; id: string }>(
    sql`SELECT * FROM send_attempts WHERE workspace_id = ${shop.workspaceId} ORDER BY ord`,
  )
const states = async () => (await attempts()).map(({ state }) => state)
const texts = () => graph.sent.map(({ text }) => text)

describe('what comes in', () => {
  it('fault 7: the same delivery fifty times at once is one row and one message', async () => {
    const entries = await entriesOf(
      said({ id: 'wamid.ONE', at: Date.now() }),
      said({ id: 'wamid.TWO', at: Date.now() }),
    )
    await Promise.all(Array.from({ length: 50 }, () => gateway.accept(entries)))
    await expect.poll(async () => (await gateway.health()).pending).toBe(0)
    expect(await journal('SELECT state FROM journal')).toEqual([{ state: 'applied' }, { state: 'applied' }])
    expect(await messages()).toHaveLength(2)
  })

  it('fault 13: poison among a hundred is set aside where it is seen, the others go on, and replaying it is harmless', async () => {
    const fine = await entriesOf(...Array.from({ length: 99 }, (_, at) => said({ text: `${at}`, at: Date.now() })))
    await gateway.accept([...fine.slice(0, 40), poison(1), ...fine.slice(40)])
    await expect.poll(async () => (await messages()).length).toBe(99)
    expect(await gateway.health()).toMatchObject({ pending: 1, dead: 0 })

    await diesOfIt()
    const letters = await gateway.deadLetters()
    expect(letters).toMatchObject([{ kind: 'message', tries: 8, reason: 'TypeError' }])

    const before = await stateOf(shop.workspaceId)
    await gateway.replay(letters.map(({ id }) => id))
    await diesOfIt()
    expect(await stateOf(shop.workspaceId)).toEqual(before)
    expect(await gateway.health()).toMatchObject({ pending: 0 })
  })

  it('fault 1: with the database away it goes on taking events, and applies them when it is back', async () => {
    await runInDurableObject(gateway, (instance) => {
      Object.assign(instance, { env: { ...env, DATABASE_URL: 'http://127.0.0.1:9' } })
    })
    const entries = await entriesOf(...Array.from({ length: 5 }, (_, at) => said({ text: `${at}`, at: Date.now() })))
    await gateway.accept(entries.slice(0, 3))
    await gateway.accept(entries.slice(2))
    expect(await gateway.health()).toMatchObject({ pending: 5, dead: 0 })
    await expect.poll(() => runInDurableObject(gateway, (_, { storage }) => storage.getAlarm())).not.toBeNull()

    await runInDurableObject(gateway, (instance) => {
      Object.assign(instance, { env })
    })
    await expect.poll(async () => (await gateway.health()).pending).toBe(0)
    expect(await messages()).toHaveLength(5)
    expect(await journal('SELECT DISTINCT tries FROM journal')).toEqual([{ tries: 0 }])
  })

  it('fault 6: killed between the journal and the alarm, it finds what is left when anybody wakes it', async () => {
    const [entry] = await entriesOf(said({ text: 'achado', at: Date.now() }))
    await runInDurableObject(gateway, async (_, { storage }) => {
      const { dedupeKey, kind, receivedAt, payload } = entry as JournalEntry
      storage.sql.exec(
        'INSERT INTO journal (dedupe_key, kind, received_at, payload) VALUES (?, ?, ?, ?)',
        ...[dedupeKey, kind, receivedAt, payload],
      )
      await storage.deleteAlarm()
    })
    await killed()
    await gateway.health()
    await expect.poll(messages).toEqual([{ body: 'achado' }])
  })

  it('a number that nobody writes to any more lets go of its journal as well', async () => {
    await gateway.accept(await entriesOf(said({ text: 'Tchau', at: Date.now() })))
    await expect
      .poll(async () => (await runInDurableObject(gateway, (_, { storage }) => storage.getAlarm())) ?? 0)
      .toBeGreaterThan(Date.now() + 29 * 86_400_000)
    await runInDurableObject(gateway, async (instance, { storage }) => {
      storage.sql.exec('UPDATE journal SET done_at = done_at - 31 * 86400000')
      await instance.alarm()
    })
    expect(await journal('SELECT * FROM journal')).toEqual([])
  })

  it('fault 18: a status that comes before its message is woken by the send', async () => {
    const to = await conversation()
    await gateway.accept(await entriesOf(status('wamid.EARLY', 'delivered'), status('wamid.EARLY', 'read')))
    await expect.poll(() => journal("SELECT count(*) AS n FROM journal WHERE state = 'waiting'")).toEqual([{ n: 2 }])
    graph.answers = [accepted('wamid.EARLY')]
    await answer(to, 'Olá')
    await gateway.lookAtOutbox()
    await expect.poll(states).toEqual(['read'])
    await expect.poll(() => gateway.health()).toMatchObject({ pending: 0, orphans: 0 })
  })

  it('a status of nobody is counted as an orphan in the end', async () => {
    await gateway.accept(await entriesOf(status('wamid.NOBODY', 'read')))
    await expect.poll(() => journal("SELECT count(*) AS n FROM journal WHERE state = 'waiting'")).toEqual([{ n: 1 }])
    for (let waits = 0; waits < 5; waits += 1) await later()
    await expect.poll(() => gateway.health()).toMatchObject({ pending: 0, dead: 0, orphans: 1 })
  })

  it('a key that no inbox has leaves no database behind', async () => {
    const stranger = gatewayOf(env, `key-${crypto.randomUUID()}`)
    expect(await stranger.ingress()).toBeNull()
    await stranger.lookAtOutbox()
    await stranger.markRead({ externalId: 'wamid.X', to: [] })
    await stranger.replay([1])
    expect(await stranger.health()).toMatchObject({ pending: 0 })
    const tables = await runInDurableObject(stranger, async (_, { storage }) => [
      ...storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
      await storage.getAlarm(),
    ])
    expect(tables).toEqual([null])
  })
})

describe('settings', () => {
  it('older ones never replace newer ones', async () => {
    await connect(shop.inbox, { version: 3, accountId: 'newer' })
    await connect(shop.inbox, { version: 2, accountId: 'older' })
    expect(await gateway.ingress()).toMatchObject({ accountId: 'newer' })
    await killed()
    expect(await gateway.ingress()).toMatchObject({ accountId: 'newer', credentials: { verifyToken: 'verify-me' } })
  })

  it('secrets lie sealed in the gateway’s store too', async () => {
    const [row] = await journal('SELECT value FROM settings')
    expect(String(row?.value)).not.toContain('the token of a shop')
  })

  it('a number that is paused hears and does not speak', async () => {
    const to = await conversation()
    await connect(shop.inbox, { version: 2, status: 'paused' })
    await answer(to, 'Olá')
    await gateway.lookAtOutbox()
    await gateway.accept(await entriesOf(said({ text: 'Alô?', at: Date.now() })))
    await expect.poll(async () => (await messages()).length).toBe(3)
    await later()
    expect([texts(), await states()]).toEqual([[], ['queued']])
  })
})

describe('what goes out', () => {
  it('fault 17: with every hint lost, the sweep finds it', async () => {
    const to = await conversation()
    await answer(to, 'Olá')
    await sweepNow()
    await expect.poll(states).toEqual(['sent'])
    expect(texts()).toEqual(['Olá'])
  })

  it('the sweep brings a gateway what it has not confirmed, and its siblings', async () => {
    const sibling = await newInbox(shop.workspaceId)
    await change(sql`UPDATE inboxes SET version = 2 WHERE id = ${sibling.id}`)
    await sweepNow()
    const settings = await gatewayOf(env, sibling.webhookKey).ingress()
    expect(settings?.siblings.map(({ accountId }) => accountId).sort()).toEqual(
      [shop.inbox.accountId, sibling.accountId].sort(),
    )
    expect(await rowsOf(sql`SELECT gateway_version FROM inboxes WHERE id = ${sibling.id}`)).toEqual([
      { gateway_version: 2 },
    ])
  })

  it('fault 15: hints that come doubled and all at once send everything once, in order', async () => {
    const to = await conversation()
    for (const text of ['um', 'dois', 'três']) await answer(to, text)
    await Promise.all(Array.from({ length: 20 }, () => gateway.lookAtOutbox()))
    await expect.poll(states).toEqual(['sent', 'sent', 'sent'])
    expect(texts()).toEqual(['um', 'dois', 'três'])
  })

  it('fault 27: a token that expired stops the number, says so, loses nothing, and drains in order once connected again', async () => {
    const to = await conversation()
    for (const text of ['um', 'dois']) await answer(to, text)
    graph.always = refused(401, 190)
    await gateway.lookAtOutbox()
    await expect.poll(async () => (await gateway.health()).refused).toBe(true)
    expect(await rowsOf(sql`SELECT status, status_reason FROM inboxes WHERE id = ${shop.inbox.id}`)).toEqual([
      { status: 'needs_reauth', status_reason: '190' },
    ])
    await answer(to, 'três')
    await gateway.lookAtOutbox()
    await killed()
    await gateway.lookAtOutbox()
    await later()
    expect(graph.sent).toHaveLength(1)
    expect(await states()).toEqual(['queued', 'queued', 'queued'])

    graph.always = null
    graph.sent.length = 0
    await connect(shop.inbox, { version: 2 })
    await expect.poll(states).toEqual(['sent', 'sent', 'sent'])
    expect(texts()).toEqual(['um', 'dois', 'três'])
  })

  it('fault 24: while the number is asked to slow down, all that waits says until when', async () => {
    const to = await conversation()
    await gateway.accept(await entriesOf(said({ from: '5511999990002', at: Date.now() })))
    await expect.poll(async () => (await messages()).length).toBe(2)
    const [other] = await rowsOf<{ id: string }>(
      sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId} AND id <> ${to.id}`,
    )
    await answer(to, 'um')
    graph.answers = [refused(429, 130429, { 'retry-after': '600' })]
    await gateway.lookAtOutbox()
    await expect.poll(async () => (await attempts())[0]?.error_class).toBe('throttled')
    const until = (await attempts())[0]?.not_before ?? 0
    expect(until - Date.now()).toBeGreaterThan(500_000)

    await answer({ ...to, id: other?.id ?? '' }, 'dois')
    await gateway.lookAtOutbox()
    await expect.poll(async () => (await attempts()).map(({ not_before }) => not_before)).toEqual([until, until])
    expect(texts()).toEqual(['um'])
  })

  it('an account whose patience is used up is not sent more: what waits says until when', async () => {
    const to = await conversation()
    graph.answers = [accepted(undefined, { 'x-app-usage': JSON.stringify({ call_count: 100 }) })]
    await answer(to, 'um')
    await gateway.lookAtOutbox()
    await expect.poll(async () => (await attempts())[0]?.state).toBe('sent')
    await answer(to, 'dois')
    await gateway.lookAtOutbox()
    await expect.poll(async () => (await attempts())[1]?.not_before ?? 0).toBeGreaterThan(Date.now() + 30_000)
    expect(texts()).toEqual(['um'])
  })

  it('what agents read and type while the account is nearly used up holds no answer back', async () => {
    const to = await conversation()
    graph.saidOfRead = { 'x-app-usage': JSON.stringify({ call_count: 100 }) }
    await gateway.markRead({ externalId: 'wamid.READ', to: [] })
    await answer(to, 'um')
    await gateway.lookAtOutbox()
    await expect.poll(async () => (await attempts())[0]).toMatchObject({ state: 'sent', error_class: null })
  })

  it('what waits behind an answer that waits keeps nobody busy', async () => {
    const to = await conversation()
    for (const text of ['um', 'dois']) await answer(to, text)
    graph.answers = [refused(400, 131056, { 'retry-after': '600' })]
    await gateway.lookAtOutbox()
    await expect.poll(async () => (await attempts())[0]?.error_class).toBe('throttled')
    await expect
      .poll(async () => (await runInDurableObject(gateway, (_, { storage }) => storage.getAlarm())) ?? 0)
      .toBeGreaterThan(Date.now() + 500_000)
  })

  it('fault 16: a burst to one person goes on at the provider’s pace, in order', async () => {
    const to = await conversation()
    for (let no = 1; no <= 7; no += 1) await answer(to, `${no}`)
    // However long the sends take: a pace is kept by the clock.
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now())
    onTestFinished(() => clock.mockRestore())
    await gateway.lookAtOutbox()
    await expect.poll(states).toEqual([...Array(5).fill('sent'), 'queued', 'queued'])
    await expect.poll(async () => (await attempts())[5]).toMatchObject({ state: 'queued', error_class: 'rate' })
    expect(((await attempts())[5]?.not_before ?? 0) - Date.now()).toBeGreaterThan(1_000)
    expect(texts()).toEqual(['1', '2', '3', '4', '5'])
  })

  it('what a customer wrote is told to be read, and a provider that refuses that disturbs nobody', async () => {
    await gateway.markRead({ externalId: 'wamid.READ', to: [] })
    expect(graph.read).toContain('wamid.READ')
    await connect({ ...shop.inbox } satisfies Inbox, { version: 2, status: 'paused' })
    await gateway.markRead({ externalId: 'wamid.PAUSED', to: [] })
    expect(graph.read).not.toContain('wamid.PAUSED')
  })
})
