/** A file that came with a message: at an address that anyone may ask, for as long as it lives. */
import { ChannelError, type FetchedMedia, type Reach } from '../channel.ts'
import type { InboundMedia } from '../events.ts'
import { retryAfterMs } from '../retry-after.ts'

/** The whole of the file must have come by then. */
const TIMEOUT = 120_000

export async function fetchMedia(reach: Reach, handle: NonNullable<InboundMedia['handle']>): Promise<FetchedMedia> {
  if (!('url' in handle)) throw gone('no_address')
  const response = await ask(reach, handle.url)
  if (response.ok && response.body) return served(response, response.body)
  await response.body?.cancel()
  throw failureOf(reach, response)
}

/** Without a token: whoever stands behind the address has no business with it. Where it may lead is the fetch's to know. */
async function ask({ fetch }: Reach, url: string): Promise<Response> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) })
  } catch {
    throw new ChannelError({ class: 'retryable', code: 'network', detail: 'The file could not be asked for.' })
  }
}

function served({ headers }: Response, body: ReadableStream<Uint8Array>): FetchedMedia {
  const length = Number(headers.get('content-length') ?? '')
  return {
    body,
    mimeType: headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() || null,
    bytes: Number.isSafeInteger(length) && length > 0 ? length : null,
  }
}

function failureOf({ now }: Reach, { status, headers }: Response): ChannelError {
  if (status !== 429 && status < 500) return gone(`http_${status}`)
  return new ChannelError({
    class: status === 429 ? 'throttled' : 'retryable',
    code: `http_${status}`,
    detail: `HTTP ${status}`,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now()),
  })
}

const gone = (detail: string) => new ChannelError({ class: 'permanent', code: 'gone', detail })
