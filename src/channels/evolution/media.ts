/** A file that came with a message: at the server's store, within the call itself, or asked of the server by the message's id. */
import * as z from 'zod'
import { type Row, words } from '../baileys/lenient.ts'
import { ChannelError, type FetchedMedia, type Reach } from '../channel.ts'
import type { InboundMedia } from '../events.ts'
import { ask } from './rest.ts'

type Handle = NonNullable<InboundMedia['handle']>

const DATA = /^data:([\w.+-]+\/[\w.+-]+)?;base64,/
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/**
 * The address where the company keeps files may lead where we must not go, or have died: the message's id stands behind
 * its `#`, so that the server itself can be asked.
 */
export function handleOf(key: string, { mediaUrl, base64 }: Row): Handle {
  if (typeof mediaUrl === 'string' && /^https?:\/\//.test(mediaUrl) && URL.canParse(mediaUrl))
    return { url: `${mediaUrl.split('#')[0]}#${encodeURIComponent(key)}` }
  const data = typeof base64 === 'string' ? base64.replace(DATA, '') : ''
  return data !== '' && BASE64.test(data.slice(0, 200)) ? { url: `data:;base64,${data}` } : { id: key }
}

/** A video in base64 takes its time. */
const TIMEOUT = 60_000

export async function fetchMedia(reach: Reach, handle: Handle): Promise<FetchedMedia> {
  if ('id' in handle) return askServer(reach, handle.id)
  if (DATA.test(handle.url)) return fileIn(handle.url.replace(DATA, ''), null)
  const [address = '', key = ''] = handle.url.split('#')
  return (await fetched(reach, address)) ?? askServer(reach, decodeURIComponent(key))
}

/** Without our key: it is signed for whoever holds it. Null: it is not to be had there. */
async function fetched({ fetch }: Reach, address: string): Promise<FetchedMedia | null> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT) })
    if (response.ok && response.body) {
      const bytes = Number(response.headers.get('content-length') ?? '')
      const mimeType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() || null
      return { body: response.body, mimeType, bytes: Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null }
    }
    await response.body?.cancel()
  } catch {
    // Refused, broken or too slow: the server is asked instead.
  }
  return null
}

const Answer = z.object({ base64: z.string(), mimetype: words })

async function askServer(reach: Reach, id: string): Promise<FetchedMedia> {
  const body = { message: { key: { id } }, convertToMp4: false }
  const answer = Answer.safeParse(await asked(reach, body)).data
  if (!answer) throw new ChannelError({ class: 'permanent', code: 'gone', detail: 'The server has no such file.' })
  return fileIn(answer.base64.replace(DATA, ''), answer.mimetype?.split(';')[0]?.trim().toLowerCase() || null)
}

/** A file may be asked for again at any time: only a clear no is the end of it. */
async function asked(reach: Reach, body: unknown): Promise<unknown> {
  try {
    return await ask(reach, { path: 'chat/getBase64FromMediaMessage', body, timeoutMs: TIMEOUT })
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    const { code, message: detail } = error
    if (error.class === 'ambiguous' || code === 'disconnected')
      throw new ChannelError({ class: 'retryable', code, detail })
    throw error.class === 'permanent' ? new ChannelError({ class: 'permanent', code: 'gone', detail }) : error
  }
}

/** Four letters are three bytes: a piece must not tear them. */
const PIECE = 65_536

function fileIn(base64: string, mimeType: string | null): FetchedMedia {
  const data = base64.replaceAll('-', '+').replaceAll('_', '/')
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= data.length) return controller.close()
      const piece = data.slice(at, at + PIECE)
      at += PIECE
      try {
        controller.enqueue(Uint8Array.from(atob(piece), (letter) => letter.charCodeAt(0)))
      } catch {
        controller.error(new ChannelError({ class: 'permanent', code: 'gone', detail: 'The file cannot be read.' }))
      }
    },
  })
  return { body, mimeType, bytes: Math.floor((data.replace(/=+$/, '').length * 3) / 4) || null }
}
