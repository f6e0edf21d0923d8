/** An object of the store as an answer: whole or in part, shown only where showing it cannot do anything in our name. */
import type { Context } from 'hono'
import { AppError } from '../domain/errors.ts'
import { opensInline } from '../domain/media-types.ts'
import { typeOf } from '../domain/sniff.ts'
import { nameText } from '../domain/text.ts'
import type { RouteEnv } from './route-env.ts'

export interface Served {
  key: string
  /** An object never changes: its name is enough. */
  etag: string
  mimeType: string | null
  name: string
  size: number
}

export interface Showing {
  inline: boolean
  /** From the host of files into our pages. */
  elsewhere: boolean
  /** Says what even a download is, to who takes it by that alone. */
  typed?: boolean
}

export async function serve(
  c: Context<RouteEnv>,
  { key, etag, mimeType, name, size }: Served,
  how: Showing,
): Promise<Response> {
  const headers = headersOf({ etag, mimeType, name }, how)
  if (c.req.header('if-none-match')?.includes(`"${etag}"`)) return new Response(null, { status: 304, headers })

  const range = partAsked(c.req.header('range'), c.req.header('if-range'), `"${etag}"`, size)
  if (range === 'none of it') {
    headers.set('Content-Range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  if (range) headers.set('Content-Range', `bytes ${range.offset}-${range.offset + range.length - 1}/${size}`)
  headers.set('Content-Length', String(range?.length ?? size))
  const status = range ? 206 : 200
  if (c.req.raw.method === 'HEAD') return new Response(null, { status, headers })
  const body = await c.var.app.store.get(key, range ?? undefined)
  if (!body) throw new AppError('not_found')
  return new Response(body, { status, headers })
}

/** Small enough to be in memory: what it is, its bytes say. */
export async function servePicture(
  c: Context<RouteEnv>,
  { key, etag }: Pick<Served, 'key' | 'etag'>,
): Promise<Response> {
  const body = await c.var.app.store.get(key)
  if (!body) throw new AppError('not_found')
  const bytes = new Uint8Array(await new Response(body).arrayBuffer())
  const mimeType = typeOf(bytes, null)
  const headers = headersOf({ etag, mimeType, name: 'picture' }, { inline: true, elsewhere: false })
  return new Response(bytes, { headers })
}

/** A table to take away: never shown, and kept by no cache. */
export const csvAnswer = (body: ReadableStream | null, name: string): Response =>
  new Response(body, {
    headers: {
      'Cache-Control': 'no-store',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodedName(name)}`,
      'Content-Type': 'text/csv; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    },
  })

function headersOf(
  { etag, mimeType, name }: Pick<Served, 'etag' | 'mimeType' | 'name'>,
  { inline, elsewhere, typed = false }: Showing,
): Headers {
  const shown = inline && opensInline(mimeType)
  return new Headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=300',
    'Content-Disposition': shown ? 'inline' : `attachment; filename*=UTF-8''${encodedName(name)}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Type': ((shown || typed) && mimeType) || 'application/octet-stream',
    'Cross-Origin-Resource-Policy': elsewhere ? 'cross-origin' : 'same-origin',
    ETag: `"${etag}"`,
    'X-Content-Type-Options': 'nosniff',
  })
}

/** One range; of several, or of what is no range, the whole is a right answer. */
export function partAsked(
  range: string | undefined,
  ifRange: string | undefined,
  etag: string,
  size: number,
): { offset: number; length: number } | 'none of it' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? []
  if ((from === '' && to === '') || (ifRange !== undefined && ifRange !== etag)) return null
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'none of it' : { offset: size - length, length }
  }
  const [first, last] = [Number(from), to === '' ? size - 1 : Math.min(Number(to), size - 1)]
  if (to !== '' && Number(to) < first) return null
  return first >= size ? 'none of it' : { offset: first, length: last - first + 1 }
}

/** RFC 8187; whatever a system would read as a path or a drive becomes a line. */
export function encodedName(name: string): string {
  const safe = (nameText(name) ?? 'file').replace(/[\\/:*?"<>|]/g, '_').replace(/^\.+/, '_')
  return encodeURIComponent(safe).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
