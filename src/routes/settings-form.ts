/** Forms of the settings: refused beside the field with what was typed, or done and gone on. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { StaleScope } from '../db/stale-scope.ts'
import { refuseUnlessAdministrator } from '../domain/administration.ts'
import { AppError } from '../domain/errors.ts'
import type { Problem } from '../views/errors.tsx'
import { goTo, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'

/** What the person can put right in the form, and null where it was done; everything else is thrown on. */
export async function refusalOf(c: Context<RouteEnv>, act: Promise<unknown>): Promise<Problem | null> {
  try {
    await act
    return null
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'invalid' && error.code !== 'conflict')) throw error
    c.status(error.code === 'conflict' ? 409 : 422)
    return { code: error.code, details: error.details }
  }
}

/** The page as it is now, in place; a plain form goes to it, as does whoever has just changed what they may do themselves. */
export async function shownAgain(
  c: Context<RouteEnv>,
  path: string,
  draw: () => Response | Promise<Response>,
): Promise<Response> {
  if (!wantsPartial(c)) return goTo(c, path)
  try {
    return await draw()
  } catch (error) {
    if (error instanceof StaleScope) return goTo(c, path)
    throw error
  }
}

export const forAdministrators = createMiddleware<RouteEnv>(async (c, next) => {
  refuseUnlessAdministrator(c.var.viewer)
  await next()
})
