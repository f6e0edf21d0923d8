/** The way of a message, as whoever sees it is told. */
import { env, exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type Browser, browserOf, change, ORIGIN, rowsOf } from '../../test/support/people.ts'
import {
  accepted,
  type FakeGraph,
  MARIANA,
  said,
  signatureOf,
  status,
  webhook,
} from '../../test/support/workerd/whatsapp.ts'
import { connect, newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { gatewayOf } from '../gateways/address.ts'

let graph: FakeGraph
let shop: Shop
let bruno: Browser
let conversationId: string

beforeAll(() => {
  graph = fakeWorld()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

beforeEach(async () => {
  graph.answers = []
  shop = await newShop()
  await connect(shop.inbox)
  bruno = await browserOf(shop.people.Bruno)
  await told(said({ id: `wamid.${MARIANA}.first`, text: 'Oi!', at: Date.now() - 60_000 }))
  await expect.poll(async () => (await messages()).length).toBe(1)
  conversationId = (
    await rowOf<{ id: string }>(sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`)
  ).id
})

async function told(value: Record<string, unknown>): Promise<void> {
  const body = webhook({ accountId: shop.inbox.accountId, value })
  const { status: answered } = await exports.default.fetch(
    new Request(`${ORIGIN}/webhooks/whatsapp/${shop.inbox.webhookKey}`, {
      method: 'POST',
      body,
      headers: { 'x-hub-signature-256': await signatureOf(body), 'cf-connecting-ip': '10.9.8.6' },
    }),
  )
  expect(answered).toBe(200)
}

const messages = () =>
  rowsOf<{
    id: string
    state: string | null
  }>(sql`SELECT m.id, (SELECT state FROM send_attempts s WHERE s.message_id = m.id
      ORDER BY no DESC LIMIT 1) AS state
    FROM messages m WHERE m.workspace_id = ${shop.workspaceId} AND m.kind = 'message' ORDER BY m.ingest_ord`)

async function answered(text: string, state: string): Promise<string> {
  await bruno.send('POST', `/conversations/${conversationId}/messages`, { text, clientKey: crypto.randomUUID() })
  await expect.poll(async () => (await messages()).at(-1)?.state).toBe(state)
  return (await messages()).at(-1)?.id ?? ''
}

/** What each step says, in their order. */
async function steps(messageId: string): Promise<string[]> {
  const html = await (await bruno.get(`/conversations/${conversationId}/messages/${messageId}/details`)).text()
  expect(html).not.toContain(MARIANA)
  return Array.from(html.matchAll(/<li class="timeline-step"[^>]*>(.*?)<\/li>/gs), ([, step = '']) =>
    step
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
}

it('of a customer’s: when the provider had it, when it came, when it was shown', async () => {
  const [first] = await messages()
  const told = await steps(first?.id ?? '')
  expect(told.map((step) => step.replace(/ \d+\/.*/, ''))).toEqual([
    'Sent by the customer, by the provider’s clock',
    'Received from the provider',
    'Stored and shown in the conversation',
  ])
})

it('of ours: queued, each try with the provider’s code and trace, taken, delivered, read', async () => {
  const refused = { error: { code: 131026, message: 'Undeliverable', fbtrace_id: 'AbC123' } }
  graph.answers = [() => Response.json(refused, { status: 400 }), accepted(`wamid.${MARIANA}.second`)]
  const id = await answered('Bom dia', 'failed')
  await bruno.send('POST', `/conversations/${conversationId}/messages/${id}/attempts`, { no: '1' })
  await expect.poll(async () => (await messages()).at(-1)?.state).toBe('sent')
  for (const what of ['sent', 'delivered', 'read']) await told(status(`wamid.${MARIANA}.second`, what))
  await expect.poll(async () => (await messages()).at(-1)?.state).toBe('read')

  const way = (await steps(id)).join('\n')
  for (const step of [
    'Written by Bruno and queued',
    'Send 1',
    'Refused',
    'Provider code: 131026',
    'Undeliverable (fbtrace_id AbC123)',
    'Send 2',
    'Taken by the provider',
    'The provider says: sent',
    'Delivered',
    'Read',
  ])
    expect(way).toContain(step)
})

it('of one whose provider tells watermarks: that it was read, not when; and of one from the phone where it is from', async () => {
  const id = await answered('Bom dia', 'sent')
  await change(sql`UPDATE conversations SET read_wm = ${Date.now() + 1_000} WHERE id = ${conversationId}`)
  expect((await steps(id)).at(-1)).toBe('Read time not told')
  await change(
    sql`DELETE FROM send_attempts WHERE message_id = ${id}`,
    sql`UPDATE messages SET external_id = ${`wamid.${id}`}, author_id = NULL, client_key = NULL, provider_at = 1 WHERE id = ${id}`,
  )
  expect((await steps(id))[0]).toMatch(/^Sent from the phone or another tool/)
})

it('of what nobody may see, or what is none, there is none', async () => {
  const [first] = await messages()
  const path = `/conversations/${conversationId}/messages/${first?.id}/details`
  const carla = await browserOf(shop.people.Carla)
  expect((await carla.get(path)).status).toBe(200)
  await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${conversationId}`)
  expect((await carla.get(path)).status).toBe(404)
  for (const id of ['1', crypto.randomUUID(), `${first?.id}'`])
    expect(
      (await bruno.get(`/conversations/${conversationId}/messages/${encodeURIComponent(id)}/details`)).status,
    ).toBe(404)
})

it('is told by the gateway without a word of what was said', async () => {
  const told = await gatewayOf(env, shop.inbox.webhookKey).told([`wamid.${MARIANA}.first`])
  expect(told).toEqual([
    { what: 'message', occurredAt: expect.any(Number), receivedAt: expect.any(Number), code: null },
  ])
})
