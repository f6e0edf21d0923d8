/** Who is asking. Behind `signedIn` there is a viewer, and it is one who may be here. */
import type { Context, Hono } from 'hono'
import { deleteCookie, getCookie, getSignedCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { clientAddressOf } from '../auth/client-address.ts'
import { cookieName, keepsSecureCookies } from '../auth/origins.ts'
import { endOf, IDLE_MS, isDueToExtend } from '../auth/session-life.ts'
import { pseudonymOf, signed, unsigned } from '../auth/signing.ts'
import type { Trail } from '../db/queries/audit.ts'
import { extendSession, type StoredSession, sessionHashOf, sessionWithAgent } from '../db/queries/sessions.ts'
import type { Locale, Viewer } from '../db/records.ts'
import { soundsFrom } from '../db/sounds.ts'
import { StaleScope } from '../db/stale-scope.ts'
import { AppError } from '../domain/errors.ts'
import { i18nFor, localeFrom } from '../i18n/index.ts'
import type { RouteEnv } from './route-env.ts'

/** How long a scope that was read is believed by a page that only reads. */
const SCOPE_MS = 60_000

/** Changes with the shape of what is kept under it, so that a new version reads none of an older one's. */
export const SCOPE_PURPOSE = 'scope.v3'

/** The viewer, less what a request says by itself. */
type KeptViewer = Omit<Viewer, 'locale'> & { locale: Locale | null }

interface KeptScope {
  until: number
  viewer: KeptViewer
}

export const signedIn = createMiddleware<RouteEnv>(async (c, next) => {
  const viewer = await viewerOf(c)
  if (!viewer) throw new AppError('unauthenticated')
  c.set('viewer', viewer)
  c.set('i18n', i18nFor(viewer.locale, viewer.timeZone))
  await next()
})

/** Who is signed in, or null. What only reads may rely on a scope of the last 60 s; everything else reads it anew. */
export async function viewerOf(c: Context<RouteEnv>, { anew = !onlyReads(c) } = {}): Promise<Viewer | null> {
  const token = await sessionTokenOf(c)
  if (!token) return null
  const sessionHash = await sessionHashOf(token)
  const kept = anew ? null : await keptScope(c, sessionHash)
  const viewer = kept ?? (await readScope(c, token, sessionHash))
  return viewer && { ...viewer, locale: viewer.locale ?? localeFrom(c.req.header('accept-language') ?? null) }
}

/** The token of the session's cookie, if the signature is ours. */
export async function sessionTokenOf(c: Context<RouteEnv>): Promise<string | null> {
  const token = await getSignedCookie(c, c.env.AUTH_SECRET, cookieName(c.env, 'session_token'))
  return token || null
}

/** Makes the next request read the scope anew: what the viewer is shown of themselves has changed. */
export function forgetScope(c: Context<RouteEnv>): void {
  deleteCookie(c, cookieName(c.env, 'scope'), cookieAttributes(c))
}

export function forgetSession(c: Context<RouteEnv>): void {
  deleteCookie(c, cookieName(c.env, 'session_token'), cookieAttributes(c))
  forgetScope(c)
}

/** For the audit log: which session, which address, which request, and nothing that says whose. */
export async function trailOf(c: Context<RouteEnv>): Promise<Trail> {
  const token = await sessionTokenOf(c)
  return {
    sessionHash: token ? await sessionHashOf(token) : null,
    addressHash: await pseudonymOf(c.env.AUTH_SECRET, 'address', clientAddressOf(c.req.raw.headers)),
    requestId: c.var.requestId,
  }
}

/**
 * Draws a page once more, under a scope read anew, where it found that its scope was an older one than the agent's.
 * Stands before everything that it repeats; `app` is the whole application.
 */
export const refreshScope = (app: Hono<RouteEnv>) =>
  createMiddleware<RouteEnv>(async (c, next) => {
    await next()
    const name = cookieName(c.env, 'scope')
    if (!(c.error instanceof StaleScope) || !onlyReads(c) || getCookie(c, name) === undefined) return
    const headers = new Headers(c.req.raw.headers)
    headers.set('cookie', withoutCookie(headers.get('cookie') ?? '', name))
    c.error = undefined
    c.res = undefined
    c.res = await app.fetch(new Request(c.req.raw, { headers }), c.env, c.executionCtx)
  })

function onlyReads(c: Context<RouteEnv>): boolean {
  const { method, headers } = c.req.raw
  return (method === 'GET' || method === 'HEAD') && headers.get('upgrade') === null
}

async function keptScope(c: Context<RouteEnv>, sessionHash: string): Promise<KeptViewer | null> {
  const cookie = getCookie(c, cookieName(c.env, 'scope'))
  const text = cookie ? await unsigned(c.env.AUTH_SECRET, SCOPE_PURPOSE, cookie) : null
  if (!text) return null
  const { until, viewer } = JSON.parse(text) as KeptScope
  return until > c.var.app.now() && viewer.sessionHash === sessionHash ? viewer : null
}

async function readScope(c: Context<RouteEnv>, token: string, sessionHash: string): Promise<KeptViewer | null> {
  const { app } = c.var
  const [rows] = await app.db.read(sessionWithAgent(token))
  const stored = rows[0]
  if (!stored) return null
  const times = { createdAt: stored.created_at, updatedAt: stored.updated_at, expiresAt: stored.expires_at }
  const now = app.now()
  const end = endOf(times, stored.role)
  if (end <= now) return null

  if (isDueToExtend(times, now)) {
    app.later(app.db.write(extendSession(token, { updatedAt: times.updatedAt, now, expiresAt: now + IDLE_MS })))
    extendCookie(c)
  }
  const viewer = toViewer(stored, sessionHash)
  await keepScope(c, { until: Math.min(now + SCOPE_MS, end), viewer })
  return viewer
}

/** More than a cookie holds (an agent of some hundred departments) is read each time. */
const LONGEST_COOKIE = 3_800

async function keepScope(c: Context<RouteEnv>, scope: KeptScope): Promise<void> {
  const cookie = await signed(c.env.AUTH_SECRET, SCOPE_PURPOSE, JSON.stringify(scope))
  if (cookie.length > LONGEST_COOKIE) return
  setCookie(c, cookieName(c.env, 'scope'), cookie, { ...cookieAttributes(c), maxAge: SCOPE_MS / 1000 })
}

function extendCookie(c: Context<RouteEnv>): void {
  const name = cookieName(c.env, 'session_token')
  setCookie(c, name, getCookie(c, name) ?? '', { ...cookieAttributes(c), maxAge: IDLE_MS / 1000 })
}

const cookieAttributes = (c: Context<RouteEnv>) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: keepsSecureCookies(c.env) }) as const

const toViewer = (stored: StoredSession, sessionHash: string): KeptViewer => ({
  workspaceId: stored.workspace_id,
  agentId: stored.agent_id,
  role: stored.role,
  departmentIds: JSON.parse(stored.department_ids) as string[],
  authzVersion: stored.authz_version,
  name: stored.name,
  email: stored.email,
  locale: stored.locale,
  theme: stored.theme,
  workspaceName: stored.workspace_name,
  timeZone: stored.time_zone,
  ownTimeZone: stored.own_time_zone,
  sounds: soundsFrom(stored.sounds),
  listFilters: stored.list_filters,
  sessionHash,
})

const withoutCookie = (header: string, name: string) =>
  header
    .split(';')
    .filter((pair) => pair.trim().split('=')[0] !== name)
    .join(';')
