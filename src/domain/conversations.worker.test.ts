import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, MINUTE, NOON, type TestApp, testApp, threadOf } from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { department, member, newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import type { ConversationHead, Viewer } from '../db/records.ts'
import { accept, close, reopen, transfer } from './conversations.ts'
import type { AppError } from './errors.ts'
import { reply } from './messages.ts'
import { receive } from './receive.ts'

let shop: Shop
let app: TestApp
let ana: Viewer
let bruno: Viewer
let carla: Viewer
let conversationId: string

beforeEach(async () => {
  shop = await newShop()
  app = testApp({ now: NOON + MINUTE })
  const { people } = shop
  ;[ana, bruno, carla] = await Promise.all([
    viewer(people.Ana, 'Ana'),
    viewer(people.Bruno, 'Bruno'),
    viewer(people.Carla, 'Carla'),
  ])
  conversationId = await writes('Oi!', NOON)
})

async function viewer(person: Shop['people']['Ana'], name: string): Promise<Viewer> {
  const scope = await scopeOf(person)
  return {
    ...scope,
    name,
    email: `${name.toLowerCase()}@prosa.test`,
    locale: 'pt-BR',
    theme: 'system',
    workspaceName: 'Loja',
    timeZone: 'America/Sao_Paulo',
    listFilters: '',
    ownTimeZone: null,
    sounds: { mine: true, queue: false, tick: false, volume: 60 },
    sessionHash: name,
  }
}

async function writes(text: string, at: number): Promise<string> {
  const events = await eventsOf(shop.inbox.accountId, said({ text, at, from: '5511999990001' }))
  await receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: at })),
  )
  const { id } = await rowOf<{ id: string }>(
    sql`SELECT id FROM conversations WHERE inbox_id = ${shop.inbox.id} AND status <> 'closed'`,
  )
  return id
}

const outcome = (attempted: Promise<ConversationHead>): Promise<string> =>
  attempted.then(
    () => 'done',
    (error: AppError) => error.code ?? String(error),
  )

const closing = (change: Partial<Parameters<typeof close>[2]> = {}) => ({
  conversationId,
  reasonId: null,
  farewell: null,
  clientKey: crypto.randomUUID(),
  version: 1,
  seq: 1,
  ...change,
})

const statuses = async () =>
  (
    await rowsOf<{ status: string }>(
      sql`SELECT status FROM conversations WHERE inbox_id = ${shop.inbox.id} ORDER BY opened_at, id`,
    )
  ).map(({ status }) => status)

describe('Aceitar', () => {
  it('gives a waiting conversation to one of those who reach for it, and tells the others who has it', async () => {
    const rivals = [ana, bruno]
    const outcomes = await Promise.all(rivals.map((one) => outcome(accept(app, one, conversationId, {}))))
    expect(outcomes.toSorted()).toEqual(['already_taken', 'done'])
    const [row] = await rowsOf<{ assignee_id: string }>(
      sql`SELECT assignee_id FROM conversations WHERE id = ${conversationId}`,
    )
    expect(row?.assignee_id).toBe(rivals[outcomes.indexOf('done')]?.agentId)
    expect((await threadOf(ana, conversationId)).filter(({ type }) => type === 'accepted')).toHaveLength(1)
  })

  it('is done once, however often the winner clicks', async () => {
    await accept(app, bruno, conversationId, {})
    await accept(app, bruno, conversationId, {})
    expect((await threadOf(ana, conversationId)).filter(({ kind }) => kind === 'activity')).toHaveLength(1)
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })
})

