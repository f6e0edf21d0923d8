/** What a customer does with a phone, and what is done without Prosa on the business's side. */
import type { Elsewhere, Provider, Said, Saying, Simulation, Told } from './provider.ts'
import { Refusal } from './refusal.ts'
import { type Customer, type Inbox, type Message, newMessage } from './state.ts'

const A_PHOTO: Saying = { kind: 'image', text: null, file: null, forwarded: null }
const A_DAY_MS = 24 * 3_600_000

export class Phones {
  readonly #of: Simulation
  readonly #providerOf: (channel: string) => Provider | undefined

  constructor(simulation: Simulation, providerOf: (channel: string) => Provider | undefined) {
    this.#of = simulation
    this.#providerOf = providerOf
  }

  /** Says something to the business; who writes has read what stands there. */
  write(customer: Customer, inbox: Inbox, saying: Saying, replyTo: string | null): Message {
    const provider = this.provider(inbox)
    offered(provider.menus.says, saying.kind)
    return this.#say(customer, inbox, provider.say(inbox, customer, saying), replyTo)
  }

  /** Presses a button of the business's message, or chooses a row of its list. */
  press(customer: Customer, inbox: Inbox, messageId: string, buttonId: string): Message {
    const { message } = this.#found(customer, inbox, messageId)
    const button = message.buttons.find(({ id, kind }) => id === buttonId && kind !== 'url')
    if (!button) throw new Refusal(404, `There is no button ${buttonId}.`)
    return this.#say(customer, inbox, this.provider(inbox).press(message, button), messageId)
  }

  /** Null takes the reaction back. */
  react(customer: Customer, inbox: Inbox, messageId: string, emoji: string | null): void {
    const { message } = this.#found(customer, inbox, messageId)
    message.reactions.customer = emoji
    this.#of.world.changed()
    this.#tell(inbox, this.provider(inbox).reacted(inbox, customer, message))
  }

  edit(customer: Customer, inbox: Inbox, messageId: string, text: string): void {
    const { message } = this.#found(customer, inbox, messageId)
    const provider = this.provider(inbox)
    if (!provider.may.edit || message.from !== 'customer' || message.deleted)
      throw new Refusal(409, 'That cannot be edited.')
    message.text = text
    message.edits += 1
    this.#of.world.changed()
    this.#tell(inbox, provider.edited(inbox, customer, message))
  }

  unsend(customer: Customer, inbox: Inbox, messageId: string): void {
    const { message } = this.#found(customer, inbox, messageId)
    const provider = this.provider(inbox)
    if (!provider.may.unsend || message.from !== 'customer' || message.deleted)
      throw new Refusal(409, 'That cannot be deleted.')
    takeBack(message)
    this.#of.world.changed()
    this.#tell(inbox, provider.unsent(inbox, customer, message))
  }

  /** Listens to a voice note of the business's. */
  play(customer: Customer, inbox: Inbox, messageId: string): void {
    const { message } = this.#found(customer, inbox, messageId)
    this.#tell(inbox, this.provider(inbox).played(inbox, customer, message))
  }

  /** What is no message: a call, a new number, a followed link. */
  act(customer: Customer, inbox: Inbox, act: string): void {
    const provider = this.provider(inbox)
    offered(provider.menus.does, act)
    this.#tell(inbox, ...provider.does(inbox, customer, act))
    this.#of.world.changed()
  }

  /** Somebody at the business does it without Prosa. */
  elsewhere(customer: Customer, inbox: Inbox, of: Omit<Elsewhere, 'target'> & { target: string | null }): void {
    const provider = this.provider(inbox)
    offered(provider.menus.elsewhere, of.kind)
    const target = of.target === null ? null : this.#found(customer, inbox, of.target).message
    this.#tell(inbox, ...provider.elsewhere(inbox, customer, { ...of, target }))
    this.#of.world.changed()
  }

