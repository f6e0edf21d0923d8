/**
 * Makes a screenshot small: pages have few colours, so each pixel becomes a place in a table of at most 256, the nearest
 * one where there are more, and what remains is packed as tightly as zlib can.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = 8
const MOST_COLOURS = 256
/** So many steps of each colour are told apart when colours are counted; the eye sees no less. */
const BITS_KEPT = 6

interface Picture {
  width: number
  height: number
  /** Three bytes a pixel. */
  pixels: Uint8Array
}

export function smaller(png: Buffer): Buffer {
  const picture = read(png)
  const indexed = write(picture)
  return indexed.length < png.length ? indexed : png
}

/** What Chromium writes: eight bits a channel, not interlaced. */
function read(png: Buffer): Picture {
  const data: Buffer[] = []
  let [width, height, channels] = [0, 0, 4]
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const kind = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (kind === 'IHDR') {
      width = body.readUInt32BE(0)
      height = body.readUInt32BE(4)
      channels = body[9] === 2 ? 3 : 4
    }
    if (kind === 'IDAT') data.push(body)
    at += length + 12
  }
  return { width, height, pixels: unfiltered(inflateSync(Buffer.concat(data)), width, height, channels) }
}

/** Each byte was written as its difference to what its neighbours to the left and above let expect. */
function unfiltered(raw: Buffer, width: number, height: number, channels: number): Uint8Array {
  const stride = width * channels
  const rows = new Uint8Array(stride * height)
  const neighbour = (at: number, isThere: boolean) => (isThere ? (rows[at] ?? 0) : 0)
  for (let at = 0; at < rows.length; at += 1) {
    const row = Math.floor(at / stride)
    const hasLeft = at - row * stride >= channels
    const hasUp = row > 0
    const left = neighbour(at - channels, hasLeft)
    const up = neighbour(at - stride, hasUp)
    const corner = neighbour(at - stride - channels, hasLeft && hasUp)
    rows[at] = (raw[at + row + 1] ?? 0) + predicted(raw[row * (stride + 1)] ?? 0, left, up, corner)
  }
  return channels === 3 ? rows : rows.filter((_, at) => at % channels < 3)
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const estimate = left + up - corner
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function write({ width, height, pixels }: Picture): Buffer {
  const table = coloursOf(pixels)
  const places = new Map<number, number>()
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt(pixels, (y * width + x) * 3)
      let place = places.get(colour)
      if (place === undefined) {
        place = nearest(table, colour)
        places.set(colour, place)
      }
      rows[y * (width + 1) + 1 + x] = place
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8) // eight bits, a table of colours
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(table.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const colourAt = (pixels: Uint8Array, at: number) =>
  ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0)

/** The most frequent of each group of colours that are nearly the same, the most frequent groups first. */
function coloursOf(pixels: Uint8Array): number[] {
  const counts = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = colourAt(pixels, at)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const groups = new Map<number, { colour: number; most: number; sum: number }>()
  for (const [colour, count] of counts) {
    const group = groups.get(groupOf(colour)) ?? { colour, most: 0, sum: 0 }
    groups.set(groupOf(colour), {
      colour: count > group.most ? colour : group.colour,
      most: Math.max(count, group.most),
      sum: group.sum + count,
    })
  }
  return [...groups.values()]
    .toSorted((a, b) => b.sum - a.sum)
    .slice(0, MOST_COLOURS)
    .map(({ colour }) => colour)
}

function groupOf(colour: number): number {
  const drop = 8 - BITS_KEPT
  return ((colour >> (16 + drop)) << 16) | (((colour >> (8 + drop)) & 63) << 8) | ((colour & 255) >> drop)
}

function nearest(table: number[], colour: number): number {
  let best = 0
  let least = Number.POSITIVE_INFINITY
  table.forEach((other, place) => {
    const away =
      ((colour >> 16) - (other >> 16)) ** 2 +
      (((colour >> 8) & 255) - ((other >> 8) & 255)) ** 2 +
      ((colour & 255) - (other & 255)) ** 2
    if (away < least) [least, best] = [away, place]
  })
  return best
}

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body])
  const out = Buffer.alloc(named.length + 8)
  out.writeUInt32BE(body.length, 0)
  out.set(named, 4)
  out.writeUInt32BE(crc32(named), named.length + 4)
  return out
}
