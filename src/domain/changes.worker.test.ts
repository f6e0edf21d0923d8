import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
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
import { type FakeChannel, fakeChannel } from '../../test/support/workerd/channel.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, fakeGraph, MARIANA, reachOf, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { ChannelError } from '../channels/channel.ts'
import type { InboundEvent } from '../channels/events.ts'
import { type Db, openDb } from '../db/client.ts'
import { conversationFor } from '../db/queries/conversations.ts'
import { versionsOf } from '../db/queries/outbound-changes.ts'
import type { Scope, ThreadMessage } from '../db/records.ts'
import { reword, takeBack } from './changes.ts'
import type { AppError } from './errors.ts'
import { cancel, hashOf, reply, tryAgain } from './messages.ts'
import { dispatch } from './outbox.ts'
import { receive } from './receive.ts'

const SENT = 'wamid.SENT'
const WITHIN = { edit: { withinMinutes: 15, captions: true }, unsend: { withinMinutes: 48 * 60 } }

let shop: Shop
let app: TestApp
let channel: FakeChannel
let bruno: Scope
let diego: Scope
let conversationId: string
let messageId: string

const hear = (...events: InboundEvent[]) =>
  receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: app.now() })),
  )

const pass = () =>
  dispatch(app, {
    inbox: shop.inbox,
    reach: reachOf(shop.inbox.accountId, fakeGraph(), app.now),
    admit: () => app.now(),
  })

