/** `POST /message/…`: every kind that is sent, as it then stands on the customer's phone. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { fetched } from '../meta/links.ts'
import type { Answer, Said, Simulation } from '../provider.ts'
import { Rates } from '../rates.ts'
import { seenIn } from '../sniff.ts'
import { type Customer, type File, type Inbox, type Instance, newMessage } from '../state.ts'
import { digitsIn, GROUP, newMessageId } from './addresses.ts'
import { whoIs } from './chats.ts'
import type { Instances } from './instances.ts'
import type { Receipts } from './receipts.ts'
import { CONNECTION_CLOSED, faultOf, Refused, refusal } from './refused.ts'
import { rowOf } from './rows.ts'

const ECHO_FIRST_MS = 2_000

const Quoted = z.object({ key: z.object({ id: z.string() }) })
const To = { number: z.string().min(1), quoted: Quoted.optional() }

const BODIES = {
  sendText: z.object({ ...To, text: z.string().min(1) }),
  sendMedia: z.object({
    ...To,
    mediatype: z.enum(['image', 'video', 'document', 'audio', 'ptv']),
    mimetype: z.string().optional(),
    caption: z.string().optional(),
    media: z.string().min(1),
    fileName: z.string().optional(),
  }),
  sendWhatsAppAudio: z.object({ ...To, audio: z.string().min(1) }),
  sendSticker: z.object({ ...To, sticker: z.string().min(1) }),
  sendLocation: z.object({ ...To, latitude: z.number(), longitude: z.number(), name: z.string(), address: z.string() }),
  sendContact: z.object({
    ...To,
    contact: z.array(z.object({ fullName: z.string(), phoneNumber: z.string() })).min(1),
  }),
}
export type SendName = keyof typeof BODIES | 'sendReaction'
export const isSend = (name: string): name is SendName => Object.hasOwn(BODIES, name) || name === 'sendReaction'

const Reaction = z.object({ key: z.object({ id: z.string(), remoteJid: z.string() }), reaction: z.string() })

interface Outcome {
  answer: Answer
  externalId: string | null
}

export class Sending {
  readonly #of: Simulation
  readonly #instances: Instances
  readonly #receipts: Receipts
  readonly #rates = new Rates()

  constructor(simulation: Simulation, instances: Instances, receipts: Receipts) {
    this.#of = simulation
    this.#instances = instances
    this.#receipts = receipts
  }

  async answer(instance: Instance, name: SendName, request: unknown): Promise<Answer> {
    const inbox = this.#instances.inboxOf(instance)
    const { answer, externalId } = await this.#send(instance, inbox, name, request)
    this.#of.ledger.send({
      ...{ at: Date.now(), channel: 'evolution', inboxKey: inbox.key, request, externalId, errorCode: null },
      answer: typeof answer === 'string' ? answer : answer.status,
    })
    this.#of.world.changed()
    return answer
  }

  async #send(instance: Instance, inbox: Inbox, name: SendName, request: unknown): Promise<Outcome> {
    const fault = this.#of.faults.take('evolution')
    if (fault && !fault.accepted) return { answer: faultOf(fault), externalId: null }
    try {
      const taken = await this.#taken(instance, inbox, name, request)
      return fault ? { ...taken, answer: faultOf(fault) } : taken
    } catch (thrown) {
      if (thrown instanceof Refused) return { answer: refusal(thrown), externalId: null }
      if (thrown instanceof z.ZodError)
        return { answer: refusal({ status: 400, said: [z.prettifyError(thrown)] }), externalId: null }
      throw thrown
    }
  }

  async #taken(instance: Instance, inbox: Inbox, name: SendName, request: unknown): Promise<Outcome> {
    if (instance.state !== 'open') throw new Refused(400, CONNECTION_CLOSED)
    if (name === 'sendReaction') return this.#react(inbox, Reaction.parse(request))
    const body = BODIES[name].parse(request)
    if (this.#rates.hit(inbox.key, body.number, this.#of.behaviour(), Date.now()) !== null)
      throw new Refused(429, ['Too many requests'])
    const inGroup = body.number === GROUP
    const customer = inGroup ? this.#lastInGroup(inbox) : this.#customer(body.number)
    const chat = this.#of.world.chat(customer.id, inbox.key)
    const said = await this.#said(name, request)
    const sent = newMessage({
      ...{ id: newMessageId(), from: 'business', state: 'accepted', replyTo: body.quoted?.key.id ?? null },
      ...said,
      ...(inGroup ? { mark: 'Grupo Condomínio', wire: { ...said.wire, group: true } } : {}),
    })
    chat.typingUntil = 0
    for (const one of chat.messages) if (one.from === 'customer') one.state = 'read'
    this.#of.world.addMessage(chat, sent)
    this.#receipts.accepted(inbox, customer, sent)
    const row = rowOf(customer, sent, this.#of.behaviour().dropNinthDigit)
    await this.#echo(instance, row)
    return { answer: { status: 201, body: row }, externalId: sent.id }
  }

  /** There is one group, and its messages stand on the phone of whoever spoke there last. */
  #lastInGroup(inbox: Inbox): Customer {
    const { world } = this.#of
    const spoken = world.chatsWith(inbox.key).flatMap(({ customerId, messages }) => {
      const last = messages.findLast(({ kind }) => kind === 'group')
      return last ? [{ customerId, at: last.at }] : []
    })
    const [newest] = spoken.toSorted((a, b) => b.at - a.at)
    const customer = newest && world.customer(newest.customerId)
    if (!customer) throw new Refused(400, ['item-not-found'])
    return customer
  }

  #customer(number: string): Customer {
    const found = whoIs(this.#of, number)
    if (!found)
      throw new Refused(400, [{ jid: `${digitsIn(number)}@s.whatsapp.net`, exists: false, number: digitsIn(number) }])
    return found
  }

  /** May come before the answer: then whoever sent it does not know its id yet. */
  async #echo(instance: Instance, row: object): Promise<void> {
    const { echoes, statusDelayMs } = this.#of.behaviour()
    const tell = () => this.#instances.tell(instance, 'send.message', row)
    if (echoes === 'before') {
      tell()
      await sleep(Math.min(ECHO_FIRST_MS, statusDelayMs))
    }
    if (echoes === 'after') setTimeout(tell, statusDelayMs).unref()
  }

  #react(inbox: Inbox, { key, reaction }: z.infer<typeof Reaction>): Outcome {
    const found = this.#of.world.find(inbox.key, key.id)
    if (!found) throw new Refused(400, ['Message not found'])
    found.message.reactions.business = reaction || null
    const id = newMessageId()
    const answer = { status: 201, body: { key: { remoteJid: key.remoteJid, fromMe: true, id }, status: 'PENDING' } }
    return { answer, externalId: id }
  }

  async #said(name: Exclude<SendName, 'sendReaction'>, request: unknown): Promise<Said> {
    switch (name) {
      case 'sendText':
        return { kind: 'text', text: BODIES.sendText.parse(request).text }
      case 'sendMedia': {
        const { mediatype, media, caption = '', fileName, mimetype } = BODIES.sendMedia.parse(request)
        const kind = mediatype === 'ptv' ? 'video' : mediatype
        const file = await this.#file(media, kind, fileName ?? null, mimetype)
        return { kind, text: caption, files: [file], wire: fileWire(kind, file, caption) }
      }
      case 'sendWhatsAppAudio': {
        const file = {
          ...(await this.#file(BODIES.sendWhatsAppAudio.parse(request).audio, 'audio', null)),
          voice: true,
        }
        return { kind: 'voice', files: [file], wire: fileWire('audio', file, '') }
      }
      case 'sendSticker': {
        const file = await this.#file(BODIES.sendSticker.parse(request).sticker, 'sticker', null)
        return { kind: 'sticker', files: [file], wire: fileWire('sticker', file, '') }
      }
      case 'sendLocation': {
        const { latitude, longitude, name: title, address } = BODIES.sendLocation.parse(request)
        const locationMessage = { degreesLatitude: latitude, degreesLongitude: longitude, name: title, address }
        const lines = [title, address, `${latitude}, ${longitude}`].filter(Boolean)
        return { kind: 'location', lines, wire: { messageType: 'locationMessage', locationMessage } }
      }
      case 'sendContact': {
        const { contact } = BODIES.sendContact.parse(request)
        const lines = contact.flatMap(({ fullName, phoneNumber }) => [fullName, phoneNumber])
        return {
          kind: 'contacts',
          lines,
          wire: { messageType: 'contactMessage', contactMessage: { displayName: lines[0] } },
        }
      }
    }
  }

  /** By address, or in base64. */
  async #file(media: string, kind: File['kind'], name: string | null, mimetype?: string): Promise<File> {
    const there = /^https?:/.test(media) ? await fetched(media) : null
    if (/^https?:/.test(media) && !there) throw new Refused(400, ['AxiosError: Request failed with status code 404'])
    const bytes = there?.bytes ?? Buffer.from(media.replace(/^data:[^,]*,/, ''), 'base64')
    const mimeType = mimetype ?? there?.mimeType ?? seenIn(bytes).mimeType ?? 'application/octet-stream'
    return this.#of.files.keep(bytes, { kind, mimeType, name: kind === 'document' ? name : null })
  }
}

const fileWire = (kind: string, { mimeType, bytes, name, voice }: File, caption: string) => ({
  messageType: `${kind}Message`,
  [`${kind}Message`]: {
    ...{ mimetype: mimeType, fileLength: String(bytes) },
    ...(caption === '' ? {} : { caption }),
    ...(name === null ? {} : { fileName: name }),
    ...(kind === 'audio' ? { ptt: voice } : {}),
  },
})
