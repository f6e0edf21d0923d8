/** A form with a file in it, as a stream: the file is never held whole. */
import type { Reach } from './channel.ts'

export interface Multipart {
  contentType: string
  body: ReadableStream<Uint8Array>
}

interface File {
  field: string
  name: string
  mimeType: string
  /** How long it is said to be: the form's own length follows from it. */
  bytes: number
  stream: ReadableStream<Uint8Array>
}

/** `boundary` must be a word that nobody who wrote the file could know. */
export function multipart(boundary: string, fields: Record<string, string>, file: File): Multipart {
  const { field, name, mimeType, bytes, stream } = file
  const head = Object.entries(fields).map(([key, value]) => `${part(boundary, key)}\r\n\r\n${value}\r\n`)
  head.push(`${part(boundary, field)}; filename="${quoted(name)}"\r\nContent-Type: ${safeType(mimeType)}\r\n\r\n`)
  const before = new TextEncoder().encode(head.join(''))
  const after = new TextEncoder().encode(`\r\n--${boundary}--\r\n`)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: ofLength(before.length + bytes + after.length, between(before, stream, after)),
  }
}

const part = (boundary: string, name: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`

/** As browsers write a name that would end the line, or the quotes around it. */
const quoted = (name: string) => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const TYPE = /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/
/** As it may stand in a line of its own, a codec included. */
export const safeType = (type: string) => (TYPE.test(type) ? type : 'application/octet-stream')

/** A fetch that sends this form, whatever it is asked to send. */
export const carrying =
  ({ fetch }: Pick<Reach, 'fetch'>, { contentType, body }: Multipart, timeoutMs: number): Reach['fetch'] =>
  (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('content-type', contentType)
    // `duplex` is for runtimes that read an answer only after a body that streams.
    const streaming = { ...init, headers, body, duplex: 'half', signal: AbortSignal.timeout(timeoutMs) }
    return fetch(input, streaming)
  }

function between(before: Uint8Array, middle: ReadableStream<Uint8Array>, after: Uint8Array) {
  const reader = middle.getReader()
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(before)
    },
    async pull(controller) {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      controller.enqueue(after)
      controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** Workers then say the length in front, and refuse a file that has another; elsewhere it goes in chunks. */
const ofLength = (length: number, body: ReadableStream<Uint8Array>) =>
  typeof FixedLengthStream === 'undefined' ? body : body.pipeThrough(new FixedLengthStream(length))
