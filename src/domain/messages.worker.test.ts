import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, losingAnswers, MINUTE, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, fakeGraph, reachOf, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import type { Scope } from '../db/records.ts'
import type { AppError } from './errors.ts'
import { cancel, confirmSent, reply, saveDraft, see, tryAgain } from './messages.ts'
import { dispatch } from './outbox.ts'
import { receive } from './receive.ts'

let shop: Shop
let app: TestApp
let bruno: Scope
let conversationId: string

beforeEach(async () => {
  shop = await newShop()
  app = testApp({ now: NOON + MINUTE })
  bruno = await scopeOf(shop.people.Bruno)
  conversationId = await writes('Oi!', NOON)
})

/** Mariana writes; answers with the conversation. */
async function writes(text: string, at: number, from = '5511999990001'): Promise<string> {
  const events = await eventsOf(shop.inbox.accountId, said({ text, at, from }))
  await receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: at })),
  )
  const { id } = await rowOf<{ id: string }>(
    sql`SELECT c.id FROM conversations c JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
      WHERE c.inbox_id = ${shop.inbox.id} AND i.external_id = ${from}`,
  )
  return id
}

const answer = (text = 'Olá!', change: Partial<Parameters<typeof reply>[2]> = {}, scope = bruno) =>
  reply(app, scope, { conversationId, text, clientKey: crypto.randomUUID(), replyToId: null, ...change })

/** The code of a refusal, or that there was none. */
const refusal = (attempted: Promise<unknown>): Promise<string> =>
  attempted.then(
    () => 'done',
    (error: AppError) => error.code ?? String(error),
  )

const graph = fakeGraph()
const sendAll = () =>
  dispatch(app, {
    inbox: shop.inbox,
    reach: reachOf(shop.inbox.accountId, graph, app.now),
    admit: () => app.now(),
  })

const attemptsOf = (messageId: string) =>
  rowsOf<{ no: number; state: string }>(
    sql`SELECT no, state FROM send_attempts WHERE workspace_id = ${shop.workspaceId} AND message_id = ${messageId} ORDER BY no`,
  )

const put = (messageId: string, state: string, rank: number) =>
  change(
    sql`UPDATE send_attempts SET state = ${state}, rank = ${rank}, error_class = 'ambiguous', error_code = 'timeout'
      WHERE workspace_id = ${shop.workspaceId} AND message_id = ${messageId}`,
  )

const waiting = () =>
  rowOf<{ n: number }>(sql`SELECT count(*) AS n FROM send_attempts WHERE workspace_id = ${shop.workspaceId}`)

