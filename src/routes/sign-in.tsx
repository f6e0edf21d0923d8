/** Signing in and out. */
import { APIError } from 'better-auth/api'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { authFor } from '../auth/auth.ts'
import { clientAddressOf } from '../auth/client-address.ts'
import { type LimitName, limited } from '../auth/limit.ts'
import { cookieName } from '../auth/origins.ts'
import { SESSIONS_A_USER } from '../auth/session-life.ts'
import type { NewSession } from '../auth/two-factor.ts'
import {
  auditedSignIn,
  bumpAuthzOfLeaving,
  endSession,
  keepNewestSessions,
  sessionHashOf,
} from '../db/queries/sessions.ts'
import { AppError } from '../domain/errors.ts'
import { signOut, signOutEverywhere } from '../domain/own-account.ts'
import { isSetUp } from '../domain/setup.ts'
import type { Env } from '../env.ts'
import type { Problem } from '../views/errors.tsx'
import { SignInPage } from '../views/sign-in.tsx'
import { nextPath } from './next-path.ts'
import { goTo, page } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { forgetSession, sessionTokenOf, signedIn, trailOf, viewerOf } from './session.ts'
import { valid } from './valid.ts'

/** A failure is answered on the next full step: how long it took must not tell whether the e-mail is known. */
const FAILURE_STEP_MS = 500

const SignInForm = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254),
  password: z.string().min(1).max(256),
  next: z.string().optional(),
})

export const signIn = new Hono<RouteEnv>()
  .get('/sign-in', async (c) => {
    const next = nextPath(c.req.query('next'))
    // A kept scope may outlive its session: believed here, it would send back whoever was just sent here.
    if (await viewerOf(c, { anew: true })) return c.redirect(next, 303)
    return (await isSetUp(c.var.app)) ? door(c, { email: '', next }) : c.redirect('/setup', 303)
  })

  .post('/sign-in', valid('form', SignInForm, refused), async (c) => {
    const { app } = c.var
    const { email, password, next } = c.req.valid('form')
    const startedAt = app.now()
    const again = { email, next: nextPath(next) }
    try {
      const takeBack = await countedAttempt(c.env, [
        ['signInAddress', clientAddressOf(c.req.raw.headers)],
        ['signInAccount', email],
      ])
      const right = await sessionFor(c, email, password)
      if (right) await takeBack()
      if (right && 'challenge' in right) return toSecondStep(c, right.challenge, again.next)
      if (right) {
        await settle(c, email, right)
        return goTo(c, again.next)
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'too_many_requests') throw error
      return door(c, { ...again, problem: error })
    }
    await app.db.write(
      auditedSignIn({ id: app.newId(), email, action: 'session.refused', at: app.now(), trail: await failureTrail(c) }),
    )
    await untilNextStep(app.now() - startedAt)
    return door(c, { ...again, problem: { code: 'unauthenticated' } })
  })

  .post('/sign-out', async (c) => {
    const [viewer, token] = [await viewerOf(c), await sessionTokenOf(c)]
    if (viewer && token) await signOut(c.var.app, viewer, token, await trailOf(c))
    return leave(c)
  })

  .post('/sign-out/everywhere', signedIn, async (c) => {
    await signOutEverywhere(c.var.app, c.var.viewer, await trailOf(c))
    return leave(c)
  })

/** All counters take the attempt before anything is looked at, so that many at once get no further than one by one. */
export async function countedAttempt(env: Env, counters: [LimitName, string][]): Promise<() => Promise<unknown>> {
  const counted = await Promise.allSettled(counters.map(([name, key]) => limited(env, name, key)))
  const takeBack = () => Promise.all(counted.map((one) => (one.status === 'fulfilled' ? one.value() : undefined)))
  const refusals = counted.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []))
  if (refusals.length === 0) return takeBack
  await takeBack()
  throw refusals.sort((a, b) => waitOf(b) - waitOf(a))[0]
}

const waitOf = (error: Error) =>
  error instanceof AppError ? Number(error.details.retryAfter) : Number.POSITIVE_INFINITY

