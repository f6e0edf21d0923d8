/** What a channel lets us write, and until when. */
import type { Limits } from '../channels/channel.ts'

const HOUR = 3_600_000

/** When free text stops being allowed; null: never. Without a word of the customer's it is not allowed at all. */
export function windowEndsAt({ replyWindowHours }: Limits, lastIncomingAt: number | null): number | null {
  return replyWindowHours === null ? null : (lastIncomingAt ?? 0) + replyWindowHours * HOUR
}

export const canStillReply = (limits: Limits, lastIncomingAt: number | null, now: number) => {
  const end = windowEndsAt(limits, lastIncomingAt)
  return end === null || now < end
}

/** The customer must have written after this for a text to be allowed now. */
export const windowFrom = ({ replyWindowHours }: Limits, now: number) =>
  replyWindowHours === null ? null : now - replyWindowHours * HOUR

const LENGTH = {
  utf16: (text: string) => text.length,
  code_points: (text: string) => [...text].length,
  bytes: (text: string) => new TextEncoder().encode(text).length,
} as const

/** Each provider counts in a unit of its own. */
export const fits = ({ textLength, textUnit }: Limits, text: string) => LENGTH[textUnit](text) <= textLength
