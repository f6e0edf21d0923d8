/** When it happened, as far as the provider can be believed. */

const DAY = 86_400_000
const OLDEST = 30 * DAY
const NEWEST = 5 * 60_000

/** The provider's time, within what is believable; where it has none, ours. */
export const clamp = (occurredAt: number | null, receivedAt: number) =>
  Math.min(Math.max(occurredAt ?? receivedAt, receivedAt - OLDEST), receivedAt + NEWEST)

/** A past may be as old as it likes, and is never ahead of us. */
export const pastTime = (occurredAt: number | null, receivedAt: number) =>
  Math.min(Math.max(occurredAt ?? receivedAt, 0), receivedAt)