/** The password was right, and a code is asked for besides: the cookies that say so for some minutes. */
interface Challenge {
  challenge: string[]
}

function toSecondStep(c: Context<RouteEnv>, cookies: string[], next: string): Response {
  for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
  return goTo(c, `/sign-in/2fa?next=${encodeURIComponent(next)}`)
}

type Settling = Pick<NewSession, 'token' | 'userId' | 'cookies'>

/** A new session, or null: the password is wrong, nobody has that e-mail, or they may not work here any more. */
async function sessionFor(c: Context<RouteEnv>, email: string, password: string): Promise<Settling | Challenge | null> {
  try {
    const { headers, response } = await authFor(c.env, c.var.app.db).api.signInEmail({
      body: { email, password },
      headers: new Headers({ 'user-agent': c.req.header('user-agent')?.slice(0, 256) ?? '' }),
      returnHeaders: true,
    })
    const cookies = headers.getSetCookie()
    // It also takes away the session that the browser had: that one ends when the second step is done.
    if ('twoFactorRedirect' in response)
      return { challenge: cookies.filter((cookie) => cookie.startsWith(`${cookieName(c.env, 'two_factor')}=`)) }
    return { token: response.token, userId: response.user.id, cookies }
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) return null
    throw error
  }
}

/** Signs in whoever has just been let in, by the password that they chose a moment ago. */
export async function startSession(c: Context<RouteEnv>, email: string, password: string): Promise<void> {
  const session = await sessionFor(c, email, password)
  if (session && !('challenge' in session)) await settle(c, email, session)
}

/** The session that this browser had goes, and of many the oldest; what was open under them looks again. */
export async function settle(c: Context<RouteEnv>, email: string, { token, userId, cookies }: Settling): Promise<void> {
  const { app } = c.var
  const before = await sessionTokenOf(c)
  const trail = { ...(await trailOf(c)), sessionHash: await sessionHashOf(token) }
  const at = app.now()
  const [bumped] = await app.db.write(
    bumpAuthzOfLeaving({ before, userId }, SESSIONS_A_USER, at),
    auditedSignIn({ id: app.newId(), email, action: 'session.started', at, trail }),
    ...(before ? [endSession(before)] : []),
    keepNewestSessions(userId, SESSIONS_A_USER, at),
  )
  for (const { workspace_id: workspaceId, id } of bumped?.rows ?? [])
    app.publish({ type: 'agent.changed', workspaceId: String(workspaceId), agentId: String(id) })
  for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
}

/** Whoever failed to sign in is nobody yet, whatever session their browser carries. */
const failureTrail = async (c: Context<RouteEnv>) => ({ ...(await trailOf(c)), sessionHash: null })

const untilNextStep = (passed: number) =>
  new Promise((resolve) => setTimeout(resolve, FAILURE_STEP_MS - (passed % FAILURE_STEP_MS)))

function leave(c: Context<RouteEnv>): Response {
  forgetSession(c)
  c.header('Clear-Site-Data', '"cache", "storage"')
  return goTo(c, '/sign-in')
}

/** Too long to be a password or an e-mail of ours, or nothing at all: no hash is spent on it. */
function refused(c: Context<RouteEnv>, { email, next }: Record<string, unknown>) {
  return door(c, {
    email: typeof email === 'string' ? email.slice(0, 254) : '',
    next: nextPath(typeof next === 'string' ? next : undefined),
    problem: { code: 'unauthenticated' },
  })
}

interface DoorProps {
  email: string
  next: string
  problem?: Problem
}

export function door(c: Context<RouteEnv>, { email, next, problem }: DoorProps) {
  const { i18n } = c.var
  if (problem) c.status(problem.code === 'too_many_requests' ? 429 : 401)
  if (problem?.details?.retryAfter !== undefined) c.header('Retry-After', String(problem.details.retryAfter))
  return page(c, <SignInPage i18n={i18n} email={email} next={next} problem={problem} />, { title: i18n.t.signIn.title })
}
