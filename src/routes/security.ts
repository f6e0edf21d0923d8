/** What every request must look like, and what every answer says about itself. */
import type { Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import { uuidv7 } from 'uuidv7'
import { originsOf } from '../auth/origins.ts'
import { AppError } from '../domain/errors.ts'
import type { RouteEnv } from './route-env.ts'

const LONGEST_URL = 8_192
const LARGEST_FORM = 65_536
const MOST_FIELDS = 100
/** Of a form with a box for every person of a list. */
const MOST_BOXES = 1_000
const FORM = 'application/x-www-form-urlencoded'
const REPORTS = '/reports/csp'

/** A name for this request, in the answer, in the log and on an error page. */
export const requestId = createMiddleware<RouteEnv>(async (c, next) => {
  c.set('requestId', uuidv7())
  await next()
  if (c.res.status !== 101) c.header('X-Request-Id', c.var.requestId)
})

/** Headers of every answer. A route that needs another value (a file from outside) sets it, and is left alone. */
export const securityHeaders = createMiddleware<RouteEnv>(async (c, next) => {
  await next()
  if (c.res.status === 101) return
  const https = new URL(c.req.url).protocol === 'https:'
  for (const [name, value] of Object.entries(headersFor(c.env.MEDIA_ORIGIN, https))) {
    if (!c.res.headers.has(name)) c.header(name, value)
  }
  if (c.res.status >= 400 || isHtml(c.res)) c.header('Cache-Control', 'no-store')
  if (isHtml(c.res)) c.header('Vary', 'HX-Request-Type')
})

/** What a page may load, from where, and who may show it. */
export function headersFor(mediaOrigin: string | undefined, https: boolean): Record<string, string> {
  const media = mediaOrigin ? ` ${mediaOrigin}` : ''
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob:${media}`,
    `media-src 'self' blob:${media}`,
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types htmx',
    `report-uri ${REPORTS}`,
    'report-to csp',
  ]
  return {
    'Content-Security-Policy': policy.join('; '),
    'Reporting-Endpoints': `csp="${REPORTS}"`,
    ...(https ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {}),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(self), payment=(), usb=()',
  }
}

/** A browser's own word on where a request comes from decides; without it the Origin, to the letter; without both, no. */
export const sameOrigin = createMiddleware<RouteEnv>(async (c, next) => {
  if (changesState(c) && !comesFromUs(c.req.raw.headers, originsOf(c.env))) throw new AppError('forbidden')
  await next()
})

export function comesFromUs(headers: Headers, origins: string[]): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const origin = headers.get('origin')
  return origin !== null && origins.includes(origin)
}

/** Limits of shape: the URL, and of a form its type, its size and the number of its fields. */
export const boundedShape = createMiddleware<RouteEnv>(async (c, next) => {
  if (c.req.url.length > LONGEST_URL) throw new HTTPException(414)
  if (changesState(c) && c.req.raw.body && !isUpload(c)) {
    const body = await bytesAtMost(c.req.raw, LARGEST_FORM)
    if (body.length > 0 && mediaType(c) !== FORM) throw new HTTPException(415)
    if (fieldsIn(body) > (c.req.path === '/contacts/marks' ? MOST_BOXES : MOST_FIELDS)) throw new AppError('too_large')
    c.req.raw = new Request(c.req.raw, { body })
  }
  await next()
})

/** A file streams by: its route counts its bytes. */
const isUpload = ({ req }: Context<RouteEnv>) => req.method === 'POST' && UPLOADS.test(req.path)

const UPLOADS =
  /^\/(contacts\/import|conversations\/[^/]+\/(uploads|templates\/[^/]+\/file)|settings\/quick-replies\/[^/]+\/files)$/

/**
 * A plain form says PUT or DELETE through a hidden `_method`: the request starts over as what it meant to be. Stands
 * behind `boundedShape`, which has read the body; `app` is the whole application.
 */
export const methodOverride = (app: Hono<RouteEnv>) =>
  createMiddleware<RouteEnv>(async (c, next) => {
    const method = c.req.method === 'POST' && isForm(c) ? await methodMeant(c) : null
    if (!method) return next()
    c.res = await app.fetch(method, c.env, c.executionCtx)
  })

/** The browser's reports of what the policy kept from loading. They change nothing; only their kind is kept. */
export async function cspReport(c: Context<RouteEnv>): Promise<Response> {
  const body = new TextDecoder().decode(await bytesAtMost(c.req.raw, 16_384))
  for (const kind of directivesIn(body)) c.var.app.log.warn('csp.violation', { kind, requestId: c.var.requestId })
  return c.body(null, 204)
}

export const isHtml = (response: Response) => response.headers.get('content-type')?.startsWith('text/html') ?? false

/** Providers sign what they send, and browsers' reports change nothing: all else must come from our own pages. */
function changesState(c: Context<RouteEnv>): boolean {
  const { method, path } = c.req
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false
  return !path.startsWith('/webhooks/') && !(method === 'POST' && path === REPORTS)
}

const mediaType = (c: Context<RouteEnv>) => c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()

const isForm = (c: Context<RouteEnv>) => c.req.raw.body !== null && mediaType(c) === FORM

async function methodMeant(c: Context<RouteEnv>): Promise<Request | null> {
  const fields = new URLSearchParams(new TextDecoder().decode(await c.req.raw.clone().arrayBuffer()))
  const meant = fields.get('_method')?.toUpperCase()
  if (meant === undefined) return null
  if (meant !== 'PUT' && meant !== 'DELETE' && meant !== 'PATCH') throw new AppError('invalid', { field: '_method' })
  fields.delete('_method')
  const headers = new Headers(c.req.raw.headers)
  headers.delete('content-length')
  return new Request(c.req.raw.url, { method: meant, headers, body: fields.toString() })
}

async function bytesAtMost(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > most) throw new AppError('too_large')
  const bytes = new Uint8Array(most)
  let length = 0
  for await (const chunk of request.body ?? []) {
    if (length + chunk.length > most) throw new AppError('too_large')
    bytes.set(chunk, length)
    length += chunk.length
  }
  return bytes.slice(0, length)
}

const AMPERSAND = 38

const fieldsIn = (body: Uint8Array) => body.reduce((fields, byte) => (byte === AMPERSAND ? fields + 1 : fields), 1)

function directivesIn(body: string): string[] {
  try {
    const reports = [JSON.parse(body)].flat() as Record<string, Record<string, unknown> | undefined>[]
    return reports.slice(0, 10).flatMap((report) => {
      const directive = report.body?.effectiveDirective ?? report['csp-report']?.['effective-directive']
      return typeof directive === 'string' && /^[a-z-]{1,40}$/.test(directive) ? [directive] : []
    })
  } catch {
    return []
  }
}
