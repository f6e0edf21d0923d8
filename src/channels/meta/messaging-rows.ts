/** What the rows of Messenger and Instagram tell, kind by kind. */
import * as z from 'zod'
import type { AccountEvent, MessageEvent } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { contentOf, Message, Referral, referralOf } from './messaging-content.ts'
import { isRow, keep, milliseconds, type Place, partiesOf, type Read, rowOf, unreadable } from './messaging-row.ts'
import { Id } from './meta.ts'

export function readRow(item: unknown, place: Place): Found[] {
  if (!isRow(item)) return [keep(place, 'unknown', item)]
  const row = rowOf(item, place)
  const told = Object.entries(READERS).flatMap(([kind, read]) => {
    const value = item[kind]
    return isRow(value) ? [read(value, row)] : []
  })
  return told.length > 0 ? told.flat() : unreadable(row)
}

const readMessage: Read = (value, row) => {
  if (value.is_self === true || (row.from !== undefined && row.from === row.to)) return [] // the account's test of itself
  const message = Message.safeParse(value).data
  const parties = partiesOf(row, message?.is_echo)
  if (!message || !parties) return unreadable(row)

  const { mid } = message
  const { direction, peer } = parties
  const { accountId, at: occurredAt, dialect, standby, item } = row
  if (message.is_deleted) {
    return [{ kind: 'delete', dedupeKey: `del:${mid}`, accountId, occurredAt, direction, target: mid }]
  }
  const { type, text, media, content, whole } = contentOf(message, value, dialect)
  return [
    {
      kind: 'message',
      dedupeKey: `${direction === 'outgoing' ? 'echo' : 'msg'}:${mid}`,
      accountId,
      occurredAt,
      direction,
      externalId: mid,
      peer,
      type,
      text,
      media,
      content: standby ? { ...content, standby } : content,
      replyTo: message.reply_to?.mid ?? null,
      attemptId: message.metadata ?? null,
      appId: message.app_id ?? null,
      group: false,
      history: false,
      raw: whole ? null : item,
    },
  ]
}

const Postback = z.object({
  mid: maybe(Id),
  title: maybe(z.string()),
  payload: maybe(z.string()),
  referral: maybe(Referral),
})

const readPostback: Read = (value, row) => {
  const { mid, title, payload, referral } = Postback.parse(value)
  const parties = partiesOf(row)
  if (!parties) return unreadable(row)

  const { accountId, at: occurredAt, from, item, dialect, standby } = row
  const pressed = (key: string, externalId: string): MessageEvent => ({
    kind: 'message',
    dedupeKey: `pb:${key}`,
    accountId,
    occurredAt,
    ...parties,
    externalId,
    type: 'postback',
    text: title || null,
    media: [],
    content: {
      choice: { title: title ?? payload ?? '', payload },
      ...(referral ? { referral: referralOf(referral, dialect) } : {}),
      ...(standby ? { standby } : {}),
    },
    replyTo: null,
    attemptId: null,
    appId: null,
    group: false,
    history: false,
    raw: referral ? item : null,
  })
  if (mid !== undefined) return [pressed(mid, mid)]
  return [{ says: [from, item.timestamp, payload ?? title], named: (hash) => pressed(hash, `pb:${hash}`) }]
}

/** A known person followed a link of ours: there is no message yet. */
const readReferral: Read = (value, row) => {
  const referral = Referral.parse(value)
  const parties = partiesOf(row)
  if (!parties) return unreadable(row)
  const { accountId, at: occurredAt } = row
  const content = { referral: referralOf(referral, row.dialect) }
  return [
    {
      says: [row.from, row.item.timestamp, value],
      named: (hash) => ({
        kind: 'note',
        what: 'referral',
        dedupeKey: `rf:${hash}`,
        accountId,
        occurredAt,
        peer: parties.peer,
        content,
      }),
    },
  ]
}

const Reaction = z.object({
  mid: Id,
  action: z.enum(['react', 'unreact']),
  reaction: maybe(z.string()),
  emoji: maybe(z.string().min(1)),
})

/** The provider may name a reaction without showing it. */
const EMOJI = new Map([
  ['love', '❤️'],
  ['like', '👍'],
  ['dislike', '👎'],
  ['laugh', '😆'],
  ['smile', '😀'],
  ['wow', '😮'],
  ['sad', '😢'],
  ['angry', '😠'],
])

