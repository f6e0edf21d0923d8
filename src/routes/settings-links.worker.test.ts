/** Linking a number by QR code, against an Evolution server that is a fake: what the pages show, and what is kept. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, it, vi } from 'vitest'
import { browserOf, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { aMessage } from '../../test/support/workerd/events.ts'
import { rowOf, scopeOf } from '../../test/support/workerd/workspace.ts'
import { reply } from '../domain/messages.ts'
import { gatewayOf } from '../gateways/address.ts'
import { entryOf } from '../gateways/entries.ts'

const SERVER = 'https://evolution.example'
const READS = { 'accept-language': 'pt-BR' }
const PART = { ...READS, 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
const SOON = { timeout: 15_000, interval: 20 }

const server = {
  ...{ state: 'missing', code: 0, instance: '', webhook: null as unknown, calls: [] as string[] },
  past: [] as unknown[],
  /** How long it takes to read the past, and to take a message that is in the past already, ms. */
  slow: { past: 0, send: 0 },
}

const refusal = (status: number, message: unknown) => Response.json({ status, response: { message } }, { status })

async function answered(path: string, query: URLSearchParams, method: string, body: unknown): Promise<Response> {
  server.calls.push(`${method} ${path}`)
  const [area, what] = path.split('/')
  switch (`${area}/${what}`) {
    case 'instance/connectionState':
      if (server.state === 'missing') return refusal(404, [`The "${server.instance}" instance does not exist`])
      return Response.json({ instance: { state: server.state } })
    case 'instance/create':
      server.state = 'connecting'
      return Response.json({ hash: 'X', body }, { status: 201 })
    case 'instance/connect': {
      server.state = 'connecting'
      const pairingCode = query.has('number') ? 'WZYEH1YY' : null
      return Response.json({ code: `2@secret-${server.code}`, pairingCode, base64: 'data:image/png;base64,iVBOR' })
    }
    case 'instance/fetchInstances': {
      const ownerJid = server.state === 'open' ? '5511900000054@s.whatsapp.net' : null
      return Response.json([{ name: server.instance, ownerJid, profileName: 'Loja' }])
    }
    case 'instance/logout':
      server.state = 'close'
      return Response.json({})
    case 'webhook/set':
      server.webhook = (body as { webhook: unknown }).webhook
      return Response.json({}, { status: 201 })
    case 'webhook/find':
      return Response.json(server.webhook)
    case 'message/sendText': {
      const { number, text } = body as { number: string; text: string }
      const key = { remoteJid: `${number}@s.whatsapp.net`, fromMe: true, id: crypto.randomUUID() }
      const message = { conversation: text }
      const sent = { key, message, messageType: 'conversation', messageTimestamp: Math.floor(Date.now() / 1000) }
      server.past.push(sent)
      await scheduler.wait(server.slow.send)
      return Response.json(sent, { status: 201 })
    }
    case 'chat/findMessages':
      await scheduler.wait(server.slow.past)
      return Response.json({ messages: { pages: 1, records: server.past } })
    default:
      return Response.json({})
  }
}

beforeEach(() => {
  Object.assign(server, {
    state: 'missing',
    code: 0,
    webhook: null,
    calls: [],
    past: [],
    slow: { past: 0, send: 0 },
    instance: `loja-${crypto.randomUUID().slice(0, 8)}`,
  })
  atServer(async (request) => {
    const url = new URL(request.url)
    const text = await request.text()
    return answered(url.pathname.slice(1), url.searchParams, request.method, text ? JSON.parse(text) : null)
  })
})

const real = globalThis.fetch

/** Whatever is asked of the server is answered so; everybody else is real. */
function atServer(answer: (request: Request) => Response | Promise<Response>): void {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const address = input instanceof Request ? input.url : String(input)
    return new URL(address).origin === SERVER ? answer(new Request(input, init)) : real(input, init)
  })
}

async function connected() {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const ana = await browserOf(Ana)
  const id = crypto.randomUUID()
  const form = { id, channel: 'evolution', name: 'Loja por QR', serverUrl: SERVER, accessToken: 'global-key-of-it' }
  const answer = await ana.send('POST', '/settings/inboxes', { ...form, instance: server.instance })
  expect(answer.status).toBe(303)
  const path = `/settings/inboxes/${id}`
  const page = async () => (await ana.get(`${path}/connection`, READS)).text()
  const part = async () => (await ana.get(`${path}/link`, PART)).text()
  return { Ana, ana, id, path, page, part }
}

const drawn = (html: string) => /class="link-squares".*?<path d="([^"]*)"/s.exec(html)?.[1]

/** Everything that is kept of a workspace outside of its credentials. */
const keptOf = async ({ workspaceId }: Person) =>
  JSON.stringify([
    await rowsOf(sql`SELECT * FROM kept_events WHERE workspace_id = ${workspaceId}`),
    await rowsOf(sql`SELECT * FROM audit_log WHERE workspace_id = ${workspaceId}`),
    await rowsOf(sql`SELECT checkup, settings, status_reason FROM inboxes WHERE workspace_id = ${workspaceId}`),
  ])

