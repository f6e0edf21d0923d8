/** How large a picture is and how long a sound lasts, read from their own heads: the page reserves the room. */
import { bytesAre, says, textAt } from './sniff.ts'

export interface Measures {
  /** Pixels, upright. */
  width: number | null
  height: number | null
  /** Seconds. */
  duration: number | null
}

/** A few kilobytes may claim a size that fills a browser's memory once they are drawn. */
const MOST_PIXELS = 50_000_000

/** More than is ever drawn. What nobody knows the size of is none. */
export const isImmense = ({ width, height }: Partial<Pick<Measures, 'width' | 'height'>>) =>
  (width ?? 0) * (height ?? 0) > MOST_PIXELS

export const MOST_MEGAPIXELS = MOST_PIXELS / 1_000_000

interface Size {
  width: number
  height: number
}

/** `tail`: the last bytes of the file, as far as they are known. */
export function measure(type: string, head: Uint8Array, tail: Uint8Array): Measures {
  const size = sizeOf(type, viewOf(head), head)
  const known = size && size.width > 0 && size.height > 0
  return {
    width: known ? size.width : null,
    height: known ? size.height : null,
    duration: durationOf(type, head, tail),
  }
}

function sizeOf(type: string, view: DataView, head: Uint8Array): Size | null {
  switch (type) {
    case 'image/png':
      return view.byteLength < 24 ? null : { width: view.getUint32(16), height: view.getUint32(20) }
    case 'image/gif':
      return view.byteLength < 10 ? null : { width: view.getUint16(6, true), height: view.getUint16(8, true) }
    case 'image/webp':
      return view.byteLength < 30 ? null : webpSize(view, head)
    case 'image/jpeg':
      return jpegSize(view, head)
    case 'video/mp4':
    case 'video/3gpp':
      return filmSize(head)
    default:
      return null
  }
}

function webpSize(view: DataView, head: Uint8Array): Size | null {
  if (says(head, 12, 'VP8 '))
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  if (says(head, 12, 'VP8L')) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (!says(head, 12, 'VP8X')) return null
  const threeBytes = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
  return { width: threeBytes(24) + 1, height: threeBytes(27) + 1 }
}

/** From marker to marker; the camera's orientation turns the size around. */
function jpegSize(view: DataView, head: Uint8Array): Size | null {
  let turned = false
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)]
      return turned ? { width: height, height: width } : { width, height }
    }
    if (marker === 0xe1 && says(head, at + 4, 'Exif\0\0'))
      turned = isTurned(head.subarray(at + 10, at + 2 + view.getUint16(at + 2)))
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** EXIF orientations 5 to 8 stand on their side. */
function isTurned(exif: Uint8Array): boolean {
  const view = viewOf(exif)
  if (view.byteLength < 14) return false
  const little = says(exif, 0, 'II')
  const first = view.getUint32(4, little)
  if (first + 2 > view.byteLength) return false
  for (let entry = 0; entry < view.getUint16(first, little); entry += 1) {
    const at = first + 2 + entry * 12
    if (at + 12 > view.byteLength) return false
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little) >= 5
  }
  return false
}

function durationOf(type: string, head: Uint8Array, tail: Uint8Array): number | null {
  if (type === 'audio/ogg') return opusSeconds(head, tail)
  if (type === 'video/mp4' || type === 'audio/mp4' || type === 'video/3gpp')
    return filmSeconds(head) ?? filmSeconds(tail)
  return null
}

/** The last page counts all samples, at 48 kHz whatever was recorded; the head says how many of them to skip. */
function opusSeconds(head: Uint8Array, tail: Uint8Array): number | null {
  for (let at = tail.length - 27; at >= 0; at -= 1) {
    if (!says(tail, at, 'OggS')) continue
    const samples = Number(viewOf(tail).getBigInt64(at + 6, true))
    const first = 27 + (head[26] ?? 0)
    const skipped = head.length > first + 12 ? viewOf(head).getUint16(first + 10, true) : 0
    return samples > 0 ? believable((samples - skipped) / 48_000) : null
  }
  return null
}

/** `mvhd`, wherever it stands: its time scale and how many of those units the film lasts; none where it was recorded in parts. */
function filmSeconds(bytes: Uint8Array): number | null {
  const at = indexOf(bytes, 'mvhd', 0)
  if (at < 0 || at + 32 > bytes.length) return null
  const view = viewOf(bytes)
  const long = view.getUint8(at + 4) === 1
  const scale = view.getUint32(at + (long ? 24 : 16))
  const units = long ? Number(view.getBigUint64(at + 28)) : view.getUint32(at + 20)
  return scale > 0 && units > 0 ? believable(units / scale) : null
}

/** The first track that has a size; a turned one has nothing on the diagonal of its matrix. */
function filmSize(head: Uint8Array): Size | null {
  const view = viewOf(head)
  for (let at = indexOf(head, 'tkhd', 0); at >= 0; at = indexOf(head, 'tkhd', at + 4)) {
    const matrix = at + (view.getUint8(at + 4) === 1 ? 56 : 44)
    if (matrix + 44 > head.length) return null
    const [width, height] = [view.getUint16(matrix + 36), view.getUint16(matrix + 40)]
    if (width > 0 && height > 0)
      return bytesAre(head, matrix, [0, 0, 0, 0]) ? { width: height, height: width } : { width, height }
  }
  return null
}

function indexOf(bytes: Uint8Array, text: string, from: number): number {
  const first = text.charCodeAt(0)
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (textAt(bytes, at, text.length) === text) return at
  }
  return -1
}

/** A day at most: what claims more is broken. */
const believable = (seconds: number) =>
  Number.isFinite(seconds) && seconds >= 0 && seconds <= 86_400 ? Math.round(seconds) : null

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