const readReaction: Read = (value, row) => {
  const reaction = Reaction.safeParse(value).data
  const parties = partiesOf(row)
  if (!reaction || !parties) return unreadable(row)
  const { mid, action } = reaction
  const emoji = action === 'react' ? (reaction.emoji ?? EMOJI.get(reaction.reaction ?? '')) : null
  if (emoji === undefined) return unreadable(row)
  const dedupeKey = `rx:${mid}:${row.from}:${action}:${row.at}`
  const { accountId, at: occurredAt } = row
  return [{ kind: 'reaction', dedupeKey, accountId, occurredAt, direction: parties.direction, target: mid, emoji }]
}

const Edit = z.object({
  mid: Id,
  text: maybe(z.string()),
  num_edit: maybe(
    z.union([
      z.int().positive(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ]),
  ),
})

const readEdit: Read = (value, row) => {
  const edit = Edit.safeParse(value).data
  const parties = partiesOf(row)
  if (!edit || !parties) return unreadable(row)
  const rank = edit.num_edit ?? row.at ?? 1 // uncounted, the later one counts
  const { accountId, at: occurredAt } = row
  const { mid, text = null } = edit
  const dedupeKey = `ed:${mid}:${rank}`
  return [{ kind: 'edit', dedupeKey, accountId, occurredAt, direction: parties.direction, target: mid, text, rank }]
}

const Receipt = z.object({ mid: maybe(Id), mids: maybe(z.array(Id)), watermark: z.unknown().optional() })

/** `mids` say no more than the watermark above them; Instagram names a message, and means all before it too. */
const receipt =
  (status: 'delivered' | 'read', key: string): Read =>
  (value, row) => {
    const { mid, mids, watermark } = Receipt.parse(value)
    const parties = partiesOf(row)
    if (!parties) return unreadable(row)
    if (parties.direction === 'outgoing') return [] // what we read says nothing of what they did

    const { accountId, at: occurredAt, from } = row
    const told = { accountId, occurredAt, status }
    const until = milliseconds(watermark)
    if (until !== null) {
      return [{ kind: 'watermark', dedupeKey: `${key}:${from}:${until}`, ...told, peer: parties.peer, until }]
    }
    const named = (target: string, andBefore: boolean): Found => ({
      kind: 'status',
      dedupeKey: `${key}:${from}:${target}`,
      ...told,
      target,
      andBefore,
      attemptId: null,
      error: null,
    })
    if (mid !== undefined) return [named(mid, true)]
    return mids?.length ? mids.map((target) => named(target, false)) : unreadable(row)
  }

const Policy = z.object({ action: maybe(z.string()), reason: maybe(z.string()) })
const POLICY = new Map<string, AccountEvent['what']>([
  ['warning', 'warning'],
  ['block', 'restricted'],
  ['unblock', 'reconnected'],
])

const readPolicy: Read = (value, { item, accountId, at: occurredAt }) => {
  const { action = null, reason: detail = null } = Policy.parse(value)
  const what = POLICY.get(action ?? '') ?? 'warning'
  return [
    {
      says: item,
      named: (hash) => ({
        kind: 'account',
        what,
        dedupeKey: `ev:${hash}`,
        accountId,
        occurredAt,
        code: action,
        detail,
      }),
    },
  ]
}

const keptAs =
  (what: string): Read =>
  (_, row) => [keep(row, what, row.item)]

const nothing: Read = () => []

const READERS: Record<string, Read> = {
  message: readMessage,
  postback: readPostback,
  referral: readReferral,
  reaction: readReaction,
  message_edit: readEdit,
  delivery: receipt('delivered', 'dlv'),
  read: receipt('read', 'rd'),
  policy_enforcement: readPolicy,
  optin: keptAs('preference'),
  pass_thread_control: keptAs('handover'),
  take_thread_control: keptAs('handover'),
  request_thread_control: keptAs('handover'),
  app_roles: keptAs('handover'),
  // Told about things that Prosa does not have.
  account_linking: nothing,
  game_play: nothing,
  messaging_feedback: nothing,
  response_feedback: nothing,
}
