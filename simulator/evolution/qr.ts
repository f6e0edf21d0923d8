/** A code to be scanned, as the server hands it over: a picture of black and white squares. */
import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

const SQUARE = 6

export function pngOf(text: string): string {
  const { data, size } = encode(text, { ecc: 'L', border: 4 })
  const row = Math.ceil((size * SQUARE) / 8)
  const lines = data.flatMap((squares) => {
    const line = Buffer.alloc(row + 1) // the first byte says that the line stands for itself
    squares.forEach((dark, at) => {
      if (!dark) for (let x = at * SQUARE; x < (at + 1) * SQUARE; x++) paint(line, x)
    })
    return Array.from({ length: SQUARE }, () => line)
  })
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size * SQUARE, 0)
  head.writeUInt32BE(size * SQUARE, 4)
  head[8] = 1 // one bit a square, black or white
  const parts = [part('IHDR', head), part('IDAT', deflateSync(Buffer.concat(lines))), part('IEND', Buffer.alloc(0))]
  return `data:image/png;base64,${Buffer.concat([SIGNATURE, ...parts]).toString('base64')}`
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function paint(line: Buffer, x: number): void {
  const at = 1 + (x >> 3)
  line[at] = (line[at] ?? 0) | (0x80 >> (x & 7))
}

function part(name: string, bytes: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), bytes])
  const around = Buffer.alloc(8)
  around.writeUInt32BE(bytes.length, 0)
  around.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)])
}
