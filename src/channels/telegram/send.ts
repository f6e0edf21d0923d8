/** What is sent, one call a message; and the small signs: a reaction, that somebody types. */
import * as z from 'zod'
import { ChannelError, type Outbound, type OutboundMedia, type Reach, type Read, type Sent } from '../channel.ts'
import type { Content } from '../content.ts'
import { multipart } from '../multipart.ts'
import { type Address, addressOf, messageIdOf, readAddress, readMessageId } from './address.ts'
import { callBot, Migrated } from './api.ts'
import { entitiesOf } from './marks.ts'
import { theirName } from './reactions.ts'
import { Chat, Id } from './shape.ts'

const refused = (code: string, detail: string) => new ChannelError({ class: 'permanent', code, detail })

/** A group that moved says where to, and took nothing: what was meant for it goes there, once. */
export async function send(reach: Reach, message: Outbound): Promise<Sent> {
  const address = placeOf(message.to)
  try {
    return await sendTo(reach, address, message)
  } catch (error) {
    if (!(error instanceof Migrated)) throw ofOneGroup(error, address)
    const moved = { ...address, chat: error.chat }
    return { ...(await sendTo(reach, moved, message)), address: addressOf(moved) }
  }
}

/** A group takes twenty messages a minute: asked to slow down there, we go on elsewhere. */
function ofOneGroup(error: unknown, { chat }: Address): unknown {
  if (!(error instanceof ChannelError) || error.class !== 'throttled' || !chat.startsWith('-')) return error
  const { class: kind, code, message: detail, retryAfterMs } = error
  return new ChannelError({ class: kind, code, detail, retryAfterMs, recipientOnly: true })
}

/** The newest of the customer's addresses. */
export function placeOf([newest]: string[]): Address {
  const address = newest === undefined ? null : readAddress(newest)
  if (address === null) throw refused('no_address', 'None of the addresses can be written to.')
  return address
}

const Accepted = z.object({ message_id: Id, chat: Chat.pick({ id: true }) })

async function sendTo(reach: Reach, address: Address, message: Outbound): Promise<Sent> {
  if (message.type === 'reaction') return react(reach, address, message)
  const fields = { ...chatOf(address), ...replyOf(message.replyTo) }
  const { method, body } = message.media
    ? await fileOf(message, message.media, fields)
    : { ...saidBy(message), body: { ...fields, ...saidBy(message).body } }
  const accepted = Accepted.safeParse(await callBot(reach, method, body)).data
  if (!accepted)
    throw new ChannelError({ class: 'ambiguous', code: 'unreadable', detail: 'The answer names no message.' })
  return { externalId: messageIdOf({ ...address, chat: accepted.chat.id }, accepted.message_id), address: null }
}

export const chatOf = ({ chat, connection }: Address) => ({
  chat_id: Number(chat),
  ...(connection === null ? {} : { business_connection_id: connection }),
})

/** An answer stays one where the answered message is gone; to the press of a button there is none. */
function replyOf(replyTo: string | null) {
  const answered = replyTo === null ? null : readMessageId(replyTo)
  if (answered === null) return {}
  return { reply_parameters: { message_id: answered.messageId, allow_sending_without_reply: true } }
}

interface Said {
  method: string
  body: Record<string, unknown>
}

/** Always with entities, never with a mode of parsing: no sign in the words means anything to Telegram. */
export function wordsOf(words: string, textField: 'text' | 'caption') {
  const { text, entities } = entitiesOf(words)
  const entitiesField = textField === 'text' ? 'entities' : 'caption_entities'
  return { [textField]: text, ...(entities.length > 0 ? { [entitiesField]: entities } : {}) }
}

function saidBy({ type, text, content }: Outbound): Said {
  const { buttons, location, contacts } = content
  if (type === 'text') return { method: 'sendMessage', body: wordsOf(text ?? '', 'text') }
  if (type === 'interactive' && buttons) return { method: 'sendMessage', body: withButtons(text, buttons) }
  if (type === 'location' && location) return placed(location)
  const [card] = type === 'contacts' ? (contacts ?? []) : []
  if (card) return carded(card)
  throw refused('not_offered', `A message of type ${type} cannot be sent here.`)
}

