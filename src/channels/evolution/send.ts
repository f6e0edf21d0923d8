/** A message of ours, as an Evolution server wants each kind of it; and the small signs: read, typing. */
import * as z from 'zod'
import { addressOf, bestOf, isGroup, isHidden, jidOf } from '../baileys/jids.ts'
import { Id, words } from '../baileys/lenient.ts'
import { ChannelError, type Outbound, type OutboundMedia, type Reach, type Read, type Sent } from '../channel.ts'
import type { Content, MediaKind } from '../content.ts'
import { isPhone } from '../phone.ts'
import { ask, unreadable } from './rest.ts'

const Accepted = z.object({ key: z.object({ id: Id, remoteJid: words }) })

export async function send(reach: Reach, message: Outbound): Promise<Sent> {
  const build = Object.hasOwn(CALLS, message.type) ? CALLS[message.type] : undefined
  if (!build) throw impossible('not_offered', `A message of type ${message.type} cannot be sent here.`)
  const { path, body } = await build(message, recipientAmong(message.to))
  const accepted = Accepted.safeParse(await ask(reach, { path: `message/${path}`, body })).data
  if (!accepted) throw unreadable()
  const { id, remoteJid } = accepted.key
  return { externalId: id, address: addressOf(remoteJid) }
}

/** Nothing was sent, and nothing will be: what we were asked to send cannot leave by this channel. */
const impossible = (code: string, detail: string) => new ChannelError({ class: 'permanent', code, detail })

function recipientAmong(addresses: string[]): string {
  const address = bestOf(addresses)
  if (address === null) throw impossible('no_address', 'None of the addresses can be written to.')
  return address
}

/** Digits alone for a number: the server knows about Brazil's ninth digit. All else by its whole name. */
const numberOf = (address: string) => (isPhone(address) ? address : jidOf(address))

interface Call {
  path: string
  body: object
}
type Build = (message: Outbound, address: string) => Call | Promise<Call>

/** The server finds the quoted message by its id. */
const quoteOf = ({ replyTo }: Outbound, address: string) =>
  replyTo === null ? {} : { quoted: { key: { id: replyTo, remoteJid: jidOf(address) } } }

const to = (message: Outbound, address: string) => ({ number: numberOf(address), ...quoteOf(message, address) })

const CALLS: Record<string, Build> = {
  text: (message, address) => ({
    path: 'sendText',
    body: { ...to(message, address), text: message.text ?? '', linkPreview: true },
  }),
  image: file('image'),
  video: file('video'),
  document: file('document'),
  audio: async (message, address) => {
    const media = bare(message)
    if (!media.voice) return file('audio')(message, address)
    return { path: 'sendWhatsAppAudio', body: { ...to(message, address), audio: await addressed(media) } }
  },
  sticker: async (message, address) => ({
    path: 'sendSticker',
    body: { ...to(message, address), sticker: await addressed(bare(message)) },
  }),
  location: (message, address) => {
    const { latitude, longitude, name = '', address: street = '' } = given(message.content.location, 'a place')
    return { path: 'sendLocation', body: { ...to(message, address), latitude, longitude, name, address: street } }
  },
  contacts: (message, address) => ({
    path: 'sendContact',
    body: { ...to(message, address), contact: given(message.content.contacts, 'contacts').map(cardOf) },
  }),
  reaction: ({ replyTo, text }, address) => ({
    path: 'sendReaction',
    // Only what customers wrote is reacted to.
    body: {
      key: { remoteJid: jidOf(address), fromMe: false, id: given(replyTo, 'a message to react to') },
      reaction: text ?? '',
    },
  }),
}

function given<T>(part: T | null | undefined, what: string): T {
  if (part === null || part === undefined) throw impossible('incomplete', `The message lacks ${what}.`)
  return part
}

/** It takes no words: rather than losing them on the way, it does not go. */
function bare({ media, text, type }: Outbound): OutboundMedia {
  if (text) throw impossible('no_caption', `No words are shown under a message of type ${type}.`)
  return given(media, 'its file')
}

function file(mediatype: MediaKind): Build {
  return async (message, address) => {
    const media = given(message.media, 'its file')
    const fileName = media.fileName ?? `${media.kind}.${media.mimeType.split('/')[1] ?? 'bin'}`
    return {
      path: 'sendMedia',
      body: {
        ...to(message, address),
        ...{ mediatype, mimetype: media.mimeType, fileName, media: await addressed(media) },
        ...(message.text ? { caption: message.text } : {}),
      },
    }
  }
}

/** The server fetches it. Whatever goes wrong before it is asked, nothing was sent. */
async function addressed(media: OutboundMedia): Promise<string> {
  try {
    return await media.publicUrl()
  } catch {
    throw new ChannelError({ class: 'retryable', code: 'file', detail: 'The file has no address.' })
  }
}

function cardOf({ name, phones, emails, organization }: NonNullable<Content['contacts']>[number]) {
  const number = phones[0]?.number ?? ''
  return {
    fullName: name,
    wuid: number.replaceAll(/\D/g, ''),
    phoneNumber: number,
    ...(emails?.[0] ? { email: emails[0] } : {}),
    ...(organization ? { organization } : {}),
  }
}

/** Up to a message of the customer's. The server passes over the ids that hide a number: without one there is nothing to say. */
export async function markRead(reach: Reach, { externalId, to: addresses }: Read): Promise<void> {
  const address = bestOf(addresses)
  if (address === null || isHidden(address)) return
  const readMessages = [{ remoteJid: jidOf(address), fromMe: false, id: externalId }]
  await ask(reach, { path: 'chat/markMessageAsRead', body: { readMessages } })
}

/** The server answers when it has shown it that long: no longer than a glance. */
const TYPING_MS = 1_200

export async function showTyping(reach: Reach, { to: addresses }: Read): Promise<void> {
  const address = bestOf(addresses)
  if (address === null || isGroup(address)) return
  const body = { number: numberOf(address), delay: TYPING_MS, presence: 'composing' }
  await ask(reach, { path: 'chat/sendPresence', body })
}
