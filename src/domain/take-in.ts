/** A file on its way into the store: what it is, is known from its first bytes; how large and how long, when it is in. */
import { type Measures, measure } from './measure.ts'
import { HEAD_BYTES, typeOf } from './sniff.ts'
import type { Store } from './store.ts'

export interface TakenIn extends Measures {
  mimeType: string
  size: number
}

/** What is kept of the end: the last page of an Ogg file. */
const TAIL_BYTES = 64 * 1024

/** `most` decides by type how many bytes it may have; it throws where the type is refused. */
export async function takeIn(
  store: Store,
  key: string,
  body: ReadableStream<Uint8Array>,
  declared: string | null,
  most: (mimeType: string) => number,
): Promise<TakenIn> {
  const chunks = body.getReader()
  const { head, done } = await headOf(chunks)
  const mimeType = typeOf(head, declared)
  let tail: Uint8Array = head.slice(-TAIL_BYTES)
  const rest = new ReadableStream<Uint8Array>(
    {
      start: (into) => into.enqueue(head),
      async pull(into) {
        const next = done ? { done: true as const } : await chunks.read()
        if (next.done) return into.close()
        tail = endOf(tail, next.value)
        into.enqueue(next.value)
      },
      cancel: (why) => chunks.cancel(why),
    },
    { highWaterMark: 0 },
  )
  try {
    const size = await store.put(key, rest, most(mimeType))
    return { mimeType, size, ...measure(mimeType, head, tail) }
  } catch (error) {
    await chunks.cancel().catch(() => undefined)
    throw error
  }
}

async function headOf(chunks: ReadableStreamDefaultReader<Uint8Array>): Promise<{ head: Uint8Array; done: boolean }> {
  const read: Uint8Array[] = []
  let length = 0
  while (length < HEAD_BYTES) {
    const next = await chunks.read()
    if (next.done) return { head: joined(read, length), done: true }
    read.push(next.value)
    length += next.value.length
  }
  return { head: joined(read, length), done: false }
}

const endOf = (tail: Uint8Array, chunk: Uint8Array) =>
  chunk.length >= TAIL_BYTES ? chunk.slice(-TAIL_BYTES) : joined([tail.subarray(-(TAIL_BYTES - chunk.length)), chunk])

function joined(chunks: Uint8Array[], length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
