/** The second step of signing in: the password was right, and now a code of the app or one to recover by. */
import { type Context, Hono } from 'hono'
import { deleteCookie, getSignedCookie } from 'hono/cookie'
import * as z from 'zod'
import { clientAddressOf } from '../auth/client-address.ts'
import { cookieName, keepsSecureCookies } from '../auth/origins.ts'
import { codeFrom, isRecoveryCode, passTwoFactor } from '../auth/two-factor.ts'
import type { AuditAction } from '../db/audit-actions.ts'
import { auditedSignIn, sessionHashOf } from '../db/queries/sessions.ts'
import { challenged } from '../db/queries/two-factor.ts'
import { AppError } from '../domain/errors.ts'
import type { Problem } from '../views/errors.tsx'
import { SecondStepPage } from '../views/second-step.tsx'
import { nextPath } from './next-path.ts'
import { goTo, page } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { countedAttempt, door, settle } from './sign-in.tsx'
import { valid } from './valid.ts'

const text = z.string().max(4_000).default('')
const CodeForm = z.object({ code: text, next: text })

export const secondStep = new Hono<RouteEnv>()
  .get('/sign-in/2fa', async (c) => {
    if (!(await whoIsAsked(c))) return c.redirect('/sign-in', 303)
    return step(c, { next: nextPath(c.req.query('next')) })
  })

  .post('/sign-in/2fa', valid('form', CodeForm), async (c) => {
    const form = c.req.valid('form')
    const next = nextPath(form.next)
    const asked = await whoIsAsked(c)
    if (!asked) return over(c, next)
    try {
      const takeBack = await countedAttempt(c.env, [
        ['secondStepAddress', clientAddressOf(c.req.raw.headers)],
        ['secondStepAccount', asked.user_id],
      ])
      const code = codeFrom(form.code)
      const asking = { env: c.env, db: c.var.app.db, headers: c.req.raw.headers }
      const session = code && (await passTwoFactor(asking, asked.user_id, code))
      if (session) {
        await takeBack()
        await settle(c, asked.email, session)
        if (isRecoveryCode(code)) await note(c, asked.email, 'two_factor.code_used', await sessionHashOf(session.token))
        return goTo(c, next)
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'too_many_requests') throw error
      return step(c, { next, problem: error })
    }
    await note(c, asked.email, 'session.refused')
    // Too many wrong codes, and the library asks for the password again.
    return (await whoIsAsked(c)) ? step(c, { next, problem: { code: 'unauthenticated' } }) : over(c, next)
  })

const challengeCookie = (c: Context<RouteEnv>) => cookieName(c.env, 'two_factor')

/** Null: nobody's password was right within the last minutes. */
async function whoIsAsked(c: Context<RouteEnv>) {
  const identifier = await getSignedCookie(c, c.env.AUTH_SECRET, challengeCookie(c))
  if (!identifier) return null
  const [[asked]] = await c.var.app.db.read(challenged(identifier, c.var.app.now()))
  return asked ?? null
}

/** Whoever failed is nobody yet; whoever came in has a session. */
async function note(
  c: Context<RouteEnv>,
  email: string,
  action: AuditAction,
  sessionHash: string | null = null,
): Promise<void> {
  const { app } = c.var
  await app.db.write(
    auditedSignIn({ id: app.newId(), email, action, at: app.now(), trail: { ...(await trailOf(c)), sessionHash } }),
  )
}

function over(c: Context<RouteEnv>, next: string) {
  deleteCookie(c, challengeCookie(c), { path: '/', secure: keepsSecureCookies(c.env) })
  return door(c, { email: '', next, problem: { code: 'too_late' } })
}

function step(c: Context<RouteEnv>, { next, problem }: { next: string; problem?: Problem }) {
  const { i18n } = c.var
  if (problem) c.status(problem.code === 'too_many_requests' ? 429 : 401)
  if (problem?.details?.retryAfter !== undefined) c.header('Retry-After', String(problem.details.retryAfter))
  return page(c, <SecondStepPage i18n={i18n} next={next} problem={problem} />, { title: i18n.t.secondStep.title })
}
