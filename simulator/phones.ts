/** What a customer does with a phone. */
import type { Provider, Simulation } from './provider.ts'
import { type Customer, type Inbox, inboxNamed, type Message } from './world.ts'

const A_DAY_MS = 24 * 3_600_000

export class Phones {
  readonly #of: Simulation
  readonly #providerOf: (channel: string) => Provider | undefined

  constructor(simulation: Simulation, providerOf: (channel: string) => Provider | undefined) {
    this.#of = simulation
    this.#providerOf = providerOf
  }

  /** Writes to the business; who writes has read what stands there. */
  write(customer: Customer, inbox: Inbox, text: string, replyTo: string | null): Message {
    const provider = this.#provider(inbox)
    const chat = this.#of.world.chat(customer.id, inbox.key)
    const message: Message = {
      id: provider.newMessageId(customer),
      from: 'customer',
      text,
      replyTo,
      at: Date.now(),
      state: 'sending',
      callbackData: null,
      errorCode: null,
    }
    chat.lastWroteAt = message.at
    this.#of.world.addMessage(chat, message)
    provider.seen(inbox, customer)
    void this.#of.webhooks.deliver(inbox, 'message', provider.written(inbox, customer, message), message.id)
    return message
  }

  look(customer: Customer, inbox: Inbox): void {
    if (customer.online) this.#provider(inbox).seen(inbox, customer)
  }

  change(customer: Customer, to: Partial<Pick<Customer, 'online' | 'readReceipts' | 'name'>>): void {
    Object.assign(customer, to)
    this.#of.world.changed()
    if (!customer.online) return
    for (const chat of this.#of.world.chatsOf(customer.id)) {
      const inbox = inboxNamed(chat.inboxKey)
      if (inbox) this.#provider(inbox).arrived(inbox, customer)
    }
  }

  /** As if the customer had last written just now, or more than a day ago. */
  setWindow(customer: Customer, inbox: Inbox, open: boolean): void {
    this.#of.world.chat(customer.id, inbox.key).lastWroteAt = open ? Date.now() : Date.now() - A_DAY_MS - 1
    this.#of.world.changed()
  }

  #provider(inbox: Inbox): Provider {
    const provider = this.#providerOf(inbox.channel)
    if (!provider) throw new Error(`The simulator does not play ${inbox.channel} yet.`)
    return provider
  }
}
