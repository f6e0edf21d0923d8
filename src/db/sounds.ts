/** What somebody wants to hear, and how loud. Kept as JSON; whatever is not said is as most people want it. */
import * as z from 'zod'

const Stored = z.object({
  /** A customer of theirs wrote. */
  mine: z.boolean().default(true),
  /** Somebody wrote whom nobody has yet. */
  queue: z.boolean().default(false),
  /** Somebody wrote in the very conversation that is before their eyes. */
  tick: z.boolean().default(false),
  volume: z.number().min(0).max(100).default(60),
})

export type Sounds = z.infer<typeof Stored>

export function soundsFrom(stored: string | null): Sounds {
  const parsed = Stored.safeParse(stored === null ? {} : JSON.parse(stored))
  return parsed.success ? parsed.data : Stored.parse({})
}
