/** `POST /{account}/messages`: messages, reactions, and the small signs. */
import * as z from 'zod'
import type { Fault } from '../behaviour.ts'
import { faulty } from '../meta/faulty.ts'
import type { Answer, Simulation } from '../provider.ts'
import { Rates } from '../rates.ts'
import { type Chat, newMessage } from '../state.ts'
import { Content, contentOf } from './contents.ts'
import { NO_SUCH_PERSON, Refused, refusal } from './errors.ts'
import { type Met, meet, newMid, whoIs } from './people.ts'
import type { Receipts } from './receipts.ts'
import { echoRow } from './rows.ts'

const HOUR_MS = 3_600_000
const TYPING_MS = 20_000
/** How long an echo that goes first may keep the answer. */
const ECHO_FIRST_MS = 2_000

const Send = z.object({
  recipient: z.object({ id: z.string() }),
  messaging_type: z.enum(['RESPONSE', 'UPDATE', 'MESSAGE_TAG']).optional(),
  tag: z.string().optional(),
  sender_action: z.enum(['typing_on', 'typing_off', 'mark_seen', 'react', 'unreact']).optional(),
  payload: z.object({ message_id: z.string(), reaction: z.string().optional() }).optional(),
  message: Content.optional(),
  reply_to: z.object({ mid: z.string() }).optional(),
})
type Send = z.infer<typeof Send>

const REACTIONS: Record<string, string> = { love: '❤️', laugh: '😆', wow: '😮', sad: '😢', angry: '😠', like: '👍' }

interface Outcome {
  answer: Answer
  externalId: string | null
}

export class Sending {
  readonly #of: Simulation
  readonly #channel: string
  readonly #receipts: Receipts
  readonly #rates = new Rates()

  constructor(simulation: Simulation, channel: string, receipts: Receipts) {
    this.#of = simulation
    this.#channel = channel
    this.#receipts = receipts
  }

