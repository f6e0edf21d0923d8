/** Customers, their phones and what stands on them. It outlives a restart in one file. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DEMO_INBOXES } from '../scripts/demo.ts'
import {
  type Account,
  type Chat,
  type Customer,
  type File,
  type Inbox,
  type Instance,
  type Message,
  type Pending,
  State,
} from './state.ts'

const CAST: readonly Pick<Customer, 'id' | 'name' | 'number'>[] = [
  { id: 'mariana', name: 'Mariana Costa', number: '+5511999990001' },
  { id: 'joao', name: 'João Pedro Souza', number: '+5531988880002' },
  { id: 'luzia', name: 'Luzia Ferreira', number: '+5585997770003' },
]

const NEW_ACCOUNT = {
  subscribed: true,
  callback: null,
  fields: null,
  secret: null,
  groupMoved: false,
  ownerLeft: false,
}

const KEPT_MESSAGES = 300
const KEPT_FILES = 2_000
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

  /** The demo's, and those that were added. */
  get inboxes(): readonly Inbox[] {
    return [...DEMO_INBOXES, ...this.#state.inboxes]
  }

  inboxesOf(channel: string): Inbox[] {
    return this.inboxes.filter((inbox) => inbox.channel === channel)
  }

  inbox(key: string): Inbox | undefined {
    return this.inboxes.find((inbox) => inbox.key === key)
  }

  addInbox(inbox: Inbox): void {
    this.#state.inboxes.push(inbox)
    this.changed()
  }

  get instances(): Instance[] {
    return this.#state.instances
  }

  addInstance(instance: Instance): void {
    this.#state.instances.push(instance)
    this.changed()
  }

  /** With the inbox that was made for it; the demo's stays. */
  removeInstance(name: string): void {
    this.#state.instances = this.#state.instances.filter((one) => one.name !== name)
    this.#state.inboxes = this.#state.inboxes.filter((one) => one.channel !== 'evolution' || one.accountId !== name)
    this.changed()
  }

  /** How the provider keeps that account. */
  account(accountId: string): Account {
    const known = this.#state.accounts.find((account) => account.accountId === accountId)
    if (known) return known
    const account: Account = { ...NEW_ACCOUNT, accountId }
    this.#state.accounts.push(account)
    return account
  }

  customer(id: string): Customer | undefined {
    return this.#state.customers.find((customer) => customer.id === id)
  }

  addCustomer(customer: Pick<Customer, 'id' | 'name' | 'number' | 'origin'> & Partial<Customer>): Customer {
    const added: Customer = {
      online: true,
      readReceipts: true,
      hidesNumber: false,
      renamed: 0,
      scopedIds: {},
      ...customer,
    }
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

  chatsWith(inboxKey: string): Chat[] {
    return this.#state.chats.filter((chat) => chat.inboxKey === inboxKey)
  }

  chat(customerId: string, inboxKey: string): Chat {
    const known = this.#state.chats.find((chat) => chat.customerId === customerId && chat.inboxKey === inboxKey)
    if (known) return known
    const chat: Chat = { customerId, inboxKey, messages: [], lastWroteAt: null, typingUntil: 0, blocked: false }
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

  addFile(file: File): void {
    this.#state.files.push(file)
    if (this.#state.files.length > KEPT_FILES) this.#state.files.shift()
    this.changed()
  }

  fileOf(id: string): File | undefined {
    return this.#state.files.find((file) => file.id === id)
  }

  removeFile(id: string): void {
    this.#state.files = this.#state.files.filter((file) => file.id !== id)
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
  const customers = CAST.map((person) => ({
    ...person,
    online: true,
    readReceipts: true,
    hidesNumber: false,
    origin: 'cast',
  }))
  return State.parse({ customers, chats: [], pending: [] })
}

function read(file: string | null): State | null {
  if (file === null) return null
  try {
    return State.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null // absent, or of an older version: the phones begin anew
  }
}
