/**
 * A WebSocket frame by frame. A library tells of a close once the connection is gone, which the local runtime keeps
 * for as long as the room is awake: what counts is the frame that says why, and that none comes after it.
 */
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { Duplex } from 'node:stream'

export interface OpenSocket {
  /** Every text that came, in order. */
  texts: string[]
  /** The code with which the other side closed; 1006 where it went without a word. */
  closed(): number | undefined
  leave(): void
}

/** How an upgrade was answered; with the socket where it was let in. */
export interface Upgrade {
  status: number
  socket?: OpenSocket
}

export function upgrade(url: string, headers: Record<string, string>): Promise<Upgrade> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        ...headers,
      },
    })
    asked.on('upgrade', (answer, stream, head) =>
      resolve({ status: answer.statusCode ?? 0, socket: listenTo(stream, head) }),
    )
    asked.on('response', (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0 })
    })
    asked.on('error', reject)
    asked.end()
  })
}

const TEXT = 1
const CLOSE = 8
const WENT = 1006

function listenTo(stream: Duplex, head: Buffer): OpenSocket {
  const texts: string[] = []
  let closed: number | undefined
  let unread = head

  function read(): void {
    for (let frame = frameIn(unread); frame; frame = frameIn(unread)) {
      unread = unread.subarray(frame.end)
      if (frame.kind === TEXT) texts.push(frame.payload.toString())
      if (frame.kind === CLOSE) {
        closed ??= frame.payload.length >= 2 ? frame.payload.readUInt16BE() : 1005
        stream.write(maskedClose(frame.payload.subarray(0, 2)))
      }
    }
  }
  stream.on('data', (bytes: Buffer) => {
    unread = Buffer.concat([unread, bytes])
    read()
  })
  stream.on('close', () => {
    closed ??= WENT
  })
  stream.on('error', () => undefined)
  read()
  return { texts, closed: () => closed, leave: () => stream.destroy() }
}

/** The first whole frame, as servers write them: without a mask. */
function frameIn(bytes: Buffer): { kind: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes.readUInt8(1) & 0x7f
  const from = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < from) return undefined
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  const end = from + length
  if (bytes.length < end) return undefined
  return { kind: bytes.readUInt8(0) & 0x0f, payload: bytes.subarray(from, end), end }
}

/** A client masks what it says; with zeros it stays as it is. */
const maskedClose = (code: Buffer) => Buffer.concat([Buffer.from([0x88, 0x80 | code.length, 0, 0, 0, 0]), code])
