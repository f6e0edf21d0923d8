/** The link that somebody was sent: open to whoever holds it, once. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { clientAddressOf } from '../auth/client-address.ts'
import { limited } from '../auth/limit.ts'
import { passwordHasher } from '../auth/password-hasher.ts'
import { whyNotPassword } from '../auth/password-rules.ts'
import { AppError } from '../domain/errors.ts'
import { join, offeredBy } from '../domain/invitations.ts'
import { InvitationOverPage, JoinPage, type JoinProps } from '../views/invitation.tsx'
import { goTo, page } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { startSession } from './sign-in.tsx'
import { valid } from './valid.ts'

const text = z.string().max(4_000).default('')
const JoinForm = z.strictObject({
  name: text,
  email: text.transform((email) => email.trim().toLowerCase()),
  password: text,
})
type JoinForm = z.infer<typeof JoinForm>

export const invitations = new Hono<RouteEnv>()
  .get('/:token', (c) => joinPage(c, {}, {}))

  .post('/:token', valid('form', JoinForm), async (c) => {
    const { app } = c.var
    const form = c.req.valid('form')
    const takeBack = await limited(c.env, 'invite', clientAddressOf(c.req.raw.headers))
    const problems = problemsOf(c, form)
    if (Object.keys(problems).length > 0) return joinPage(c, form, problems)
    // Nobody who holds no good link makes us hash.
    if (!(await offeredBy(app, c.req.param('token')))) return overPage(c)
    try {
      const passwordHash = await passwordHasher(c.env).hash(form.password)
      await join(app, c.req.param('token'), { ...form, passwordHash }, await trailOf(c))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code === 'invalid') return joinPage(c, form, problemIn(c, error))
      if (error.code === 'not_found') return overPage(c)
      throw error
    }
    await takeBack()
    await startSession(c, form.email, form.password)
    return goTo(c, '/conversations')
  })

function problemsOf({ var: { i18n } }: Context<RouteEnv>, { name, email, password }: JoinForm): JoinProps['problems'] {
  const { problem } = i18n.t.setup
  const whyNot = whyNotPassword(password)
  return {
    ...(name.trim() === '' ? { name: problem.empty } : {}),
    ...(z.email().max(254).safeParse(email).success ? {} : { email: problem.email }),
    ...(whyNot ? { password: problem[whyNot] } : {}),
  }
}

function problemIn({ var: { i18n } }: Context<RouteEnv>, { details }: AppError): JoinProps['problems'] {
  return details.field === 'email' ? { email: i18n.t.invitation.emailKnown } : { name: i18n.t.setup.problem.empty }
}

async function joinPage(c: Context<RouteEnv>, given: Partial<JoinForm>, problems: JoinProps['problems']) {
  const { app, i18n } = c.var
  const token = c.req.param('token') ?? ''
  const offered = await offeredBy(app, token)
  if (!offered) return overPage(c)
  if (Object.keys(problems).length > 0) c.status(422)
  c.header('Referrer-Policy', 'no-referrer') // the address is the key
  return page(c, <JoinPage i18n={i18n} token={token} offered={offered} given={given} problems={problems} />, {
    title: i18n.fill(i18n.t.invitation.title, { workspace: offered.workspace_name }),
  })
}

function overPage(c: Context<RouteEnv>) {
  const { i18n } = c.var
  c.status(404)
  return page(c, <InvitationOverPage i18n={i18n} />, { title: i18n.t.invitation.overTitle })
}
