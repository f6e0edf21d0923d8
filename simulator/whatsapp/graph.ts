/** The Graph API, as far as it concerns a WhatsApp number. */
import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import type { Fault } from '../behaviour.ts'
import type { Answer, Call, Simulation } from '../provider.ts'
import { type Customer, type Inbox, inboxesOf, type Message } from '../world.ts'
import { asWritten, businessScopedId, canHaveWhatsApp, digitsOf, sameNumber, waIdOf } from './addresses.ts'
import { refusal } from './errors.ts'
import { Rates } from './rates.ts'
import type { Statuses } from './statuses.ts'

const PATH = /^\/graph\/v\d{1,3}\.\d{1,2}\/(\d{1,20})(\/messages)?$/
const WINDOW_MS = 24 * 3_600_000
const TYPING_MS = 25_000
const LONGEST_TEXT = 4096

const Read = z.object({
  status: z.literal('read'),
  message_id: z.string(),
  typing_indicator: z.object({ type: z.literal('text') }).optional(),
})

const Send = z.object({
  messaging_product: z.literal('whatsapp'),
  to: z.string().min(1).optional(),
  recipient: z.string().min(1).optional(),
  context: z.object({ message_id: z.string() }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  type: z.string().default('text'),
  text: z.object({ body: z.string().min(1) }).optional(),
})
type Send = z.infer<typeof Send>

interface Recipient {
  customer: Customer | null
  /** As the answer names what was asked for. */
  input: string
  digits: string | null
}

export class Graph {
  readonly #of: Simulation
  readonly #statuses: Statuses
  readonly #rates = new Rates()

  constructor(simulation: Simulation, statuses: Statuses) {
    this.#of = simulation
    this.#statuses = statuses
  }

  async answer(call: Call): Promise<Answer | null> {
    const [, accountId, messages] = PATH.exec(call.path) ?? []
    if (accountId === undefined) return null
    const inbox = inboxesOf('whatsapp').find((one) => one.accountId === accountId)
    if (!inbox) return null

    const { outage } = this.#of.behaviour()
    if (outage === 'unreachable') return 'reset'
    if (outage === 'unavailable') return refusal(2)
    if (call.headers.authorization !== `Bearer ${DEMO_SECRETS.accessToken}`) return refusal(190)
    if (call.method === 'GET' && messages === undefined) return numberOf(inbox, call.query)
    if (call.method !== 'POST' || messages === undefined) return refusal(100, { details: 'Unsupported request.' })
    return this.#message(inbox, call.body)
  }

  #message(inbox: Inbox, body: string): Answer {
    const request = json(body)
    const read = Read.safeParse(request)
    if (read.success) return this.#read(inbox, read.data)

    const { answer, externalId } = this.#send(inbox, request)
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

  #send(inbox: Inbox, request: unknown): { answer: Answer; externalId: string | null } {
    const fault = this.#of.faults.take()
    if (fault && !fault.accepted && !(fault.kind === 'code' && fault.as === 'status')) {
      return { answer: faulty(fault), externalId: null }
    }
    const taken = this.#take(inbox, request, fault?.as === 'status' ? (fault.code ?? 131000) : null)
    return fault?.accepted ? { ...taken, answer: faulty(fault) } : taken
  }

  #take(inbox: Inbox, request: unknown, fails: number | null): { answer: Answer; externalId: string | null } {
    const refuse = (code: number, details?: string) => ({
      answer: refusal(code, details ? { details } : {}),
      externalId: null,
    })
    const parsed = Send.safeParse(request)
    if (!parsed.success) return refuse(100, parsed.error.issues.map((issue) => issue.path.join('.')).join(', '))
    const send = parsed.data
    if (send.type !== 'text') return refuse(131051, `The simulator does not take ${send.type} yet.`)
    if (!send.text) return refuse(131008, 'text.body is missing.')
    if (send.text.body.length > LONGEST_TEXT)
      return refuse(100, `Param text['body'] must be at most ${LONGEST_TEXT} characters long.`)
    if (!send.to && !send.recipient) return refuse(131008, 'to or recipient is missing.')

    const recipient = this.#recipient(send)
    const limit = this.#rates.hit(inbox.key, recipient.digits ?? recipient.input, this.#of.behaviour(), Date.now())
    if (limit !== null) return refuse(limit)

    const code = fails ?? this.#undeliverable(inbox, recipient)
    if (code !== null && fails === null && this.#of.behaviour().refusals === 'answer') return refuse(code)
    const message = this.#put(inbox, recipient, send, send.text.body, code)
    return {
      answer: { status: 200, body: acceptance(recipient, message, this.#of.behaviour().dropNinthDigit) },
      externalId: message.id,
    }
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
  #undeliverable(inbox: Inbox, { customer }: Recipient): number | null {
    if (!customer) return 131026
    const { lastWroteAt } = this.#of.world.chat(customer.id, inbox.key)
    if (lastWroteAt === null) return customer.origin === 'met' ? null : 131047
    return Date.now() - lastWroteAt > WINDOW_MS ? 131047 : null
  }

  #put(inbox: Inbox, { customer, digits, input }: Recipient, send: Send, text: string, code: number | null): Message {
    const message: Message = {
      id: newMessageId(digits ?? input),
      from: 'business',
      text,
      replyTo: send.context?.message_id ?? null,
      at: Date.now(),
      state: 'accepted',
      callbackData: send.biz_opaque_callback_data ?? null,
      errorCode: null,
    }
    if (customer) {
      const chat = this.#of.world.chat(customer.id, inbox.key)
      chat.typingUntil = 0
      this.#of.world.addMessage(chat, message)
    }
    if (code !== null) {
      const waId = digits && waIdOf(digits, this.#of.behaviour().dropNinthDigit)
      this.#statuses.failed(inbox, { waId, userId: waId ? null : input, name: null }, message, code)
    } else if (customer) {
      this.#statuses.accepted(inbox, customer, message)
    }
    return message
  }
}

/** Unique, and with the number inside, as theirs are. */
export const newMessageId = (number: string) =>
  `wamid.${Buffer.from(`\u001d\u0002${number}\u0015\u0002\u0000\u0011${randomBytes(10).toString('hex').toUpperCase()}`).toString('base64')}`

function acceptance({ customer, input, digits }: Recipient, message: Message, dropNinthDigit: boolean): unknown {
  const waId = digits === null ? {} : { wa_id: waIdOf(digits, dropNinthDigit) }
  const userId = customer ? { user_id: businessScopedId(customer) } : {}
  return { messaging_product: 'whatsapp', contacts: [{ input, ...waId, ...userId }], messages: [{ id: message.id }] }
}

function faulty(fault: Fault): Answer {
  const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
  switch (fault.kind) {
    case 'code':
      return refusal(fault.code ?? 131000, { headers })
    case 'http_429':
      return { status: 429, headers: { 'content-type': 'text/plain', ...headers }, body: 'Too Many Requests' }
    case 'http_500':
      return refusal(fault.code ?? 131000, { status: 500, headers })
    case 'http_502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html', ...headers },
        body: '<html><h1>502 Bad Gateway</h1></html>',
      }
    case 'broken_json':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"messaging_product":"whatsapp","messages":[{"id":"wami',
      }
    case 'reset':
    case 'hang':
      return fault.kind
  }
}

function errorCodeIn(answer: Answer): number | null {
  const Refused = z.object({ body: z.object({ error: z.object({ code: z.number() }) }) })
  return Refused.safeParse(answer).data?.body.error.code ?? null
}

function numberOf(inbox: Inbox, query: URLSearchParams): Answer {
  const number: Record<string, unknown> = {
    id: inbox.accountId,
    display_phone_number: inbox.address,
    verified_name: inbox.name,
    name_status: 'APPROVED',
    quality_rating: 'GREEN',
    code_verification_status: 'VERIFIED',
    account_mode: 'SANDBOX',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    is_on_biz_app: false,
    whatsapp_business_manager_messaging_limit: 'TIER_250',
  }
  const fields = [
    'id',
    ...(query.get('fields')?.split(',') ?? ['display_phone_number', 'verified_name', 'quality_rating']),
  ]
  return {
    status: 200,
    body: Object.fromEntries(fields.flatMap((field) => (field in number ? [[field, number[field]]] : []))),
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
