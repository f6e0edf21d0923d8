/** What an attachment of Messenger or Instagram is in our words: a file, something passed on, a place, or nothing we can show. */
import * as z from 'zod'
import type { Content, MediaKind } from '../content.ts'
import type { InboundMedia } from '../events.ts'
import { maybe } from '../maybe.ts'
import type { Dialect } from './messaging-dialect.ts'
import { Id } from './meta.ts'

/** One attachment. `whole`: our words say all of it. */
export interface Piece {
  type: string
  media?: InboundMedia
  stickerId?: string | undefined
  content?: Content
  text?: string | undefined
  whole: boolean
}

/** What names an attachment stands in its payload, in some kinds on the attachment itself. */
const Attachment = z.object({
  type: maybe(z.string()),
  title: maybe(z.string()),
  url: maybe(z.string()),
  URL: maybe(z.string()),
  payload: maybe(
    z.object({
      url: maybe(z.string()),
      title: maybe(z.string()),
      sticker_id: maybe(Id),
      text: maybe(z.string()),
      elements: maybe(z.array(z.object({ title: maybe(z.string()) }))),
      coordinates: maybe(z.object({ lat: z.number(), long: z.number() })),
    }),
  ),
})
type Attachment = z.infer<typeof Attachment>

type Read = (attachment: Attachment, dialect: Dialect) => Piece

export function pieceOf(item: unknown, dialect: Dialect): Piece {
  const attachment = Attachment.safeParse(item).data ?? {}
  const { type } = attachment
  const read = type !== undefined && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined
  return (read ?? ofUnknownKind)(attachment, dialect)
}

/** The thumb, in its three sizes. */
const LIKES = new Set(['369239263222822', '369239343222814', '369239383222810'])
export const isLike = (stickerId: string) => LIKES.has(stickerId)

/** For a while a sticker comes twice: as the picture that it was, and as the sticker that it is. */
export function withoutTwins(pieces: Piece[]): Piece[] {
  return pieces.filter(
    (piece, at) => !pieces.some((other, before) => isTwin(piece, other) && (before < at || piece.type === 'image')),
  )
}

function isTwin(piece: Piece, sticker: Piece): boolean {
  if (piece === sticker || sticker.type !== 'sticker') return false
  if (piece.type !== 'sticker' && piece.type !== 'image') return false
  const sameId = piece.stickerId !== undefined && piece.stickerId === sticker.stickerId
  return sameId || (addressOf(piece) !== undefined && addressOf(piece) === addressOf(sticker))
}

const addressOf = ({ media }: Piece) => (media?.handle && 'url' in media.handle ? media.handle.url : undefined)

export function mediaAt(url: string | undefined, kind: MediaKind, voice = false): InboundMedia {
  const handle = url !== undefined && isWebAddress(url) ? { url } : null
  return {
    ...{ kind, handle, voice, mimeType: null, bytes: null, animated: false },
    fileName: kind === 'document' && handle ? fileNameIn(handle.url) : null,
    trouble: handle ? null : 'It came without an address.',
  }
}

function fileNameIn(url: string): string | null {
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last) || null
  } catch {
    return last
  }
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

/** A page to open; undefined where what is said to be one is none. */
export function linkTo(url: string | undefined, { site }: Dialect): string | undefined {
  if (url === undefined) return undefined
  const full = /^\/(?!\/)/.test(url) ? `${site}${url}` : url
  return isWebAddress(full) ? full : undefined
}

const urlOf = ({ payload, url, URL: old }: Attachment) => payload?.url ?? url ?? old
const titleOf = ({ payload, title }: Attachment) => payload?.title || title || undefined

const file =
  (kind: MediaKind): Read =>
  (attachment, { audioIsVoice }) => ({
    type: kind,
    media: mediaAt(urlOf(attachment), kind, kind === 'audio' && audioIsVoice),
    whole: true,
  })

const picture: Read = (attachment, dialect) =>
  (attachment.payload?.sticker_id === undefined ? file('image') : sticker)(attachment, dialect)

const sticker: Read = (attachment) => {
  const stickerId = attachment.payload?.sticker_id
  const url = urlOf(attachment)
  if (url === undefined && stickerId !== undefined && isLike(stickerId)) return { ...thumb, stickerId }
  return { type: 'sticker', media: mediaAt(url, 'sticker'), stickerId, whole: true }
}

/** A thumb without a picture says the same as the emoji. */
export const thumb: Piece = { type: 'text', text: '👍', whole: true }
const heart: Read = () => ({ type: 'text', text: '❤️', whole: true })

/** Posts and reels stay where they are: their terms allow a link, no copy. */
const share =
  (kind: 'post' | 'reel' | 'link'): Read =>
  (attachment, dialect) => {
    const [title, url] = [titleOf(attachment), linkTo(urlOf(attachment), dialect)]
    return { type: 'share', content: { share: { kind, title, url } }, whole: true }
  }

const storyMention: Read = (attachment, dialect) => ({
  type: 'story_mention',
  content: { story: { kind: 'mention', url: linkTo(urlOf(attachment), dialect) } },
  whole: true,
})

const place: Read = (attachment, dialect) => {
  const at = attachment.payload?.coordinates
  if (!at) return ofUnknownKind(attachment, dialect)
  const location = { latitude: at.lat, longitude: at.long, name: titleOf(attachment) }
  return { type: 'location', content: { location }, whole: true }
}

/** Cards and buttons that some program sent: their words are shown, the rest is kept. */
const template: Read = ({ payload, title }) => {
  const cards = payload?.elements?.flatMap((element) => element.title || []).join('\n')
  return { type: 'template', text: payload?.text || cards || title || undefined, whole: false }
}

const ofUnknownKind: Read = (attachment, dialect) => {
  const { type } = attachment
  if (linkTo(urlOf(attachment), dialect) !== undefined) return { ...share('link')(attachment, dialect), whole: false }
  return { type: 'unsupported', content: { unsupported: { type } }, whole: false }
}

const KINDS: Record<string, Read> = {
  image: picture,
  video: file('video'),
  audio: file('audio'),
  file: file('document'),
  sticker,
  like_heart: heart,
  fallback: share('link'),
  share: share('post'),
  post: share('post'),
  ig_post: share('post'),
  reel: share('reel'),
  ig_reel: share('reel'),
  story_mention: storyMention,
  location: place,
  template,
}
