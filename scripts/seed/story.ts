/** The words the demo's conversations are written in: one `Story` a conversation, one `Line` a row of its thread. */
import type { DEMO_DEPARTMENTS, DEMO_INBOXES } from '../demo.ts'

export type InboxKey = (typeof DEMO_INBOXES)[number]['key']
export type PersonKey = 'ana' | 'bruno' | 'carla' | 'diego' | 'eva'
/** Nothing is left `queued` or `sending`: the gateway would take it for work and send it. */
export type Outcome = 'sent' | 'delivered' | 'read' | 'unknown' | 'canceled' | 'window_closed' | 'unreachable'
/** A span of time: `40s`, `5m`, `3h`, `2d`. */
export type Span = `${number}${'s' | 'm' | 'h' | 'd'}`

export interface Line {
  /** `phone`: our side, written on the shop's own phone. */
  from: 'customer' | 'agent' | 'phone'
  type: string
  text: string | null
  /** The part of the provider's payload that the text does not hold, under the type's name. */
  content?: unknown
  /** What became of each time it was handed to the provider, the first to the newest. */
  outcomes: Outcome[]
  by?: PersonKey
  /** How long after the line before. */
  after?: Span
  /** Which line of the story it answers, counted from 0. */
  quotes?: number
}

export interface Story {
  customer: string
  /** Neither the team nor the provider has a name for them: their phone is shown. */
  nameless?: true
  inbox: InboxKey
  department?: (typeof DEMO_DEPARTMENTS)[number]
  assignee?: PersonKey
  /** How long ago its last line was written. */
  ago: Span
  /** How many of the customer's last lines nobody has had before their eyes. */
  unread?: number
  closed?: { by: PersonKey; reason: string }
  tags?: string[]
  groups?: string[]
  comments?: { by: PersonKey; text: string; here?: true; pinned?: true }[]
  draft?: { by: PersonKey; text: string; quotes?: number }
  lines: Line[]
}

type More = Pick<Line, 'after' | 'quotes'>

export const customer = (text: string, more: More = {}): Line => ({
  from: 'customer',
  type: 'text',
  text,
  outcomes: [],
  ...more,
})

/** An answer, by the story's assignee unless `by` names someone else. */
export const agent = (
  text: string,
  outcome: Outcome | Outcome[] = 'read',
  more: More & { by?: PersonKey } = {},
): Line => ({
  from: 'agent',
  type: 'text',
  text,
  outcomes: [outcome].flat(),
  ...more,
})

/** Written on the phone in the shop, which the provider echoes to us. */
export const phone = (text: string, more: More = {}): Line => ({
  from: 'phone',
  type: 'text',
  text,
  outcomes: [],
  ...more,
})

/** Something of the customer's that is more than text, such as `media('image', { id: '…' }, 'a caption')`. */
export const media = (type: string, content: unknown, caption: string | null = null, more: More = {}): Line => ({
  from: 'customer',
  type,
  text: caption,
  content,
  outcomes: [],
  ...more,
})

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export const milliseconds = (span: Span): number =>
  Number(span.slice(0, -1)) * UNITS[span.slice(-1) as keyof typeof UNITS]
