/** Which file a message brings: of several sizes the largest, of a file that is told twice one. */
import * as z from 'zod'
import type { MediaKind } from '../content.ts'
import type { InboundMedia } from '../events.ts'
import { maybe } from '../maybe.ts'
import type { Row } from './shape.ts'

/** What a bot may fetch. */
export const LARGEST_FETCHED = 20 * 1024 * 1024

const File = z.object({
  file_id: z.string().min(1).max(512),
  file_size: maybe(z.int().nonnegative()),
  mime_type: maybe(z.string()),
  file_name: maybe(z.string()),
  width: maybe(z.number()),
  height: maybe(z.number()),
})
type File = z.infer<typeof File>

interface Found {
  type: MediaKind
  media: InboundMedia
}

/** `animation` comes with a `document` that is the same file: it stands in front. */
const KINDS: readonly (readonly [name: string, kind: MediaKind, of?: Partial<InboundMedia>])[] = [
  ['animation', 'video', { animated: true }],
  ['video', 'video'],
  ['video_note', 'video', { mimeType: 'video/mp4' }],
  ['voice', 'audio', { voice: true, mimeType: 'audio/ogg' }],
  ['audio', 'audio'],
  ['document', 'document'],
]

/** Null: it brings none. */
export function fileOf(message: Row): Found | null {
  if (Array.isArray(message.photo)) return photoOf(message.photo)
  if (message.sticker) return stickerOf(message.sticker)
  for (const [name, kind, of] of KINDS) {
    const file = File.safeParse(message[name]).data
    if (file) return { type: kind, media: mediaOf(kind, file, of) }
  }
  return null
}

function photoOf(sizes: unknown[]): Found | null {
  const files = sizes.flatMap((size) => File.safeParse(size).data ?? [])
  const [largest] = files.toSorted((a, b) => areaOf(b) - areaOf(a))
  return largest ? { type: 'image', media: mediaOf('image', largest, { mimeType: 'image/jpeg' }) } : null
}

const areaOf = ({ width = 0, height = 0 }: File) => width * height

const Sticker = File.extend({
  is_animated: maybe(z.boolean()),
  is_video: maybe(z.boolean()),
  thumbnail: maybe(File),
})

/** What no browser shows as a picture (.tgs, .webm) is shown by its still, where it has one. */
function stickerOf(value: unknown): Found | null {
  const sticker = Sticker.safeParse(value).data
  if (!sticker) return null
  const { is_animated, is_video, thumbnail } = sticker
  const still = is_animated || is_video ? thumbnail : undefined
  const mimeType = is_animated ? 'application/x-tgsticker' : is_video ? 'video/webm' : 'image/webp'
  const of = { animated: Boolean(is_animated || is_video), mimeType: still ? null : mimeType }
  return { type: 'sticker', media: mediaOf('sticker', still ?? sticker, of) }
}

function mediaOf(kind: MediaKind, file: File, of: Partial<InboundMedia> = {}): InboundMedia {
  const tooLarge = (file.file_size ?? 0) > LARGEST_FETCHED
  return {
    kind,
    handle: tooLarge ? null : { id: file.file_id },
    fileName: file.file_name ?? null,
    bytes: file.file_size ?? null,
    voice: false,
    animated: false,
    trouble: tooLarge ? 'too_large' : null,
    ...of,
    mimeType: file.mime_type ?? of.mimeType ?? null,
  }
}
