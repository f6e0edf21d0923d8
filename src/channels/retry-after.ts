const SHORTEST = 1_000
const LONGEST = 3_600_000
const SECONDS = /^-?\d+(?:\.\d+)?$/
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** How long a `Retry-After` asks us to wait, between a second and an hour; null: it says nothing that can be read. */
export function retryAfterMs(header: string | null, now: number): number | null {
  const value = header?.trim() ?? ''
  if (SECONDS.test(value)) return clamped(Number(value) * 1000)
  if (HTTP_DATE.test(value)) return clamped(Date.parse(value) - now)
  return null
}

const clamped = (ms: number) => (Number.isNaN(ms) ? null : Math.min(LONGEST, Math.max(SHORTEST, Math.round(ms))))
