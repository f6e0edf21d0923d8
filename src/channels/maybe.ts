import type * as z from 'zod'

/** Absent, null or malformed: all the same to us, and no reason to lose what stands beside it. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
