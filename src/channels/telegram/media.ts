/** A file that came with a message: its id gives a path that lives an hour, which gives the file. The address holds the token. */
import * as z from 'zod'
import { ChannelError, type FetchedMedia, type Reach } from '../channel.ts'
import type { InboundMedia } from '../events.ts'
import { maybe } from '../maybe.ts'
import { retryAfterMs } from '../retry-after.ts'
import { askBot } from './api.ts'

const TIMEOUT = 30_000

const Located = z.object({
  file_path: z.string().regex(/^[\w./-]{1,512}$/),
  file_size: maybe(z.int().nonnegative()),
})

export async function media(reach: Reach, handle: NonNullable<InboundMedia['handle']>): Promise<FetchedMedia> {
  if (!('id' in handle)) throw new ChannelError({ class: 'permanent', code: 'no_handle', detail: 'It has no id.' })
  const located = Located.safeParse(await askBot(reach, 'getFile', { file_id: handle.id })).data
  if (!located) throw new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'The answer names no file.' })
  const answer = await answerFor(reach, fileUrl(reach, located.file_path))
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel()
    throw failureOf(reach, answer)
  }
  const length = answer.headers.get('content-length')
  const told = length !== null && /^\d{1,12}$/.test(length) ? Number(length) : null
  // What Telegram calls the type of a download says nothing: the message said it.
  return { body: answer.body, mimeType: null, bytes: told ?? located.file_size ?? null }
}

export const fileUrl = ({ baseUrl, credentials }: Reach, path: string) =>
  `${baseUrl}/file/bot${credentials.accessToken}/${path.split('/').map(encodeURIComponent).join('/')}`

async function answerFor({ fetch }: Reach, url: string): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) })
  } catch {
    throw new ChannelError({ class: 'retryable', code: 'network', detail: 'The file could not be asked for.' })
  }
}

/** A path that is not known any more: the next time there will be another. */
function failureOf({ now }: Reach, { status, headers }: Response): ChannelError {
  return new ChannelError({
    class: status === 429 ? 'throttled' : 'retryable',
    code: `http_${status}`,
    detail: `HTTP ${status}`,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now()),
  })
}
