/** What a provider tells, in our words: each event with the key by which it is known again. */
import type { Content, MediaKind } from './content.ts'

/** The customer, as far as this payload says. */
export interface Peer {
  /** Every address known, the one to look up first at the front; the address to answer to is among them. */
  externalIds: string[]
  /** E.164 with Brazil's ninth digit in place, for matching; null: none is known. */
  phone: string | null
  profileName: string | null
  /** How they are called in the channel, without its `@`. */
  username?: string | null
}

interface EventOf<K extends string> {
  kind: K
  /** The same event always has the same key, however it is delivered. */
  dedupeKey: string
  /** The provider's id of the account this is for, such as a phone_number_id. */
  accountId: string
  /** Milliseconds; null where the provider's time is missing or malformed. */
  occurredAt: number | null
}

export type Direction = 'incoming' | 'outgoing'

/** A file that came with a message. Where the provider names it by a URL, that URL dies soon and is never shown. */
export interface InboundMedia {
  kind: MediaKind
  /** How to ask the provider for it; null: it cannot be had, and `trouble` says why. */
  handle: { id: string } | { url: string } | null
  mimeType: string | null
  fileName: string | null
  bytes: number | null
  /** Of audio: recorded as a voice note. Of a sticker or picture: it moves. */
  voice: boolean
  animated: boolean
  /** The provider's reason why there is no file. */
  trouble: string | null
}

/** A bubble: something the customer wrote, or an echo of what our side wrote elsewhere. */
export interface MessageEvent extends EventOf<'message'> {
  direction: Direction
  externalId: string
  peer: Peer
  /**
   * text, image, video, audio, document, sticker, location, contacts, interactive, button, postback, order, share,
   * story_mention, template, media_placeholder, poll, unsupported.
   */
  type: string
  text: string | null
  media: InboundMedia[]
  content: Content
  replyTo: string | null
  /** Our own attempt, where an echo carries it. */
  attemptId: string | null
  /** Of an echo: which app of the provider's sent it; `InboxSettings.appId` is ours. Null: it does not say. */
  appId: string | null
  group: boolean
  /** Told long after it happened, as part of a past: it disturbs nobody, opens nothing, and counts as read. */
  history: boolean
  /** The item as the provider sent it, where our words do not say all of it. */
  raw: unknown
}

/** What somebody did with a message. `target` may be unknown to us yet. Of several by one side, the latest counts. */
export interface ReactionEvent extends EventOf<'reaction'> {
  direction: Direction
  target: string
  /** Null: taken back. */
  emoji: string | null
}

/**
 * The new words of a message. `rank` climbs with each edit: the greatest counts, in whatever order they come. Where we
 * edit as well it is a time in milliseconds, as ours are.
 */
export interface EditEvent extends EventOf<'edit'> {
  direction: Direction
  target: string
  text: string | null
  /** What it says besides its words from now on; left out where the provider tells the words alone. */
  content?: Content
  rank: number
}

/** A message was taken back: what it said goes, a trace stays. */
export interface DeleteEvent extends EventOf<'delete'> {
  direction: Direction
  target: string
}

/** What became of a message of ours. `target` may be unknown to us yet. */
export interface StatusEvent extends EventOf<'status'> {
  target: string
  status: 'sent' | 'delivered' | 'read' | 'played' | 'failed'
  /** It says the same of everything that we sent to this person before. */
  andBefore: boolean
  /** The attempt's id, where the provider echoes it: proof of an uncertain send. */
  attemptId: string | null
  error: ProviderError | null
}

/** All that we sent to this person until `until` (ms, the provider's clock) is delivered, or read. */
export interface WatermarkEvent extends EventOf<'watermark'> {
  peer: Peer
  status: 'delivered' | 'read'
  until: number
}

/** Something to know, said as a line of the thread: a call, a changed number or security code, a followed link, a block. */
export interface NoteEvent extends EventOf<'note'> {
  what: 'call' | 'number_changed' | 'id_changed' | 'security_code_changed' | 'referral' | 'blocked' | 'unblocked'
  peer: Peer
  content: Content
}

/** The provider says that these addresses are one person's: `known` were, `also` are as well from now on. */
export interface IdentityEvent extends EventOf<'identity'> {
  known: string[]
  also: string[]
  /** The number from now on; null: none is told. */
  phone: string | null
  /** The line that the thread shows of it; null: none. */
  note: NoteEvent['what'] | null
}

/** An entry of the address book of the business's own phone: the business's name for the person. */
export interface AddressBookEvent extends EventOf<'address_book'> {
  peer: Peer
  name: string | null
  removed: boolean
}

/** A template was decided on. */
export interface TemplateEvent extends EventOf<'template'> {
  externalId: string | null
  name: string
  language: string
  /** In the provider's words, upper case: APPROVED, REJECTED, PAUSED, … */
  status: string
  reason: string | null
  /** The account above `accountId` that it belongs to (a WABA), where the provider names it. */
  businessAccountId?: string
}

/**
 * News of the account itself. `disconnected`: nothing goes out or comes in until somebody connects it again. `connecting`:
 * nothing does for the moment. `waiting_for_scan`: there is a code to be scanned.
 */
export interface AccountEvent extends EventOf<'account'> {
  what:
    | 'disconnected'
    | 'reconnected'
    | 'connecting'
    | 'waiting_for_scan'
    | 'restricted'
    | 'warning'
    | 'history_declined'
    | 'error'
  code: string | null
  detail: string | null
  /** The account above `accountId` that it concerns (a WABA): all of its numbers, and those of no other. */
  businessAccountId?: string
}

/** Told by the provider, of no effect: kept whole. `what` names it (preference, handover, unknown …). */
export interface KeptEvent extends EventOf<'kept'> {
  what: string
  raw: unknown
}

export type InboundEvent =
  | MessageEvent
  | ReactionEvent
  | EditEvent
  | DeleteEvent
  | StatusEvent
  | WatermarkEvent
  | NoteEvent
  | IdentityEvent
  | AddressBookEvent
  | TemplateEvent
  | AccountEvent
  | KeptEvent

export interface ProviderError {
  code: string
  /** In the provider's words; shown in the details only. */
  detail: string
}
