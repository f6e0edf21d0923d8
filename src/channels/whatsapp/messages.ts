/** The messages of the Cloud API: those of customers, echoes of what our side wrote on its phone, and those of the past. */
import * as z from 'zod'
import type { Direction, EditEvent, MessageEvent, Peer, ReactionEvent } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { Id, type MetaError } from '../meta/meta.ts'
import { type Said, saidBy } from './content.ts'
import { Context, contentAround, isPlain, Referral } from './context.ts'
import { addressesIn, groupPeer, isAmong, isBusinessScopedId, personOf } from './people.ts'
import { isRow, keep, milliseconds, type Place, type ReadItem, type Row } from './place.ts'
import { readSystem } from './system.ts'

const Message = z.object({
  id: Id,
  type: maybe(z.string()),
  from: maybe(Id),
  from_user_id: maybe(Id),
  from_parent_user_id: maybe(Id),
  to: maybe(Id),
  to_user_id: maybe(Id),
  to_parent_user_id: maybe(Id),
  group_id: maybe(Id),
  timestamp: z.unknown().optional(),
  context: maybe(Context),
  referral: maybe(Referral),
  biz_opaque_callback_data: maybe(z.string()),
  history_context: maybe(z.object({ status: maybe(z.string()) })),
})
type Message = z.infer<typeof Message>

/** How a message is to be understood: whose it is, and whether it is news. */
interface Telling {
  direction: Direction
  peer(ownPhone: string | null): Peer | null
  history: boolean
  /** Before the message's id: a file of the past has the id of the message that it belongs to. */
  key: 'msg' | 'media'
}

export const readMessage: ReadItem = (place, item) =>
  read(place, item, (message) =>
    live(place, message, 'incoming', [message.from_user_id, message.from_parent_user_id, message.from]),
  )

/** Written on the business's own phone: the customer is whom it went to. */
export const readEcho: ReadItem = (place, item) =>
  read(place, item, (message) =>
    live(place, message, 'outgoing', [message.to_user_id, message.to_parent_user_id, message.to]),
  )

const live = (place: Place, message: Message, direction: Direction, addresses: (string | undefined)[]): Telling => ({
  direction,
  peer: (ownPhone) =>
    message.group_id === undefined ? personOf([...addresses, ownPhone], place.contacts) : groupPeer(message.group_id),
  history: false,
  key: 'msg',
})

/** `thread` names the customer: in the past, a message need not say whom it went to. */
export const readPast =
  (thread: (string | undefined)[]): ReadItem =>
  (place, item) =>
    read(place, item, (message) => past(place, message, thread, 'msg'))

/** The file of a message of the past that came as a placeholder, or comes as one later. */
export const readPastFile: ReadItem = (place, item) => read(place, item, (message) => past(place, message, [], 'media'))

function past(place: Place, message: Message, thread: (string | undefined)[], key: Telling['key']): Telling {
  const direction = directionIn(place, message, addressesIn(thread))
  const others =
    direction === 'incoming'
      ? [message.from_user_id, message.from_parent_user_id, message.from]
      : [message.to_user_id, message.to_parent_user_id, message.to]
  return { direction, peer: () => personOf([...thread, ...others], place.contacts), history: true, key }
}

/** Ours is what our number wrote. A number that is neither ours nor the customer's was ours before it changed. */
function directionIn({ ownNumber }: Place, { from, from_user_id }: Message, thread: string[]): Direction {
  const [author] = addressesIn([from])
  if (author !== undefined && ownNumber !== null && isAmong(author, [ownNumber])) return 'outgoing'
  if (author === undefined || from_user_id !== undefined || isBusinessScopedId(author)) return 'incoming'
  return thread.length === 0 || isAmong(author, thread) ? 'incoming' : 'outgoing'
}

function* read(place: Place, item: unknown, tellingOf: (message: Message) => Telling): Generator<Found> {
  const message = Message.safeParse(item).data
  if (!message || !isRow(item)) {
    yield keep(place, 'unknown', item)
    return
  }
  const telling = tellingOf(message)
  if (message.type === 'system') yield readSystem(place, message, item)
  else
    yield changeIn(place, message, item, telling) ??
      bubble(place, message, item, telling) ??
      nobodys(place, item, telling)
}

/** It does not say whose it is. */
const nobodys = (place: Place, item: Row, { key }: Telling) =>
  keep(place, key === 'media' ? 'history_media' : 'unknown', item)

const Reaction = z.object({ message_id: Id, emoji: maybe(z.string()) })
const Edit = z.object({ original_message_id: Id, message: z.looseObject({ type: maybe(z.string()) }) })
const Revoke = z.object({ original_message_id: Id })

/** What was done with an earlier message; null: it is none of that, or does not say with which. */
function changeIn(place: Place, message: Message, item: Row, { direction }: Telling): Found | null {
  const of = eventOf(place, message)
  switch (message.type) {
    case 'reaction': {
      const reaction = Reaction.safeParse(item.reaction).data
      return reaction
        ? { ...of, kind: 'reaction', direction, target: reaction.message_id, emoji: emojiOf(reaction) }
        : null
    }
    case 'edit': {
      const edit = Edit.safeParse(item.edit).data
      return edit ? editEvent(of, direction, edit) : null
    }
    case 'revoke': {
      const revoke = Revoke.safeParse(item.revoke).data
      return revoke ? { ...of, kind: 'delete', direction, target: revoke.original_message_id } : null
    }
    default:
      return null
  }
}

/** Without an emoji, or with an empty one, it was taken back. */
const emojiOf = ({ emoji }: z.infer<typeof Reaction>): ReactionEvent['emoji'] => emoji || null

/** The new words alone: `context` in there may be a placeholder, and no quote. What we cannot read takes no words away. */
function editEvent(
  of: ReturnType<typeof eventOf>,
  direction: Direction,
  { original_message_id: target, message }: z.infer<typeof Edit>,
): EditEvent | null {
  const said = saidBy(message.type, message)
  if (said.type === 'unsupported') return null
  return { ...of, kind: 'edit', direction, target, text: said.text, rank: of.occurredAt ?? 0 }
}

const eventOf = ({ accountId }: Place, { id, timestamp }: Message) => ({
  dedupeKey: `msg:${id}`,
  accountId,
  occurredAt: milliseconds(timestamp),
})

function bubble(place: Place, message: Message, item: Row, telling: Telling): MessageEvent | null {
  const said = saidBy(message.type, item, besides(place, telling))
  const peer = telling.peer(said.ownPhone)
  return (
    peer && {
      ...eventOf(place, message),
      kind: 'message',
      dedupeKey: `${telling.key}:${message.id}`,
      direction: telling.direction,
      externalId: message.id,
      peer,
      type: said.type,
      text: said.text,
      media: said.media,
      content: { ...said.content, ...contentAround(message.context, message.referral) },
      replyTo: message.context?.id ?? null,
      attemptId: message.biz_opaque_callback_data ?? null,
      appId: null,
      group: message.group_id !== undefined,
      history: telling.history,
      raw: isWhole(said, message, item) ? null : item,
    }
  )
}

/** An error beside customers' messages says why one of them cannot be shown. */
const besides = (place: Place, { history }: Telling): MetaError[] => (history ? [] : place.errors)

/** How far an answer of the past got is not told on: but that it failed is kept. */
const isWhole = (said: Said, message: Message, item: Row) =>
  said.whole && message.history_context?.status !== 'ERROR' && isPlain(message.type, item)
