/** @jsxImportSource hono/jsx */
/** A provider's payload as a person sees it in the thread: read by the adapter, kept as `receive` keeps it, drawn. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Channel } from '../channels/channel.ts'
import type { InboundEvent, InboundMedia, MessageEvent, StatusEvent } from '../channels/events.ts'
import type { Attachment, ThreadMessage } from '../db/records.ts'
import { Bubble } from './bubble.tsx'
import { attachment, attempt, glimpse, i18n, incoming, NOON, outgoing } from './test-cast.ts'

const folderOf = ({ name }: Channel) => join(import.meta.dirname, '..', 'channels', 'fixtures', name)

/** The payloads that the provider posts; its answers to calls of ours lie beside them. */
export const payloadsOf = (channel: Channel): string[] =>
  readdirSync(folderOf(channel))
    .filter((file) => file.endsWith('.json') && file !== 'expect.json' && !file.startsWith('api_'))
    .map((file) => file.slice(0, -'.json'.length))

/** What its thread shows: each row in its words, a bar between two of them. Empty: nothing is to be seen of it. */
export async function shownOf(channel: Channel, payload: string): Promise<{ words: string; html: string }> {
  const body = readFileSync(join(folderOf(channel), `${payload}.json`))
  const messages = (await channel.parse(body, '1')).flatMap((event) => shown(event))
  const rows = messages.map((message) => String(<Bubble i18n={i18n} message={{ ...message, channel: channel.name }} />))
  return { words: rows.map(wordsOf).join(' | '), html: rows.join('') }
}

/** An event of a message that is not in the payload happens to one that stands for it. */
function shown(event: InboundEvent): ThreadMessage[] {
  switch (event.kind) {
    case 'message':
      return [received(event)]
    case 'reaction': {
      const side = event.direction === 'incoming' ? 'customer' : 'team'
      const of = event.direction === 'incoming' ? outgoing : incoming
      return [of(1, { reactions: event.emoji === null ? [] : [{ side, emoji: event.emoji, state: 'received' }] })]
    }
    case 'edit':
      return [of(event)(1, { body: event.text, editedAt: NOON })]
    case 'delete':
      return [of(event)(1, { body: null, deletedAt: NOON })]
    case 'status':
      return [sent(event)]
    case 'watermark':
      return [outgoing(1, { state: event.status })]
    case 'note':
      return [incoming(1, { kind: 'activity', type: event.what, body: null, content: event.content })]
    case 'identity':
      return event.note ? [incoming(1, { kind: 'activity', type: event.note, body: null })] : []
    default:
      return []
  }
}

function sent({ status, error }: StatusEvent): ThreadMessage {
  if (status !== 'failed') return outgoing(1, { state: status === 'played' ? 'read' : status })
  const failed = { state: 'failed', errorCode: error?.code ?? null, errorDetail: error?.detail ?? null } as const
  return outgoing(1, { state: 'failed', attempt: attempt(failed) })
}

const of = ({ direction }: { direction: 'incoming' | 'outgoing' }) => (direction === 'incoming' ? incoming : outgoing)

const received = (event: MessageEvent): ThreadMessage =>
  of(event)(1, {
    type: event.type,
    body: event.text,
    content: event.content,
    attachments: event.media.map(attached),
    replyTo: event.replyTo === null ? null : { id: 'm0', ...glimpse({ direction: 'outgoing', body: 'A pergunta' }) },
    ...(event.direction === 'outgoing' ? { authorId: null, authorName: null, attempt: null } : {}),
  })

const attached = ({ kind, handle, mimeType, fileName, bytes, voice, animated, trouble }: InboundMedia): Attachment =>
  attachment({
    ...{ kind, mimeType, fileName, voice, animated },
    size: bytes,
    state: handle === null ? 'failed' : 'pending',
    errorCode: trouble,
  })

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** As it is read out: signs by their names, and nothing of what stands on buttons and in attributes. */
const wordsOf = (html: string) =>
  html
    .replaceAll(/<(button|form)\b.*?<\/\1>/gs, ' ')
    .replaceAll(/<svg[^>]* aria-label="([^"]*)"[^>]*>/g, ' ($1) ')
    .replaceAll(/<time\b.*?<\/time>/gs, ' ')
    .replaceAll(/<(p|li|dt|dd|div|summary|footer)\b/g, ' <$1')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()

export type Row = 'bubble' | 'line'

/** Which rows a payload puts into the thread, and the words that a person finds there, in their order. */
export type Shown = Record<string, [rows: Row[], ...words: string[]]>

export const rowsIn = (html: string): Row[] =>
  Array.from(html.matchAll(/<(?:article|div) id="[^"]*" class="(bubble|event)"/g), ([, name]) =>
    name === 'bubble' ? 'bubble' : 'line',
  )

/** What stands between the words does not matter, but for their order. */
export const inOrder = (words: string[]) =>
  new RegExp(words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'), 's')
