/** One update of Telegram in, our events out. */
import * as z from 'zod'
import type { DeleteEvent, InboundEvent, MessageEvent, NoteEvent, ReactionEvent } from '../events.ts'
import { eachOnce, type Found } from '../found.ts'
import { readJson, sha256 } from '../json.ts'
import { maybe } from '../maybe.ts'
import { messageIdOf } from './address.ts'
import { peerOf, readEdit, readMessage } from './message.ts'
import { keep, type Place } from './place.ts'
import { emojiOf } from './reactions.ts'
import { Chat, ConnectionId, Id, isGroup, isRow, milliseconds, type Row, User } from './shape.ts'

export async function parseUpdate(rawBody: Uint8Array, accountId: string): Promise<InboundEvent[]> {
  const body = readJson(rawBody)
  if (body.readable) return eachOnce(readUpdate(body.value, accountId))
  const dedupeKey = `ev:${await sha256(rawBody)}`
  return [{ kind: 'kept', what: 'unknown', dedupeKey, accountId, occurredAt: null, raw: body.text }]
}

type Read = (item: Row, place: Place) => Found[]

function readUpdate(update: unknown, accountId: string): Found[] {
  const updateId = isRow(update) ? Id.safeParse(update.update_id).data : undefined
  if (!isRow(update) || updateId === undefined)
    return [keep({ accountId, update: isRow(update) ? update : { update } }, 'unknown')]
  const place: Place = {
    accountId,
    updateId,
    update,
    within: (at) => (at === null ? null : at + Number(updateId.slice(-3))),
  }
  const kinds = Object.keys(update).filter((kind) => kind !== 'update_id')
  if (kinds.length === 0) return [keep(place, 'unknown')]
  return kinds.flatMap((kind) => {
    const [item, read] = [update[kind], READERS.get(kind)]
    if (read && isRow(item)) return read(item, place)
    return IGNORED.has(kind) ? [] : [keep(place, 'unknown')]
  })
}

/** What concerns no conversation of ours. */
const IGNORED = new Set([
  ...['channel_post', 'edited_channel_post', 'guest_message', 'inline_query', 'chosen_inline_result', 'shipping_query'],
  ...['pre_checkout_query', 'purchased_paid_media', 'poll', 'poll_answer', 'chat_member', 'chat_join_request'],
  ...['chat_boost', 'removed_chat_boost', 'message_reaction_count', 'managed_bot'],
])

const Callback = z.object({
  id: z.string().regex(/^[\w-]{1,128}$/),
  from: User,
  data: maybe(z.string()),
  message: maybe(
    z.object({
      message_id: Id,
      chat: Chat,
      business_connection_id: maybe(ConnectionId),
      reply_markup: maybe(z.object({ inline_keyboard: z.array(z.array(z.unknown())) })),
    }),
  ),
})

/** What a pressed button is known by: it has no message of its own. */
export const PRESSED = 'cb:'

const readCallback: Read = (item, place) => {
  const pressed = Callback.safeParse(item).data
  if (!pressed) return [keep(place, 'unknown')]
  const { id, from, data, message } = pressed
  const chat = message?.chat ?? { id: from.id, type: 'private' }
  if (chat.type === 'channel') return []
  const address = { chat: chat.id, connection: message?.business_connection_id ?? null }
  const title = titleOf(message?.reply_markup?.inline_keyboard ?? [], data) ?? data ?? ''
  const event: MessageEvent = {
    kind: 'message',
    dedupeKey: `pb:${PRESSED}${id}`,
    accountId: place.accountId,
    occurredAt: null, // Telegram does not say when
    direction: 'incoming',
    externalId: `${PRESSED}${id}`,
    peer: peerOf({ chat, from }, address, 'incoming'),
    type: 'interactive',
    text: title || null,
    media: [],
    content: { choice: { title, ...(data === undefined ? {} : { payload: data }) } },
    replyTo: message ? messageIdOf(address, message.message_id) : null,
    attemptId: null,
    appId: null,
    group: isGroup(chat),
    history: false,
    raw: null,
  }
  return [event]
}

const Button = z.object({ text: z.string(), callback_data: z.string() })

function titleOf(rows: unknown[][], data: string | undefined): string | undefined {
  const buttons = rows.flat().flatMap((button) => Button.safeParse(button).data ?? [])
  return buttons.find(({ callback_data }) => callback_data === data)?.text
}

const Reaction = z.object({
  chat: Chat,
  message_id: Id,
  user: maybe(User),
  date: z.unknown().optional(),
  new_reaction: z.array(z.unknown()),
})

const readReaction: Read = (item, place) => {
  const reaction = Reaction.safeParse(item).data
  if (!reaction) return [keep(place, 'unknown')]
  const { chat, user, new_reaction: list, date, message_id } = reaction
  if (chat.type === 'channel') return []
  const event: ReactionEvent = {
    kind: 'reaction',
    dedupeKey: `upd:${place.updateId}`,
    accountId: place.accountId,
    occurredAt: place.within(milliseconds(date)), // given and taken back within a second, the last word counts
    direction: user?.id === place.accountId ? 'outgoing' : 'incoming',
    target: messageIdOf({ chat: chat.id, connection: null }, message_id),
    emoji: emojiOf(list),
  }
  return [event]
}

const Membership = z.object({
  chat: Chat,
  from: maybe(User),
  date: z.unknown().optional(),
  new_chat_member: z.object({ status: z.string() }),
})

/** A person who blocks the bot, or lets it speak again; in a group it was let in, or put out. */
const readMembership: Read = (item, place) => {
  const membership = Membership.safeParse(item).data
  if (!membership) return [keep(place, 'unknown')]
  const { chat, from, date, new_chat_member: now } = membership
  if (chat.type !== 'private') return [keep(place, 'system')]
  const address = { chat: chat.id, connection: null }
  const note: NoteEvent = {
    kind: 'note',
    what: now.status === 'kicked' ? 'blocked' : 'unblocked',
    dedupeKey: `upd:${place.updateId}`,
    accountId: place.accountId,
    occurredAt: milliseconds(date),
    peer: peerOf({ chat, from }, address, 'incoming'),
    content: {},
  }
  return [note]
}

const Deleted = z.object({
  business_connection_id: ConnectionId,
  chat: Chat,
  message_ids: z.array(Id),
})

const readDeleted: Read = (item, place) => {
  const deleted = Deleted.safeParse(item).data
  if (!deleted) return [keep(place, 'unknown')]
  const address = { chat: deleted.chat.id, connection: deleted.business_connection_id }
  return deleted.message_ids.map((messageId): DeleteEvent => {
    const target = messageIdOf(address, messageId)
    const { accountId } = place
    return { kind: 'delete', dedupeKey: `del:${target}`, accountId, occurredAt: null, direction: 'incoming', target }
  })
}

const READERS = new Map<string, Read>([
  ['message', readMessage],
  ['business_message', readMessage],
  ['edited_message', readEdit],
  ['edited_business_message', readEdit],
  ['callback_query', readCallback],
  ['message_reaction', readReaction],
  ['my_chat_member', readMembership],
  ['deleted_business_messages', readDeleted],
  /** Somebody lets the bot answer for their own account, or no longer: each message names the connection that it came by. */
  ['business_connection', (_, place) => [keep(place, 'business_connection')]],
])
