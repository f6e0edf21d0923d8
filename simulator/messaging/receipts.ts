/** What becomes of a message on its way, and what is told of it: Messenger by time, Instagram by message. */
import type { Simulation, Told } from '../provider.ts'
import type { Chat, Customer, Inbox, Message } from '../state.ts'
import { rowOf } from './rows.ts'

export class Receipts {
  readonly #of: Simulation

  constructor(simulation: Simulation) {
    this.#of = simulation
  }

  accepted(inbox: Inbox, customer: Customer, message: Message): void {
    setTimeout(() => {
      if (message.state === 'accepted') message.state = 'sent'
      this.#of.world.changed()
      if (customer.online) this.arrived(inbox, customer, this.#of.world.chat(customer.id, inbox.key))
    }, this.#of.behaviour().statusDelayMs).unref()
  }

  resume(inbox: Inbox, customer: Customer, chat: Chat): void {
    for (const message of chat.messages) if (message.state === 'accepted') this.accepted(inbox, customer, message)
    if (customer.online) this.arrived(inbox, customer, chat)
  }

  /** The phone has them. Backwards, this is told after the customer had time to read. */
  arrived(inbox: Inbox, customer: Customer, chat: Chat): void {
    const arriving = chat.messages.filter(({ from, state }) => from === 'business' && state === 'sent')
    if (arriving.length === 0) return
    for (const message of arriving) message.state = 'delivered'
    this.#of.world.changed()
    if (inbox.channel !== 'messenger') return
    const delivery = { mids: arriving.map(({ id }) => id), watermark: Date.now() }
    const told = rowOf('delivery', inbox, customer, { delivery })
    const { statuses, statusDelayMs } = this.#of.behaviour()
    if (statuses === 'reversed') setTimeout(() => this.#tell(inbox, told), 4 * statusDelayMs + 1_000).unref()
    else this.#tell(inbox, told)
  }

  read(inbox: Inbox, customer: Customer, chat: Chat): void {
    const reading = chat.messages.filter(({ from, state }) => from === 'business' && state === 'delivered')
    const last = reading.at(-1)
    if (!last) return
    for (const message of reading) message.state = 'read'
    this.#of.world.changed()
    if (!customer.readReceipts) return
    const read = inbox.channel === 'messenger' ? { watermark: Date.now() } : { mid: last.id }
    this.#tell(inbox, rowOf('read', inbox, customer, { read }))
  }

  #tell(inbox: Inbox, { about, body }: Told): void {
    const { statuses } = this.#of.behaviour()
    if (statuses === 'dropped') return
    for (let copy = 0; copy < (statuses === 'duplicated' ? 2 : 1); copy++) {
      void this.#of.webhooks.deliver(inbox, about, body)
    }
  }
}
