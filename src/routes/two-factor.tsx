/** One's own second step of signing in: turned on with a first code, renewed and turned off with the password. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { signed, unsigned } from '../auth/signing.ts'
import {
  type Asking,
  beginTwoFactor,
  codeFrom,
  confirmTwoFactor,
  endTwoFactor,
  isRecoveryCode,
  recoveryCodesOf,
  renewRecoveryCodes,
} from '../auth/two-factor.ts'
import { twoFactorOf } from '../db/queries/two-factor.ts'
import { readAs } from '../db/read-as.ts'
import { noteTwoFactor } from '../domain/second-step.ts'
import { BeginPage, ConfirmPage, OnPage, RecoveryCodesPage } from '../views/two-factor.tsx'
import { goTo, page } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { forgetScope, trailOf } from './session.ts'
import { valid } from './valid.ts'

const text = z.string().max(4_000).default('')
const PasswordForm = z.strictObject({ password: text })
const ConfirmForm = z.strictObject({ code: text, setup: text })

const PATH = '/settings/profile/two-factor'
const SETUP_PURPOSE = 'two-factor.setup'

/** Plain posts, all of them: the library changes the session, and with it every socket of the page must go. */
export const twoFactor = new Hono<RouteEnv>()
  .get('/', (c) => draw(c))

  .post('/', valid('form', PasswordForm), async (c) => {
    if ((await standing(c)).enabled) return goTo(c, PATH)
    const uri = await withPassword(c, c.req.valid('form').password, beginTwoFactor)
    return uri === null ? draw(c, { wrong: 'begin' }) : drawConfirm(c, uri, false)
  })

  .put('/', valid('form', ConfirmForm), async (c) => {
    const form = c.req.valid('form')
    const { userId, enabled } = await standing(c)
    if (enabled) return goTo(c, PATH)
    const uri = await unsigned(c.env.AUTH_SECRET, SETUP_PURPOSE, form.setup)
    if (uri === null) return goTo(c, PATH)
    const code = codeFrom(form.code)
    const session = code === null || isRecoveryCode(code) ? null : await confirmTwoFactor(asking(c), userId, code)
    if (session === null) return drawConfirm(c, uri, true)
    await noteTwoFactor(c.var.app, c.var.viewer, 'enabled', await trailOf(c))
    const codes = await recoveryCodesOf({ env: c.env, db: c.var.app.db }, userId)
    return drawCodes(c, codes, session.cookies)
  })

  .post('/codes', valid('form', PasswordForm), async (c) => {
    if (!(await standing(c)).enabled) return goTo(c, PATH)
    const codes = await withPassword(c, c.req.valid('form').password, renewRecoveryCodes)
    if (codes === null) return draw(c, { wrong: 'codes' })
    await noteTwoFactor(c.var.app, c.var.viewer, 'codes_renewed', await trailOf(c))
    return drawCodes(c, codes)
  })

  .delete('/', valid('form', PasswordForm), async (c) => {
    if (!(await standing(c)).enabled) return goTo(c, PATH)
    const cookies = await withPassword(c, c.req.valid('form').password, endTwoFactor)
    if (cookies === null) return draw(c, { wrong: 'end' })
    await noteTwoFactor(c.var.app, c.var.viewer, 'disabled', await trailOf(c))
    keepCookies(c, cookies)
    return goTo(c, '/settings/profile?done=two-factor')
  })

const asking = (c: Context<RouteEnv>): Asking => ({ env: c.env, db: c.var.app.db, headers: c.req.raw.headers })

/** So many guesses, however many come at once. */
async function withPassword<T>(
  c: Context<RouteEnv>,
  password: string,
  act: (asked: Asking, password: string) => Promise<T | null>,
): Promise<T | null> {
  const takeBack = await limited(c.env, 'reauth', c.var.viewer.agentId)
  if (password === '' || password.length > 256) return null
  const done = await act(asking(c), password)
  if (done !== null) await takeBack()
  return done
}

async function standing({ var: { app, viewer } }: Context<RouteEnv>): Promise<{ userId: string; enabled: boolean }> {
  const [[row]] = await readAs(app.db, viewer, twoFactorOf(viewer))
  return { userId: row?.user_id ?? '', enabled: row?.enabled === 1 }
}

async function draw(c: Context<RouteEnv>, { wrong }: { wrong?: 'begin' | 'codes' | 'end' } = {}) {
  const { i18n, viewer, app } = c.var
  const { userId, enabled } = await standing(c)
  if (wrong) c.status(422)
  const title = i18n.t.twoFactor.title
  if (!enabled) return c.render(<BeginPage i18n={i18n} viewer={viewer} wrong={wrong === 'begin'} />, { title })
  const left = (await recoveryCodesOf({ env: c.env, db: app.db }, userId)).length
  return c.render(<OnPage i18n={i18n} viewer={viewer} left={left} wrong={wrong} />, { title })
}

async function drawConfirm(c: Context<RouteEnv>, uri: string, wrong: boolean) {
  const { i18n, viewer } = c.var
  if (wrong) c.status(422)
  const setup = await signed(c.env.AUTH_SECRET, SETUP_PURPOSE, uri)
  return page(c, <ConfirmPage i18n={i18n} viewer={viewer} uri={uri} setup={setup} wrong={wrong} />, {
    title: i18n.t.twoFactor.title,
  })
}

/** The one answer that shows them. */
function drawCodes(c: Context<RouteEnv>, codes: string[], cookies: string[] = []) {
  const { i18n, viewer } = c.var
  keepCookies(c, cookies)
  c.header('Cache-Control', 'no-store')
  return page(c, <RecoveryCodesPage i18n={i18n} viewer={viewer} codes={codes} />, { title: i18n.t.twoFactor.codes })
}

function keepCookies(c: Context<RouteEnv>, cookies: string[]): void {
  if (cookies.length === 0) return
  forgetScope(c)
  for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
}
