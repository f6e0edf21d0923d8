/** What the provider would have sent for a line that is more than text: kept whole, drawn later. */
import type { ChannelName } from '../../src/db/records.ts'

export interface Item {
  channel: ChannelName
  peer: string
  externalId: string
  type: string
  text: string | null
  content: unknown
  occurredAt: number
}

export function providerItem(item: Item): unknown {
  const seconds = Math.floor(item.occurredAt / 1_000)
  switch (item.channel) {
    case 'whatsapp':
      return {
        from: item.peer,
        id: item.externalId,
        timestamp: String(seconds),
        type: item.type,
        [item.type]: withCaption(item),
      }
    case 'telegram':
      return {
        message_id: Number(item.externalId.split(':')[1]),
        date: seconds,
        chat: { id: Number(item.peer) },
        [item.type]: item.content,
      }
    case 'evolution':
      return {
        key: { remoteJid: item.peer, fromMe: false, id: item.externalId },
        messageTimestamp: seconds,
        [item.type]: item.content,
      }
    case 'instagram':
    case 'messenger':
      return { mid: item.externalId, attachments: [{ type: item.type, payload: item.content }] }
  }
}

const withCaption = ({ type, text, content }: Item) =>
  text && ['image', 'video', 'document'].includes(type) ? { ...(content as object), caption: text } : content
