/** What a provider's payload means, in words that belong to no implementation: those of each `expect.json`. */
import { readdirSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import type { AccountEvent, InboundEvent, NoteEvent, StatusEvent, WatermarkEvent } from '../../src/channels/events.ts'
import type { ChannelName } from '../../src/channels/index.ts'

const Meaning = z.strictObject({
  kind: z.string(),
  /** How many events say the same. */
  n: z.number().optional(),
  dir: z.enum(['in', 'out']).optional(),
  type: z.string().optional(),
  peer: z.string().optional(),
  reply: z.boolean().optional(),
  group: z.boolean().optional(),
  voice: z.boolean().optional(),
  referral: z.boolean().optional(),
  story_reply: z.boolean().optional(),
  standby: z.boolean().optional(),
  attachments: z.number().optional(),
  payload: z.string().optional(),
  emoji: z.string().nullable().optional(),
  mid: z.string().optional(),
  watermark: z.number().optional(),
  /** Of the connection to a phone. */
  state: z.enum(['qr', 'connecting', 'open', 'down']).optional(),
  status: z.string().optional(),
  /** Of a past: how many messages it holds. */
  messages: z.number().optional(),
  media: z.string().optional(),
})
type Meaning = z.infer<typeof Meaning>

export interface Fixture {
  name: string
  body: Uint8Array<ArrayBuffer>
  /** One for each event. */
  means: Omit<Meaning, 'n' | 'messages'>[]
}

const folderOf = (channel: ChannelName) => new URL(`../../src/channels/fixtures/${channel}/`, import.meta.url)

export const readFixture = (channel: ChannelName, name: string) =>
  Uint8Array.from(readFileSync(new URL(`${name}.json`, folderOf(channel))))

/** The names of all payloads that a provider sends; what it answers to a call of ours is called `api_…`. */
export const payloadsOf = (channel: ChannelName) =>
  readdirSync(folderOf(channel))
    .filter((file) => file.endsWith('.json') && file !== 'expect.json' && !file.startsWith('api_'))
    .map((file) => file.slice(0, -'.json'.length))

/** Every payload with what it means. Throws where either stands without the other. */
export function fixturesOf(channel: ChannelName): Fixture[] {
  const json: unknown = JSON.parse(new TextDecoder().decode(readFixture(channel, 'expect')))
  const meanings = z.record(z.string(), z.array(Meaning)).parse(json)
  const names = new Set([...payloadsOf(channel), ...Object.keys(meanings)])
  return [...names].map((name) => {
    const means = meanings[name]
    if (!means) throw new Error(`${channel}: nothing is said about ${name}.`)
    return {
      name,
      body: readFixture(channel, name),
      means: means.flatMap(({ n = 1, messages = 1, ...meaning }) =>
        Array.from({ length: n * messages }, () => meaning),
      ),
    }
  })
}

/** An event in the words that the expectation uses. */
export function inTheirWords(event: InboundEvent, expected: Fixture['means'][number] | undefined): object {
  const words: Record<string, unknown> = { ...wordsOf(event) }
  return Object.fromEntries(Object.keys(expected ?? words).map((key) => [key, words[key]]))
}

/** A call is a line of the thread, and nothing that is stored as a message: their words say nothing of it. */
export const storedAmong = (events: InboundEvent[]) =>
  events.filter((event) => !(event.kind === 'note' && event.what === 'call'))

const SAME_WORD = { kept: null, template: 'template', identity: 'identity_change' } as const

function wordsOf(event: InboundEvent): Record<keyof Meaning, unknown> | Record<string, unknown> {
  switch (event.kind) {
    case 'message':
      return {
        kind: event.history ? 'history' : 'message',
        dir: dirOf(event),
        type: event.type,
        peer: event.peer.externalIds[0],
        reply: event.replyTo !== null,
        group: event.group,
        voice: event.media.some(({ voice }) => voice),
        referral: event.content.referral !== undefined,
        story_reply: event.content.story?.kind === 'reply',
        standby: event.content.standby === true,
        attachments: event.media.length,
        payload: event.content.choice?.payload,
        media: event.media.some(({ trouble }) => trouble === 'too_large') ? 'too_big' : undefined,
      }
    case 'reaction':
      return { kind: 'reaction', dir: dirOf(event), emoji: event.emoji, mid: event.target }
    case 'edit':
    case 'delete':
      return { kind: event.kind, dir: dirOf(event), mid: event.target }
    case 'status':
      return statusWords(event)
    case 'watermark':
      return { kind: RECEIPT[event.status], watermark: event.until }
    case 'note':
      return { kind: NOTE[event.what] }
    case 'address_book':
      return { kind: 'contact' }
    case 'account':
      return { kind: 'account', state: STATE[event.what] }
    default:
      return { kind: SAME_WORD[event.kind] ?? ('what' in event ? event.what : event.kind) }
  }
}

const dirOf = ({ direction }: { direction: 'incoming' | 'outgoing' }) => (direction === 'incoming' ? 'in' : 'out')

const STATE: Partial<Record<AccountEvent['what'], Meaning['state']>> = {
  waiting_for_scan: 'qr',
  connecting: 'connecting',
  reconnected: 'open',
  disconnected: 'down',
}

const RECEIPT: Record<WatermarkEvent['status'], string> = { delivered: 'delivery', read: 'read' }

const NOTE: Record<NoteEvent['what'], string> = {
  call: 'call',
  number_changed: 'identity_change',
  id_changed: 'identity_change',
  security_code_changed: 'identity_change',
  referral: 'referral',
  blocked: 'blocked',
  unblocked: 'unblocked',
}

/** One that speaks for all before it is a receipt, not the status of one message. */
const statusWords = ({ target, status, andBefore }: StatusEvent) =>
  andBefore && status === 'read' ? { kind: 'read', mid: target } : { kind: 'status', status }
