/** Exact counters: a Durable Object a counted thing, which forgets everything once its window has passed. */
import { DurableObject } from 'cloudflare:workers'
import { AppError } from '../domain/errors.ts'
import type { Env } from '../env.ts'
import { pseudonymOf } from './signing.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** How often, within how long. What may come at once is a second, shorter window. */
const LIMITS = {
  signInAccount: { limit: 10, windowMs: 15 * MINUTE },
  signInAddress: { limit: 30, windowMs: 15 * MINUTE },
  secondStepAccount: { limit: 10, windowMs: 15 * MINUTE },
  secondStepAddress: { limit: 30, windowMs: 15 * MINUTE },
  invite: { limit: 30, windowMs: 15 * MINUTE },
  setup: { limit: 10, windowMs: 15 * MINUTE },
  /** A code of an authenticator app: as long as one is taken, and somewhat more. */
  usedCode: { limit: 1, windowMs: 2 * MINUTE },
  /** The password, asked for again of who is signed in. */
  reauth: { limit: 10, windowMs: 15 * MINUTE },
  resetLink: { limit: 30, windowMs: 15 * MINUTE },
  passwordReset: { limit: 3, windowMs: HOUR },
  send: { limit: 30, windowMs: MINUTE },
  sendBurst: { limit: 10, windowMs: 5_000 },
  /** People are looked for as one types, a moment after each pause. */
  search: { limit: 120, windowMs: MINUTE },
  /** Asks the provider for the past, and has all that waits looked at again. */
  sync: { limit: 20, windowMs: MINUTE },
  /** The page says so every ten seconds of the thread that is written in. */
  typing: { limit: 30, windowMs: MINUTE },
  upload: { limit: 20, windowMs: MINUTE },
  export: { limit: 3, windowMs: 24 * HOUR },
  exportLink: { limit: 30, windowMs: 15 * MINUTE },
  replay: { limit: 60, windowMs: MINUTE },
  badSignature: { limit: 60, windowMs: MINUTE },
} as const satisfies Record<string, { limit: number; windowMs: number }>

export type LimitName = keyof typeof LIMITS

interface Hit {
  allowed: boolean
  /** Until the next one is let through; 0 where this one was. */
  retryAfterMs: number
  /** Names this hit to `takeBack`. */
  ordinal: number
}

/**
 * Counts one more, or throws `too_many_requests`. Answers with how to make it uncounted. What is tried again under the
 * same `once` counts as the one thing that it is.
 */
export async function limited(env: Env, name: LimitName, key: string, once?: string): Promise<() => Promise<void>> {
  const { limit, windowMs } = LIMITS[name]
  const counter = await counterOf(env, name, key)
  const hit = await counter.hit(limit, windowMs, once)
  if (!hit.allowed) throw new AppError('too_many_requests', { retryAfter: Math.ceil(hit.retryAfterMs / 1000) })
  return () => counter.takeBack(hit.ordinal)
}

/** A counter's name would show an e-mail or an address in the platform's lists: it is a pseudonym. */
async function counterOf(env: Env, name: LimitName, key: string): Promise<DurableObjectStub<Limit>> {
  return env.LIMITS.get(env.LIMITS.idFromName(`${name}:${await pseudonymOf(env.AUTH_SECRET, `limit.${name}`, key)}`))
}

interface Counted {
  /** When each was let through, oldest first, with its ordinal, and what it was counted for. */
  hits: [at: number, ordinal: number, once?: string][]
  last: number
  /** From when on none of them counts any more. */
  until: number
}

/** A sliding window: in no stretch of `windowMs` are more than `limit` let through. What is refused is not counted. */
export class Limit extends DurableObject<Env> {
  async hit(limit: number, windowMs: number, once?: string): Promise<Hit> {
    const now = Date.now()
    const { hits, last } = this.#within(windowMs, now)
    const before = once === undefined ? undefined : hits.find((hit) => hit[2] === once)
    if (before) return { allowed: true, retryAfterMs: 0, ordinal: before[1] }
    const refused = tooSoon(hits, limit, windowMs, now)
    if (refused) return refused

    const ordinal = last + 1
    const until = now + windowMs
    this.#keep({ hits: [...hits, once === undefined ? [now, ordinal] : [now, ordinal, once]], last: ordinal, until })
    await this.ctx.storage.setAlarm(until)
    return { allowed: true, retryAfterMs: 0, ordinal }
  }

  /** It turned out to count for nothing: a sign-in that succeeded. */
  takeBack(ordinal: number): void {
    const counted = this.#counted()
    this.#keep({ ...counted, hits: counted.hits.filter((hit) => hit[1] !== ordinal) })
  }

  /** Nothing here counts any more, unless a hit came in just before. */
  override async alarm(): Promise<void> {
    const { until } = this.#counted()
    if (until > Date.now()) await this.ctx.storage.setAlarm(until)
    else await this.ctx.storage.deleteAll()
  }

  #within(windowMs: number, now: number): Counted {
    const counted = this.#counted()
    // A clock that was set back must lock nobody out for longer than the window: what lies ahead is forgotten too.
    return { ...counted, hits: counted.hits.filter(([at]) => at > now - windowMs && at <= now) }
  }

  #counted(): Counted {
    return this.ctx.storage.kv.get<Counted>('counted') ?? { hits: [], last: 0, until: 0 }
  }

  #keep(counted: Counted): void {
    this.ctx.storage.kv.put('counted', counted)
  }
}

function tooSoon(hits: Counted['hits'], limit: number, windowMs: number, now: number): Hit | null {
  const first = hits.at(-limit)
  return first ? { allowed: false, retryAfterMs: first[0] + windowMs - now, ordinal: first[1] } : null
}
