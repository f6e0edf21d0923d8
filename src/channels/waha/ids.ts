/** WAHA's names for messages and chats: `true_5511…@c.us_3EB0…`. */
import { addressOf, isGroup, jidOf } from '../baileys/jids.ts'
import { isPhone } from '../phone.ts'

export interface MessageId {
  fromMe: boolean
  /** A jid. */
  chat: string
  /** WhatsApp's own: drawn by chance, and what other events call the message by. */
  id: string
  /** In a group, who wrote it. */
  participant: string | null
}

const MESSAGE_ID = /^(true|false)_([^_\s]{1,160}@[a-z.]{1,32})_([^_\s]{1,128})(?:_(\S{1,200}))?$/

export function readMessageId(text: string): MessageId | null {
  const [, fromMe, chat, id, participant = null] = MESSAGE_ID.exec(text) ?? []
  if (chat === undefined || id === undefined) return null
  return { fromMe: fromMe === 'true', chat, id, participant }
}

/** Of whatever form of an id there is, the part that is the same in all of them. */
export const bareId = (text: string): string => readMessageId(text)?.id ?? text

/** An address of ours as WAHA writes it. */
export const chatOf = (address: string): string => (isPhone(address) ? `${address}@c.us` : jidOf(address))

/** The whole name of a message in that chat. */
export const messageIdIn = (address: string, id: string, fromMe: boolean): string =>
  `${fromMe}_${chatOf(address)}_${id}`

export const isGroupChat = (chat: string): boolean => isGroup(addressOf(chat) ?? '')
