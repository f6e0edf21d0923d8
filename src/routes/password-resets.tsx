/** The link by which somebody chooses a new password: open to whoever holds it, once. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { clientAddressOf } from '../auth/client-address.ts'
import { limited } from '../auth/limit.ts'
import { passwordHasher } from '../auth/password-hasher.ts'
import { whyNotPassword } from '../auth/password-rules.ts'
import { AppError } from '../domain/errors.ts'
import { openReset, takeReset } from '../domain/password-resets.ts'
import { ResetOverPage, ResetPage } from '../views/password-reset.tsx'
import { SignInPage } from '../views/sign-in.tsx'
import { page } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { valid } from './valid.ts'

const ResetForm = z.strictObject({ password: z.string().max(4_000).default('') })

export const passwordResets = new Hono<RouteEnv>()
  .get('/:token', (c) => draw(c))

  .post('/:token', valid('form', ResetForm), async (c) => {
    const { app, i18n } = c.var
    const { password } = c.req.valid('form')
    const takeBack = await limited(c.env, 'resetLink', clientAddressOf(c.req.raw.headers))
    // Nobody who holds no good link makes us hash.
    if (!(await openReset(app, c.req.param('token')))) return over(c)
    const whyNot = whyNotPassword(password)
    if (whyNot) return draw(c, i18n.t.setup.problem[whyNot])
    try {
      const passwordHash = await passwordHasher(c.env).hash(password)
      const { email } = await takeReset(app, c.req.param('token'), passwordHash, await trailOf(c))
      await takeBack()
      return page(c, <SignInPage i18n={i18n} email={email} next="/conversations" said={i18n.t.passwordReset.done} />, {
        title: i18n.t.signIn.title,
      })
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return over(c)
      throw error
    }
  })

async function draw(c: Context<RouteEnv>, problem?: string) {
  const { app, i18n } = c.var
  const token = c.req.param('token') ?? ''
  const reset = await openReset(app, token)
  if (!reset) return over(c)
  if (problem) c.status(422)
  c.header('Referrer-Policy', 'no-referrer') // the address is the key
  return page(c, <ResetPage i18n={i18n} token={token} email={reset.email} problem={problem} />, {
    title: i18n.t.passwordReset.title,
  })
}

function over(c: Context<RouteEnv>) {
  const { i18n } = c.var
  c.status(404)
  return page(c, <ResetOverPage i18n={i18n} />, { title: i18n.t.passwordReset.overTitle })
}
