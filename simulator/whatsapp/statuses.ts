/** What becomes of a message on its way to a phone, and what Prosa is told of it. */
import { written } from '../meta/bodies.ts'
import type { Simulation } from '../provider.ts'
import type { Chat, Customer, Inbox, Message } from '../state.ts'
import { type Person, personOf, type Status, statusPayload } from './payloads.ts'

export class Statuses {
  readonly #of: Simulation

  constructor(simulation: Simulation) {
    this.#of = simulation
  }

  /** The message was taken: it goes on its way. */
  accepted(inbox: Inbox, customer: Customer, message: Message): void {
    const { statusDelayMs, statuses } = this.#of.behaviour()
    setTimeout(() => {
      if (message.state !== 'accepted') return
      const backwards = statuses === 'reversed' && customer.online
      const sentAt = Date.now()
      this.#to(message, 'sent')
      if (!backwards) this.#tell(inbox, this.#person(customer), statusOf(message, 'sent', sentAt))
      setTimeout(() => {
        if (customer.online) this.#delivered(inbox, customer, message)
        if (backwards) this.#tell(inbox, this.#person(customer), statusOf(message, 'sent', sentAt))
      }, statusDelayMs).unref()
    }, statusDelayMs).unref()
  }

  /** A reaction of the business's: no more than that is told of it. */
  reacted(inbox: Inbox, customer: Customer, reaction: Message): void {
    setTimeout(() => {
      this.#tell(inbox, this.#person(customer), statusOf(reaction, 'sent', Date.now()))
    }, this.#of.behaviour().statusDelayMs).unref()
  }

  /** Nobody will get it. */
  failed(inbox: Inbox, person: Person, message: Message, errorCode: number): void {
    setTimeout(() => {
      this.#to(message, 'failed')
      message.errorCode = errorCode
      this.#tell(inbox, person, { ...statusOf(message, 'failed', Date.now()), errorCode })
    }, this.#of.behaviour().statusDelayMs).unref()
  }

  /** What a timer that died with the process left on its way. */
  resume(inbox: Inbox, customer: Customer, chat: Chat): void {
    for (const message of chat.messages) {
      if (message.from === 'business' && message.state === 'accepted') this.accepted(inbox, customer, message)
    }
    if (customer.online) this.arrived(inbox, customer, chat)
  }

  /** The phone is on: what waited arrives. */
  arrived(inbox: Inbox, customer: Customer, chat: Chat): void {
    for (const message of chat.messages) {
      if (message.from === 'business' && message.state === 'sent') this.#delivered(inbox, customer, message)
    }
  }

  /** Somebody looks at the phone: what stands there is read. */
  read(inbox: Inbox, customer: Customer, chat: Chat): void {
    for (const message of chat.messages) {
      if (message.from !== 'business' || message.state !== 'delivered') continue
      this.#to(message, 'read')
      if (customer.readReceipts) this.#tell(inbox, this.#person(customer), statusOf(message, 'read', Date.now()))
    }
  }

  #delivered(inbox: Inbox, customer: Customer, message: Message): void {
    if (message.state !== 'sent') return
    this.#to(message, 'delivered')
    this.#tell(inbox, this.#person(customer), statusOf(message, 'delivered', Date.now()))
  }

  #person(customer: Customer): Person {
    return personOf(customer, this.#of.behaviour().dropNinthDigit)
  }

  #to(message: Message, state: Message['state']): void {
    message.state = state
    this.#of.world.changed()
  }

  #tell(inbox: Inbox, person: Person, status: Status): void {
    const { statuses } = this.#of.behaviour()
    if (statuses === 'dropped') return
    const body = written(statusPayload(inbox, person, status))
    for (let copy = 0; copy < (statuses === 'duplicated' ? 2 : 1); copy++) {
      void this.#of.webhooks.deliver(inbox, `status ${status.name}`, body)
    }
  }
}

export const statusOf = (message: Message, name: Status['name'], at: number): Status => ({
  messageId: message.id,
  name,
  at,
  callbackData: message.callbackData,
  errorCode: null,
})
