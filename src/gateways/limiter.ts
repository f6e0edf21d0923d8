/** Token buckets that survive a restart: how fast an inbox may send, in all and to one person. */
import type { Rate } from '../channels/limits.ts'

interface Bucket {
  tokens: number
  at: number
}

export class Limiter {
  readonly #sql: SqlStorage
  readonly #rates: { account: Rate; recipient: Rate }

  constructor(storage: DurableObjectStorage, rates: { account: Rate; recipient: Rate }) {
    this.#sql = storage.sql
    this.#rates = rates
  }

  /** Takes one token of both buckets, or of neither: answers `now`, or when there will be one of each. */
  admit(recipient: string, now: number): number {
    const wanted = [
      { name: 'account', rate: this.#rates.account },
      { name: `to:${recipient}`, rate: this.#rates.recipient },
    ].map(({ name, rate }) => ({ name, rate, ...this.#filled(name, rate, now) }))
    const from = Math.max(
      ...wanted.map(({ rate, bucket }) => now + Math.ceil(((1 - Math.min(1, bucket.tokens)) / rate.perSecond) * 1000)),
    )
    if (from > now) {
      for (const { name, bucket, ahead } of wanted) if (ahead) this.#keep(name, bucket)
      return from
    }
    for (const { name, bucket } of wanted) this.#keep(name, { tokens: bucket.tokens - 1, at: bucket.at })
    return now
  }

  /** Full buckets say nothing: they go. */
  prune(now: number): void {
    const longest = Math.max(...Object.values(this.#rates).map(({ burst, perSecond }) => burst / perSecond))
    this.#sql.exec('DELETE FROM buckets WHERE at < ?', now - Math.ceil(longest * 1000))
  }

  /** A clock that jumped back gives nothing and takes nothing; its new time is kept, or the bucket would stay as it is until then. */
  #filled(name: string, { burst, perSecond }: Rate, now: number): { bucket: Bucket; ahead: boolean } {
    const [stored] = this.#sql
      .exec('SELECT tokens, at FROM buckets WHERE name = ?', name)
      .toArray() as unknown as Bucket[]
    if (!stored) return { bucket: { tokens: burst, at: now }, ahead: false }
    const gained = (Math.max(0, now - stored.at) / 1000) * perSecond
    return { bucket: { tokens: Math.min(burst, stored.tokens + gained), at: now }, ahead: stored.at > now }
  }

  #keep(name: string, { tokens, at }: Bucket): void {
    this.#sql.exec(
      'INSERT INTO buckets (name, tokens, at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET tokens = excluded.tokens, at = excluded.at',
      name,
      tokens,
      at,
    )
  }
}
