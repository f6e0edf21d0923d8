/** The words the demo's conversations are written in: one `Story` a conversation, one `Line` a row of its thread. */
import type { Content, MediaKind } from '../../src/channels/content.ts'
import type { NoteEvent } from '../../src/channels/events.ts'
import type { DEMO_DEPARTMENTS, DEMO_INBOXES } from '../demo.ts'

export type InboxKey = (typeof DEMO_INBOXES)[number]['key']
export type PersonKey = 'ana' | 'bruno' | 'carla' | 'diego' | 'eva'
/** Nothing is left `queued` or `sending`: the gateway would take it for work and send it. */
export type Outcome =
  | 'sent'
  | 'delivered'
  | 'read'
  | 'unknown'
  | 'canceled'
  | 'window_closed'
  | 'unreachable'
  | 'over'
  | 'blocked'
/** A span of time: `40s`, `5m`, `3h`, `2d`. */
export type Span = `${number}${'s' | 'm' | 'h' | 'd'}`

/** A file that came along: `waits` as if it were still asked for, `lost` as if the provider had it no longer. */
export interface DemoFile {
  kind: MediaKind
  mimeType: string
  fileName?: string
  voice?: true
  waits?: true
  lost?: true
}

export interface Line {
  /** `phone`: our side, written on the shop's own phone. `channel`: a line that nobody wrote. */
  from: 'customer' | 'agent' | 'phone' | 'channel'
  type: string
  text: string | null
  /** What it says besides its words. */
  content?: Content
  files?: DemoFile[]
  /** How the other side reacted, and ours; `lost`: ours did not reach the provider. */
  reactions?: { customer?: string; team?: string; lost?: true }
  edited?: true
  /** Taken back: nothing of it is stored. */
  deleted?: true
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

type More = Partial<Pick<Line, 'after' | 'quotes' | 'content' | 'files' | 'reactions' | 'edited' | 'deleted'>>

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
  more: More & { by?: PersonKey; type?: string } = {},
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

/** Something of the customer's that is more than text: a place, an order, what they pressed. */
export const said = (type: string, content: Content, text: string | null = null, more: More = {}): Line => ({
  from: 'customer',
  type,
  text,
  content,
  outcomes: [],
  ...more,
})

const MIME: Record<MediaKind, string> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
}

/** A file of theirs, such as `file('image', 'a caption')`. */
export const file = (
  kind: MediaKind,
  caption: string | null = null,
  { of = {}, ...more }: More & { of?: Omit<Partial<DemoFile>, 'kind'> } = {},
): Line => ({
  from: 'customer',
  type: kind,
  text: caption,
  files: [{ kind, mimeType: MIME[kind], ...of }],
  outcomes: [],
  ...more,
})

/** What the channel tells of the customer. */
export const note = (what: NoteEvent['what'], content: Content = {}, more: More = {}): Line => ({
  from: 'channel',
  type: what,
  text: null,
  content,
  outcomes: [],
  ...more,
})

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export const milliseconds = (span: Span): number =>
  Number(span.slice(0, -1)) * UNITS[span.slice(-1) as keyof typeof UNITS]