describe('answering', () => {
  it('stores the message and its attempt, tells everyone, and hints at the gateway', async () => {
    await saveDraft(app, bruno, { conversationId, body: 'Olá', replyToId: null })
    app.published.length = 0
    const { message, isNew } = await answer('  Olá!  ')

    expect(isNew).toBe(true)
    expect(message).toMatchObject({ body: 'Olá!', state: 'queued', seq: 2, authorName: 'Bruno', attempt: { no: 1 } })
    expect(app.published).toMatchObject([
      { conversation: { seq: 2, waitingSince: null }, messages: [{ id: message.id }] },
    ])
    expect(app.hinted).toEqual([shop.inbox.webhookKey])
    expect(await rowsOf(sql`SELECT 1 FROM drafts WHERE workspace_id = ${shop.workspaceId}`)).toEqual([])
  })

  it('P4: twenty submits of one key at once are one message, one attempt and one send', async () => {
    const clientKey = crypto.randomUUID()
    const submits = Array.from({ length: 20 }, (_, at) => {
      const own = testApp({ now: app.now(), ...(at % 3 === 0 ? { db: losingAnswers() } : {}) })
      return reply(own, bruno, { conversationId, text: 'Uma vez só', clientKey, replyToId: null })
    })
    const answers = await Promise.all(submits)
    expect(new Set(answers.map(({ message }) => message.id)).size).toBe(1)
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await attemptsOf(answers[0]?.message.id ?? '')).toEqual([{ no: 1, state: 'queued' }])

    graph.sent.length = 0
    await sendAll()
    await sendAll()
    expect(graph.sent.map(({ text }) => text)).toEqual(['Uma vez só'])
    expect(await refusal(answer('Outro texto', { clientKey }))).toBe('already_sent')
    expect((await answer('Uma vez só', { clientKey })).message.state).toBe('sent')
    expect((await waiting()).n).toBe(1)
  })

  it('a key of one conversation says nothing in another, and somebody else’s key is their own', async () => {
    const clientKey = crypto.randomUUID()
    const { message } = await answer('Olá', { clientKey })
    const elsewhere = await writes('Oi', NOON, '5511999990002')
    expect(await refusal(answer('Olá', { clientKey, conversationId: elsewhere }))).toBe('already_sent')
    const ana = await answer('Olá', { clientKey }, await scopeOf(shop.people.Ana))
    expect(ana.message.id).not.toBe(message.id)
  })

  it('fault 10: an answer whose batch was repeated is stored once', async () => {
    app = testApp({ now: NOON + MINUTE, db: losingAnswers() })
    const { message, isNew } = await answer()
    expect(isNew).toBe(true)
    expect(await attemptsOf(message.id)).toEqual([{ no: 1, state: 'queued' }])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
    expect(await rowOf(sql`SELECT seq, out_ord FROM conversations WHERE id = ${conversationId}`)).toEqual({
      seq: 2,
      out_ord: 1,
    })
  })

  it.each([
    ['nothing', '   ', 'invalid'],
    ['nothing that can be seen', '\u0000\u0007', 'invalid'],
    ['4,096 units', 'a'.repeat(4_096), 'done'],
    ['4,097 units', 'a'.repeat(4_097), 'too_long'],
    ['2,048 smileys, which are two units each', '😀'.repeat(2_048), 'done'],
    ['2,049 smileys', '😀'.repeat(2_049), 'too_long'],
  ])('what it says is looked at in the channel’s own unit: %s', async (_, text, outcome) => {
    expect(await refusal(answer(text))).toBe(outcome)
    expect((await waiting()).n).toBe(outcome === 'done' ? 1 : 0)
  })

  it('is possible for a day after the customer wrote, and not a moment longer', async () => {
    app.clock.now = NOON + 24 * HOUR - 1
    expect(await refusal(answer())).toBe('done')
    app.clock.now = NOON + 24 * HOUR
    expect(await refusal(answer())).toBe('window_closed')
    await writes('Ainda aí?', app.now())
    expect(await refusal(answer())).toBe('done')
  })

  it('the window that closes between reading and writing refuses all the same', async () => {
    app.clock.now = NOON + 24 * HOUR - 1
    const now = app.now
    let asked = 0
    app.now = () => (asked++ === 0 ? now() : now() + 1)
    expect(await refusal(answer())).toBe('conflict')
    expect((await waiting()).n).toBe(0)
  })

  it('is not possible in what one may not see, no longer see, or in what is closed', async () => {
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${conversationId}`)
    expect(await refusal(answer())).toBe('not_found')
    expect(await refusal(answer('Olá', { conversationId: crypto.randomUUID() }))).toBe('not_found')

    const carla = await scopeOf(shop.people.Carla)
    await change(sql`UPDATE agents SET authz_version = authz_version + 1 WHERE id = ${shop.people.Carla.agentId}`)
    expect(await refusal(answer('Olá', {}, carla))).toBe('conflict')

    await change(sql`UPDATE conversations SET status = 'closed' WHERE id = ${conversationId}`)
    expect(await refusal(answer('Olá', {}, await scopeOf(shop.people.Carla)))).toBe('conflict')
    expect((await waiting()).n).toBe(0)
  })

  it('quotes what stands in the same conversation, by the id that the provider knows', async () => {
    const [theirs] = await rowsOf<{ id: string; external_id: string }>(
      sql`SELECT id, external_id FROM messages WHERE conversation_id = ${conversationId}`,
    )
    const { message } = await answer('Sobre isso', { replyToId: theirs?.id ?? '' })
    expect(message.replyTo).toMatchObject({ id: theirs?.id, body: 'Oi!' })
    const elsewhere = await writes('Oi', NOON, '5511999990002')
    const { message: foreign } = await answer('E isso', { replyToId: theirs?.id ?? '', conversationId: elsewhere })
    expect(foreign.replyTo).toBeNull()

    graph.sent.length = 0
    await sendAll()
    expect(graph.sent.find(({ text }) => text === 'Sobre isso')?.quoted).toBe(theirs?.external_id)
    expect(graph.sent.find(({ text }) => text === 'E isso')?.quoted).toBeUndefined()
  })
})

describe('after the send', () => {
  const of = (messageId: string, no = 1) => ({ conversationId, messageId, no })

  it('what waits can be taken back, what is on its way cannot', async () => {
    const { message } = await answer()
    expect(await cancel(app, bruno, of(message.id))).toMatchObject({ state: 'failed', attempt: { state: 'canceled' } })
    expect(await cancel(app, bruno, of(message.id))).toMatchObject({ attempt: { state: 'canceled' } })
    graph.sent.length = 0
    await sendAll()
    expect(graph.sent).toEqual([])

    for (const [state, rank] of [
      ['sending', 10],
      ['unknown', 20],
      ['sent', 30],
      ['failed', 35],
    ] as const) {
      const { message: other } = await answer()
      await put(other.id, state, rank)
      expect(await refusal(cancel(app, bruno, of(other.id)))).toBe('conflict')
      expect(await attemptsOf(other.id)).toEqual([{ no: 1, state }])
    }
  })

  it('what is not known can be confirmed, and nothing else', async () => {
    const { message } = await answer()
    expect(await refusal(confirmSent(app, bruno, of(message.id)))).toBe('conflict')
    await put(message.id, 'failed', 35)
    expect(await refusal(confirmSent(app, bruno, of(message.id)))).toBe('conflict')
    await put(message.id, 'unknown', 20)
    expect(await confirmSent(app, bruno, of(message.id))).toMatchObject({
      state: 'sent',
      attempt: { errorClass: null, errorCode: null },
    })
    await put(message.id, 'read', 50)
    expect(await confirmSent(app, bruno, of(message.id))).toMatchObject({ state: 'read' })
  })

  it('what failed can be tried again: two clicks are one attempt, and an older page’s click is none', async () => {
    const { message } = await answer()
    expect(await refusal(tryAgain(app, bruno, of(message.id)))).toBe('conflict')
    await put(message.id, 'unknown', 20)
    const [first, second] = await Promise.all([
      tryAgain(app, bruno, of(message.id)),
      tryAgain(testApp({ now: app.now(), db: losingAnswers() }), bruno, of(message.id)),
    ])
    expect([first?.attempt?.no, second?.attempt?.no]).toEqual([2, 2])
    expect(await attemptsOf(message.id)).toEqual([
      { no: 1, state: 'unknown' },
      { no: 2, state: 'queued' },
    ])
    expect(
      await rowsOf(sql`SELECT action, actor_id, target_id FROM audit_log WHERE workspace_id = ${shop.workspaceId}`),
    ).toMatchObject([{ actor_id: bruno.agentId, target_id: message.id }])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('a message of somebody else’s conversation is not found', async () => {
    const { message } = await answer()
    const elsewhere = await writes('Oi', NOON, '5511999990002')
    for (const verb of [cancel, confirmSent, tryAgain])
      expect(await refusal(verb(app, bruno, { ...of(message.id), conversationId: elsewhere }))).toBe('not_found')
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${conversationId}`)
    for (const verb of [cancel, confirmSent, tryAgain])
      expect(await refusal(verb(app, bruno, of(message.id)))).toBe('not_found')
    expect(await attemptsOf(message.id)).toEqual([{ no: 1, state: 'queued' }])
  })

  it('is not tried again once the window is closed', async () => {
    const { message } = await answer()
    await put(message.id, 'failed', 35)
    app.clock.now = NOON + 25 * HOUR
    expect(await refusal(tryAgain(app, bruno, of(message.id)))).toBe('window_closed')
  })
})

