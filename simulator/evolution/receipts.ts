/** What becomes of a message on its way, told by its key: by the server, by the phone, by whoever reads it. */
import type { Simulation } from '../provider.ts'
import type { Chat, Customer, Inbox, Message } from '../state.ts'
import type { Instances } from './instances.ts'
import { keyOf } from './rows.ts'

type Status = 'SERVER_ACK' | 'DELIVERY_ACK' | 'READ' | 'PLAYED'

export class Receipts {
  readonly #of: Simulation
  readonly #instances: Instances

  constructor(simulation: Simulation, instances: Instances) {
    this.#of = simulation
    this.#instances = instances
  }

  accepted(inbox: Inbox, customer: Customer, message: Message): void {
    const { statusDelayMs, statuses } = this.#of.behaviour()
    setTimeout(() => {
      if (message.state !== 'accepted') return
      const backwards = statuses === 'reversed' && customer.online
      this.#to(message, 'sent')
      if (!backwards) this.#tell(inbox, customer, message, 'SERVER_ACK')
      setTimeout(() => {
        if (customer.online) this.#delivered(inbox, customer, message)
        if (backwards) this.#tell(inbox, customer, message, 'SERVER_ACK')
      }, statusDelayMs).unref()
    }, statusDelayMs).unref()
  }

  resume(inbox: Inbox, customer: Customer, chat: Chat): void {
    for (const message of chat.messages)
      if (message.from === 'business' && message.state === 'accepted') this.accepted(inbox, customer, message)
    if (customer.online) this.arrived(inbox, customer, chat)
  }

  arrived(inbox: Inbox, customer: Customer, chat: Chat): void {
    for (const message of chat.messages)
      if (message.from === 'business' && message.state === 'sent') this.#delivered(inbox, customer, message)
  }

  read(inbox: Inbox, customer: Customer, chat: Chat): void {
    for (const message of chat.messages) {
      if (message.from !== 'business' || message.state !== 'delivered') continue
      this.#to(message, 'read')
      if (customer.readReceipts) this.#tell(inbox, customer, message, 'READ')
    }
  }

  #delivered(inbox: Inbox, customer: Customer, message: Message): void {
    if (message.state !== 'sent') return
    this.#to(message, 'delivered')
    this.#tell(inbox, customer, message, 'DELIVERY_ACK')
  }

  #to(message: Message, state: Message['state']): void {
    message.state = state
    this.#of.world.changed()
  }

  #tell(inbox: Inbox, customer: Customer, message: Message, status: Status): void {
    const { statuses, dropNinthDigit } = this.#of.behaviour()
    if (statuses === 'dropped') return
    const { id: keyId, remoteJid } = keyOf(customer, message, dropNinthDigit)
    const data = { keyId, remoteJid, fromMe: true, status, instanceId: '0b8f3c1e', messageId: `cm${keyId.slice(4)}` }
    for (let copy = 0; copy < (statuses === 'duplicated' ? 2 : 1); copy++)
      this.#instances.tell(this.#instances.named(inbox.accountId), 'messages.update', data)
  }
}
