/** A customer's file from WhatsApp: its id gives a URL that lives five minutes, which gives the file. */
import * as z from 'zod'
import { ChannelError, type ErrorClass, type FetchedMedia, type Reach } from '../channel.ts'
import type { InboundMedia } from '../events.ts'
import { maybe } from '../maybe.ts'
import { graphGet, Id } from '../meta/meta.ts'
import { retryAfterMs } from '../retry-after.ts'
import { judgeWhatsApp, repeatable } from './errors.ts'

const TIMEOUT = 30_000

const Located = z.object({
  url: z.url(),
  mime_type: maybe(z.string()),
  /** Seen as a number, and as the digits of one. */
  file_size: maybe(Id.transform(Number).pipe(z.int().nonnegative())),
})
type Located = z.infer<typeof Located>

export async function media(reach: Reach, handle: NonNullable<InboundMedia['handle']>): Promise<FetchedMedia> {
  if ('url' in handle) return fetched({ url: handle.url }, await found(reach, await answerFor(reach, handle.url)))
  const first = await locate(reach, handle.id)
  const answer = await answerFor(reach, first.url)
  if (answer.status !== 404) return fetched(first, await found(reach, answer))

  // It died before we came: another one is given for the asking.
  await answer.body?.cancel()
  const second = await locate(reach, handle.id)
  return fetched(second, await found(reach, await answerFor(reach, second.url)))
}

async function locate(reach: Reach, id: string): Promise<Located> {
  const path = `${encodeURIComponent(id)}?phone_number_id=${encodeURIComponent(reach.accountId)}`
  const answer = await graphGet(reach, path, judgeWhatsApp).catch((thrown) => {
    throw repeatable(thrown) // nothing was changed by asking
  })
  const located = Located.safeParse(answer)
  if (!located.success)
    throw new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'The answer names no file.' })
  return located.data
}

async function answerFor({ fetch, credentials }: Reach, url: string): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { authorization: `Bearer ${credentials.accessToken}`, 'user-agent': 'Prosa/1.0' },
      signal: AbortSignal.timeout(TIMEOUT),
    })
  } catch {
    throw new ChannelError({ class: 'retryable', code: 'network', detail: 'The file’s host could not be reached.' })
  }
}

interface Served {
  body: NonNullable<Response['body']>
  headers: Headers
}

async function found(reach: Reach, answer: Response): Promise<Served> {
  if (answer.ok && answer.body) return { body: answer.body, headers: answer.headers }
  await answer.body?.cancel()
  throw new ChannelError({
    class: classOf(answer.status),
    code: `http_${answer.status}`,
    detail: `The file’s host answered ${answer.status}.`,
    retryAfterMs: retryAfterMs(answer.headers.get('retry-after'), reach.now()),
  })
}

/** 401: it is the address that it does not know any more; of our token, only the Graph API's own word counts. */
function classOf(status: number): ErrorClass {
  if (status === 429) return 'throttled'
  return status >= 500 || status === 408 || status === 401 || status < 300 ? 'retryable' : 'permanent'
}

function fetched({ mime_type, file_size }: Located, { body, headers }: Served): FetchedMedia {
  const length = headers.get('content-length')
  const told = length !== null && /^\d{1,12}$/.test(length) ? Number(length) : null
  return { body, mimeType: mime_type ?? headers.get('content-type'), bytes: told ?? file_size ?? null }
}
