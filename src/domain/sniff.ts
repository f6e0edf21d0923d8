/** What a file is, by its own first bytes. What it was declared as only chooses between things that look the same. */
import { essenceOf, opensInline } from './media-types.ts'

/** Enough for every signature, and for the size that stands in a picture's head behind its metadata. */
export const HEAD_BYTES = 256 * 1024

const UNKNOWN = 'application/octet-stream'
const OFFICE =
  /^application\/(vnd\.openxmlformats-officedocument\.|vnd\.oasis\.opendocument\.|epub|zip|vnd\.android|java-archive)/
const OLD_OFFICE = /^application\/(msword|vnd\.ms-)/

/** Its essence; with a codec where that decides whether a channel takes it. */
export function typeOf(head: Uint8Array, declared: string | null): string {
  const claim = essenceOf(declared)
  const seen = seenIn(head, claim)
  if (seen) return seen
  // A claim that a browser would act on needs the bytes for it; any other is only ever offered for download.
  return claim && !opensInline(claim) && /^[a-z]+\/[\w.+-]{1,80}$/.test(claim) ? claim : UNKNOWN
}

type Sign = (head: Uint8Array) => boolean
type Named = string | ((head: Uint8Array, claim: string | null) => string | null)

const bytes =
  (...wanted: number[]): Sign =>
  (head) =>
    bytesAre(head, 0, wanted)
const text =
  (wanted: string, offset = 0): Sign =>
  (head) =>
    says(head, offset, wanted)
/** Eleven bits set, then what tells the layers apart. */
const frame =
  (mask: number, value: number): Sign =>
  (head) =>
    head.length > 3 && head[0] === 0xff && ((head[1] ?? 0) & mask) === value

const SIGNS: [Sign, Named][] = [
  [bytes(0xff, 0xd8, 0xff), 'image/jpeg'],
  [bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'image/png'],
  [text('GIF87a'), 'image/gif'],
  [text('GIF89a'), 'image/gif'],
  [text('RIFF'), (head) => RIFF[textAt(head, 8, 4)] ?? null],
  [text('ftyp', 4), ofBrand],
  [text('OggS'), ofOgg],
  [bytes(0x1a, 0x45, 0xdf, 0xa3), (_, claim) => (claim?.startsWith('audio/') ? 'audio/webm' : 'video/webm')],
  [text('#!AMR'), 'audio/amr'],
  [frame(0xf6, 0xf0), 'audio/aac'],
  [text('ID3'), 'audio/mpeg'],
  [frame(0xe6, 0xe2), 'audio/mpeg'],
  [text('%PDF-'), 'application/pdf'],
  [text('PK\u0003\u0004'), (_, claim) => (claim && OFFICE.test(claim) ? claim : 'application/zip')],
  [
    bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
    (_, claim) => (claim && OLD_OFFICE.test(claim) ? claim : UNKNOWN),
  ],
]
const RIFF: Record<string, string> = { WEBP: 'image/webp', WAVE: 'audio/wav', 'AVI ': 'video/x-msvideo' }

function seenIn(head: Uint8Array, claim: string | null): string | null {
  const [, named = null] = SIGNS.find(([fits]) => fits(head)) ?? []
  return typeof named === 'function' ? named(head, claim) : named
}

/** ISO media: the brand says whose, and where it says nothing the claim of sound is believed. */
function ofBrand(head: Uint8Array, claim: string | null): string {
  const brand = textAt(head, 8, 4)
  if (brand === 'M4A ' || brand === 'M4B ' || brand === 'F4A ') return 'audio/mp4'
  if (brand.startsWith('3g')) return claim?.startsWith('audio/') ? 'audio/mp4' : 'video/3gpp'
  if (brand === 'qt  ') return 'video/quicktime'
  if (brand === 'avif') return 'image/avif'
  if (['heic', 'heix', 'mif1', 'msf1'].includes(brand)) return 'image/heic'
  return claim?.startsWith('audio/') ? 'audio/mp4' : 'video/mp4'
}

function ofOgg(head: Uint8Array): string {
  // The first page holds the codec's own head, behind a table of segments.
  const first = 27 + (head[26] ?? 0)
  if (says(head, first, 'OpusHead')) return 'audio/ogg'
  if (says(head, first + 1, 'vorbis')) return 'audio/ogg; codecs=vorbis'
  return says(head, first + 1, 'theora') ? 'video/ogg' : 'audio/ogg; codecs=other'
}

export const bytesAre = (head: Uint8Array, offset: number, bytes: number[]) =>
  bytes.every((byte, at) => head[offset + at] === byte)

export const says = (head: Uint8Array, offset: number, text: string) => textAt(head, offset, text.length) === text

export const textAt = (head: Uint8Array, offset: number, length: number) =>
  String.fromCharCode(...head.subarray(offset, offset + length))
