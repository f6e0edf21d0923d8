/** Every method that puts a message into a chat. */
import * as z from 'zod'
import type { Simulation } from '../provider.ts'
import { Rates } from '../rates.ts'
import { type Chat, type Customer, type Inbox, type Message, newMessage } from '../state.ts'
import { connectionOf, groupIdOf, meet, whoIs } from './bots.ts'
import { bad, flood, Refused } from './refused.ts'
import { buttonsOf, checkFile, Entities, FILES, Markup, words } from './rules.ts'
import { fileFields, messageItem, nextMessageId, type Where } from './updates.ts'

const Target = z.object({ chat_id: z.coerce.string(), business_connection_id: z.string().optional() })

export interface Place {
  inbox: Inbox
  customer: Customer
  chat: Chat
  where: Where
}

/** Whom it goes to, if it may. */
export function placeOf({ world }: Simulation, inbox: Inbox, fields: Record<string, unknown>): Place {
  const target = Target.safeParse(fields)
  if (!target.success) throw bad('chat_id is empty')
  const { chat_id: id, business_connection_id: connection } = target.data
  const { ownerLeft } = world.account(inbox.accountId)
  if (connection !== undefined && (ownerLeft || connection !== connectionOf(inbox)))
    throw bad('business connection not found')
  if (id.startsWith('-')) return groupPlace(world, inbox, id)
  const customer = whoIs(world, inbox, id) ?? meet(world, inbox, id)
  if (!customer) throw new Refused(400)
  const chat = world.chat(customer.id, inbox.key)
  if (chat.messages.length === 0 && customer.origin !== 'met') throw new Refused(400)
  if (chat.blocked && connection === undefined) throw new Refused(403)
  return { inbox, customer, chat, where: connection === undefined ? 'private' : 'business' }
}

/** It stands on the phone of who spoke there last. */
function groupPlace(world: Simulation['world'], inbox: Inbox, id: string): Place {
  const { groupMoved } = world.account(inbox.accountId)
  if (Number(id) === groupIdOf(inbox, false) && groupMoved) {
    throw new Refused(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: groupIdOf(inbox, true),
    })
  }
  if (Number(id) !== groupIdOf(inbox, groupMoved)) throw new Refused(400)
  const spokeAt = (chat: Chat) => chat.messages.findLast(({ wire }) => isGroup(wire.where))?.at ?? 0
  const [chat] = world.chatsWith(inbox.key).sort((a, b) => spokeAt(b) - spokeAt(a))
  const customer = chat && world.customer(chat.customerId)
  if (!chat || !customer || spokeAt(chat) === 0) throw new Refused(403, 'Forbidden: bot was kicked from the group chat')
  return { inbox, customer, chat, where: groupMoved ? 'supergroup' : 'group' }
}

const isGroup = (where: unknown) => where === 'group' || where === 'supergroup'

const REPLY = z.object({ message_id: z.coerce.string(), allow_sending_without_reply: z.boolean().default(false) })

function answeredIn({ chat }: Place, given: unknown): string | null {
  if (given === undefined) return null
  const { message_id: id, allow_sending_without_reply: anyway } = REPLY.parse(given)
  if (chat.messages.some((message) => message.id === id && !message.deleted)) return id
  if (anyway) return null
  throw bad('message to be replied not found')
}

export class Sending {
  readonly #of: Simulation
  readonly #rates = new Rates()

  constructor(simulation: Simulation) {
    this.#of = simulation
  }

  /** Null: no method of sending. */
  async send(inbox: Inbox, method: string, fields: Record<string, unknown>): Promise<Record<string, unknown> | null> {
    const content = CONTENTS[method] ?? (FILES[method] ? filed(method) : undefined)
    if (!content) return null
    const place = placeOf(this.#of, inbox, fields)
    if (this.#rates.hit(inbox.key, place.customer.id, this.#of.behaviour(), Date.now()) !== null) throw flood(1)
    const shown = await content(this.#of, fields)
    const markup = Markup.optional().safeParse(fields['reply_markup'])
    if (!markup.success) throw bad("can't parse inline keyboard button")
    const sent = newMessage({
      id: nextMessageId(),
      from: 'business',
      state: 'delivered',
      replyTo: answeredIn(place, fields['reply_parameters']),
      buttons: buttonsOf(markup.data),
      mark: MARKS[place.where] ?? null,
      ...shown,
      wire: {
        ...shown.wire,
        ...(place.where === 'private' ? {} : { where: place.where }),
        ...(markup.data ? { reply_markup: markup.data } : {}),
      },
    })
    place.chat.typingUntil = 0
    this.#of.world.addMessage(place.chat, sent)
    return messageItem(this.#of, inbox, place.customer, sent)
  }
}

const MARKS: Partial<Record<Where, string>> = {
  group: 'No grupo Equipe Exemplo',
  supergroup: 'No grupo Equipe Exemplo',
  business: 'Pela conta do dono',
}

type Content = (of: Simulation, fields: Record<string, unknown>) => Promise<Partial<Message>> | Partial<Message>

const Text = z.object({ text: z.string().default(''), entities: Entities })
const Point = z.object({ latitude: z.number(), longitude: z.number() })
const Venue = Point.extend({ title: z.string().min(1), address: z.string().min(1) })
const Contact = z.object({ phone_number: z.string().min(1), first_name: z.string().min(1) })

function parsed<T extends z.ZodType>(schema: T, fields: unknown, trouble: string): z.infer<T> {
  const read = schema.safeParse(fields)
  if (!read.success) throw bad(trouble)
  return read.data
}

const CONTENTS: Record<string, Content> = {
  sendMessage: (_of, fields) => {
    const { text, entities } = parsed(Text, fields, "can't parse entities")
    return { text: words(text, entities, 'text'), wire: entities.length > 0 ? { entities } : {} }
  },
  sendLocation: (_of, fields) => {
    const location = parsed(Point, fields, 'wrong latitude or longitude specified')
    return { kind: 'location', lines: ['Localização'], wire: { location } }
  },
  sendVenue: (_of, fields) => {
    const { title, address, ...location } = parsed(Venue, fields, 'venue title must be non-empty')
    return { kind: 'location', lines: [title, address], wire: { venue: { location, title, address }, location } }
  },
  sendContact: (_of, fields) => {
    const contact = parsed(Contact, fields, 'contact phone number must be non-empty')
    return { kind: 'contacts', lines: [contact.first_name, contact.phone_number], wire: { contact } }
  },
}

const Caption = z.object({ caption: z.string().default(''), caption_entities: Entities })

function filed(method: string): Content {
  return async (of, fields) => {
    const rule = FILES[method]
    const given = rule && fields[rule.field]
    if (!rule || !(given instanceof File)) throw bad(`there is no ${rule?.field ?? 'file'} in the request`)
    const bytes = Buffer.from(await given.arrayBuffer())
    checkFile(rule, bytes)
    const { caption, caption_entities } = parsed(Caption, fields, "can't parse entities")
    const file = of.files.keep(bytes, {
      kind: rule.kind,
      mimeType: given.type,
      name: given.name,
      voice: rule.voice === true,
    })
    return {
      kind: rule.voice ? 'voice' : rule.kind,
      text: words(caption, caption_entities, 'caption'),
      files: [file],
      wire: {
        [rule.field]: rule.field === 'photo' ? [{ ...fileFields(file), width: 320, height: 240 }] : fileFields(file),
        ...(caption_entities.length > 0 ? { caption_entities } : {}),
      },
    }
  }
}
