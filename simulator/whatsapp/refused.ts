/** What is wrong with a call, as the Cloud API would say it. */
import type * as z from 'zod'

export class Refused extends Error {
  readonly code: number

  constructor(code: number, details: string) {
    super(details)
    this.code = code
  }
}

/** A missing part has a code of its own. */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [name, ...(issue?.path ?? [])].filter((part) => part !== '').join('.')
  const missing = issue?.message.endsWith('received undefined')
  throw new Refused(missing ? 131008 : 100, `${path}: ${issue?.message ?? 'invalid'}`)
}
