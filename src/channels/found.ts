/** What was found in a provider's body: with a key of its own, or known by what it says. */
import type { InboundEvent } from './events.ts'
import { canonicalJson, sha256 } from './json.ts'

export interface Unnamed {
  /** The same event always says the same. */
  says: unknown
  named(hash: string): InboundEvent
}

export type Found = InboundEvent | Unnamed

/** Each event once, in the order in which they came: the same thing may be told twice in one body. */
export async function eachOnce(founds: Iterable<Found>): Promise<InboundEvent[]> {
  const events = new Map<string, InboundEvent>()
  for (const found of founds) {
    const event = 'says' in found ? found.named(await sha256(canonicalJson(found.says))) : found
    const once = `${event.accountId} ${event.dedupeKey}`
    if (!events.has(once)) events.set(once, event)
  }
  return [...events.values()]
}