describe('Encerrar Atendimento', () => {
  it('is one closing, whoever else closes at the same time', async () => {
    expect(
      await Promise.all([outcome(close(app, ana, closing(), {})), outcome(close(app, bruno, closing(), {}))]),
    ).toEqual(['done', 'done'])
    expect((await threadOf(ana, conversationId)).filter(({ type }) => type === 'closed')).toHaveLength(1)
    const audit = await rowsOf(
      sql`SELECT id FROM audit_log WHERE action = 'conversation.closed' AND target_id = ${conversationId}`,
    )
    expect(audit).toHaveLength(1)
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('says the farewell first, and lets it leave', async () => {
    await close(app, bruno, closing({ farewell: 'Até logo!' }), {})
    const thread = await threadOf(ana, conversationId)
    expect(thread.map(({ kind, body }) => [kind, body]).slice(-2)).toEqual([
      ['message', 'Até logo!'],
      ['activity', null],
    ])
    const [attempt] = await rowsOf<{ state: string }>(
      sql`SELECT state FROM send_attempts WHERE conversation_id = ${conversationId}`,
    )
    expect(attempt?.state).toBe('queued')
  })

  it('fills in what is known of a farewell, and says nothing with a blank in it', async () => {
    expect(await outcome(close(app, bruno, closing({ farewell: 'Custou {{valor}}' }), {}))).toBe('unfilled')
    expect(await statuses()).toEqual(['open'])
    await close(app, bruno, closing({ farewell: '{{saudacao}}! {{protocolo}}, {{agente}}' }), {})
    const farewell = (await threadOf(ana, conversationId)).find(
      ({ direction, kind }) => direction === 'outgoing' && kind === 'message',
    )
    expect(farewell?.body).toMatch(/^Bom dia! [0-9A-F]{4}-[0-9A-F]{4}, Bruno$/)
  })

  it('refuses a farewell that the channel would refuse, and closes nothing', async () => {
    expect(await outcome(close(app, bruno, closing({ farewell: 'a'.repeat(4_097) }), {}))).toBe('too_long')
    app = testApp({ now: NOON + 25 * HOUR })
    expect(await outcome(close(app, bruno, closing({ farewell: 'Até logo!' }), {}))).toBe('window_closed')
    expect(await statuses()).toEqual(['open'])
  })

  it('keeps the workspace’s own reason, and no other', async () => {
    await change(
      sql`INSERT INTO close_reasons (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, 'r1', 'Resolvido', 'resolvido', 0)`,
    )
    expect(await outcome(close(app, bruno, closing({ reasonId: 'r2' }), {}))).toBe('invalid')
    await close(app, bruno, closing({ reasonId: 'r1' }), {})
    expect((await threadOf(ana, conversationId)).at(-1)?.detail).toEqual({ reason: 'Resolvido' })
  })

  it('can be undone until the customer has begun a new conversation', async () => {
    await close(app, bruno, closing(), {})
    await reopen(app, bruno, conversationId, {})
    expect(await statuses()).toEqual(['open'])
    const [waits] = await rowsOf<{ waiting_since: number }>(
      sql`SELECT waiting_since FROM conversations WHERE id = ${conversationId}`,
    )
    expect(waits?.waiting_since).toBe(NOON)

    await close(app, bruno, closing({ version: 3, seq: 3 }), {})
    await writes('Voltei', NOON + 2 * MINUTE)
    expect(await outcome(reopen(app, bruno, conversationId, {}))).toBe('conflict')
    expect(await statuses()).toEqual(['closed', 'open'])
  })

  it('is a conflict where it was moved, or the customer wrote, after the dialog was drawn', async () => {
    await accept(app, ana, conversationId, {})
    expect(await outcome(close(app, bruno, closing(), {}))).toBe('conflict')
    await writes('Espera!', NOON + MINUTE)
    expect(await outcome(close(app, bruno, closing({ version: 2, seq: 2 }), {}))).toBe('conflict')
    expect(await statuses()).toEqual(['open'])
    expect(await outcome(close(app, bruno, closing({ version: 2, seq: 3 }), {}))).toBe('done')
  })

  it('refuses an answer that was typed meanwhile', async () => {
    await close(app, bruno, closing(), {})
    const late = reply(app, bruno, {
      conversationId,
      text: 'Mais uma coisa',
      clientKey: crypto.randomUUID(),
      replyToId: null,
    })
    await expect(late).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('Transferir Atendimento', () => {
  beforeEach(async () => {
    await change(department(shop.workspaceId, 'vendas', 'Vendas'), member(shop.people.Carla, 'vendas'))
    carla = await viewer(shop.people.Carla, 'Carla')
  })

  const to = (change: Partial<Parameters<typeof transfer>[2]> = {}) => ({
    conversationId,
    departmentId: 'vendas',
    agentId: null,
    note: null,
    version: 1,
    ...change,
  })

  it('puts it where it goes, with the note, and tells the receiver', async () => {
    const moved = await transfer(app, ana, to({ agentId: carla.agentId, note: 'Quer trocar o tamanho' }), {})
    expect([moved.departmentId, moved.assigneeId]).toEqual(['vendas', carla.agentId])
    const last = (await threadOf(ana, conversationId)).at(-1)
    expect([last?.type, last?.body, last?.detail?.department]).toEqual([
      'transferred',
      'Quer trocar o tamanho',
      'Vendas',
    ])
    expect(app.published.filter(({ type }) => type === 'conversation.handed')).toHaveLength(1)
  })

  it('is refused to an agent who does not belong there, or may not use the number', async () => {
    expect(await outcome(transfer(app, ana, to({ agentId: bruno.agentId }), {}))).toBe('invalid')
    await change(sql`DELETE FROM inbox_agents WHERE agent_id = ${carla.agentId}`)
    expect(await outcome(transfer(app, ana, to({ agentId: carla.agentId }), {}))).toBe('invalid')
    expect(await outcome(transfer(app, ana, to({ departmentId: 'nowhere' }), {}))).toBe('invalid')
  })

  it('is a conflict where it was moved since the page was drawn', async () => {
    await accept(app, bruno, conversationId, {})
    expect(await outcome(transfer(app, ana, to(), {}))).toBe('conflict')
    expect(await outcome(transfer(app, ana, to({ version: 2 }), {}))).toBe('done')
  })

  it('takes it out of the sight of whoever does not belong there', async () => {
    await transfer(app, bruno, to(), {})
    expect(await outcome(accept(app, bruno, conversationId, {}))).toBe('not_found')
    const told = app.published.findLast(({ type }) => type === 'thread.changed')
    expect(told).toMatchObject({ former: { departmentId: null }, conversation: { departmentId: 'vendas' } })
  })
})
