/** What a channel takes, shows and tells, as data. */
import type { MediaKind } from './content.ts'

/** How a provider counts a text. */
export interface Length {
  length: number
  unit: 'utf16' | 'code_points' | 'bytes'
}

export interface FileLimit {
  /** MIME types without parameters; the first is what others are turned into where we can. */
  types: readonly string[]
  bytes: number
  /** No words may stand under a file of this kind: they leave as a message of their own. */
  bare?: true
}

/** What a channel takes, shows and tells, as data: it drives the composer, the checks, and a page of the documentation. */
export interface Limits {
  /** In the unit that the provider counts in. */
  textLength: number
  textUnit: Length['unit']
  /** Words under a file; null: they leave as a message of their own. */
  caption: Length | null
  /** How long after the customer's last message free text may be sent; null: always. */
  replyWindowHours: number | null
  /** The same after a message that came from an ad; null: as any other. */
  adWindowHours: number | null
  /** The same where a person answers and the inbox has the permission for that; null: there is no such thing. */
  humanAgentHours: number | null
  /** May the team be the first to write? Elsewhere the customer is. */
  begins: boolean
  /** What opens a conversation outside the window. */
  outsideWindow: 'template' | 'nothing'
  /** How fast we hand messages over, below what the provider allows: in all, and to one person. */
  rates: { account: Rate; recipient: Rate }
  /** What may be sent, kind by kind; null: not at all. */
  files: Record<MediaKind, FileLimit | null>
  /** A voice note, shown as one; null: recorded audio leaves as an audio file. */
  voice: FileLimit | null
  /** What stands around words to make them bold, italic, struck; none: text is plain. */
  marks?: Record<'bold' | 'italic' | 'strike', string>
  /** How words look is told beside them: a mark in what customers write is a sign like any other. */
  looksBeside?: true
  reply: boolean
  /** Reactions of ours: any emoji, some of them, or none. */
  reactions: 'any' | readonly string[] | null
  /** Other words for a message of ours, or for those under a file; null: not at all. */
  edit: (Within & { captions: boolean }) | null
  /** A message of ours taken back, for everyone; null: not at all. */
  unsend: Within | null
  location: boolean
  contacts: boolean
  buttons: { most: number; title: Length; body: Length; footer: Length | null } | null
  list: { mostRows: number; title: Length; description: Length; body: Length; button: Length; footer: Length } | null
  templates: boolean
  /** What is told of a message of ours after it was taken. */
  receipts: { delivered: boolean; read: boolean }
  markRead: boolean
  typing: boolean
  /** Where past messages can be asked for: at any time, never, or told once when the number is connected. */
  history: 'any_time' | 'once' | 'never'
}

/** For so long after a message was sent; null: for as long as it is there. */
export interface Within {
  withinMinutes: number | null
}

/** A token bucket: `burst` at once, then `perSecond`. */
export interface Rate {
  burst: number
  perSecond: number
}
