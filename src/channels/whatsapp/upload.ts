/** A file of ours to WhatsApp, as a stream: it is never held whole. */
import * as z from 'zod'
import { ChannelError, type OutboundMedia, type Reach } from '../channel.ts'
import { graphCall, Id } from '../meta/meta.ts'
import { carrying, type Multipart, multipart, safeType } from '../multipart.ts'
import { judgeWhatsApp, repeatable } from './errors.ts'

const TIMEOUT = 30_000

const Uploaded = z.object({ id: Id })

/** Answers with the provider's id of the file. Whatever becomes of it, no message was sent: a failure is never ambiguous. */
export async function upload(reach: Reach, attemptId: string, media: OutboundMedia): Promise<string> {
  const form = formOf(attemptId, media, await opened(media))
  const carrier = { ...reach, fetch: carrying(reach, form, TIMEOUT) }
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
  } catch (thrown) {
    if (thrown instanceof ChannelError) throw thrown
    throw new ChannelError({ class: 'retryable', code: 'file', detail: 'The file could not be read.' })
  }
}

/** The attempt's id is known to nobody who could have put it into a file. */
function formOf(attemptId: string, media: OutboundMedia, stream: ReadableStream<Uint8Array>): Multipart {
  const mimeType = mimeTypeOf(media)
  const file = { field: 'file', name: media.fileName ?? 'file', mimeType, bytes: media.bytes, stream }
  return multipart(`prosa-${attemptId}`, { messaging_product: 'whatsapp', type: mimeType }, file)
}

/** WhatsApp takes no OGG but Opus, and wants to be told so. */
const mimeTypeOf = ({ mimeType }: OutboundMedia) =>
  mimeType === 'audio/ogg' ? 'audio/ogg; codecs=opus' : safeType(mimeType)
