import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, losingAnswers, MINUTE, NOON, type TestApp, testApp, threadOf } from '../../test/support/workerd/app.ts'
import { type FakeChannel, fakeChannel } from '../../test/support/workerd/channel.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, fakeGraph, MARIANA, reachOf, said, status } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { ChannelError } from '../channels/channel.ts'
import { conversationFor } from '../db/queries/conversations.ts'
import type { Scope } from '../db/records.ts'
import type { AppError } from './errors.ts'
import { dispatch } from './outbox.ts'
import { react } from './reactions.ts'
import { receive } from './receive.ts'

let shop: Shop
let app: TestApp
let channel: FakeChannel
let bruno: Scope
let conversationId: string
let messageId: string

beforeEach(async () => {
  shop = await newShop()
  channel = fakeChannel()
  app = testApp({ now: NOON + MINUTE, channel })
  bruno = await scopeOf(shop.people.Bruno)
  await receive(
    app,
    shop.inbox,
    (await eventsOf(shop.inbox.accountId, said({ id: 'wamid.ASKED', from: MARIANA, at: NOON }))).map((event) => ({
      event,
      receivedAt: NOON,
    })),
  )
  const row = await rowOf<{ id: string; conversation_id: string }>(
    sql`SELECT id, conversation_id FROM messages WHERE workspace_id = ${shop.workspaceId}`,
  )
  conversationId = row.conversation_id
  messageId = row.id
})

const reacting = (emoji: string | null, by = app, scope = bruno) =>
  react(by, scope, { conversationId, messageId, emoji }).then(
    ({ reactions }) => reactions.map((one) => `${one.side} ${one.emoji} ${one.state}`).join(),
    (error: AppError) => error.code ?? String(error),
  )

const pass = () =>
  dispatch(app, {
    inbox: shop.inbox,
    reach: reachOf(shop.inbox.accountId, fakeGraph(), app.now),
    admit: () => app.now(),
  })

/** The provider tells what became of what it took under this id. */
async function statusOf(id: string, told: string) {
  const events = await eventsOf(shop.inbox.accountId, status(id, told))
  return receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: app.now() })),
  )
}

const seqOfMessage = async () =>
  (await rowOf<{ seq: number }>(sql`SELECT seq FROM messages WHERE id = ${messageId}`)).seq

const shown = async () => (await threadOf(bruno, conversationId)).map(({ type, reactions }) => ({ type, reactions }))

