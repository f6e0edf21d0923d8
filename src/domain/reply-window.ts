/** What a channel lets us write, and until when. */
import type { InboxSettings } from '../channels/channel.ts'
import type { Length, Limits } from '../channels/limits.ts'
import type { Windows } from '../db/queries/outbound.ts'
import type { ConversationHead } from '../db/records.ts'

const HOUR = 3_600_000

/** What the windows of a conversation count from. */
export type Contacted = Pick<ConversationHead, 'lastIncomingAt' | 'lastAdAt'> & {
  inboxSettings: Pick<InboxSettings, 'humanAgent'>
}

/** Null: anything may be written at any time. A window that a channel does not have is as long as the usual one. */
export function windowsOf({ replyWindowHours, adWindowHours, humanAgentHours }: Limits): Windows | null {
  if (replyWindowHours === null) return null
  return {
    usual: replyWindowHours * HOUR,
    ad: (adWindowHours ?? replyWindowHours) * HOUR,
    humanAgent: (humanAgentHours ?? replyWindowHours) * HOUR,
  }
}

/** When free text stops being allowed: the latest of all windows; null: never. Without a word of the customer's, long ago. */
export function windowEndsAt(limits: Limits, { lastIncomingAt, lastAdAt, inboxSettings }: Contacted): number | null {
  const windows = windowsOf(limits)
  if (!windows) return null
  const ours = inboxSettings.humanAgent ? windows.humanAgent : windows.usual
  return Math.max((lastIncomingAt ?? 0) + ours, (lastAdAt ?? 0) + windows.ad)
}

export function canStillReply(limits: Limits, contacted: Contacted, now: number): boolean {
  const end = windowEndsAt(limits, contacted)
  return end === null || now < end
}

/** How long the window is that is over, as people say it. */
export const hoursOf = (limits: Limits, { inboxSettings }: Pick<Contacted, 'inboxSettings'>): number =>
  (inboxSettings.humanAgent ? limits.humanAgentHours : null) ?? limits.replyWindowHours ?? 0

/** What leaves after the usual window leaves by the right of a person who answers. */
export function needsHumanAgent(
  limits: Limits,
  { lastIncomingAt, inboxSettings }: Omit<Contacted, 'lastAdAt'>,
  now: number,
): boolean {
  if (limits.humanAgentHours === null || !inboxSettings.humanAgent) return false
  return !canStillReply(limits, { lastIncomingAt, lastAdAt: null, inboxSettings: {} }, now)
}

const LENGTH = {
  utf16: (text: string) => text.length,
  code_points: (text: string) => [...text].length,
  bytes: (text: string) => new TextEncoder().encode(text).length,
} as const

/** Each provider counts in a unit of its own. */
export const fits = ({ textLength, textUnit }: Limits, text: string) =>
  isWithin({ length: textLength, unit: textUnit }, text)

export const isWithin = ({ length, unit }: Length, text: string) => LENGTH[unit](text) <= length
