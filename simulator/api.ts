/** The simulator's own HTTP API, for its page and for tests. README.md describes it. */
import { readdirSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { Behaviour, Fault, USUAL } from './behaviour.ts'
import type { Phones } from './phones.ts'
import type { Provider, Simulation } from './provider.ts'
import { type Customer, type Inbox, inboxesOf, inboxNamed } from './world.ts'

export interface Api {
  simulation: Simulation
  phones: Phones
  providers: readonly Provider[]
  prosaUrl: string
  setBehaviour(behaviour: Behaviour): void
}

interface ApiRequest {
  method: string
  path: string
  query: URLSearchParams
  /** Parsed; undefined: there is none. */
  body: unknown
}

interface ApiAnswer {
  status: number
  body: unknown
}

/** Said to whoever called; everything else that is thrown is a bug. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type Handler = (api: Api, request: ApiRequest, argument: string) => unknown

/** `:` stands for one segment, the handler's argument. */
const ROUTES: Record<string, Handler> = {
  'GET /api/state': (api) => state(api),
  'GET /api/ledger': ({ simulation: { ledger } }) => ({ sends: ledger.sends, deliveries: ledger.deliveries }),
  'DELETE /api/ledger': ({ simulation: { ledger } }) => ledger.clear(),
  'GET /api/behaviour': ({ simulation }) => simulation.behaviour(),
  'PATCH /api/behaviour': changeBehaviour,
  'POST /api/faults': addFault,
  'DELETE /api/faults': ({ simulation }) => clearFaults(simulation),
  'POST /api/customers': addCustomer,
  'PATCH /api/customers/:': changeCustomer,
  'DELETE /api/customers/:': removeCustomer,
  'POST /api/customers/:/messages': writeMessage,
  'POST /api/customers/:/view': (api, { body }, id) => api.phones.look(customer(api, id), inboxIn(body)),
  'POST /api/customers/:/window': setWindow,
  'GET /api/fixtures': (api) => fixturesOf(api),
  'POST /api/fixtures/:': replay,
  'POST /api/webhooks': postWebhook,
  'POST /api/reset': reset,
}

export async function answerApi(api: Api, request: ApiRequest): Promise<ApiAnswer> {
  const [, root = '', collection = '', argument = '', ...rest] = request.path.split('/')
  const pattern = argument === '' ? request.path : ['', root, collection, ':', ...rest].join('/')
  const name = `${request.method} ${pattern}`
  const handler = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined
  if (!handler) return { status: 404, body: { error: 'There is nothing at this address.' } }
  try {
    const body = await handler(api, request, decodeURIComponent(argument))
    return body === undefined
      ? { status: 204, body: undefined }
      : { status: request.method === 'POST' ? 201 : 200, body }
  } catch (thrown) {
    if (thrown instanceof z.ZodError) return { status: 422, body: { error: z.prettifyError(thrown) } }
    if (thrown instanceof Refusal) return { status: thrown.status, body: { error: thrown.message } }
    throw thrown
  }
}

function state({ simulation, providers, prosaUrl }: Api) {
  const { world, faults, ledger } = simulation
  const now = Date.now()
  const lastDelivery = ledger.deliveries.at(-1)
  return {
    prosa: { url: prosaUrl, waiting: world.pending.length, reached: lastDelivery ? lastDelivery.status === 200 : null },
    inboxes: providers.flatMap(({ channel }) => inboxes(channel)),
    customers: world.customers.map((one) => ({
      ...one,
      chats: world.chatsOf(one.id).map((chat) => ({
        inboxKey: chat.inboxKey,
        lastWroteAt: chat.lastWroteAt,
        typing: chat.typingUntil > now,
        messages: chat.messages,
      })),
    })),
    behaviour: simulation.behaviour(),
    faults: faults.ahead,
  }
}

const inboxes = (channel: string) =>
  inboxesOf(channel).map(({ key, name, address, workspace }) => ({ key, name, address, workspace, channel }))

function changeBehaviour({ simulation, setBehaviour }: Api, { body }: ApiRequest) {
  setBehaviour({ ...simulation.behaviour(), ...Behaviour.partial().parse(body) } as Behaviour)
  return simulation.behaviour()
}

function addFault({ simulation: { faults, world } }: Api, { body }: ApiRequest) {
  const fault = Fault.parse(body)
  if (fault.kind === 'code' && fault.code === undefined)
    throw new Refusal(422, 'A fault of kind "code" needs its code.')
  faults.add(fault)
  world.changed()
  return { ahead: faults.ahead }
}

function clearFaults({ faults, world }: Simulation) {
  faults.clear()
  world.changed()
}

const NewCustomer = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** However it is written, with its country code. */
  number: z
    .string()
    .transform((text) => text.replace(/\D/g, ''))
    .pipe(z.string().regex(/^\d{8,15}$/)),
  hidesNumber: z.boolean().default(false),
})

