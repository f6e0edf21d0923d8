/** What a file is by its first bytes, as the providers look at it. */

export interface Seen {
  /** Null: none that is known here. */
  mimeType: string | null
  animated: boolean
  /** Of ogg: is it opus with one channel, as a voice note must be? */
  monoOpus: boolean
}

const ascii = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to)

export function seenIn(bytes: Buffer): Seen {
  const mimeType = typeOf(bytes)
  return {
    mimeType,
    animated: mimeType === 'image/webp' && ascii(bytes, 12, 16) === 'VP8X' && ((bytes[20] ?? 0) & 2) !== 0,
    monoOpus: mimeType === 'audio/ogg' && isMonoOpus(bytes),
  }
}

const STARTS: readonly (readonly [string, string])[] = [
  ['\xff\xd8\xff', 'image/jpeg'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['GIF8', 'image/gif'],
  ['%PDF-', 'application/pdf'],
  ['OggS', 'audio/ogg'],
  ['ID3', 'audio/mpeg'],
  ['#!AMR', 'audio/amr'],
  ['\x1a\x45\xdf\xa3', 'video/webm'],
]

function typeOf(bytes: Buffer): string | null {
  const start = ascii(bytes, 0, 8)
  const known = STARTS.find(([prefix]) => start.startsWith(prefix))
  if (known) return known[1]
  if (start.startsWith('RIFF')) return { WEBP: 'image/webp', WAVE: 'audio/wav' }[ascii(bytes, 8, 12)] ?? null
  if (ascii(bytes, 4, 8) === 'ftyp') return brandOf(ascii(bytes, 8, 12))
  const sync = bytes.length > 1 && bytes[0] === 0xff ? (bytes[1] ?? 0) : 0
  if ((sync & 0xf6) === 0xf0) return 'audio/aac'
  return (sync & 0xe0) === 0xe0 ? 'audio/mpeg' : null
}

function brandOf(brand: string): string {
  if (brand.startsWith('M4A')) return 'audio/mp4'
  if (brand.startsWith('3g')) return 'video/3gpp'
  return brand === 'qt  ' ? 'video/quicktime' : 'video/mp4'
}

function isMonoOpus(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 128).indexOf('OpusHead')
  return head > 0 && bytes[head + 9] === 1
}