  async answer(inboxKey: string, request: unknown): Promise<Answer> {
    const sign = Send.safeParse(request).data
    if (sign?.sender_action) return this.#sign(inboxKey, sign)

    const { answer, externalId } = await this.#send(inboxKey, request)
    const code = z.object({ body: z.object({ error: z.object({ code: z.number() }) }) }).safeParse(answer).data
    this.#of.ledger.send({
      at: Date.now(),
      channel: this.#channel,
      inboxKey,
      request,
      externalId,
      answer: typeof answer === 'string' ? answer : answer.status,
      errorCode: code?.body.error.code ?? null,
    })
    this.#of.world.changed()
    return answer
  }

  async #send(inboxKey: string, request: unknown): Promise<Outcome> {
    const fault = this.#of.faults.take(this.#channel)
    if (fault && !fault.accepted) return { answer: faultOf(fault), externalId: null }
    try {
      const taken = await this.#taken(inboxKey, request)
      return fault ? { ...taken, answer: faultOf(fault) } : taken
    } catch (thrown) {
      if (thrown instanceof Refused) return { answer: refusal(thrown), externalId: null }
      throw thrown
    }
  }

  async #taken(inboxKey: string, request: unknown): Promise<Outcome> {
    const send = Send.safeParse(request)
    if (!send.success) throw new Refused(100, `(#100) ${z.prettifyError(send.error)}`)
    const { recipient, message, reply_to } = send.data
    if (!message) throw new Refused(100, '(#100) param message must be non-empty.')
    if (this.#rates.hit(inboxKey, recipient.id, this.#of.behaviour(), Date.now()) === 'account') throw new Refused(613)
    const met = this.#met(inboxKey, recipient.id)
    const chat = this.#of.world.chat(met.customer.id, met.inbox.key)
    const isNew = met.customer.origin === 'met' && chat.lastWroteAt === null
    if (!isNew) this.#mayWrite(chat, send.data)
    if (reply_to && !isNew && !chat.messages.some(({ id }) => id === reply_to.mid))
      throw new Refused(100, '(#100) The message to reply to does not exist')
    const shown = await contentOf(this.#of, this.#channel, message)
    return this.#put(met, chat, send.data, shown)
  }

  #met(inboxKey: string, scoped: string): Met {
    const { world } = this.#of
    const inbox = world.inbox(inboxKey)
    const met = whoIs(world, this.#channel, scoped) ?? (inbox ? meet(world, inbox, scoped) : null)
    if (!met) throw NO_SUCH_PERSON()
    return met
  }

  /** A day for any answer, a week for that of a person. */
  #mayWrite({ messages, lastWroteAt }: Chat, { messaging_type, tag }: Send): void {
    if (messages.length === 0) throw NO_SUCH_PERSON()
    const tagged = messaging_type === 'MESSAGE_TAG'
    if (tagged && tag !== 'HUMAN_AGENT') throw new Refused(100, `(#100) The tag ${tag ?? ''} is not available any more`)
    if (tagged && !this.#of.behaviour().humanAgent) throw new Refused(10)
    const open = (tagged ? 7 * 24 : 24) * HOUR_MS
    if (lastWroteAt === null || Date.now() - lastWroteAt > open) {
      const subcode = this.#channel === 'messenger' ? 2018278 : 2534022
      throw new Refused(10, '(#10) This message is sent outside of allowed window.', subcode)
    }
  }

  async #put(
    { customer, inbox }: Met,
    chat: Chat,
    { message, recipient, reply_to }: Send,
    shown: object,
  ): Promise<Outcome> {
    const sent = newMessage({
      id: newMid(this.#channel),
      from: 'business',
      state: 'accepted',
      callbackData: message?.metadata ?? null,
      replyTo: reply_to?.mid ?? null,
      ...shown,
    })
    chat.typingUntil = 0
    for (const one of chat.messages) if (one.from === 'customer') one.state = 'read'
    this.#of.world.addMessage(chat, sent)
    this.#receipts.accepted(inbox, customer, sent)
    const { echoes } = this.#of.behaviour()
    const echo = () => {
      const { about, body } = echoRow(inbox, customer, sent, true)
      return this.#of.webhooks.deliver(inbox, about, body)
    }
    if (echoes === 'before')
      await Promise.race([echo(), new Promise((resolve) => setTimeout(resolve, ECHO_FIRST_MS).unref())])
    if (echoes === 'after') setTimeout(() => void echo(), this.#of.behaviour().statusDelayMs).unref()
    return { answer: { status: 200, body: { recipient_id: recipient.id, message_id: sent.id } }, externalId: sent.id }
  }

  #sign(inboxKey: string, { recipient, sender_action, payload }: Send): Answer {
    try {
      const { customer, inbox } = this.#met(inboxKey, recipient.id)
      const chat = this.#of.world.chat(customer.id, inbox.key)
      if (sender_action === 'react' || sender_action === 'unreact') this.#react(chat, sender_action, payload)
      if (sender_action === 'typing_on') {
        chat.typingUntil = Date.now() + TYPING_MS
        setTimeout(() => this.#of.world.changed(), TYPING_MS).unref()
      }
      if (sender_action === 'typing_off') chat.typingUntil = 0
      if (sender_action === 'mark_seen')
        for (const message of chat.messages) if (message.from === 'customer') message.state = 'read'
      this.#of.world.changed()
      return { status: 200, body: { recipient_id: recipient.id } }
    } catch (thrown) {
      if (thrown instanceof Refused) return refusal(thrown)
      throw thrown
    }
  }

  #react(chat: Chat, action: 'react' | 'unreact', payload: Send['payload']): void {
    if (this.#channel !== 'instagram') throw new Refused(100, '(#100) This sender action is not supported')
    const message = chat.messages.find(({ id }) => id === payload?.message_id)
    const emoji = action === 'react' ? REACTIONS[payload?.reaction ?? ''] : null
    if (!message || message.deleted || emoji === undefined) throw new Refused(100)
    message.reactions.business = emoji
  }
}

export const faultOf = (fault: Fault): Answer =>
  faulty(fault, (code, of) => refusal(new Refused(code ?? 1, null, fault.subcode ?? null), of))