describe('a reaction of ours', () => {
  it('stands on the message, goes out behind what waits, and tells how far it got', async () => {
    expect(await reacting('👍')).toBe('team 👍 queued')
    await pass()
    expect(channel.sent).toMatchObject([
      { type: 'reaction', text: '👍', replyTo: 'wamid.ASKED', to: [MARIANA], content: {}, media: null },
    ])
    expect(await shown()).toEqual([{ type: 'text', reactions: [{ side: 'team', emoji: '👍', state: 'sent' }] }])
    const told = app.published.flatMap((one) =>
      one.type === 'thread.changed' ? one.messages.map(({ id, reactions }) => [id, reactions[0]?.state]) : [],
    )
    expect(told.slice(1)).toEqual([
      [messageId, 'queued'],
      [messageId, 'sending'],
      [messageId, 'sent'],
    ])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('moves no conversation, ends no waiting, and is no last word', async () => {
    const before = await conversationFor(app.db, bruno, conversationId)
    app.clock.now += MINUTE
    await reacting('👍')
    await pass()
    const after = await conversationFor(app.db, bruno, conversationId)
    const { lastAt, waitingSince, unread, last } = before ?? {}
    expect(after).toMatchObject({ lastAt, waitingSince, unread, last })
    expect(waitingSince).toBe(NOON)
  })

  it('is another, then none; each is sent, the last one counts', async () => {
    await reacting('👍')
    expect(await reacting('❤️')).toBe('team ❤️ queued')
    expect(await reacting(null)).toBe('')
    for (let time = 0; time < 3; time += 1) await pass()
    expect(channel.sent.map(({ text }) => text)).toEqual(['👍', '❤️', null])
    expect(await shown()).toEqual([{ type: 'text', reactions: [] }])
  })

  it('is one however often it is asked for at once, also where every batch is repeated', async () => {
    const apps = Array.from({ length: 5 }, () => testApp({ now: app.now(), channel, db: losingAnswers() }))
    expect(new Set(await Promise.all(apps.map((by) => reacting('👍', by))))).toEqual(new Set(['team 👍 queued']))
    await pass()
    await pass()
    expect(channel.sent).toHaveLength(1)
    expect(await rowsOf(sql`SELECT id FROM messages WHERE conversation_id = ${conversationId}`)).toHaveLength(2)
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('that was refused says so, and may be asked for again', async () => {
    channel.answers = [new ChannelError({ class: 'permanent', code: '131051', detail: 'no' })]
    await reacting('👍')
    await pass()
    expect(await shown()).toEqual([{ type: 'text', reactions: [{ side: 'team', emoji: '👍', state: 'failed' }] }])
    expect(await reacting('👍')).toBe('team 👍 queued')
    await pass()
    expect(channel.sent).toHaveLength(2)
  })

  it('is delivered and read in the sight of everyone: the message that it stands on changes, and says so', async () => {
    channel.answers = ['wamid.REACTION']
    await reacting('👍')
    await pass()
    const before = await seqOfMessage()
    const told = app.published.length
    for (const state of ['delivered', 'read']) {
      expect(await statusOf('wamid.REACTION', state)).toEqual(['applied'])
      expect(await shown()).toEqual([{ type: 'text', reactions: [{ side: 'team', emoji: '👍', state }] }])
    }
    expect(await seqOfMessage()).toBe(before + 2)
    expect(
      app.published
        .slice(told)
        .flatMap((one) =>
          one.type === 'thread.changed' ? one.messages.map(({ id, reactions }) => [id, reactions[0]?.state]) : [],
        ),
    ).toEqual([
      [messageId, 'delivered'],
      [messageId, 'read'],
    ])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('that the provider failed later says so on that message', async () => {
    channel.answers = ['wamid.REACTION']
    await reacting('👍')
    await pass()
    await statusOf('wamid.REACTION', 'failed')
    expect(await shown()).toEqual([{ type: 'text', reactions: [{ side: 'team', emoji: '👍', state: 'failed' }] }])
  })

  it('to take back what was never there sends nothing', async () => {
    expect(await reacting(null)).toBe('')
    await pass()
    expect(channel.sent).toEqual([])
  })
})

describe('a reaction is refused', () => {
  const sentNothing = async () => {
    await pass()
    expect(channel.sent).toEqual([])
  }

  it.each([
    ['where the channel takes none', null, '👍', 'not_supported'],
    ['where it takes others', ['❤️'], '👍', 'not_supported'],
    ['not where it takes this one', ['❤️', '👍'], '👍', 'team 👍 queued'],
  ])('%s', async (_, reactions, emoji, expected) => {
    app = testApp({ now: app.now(), channel: fakeChannel({ reactions }) })
    expect(await reacting(emoji)).toBe(expected)
  })

  it('once the reply window is over', async () => {
    app.clock.now = NOON + 24 * HOUR - 1
    expect(await reacting('👍')).toBe('team 👍 queued')
    app.clock.now += 1
    expect(await reacting('❤️')).toBe('window_closed')
  })

  it('in a conversation that is closed, to an answer of ours, and to what was taken back', async () => {
    await change(sql`UPDATE messages SET deleted_at = 1 WHERE id = ${messageId}`)
    expect(await reacting('👍')).toBe('conflict')
    await change(sql`UPDATE messages SET deleted_at = NULL, direction = 'outgoing' WHERE id = ${messageId}`)
    expect(await reacting('👍')).toBe('conflict')
    await change(
      sql`UPDATE messages SET direction = 'incoming' WHERE id = ${messageId}`,
      sql`UPDATE conversations SET status = 'closed', closed_at = 1 WHERE id = ${conversationId}`,
    )
    expect(await reacting('👍')).toBe('conflict')
    await sentNothing()
  })

  it('to whoever does not see the conversation, or may no longer', async () => {
    const carla = await scopeOf(shop.people.Carla)
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${conversationId}`)
    expect(await reacting('👍', app, carla)).toBe('not_found')
    await change(sql`UPDATE agents SET authz_version = 2 WHERE id = ${bruno.agentId}`)
    expect(await reacting('👍')).toBe('conflict')
    await sentNothing()
  })

  it('to a message of another conversation', async () => {
    expect(
      await react(app, bruno, { conversationId, messageId: crypto.randomUUID(), emoji: '👍' }).catch(
        ({ code }: AppError) => code,
      ),
    ).toBe('not_found')
  })
})