it('the instance is made, told where we are, and its code is on the page, changes with it and is kept nowhere', async () => {
  const { Ana, ana, path, page, part } = await connected()
  expect(server.calls).toContain('POST instance/create')
  expect(server.webhook).toMatchObject({
    enabled: true,
    base64: false,
    url: expect.stringContaining('/webhooks/evolution/'),
    headers: { apikey: expect.stringMatching(/^[0-9a-f]{32}$/) },
  })
  const first = await page()
  expect(first).toContain('Não é a API oficial')
  expect(first).toContain('Evolution API')
  expect(first).toContain('Aguardando o QR code')
  expect(first).not.toMatch(/global-key-of-it|2@secret/)
  const squares = drawn(first)
  expect(drawn(await part())).toBe(squares)
  server.code += 1
  expect(drawn(await part())).not.toBe(squares)

  const letters = await ana.send('POST', `${path}/link`, { phone: '+55 11 90000-0054' }, PART)
  expect(await letters.text()).toContain('WZYE-H1YY')
  expect(await keptOf(Ana)).not.toMatch(/2@secret|WZYEH1YY|iVBOR|global-key/)
})

it('once the phone is there the page asks no more, and says whose number it is', async () => {
  const { Ana, ana, part } = await connected()
  server.state = 'open'
  const open = await part()
  expect(open).toContain('Celular conectado: +55 11 90000-0054')
  expect(open).toMatch(/data-link="open">/)
  expect(open).toMatch(/class="inbox-state" data-status="active">Conectado</)
  expect(await (await ana.get('/settings/inboxes', READS)).text()).toContain('Conectado')
  const rows = await rowsOf(sql`SELECT status FROM inboxes WHERE workspace_id = ${Ana.workspaceId}`)
  expect(rows).toEqual([{ status: 'active' }])
})

it('parted from the phone, nothing leaves until it is linked again, and the outage has its row', async () => {
  const { Ana, ana, path, part } = await connected()
  server.state = 'open'
  await part()
  expect(await (await ana.send('POST', `${path}/link/end`, {}, PART)).text()).toContain(
    'Este aparelho foi desconectado do celular',
  )
  const status = () => rowsOf(sql`SELECT status FROM inboxes WHERE workspace_id = ${Ana.workspaceId}`)
  expect(await status()).toEqual([{ status: 'needs_reauth' }])
  expect(await (await ana.get('/settings/inboxes', READS)).text()).toContain('Desconectado desde')
  server.state = 'open'
  await part()
  expect(await status()).toEqual([{ status: 'active' }])
  const outages = () =>
    rowsOf(sql`SELECT json_extract(payload, '$.messages') AS messages FROM kept_events
      WHERE workspace_id = ${Ana.workspaceId} AND kind = 'outage'`)
  await expect.poll(outages, SOON).toEqual([{ messages: 0 }])
  const acts = await rowsOf<{ action: string }>(
    sql`SELECT action FROM audit_log WHERE workspace_id = ${Ana.workspaceId} AND target_type = 'inbox' ORDER BY created_at`,
  )
  expect(acts.map(({ action }) => action)).toEqual(['inbox.connected', 'inbox.link_ended'])
})

it('what waited leaves once the past was read, and is no part of what was missed', async () => {
  const { Ana, ana, path, part } = await connected()
  const { workspaceId } = Ana
  server.state = 'open'
  await part()
  const { webhook_key } = await rowOf<{ webhook_key: string }>(
    sql`SELECT webhook_key FROM inboxes WHERE workspace_id = ${workspaceId}`,
  )
  const wrote = aMessage({ from: { externalIds: ['5511999990001'], phone: null, profileName: null }, at: Date.now() })
  await gatewayOf(env, webhook_key).accept([entryOf(wrote, Date.now())])
  const conversations = () =>
    rowsOf<{ id: string }>(sql`SELECT id FROM conversations WHERE workspace_id = ${workspaceId}`)
  await expect.poll(conversations, SOON).toHaveLength(1)
  const [conversation] = await conversations()

  await ana.send('POST', `${path}/link/end`, {}, PART)
  await reply(testApp({ now: Date.now() }), await scopeOf(Ana), {
    ...{ conversationId: conversation?.id ?? '', text: 'Já volto', clientKey: crypto.randomUUID(), replyToId: null },
  })
  Object.assign(server, { calls: [], state: 'open', slow: { past: 150, send: 300 } })
  await part()
  const calls = () => server.calls.map((call) => call.split('/').slice(0, 2).join('/'))
  await expect.poll(calls, SOON).toContain('POST message/sendText')
  expect(calls().indexOf('POST chat/findMessages')).toBeGreaterThanOrEqual(0)
  expect(calls().indexOf('POST chat/findMessages')).toBeLessThan(calls().indexOf('POST message/sendText'))
  const outages = await rowsOf(sql`SELECT json_extract(payload, '$.messages') AS messages FROM kept_events
      WHERE workspace_id = ${workspaceId} AND kind = 'outage'`)
  expect(outages).toEqual([{ messages: 0 }])
})

it('a server that does not answer is said so, in place', async () => {
  const { part } = await connected()
  atServer(() => refusal(401, 'Unauthorized'))
  const html = await part()
  expect(html).toContain('O servidor não respondeu')
  expect(html).toContain('Unauthorized')
  expect(html).toContain('hx-trigger')
})
