/** What a call of the simulator's own API is, and what it names. */
import type { Behaviour } from './behaviour.ts'
import type { Phones } from './phones.ts'
import type { Provider, Simulation } from './provider.ts'
import { Refusal } from './refusal.ts'
import type { Customer, Inbox } from './state.ts'

export interface Api {
  simulation: Simulation
  phones: Phones
  providers: readonly Provider[]
  prosaUrl: string
  setBehaviour(behaviour: Behaviour): void
}

export interface ApiRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  /** As it came. */
  bytes: Buffer
  /** Parsed; undefined: there is none. */
  body: unknown
}

export type Handler = (api: Api, request: ApiRequest, argument: string) => unknown

export function customerCalled({ simulation: { world } }: Api, id: string): Customer {
  const found = world.customer(id)
  if (!found) throw new Refusal(404, `There is no customer ${id}.`)
  return found
}

export function inboxCalled({ simulation: { world } }: Api, key: string): Inbox {
  const inbox = world.inbox(key)
  if (!inbox) throw new Refusal(404, `There is no inbox ${key}.`)
  return inbox
}