/** There is neither header nor footer here: their words stand around the others. */
export function withButtons(text: string | null, { header, footer, buttons }: NonNullable<Content['buttons']>) {
  return {
    ...wordsOf([header, text, footer].filter(Boolean).join('\n\n'), 'text'),
    reply_markup: { inline_keyboard: buttons.map(({ id, title }) => [{ text: title, callback_data: id }]) },
  }
}

/** With a name it is a venue, which has an address as well. */
function placed({ latitude, longitude, name, address }: NonNullable<Content['location']>): Said {
  if (!name && !address) return { method: 'sendLocation', body: { latitude, longitude } }
  const called = { title: name ?? address, address: address ?? `${latitude}, ${longitude}` }
  return { method: 'sendVenue', body: { latitude, longitude, ...called } }
}

function carded({ name, phones }: NonNullable<Content['contacts']>[number]): Said {
  const [phone] = phones
  if (!phone) throw refused('not_offered', 'A contact without a number cannot be sent here.')
  return { method: 'sendContact', body: { phone_number: phone.number, first_name: name } }
}

/** What a file is sent by, and under which name it stands in the form. */
const WAYS: Record<OutboundMedia['kind'], readonly [method: string, field: string]> = {
  image: ['sendPhoto', 'photo'],
  video: ['sendVideo', 'video'],
  audio: ['sendAudio', 'audio'],
  document: ['sendDocument', 'document'],
  sticker: ['sendSticker', 'sticker'],
}

function wayOf({ kind, mimeType, voice }: OutboundMedia): readonly [method: string, field: string] {
  if (kind === 'audio' && voice) return ['sendVoice', 'voice']
  return mimeType === 'image/gif' ? ['sendAnimation', 'animation'] : WAYS[kind]
}

/** The attempt's id is known to nobody who could have put it into a file. */
async function fileOf({ text, attemptId }: Outbound, media: OutboundMedia, fields: Record<string, unknown>) {
  const [method, field] = wayOf(media)
  const { kind, mimeType, bytes } = media
  const caption = text ? wordsOf(text, 'caption') : {}
  const form = Object.entries({ ...fields, ...caption }).map(([key, value]) => [key, asField(value)])
  const file = { field, name: media.fileName ?? kind, mimeType, bytes, stream: await opened(media) }
  return { method, body: multipart(`prosa-${attemptId}`, Object.fromEntries(form), file) }
}

const asField = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

async function opened(media: OutboundMedia): Promise<ReadableStream<Uint8Array>> {
  try {
    return await media.open()
  } catch (thrown) {
    if (thrown instanceof ChannelError) throw thrown
    throw new ChannelError({ class: 'retryable', code: 'file', detail: 'The file could not be read.' })
  }
}

/** Telegram names no reaction of ours: it is known by its attempt. */
async function react(reach: Reach, address: Address, { text: emoji, replyTo, attemptId }: Outbound): Promise<Sent> {
  const target = replyTo === null ? null : readMessageId(replyTo)
  if (target === null || address.connection !== null) throw refused('not_offered', 'There is nothing to react to here.')
  const reaction = emoji === null ? [] : [{ type: 'emoji', emoji: theirName(emoji) }]
  await callBot(reach, 'setMessageReaction', { ...chatOf(address), message_id: target.messageId, reaction })
  return { externalId: `rx:${attemptId}`, address: null }
}

/** For five seconds, or until we answer. */
export async function showTyping(reach: Reach, { to }: Read): Promise<void> {
  await callBot(reach, 'sendChatAction', { ...chatOf(placeOf(to)), action: 'typing' })
}

/** Whoever writes to a bot sees no ticks; only in the chats of somebody's own account is there something to mark. */
export async function markRead(reach: Reach, { to, externalId }: Read): Promise<void> {
  const { chat, connection } = placeOf(to)
  const message = readMessageId(externalId)
  if (connection === null || message === null) return
  await callBot(reach, 'readBusinessMessage', { ...chatOf({ chat, connection }), message_id: message.messageId })
}
