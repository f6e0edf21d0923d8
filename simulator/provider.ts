/** What each channel's folder brings: the provider's own API, and the webhooks that it sends. */
import type { Behaviour, Faults } from './behaviour.ts'
import type { Files } from './files.ts'
import type { Ledger } from './ledger.ts'
import type { Customer, File, Inbox, Message } from './state.ts'
import type { Webhooks } from './webhooks.ts'
import type { World } from './world.ts'

/** What all providers share. */
export interface Simulation {
  world: World
  files: Files
  webhooks: Webhooks
  ledger: Ledger
  faults: Faults
  behaviour(): Behaviour
  /** Where the simulator listens. */
  origin(): string
}

/** A call of Prosa's to the provider. */
export interface Call {
  method: string
  /** Without the query, with a leading slash. */
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: Buffer
}

/** `reset`: the connection is cut without a word. `hang`: it stays open, and nothing comes. */
export type Answer = { status: number; headers?: Record<string, string>; body: unknown } | 'reset' | 'hang'

/** What can be done with one click, by the name that the API knows and the words on the page. */
export type Menu = Record<string, string>

/** What a customer wants to say. What is left out is the provider's to make up. */
export interface Saying {
  kind: string
  text: string | null
  /** Instead of the gallery's. */
  file: File | null
  forwarded: 'once' | 'often' | null
}

/** The part of a message that its kind decides. */
export type Said = Partial<Pick<Message, 'kind' | 'text' | 'files' | 'lines' | 'mark' | 'wire'>>

/** A webhook: what it is about, and its body. */
export interface Told {
  about: string
  body: string
}

/** What somebody on the business's side did without Prosa. */
export interface Elsewhere {
  kind: string
  text: string | null
  /** The message that is edited or taken back. */
  target: Message | null
}

export interface Provider {
  readonly channel: string
  /** The folder of the payloads that can be replayed. */
  readonly fixtures: URL
  /** What a customer says, and does; what happens at the business; and what the provider itself has to tell. */
  readonly menus: { says: Menu; does: Menu; elsewhere: Menu; news: Menu }
  /** What can be done to a message of the customer's own. */
  readonly may: { edit: boolean; unsend: boolean }
  /** Null: this call is for another provider. */
  answer(call: Call): Promise<Answer | null>
  newMessageId(customer: Customer): string
  say(inbox: Inbox, customer: Customer, saying: Saying): Said
  /** The customer's reply by a button of ours. */
  press(message: Message, button: Message['buttons'][number]): Said
  /** The customer's message, as the provider tells Prosa of it: in so many webhooks, or not now. */
  written(inbox: Inbox, customer: Customer, message: Message): Told | Told[] | null
  reacted(inbox: Inbox, customer: Customer, message: Message): Told | null
  /** Null: nobody is told. */
  edited(inbox: Inbox, customer: Customer, message: Message): Told | null
  unsent(inbox: Inbox, customer: Customer, message: Message): Told | null
  played(inbox: Inbox, customer: Customer, message: Message): Told | null
  does(inbox: Inbox, customer: Customer, act: string): Told[]
  elsewhere(inbox: Inbox, customer: Customer, of: Elsewhere): Told[]
  news(inbox: Inbox, customer: Customer | null, what: string): Told[]
  /** The customer's phone is on again: what waited for it arrives. */
  arrived(inbox: Inbox, customer: Customer): void
  /** The customer looks at the chat with this inbox. */
  seen(inbox: Inbox, customer: Customer): void
  /** A known payload as if it happened now, in this inbox. */
  renewed(payload: unknown, inbox: Inbox): unknown
  /** How the provider writes its JSON down. */
  body(payload: unknown): string
  /** What proves that the body is the provider's; and what only looks like it. */
  signed(body: string, inbox: Inbox): Record<string, string>
  forged(body: string, inbox: Inbox): Record<string, string>
  /** What of one lane arrives in its order: a webhook that is not taken keeps those behind it. */
  lane?(body: string): string
  /** Is it asked to tell this? */
  wants?(inbox: Inbox, about: string): boolean
  /** What nobody is told waits until somebody wants to know. */
  readonly keepsUntold?: boolean
  /** Takes up what a restart interrupted. */
  resume(): void
}