beforeEach(async () => {
  shop = await newShop()
  channel = fakeChannel(WITHIN)
  app = testApp({ now: NOON + MINUTE, channel })
  ;[bruno, diego] = await Promise.all([scopeOf(shop.people.Bruno), scopeOf(shop.people.Diego)])
  await hear(...(await eventsOf(shop.inbox.accountId, said({ id: 'wamid.ASKED', from: MARIANA, at: NOON }))))
  conversationId = (
    await rowOf<{ id: string }>(sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`)
  ).id
  channel.answers = [SENT]
  const { message } = await reply(app, bruno, { ...fresh(), conversationId, replyToId: null, text: 'Custa R$ 10' })
  messageId = message.id
  await pass()
})

const fresh = () => ({ clientKey: crypto.randomUUID() })

interface Asking {
  by?: TestApp
  scope?: Scope
  from?: string
  clientKey?: string
}

const outcome = (asked: Promise<ThreadMessage>) =>
  asked.then(
    ({ body, change }) => `${body} · ${change?.type ?? '-'} ${change?.state ?? ''}`.trim(),
    (error: AppError) => error.code ?? String(error),
  )

const rewording = async (text: string, { by = app, scope = bruno, from = 'Custa R$ 10', clientKey }: Asking = {}) =>
  outcome(
    reword(by, scope, {
      ...{ conversationId, messageId, text, from: await hashOf(from) },
      clientKey: clientKey ?? crypto.randomUUID(),
    }),
  )

const takingBack = ({ by = app, scope = bruno }: Asking = {}) =>
  outcome(takeBack(by, scope, { conversationId, messageId }))

const shown = async () => (await threadOf(bruno, conversationId)).find(({ id }) => id === messageId)
const now = async () => {
  const message = await shown()
  return message && `${message.body} · ${message.change?.type} ${message.change?.state}`
}

const versions = async (scope = bruno) => {
  const [rows] = await openDb(env).read(versionsOf(scope, conversationId, messageId))
  return rows.map(({ body, by }) => `${body} (${by})`)
}

const refusal = (kind: ChannelError['class'] = 'permanent') =>
  new ChannelError({ class: kind, code: '400', detail: "message can't be edited" })

const audited = async () =>
  (
    await rowsOf<{ line: string }>(
      sql`SELECT action || ' ' || (actor_id = ${bruno.agentId}) || ' ' || (target_id = ${messageId}) AS line FROM audit_log
        WHERE workspace_id = ${shop.workspaceId} AND action LIKE 'message.%' ORDER BY created_at, id`,
    )
  ).map(({ line }) => line)

describe('other words', () => {
  it('stand in the thread at once, go out as a change of the message, and leave its old words as a version', async () => {
    app.clock.now += MINUTE
    expect(await rewording('Custa R$ 12')).toBe('Custa R$ 12 · edit queued')
    await pass()
    expect(channel.edited).toEqual([
      { externalId: SENT, to: [MARIANA], type: 'text', text: 'Custa R$ 12', content: {} },
    ])
    expect(channel.sent).toHaveLength(1)
    expect(await shown()).toMatchObject({
      body: 'Custa R$ 12',
      editedAt: app.now(),
      state: 'sent',
      change: { type: 'edit', state: 'sent', byName: 'Bruno' },
    })
    expect(await versions()).toEqual(['Custa R$ 12 (Bruno)', 'Custa R$ 10 (Bruno)'])
    expect(await audited()).toEqual(['message.edited 1 1'])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('are told to every page, as the page itself shows them', async () => {
    await rewording('Custa R$ 12')
    await pass()
    const heard = heardOf(app.published, conversationId).find(({ id }) => id === messageId)
    expect(heard).toEqual(await shown())
    const states = app.published.flatMap((one) =>
      one.type === 'thread.changed' ? one.messages.flatMap(({ change }) => change?.state ?? []) : [],
    )
    expect(states).toEqual(['queued', 'sending', 'sent'])
  })

  it('move no conversation, open no other bubble, and are what the list shows', async () => {
    const before = await conversationFor(app.db, bruno, conversationId)
    app.clock.now += MINUTE
    await rewording('Custa R$ 12')
    await pass()
    const after = await conversationFor(app.db, bruno, conversationId)
    expect(after?.lastAt).toBe(before?.lastAt)
    expect(after?.last?.body).toBe('Custa R$ 12')
    expect(await threadOf(bruno, conversationId)).toHaveLength(2)
  })

  it('leave behind what was asked before them, each edit in its turn', async () => {
    await rewording('Custa R$ 12')
    await rewording('Custa R$ 15', { from: 'Custa R$ 12' })
    await reply(app, bruno, { ...fresh(), conversationId, replyToId: null, text: 'Algo mais?' })
    for (let time = 0; time < 3; time += 1) await pass()
    expect(channel.edited.map(({ text }) => text)).toEqual(['Custa R$ 12', 'Custa R$ 15'])
    expect(await now()).toBe('Custa R$ 15 · edit sent')
    expect(await versions()).toEqual(['Custa R$ 15 (Bruno)', 'Custa R$ 12 (Bruno)', 'Custa R$ 10 (Bruno)'])
  })

  it('are one edit however often they are submitted, also where every batch is repeated', async () => {
    const clientKey = crypto.randomUUID()
    const apps = Array.from({ length: 5 }, () => testApp({ now: app.now(), channel, db: losingAnswers() }))
    const told = await Promise.all(apps.map((by) => rewording('Custa R$ 12', { by, clientKey })))
    expect(new Set(told)).toEqual(new Set(['Custa R$ 12 · edit queued']))
    await pass()
    await pass()
    expect(channel.edited).toHaveLength(1)
    expect(await versions()).toHaveLength(2)
    expect(await audited()).toHaveLength(1)
    expect(await rewording('Outra coisa', { clientKey })).toBe('already_sent')
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('are answered as they stand where the same submit was stored between two looks', async () => {
    const clientKey = crypto.randomUUID()
    const db = openDb(env)
    let looks = 0
    const slow: Db = {
      ...db,
      get orm() {
        return db.orm
      },
      get roundTrips() {
        return db.roundTrips
      },
      async read(...queries) {
        const rows = await db.read(...queries)
        looks += 1
        if (looks === 1) await rewording('Custa R$ 12', { clientKey })
        return rows
      },
    }
    const by = testApp({ now: app.now(), channel, db: slow })
    expect(await rewording('Custa R$ 12', { by, clientKey })).toBe('Custa R$ 12 · edit queued')
    expect(await versions()).toHaveLength(2)
  })

  it('of two who edit at once are those of the first; the second is told', async () => {
    const told = await Promise.all([rewording('Custa R$ 12'), rewording('Custa R$ 9', { scope: diego })])
    expect(told.toSorted().at(-1)).toBe('conflict')
    expect(told.toSorted()[0]).toMatch(/^Custa R\$ (12|9) · edit queued$/)
    await pass()
    expect(channel.edited).toHaveLength(1)
  })

  it('that are the same as before change nothing', async () => {
    expect(await rewording(' Custa R$ 10 ')).toBe('Custa R$ 10 · -')
    await pass()
    expect(channel.edited).toEqual([])
  })

  it('go back to what they were where the provider refuses, and the message says why', async () => {
    const before = await shown()
    channel.answers = [refusal()]
    await rewording('Custa R$ 12')
    await pass()
    const after = await shown()
    expect(after).toMatchObject({
      body: 'Custa R$ 10',
      editedAt: null,
      state: 'sent',
      change: { type: 'edit', body: 'Custa R$ 12', state: 'failed', attempt: { errorCode: '400' } },
    })
    expect(after?.attempt).toEqual(before?.attempt)
    expect(await versions()).toEqual(['Custa R$ 10 (Bruno)'])
    expect(heardOf(app.published, conversationId).find(({ id }) => id === messageId)).toEqual(after)
    expect(await rewording('Custa R$ 13')).toBe('Custa R$ 13 · edit queued')
    await pass()
    expect(await versions()).toEqual(['Custa R$ 13 (Bruno)', 'Custa R$ 10 (Bruno)'])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('of a later edit stay where an earlier one is refused; refused both, the first words stand again', async () => {
    channel.answers = [refusal()]
    await rewording('Custa R$ 12')
    await rewording('Custa R$ 15', { from: 'Custa R$ 12' })
    await pass()
    expect(await now()).toBe('Custa R$ 15 · edit queued')
    channel.answers = [refusal()]
    await pass()
    expect(await now()).toBe('Custa R$ 10 · edit failed')
  })

  it('said elsewhere in the meantime are not undone by a refusal, nor by an old edit that is told late', async () => {
    channel.answers = [refusal()]
    await rewording('Custa R$ 12')
    await hear(editOf(SENT, 'Do celular', app.now() + 10))
    await pass()
    expect(await now()).toBe('Do celular · edit failed')
    await rewording('Custa R$ 20', { from: 'Do celular' })
    await pass()
    await hear(editOf(SENT, 'Antiga', app.now() - 10))
    expect(await now()).toBe('Custa R$ 20 · edit sent')
    expect(await versions()).toEqual(['Custa R$ 20 (Bruno)', 'Do celular (Bruno)', 'Custa R$ 10 (Bruno)'])
  })

  it('are asked for again where nobody knows whether they arrived, for they do no harm twice', async () => {
    channel.answers = [refusal('ambiguous'), refusal('throttled')]
    await rewording('Custa R$ 12')
    for (let time = 0; time < 3; time += 1) {
      await pass()
      app.clock.now += HOUR
    }
    expect(channel.edited).toHaveLength(3)
    expect(await now()).toBe('Custa R$ 12 · edit sent')
  })

  it('are asked for again after a dispatcher that did not come back', async () => {
    await rewording('Custa R$ 12')
    await change(sql`UPDATE send_attempts SET state = 'sending', lease_id = 'gone', lease_until = ${app.now() - 1}, tries = 1
      WHERE workspace_id = ${shop.workspaceId} AND state = 'queued'`)
    await pass()
    app.clock.now += HOUR
    await pass()
    expect(channel.edited).toHaveLength(1)
    expect(await now()).toBe('Custa R$ 12 · edit sent')
  })

  it('that nobody confirms in the end are not confirmed, and stay', async () => {
    channel.answers = Array.from({ length: 8 }, () => refusal('ambiguous'))
    await rewording('Custa R$ 12')
    for (let time = 0; time < 9; time += 1) {
      await pass()
      app.clock.now += HOUR
    }
    expect(channel.edited).toHaveLength(8)
    expect(await now()).toBe('Custa R$ 12 · edit unknown')
  })
})

it('whatever becomes of each edit, what is shown in the end is what the customer has', {
  timeout: 60_000,
}, async () => {
  const Trouble = fc.constantFrom('throttled', 'lost', 'answer lost')
  const Fate = fc.record({
    refused: fc.boolean(),
    troubles: fc.array(Trouble, { maxLength: 3 }),
    passes: fc.nat(2),
  })
  channel.limits = { ...channel.limits, edit: { withinMinutes: null, captions: true } }
  const customer = { has: 'Custa R$ 10', was: [] as string[] }
  const ahead = new Map<string, { refused: boolean; troubles: string[] }>()
  channel.edit = async (_reach, { text }) => {
    const { refused, troubles } = ahead.get(text) ?? { refused: true, troubles: [] }
    const trouble = troubles.shift()
    if (trouble === 'throttled') throw refusal('throttled')
    if (trouble === 'lost') throw refusal('ambiguous')
    if (refused) throw refusal()
    if (customer.has !== text) customer.was.push(customer.has)
    customer.has = text
    if (trouble === 'answer lost') throw refusal('ambiguous')
  }
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(Fate, { minLength: 1, maxLength: 4 }), async (fates) => {
      runs += 1
      const before = customer.was.length
      const first = customer.has
      for (const [at, { refused, troubles, passes }] of fates.entries()) {
        const text = `${runs}: ${at}`
        ahead.set(text, { refused, troubles: [...troubles] })
        expect(await rewording(text, { from: (await shown())?.body ?? '' })).toBe(`${text} · edit queued`)
        for (let time = 0; time < passes; time += 1) await pass()
      }
      for (let round = 0; round < 40; round += 1) {
        if ((await pass()).nextAt === null) break
        app.clock.now += HOUR / 60
      }
      expect((await shown())?.body).toBe(customer.has)
      const taken = fates.flatMap(({ refused }, at) => (refused ? [] : `${runs}: ${at}`))
      expect([...customer.was.slice(before), customer.has]).toEqual([first, ...taken])
      expect((await versions())[0]).toContain(customer.has)
    }),
    { numRuns: 1_000, interruptAfterTimeLimit: 6_000, endOnFailure: true },
  )
  console.log(`edits: ${runs} runs`)
  expect(await brokenRules(shop.workspaceId)).toEqual([])
})

describe('a message taken back', () => {
  it('says what it said until the provider has done it; then nothing of it is left, but who did it, and when', async () => {
    await rewording('Custa R$ 12')
    await pass()
    expect(await takingBack()).toBe('Custa R$ 12 · delete queued')
    await pass()
    expect(channel.unsent).toEqual([{ externalId: SENT, to: [MARIANA], type: 'text' }])
    expect(await shown()).toMatchObject({
      body: null,
      editedAt: null,
      deletedAt: app.now(),
      change: { type: 'delete', state: 'sent', byName: 'Bruno', askedAt: app.now() },
    })
    expect(await versions()).toEqual([])
    const left = await rowsOf(
      sql`SELECT id FROM messages WHERE workspace_id = ${shop.workspaceId} AND body LIKE 'Custa%'`,
    )
    expect(left).toEqual([])
    expect(await audited()).toEqual(['message.edited 1 1', 'message.deleted 1 1'])
    expect(heardOf(app.published, conversationId).find(({ id }) => id === messageId)).toEqual(await shown())
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('is taken back once, however often that is asked for', async () => {
    const apps = Array.from({ length: 5 }, () => testApp({ now: app.now(), channel, db: losingAnswers() }))
    await Promise.all(apps.map((by) => takingBack({ by })))
    await pass()
    expect(await takingBack()).toBe('null · delete sent')
    await pass()
    expect(channel.unsent).toHaveLength(1)
    expect(await audited()).toHaveLength(1)
  })

  it('stays where the provider refuses, says why, and may be asked for again', async () => {
    channel.answers = [refusal()]
    await takingBack()
    await pass()
    expect(await now()).toBe('Custa R$ 10 · delete failed')
    expect(await takingBack()).toBe('Custa R$ 10 · delete queued')
    await pass()
    expect(await now()).toBe('null · delete sent')
  })

  it('is not asked of the provider where it is gone already; what was to be said instead failed', async () => {
    await rewording('Custa R$ 12')
    await takingBack()
    await hear({ ...eventFor('delete'), kind: 'delete', direction: 'outgoing', target: SENT })
    await pass()
    await pass()
    expect([channel.edited, channel.unsent]).toEqual([[], []])
    expect(await now()).toBe('null · delete sent')
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('takes no other words any more', async () => {
    await takingBack()
    expect(await rewording('Custa R$ 12')).toBe('conflict')
    await pass()
    expect(await rewording('Custa R$ 12')).toBe('not_supported')
  })
})

describe('who may change an answer', () => {
  const carla = async () => {
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${conversationId}`)
    return scopeOf(shop.people.Carla)
  }

  it.each([
    ['whoever wrote it', async () => bruno, 'queued'],
    ['a supervisor of the department', async () => diego, 'queued'],
    ['the owner', () => scopeOf(shop.people.Ana), 'queued'],
    ['no other agent who sees it', carla, 'forbidden'],
  ])('%s', async (_, who, expected) => {
    const scope = await who()
    expect(await rewording('Custa R$ 12', { scope })).toContain(expected)
    expect(await takingBack({ scope })).toContain(expected)
  })

  it('nobody who does not see it, or may not any more', async () => {
    const scope = await scopeOf(shop.people.Carla)
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${conversationId}`)
    expect(await rewording('Custa R$ 12', { scope })).toBe('not_found')
    expect(await takingBack({ scope })).toBe('not_found')
    expect(await versions(scope)).toEqual([])
    await change(sql`UPDATE agents SET authz_version = 2 WHERE id = ${bruno.agentId}`)
    expect(await rewording('Custa R$ 12')).toBe('conflict')
    expect(await takingBack()).toBe('conflict')
    await pass()
    expect([channel.edited, channel.unsent]).toEqual([[], []])
  })
})

describe('an answer is not changed', () => {
  it.each([
    ['where the channel does not have that', { edit: null, unsend: null }, 0, ['not_supported', 'not_supported']],
    ['once the channel’s time is over', WITHIN, 15 * MINUTE, ['too_late', 'queued']],
    ['once the longer time is over', WITHIN, 48 * HOUR, ['too_late', 'too_late']],
    ['just before', WITHIN, 15 * MINUTE - 1, ['queued', 'queued']],
    [
      'never, where the channel’s time has no end',
      { edit: { withinMinutes: null, captions: true }, unsend: null },
      900 * HOUR,
      ['queued', 'not_supported'],
    ],
  ])('%s', async (_, limits, later, expected) => {
    channel.limits = { ...channel.limits, ...limits }
    app.clock.now += later
    expect(await rewording('Custa R$ 12')).toContain(expected[0])
    expect(await takingBack()).toContain(expected[1])
  })

  it.each(['queued', 'sending', 'unknown', 'failed'])('while it is %s', async (state) => {
    await change(sql`UPDATE send_attempts SET state = ${state} WHERE message_id = ${messageId}`)
    expect(await rewording('Custa R$ 12')).toBe('conflict')
    expect(await takingBack()).toBe('conflict')
  })

  it('in a conversation that is closed', async () => {
    await change(sql`UPDATE conversations SET status = 'closed', closed_at = 1 WHERE id = ${conversationId}`)
    expect(await rewording('Custa R$ 12')).toBe('conflict')
    expect(await takingBack()).toBe('conflict')
  })

  it.each([
    ['nothing', '  ', 'invalid'],
    ['too much', 'a'.repeat(5_000), 'too_long'],
  ])('to say %s', async (_, text, expected) => {
    expect(await rewording(text)).toBe(expected)
  })

  it('to words that somebody has changed since', async () => {
    expect(await rewording('Custa R$ 12', { from: 'Custa R$ 8' })).toBe('conflict')
  })

  it('where it has no words, and where the words of a file cannot be changed', async () => {
    await change(sql`UPDATE messages SET type = 'image' WHERE id = ${messageId}`)
    expect(await rewording('Custa R$ 12')).toContain('queued')
    await change(sql`UPDATE messages SET type = 'template' WHERE id = ${messageId}`)
    expect(await rewording('Custa R$ 13', { from: 'Custa R$ 12' })).toBe('not_supported')
    channel.limits = { ...channel.limits, edit: { withinMinutes: 15, captions: false } }
    await change(sql`UPDATE messages SET type = 'image' WHERE id = ${messageId}`)
    expect(await rewording('Custa R$ 13', { from: 'Custa R$ 12' })).toBe('not_supported')
  })

  it('by acting on the change as if it were a message', async () => {
    channel.answers = [refusal()]
    await rewording('Custa R$ 12')
    const { id } = await rowOf<{ id: string }>(
      sql`SELECT id FROM messages WHERE conversation_id = ${conversationId} AND type = 'edit'`,
    )
    const of = { conversationId, messageId: id, no: 1 }
    expect(await outcome(cancel(app, bruno, of))).toBe('conflict')
    await pass()
    expect(await outcome(tryAgain(app, bruno, of))).toBe('conflict')
  })

  it('where it is the customer’s, or of another conversation', async () => {
    const asked = await rowOf<{ id: string }>(
      sql`SELECT id FROM messages WHERE conversation_id = ${conversationId} AND direction = 'incoming'`,
    )
    messageId = asked.id
    expect(await takingBack()).toBe('not_supported')
    messageId = crypto.randomUUID()
    expect(await takingBack()).toBe('not_found')
  })
})

function eventFor(kind: string) {
  return { dedupeKey: `${kind}:${crypto.randomUUID()}`, accountId: shop.inbox.accountId, occurredAt: app.now() }
}

const editOf = (target: string, text: string, rank: number): InboundEvent => ({
  ...eventFor('edit'),
  ...{ kind: 'edit', direction: 'outgoing', target, text, rank, occurredAt: rank },
})
