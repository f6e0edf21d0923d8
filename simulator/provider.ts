/** What each channel's folder brings: the provider's own API, and the webhooks that it sends. */
import type { Behaviour, Faults } from './behaviour.ts'
import type { Ledger } from './ledger.ts'
import type { Webhooks } from './webhooks.ts'
import type { Customer, Inbox, Message, World } from './world.ts'

/** What all providers share. */
export interface Simulation {
  world: World
  webhooks: Webhooks
  ledger: Ledger
  faults: Faults
  behaviour(): Behaviour
}

/** A call of Prosa's to the provider. */
export interface Call {
  method: string
  /** Without the query, with a leading slash. */
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: string
}

/** `reset`: the connection is cut without a word. `hang`: it stays open, and nothing comes. */
export type Answer = { status: number; headers?: Record<string, string>; body: unknown } | 'reset' | 'hang'

export interface Provider {
  readonly channel: string
  /** The folder of the payloads that can be replayed. */
  readonly fixtures: URL
  /** Null: this call is for another provider. */
  answer(call: Call): Promise<Answer | null>
  newMessageId(customer: Customer): string
  /** The customer's words, as the provider tells Prosa of them. */
  written(inbox: Inbox, customer: Customer, message: Message): string
  /** The customer's phone is on again: what waited for it arrives. */
  arrived(inbox: Inbox, customer: Customer): void
  /** The customer looks at the chat with this inbox. */
  seen(inbox: Inbox, customer: Customer): void
  /** A known payload as if it happened now, in this inbox. */
  renewed(payload: unknown, inbox: Inbox): unknown
  /** How the provider writes its JSON down. */
  body(payload: unknown): string
  /** What proves that the body is the provider's. */
  signed(body: string): Record<string, string>
  /** Takes up what a restart interrupted. */
  resume(): void
}
