/** A file of ours to WhatsApp, as a stream: it is never held whole. */
import * as z from 'zod'
import { ChannelError, type OutboundMedia, type Reach } from './channel.ts'
import { graphCall, Id } from './meta.ts'
import { judgeWhatsApp, repeatable } from './whatsapp-errors.ts'

const TIMEOUT = 30_000
const MIME_TYPE = /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/

const Uploaded = z.object({ id: Id })

/** Answers with the provider's id of the file. Whatever becomes of it, no message was sent: a failure is never ambiguous. */
export async function upload(reach: Reach, attemptId: string, media: OutboundMedia): Promise<string> {
  const form = formOf(attemptId, media, await opened(media))
  const carrier = { ...reach, fetch: carrying(reach, form) }
  try {
    const answer = await graphCall(carrier, { method: 'POST', path: `${reach.accountId}/media` }, judgeWhatsApp)
    return Uploaded.parse(answer).id
  } catch (thrown) {
    throw repeatable(thrown)
  }
}

async function opened(media: OutboundMedia): Promise<ReadableStream<Uint8Array>> {
  try {
    return await media.open()
  } catch {
    throw new ChannelError({ class: 'retryable', code: 'file', detail: 'The file could not be read.' })
  }
}

interface Form {
  type: string
  body: ReadableStream<Uint8Array>
}

function carrying({ fetch }: Reach, { type, body }: Form): Reach['fetch'] {
  return (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('content-type', type)
    // `duplex` is for runtimes that read an answer only after a body that streams.
    const streaming = { ...init, headers, body, duplex: 'half', signal: AbortSignal.timeout(TIMEOUT) }
    return fetch(input, streaming)
  }
}

/** The attempt's id is known to nobody who could have put it into a file. */
function formOf(attemptId: string, media: OutboundMedia, file: ReadableStream<Uint8Array>): Form {
  const boundary = `prosa-${attemptId}`
  const type = mimeTypeOf(media)
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const before = new TextEncoder().encode(
    `${field('messaging_product', 'whatsapp')}${field('type', type)}--${boundary}\r\n` +
      `Content-Disposition: form-data; name="file"; filename="${quoted(media.fileName ?? 'file')}"\r\nContent-Type: ${type}\r\n\r\n`,
  )
  const after = new TextEncoder().encode(`\r\n--${boundary}--\r\n`)
  const whole = around(before, file, after)
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: ofLength(before.length + media.bytes + after.length, whole),
  }
}

/** WhatsApp takes no OGG but Opus, and wants to be told so. */
function mimeTypeOf({ mimeType }: OutboundMedia): string {
  if (mimeType === 'audio/ogg') return 'audio/ogg; codecs=opus'
  return MIME_TYPE.test(mimeType) ? mimeType : 'application/octet-stream'
}

const quoted = (fileName: string) => fileName.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

function around(before: Uint8Array, file: ReadableStream<Uint8Array>, after: Uint8Array): ReadableStream<Uint8Array> {
  const reader = file.getReader()
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(before),
    async pull(controller) {
      const { done, value } = await reader.read()
      controller.enqueue(done ? after : value)
      if (done) controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** The runtime of Workers then says the length in front; elsewhere it goes in chunks. */
const ofLength = (length: number, body: ReadableStream<Uint8Array>) =>
  typeof FixedLengthStream === 'undefined' ? body : body.pipeThrough(new FixedLengthStream(length))
