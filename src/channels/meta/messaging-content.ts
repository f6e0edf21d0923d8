/** What a message of Messenger or Instagram says, in our words. */
import * as z from 'zod'
import type { Content } from '../content.ts'
import type { InboundMedia } from '../events.ts'
import { maybe } from '../maybe.ts'
import { isLike, linkTo, mediaAt, type Piece, pieceOf, thumb, withoutTwins } from './messaging-attachments.ts'
import type { Dialect } from './messaging-dialect.ts'
import { Id } from './meta.ts'

/** What brought the person here. */
export const Referral = z.object({
  ref: maybe(z.string()),
  source: maybe(z.string()),
  ad_id: maybe(Id),
  ads_context_data: maybe(z.object({ ad_title: maybe(z.string()) })),
  product: maybe(z.object({ id: Id })),
  referer_uri: maybe(z.string()),
})

export const Message = z.looseObject({
  mid: Id,
  text: maybe(z.string()),
  is_echo: maybe(z.boolean()),
  is_self: maybe(z.boolean()),
  is_deleted: maybe(z.boolean()),
  is_unsupported: maybe(z.boolean()),
  app_id: maybe(Id),
  metadata: maybe(z.string().min(1).max(1000)),
  sticker_id: maybe(Id),
  attachments: maybe(z.array(z.unknown())),
  quick_reply: maybe(z.object({ payload: maybe(z.string()) })),
  reply_to: maybe(z.object({ mid: maybe(Id), story: maybe(z.object({ url: maybe(z.string()), id: maybe(Id) })) })),
  referral: maybe(Referral),
})
export type Message = z.infer<typeof Message>

export interface Said {
  type: string
  text: string | null
  media: InboundMedia[]
  content: Content
  /** Nothing was said that these words leave out. */
  whole: boolean
}

/** `message` is what could be read of `item`. */
export function contentOf(message: Message, item: object, dialect: Dialect): Said {
  const pieces = message.is_unsupported ? [] : piecesOf(message, dialect)
  const words = message.text || null
  return {
    type: message.is_unsupported ? 'unsupported' : typeOf(message, pieces),
    text: words ?? (pieces.flatMap((piece) => piece.text ?? []).join('\n') || null),
    media: pieces.flatMap((piece) => piece.media ?? []),
    content: { ...whatTheySay(pieces), ...besides(message, dialect) },
    whole: isWhole(message, item, pieces),
  }
}

function piecesOf(message: Message, dialect: Dialect): Piece[] {
  const pieces = withoutTwins((message.attachments ?? []).map((item) => pieceOf(item, dialect)))
  const stickerId = message.sticker_id
  if (stickerId === undefined || pieces.some((piece) => piece.stickerId !== undefined)) return pieces
  if (pieces.length > 0) return pieces.map((piece) => (piece.type === 'image' ? asSticker(piece, stickerId) : piece))
  return [isLike(stickerId) ? thumb : { type: 'sticker', media: mediaAt(undefined, 'sticker'), whole: false }]
}

/** Old payloads name the sticker on the message, and its picture beside it. */
const asSticker = ({ media, ...piece }: Piece, stickerId: string): Piece => ({
  ...piece,
  type: 'sticker',
  stickerId,
  ...(media ? { media: { ...media, kind: 'sticker' } } : {}),
})

/** A file decides; then what was passed on; beside words, a link of theirs or what cannot be shown does not. */
function typeOf({ text, reply_to }: Message, pieces: Piece[]): string {
  const file = pieces.find((piece) => piece.media)
  if (file) return file.type
  const first = pieces[0]
  if (first && !(text && isAside(first))) return first.type
  return text || reply_to?.story ? 'text' : 'unsupported'
}

const isAside = ({ type, content }: Piece) => type === 'unsupported' || content?.share?.kind === 'link'

/** Of several of a kind the first is shown. */
const whatTheySay = (pieces: Piece[]): Content =>
  pieces.reduceRight<Content>((content, piece) => Object.assign(content, piece.content), {})

function besides({ text, quick_reply, reply_to, referral, is_unsupported }: Message, dialect: Dialect): Content {
  const story = reply_to?.story
  return {
    ...(is_unsupported ? { unsupported: {} } : {}),
    ...(quick_reply ? { choice: { title: text ?? '', payload: quick_reply.payload } } : {}),
    ...(story ? { story: { kind: 'reply', url: linkTo(story.url, dialect), id: story.id } } : {}),
    ...(referral ? { referral: referralOf(referral, dialect) } : {}),
  }
}

export function referralOf(referral: z.infer<typeof Referral>, dialect: Dialect): NonNullable<Content['referral']> {
  const { ref, source, product, ad_id, ads_context_data } = referral
  if (product) return { source: 'product', ref: product.id }
  if (ad_id !== undefined || source === 'ADS') return { source: 'ad', title: ads_context_data?.ad_title, ref }
  return { source: 'link', url: linkTo(referral.referer_uri ?? source, dialect), ref }
}

/** `nlp` is the provider's guess about the words, `seq` a counter of old. */
const TOLD = new Set([
  ...['mid', 'text', 'is_echo', 'app_id', 'metadata', 'attachments', 'quick_reply', 'reply_to', 'sticker_id'],
  ...['is_unsupported', 'nlp', 'seq'],
])

function isWhole(message: Message, item: object, pieces: Piece[]): boolean {
  const kinds = pieces.flatMap((piece) => Object.keys(piece.content ?? {}))
  const saysSomething = pieces.length > 0 || message.text || message.reply_to?.story || message.is_unsupported
  return (
    Boolean(saysSomething) &&
    Object.keys(item).every((key) => TOLD.has(key) && message[key] !== undefined) &&
    pieces.every((piece) => piece.whole) &&
    new Set(kinds).size === kinds.length
  )
}
