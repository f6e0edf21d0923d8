/**
 * Where a chat is reached, and what a message of it is called. A chat with the bot is known by its id alone; one that the
 * bot answers for somebody's own account (Telegram Business) by the connection as well: both may be with the same person,
 * and each counts its messages by itself.
 */

export interface Address {
  chat: string
  connection: string | null
}

const ADDRESS = /^(?:([\w-]{1,128}):)?(-?\d{1,20})$/
const MESSAGE = /^(.+):(\d{1,20})$/

export const addressOf = ({ chat, connection }: Address) => (connection === null ? chat : `${connection}:${chat}`)

export const messageIdOf = (address: Address, messageId: string) => `${addressOf(address)}:${messageId}`

/** Null: no address of ours. */
export function readAddress(text: string): Address | null {
  const [, connection = null, chat] = ADDRESS.exec(text) ?? []
  return chat === undefined ? null : { chat, connection }
}

/** The place of a message and its number there; null: it is no message, such as a button that was pressed. */
export function readMessageId(text: string): { address: Address; messageId: number } | null {
  const [, place = '', digits] = MESSAGE.exec(text) ?? []
  const address = readAddress(place)
  return address && digits !== undefined ? { address, messageId: Number(digits) } : null
}