  /** The provider's own news of the account. */
  news(inbox: Inbox, customer: Customer | null, what: string): void {
    const provider = this.provider(inbox)
    offered(provider.menus.news, what)
    this.#tell(inbox, ...provider.news(inbox, customer, what))
    this.#of.world.changed()
  }

  look(customer: Customer, inbox: Inbox): void {
    if (customer.online) this.provider(inbox).seen(inbox, customer)
  }

  change(customer: Customer, to: Partial<Pick<Customer, 'online' | 'readReceipts' | 'name'>>): void {
    Object.assign(customer, to)
    this.#of.world.changed()
    if (!customer.online) return
    for (const chat of this.#of.world.chatsOf(customer.id)) {
      const inbox = this.#of.world.inbox(chat.inboxKey)
      if (inbox) this.#providerOf(inbox.channel)?.arrived(inbox, customer)
    }
  }

  /** As if the customer had last written just now, or so many hours ago. */
  setWindow(customer: Customer, inbox: Inbox, open: boolean, hoursAgo: number | null): void {
    const ago = hoursAgo === null ? A_DAY_MS + 1 : hoursAgo * 3_600_000
    this.#of.world.chat(customer.id, inbox.key).lastWroteAt = open ? Date.now() : Date.now() - ago
    this.#of.world.changed()
  }

  /** What was said before Prosa was there: nobody is told of it. Each side speaks in turn, an hour apart. */
  remember(customer: Customer, inbox: Inbox, count: number, endedHoursAgo: number): Message[] {
    const provider = this.provider(inbox)
    const chat = this.#of.world.chat(customer.id, inbox.key)
    const said = Array.from({ length: count }, (_, index) => {
      const mine = index % 2 === 0
      return newMessage({
        id: provider.newMessageId(customer),
        from: mine ? 'customer' : 'business',
        state: 'read',
        ...(index === 2 ? provider.say(inbox, customer, A_PHOTO) : {}),
        text: `${mine ? 'Pergunta' : 'Resposta'} antiga ${Math.floor(index / 2) + 1}`,
        at: Date.now() - (endedHoursAgo + count - index) * 3_600_000,
      })
    })
    chat.messages.unshift(...said)
    this.#of.world.changed()
    return said
  }

  provider(inbox: Inbox): Provider {
    const provider = this.#providerOf(inbox.channel)
    if (!provider) throw new Refusal(404, `The simulator does not play ${inbox.channel} yet.`)
    return provider
  }

  #say(customer: Customer, inbox: Inbox, said: Said, replyTo: string | null): Message {
    const provider = this.provider(inbox)
    const chat = this.#of.world.chat(customer.id, inbox.key)
    const message = newMessage({
      id: provider.newMessageId(customer),
      from: 'customer',
      state: 'sending',
      replyTo,
      ...said,
    })
    chat.lastWroteAt = message.at
    this.#of.world.addMessage(chat, message)
    provider.seen(inbox, customer)
    for (const { about, body } of [provider.written(inbox, customer, message) ?? []].flat())
      void this.#of.webhooks.deliver(inbox, about, body, message.id)
    return message
  }

  #tell(inbox: Inbox, ...told: (Told | null)[]): void {
    for (const one of told) if (one) void this.#of.webhooks.deliver(inbox, one.about, one.body)
  }

  #found(customer: Customer, inbox: Inbox, messageId: string) {
    const found = this.#of.world.find(inbox.key, messageId)
    if (found?.chat.customerId !== customer.id) throw new Refusal(404, `There is no message ${messageId}.`)
    return found
  }
}

/** What was said is gone; that something was, stays. */
export function takeBack(message: Message): void {
  Object.assign(message, { deleted: true, text: '', files: [], lines: [], buttons: [], footer: null })
}

function offered(menu: Record<string, string>, name: string): void {
  if (!Object.hasOwn(menu, name))
    throw new Refusal(422, `This channel knows ${Object.keys(menu).join(', ') || 'none'}.`)
}