function addCustomer({ simulation: { world } }: Api, { body }: ApiRequest): Customer {
  const { name, number, hidesNumber } = NewCustomer.parse(body)
  const id = `n${number}`
  const known = world.customers.find((one) => one.id === id || one.number === `+${number}`)
  if (!known) return world.addCustomer({ id, name, number: `+${number}`, hidesNumber, origin: 'added' })
  if (known.origin !== 'met') throw new Refusal(409, `${known.name} already has this number.`)
  Object.assign(known, { name, hidesNumber, origin: 'added' }) // Prosa wrote first; now somebody says who it is
  world.changed()
  return known
}

const CustomerChange = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  online: z.boolean().optional(),
  readReceipts: z.boolean().optional(),
})

function changeCustomer(api: Api, { body }: ApiRequest, id: string): Customer {
  const one = customer(api, id)
  const change = Object.entries(CustomerChange.parse(body)).filter(([, value]) => value !== undefined)
  api.phones.change(one, Object.fromEntries(change))
  return one
}

function removeCustomer(api: Api, _: ApiRequest, id: string) {
  if (customer(api, id).origin === 'cast') throw new Refusal(409, 'The first three stay.')
  api.simulation.world.removeCustomer(id)
}

const NewMessage = z.strictObject({
  inbox: z.string(),
  text: z.string().min(1).max(65_536),
  replyTo: z.string().nullable().default(null),
})

function writeMessage(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, text, replyTo } = NewMessage.parse(body)
  return api.phones.write(customer(api, id), inboxCalled(inbox), text, replyTo)
}

const Window = z.strictObject({ inbox: z.string(), open: z.boolean() })

function setWindow(api: Api, { body }: ApiRequest, id: string) {
  const { inbox, open } = Window.parse(body)
  api.phones.setWindow(customer(api, id), inboxCalled(inbox), open)
}

/** By channel. A channel without a folder has none. */
function fixturesOf({ providers }: Api): Record<string, string[]> {
  return Object.fromEntries(providers.map((provider) => [provider.channel, namesIn(provider.fixtures)]))
}

function namesIn(folder: URL): string[] {
  try {
    const names = readdirSync(folder).flatMap((file) =>
      file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : [],
    )
    return names.filter((name) => name !== 'expect' && !name.startsWith('api_')).sort()
  } catch {
    return []
  }
}

/** `fresh`: as if it happened now, under ids that nobody has seen; else to the letter. */
const Replay = z.strictObject({ inbox: z.string(), fresh: z.boolean().default(true) })

async function replay({ providers, simulation }: Api, { body }: ApiRequest, name: string) {
  const { inbox: key, fresh } = Replay.parse(body)
  const inbox = inboxCalled(key)
  const provider = providers.find(({ channel }) => channel === inbox.channel)
  if (!provider || !namesIn(provider.fixtures).includes(name)) throw new Refusal(404, `There is no payload ${name}.`)
  const payload: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, provider.fixtures), 'utf8'))
  const text = provider.body(fresh ? provider.renewed(payload, inbox) : payload)
  return { status: await simulation.webhooks.post(inbox, `payload ${name}`, text, provider.signed(text)) }
}

/** A body as nobody should send it. A string goes out as it is. */
const RawWebhook = z.strictObject({
  inbox: z.string(),
  body: z.unknown(),
  signature: z.enum(['good', 'wrong', 'none']).default('good'),
})

async function postWebhook({ providers, simulation }: Api, { body }: ApiRequest) {
  const raw = RawWebhook.parse(body)
  const inbox = inboxCalled(raw.inbox)
  const provider = providers.find(({ channel }) => channel === inbox.channel)
  if (!provider) throw new Refusal(404, `The simulator does not play ${inbox.channel} yet.`)
  const text = typeof raw.body === 'string' ? raw.body : provider.body(raw.body)
  const headers = { good: provider.signed(text), wrong: provider.signed(`${text} `), none: {} }[raw.signature]
  return { status: await simulation.webhooks.post(inbox, 'raw', text, headers) }
}

function reset({ simulation, setBehaviour }: Api) {
  simulation.faults.clear()
  simulation.ledger.clear()
  setBehaviour(USUAL)
  simulation.world.reset()
}

function customer({ simulation: { world } }: Api, id: string): Customer {
  const found = world.customer(id)
  if (!found) throw new Refusal(404, `There is no customer ${id}.`)
  return found
}

function inboxCalled(key: string): Inbox {
  const inbox = inboxNamed(key)
  if (!inbox) throw new Refusal(404, `There is no inbox ${key}.`)
  return inbox
}

const inboxIn = (body: unknown): Inbox => inboxCalled(z.object({ inbox: z.string() }).parse(body).inbox)
