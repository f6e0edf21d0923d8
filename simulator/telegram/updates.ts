/** What Telegram posts: one update a call, and in it a message as every part of the Bot API writes it. */
import type { Simulation, Told } from '../provider.ts'
import type { Customer, File, Inbox, Message } from '../state.ts'
import { asUser, connectionOf, groupChat, OWNER, person, privateChat } from './bots.ts'

const seconds = (at: number) => Math.floor(at / 1000)

/** Each number is greater than the one before, also after a restart: it is at least as great as the time says. */
function climbing(everyMs: number): () => number {
  let last = 0
  return () => {
    last = Math.max(last + 1, Math.floor(Date.now() / everyMs) % 1_000_000_000)
    return last
  }
}

export const nextUpdateId = climbing(10)

const nextNumber = climbing(100)
export const nextMessageId = () => String(nextNumber())

export function update(kind: string, item: object): Told {
  return { about: kind, body: JSON.stringify({ update_id: nextUpdateId(), [kind]: item }) }
}

/** In which kind of chat a message of the phone was written. */
export type Where = 'private' | 'group' | 'supergroup' | 'business'
export const whereOf = ({ wire }: Message): Where => (wire.where as Where | undefined) ?? 'private'

export const chatOf = (inbox: Inbox, customer: Customer, where: Where) =>
  where === 'group' || where === 'supergroup' ? groupChat(inbox, where === 'supergroup') : privateChat(customer, inbox)

/** A file's id as a bot is told it. */
export const fileIdOf = ({ id }: File) => `BQACAgEAAx-${id}`
export const fileOfId = (fileId: string) => /^BQACAgEAAx-(\d{1,20})$/.exec(fileId)?.[1] ?? ''

export const fileFields = (file: File) => ({
  file_id: fileIdOf(file),
  file_unique_id: `AgAD${file.id}`,
  file_size: file.bytes,
})

/** The message as it stands in an update or in an answer. */
export function messageItem(
  of: Simulation,
  inbox: Inbox,
  customer: Customer,
  message: Message,
): Record<string, unknown> {
  const { where: _, ...content } = message.wire
  const where = whereOf(message)
  const ours = message.from === 'business'
  const byOwner = ours && content.byOwner === true
  const { byOwner: __, ...parts } = content
  const answered = message.replyTo === null ? undefined : of.world.find(inbox.key, message.replyTo)?.message
  return {
    message_id: Number(message.id),
    from: byOwner ? OWNER : ours ? asUser(inbox.accountId) : person(customer, inbox),
    chat: chatOf(inbox, customer, where),
    date: seconds(message.at),
    ...(where === 'business' ? { business_connection_id: connectionOf(inbox) } : {}),
    ...(answered ? { reply_to_message: { ...shortItem(inbox, customer, answered) } } : {}),
    ...wordsOf(message, parts),
    ...parts,
  }
}

const shortItem = (inbox: Inbox, customer: Customer, message: Message) => ({
  message_id: Number(message.id),
  from: message.from === 'business' ? asUser(inbox.accountId) : person(customer, inbox),
  chat: chatOf(inbox, customer, whereOf(message)),
  date: seconds(message.at),
  text: message.text,
})

/** Words are the text of a message, or the caption of a file. */
function wordsOf({ text, files }: Message, parts: Record<string, unknown>): Record<string, unknown> {
  if (text === '' || 'text' in parts || 'dice' in parts || 'poll' in parts) return {}
  return files.length > 0 ? { caption: text } : { text }
}

export const kindOf = (message: Message) => (whereOf(message) === 'business' ? 'business_message' : 'message')

export function edited(of: Simulation, inbox: Inbox, customer: Customer, message: Message): Told {
  const item = { ...messageItem(of, inbox, customer, message), edit_date: seconds(Date.now()) }
  return update(`edited_${kindOf(message)}`, item)
}
