/** How many messages a provider takes: each second in all, and to one person. */
import type { Behaviour } from './behaviour.ts'

const PAIR_EVERY_MS = 6_000

interface Bucket {
  tokens: number
  at: number
}

export class Rates {
  readonly #buckets = new Map<string, Bucket>()

  /** The limit that was hit; null: it may pass. */
  hit(inboxKey: string, recipient: string, behaviour: Behaviour, now: number): 'account' | 'recipient' | null {
    const { throughputPerSecond, pairBurst } = behaviour
    if (!this.#take(inboxKey, throughputPerSecond, 1_000 / throughputPerSecond, now)) return 'account'
    if (!this.#take(`${inboxKey} ${recipient}`, pairBurst, PAIR_EVERY_MS, now)) return 'recipient'
    return null
  }

  #take(name: string, size: number, everyMs: number, now: number): boolean {
    const bucket = this.#buckets.get(name) ?? { tokens: size, at: now }
    const tokens = Math.min(size, bucket.tokens + (now - bucket.at) / everyMs)
    this.#buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
    return tokens >= 1
  }
}
