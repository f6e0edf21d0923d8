/** A number that rests, goes on, and is removed: what still comes and goes, and what stays. */
import { env, exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Browser, browserOf, change, ORIGIN, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { type FakeGraph, said, signatureOf, webhook } from '../../test/support/workerd/whatsapp.ts'
import { connect, type Inbox, newInbox, newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { finishRemovals } from '../domain/inbox-removal.ts'
import { gatewayOf } from '../gateways/address.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

let graph: FakeGraph
let shop: Shop
let ana: Browser

beforeAll(() => {
  graph = fakeWorld()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

beforeEach(async () => {
  graph.sent.length = 0
  shop = await newShop()
  await connect(shop.inbox)
  ana = await browserOf(shop.people.Ana)
})

const path = (inbox: Inbox = shop.inbox) => `/settings/inboxes/${inbox.id}`

/** A customer writes, and the provider calls that address. */
async function hears(text: string, at: { to?: Inbox; by?: Inbox } = {}): Promise<number> {
  const to = at.to ?? shop.inbox
  const by = at.by ?? to
  const body = webhook({ accountId: to.accountId, value: said({ text, at: Date.now() }) })
  const { status } = await exports.default.fetch(
    new Request(`${ORIGIN}/webhooks/whatsapp/${by.webhookKey}`, {
      method: 'POST',
      body,
      headers: { 'x-hub-signature-256': await signatureOf(body), 'cf-connecting-ip': '10.9.8.7' },
    }),
  )
  return status
}

const bodies = async () =>
  (
    await rowsOf<{ body: string }>(sql`SELECT body FROM messages WHERE workspace_id = ${shop.workspaceId}
    AND direction = 'incoming' ORDER BY occurred_at, ingest_ord`)
  ).map(({ body }) => body)

const conversations = () =>
  rowsOf<{ id: string; status: string; closed_by_id: string | null }>(
    sql`SELECT id, status, closed_by_id FROM conversations WHERE workspace_id = ${shop.workspaceId} ORDER BY opened_at`,
  )

async function heardOnce(): Promise<string> {
  expect(await hears('Oi!')).toBe(200)
  await expect.poll(async () => (await conversations()).length).toBe(1)
  return (await conversations())[0]?.id ?? ''
}

const answers = (conversationId: string, text: string) =>
  ana.send('POST', `/conversations/${conversationId}/messages`, { text, clientKey: crypto.randomUUID() })

const attempts = async () =>
  (
    await rowsOf<{ state: string }>(
      sql`SELECT state FROM send_attempts WHERE workspace_id = ${shop.workspaceId} ORDER BY ord`,
    )
  ).map(({ state }) => state)

const inboxRow = ({ id }: Inbox = shop.inbox) =>
  rowOf<{ status: string; credentials: string; external_account_id: string; version: number; gateway_version: number }>(
    sql`SELECT status, credentials, external_account_id, version, gateway_version FROM inboxes WHERE id = ${id}`,
  )

const actions = async () =>
  (
    await rowsOf<{ action: string }>(
      sql`SELECT action FROM audit_log WHERE workspace_id = ${shop.workspaceId} ORDER BY created_at, id`,
    )
  ).map(({ action }) => action)

describe('a number that is paused', () => {
  it('hears everything and says nothing until it goes on, then in order; the page of a conversation says so', async () => {
    const id = await heardOnce()
    expect((await ana.send('PUT', `${path()}/pause`)).status).toBe(303)
    await ana.send('PUT', `${path()}/pause`)
    expect((await inboxRow()).status).toBe('paused')
    expect(await (await ana.get(`/conversations/${id}`)).text()).toContain('is paused. Messages wait in the queue')

    await answers(id, 'Um')
    await answers(id, 'Dois')
    expect(await hears('Alguém aí?')).toBe(200)
    await expect.poll(bodies).toEqual(['Oi!', 'Alguém aí?'])
    await gatewayOf(env, shop.inbox.webhookKey).lookAtOutbox()
    expect(await attempts()).toEqual(['queued', 'queued'])
    expect(graph.sent).toEqual([])

    expect((await ana.send('DELETE', `${path()}/pause`)).status).toBe(303)
    await ana.send('DELETE', `${path()}/pause`)
    await expect.poll(attempts).toEqual(['sent', 'sent'])
    expect(graph.sent.map(({ text }) => text)).toEqual(['Um', 'Dois'])
    expect(await (await ana.get(`/conversations/${id}`)).text()).not.toContain('is paused')
    expect(await actions()).toEqual(['inbox.paused', 'inbox.resumed'])
  })

  it('is paused once by two who do it at once, and stays so when its credentials are saved', async () => {
    await Promise.all([ana.send('PUT', `${path()}/pause`), ana.send('PUT', `${path()}/pause`)])
    expect((await actions()).filter((action) => action === 'inbox.paused')).toHaveLength(1)
    const { version } = await inboxRow()
    const form = { version: String(version), businessAccountId: '1', appId: '1', accessToken: 'token-of-a-test' }
    await ana.send('PUT', `${path()}/connection`, form)
    expect((await inboxRow()).status).toBe('paused')
  })

  it('offers to go on, and is no number to begin a conversation from', async () => {
    const html = await (await ana.send('PUT', `${path()}/pause`, {}, PART)).text()
    expect(html).toContain('Resume this number')
    expect(html).toContain('data-status="paused"')
  })
})

describe('the page of all numbers', () => {
  it('says of each how it is doing: what came and went, waits, failed, and who may use it', async () => {
    await heardOnce()
    const now = Date.now()
    const attempt = (state: string, at: number, n: number) =>
      sql`INSERT INTO send_attempts (workspace_id, id, message_id, conversation_id, inbox_id, no, ord, state, rank, not_before, created_at)
        SELECT workspace_id, ${crypto.randomUUID()}, id, conversation_id, inbox_id, ${n}, ${n}, ${state}, 0, ${now + 1e9}, ${at}
        FROM messages WHERE workspace_id = ${shop.workspaceId}`
    await change(
      attempt('queued', now, 1),
      attempt('unknown', now - 1e9, 2),
      attempt('failed', now, 3),
      attempt('failed', now - 86_400_000 - 1, 4),
      ...Array.from({ length: 120 }, (_, n) => attempt('unknown', now, 5 + n)),
    )
    const html = await (await ana.get('/settings/inboxes')).text()
    const text = html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
    expect(text).toMatch(/Last in: \d/)
    expect(text).toContain('Last out: not yet')
    expect(text).toContain('1 message waiting to leave')
    expect(text).toContain('100 unconfirmed sends (or more)')
    expect(text).toContain('1 send failed in 24 h')
    expect(html).toContain(`href="${path()}#inbox-agents"`)
    expect(text).toContain('4 people may use it')
  })
})

describe('removing a number', () => {
  const removal = (name: string, inbox = shop.inbox) => ana.send('DELETE', path(inbox), { name }, PART)

  it('says first what ends and what stays, and asks for its name', async () => {
    await heardOnce()
    const html = await (await ana.get(`${path()}/removal`)).text()
    for (const told of [
      '1 open conversation is ended',
      '0 ended conversations',
      '1 contact',
      '1 message',
      'type the name of the number: Número',
    ])
      expect(html).toContain(told)
    for (const name of ['', 'numero', 'Outro', 'Número 2', '<b>Número</b>', '\u202eNúmero x']) {
      const answer = await removal(name)
      expect([name, answer.status]).toEqual([name, 422])
      expect(await answer.text()).toContain('That is not the name of this number.')
    }
    expect((await inboxRow()).status).toBe('active')
    expect(await actions()).toEqual([])
  })

  it('closes what is open, cancels what waits, forgets the credentials; what was said stays', async () => {
    const id = await heardOnce()
    await ana.send('PUT', `${path()}/pause`)
    await answers(id, 'Já vou')
    const bruno = await browserOf(shop.people.Bruno)
    expect((await removal('Número')).headers.get('hx-redirect')).toBe('/settings/inboxes')

    const row = await inboxRow()
    expect(row).toMatchObject({ status: 'removed', credentials: '', external_account_id: `removed:${shop.inbox.id}` })
    expect(row.gateway_version).toBe(row.version)
    expect(await conversations()).toEqual([{ id, status: 'closed', closed_by_id: shop.people.Ana.agentId }])
    expect(await attempts()).toEqual(['canceled'])
    expect(await actions()).toEqual(['inbox.paused', 'inbox.removed'])

    // Whoever saw the conversation reads it still, and nobody answers or opens it again.
    const html = await (await bruno.get(`/conversations/${id}`)).text()
    for (const told of ['Oi!', 'Já vou', 'Ana', 'The number Número was removed', 'This number was removed'])
      expect(html).toContain(told)
    expect(html).not.toContain('>Reopen')
    expect((await ana.send('DELETE', `/conversations/${id}/closure`)).status).toBe(409)
    expect((await answers(id, 'Ainda?')).status).toBe(409)
    expect(await (await ana.get('/conversations?view=closed')).text()).toContain(`data-conversation-id="${id}"`)

    // It is offered nowhere any more.
    for (const page of [
      '/settings/inboxes',
      '/settings/start',
      `/settings/agents/${shop.people.Bruno.agentId}`,
      '/settings/agents',
    ])
      expect([page, await (await ana.get(page)).text()]).toEqual([page, expect.not.stringContaining(shop.inbox.id)])
    for (const gone of [path(), `${path()}/connection`, `${path()}/removal`, `${path()}/letters`])
      expect([gone, (await ana.get(gone)).status]).toEqual([gone, 404])
  })

  it('is answered at its address as one that never was, and once more is done once', async () => {
    await heardOnce()
    await Promise.all([removal('Número'), removal('Número')])
    expect((await removal('Número')).headers.get('hx-redirect')).toBe('/settings/inboxes')
    expect((await actions()).filter((action) => action === 'inbox.removed')).toHaveLength(1)
    expect(await hears('Ainda aí?')).toBe(404)
    expect(
      await hears('Ainda aí?', { to: { ...shop.inbox, accountId: '1' }, by: { ...shop.inbox, webhookKey: 'none' } }),
    ).toBe(404)
    expect(await bodies()).toEqual(['Oi!'])
  })

  it('lets its account be connected anew, as another number', async () => {
    await removal('Número')
    const again = await newInbox(shop.workspaceId, { accountId: shop.inbox.accountId })
    await connect(again)
    expect(await hears('De volta', { to: again })).toBe(200)
    await expect.poll(bodies).toEqual(['De volta'])
  })

  it('keeps its address good for the other numbers of its app, as long as there is one', async () => {
    const other = await newInbox(shop.workspaceId)
    await change(sql`UPDATE inboxes SET gateway_version = 0 WHERE id IN (${shop.inbox.id}, ${other.id})`)
    const html = await (await ana.get(`${path()}/removal`)).text()
    expect(html).toContain('stays good for other numbers of the same app: Número')
    await removal('Número')
    expect(await hears('Para o outro', { to: other, by: shop.inbox })).toBe(200)
    await expect.poll(bodies).toEqual(['Para o outro'])
    // What is said to the removed one itself is nobody's any more.
    expect(await hears('Para o removido', { to: shop.inbox })).toBe(200)
    expect(await hears('Para o removido', { to: shop.inbox, by: other })).toBe(200)
    await expect.poll(async () => (await gatewayOf(env, other.webhookKey).health()).pending).toBe(0)
    expect(await bodies()).toEqual(['Para o outro'])
    const kept = await inboxRow()
    expect(kept.credentials).not.toBe('')

    await ana.send('DELETE', path(other), { name: 'Número' })
    expect((await inboxRow()).credentials).toBe('')
    expect(await hears('Para o outro', { to: other, by: shop.inbox })).toBe(404)
  })

  it('is ended by the sweep where a request could not, a call of nobody’s included', async () => {
    const id = await heardOnce()
    await ana.send('PUT', `${path()}/pause`)
    await answers(id, 'Já vou')
    await change(
      sql`UPDATE inboxes SET status = 'removed', credentials = '' WHERE id = ${shop.inbox.id}`,
      sql`UPDATE send_attempts SET state = 'sending', rank = 10, lease_until = 1 WHERE workspace_id = ${shop.workspaceId}`,
    )
    const app = testApp({ now: Date.now() })
    for (let n = 0; n < 3; n += 1) await finishRemovals(app)
    expect((await conversations()).map(({ status }) => status)).toEqual(['closed'])
    expect(await attempts()).toEqual(['unknown'])
    const [{ seqs } = { seqs: 0 }] = await rowsOf<{ seqs: number }>(
      sql`SELECT c.seq = (SELECT max(seq) FROM messages m WHERE m.conversation_id = c.id) AS seqs FROM conversations c WHERE c.id = ${id}`,
    )
    expect(seqs).toBe(1)
  })
})
