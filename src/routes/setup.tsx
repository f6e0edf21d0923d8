/** First run. Open while there is no workspace, to whoever has the code that the server printed. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { clientAddressOf } from '../auth/client-address.ts'
import { limited } from '../auth/limit.ts'
import { passwordHasher } from '../auth/password-hasher.ts'
import { whyNotPassword } from '../auth/password-rules.ts'
import { pseudonymOf } from '../auth/signing.ts'
import { AppError } from '../domain/errors.ts'
import { isSetUp, setUp } from '../domain/setup.ts'
import { TIME_ZONES } from '../i18n/time-zones.ts'
import { type SetupField, SetupPage, type SetupProps } from '../views/setup.tsx'
import { goTo, page } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { startSession } from './sign-in.tsx'
import { valid } from './valid.ts'

const text = z.string().max(4_000).default('')
const SetupForm = z.strictObject({
  code: text,
  workspaceName: text,
  departmentName: text,
  timeZone: text,
  ownerName: text,
  email: text.transform((email) => email.trim().toLowerCase()),
  password: text,
})
type SetupForm = z.infer<typeof SetupForm>

export const setup = new Hono<RouteEnv>()
  .get('/', async (c) => {
    if (await isSetUp(c.var.app)) return c.redirect('/sign-in', 303)
    return setupPage(c, {}, {})
  })

  .post('/', valid('form', SetupForm), async (c) => {
    const { app, i18n } = c.var
    if (await isSetUp(app)) return goTo(c, '/sign-in')
    const form = c.req.valid('form')
    // Counted before the code is looked at: so many guesses, however many come at once.
    const takeBack = await limited(c.env, 'setup', clientAddressOf(c.req.raw.headers))
    const problems = await problemsOf(c, form)
    if (Object.keys(problems).length > 0) return setupPage(c, form, problems)
    try {
      const passwordHash = await passwordHasher(c.env).hash(form.password)
      await setUp(app, { ...form, passwordHash, locale: i18n.locale }, await trailOf(c))
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') return goTo(c, '/sign-in')
      throw error
    }
    await takeBack()
    await startSession(c, form.email, form.password)
    return goTo(c, '/settings/start')
  })

async function problemsOf(c: Context<RouteEnv>, form: SetupForm): Promise<SetupProps['problems']> {
  const { problem } = c.var.i18n.t.setup
  const whyNot = whyNotPassword(form.password)
  const names = (['workspaceName', 'departmentName', 'ownerName'] as const).filter((name) => form[name].trim() === '')
  return {
    ...((await isTheCode(c, form.code)) ? {} : { code: problem.code }),
    ...(Object.fromEntries(names.map((name) => [name, problem.empty])) as Partial<Record<SetupField, string>>),
    ...(TIME_ZONES.includes(form.timeZone) ? {} : { timeZone: problem.timeZone }),
    ...(z.email().max(254).safeParse(form.email).success ? {} : { email: problem.email }),
    ...(whyNot ? { password: problem[whyNot] } : {}),
  }
}

/** What is compared are pseudonyms, which nobody can steer letter by letter; spaces and case are how people copy. */
async function isTheCode({ env }: Context<RouteEnv>, given: string): Promise<boolean> {
  const code = plainCode(env.SETUP_CODE ?? '')
  const [a, b] = await Promise.all([code, plainCode(given)].map((text) => pseudonymOf(env.AUTH_SECRET, 'setup', text)))
  return code !== '' && a === b
}

const plainCode = (text: string) => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

function setupPage(c: Context<RouteEnv>, given: Partial<SetupForm>, problems: SetupProps['problems']) {
  const { i18n } = c.var
  if (Object.keys(problems).length > 0) c.status(422)
  const props = { open: Boolean(c.env.SETUP_CODE), timeZones: TIME_ZONES, given, problems }
  return page(c, <SetupPage i18n={i18n} {...props} />, { title: i18n.t.setup.title })
}
