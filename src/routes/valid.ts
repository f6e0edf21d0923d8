/** What comes in is checked once, at the edge: behind `valid` a handler has what its schema says. */
import type { Context, ValidationTargets } from 'hono'
import { validator } from 'hono/validator'
import * as z from 'zod'
import { AppError } from '../domain/errors.ts'
import type { RouteEnv } from './route-env.ts'

type Target = Extract<keyof ValidationTargets, 'form' | 'query' | 'param'>

/**
 * Throws `invalid` where the input does not fit. A form that wants to show itself again with the reason beside the field
 * answers from `refused`, which gets what was sent and what is wrong with it.
 */
export const valid = <T extends Target, S extends z.ZodType>(
  target: T,
  schema: S,
  refused?: (
    c: Context<RouteEnv>,
    sent: Record<string, unknown>,
    problems: z.core.$ZodIssue[],
  ) => Response | Promise<Response>,
) =>
  validator(target, (sent: Record<string, unknown>, c): z.output<S> | Response | Promise<Response> => {
    const parsed = schema.safeParse(sent)
    if (parsed.success) return parsed.data
    if (refused) return refused(c as Context<RouteEnv>, sent, parsed.error.issues)
    const field = parsed.error.issues[0]?.path.join('.')
    throw new AppError('invalid', field ? { field } : {})
  })

/** One field, several times. */
export const many = <T extends z.ZodType>(one: T) =>
  z
    .union([one, z.array(one)])
    .optional()
    .transform((given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]) as z.output<T>[])
