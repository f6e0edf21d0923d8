/** A message as WAHA tells it: flat, the same for each of its engines. */
import * as z from 'zod'
import { groupOf, personOf } from '../baileys/jids.ts'
import { asKept } from '../baileys/kept.ts'
import { isRow, milliseconds, part, words } from '../baileys/lenient.ts'
import { cardIn } from '../baileys/vcard.ts'
import type { Content, MediaKind } from '../content.ts'
import type { InboundMedia, MessageEvent, Peer } from '../events.ts'
import { maybe } from '../maybe.ts'
import { bareId, type MessageId, readMessageId } from './ids.ts'

const Coordinate = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,3}(?:\.\d+)?$/)
    .transform(Number),
])

const Payload = z.object({
  id: z.string(),
  timestamp: z.unknown().optional(),
  body: words,
  hasMedia: maybe(z.boolean()),
  media: maybe(z.object({ url: words, mimetype: words, filename: words, error: z.unknown().optional() })),
  replyTo: maybe(z.object({ id: words })),
  vCards: maybe(z.array(z.string())),
  location: maybe(z.object({ latitude: Coordinate, longitude: Coordinate, description: words })),
  participant: words,
  _data: z.unknown().optional(),
})
type Payload = z.infer<typeof Payload>

/** What the engines say besides, each in its own way. */
const Inside = z.object({ pushName: words, notifyName: words, type: words, isForwarded: maybe(z.boolean()) })

/** Stories, channels and lists that messages are sent out by: nobody writes to us there. */
const NOBODYS = /^status@broadcast$|@(?:newsletter|broadcast)$/

/** Null: it cannot be read, or does not say whose it is. Empty: it is nobody's word to us. */
export function readMessage(item: unknown, telling: { accountId: string; history: boolean }): MessageEvent[] | null {
  const payload = Payload.safeParse(item).data
  const of = payload && readMessageId(payload.id)
  if (!payload || !of) return null
  if (NOBODYS.test(of.chat)) return []
  const inside = Inside.safeParse(payload._data).data ?? {}
  const group = groupOf(of.chat)
  const name = inside.pushName ?? inside.notifyName
  const peer = group ?? personOf([of.chat], of.fromMe ? null : name)
  if (!peer) return null
  const said = saidIn(payload)
  return [
    {
      kind: 'message',
      dedupeKey: `msg:${of.id}`,
      ...telling,
      occurredAt: milliseconds(payload.timestamp),
      direction: of.fromMe ? 'outgoing' : 'incoming',
      externalId: of.id,
      peer,
      type: said.type,
      text: said.text,
      media: said.media,
      content: {
        ...said.content,
        ...(inside.isForwarded ? { forwarded: 'once' as const } : {}),
        ...(group && !of.fromMe ? part('author', authorOf(of, payload, name)) : {}),
      },
      replyTo: payload.replyTo?.id ? bareId(payload.replyTo.id) : null,
      attemptId: null,
      appId: null,
      group: group !== null,
      raw: said.type === 'unsupported' ? asKept(item) : null,
    },
  ]
}

function authorOf({ participant }: MessageId, payload: Payload, name: string | undefined): string | null {
  const author: Peer | null = personOf([participant ?? payload.participant], name)
  return author?.profileName ?? author?.phone ?? null
}

interface Said {
  type: string
  text: string | null
  media: InboundMedia[]
  content: Content
}

function saidIn(payload: Payload): Said {
  const text = payload.body || null
  const nothing = { text, media: [], content: {} }
  if (payload.hasMedia || payload.media) {
    const file = fileIn(payload)
    return { ...nothing, type: file.kind, media: [file] }
  }
  if (payload.location) {
    const { latitude, longitude, description } = payload.location
    return {
      ...nothing,
      type: 'location',
      text: null,
      content: { location: { latitude, longitude, ...part('name', description) } },
    }
  }
  if (payload.vCards?.length)
    return {
      ...nothing,
      type: 'contacts',
      text: null,
      content: { contacts: payload.vCards.map((card) => cardIn(card, '')) },
    }
  return text === null
    ? { ...nothing, type: 'unsupported', content: { unsupported: part('type', typeIn(payload)) } }
    : { ...nothing, type: 'text' }
}

const typeIn = ({ _data }: Payload) => (isRow(_data) && typeof _data.type === 'string' ? _data.type : null)

/** Where the server has not fetched it, there is nothing that could be asked for. */
function fileIn({ media, _data }: Payload): InboundMedia {
  const mimeType = media?.mimetype?.toLowerCase() ?? null
  const kind = kindOf(mimeType)
  const type = isRow(_data) ? _data.type : null
  const url = media?.url && URL.canParse(media.url) ? media.url : null
  return {
    kind,
    handle: url === null ? null : { url },
    mimeType: mimeType?.split(';')[0]?.trim() || null,
    fileName: media?.filename ?? null,
    bytes: null,
    voice: kind === 'audio' && (type === 'ptt' || /^audio\/ogg/.test(mimeType ?? '')),
    animated: false,
    trouble: url === null ? 'not_downloaded' : null,
  }
}

function kindOf(mimeType: string | null): MediaKind {
  if (mimeType === 'image/webp') return 'sticker'
  const kind = /^(image|video|audio)\//.exec(mimeType ?? '')?.[1]
  return (kind as MediaKind | undefined) ?? 'document'
}
