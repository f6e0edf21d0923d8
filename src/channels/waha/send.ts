/** A message of ours, as a WAHA server wants each kind of it; what is done with one afterwards; and the small signs. */
import * as z from 'zod'
import { nameOn } from '../baileys/account.ts'
import { bestOf, isGroup } from '../baileys/jids.ts'
import {
  ChannelError,
  type Edit,
  type Outbound,
  type OutboundMedia,
  type Reach,
  type Read,
  type Sent,
  type SentBefore,
} from '../channel.ts'
import { bareId, chatOf, messageIdIn } from './ids.ts'
import { ask } from './rest.ts'

/** Each engine answers in its own way. */
const Accepted = z.union([
  z.object({ id: z.string().min(1) }).transform(({ id }) => id),
  z.object({ id: z.object({ _serialized: z.string().min(1) }) }).transform(({ id }) => id._serialized),
  z.object({ key: z.object({ id: z.string().min(1) }) }).transform(({ key }) => key.id),
])

export async function send(reach: Reach, message: Outbound): Promise<Sent> {
  const address = recipientAmong(message.to)
  const build = Object.hasOwn(CALLS, message.type) ? CALLS[message.type] : undefined
  if (!build) throw impossible('not_offered', `A message of type ${message.type} cannot be sent here.`)
  const { path, method = 'POST', body } = await build(message, address)
  const answer = await ask(reach, { path, method, body: { session: nameOn(reach.accountId), ...body } })
  if (message.type === 'reaction') return { externalId: `reaction:${message.attemptId}`, address: null }
  const id = Accepted.safeParse(answer).data
  if (id === undefined)
    throw new ChannelError({ class: 'ambiguous', code: 'unreadable', detail: 'An answer that cannot be read.' })
  return { externalId: bareId(id), address: null }
}

/** Nothing was sent, and nothing will be: what we were asked to send cannot leave by this channel. */
const impossible = (code: string, detail: string) => new ChannelError({ class: 'permanent', code, detail })

function recipientAmong(addresses: string[]): string {
  const address = bestOf(addresses)
  if (address === null) throw impossible('no_address', 'None of the addresses can be written to.')
  return address
}

interface Call {
  path: string
  method?: 'PUT'
  body: Record<string, unknown>
}
type Build = (message: Outbound, address: string) => Call | Promise<Call>

/** What is quoted is the customer's, as a rule: only their messages are answered. */
const to = ({ replyTo }: Outbound, address: string) => ({
  chatId: chatOf(address),
  ...(replyTo === null ? {} : { reply_to: messageIdIn(address, replyTo, false) }),
})

const file =
  (path: string, extra: Record<string, unknown> = {}): Build =>
  async (message, address) => {
    const media = given(message.media, 'its file')
    return {
      path,
      body: {
        ...to(message, address),
        ...extra,
        file: { mimetype: media.mimeType, filename: media.fileName ?? media.kind, url: await addressed(media) },
        ...(message.text ? { caption: message.text } : {}),
      },
    }
  }

const CALLS: Record<string, Build> = {
  text: (message, address) => ({ path: 'sendText', body: { ...to(message, address), text: message.text ?? '' } }),
  image: file('sendImage'),
  video: file('sendVideo', { convert: false }),
  document: file('sendFile'),
  audio: (message, address) =>
    (message.media?.voice ? file('sendVoice', { convert: true }) : file('sendFile'))(message, address),
  location: (message, address) => {
    const { latitude, longitude, name = '' } = given(message.content.location, 'a place')
    return { path: 'sendLocation', body: { ...to(message, address), latitude, longitude, title: name } }
  },
  contacts: (message, address) => ({
    path: 'sendContactVcard',
    body: {
      ...to(message, address),
      contacts: given(message.content.contacts, 'contacts').map(({ name, phones, organization }) => ({
        fullName: name,
        phoneNumber: phones[0]?.number ?? '',
        whatsappId: (phones[0]?.number ?? '').replaceAll(/\D/g, ''),
        ...(organization ? { organization } : {}),
        vcard: null,
      })),
    },
  }),
  reaction: ({ replyTo, text }, address) => ({
    path: 'reaction',
    method: 'PUT',
    body: { messageId: messageIdIn(address, given(replyTo, 'a message to react to'), false), reaction: text ?? '' },
  }),
}

function given<T>(part: T | null | undefined, what: string): T {
  if (part === null || part === undefined) throw impossible('incomplete', `The message lacks ${what}.`)
  return part
}

/** The server fetches it. Whatever goes wrong before it is asked, nothing was sent. */
async function addressed(media: OutboundMedia): Promise<string> {
  try {
    return await media.publicUrl()
  } catch {
    throw new ChannelError({ class: 'retryable', code: 'file', detail: 'The file has no address.' })
  }
}

const pathOf = ({ accountId }: Reach, { externalId, to: addresses }: SentBefore): string => {
  const address = recipientAmong(addresses)
  const parts = [nameOn(accountId), 'chats', chatOf(address), 'messages', messageIdIn(address, externalId, true)]
  return parts.map(encodeURIComponent).join('/')
}

export async function edit(reach: Reach, of: Edit): Promise<void> {
  await ask(reach, { method: 'PUT', path: pathOf(reach, of), body: { text: of.text } })
}

export async function unsend(reach: Reach, of: SentBefore): Promise<void> {
  await ask(reach, { method: 'DELETE', path: pathOf(reach, of) })
}

export async function markRead(reach: Reach, { externalId, to: addresses }: Read): Promise<void> {
  const address = recipientAmong(addresses)
  const messageIds = [messageIdIn(address, externalId, false)]
  await ask(reach, {
    path: 'sendSeen',
    body: { session: nameOn(reach.accountId), chatId: chatOf(address), messageIds },
  })
}

export async function showTyping(reach: Reach, { to: addresses }: Read): Promise<void> {
  const address = bestOf(addresses)
  if (address === null || isGroup(address)) return
  await ask(reach, { path: 'startTyping', body: { session: nameOn(reach.accountId), chatId: chatOf(address) } })
}
