/** A message of WhatsApp's own network, as every gateway built on Baileys hands it over; the envelope is the gateway's. */
import * as z from 'zod'
import type { InboundEvent, MessageEvent, Peer } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { contextIn } from './context.ts'
import { groupOf, personOf } from './jids.ts'
import { asKept } from './kept.ts'
import { Id, isRow, milliseconds, type Row, words } from './lenient.ts'
import { protocolEvent } from './protocol.ts'
import { type HandleOf, saidBy } from './said.ts'
import { type Unwrapped, unwrapped } from './unwrapped.ts'

/** Where a message stands: for whom, how its file is had, and whether it is news. */
export interface Telling {
  accountId: string
  history: boolean
  handleOf(key: string, around: Row): ReturnType<HandleOf>
}

export const Key = z.object({
  id: Id,
  remoteJid: words,
  remoteJidAlt: words,
  fromMe: maybe(z.boolean()),
  participant: words,
  participantAlt: words,
  senderPn: words,
  senderLid: words,
  participantPn: words,
})
export type Key = z.infer<typeof Key>

const Told = z.object({
  key: Key,
  pushName: words,
  verifiedBizName: words,
  messageType: words,
  messageTimestamp: z.unknown().optional(),
})
type Told = z.infer<typeof Told>

/** Stories, channels and lists that messages are sent out by: nobody writes to us there. */
const NOBODYS = /^status@broadcast$|@(?:newsletter|broadcast|call)$/

/** Null: it cannot be read, or does not say whose it is. Empty: it is nobody's word to us. */
export function readMessage(item: unknown, telling: Telling): Found[] | null {
  const told = Told.safeParse(item).data
  if (!told || !isRow(item)) return null
  if (NOBODYS.test(told.key.remoteJid ?? '')) return []
  const peer = peerOf(told)
  const found = unwrapped(item.message, told.messageType)
  if (!peer || !found) return null
  return changeIn(told, found, telling) ?? (SILENT.test(found.type) ? [] : [bubble(told, item, found, peer, telling)])
}

/** What is no message although it comes as one: votes, pins, keys for groups, news of the phone's own. */
const SILENT =
  /^(?:pollUpdate|encReaction|encEvent|pinInChat|keepInChat|senderKeyDistribution|placeholder|messageHistory)/

function peerOf({ key, pushName, verifiedBizName }: Told): Peer | null {
  const group = groupOf(key.remoteJid)
  if (group) return group
  // What our own phone wrote carries our own name.
  const name = key.fromMe ? null : pushName?.trim() || verifiedBizName
  return personOf([key.remoteJid, key.remoteJidAlt, ...(key.fromMe ? [] : [key.senderPn, key.senderLid])], name)
}

export const directionOf = ({ fromMe }: { fromMe?: boolean | undefined }) => (fromMe ? 'outgoing' : 'incoming')

/** What was done with an earlier message; null: it is none of that. */
function changeIn({ key, messageTimestamp }: Told, { type, said }: Unwrapped, telling: Telling): Found[] | null {
  const of = { accountId: telling.accountId, occurredAt: milliseconds(messageTimestamp) }
  if (type === 'reactionMessage') return reaction(key, said, of)
  if (type === 'protocolMessage') return protocolEvent(said, of) ?? []
  return null
}

const Reaction = z.object({ key: z.object({ id: Id }), text: words })

function reaction(key: Key, said: unknown, of: { accountId: string; occurredAt: number | null }): InboundEvent[] {
  const read = Reaction.safeParse(said).data
  if (!read) return []
  const emoji = read.text || null
  return [
    { ...of, kind: 'reaction', dedupeKey: `msg:${key.id}`, direction: directionOf(key), target: read.key.id, emoji },
  ]
}

/**
 * Known by its id alone, which is drawn by chance: the chat of the same message may be told once by number and once by
 * the id that hides it.
 */
function bubble(told: Told, item: Row, found: Unwrapped, peer: Peer, telling: Telling): MessageEvent {
  const { key } = told
  const said = saidBy(found, (around) => telling.handleOf(key.id, around))
  const around = contextIn(item.contextInfo, found.said)
  return {
    kind: 'message',
    dedupeKey: `msg:${key.id}`,
    accountId: telling.accountId,
    occurredAt: milliseconds(told.messageTimestamp),
    direction: directionOf(key),
    externalId: key.id,
    peer,
    type: said.type,
    text: said.text,
    media: said.media,
    content: { ...said.content, ...around.content, ...authorIn(told) },
    replyTo: around.replyTo,
    attemptId: null,
    appId: null,
    group: groupOf(key.remoteJid) !== null,
    history: telling.history,
    raw: said.partly ? asKept(item) : null,
  }
}

/** In a group: who of them wrote. */
function authorIn({ key, pushName }: Told): { author?: string } {
  if (!groupOf(key.remoteJid) || key.fromMe) return {}
  const author = personOf([key.participant, key.participantAlt, key.participantPn], pushName)
  const name = author?.profileName ?? author?.phone
  return name ? { author: name } : {}
}
