/** The simulator's own HTTP API, for its page and for tests. README.md describes it. */
import * as z from 'zod'
import { accountRoutes } from './api-accounts.ts'
import { phoneRoutes } from './api-phones.ts'
import type { Api, ApiRequest, Handler } from './api-request.ts'
import { Behaviour, Fault, USUAL } from './behaviour.ts'
import type { Simulation } from './provider.ts'
import { Refusal } from './refusal.ts'

interface ApiAnswer {
  status: number
  body: unknown
}

/** `:` stands for one segment, the handler's argument. */
const ROUTES: Record<string, Handler> = {
  'GET /api/state': (api) => state(api),
  'GET /api/menus': ({ providers }) =>
    Object.fromEntries(providers.map(({ channel, menus, may }) => [channel, { ...menus, may }])),
  'GET /api/ledger': ({ simulation: { ledger } }) => ({
    sends: ledger.sends,
    deliveries: ledger.deliveries,
    calls: ledger.calls,
  }),
  'DELETE /api/ledger': ({ simulation: { ledger } }) => ledger.clear(),
  'GET /api/behaviour': ({ simulation }) => simulation.behaviour(),
  'PATCH /api/behaviour': changeBehaviour,
  'POST /api/faults': addFault,
  'DELETE /api/faults': ({ simulation }) => clearFaults(simulation),
  'POST /api/reset': reset,
  ...phoneRoutes,
  ...accountRoutes,
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
  const played = new Set(providers.map(({ channel }) => channel))
  return {
    prosa: { url: prosaUrl, waiting: world.pending.length, reached: lastDelivery ? lastDelivery.status === 200 : null },
    inboxes: world.inboxes
      .filter(({ channel }) => played.has(channel))
      .map((inbox) => ({ ...inbox, subscribed: world.account(inbox.accountId).subscribed })),
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

function reset({ simulation, setBehaviour }: Api) {
  simulation.faults.clear()
  simulation.ledger.clear()
  setBehaviour(USUAL)
  simulation.world.reset()
}
