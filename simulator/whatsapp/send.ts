/** `POST /{phone_number_id}/messages`: messages, reactions, and marks of reading. */
import * as z from 'zod'
import type { Fault } from '../behaviour.ts'
import { faulty } from '../meta/faulty.ts'
import type { Answer, Simulation } from '../provider.ts'
import { Rates } from '../rates.ts'
import { type Customer, type Inbox, type Message, newMessage } from '../state.ts'
import {
  asWritten,
  businessAccountOf,
  businessScopedId,
  canHaveWhatsApp,
  digitsOf,
  sameNumber,
  waIdOf,
} from './addresses.ts'
import { refusal } from './errors.ts'
import { newMessageId } from './ids.ts'
import { Refused, shaped } from './refused.ts'
import { readReaction, readSend, type Shown } from './sends.ts'
import type { Statuses } from './statuses.ts'
import type { Templates } from './templates.ts'

const WINDOW_MS = 24 * 3_600_000
const TYPING_MS = 25_000

const Read = z.object({
  status: z.literal('read'),
  message_id: z.string(),
  typing_indicator: z.object({ type: z.literal('text') }).optional(),
})

const Send = z.looseObject({
  messaging_product: z.literal('whatsapp'),
  to: z.string().min(1).optional(),
  recipient: z.string().min(1).optional(),
  context: z.object({ message_id: z.string() }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  type: z.string().default('text'),
})
type Send = z.infer<typeof Send>

interface Recipient {
  customer: Customer | null
  /** As the answer names what was asked for. */
  input: string
  digits: string | null
}

interface Outcome {
  answer: Answer
  externalId: string | null
}

export class Sending {
  readonly #of: Simulation
  readonly #statuses: Statuses
  readonly #templates: Templates
  readonly #rates = new Rates()

  constructor(simulation: Simulation, statuses: Statuses, templates: Templates) {
    this.#of = simulation
    this.#statuses = statuses
    this.#templates = templates
  }

  async answer(inbox: Inbox, request: unknown): Promise<Answer> {
    const read = Read.safeParse(request)
    if (read.success) return this.#read(inbox, read.data)

    const { answer, externalId } = await this.#send(inbox, request)
    this.#of.ledger.send({
      at: Date.now(),
      channel: 'whatsapp',
      inboxKey: inbox.key,
      request,
      externalId,
      answer: typeof answer === 'string' ? answer : answer.status,
      errorCode: errorCodeIn(answer),
    })
    this.#of.world.changed()
    return answer
  }

  /** Everything up to that message was read; now somebody may be typing. */
  #read(inbox: Inbox, { message_id, typing_indicator }: z.infer<typeof Read>): Answer {
    const found = this.#of.world.find(inbox.key, message_id)
    if (found?.message.from !== 'customer') return refusal(131009, { details: 'The message id is not known.' })
    for (const message of found.chat.messages) {
      if (message.from === 'customer') message.state = 'read'
      if (message === found.message) break
    }
    if (typing_indicator) {
      found.chat.typingUntil = Date.now() + TYPING_MS
      setTimeout(() => this.#of.world.changed(), TYPING_MS).unref()
    }
    this.#of.world.changed()
    return { status: 200, body: { success: true } }
  }

  async #send(inbox: Inbox, request: unknown): Promise<Outcome> {
    const fault = this.#of.faults.take('whatsapp')
    if (fault && !fault.accepted && !(fault.kind === 'code' && fault.as === 'status'))
      return { answer: this.#faulty(fault), externalId: null }
    const taken = await this.#take(inbox, request, fault?.as === 'status' ? (fault.code ?? 131000) : null)
    return fault?.accepted ? { ...taken, answer: this.#faulty(fault) } : taken
  }

  #faulty = (fault: Fault): Answer => faulty(fault, (code, of) => refusal(code ?? 131000, of))

  async #take(inbox: Inbox, request: unknown, fails: number | null): Promise<Outcome> {
    try {
      return await this.#taken(inbox, request, fails)
    } catch (thrown) {
      if (thrown instanceof Refused)
        return { answer: refusal(thrown.code, { details: thrown.message }), externalId: null }
      throw thrown
    }
  }

  async #taken(inbox: Inbox, request: unknown, fails: number | null): Promise<Outcome> {
    const send = shaped(Send, request, '')
    if (!send.to && !send.recipient) throw new Refused(131008, 'to or recipient is missing.')
    const recipient = this.#recipient(send)
    const limit = this.#rates.hit(inbox.key, recipient.digits ?? recipient.input, this.#of.behaviour(), Date.now())
    if (limit !== null) return { answer: refusal(limit === 'account' ? 130429 : 131056), externalId: null }
    if (send.type === 'reaction') return this.#reaction(inbox, recipient, send, fails)

    const chat = recipient.customer ? this.#of.world.chat(recipient.customer.id, inbox.key) : null
    const account = businessAccountOf(inbox)
    const place = { simulation: this.#of, templates: this.#templates, account, chat }
    const shown = await readSend(send.type, send[send.type], place)
    const code = fails ?? this.#undeliverable(inbox, recipient, send.type) ?? shown.late ?? null
    if (code !== null && fails === null && this.#of.behaviour().refusals === 'answer')
      return { answer: refusal(code), externalId: null }
    const message = this.#put(inbox, recipient, send, shown, code)
    return { answer: this.#accepted(recipient, message, send.type), externalId: message.id }
  }

  /** It stands on the message that it is about; an id of its own has only the answer. */
  #reaction(inbox: Inbox, recipient: Recipient, send: Send, fails: number | null): Outcome {
    const { customer } = recipient
    if (send.context) throw new Refused(100, 'A reaction takes no context.')
    const chat = customer ? this.#of.world.chat(customer.id, inbox.key) : null
    const { message, emoji } = readReaction(send['reaction'], chat, customer?.origin === 'met')
    const code = fails ?? this.#undeliverable(inbox, recipient, send.type)
    const reaction = this.#message(recipient, send)
    if (code !== null) this.#fail(inbox, recipient, reaction, code)
    else if (customer) {
      if (message) message.reactions.business = emoji
      this.#statuses.reacted(inbox, customer, reaction)
    }
    return { answer: this.#accepted(recipient, reaction, send.type), externalId: reaction.id }
  }

  /** Without its `+`, a number is taken for one of the business's own country. A number that nobody was seen with is met now. */
  #recipient({ to, recipient }: Send): Recipient {
    const { world } = this.#of
    if (to === undefined) {
      const input = recipient ?? ''
      return { input, digits: null, customer: world.customers.find((one) => businessScopedId(one) === input) ?? null }
    }
    const digits = to.startsWith('+') ? digitsOf(to) : `55${digitsOf(to)}`
    const known = world.customers.find((one) => sameNumber(one.number, digits))
    if (known || !canHaveWhatsApp(digits)) return { input: to, digits, customer: known ?? null }
    const number = asWritten(digits)
    return {
      input: to,
      digits,
      customer: world.addCustomer({ id: `n${digitsOf(number)}`, name: number, number, origin: 'met' }),
    }
  }

  /** A code, or null. Whom the simulator met through Prosa has a past here that it does not know: no window is closed. */
  #undeliverable(inbox: Inbox, { customer }: Recipient, type: string): number | null {
    if (!customer) return 131026
    if (type === 'template') return null
    const { lastWroteAt } = this.#of.world.chat(customer.id, inbox.key)
    if (lastWroteAt === null) return customer.origin === 'met' ? null : 131047
    return Date.now() - lastWroteAt > WINDOW_MS ? 131047 : null
  }

  #message({ digits, input }: Recipient, send: Send): Message {
    return newMessage({
      id: newMessageId(digits ?? input),
      from: 'business',
      state: 'accepted',
      callbackData: send.biz_opaque_callback_data ?? null,
    })
  }

  #put(inbox: Inbox, recipient: Recipient, send: Send, shown: Shown, code: number | null): Message {
    const { customer } = recipient
    // A template quotes nothing, whatever is asked for.
    const replyTo = send.type === 'template' ? null : (send.context?.message_id ?? null)
    const message: Message = { ...this.#message(recipient, send), replyTo, ...shown.message }
    if (customer) {
      const chat = this.#of.world.chat(customer.id, inbox.key)
      chat.typingUntil = 0
      this.#of.world.addMessage(chat, message)
    }
    if (code !== null) this.#fail(inbox, recipient, message, code)
    else if (customer) this.#statuses.accepted(inbox, customer, message)
    return message
  }

  #fail(inbox: Inbox, { digits, input }: Recipient, message: Message, code: number): void {
    const waId = digits && waIdOf(digits, this.#of.behaviour().dropNinthDigit)
    this.#statuses.failed(inbox, { waId, userId: waId ? null : input, name: null }, message, code)
  }

  #accepted({ customer, input, digits }: Recipient, { id }: Message, type: string): Answer {
    const waId = digits === null ? {} : { wa_id: waIdOf(digits, this.#of.behaviour().dropNinthDigit) }
    const userId = customer ? { user_id: businessScopedId(customer) } : {}
    const messages = [{ id, ...(type === 'template' ? { message_status: 'accepted' } : {}) }]
    return { status: 200, body: { messaging_product: 'whatsapp', contacts: [{ input, ...waId, ...userId }], messages } }
  }
}

function errorCodeIn(answer: Answer): number | null {
  const WithCode = z.object({ body: z.object({ error: z.object({ code: z.number() }) }) })
  return WithCode.safeParse(answer).data?.body.error.code ?? null
}
