/** What was refused, and what broke, as a page or a part. */
import type { Context, ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { audited } from '../db/queries/audit.ts'
import { StaleScope } from '../db/stale-scope.ts'
import { AppError, type ErrorCode } from '../domain/errors.ts'
import { i18nFor, localeFrom } from '../i18n/index.ts'
import { consoleLog } from '../log.ts'
import { ErrorPage, Notice } from '../views/errors.tsx'
import { signInPath } from './next-path.ts'
import { isHtmx, page, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'

const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  invalid: 422,
  too_long: 422,
  unfilled: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  already_sent: 409,
  already_taken: 409,
  blocked: 409,
  one_blocked: 409,
  window_closed: 409,
  window_over: 409,
  not_supported: 422,
  too_late: 409,
  too_many_requests: 429,
  too_large: 413,
  file_too_large: 413,
  file_type: 422,
  file_empty: 422,
  image_immense: 422,
  too_many_files: 422,
  unavailable: 503,
}

interface Refusal {
  code: ErrorCode
  status: ContentfulStatusCode
  details: AppError['details']
}

export const onError: ErrorHandler<RouteEnv> = async (error, c) => {
  try {
    const refusal = refusalOf(error)
    if (refusal.status === 500)
      c.var.app.log.error('request.failed', error, { requestId: c.var.requestId, route: c.req.method })
    if (refusal.code === 'forbidden') await auditDenial(c)
    return refusal.code === 'unauthenticated' ? toSignIn(c) : await drawn(c, refusal)
  } catch (worse) {
    // What broke may be the drawing itself: then there is still a number to quote, and nothing else.
    consoleLog.error('request.failed', worse, { requestId: c.var.requestId ?? '' })
    return c.text(`500 ${c.var.requestId ?? ''}`, 500)
  }
}

export const notFound = (c: Context<RouteEnv>) => drawn(c, refusalOf(new AppError('not_found')))

function refusalOf(error: Error): Refusal {
  if (error instanceof AppError) return { code: error.code, status: STATUS[error.code], details: error.details }
  if (error instanceof HTTPException) return { code: codeOf(error.status), status: error.status, details: {} }
  // Where it could be drawn again it was, and this answer is thrown away; where not, asking again will do.
  if (error instanceof StaleScope) return { code: 'unavailable', status: 503, details: { retryAfter: 1 } }
  return { code: 'unavailable', status: 500, details: {} }
}

function codeOf(status: number): ErrorCode {
  if (status === 413 || status === 414) return 'too_large'
  return status < 500 ? 'invalid' : 'unavailable'
}

async function drawn(c: Context<RouteEnv>, { code, status, details }: Refusal): Promise<Response> {
  const i18n = c.var.i18n ?? i18nFor(localeFrom(c.req.header('accept-language') ?? null), 'America/Sao_Paulo')
  c.set('i18n', i18n)
  c.status(status)
  c.header('Cache-Control', 'no-store')
  if (details.retryAfter !== undefined) c.header('Retry-After', String(details.retryAfter))
  const shown = { i18n, code, details, requestId: c.var.requestId }
  if (!wantsPartial(c)) return page(c, <ErrorPage {...shown} />, { title: i18n.t.problem.title })
  c.header('HX-Retarget', '#toasts')
  c.header('HX-Reswap', 'beforeend')
  // A part may hold a select of its own, which would find nothing in a notice.
  c.header('HX-Reselect', '.toast')
  return c.html(<Notice {...shown} />)
}

/** And back again afterwards: to the page, also where only a part of it was asked for. */
function toSignIn(c: Context<RouteEnv>): Response {
  c.header('Cache-Control', 'no-store')
  if (c.req.header('upgrade')) return c.body(null, 401)
  const path = signInPath(pageAskedFor(c))
  if (!isHtmx(c)) return c.redirect(path, 303)
  c.header('HX-Redirect', path)
  return c.body(null, 401)
}

function pageAskedFor(c: Context<RouteEnv>): string | undefined {
  const current = c.req.header('HX-Current-URL')
  const url = wantsPartial(c) && current && URL.canParse(current) ? new URL(current) : new URL(c.req.url)
  return wantsPartial(c) || c.req.method === 'GET' ? `${url.pathname}${url.search}` : undefined
}

/** The refusal stands whether or not it could be written down. */
async function auditDenial(c: Context<RouteEnv>): Promise<void> {
  const { app, viewer } = c.var as Partial<RouteEnv['Variables']>
  if (!app || !viewer) return
  const { workspaceId, agentId } = viewer
  const entry = { workspaceId, id: app.newId(), actorId: agentId, action: 'access.denied', at: app.now() } as const
  try {
    await app.db.write(audited({ ...entry, detail: { method: c.req.method }, trail: await trailOf(c) }))
  } catch (error) {
    app.log.error('audit.failed', error, { requestId: c.var.requestId, workspaceId, agentId })
  }
}
