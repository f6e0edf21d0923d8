/** For the simulator's tests: a small Prosa that writes down what it is told, and a simulator that talks to it. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, vi } from 'vitest'
import * as z from 'zod'
import { DEMO_SECRETS } from '../scripts/demo.ts'
import { type Simulator, startSimulator } from './server.ts'

export const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const Value = z.looseObject({
  metadata: z.looseObject({ phone_number_id: z.string() }).optional(),
  contacts: z.array(z.looseObject({})).optional(),
  messages: z.array(z.looseObject({ id: z.string(), text: z.object({ body: z.string() }).optional() })).optional(),
  statuses: z
    .array(
      z.looseObject({
        id: z.string(),
        status: z.string(),
        timestamp: z.string(),
        biz_opaque_callback_data: z.string().optional(),
        errors: z.array(z.looseObject({ code: z.number() })).optional(),
      }),
    )
    .optional(),
})
const Entry = z.looseObject({
  changes: z.array(z.object({ value: Value })).optional(),
  messaging: z.array(z.looseObject({})).optional(),
  standby: z.array(z.looseObject({})).optional(),
})
const Body = z.object({ entry: z.tuple([Entry], Entry) })

export interface Webhook {
  path: string
  signed: boolean
  /** Telegram's. */
  secret: string | null
  raw: string
  /** WhatsApp's. */
  value: z.infer<typeof Value> | undefined
  /** Messenger's and Instagram's. */
  row: Record<string, unknown> | undefined
}

async function webhookIn(request: IncomingMessage): Promise<Webhook> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const raw = Buffer.concat(chunks)
  const signature = `sha256=${createHmac('sha256', DEMO_SECRETS.appSecret).update(raw).digest('hex')}`
  const signed = request.headers['x-hub-signature-256'] === signature
  const text = raw.toString()
  const entry = signed ? Body.safeParse(JSON.parse(text)).data?.entry[0] : undefined
  const row = (entry?.messaging ?? entry?.standby)?.[0]
  const secret = request.headers['x-telegram-bot-api-secret-token']
  return {
    path: request.url ?? '',
    signed,
    secret: typeof secret === 'string' ? secret : null,
    raw: text,
    value: entry?.changes?.[0]?.value,
    row,
  }
}

/** A Prosa that says 200, or whatever it is told to say; it has files, and answers the check of its address. */
export async function smallProsa() {
  const webhooks: Webhook[] = []
  const says = { status: 200, verifyToken: DEMO_SECRETS.verifyToken as string }
  const files = new Map<string, { type: string; bytes: Buffer }>()
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const file = files.get(url.pathname)
    if (file) return response.writeHead(200, { 'content-type': file.type }).end(file.bytes)
    if (request.method === 'GET') {
      const known = url.searchParams.get('hub.verify_token') === says.verifyToken
      return response.writeHead(known ? 200 : 403).end(known ? url.searchParams.get('hub.challenge') : '')
    }
    webhooks.push(await webhookIn(request))
    return response.writeHead(says.status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const statuses = () => webhooks.flatMap(({ value }) => value?.statuses ?? [])
  return { url, webhooks, says, files, statuses, told: () => statuses().map(({ status }) => status) }
}

export async function simulated(behaviour: object = {}, stateFile: string | null = null) {
  const there = await smallProsa()
  const simulator: Simulator = await startSimulator({ port: 0, prosaUrl: there.url, stateFile })
  closing.push(simulator.close)
  const api = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${simulator.url}/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : undefined }
  }
  /** A call of the Graph API, with the token. */
  const graph = (method: string, path: string, body?: object | FormData, token: string = DEMO_SECRETS.accessToken) =>
    fetch(`${simulator.url}/graph/v24.0/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    })
  const write = (who: string, text: string, of: object = {}) =>
    api('POST', `customers/${who}/messages`, { inbox: 'demo-wa-1', text, ...of })
  await api('PATCH', 'behaviour', { statusDelayMs: 5, retryGapMs: 20, ...behaviour })
  return { ...there, simulator, api, graph, write }
}

export const until = (check: () => void) => vi.waitFor(check, { timeout: 4_000, interval: 10 })
export const codeOf = async (response: Response) => ((await response.json()) as { error: { code: number } }).error.code
