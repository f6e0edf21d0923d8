/** What an Evolution server knows of chats: who has WhatsApp, what was said, the files, the small signs. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { cdnUrl } from '../meta/links.ts'
import { takeBack } from '../phones.ts'
import type { Answer, Simulation } from '../provider.ts'
import type { Chat, Customer, Inbox, Message } from '../state.ts'
import { asWritten, canHaveWhatsApp, sameNumber, waIdOf } from '../whatsapp/addresses.ts'
import { chatKey, digitsIn, GROUP, GROUP_INFO, jidOf, lidOf } from './addresses.ts'
import { Refused } from './refused.ts'
import { isInGroup, rowOf } from './rows.ts'

const good = (body: unknown, status = 201): Answer => ({ status, body })

/** Whom a number or an address names: somebody of this page, or somebody new who has a phone. */
export function whoIs({ world }: Simulation, number: string): Customer | null {
  if (number.endsWith('@lid')) return world.customers.find((one) => lidOf(one) === number) ?? null
  const digits = digitsIn(number)
  const known = world.customers.find((one) => sameNumber(one.number, digits))
  if (known || !canHaveWhatsApp(digits)) return known ?? null
  return world.addCustomer({ id: `n${digits}`, name: asWritten(digits), number: asWritten(digits), origin: 'met' })
}

export class Chats {
  readonly #of: Simulation

  constructor(simulation: Simulation) {
    this.#of = simulation
  }

  numbers(body: unknown): Answer {
    const { numbers } = z.object({ numbers: z.array(z.string()) }).parse(body)
    const { dropNinthDigit } = this.#of.behaviour()
    return good(
      numbers.map((number) => {
        const digits = digitsIn(number)
        const exists = canHaveWhatsApp(digits)
        const jid = `${exists ? waIdOf(digits, dropNinthDigit) : digits}@s.whatsapp.net`
        return { jid, exists, number }
      }),
      200,
    )
  }

  picture(body: unknown): Answer {
    const { number } = z.object({ number: z.string() }).parse(body)
    const who = whoIs(this.#of, number)
    const shown = who !== null && !who.hidesNumber
    const profilePictureUrl = shown ? cdnUrl(this.#of, this.#of.files.asset('avatar')) : null
    return good({ wuid: who && jidOf(who, this.#of.behaviour().dropNinthDigit), profilePictureUrl }, 200)
  }

  /** Ids that hide a number are passed over. */
  markRead(inbox: Inbox, body: unknown): Answer {
    const Keys = z.object({
      readMessages: z.array(z.object({ remoteJid: z.string(), fromMe: z.boolean(), id: z.string() })),
    })
    for (const { remoteJid, id } of Keys.parse(body).readMessages) {
      const found = remoteJid.endsWith('@lid') ? undefined : this.#of.world.find(inbox.key, id)
      for (const one of found?.chat.messages ?? []) if (one.from === 'customer') one.state = 'read'
    }
    this.#of.world.changed()
    return good({ message: 'Read messages', read: 'success' })
  }

  async presence(inbox: Inbox, body: unknown): Promise<Answer> {
    const { number, delay, presence } = z
      .object({ number: z.string(), delay: z.number(), presence: z.string() })
      .parse(body)
    const who = whoIs(this.#of, number)
    if (who) {
      this.#of.world.chat(who.id, inbox.key).typingUntil = Date.now() + delay
      this.#of.world.changed()
    }
    await sleep(delay)
    this.#of.world.changed()
    return good({ presence })
  }

  /** What is known of it before anybody tells. */
  group(jid: string | null): Answer {
    if (jid !== GROUP) throw new Refused(404, ['Error fetching group', 'Error: item-not-found'])
    return good({ ...GROUP_INFO, pictureUrl: null, size: 3, announce: false, restrict: false })
  }

  edit(inbox: Inbox, body: unknown): Answer {
    const { key, text } = z.object({ key: z.object({ id: z.string() }), text: z.string() }).parse(body)
    const message = this.#ours(inbox, key.id)
    if (Date.now() - message.at > 15 * 60_000) throw new Refused(400, ['Message is older than 15 minutes'])
    Object.assign(message, { text, edits: message.edits + 1 })
    this.#of.world.changed()
    return good({ key: { id: key.id, fromMe: true }, message: { editedMessage: {} }, status: 'PENDING' })
  }

  takeBack(inbox: Inbox, body: unknown): Answer {
    const { id } = z.object({ id: z.string(), remoteJid: z.string(), fromMe: z.boolean() }).parse(body)
    takeBack(this.#ours(inbox, id))
    this.#of.world.changed()
    return good({ key: { id, fromMe: true }, status: 'PENDING' })
  }

  #ours(inbox: Inbox, id: string): Message {
    const found = this.#of.world.find(inbox.key, id)?.message
    if (found?.from !== 'business') throw new Refused(400, ['Message not found'])
    return found
  }

  /** The file itself, as long as the server keeps messages. */
  file(inbox: Inbox, body: unknown): Answer {
    const { message } = z.object({ message: z.object({ key: z.object({ id: z.string() }) }) }).parse(body)
    const [file] = this.#of.world.find(inbox.key, message.key.id)?.message.files ?? []
    const bytes = file && this.#of.behaviour().files !== 'lost' ? this.#of.files.bytes(file) : null
    if (!file || !bytes) throw new Refused(400, ['Message not found'])
    const size = { fileLength: String(bytes.length) }
    const fileName = file.name ?? `${message.key.id}.${file.mimeType.split('/')[1]?.split(';')[0] ?? 'bin'}`
    return good({
      ...{ mediaType: `${file.kind}Message`, fileName, caption: '', size, mimetype: file.mimeType },
      ...{ base64: bytes.toString('base64'), buffer: null },
    })
  }

  /** What it has kept, the newest first. */
  find(inbox: Inbox, body: unknown): Answer {
    const { where, page, offset } = Asked.parse(body)
    const { dropNinthDigit } = this.#of.behaviour()
    const all = this.#of.world.chatsWith(inbox.key).flatMap((chat) => this.#rowsOf(chat, dropNinthDigit))
    const jid = where.key?.remoteJid
    const { gte, lte } = where.messageTimestamp ?? {}
    const found = all
      .filter(({ addresses, at }) => {
        const within =
          (gte === undefined || at >= Date.parse(gte) - 1_000) && (lte === undefined || at <= Date.parse(lte))
        return within && (jid === undefined || addresses.includes(jid))
      })
      .sort((a, b) => b.at - a.at)
    const records = found.slice((page - 1) * offset, page * offset).map(({ row }) => row)
    const pages = Math.max(1, Math.ceil(found.length / offset))
    return good({ messages: { total: found.length, pages, currentPage: page, records } }, 200)
  }

  #rowsOf(chat: Chat, dropNinthDigit: boolean) {
    const customer = this.#of.world.customer(chat.customerId)
    if (!customer) return []
    const { remoteJid } = chatKey(customer, dropNinthDigit)
    return chat.messages
      .filter((message) => !message.deleted && !isInGroup(message))
      .map((message) => ({ at: message.at, addresses: [remoteJid], row: rowOf(customer, message, dropNinthDigit) }))
  }
}

const Asked = z.object({
  where: z.object({
    key: z.object({ remoteJid: z.string().optional() }).optional(),
    messageTimestamp: z.object({ gte: z.string(), lte: z.string() }).optional(),
  }),
  page: z.number().default(1),
  offset: z.number().default(50),
})
