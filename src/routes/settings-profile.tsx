/** What people set for themselves. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { passwordHasher } from '../auth/password-hasher.ts'
import { whyNotPassword } from '../auth/password-rules.ts'
import { passwordOf } from '../db/queries/people.ts'
import { ownSessions, toSession } from '../db/queries/sessions.ts'
import { twoFactorOf } from '../db/queries/two-factor.ts'
import { readAs } from '../db/read-as.ts'
import { LOCALES } from '../db/schema/index.ts'
import {
  changePassword,
  changeProfile,
  changeSounds,
  endOwnSession,
  renameSelf,
  signOutElsewhere,
} from '../domain/own-account.ts'
import { TIME_ZONES } from '../i18n/time-zones.ts'
import type { Problem } from '../views/errors.tsx'
import type { Refused } from '../views/settings-page.tsx'
import { type ProfileDone, ProfilePage } from '../views/settings-profile.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { forgetScope, sessionTokenOf, trailOf } from './session.ts'
import { refusalOf } from './settings-form.ts'
import { twoFactor } from './two-factor.tsx'
import { valid } from './valid.ts'

const ProfileForm = z.strictObject({
  locale: z.enum(LOCALES),
  theme: z.enum(['system', 'light', 'dark']),
  timeZone: z.enum(['', ...TIME_ZONES]).default(''),
})
const ticked = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on')
const SoundsForm = z.strictObject({
  mine: ticked,
  queue: ticked,
  tick: ticked,
  volume: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.number().max(100)),
})
const NameForm = z.strictObject({ name: z.string() })
const text = z.string().max(4_000).default('')
const PasswordForm = z.strictObject({ current: text, next: text })
const Done = z.enum(['name', 'password', 'sessions', 'sounds', 'two-factor'])

const PATH = '/settings/profile'

export const settingsProfile = new Hono<RouteEnv>()
  .get('/', (c) => drawProfile(c, { done: Done.safeParse(c.req.query('done')).data }))

  .put('/', valid('form', ProfileForm), async (c) => {
    const { timeZone, ...looks } = c.req.valid('form')
    await changeProfile(c.var.app, c.var.viewer, { ...looks, timeZone: timeZone || null })
    forgetScope(c)
    return goTo(c, PATH)
  })

  .put('/sounds', valid('form', SoundsForm), async (c) => {
    await changeSounds(c.var.app, c.var.viewer, c.req.valid('form'))
    return done(c, 'sounds')
  })

  .put('/name', valid('form', NameForm), async (c) => {
    const { name } = c.req.valid('form')
    const problem = await refusalOf(c, renameSelf(c.var.app, c.var.viewer, name, await trailOf(c)))
    if (problem) return drawProfile(c, { refused: { form: 'name', problem, value: name } })
    return done(c, 'name')
  })

  .put('/password', valid('form', PasswordForm), async (c) => {
    const { current, next } = c.req.valid('form')
    const problem = await passwordRefusal(c, current, next)
    if (problem) return drawProfile(c, { refused: { form: String(problem.details?.field), problem, value: '' } })
    return done(c, 'password')
  })

  .route('/two-factor', twoFactor)

  .delete('/sessions', async (c) => {
    const { app, viewer } = c.var
    await signOutElsewhere(app, viewer, (await sessionTokenOf(c)) ?? '', await trailOf(c))
    return done(c, 'sessions')
  })

  .delete('/sessions/:sessionId', async (c) => {
    await endOwnSession(c.var.app, c.var.viewer, c.req.param('sessionId'), await trailOf(c))
    return done(c, 'sessions')
  })

/** Null: it is changed. */
async function passwordRefusal(c: Context<RouteEnv>, current: string, next: string): Promise<Problem | null> {
  const { app, viewer } = c.var
  const whyNot = whyNotPassword(next)
  if (whyNot) return refusal(c, 'next', whyNot)
  const from = await passwordFoundRight(c, current)
  if (from === null) return refusal(c, 'current', 'wrong_password')
  const to = await passwordHasher(c.env).hash(next)
  const keep = (await sessionTokenOf(c)) ?? ''
  const problem = await refusalOf(c, changePassword(app, viewer, { from, to, keep }, await trailOf(c)))
  return problem && { ...problem, details: { field: 'current' } }
}

function refusal(c: Context<RouteEnv>, field: string, why: string): Problem {
  c.status(422)
  return { code: 'invalid', details: { field, why } }
}

/** The hash that it was found right by; null: it is not their password. So many guesses, however many come at once. */
async function passwordFoundRight(c: Context<RouteEnv>, password: string): Promise<string | null> {
  const { app, viewer } = c.var
  const takeBack = await limited(c.env, 'reauth', viewer.agentId)
  const [[stored]] = await app.db.read(passwordOf(viewer))
  if (!stored?.hash || password === '' || password.length > 256) return null
  if (!(await passwordHasher(c.env).verify(stored.hash, password))) return null
  await takeBack()
  return stored.hash
}

/** By a full load: the frame of the page says who they are, and its sockets hang on the session. */
function done(c: Context<RouteEnv>, what: ProfileDone) {
  forgetScope(c)
  return goTo(c, `${PATH}?done=${what}`)
}

async function drawProfile(
  c: Context<RouteEnv>,
  { done, refused }: { done?: ProfileDone | undefined; refused?: Refused } = {},
) {
  const { app, i18n, viewer } = c.var
  const token = (await sessionTokenOf(c)) ?? ''
  const [sessions, [second]] = await readAs(app.db, viewer, ownSessions(viewer, token, app.now()), twoFactorOf(viewer))
  return c.render(
    <ProfilePage
      i18n={i18n}
      viewer={viewer}
      sessions={sessions.map(toSession)}
      twoFactor={second?.enabled === 1}
      done={done}
      refused={refused}
    />,
    { title: i18n.t.profile.title },
  )
}
