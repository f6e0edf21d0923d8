/** A message of a chat: new, or in other words than before. */
import * as z from 'zod'
import type { Direction, Peer } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { phoneOf } from '../phone.ts'
import { type Address, addressOf, messageIdOf } from './address.ts'
import { contentOf, ownNumber } from './content.ts'
import { keep, type Place } from './place.ts'
import { Envelope, Id, isGroup, milliseconds, nameOf, type Row } from './shape.ts'

/** Of a service message: what happened to the chat. Said by no one, and shown to no one. */
const OF_THE_CHAT =
  /^(?:new_chat_|left_chat_|delete_chat_|group_chat_created|supergroup_chat_created|channel_chat_created|message_auto_delete_|migrate_|pinned_message|successful_payment|refunded_payment|invoice|users_shared|chat_shared|connected_website|write_access_allowed|passport_data|proximity_alert_|boost_added|chat_background_set|checklist_tasks_|direct_message_price_|forum_topic_|general_forum_topic_|giveaway_created|giveaway_completed|paid_message_price_|video_chat_|web_app_data|suggested_post_)/

export function readMessage(item: Row, place: Place): Found[] {
  const message = Envelope.safeParse(item).data
  if (!message) return [keep(place, 'unknown')]
  const moved = movedOf(item, message, place)
  if (moved) return [moved]
  if (message.chat.type === 'channel') return []
  if (Object.keys(item).some((key) => OF_THE_CHAT.test(key))) return [keep(place, 'system')]

  const { direction, address } = partiesOf(message, place)
  const { type, text, media, content, whole } = contentOf(item, message)
  const externalId = messageIdOf(address, message.message_id)
  const { reply_to_message: answered, sender_business_bot: bot } = message
  return [
    {
      kind: 'message',
      dedupeKey: `${direction === 'incoming' ? 'msg' : 'echo'}:${externalId}`,
      accountId: place.accountId,
      occurredAt: milliseconds(item.date),
      direction,
      externalId,
      peer: peerOf(message, address, direction, ownNumber(item, message.from)),
      ...{ type, text, media, content },
      replyTo: answered ? messageIdOf(address, answered.message_id) : null,
      attemptId: null,
      appId: bot?.id ?? null,
      group: isGroup(message.chat),
      history: false,
      raw: whole ? null : item,
    },
  ]
}

/** Also a place that moves on: what it says from now on is told whole. */
export function readEdit(item: Row, place: Place): Found[] {
  const message = Envelope.safeParse(item).data
  if (!message) return [keep(place, 'unknown')]
  if (message.chat.type === 'channel') return []
  const { direction, address } = partiesOf(message, place)
  const { text, content } = contentOf(item, message)
  const at = milliseconds(item.edit_date) ?? milliseconds(item.date)
  return [
    {
      kind: 'edit',
      dedupeKey: `upd:${place.updateId}`,
      accountId: place.accountId,
      occurredAt: at,
      direction,
      target: messageIdOf(address, message.message_id),
      ...{ text, content },
      rank: place.within(at) ?? 1,
    },
  ]
}

/** Whoever speaks in a chat with the bot is the customer; in one of somebody's own account it may be its owner. */
export function partiesOf(
  { chat, from, business_connection_id }: Pick<Envelope, 'chat' | 'from' | 'business_connection_id'>,
  { accountId }: Pick<Place, 'accountId'>,
): { direction: Direction; address: Address } {
  const connection = business_connection_id ?? null
  const ofOwner = connection !== null && from !== undefined && from.id !== chat.id
  const outgoing = ofOwner || from?.id === accountId
  return { direction: outgoing ? 'outgoing' : 'incoming', address: { chat: chat.id, connection } }
}

/** A group is one peer, called as the group is. */
export function peerOf(
  { chat, from }: Pick<Envelope, 'chat' | 'from'>,
  address: Address,
  direction: Direction,
  phone: string | null = null,
): Peer {
  const speaks = isGroup(chat) || direction === 'outgoing' ? chat : (from ?? chat)
  return {
    externalIds: [addressOf(address)],
    phone: isGroup(chat) || phone === null ? null : phoneOf(phone),
    profileName: nameOf(speaks),
    ...(speaks.username ? { username: speaks.username } : {}),
  }
}

const Moved = z.object({ migrate_to_chat_id: maybe(Id), migrate_from_chat_id: maybe(Id) })

/** A group became a supergroup, under another id: told in the old one and in the new. */
function movedOf(item: Row, { chat }: Envelope, { accountId, updateId }: Place): Found | null {
  const { migrate_to_chat_id: to, migrate_from_chat_id: from } = Moved.parse(item)
  if (to === undefined && from === undefined) return null
  return {
    kind: 'identity',
    dedupeKey: `upd:${updateId}`,
    accountId,
    occurredAt: milliseconds(item.date),
    known: [from ?? chat.id],
    also: [to ?? chat.id],
    phone: null,
    note: null,
  }
}
