import type { Context } from 'hono'
import { limited } from '../auth/limit.ts'
import { AppError } from '../domain/errors.ts'
import type { RouteEnv } from './route-env.ts'

/**
 * Why people are not looked for now, to be said where they would stand; null: they are. A search is asked for as one types,
 * so this is far more of them than anybody types in a minute.
 */
export async function searchRefused(c: Context<RouteEnv>, sought: string): Promise<string | null> {
  if (sought.trim() === '') return null
  try {
    await limited(c.env, 'search', c.var.viewer.agentId)
    return null
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'too_many_requests') throw error
    c.status(429)
    c.header('Retry-After', String(error.details.retryAfter))
    return c.var.i18n.error(error.code, error.details)
  }
}
