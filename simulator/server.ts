/** One port for everything: the providers' APIs, the simulator's own, and its page. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerApi } from './api.ts'
import type { Api } from './api-request.ts'
import { type Behaviour, Faults, USUAL } from './behaviour.ts'
import { evolution } from './evolution/evolution.ts'
import { Files } from './files.ts'
import { Ledger } from './ledger.ts'
import { instagram, messenger } from './messaging/messaging.ts'
import { answerCdn } from './meta/links.ts'
import { Phones } from './phones.ts'
import type { Answer, Call, Provider, Simulation } from './provider.ts'
import { telegram } from './telegram/telegram.ts'
import { Webhooks } from './webhooks.ts'
import { whatsapp } from './whatsapp/whatsapp.ts'
import { World } from './world.ts'

export interface Simulator {
  url: string
  close(): Promise<void>
}

/** A document of the largest size that any provider takes, and what stands around it. */
const LONGEST_BODY = 101 * 1024 * 1024
const HEARTBEAT_MS = 20_000
const GATHER_MS = 40

/** `stateFile` null: nothing outlives the process. Port 0: any free one. */
export async function startSimulator(of: {
  port: number
  prosaUrl: string
  stateFile: string | null
}): Promise<Simulator> {
  const prosaUrl = of.prosaUrl.replace(/\/$/, '')
  const world = new World(of.stateFile)
  const ledger = new Ledger()
  const faults = new Faults()
  let behaviour = USUAL
  const providers: Provider[] = []
  const providerOf = (channel: string) => providers.find((provider) => provider.channel === channel)
  const webhooks = new Webhooks({ prosaUrl, world, ledger, behaviour: () => behaviour, providerOf })
  const server = createServer()
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const files = new Files(world, of.stateFile === null ? null : join(dirname(of.stateFile), 'simulator-files'))
  const simulation: Simulation = { world, files, webhooks, ledger, faults, behaviour: () => behaviour, origin }
  providers.push(
    whatsapp(simulation, prosaUrl),
    messenger(simulation),
    instagram(simulation),
    telegram(simulation, prosaUrl),
    evolution(simulation),
  )

  const api: Api = {
    simulation,
    phones: new Phones(simulation, providerOf),
    providers,
    prosaUrl,
    setBehaviour: (changed: Behaviour) => {
      behaviour = changed
      world.changed()
    },
  }

  server.on('request', (request, response) => {
    respond(api, request, response).catch((error: unknown) => {
      console.error(error)
      if (!response.headersSent) json(response, 500, { error: 'The simulator has a bug; its output says which.' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(of.port, '127.0.0.1', resolve)
  })
  for (const provider of providers) provider.resume()
  webhooks.resume()

  return {
    url: origin(),
    close: async () => {
      webhooks.stop()
      world.save()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function respond(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const method = request.method ?? 'GET'
  if (!fromHere(request)) return json(response, 403, { error: 'This address answers to this machine alone.' })
  if (method === 'GET' && url.pathname === '/healthz') return json(response, 200, { ok: true })
  if (method === 'GET' && url.pathname === '/api/events') return events(api, response)
  if (method === 'GET' && PAGE[url.pathname]) return page(response, url.pathname)

  const shown = method === 'GET' ? /^\/files\/(\d{1,20})$/.exec(url.pathname)?.[1] : undefined
  if (shown !== undefined) return showFile(api, response, shown)

  const body = await bodyOf(request)
  if (body === null) return json(response, 413, { error: 'That is too long.' })
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const call: Call = { method, path: url.pathname, query: url.searchParams, headers, body }
  if (url.pathname.startsWith('/api/')) {
    const answer = await answerApi(api, { ...call, bytes: body, body: parsed(body) })
    return json(response, answer.status, answer.body)
  }
  await sleep(api.simulation.behaviour().latencyMs)
  put(response, await provided(api, call))
}

/** To an id that nobody has, and to whatever else is asked of it. */
const NOTHING_THERE: Answer = {
  status: 400,
  body: {
    error: {
      message:
        'Unsupported request. Object with this ID does not exist, or cannot be loaded due to missing permissions.',
      type: 'GraphMethodException',
      code: 100,
      error_subcode: 33,
    },
  },
}

/** What a provider answers, written down. */
async function provided({ providers, simulation }: Api, call: Call): Promise<Answer> {
  const began = performance.now()
  let answer = answerCdn(simulation, call)
  for (const provider of providers) answer ??= await provider.answer(call)
  answer ??= NOTHING_THERE
  const outcome = typeof answer === 'string' ? answer : answer.status
  const ms = Math.round(performance.now() - began)
  simulation.ledger.call({ at: Date.now(), method: call.method, path: withoutToken(call.path), answer: outcome, ms })
  return answer
}

/** Telegram's stands in the path. */
const withoutToken = (path: string) => path.replace(/\/bot[^/]+\//, '/bot…/')

/** For the page: whatever stands on a phone. */
function showFile({ simulation: { world, files } }: Api, response: ServerResponse, id: string): void {
  const file = world.fileOf(id)
  const bytes = file && files.bytes(file)
  if (!file || !bytes) {
    json(response, 404, { error: 'It is not kept any more.' })
    return
  }
  response.writeHead(200, {
    'content-type': file.mimeType,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
  response.end(bytes)
}

/** A web page elsewhere must not play with the phones, whatever name it gives to this address. */
function fromHere({ headers }: IncomingMessage): boolean {
  const local = /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/
  const origin = headers.origin === undefined || headers.origin === `http://${headers.host}`
  return local.test(headers.host ?? '') && origin
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= LONGEST_BODY) chunks.push(chunk)
  }
  return length > LONGEST_BODY ? null : Buffer.concat(chunks)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function put(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (typeof answer.body === 'string' || Buffer.isBuffer(answer.body)) {
    response.writeHead(answer.status, answer.headers).end(answer.body)
  } else {
    json(response, answer.status, answer.body, answer.headers)
  }
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

/** Tells the page, and tells it again, that something is new; it asks for what. */
function events({ simulation: { world } }: Api, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.write('retry: 500\n\ndata: changed\n\n')
  let gathering: NodeJS.Timeout | undefined
  const unwatch = world.watch(() => {
    gathering ??= setTimeout(() => {
      gathering = undefined
      response.write('data: changed\n\n')
    }, GATHER_MS)
  })
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS)
  response.on('close', () => {
    unwatch()
    clearInterval(heartbeat)
    clearTimeout(gathering)
  })
}

const PAGE: Record<string, readonly [file: string, type: string]> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/call.js': ['call.js', 'text/javascript; charset=utf-8'],
  '/phone.js': ['phone.js', 'text/javascript; charset=utf-8'],
  '/bubble.js': ['bubble.js', 'text/javascript; charset=utf-8'],
  '/attach.js': ['attach.js', 'text/javascript; charset=utf-8'],
  '/message-menu.js': ['message-menu.js', 'text/javascript; charset=utf-8'],
  '/settings.js': ['settings.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
}

function page(response: ServerResponse, path: string): void {
  const [file, type] = PAGE[path] ?? ['index.html', 'text/html']
  response.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-cache',
    'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  })
  response.end(readFileSync(new URL(`./page/${file}`, import.meta.url)))
}
