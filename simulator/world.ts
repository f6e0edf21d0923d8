/** Customers, their phones and what stands on them. It outlives a restart in one file. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { DEMO_INBOXES } from '../scripts/demo.ts'

export type Inbox = (typeof DEMO_INBOXES)[number]

/** The accounts of one channel that customers can write to. */
export const inboxesOf = (channel: string): Inbox[] => DEMO_INBOXES.filter((inbox) => inbox.channel === channel)

export const inboxNamed = (key: string): Inbox | undefined => DEMO_INBOXES.find((inbox) => inbox.key === key)

const Customer = z.object({
  id: z.string(),
  name: z.string(),
  /** E.164, as people write it: in Brazil with the ninth digit. */
  number: z.string(),
  /** Has a phone that receives. */
  online: z.boolean(),
  /** Lets the business know what was read. */
  readReceipts: z.boolean(),
  /** Goes by a username: the business is told an id instead of the number. */
  hidesNumber: z.boolean(),
  /** `cast`: always there. `added`: by hand. `met`: Prosa wrote to this number first. */
  origin: z.enum(['cast', 'added', 'met']),
})
export type Customer = z.infer<typeof Customer>

const Message = z.object({
  /** The provider's id. */
  id: z.string(),
  from: z.enum(['customer', 'business']),
  text: z.string(),
  replyTo: z.string().nullable(),
  at: z.number(),
  /** A customer's: sending, delivered, read. The business's: accepted, sent, delivered, read, failed. */
  state: z.enum(['sending', 'accepted', 'sent', 'delivered', 'read', 'failed']),
  /** What the business wants to hear again with each status. */
  callbackData: z.string().nullable(),
  errorCode: z.number().nullable(),
})
export type Message = z.infer<typeof Message>

const Chat = z.object({
  customerId: z.string(),
  inboxKey: z.string(),
  messages: z.array(Message),
  /** When the customer last wrote; null: never. */
  lastWroteAt: z.number().nullable(),
  typingUntil: z.number(),
})
export type Chat = z.infer<typeof Chat>

const Pending = z.object({
  id: z.string(),
  inboxKey: z.string(),
  kind: z.string(),
  body: z.string(),
  at: z.number(),
  /** The customer's message that it tells of. */
  messageId: z.string().nullable(),
})
/** A webhook that Prosa has not taken yet. */
export type Pending = z.infer<typeof Pending>

const State = z.object({ customers: z.array(Customer), chats: z.array(Chat), pending: z.array(Pending) })
type State = z.infer<typeof State>

const CAST: readonly Pick<Customer, 'id' | 'name' | 'number'>[] = [
  { id: 'mariana', name: 'Mariana Costa', number: '+5511999990001' },
  { id: 'joao', name: 'João Pedro Souza', number: '+5531988880002' },
  { id: 'luzia', name: 'Luzia Ferreira', number: '+5585997770003' },
]

const KEPT_MESSAGES = 300
const SAVE_AFTER_MS = 300

export class World {
  readonly #file: string | null
  readonly #watchers = new Set<() => void>()
  #state: State
  #saving: NodeJS.Timeout | undefined

  /** Without a file nothing outlives the process. */
  constructor(file: string | null) {
    this.#file = file
    this.#state = read(file) ?? beginning()
  }

  get customers(): readonly Customer[] {
    return this.#state.customers
  }

  get pending(): readonly Pending[] {
    return this.#state.pending
  }

  customer(id: string): Customer | undefined {
    return this.#state.customers.find((customer) => customer.id === id)
  }

  addCustomer(customer: Pick<Customer, 'id' | 'name' | 'number' | 'origin'> & Partial<Customer>): Customer {
    const added: Customer = { online: true, readReceipts: true, hidesNumber: false, ...customer }
    this.#state.customers.push(added)
    this.changed()
    return added
  }

  removeCustomer(id: string): void {
    this.#state.customers = this.#state.customers.filter((customer) => customer.id !== id)
    this.#state.chats = this.#state.chats.filter((chat) => chat.customerId !== id)
    this.changed()
  }

  chatsOf(customerId: string): Chat[] {
    return this.#state.chats.filter((chat) => chat.customerId === customerId)
  }

  chat(customerId: string, inboxKey: string): Chat {
    const known = this.#state.chats.find((chat) => chat.customerId === customerId && chat.inboxKey === inboxKey)
    if (known) return known
    const chat: Chat = { customerId, inboxKey, messages: [], lastWroteAt: null, typingUntil: 0 }
    this.#state.chats.push(chat)
    return chat
  }

  /** Wherever it stands; of one inbox alone, as the provider sees it. */
  find(inboxKey: string, messageId: string): { chat: Chat; message: Message } | undefined {
    for (const chat of this.#state.chats) {
      const message = chat.inboxKey === inboxKey ? chat.messages.find(({ id }) => id === messageId) : undefined
      if (message) return { chat, message }
    }
    return undefined
  }

  addMessage(chat: Chat, message: Message): void {
    chat.messages.push(message)
    if (chat.messages.length > KEPT_MESSAGES) chat.messages.shift()
    this.changed()
  }

  addPending(webhook: Pending): void {
    this.#state.pending.push(webhook)
    this.changed()
  }

  dropPending({ id, inboxKey, messageId }: Pending, taken: boolean): void {
    this.#state.pending = this.#state.pending.filter((webhook) => webhook.id !== id)
    const message = taken && messageId !== null ? this.find(inboxKey, messageId)?.message : undefined
    if (message?.state === 'sending') message.state = 'delivered'
    this.changed()
  }

  /** Everybody back to the first day. */
  reset(): void {
    this.#state = beginning()
    this.changed()
  }

  /** Called after every change to what this holds: watchers look again, and the file is written soon. */
  changed(): void {
    for (const look of this.#watchers) look()
    this.#saving ??= setTimeout(() => this.save(), SAVE_AFTER_MS)
  }

  watch(look: () => void): () => void {
    this.#watchers.add(look)
    return () => this.#watchers.delete(look)
  }

  save(): void {
    clearTimeout(this.#saving)
    this.#saving = undefined
    if (this.#file === null) return
    mkdirSync(dirname(this.#file), { recursive: true })
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#state))
    renameSync(`${this.#file}.new`, this.#file) // a crash leaves the old file or the new one, never half of one
  }
}

function beginning(): State {
  const customers = CAST.map(
    (person): Customer => ({ ...person, online: true, readReceipts: true, hidesNumber: false, origin: 'cast' }),
  )
  return { customers, chats: [], pending: [] }
}

function read(file: string | null): State | null {
  if (file === null) return null
  try {
    return State.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null // absent, or of an older version: the phones begin anew
  }
}