describe('reading', () => {
  const unread = async () =>
    await rowOf<{ unread: number; seq: number }>(
      sql`SELECT unread, seq FROM conversations WHERE id = ${conversationId}`,
    )

  it('takes away what was seen, leaves what came after, and tells the customer', async () => {
    await writes('Alô?', NOON + 1_000)
    await see(app, bruno, conversationId, 1)
    expect(await unread()).toEqual({ unread: 1, seq: 3 })
    await see(app, bruno, conversationId, 3)
    expect(await unread()).toEqual({ unread: 0, seq: 4 })
    expect(app.read).toHaveLength(2)
    expect(app.published.at(-1)).toMatchObject({ conversation: { unread: 0, seq: 4 }, messages: [] })
  })

  it('of what was seen before changes nothing', async () => {
    await writes('Alô?', NOON + 1_000)
    await see(app, bruno, conversationId, 1)
    const told = app.published.length
    await see(app, bruno, conversationId, 1)
    await see(app, bruno, conversationId, 0)
    expect(await unread()).toEqual({ unread: 1, seq: 3 })
    expect(app.published).toHaveLength(told)
  })

  it('by others leaves what its assignee has not seen', async () => {
    await change(sql`UPDATE conversations SET assignee_id = ${shop.people.Ana.agentId} WHERE id = ${conversationId}`)
    await see(app, bruno, conversationId, 1)
    expect(await unread()).toEqual({ unread: 1, seq: 1 })
    await see(app, await scopeOf(shop.people.Ana), conversationId, 1)
    expect(await unread()).toEqual({ unread: 0, seq: 2 })
  })

  it('a draft is the newest typing, and an empty one is none', async () => {
    const draft = () => rowsOf(sql`SELECT body FROM drafts WHERE conversation_id = ${conversationId}`)
    await saveDraft(app, bruno, { conversationId, body: 'Bom', replyToId: null })
    app.clock.now += 1
    await saveDraft(app, bruno, { conversationId, body: 'Bom dia', replyToId: null })
    app.clock.now -= 1
    await saveDraft(app, bruno, { conversationId, body: 'Bom d', replyToId: null })
    expect(await draft()).toEqual([{ body: 'Bom dia' }])
    await saveDraft(app, bruno, { conversationId, body: '', replyToId: null })
    expect(await draft()).toEqual([])
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${conversationId}`)
    await expect(saveDraft(app, bruno, { conversationId, body: 'Oi', replyToId: null })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await draft()).toEqual([])
  })
})
