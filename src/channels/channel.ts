/** The contract of every channel: a provider's payload in, our words out. An adapter never knows who calls it. */
import type { ChannelWords, Connection, Language } from './connection.ts'
import type { Content, MediaKind } from './content.ts'
import type { ChannelName } from './index.ts'
import type { Reason } from './reasons.ts'

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

/** What an inbox's gateway keeps, decrypted. Which of them a channel needs is the channel's to know. */
export interface Credentials {
  accessToken: string
  /** Where it ends and can be prolonged: until when it was, in milliseconds. */
  accessEndsAt?: number
  appSecret: string
  /** Still accepted while the provider's secret is being rotated. */
  previousAppSecret?: string
  verifyToken: string
}

/** What an administrator set for an inbox, and what no secret is. Each part is some channel's. */
export interface InboxSettings {
  /** Messenger, Instagram: Meta has granted `human_agent`, which makes 24 hours 7 days. */
  humanAgent?: boolean
  /** WhatsApp: the account (WABA) that the number belongs to: its templates, its subscription. */
  businessAccountId?: string
  /** Instagram: by which door it was connected, and the page it is linked to, where it is. */
  login?: 'instagram' | 'facebook'
  pageId?: string
  /** The provider's id of our app: an echo that carries it is ours. */
  appId?: string
  /** Where the gateway that speaks for the account runs, where that is a server of the company's own. */
  serverUrl?: string
}

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

/** A file of ours on its way out. */
export interface OutboundMedia {
  kind: MediaKind
  mimeType: string
  fileName: string | null
  bytes: number
  voice: boolean
  /** The file itself, from its beginning; may be asked for more than once. */
  open(): Promise<ReadableStream<Uint8Array>>
  /** An address at which the provider can fetch it for some minutes, where it takes no bytes from us. */
  publicUrl(): Promise<string>
}

/** What is sent. `to` lists the customer's addresses in that inbox, as the provider gave them, newest first. */
export interface Outbound {
  attemptId: string
  to: string[]
  /** text, image, video, audio, document, sticker, location, contacts, interactive, template, reaction. */
  type: string
  /** The words; under a file its caption; of a reaction its emoji, null to take it back. */
  text: string | null
  content: Content
  media: OutboundMedia | null
  /** The provider's id of the quoted message, or of the one that is reacted to. */
  replyTo: string | null
  /** Outside the usual window, by the right of a person who answers. */
  humanAgent: boolean
}

export interface Sent {
  externalId: string
  /** An address of the customer that the provider told us with its answer. */
  address: string | null
}

/** A message of ours that the provider has. */
export interface SentBefore {
  externalId: string
  /** The customer's addresses in that inbox, as the provider gave them, newest first. */
  to: string[]
  /** As it was sent: text, image, video, … */
  type: string
}

/** What it says from now on: `text` alone is new (of a file its caption), `content` is what it says besides. */
export interface Edit extends SentBefore {
  text: string
  content: Content
}

/** How a channel reaches its provider: handed in, so that nothing below opens a connection by itself. */
export interface Reach {
  credentials: Credentials
  accountId: string
  settings: InboxSettings
  /** The provider's base URL, without a trailing slash. */
  baseUrl: string
  fetch: typeof fetch
  now: () => number
  /** Hears that the provider’s patience with the account is nearly used up: nothing more is to leave for so long. */
  slowDown?(ms: number): void
}

/** A file as the provider serves it. */
export interface FetchedMedia {
  body: ReadableStream<Uint8Array>
  mimeType: string | null
  bytes: number | null
}

/** A page of the past. */
export interface HistoryPage {
  events: MessageEvent[]
  /** Where the next page begins; null: there is none. */
  next: string | null
}

export interface Profile {
  name: string | null
  username: string | null
  /** Dies within days: fetched at once, never shown. */
  pictureUrl: string | null
}

/** A template as the provider has it. */
export interface ProviderTemplate {
  externalId: string
  name: string
  language: string
  category: string
  status: string
  parameterFormat: 'positional' | 'named'
  components: TemplateComponent[]
}

export interface TemplateComponent {
  type: 'header' | 'body' | 'footer' | 'buttons'
  /** Of a header. */
  format?: 'text' | 'image' | 'video' | 'document' | 'location'
  text?: string
  buttons?: {
    type: 'quick_reply' | 'url' | 'phone_number' | 'copy_code' | 'flow' | 'other'
    text: string
    url?: string
  }[]
}

/** What a look at the provider found about a connected account: everything that must hold for messages to flow. */
export interface Checkup {
  /** Of a number that is linked to its phone. */
  link?: LinkState
  /** What people call the account there: a number, a page's name, @shop; null: not told. */
  name: string | null
  address: string | null
  /** In the provider's words: GREEN, YELLOW, RED; null: it has none. */
  quality: string | null
  checks: Check[]
}

/** How a number stands with the phone that it stays on. `waiting`: for a code to be scanned. */
export type LinkState = 'open' | 'connecting' | 'waiting' | 'closed'

export interface Link {
  state: LinkState
  /** To be scanned, as squares that say this; to be typed on the phone. A secret: shown to administrators, kept nowhere. */
  code: { squares: string; letters: string | null } | null
}

export interface Check {
  what: 'token' | 'permissions' | 'account' | 'subscription' | 'webhook'
  ok: boolean
  /** In the provider's words. */
  detail: string | null
}

export type ErrorClass = 'throttled' | 'retryable' | 'permanent' | 'auth' | 'ambiguous'

/** They said no, or we do not know what they said; the class decides what becomes of the attempt (reliability: outcome classes). */
export class ChannelError extends Error {
  readonly class: ErrorClass
  readonly code: string
  /** How long the provider asks us to wait; null: it did not say. Already clamped to [1 s, 1 h]. */
  readonly retryAfterMs: number | null
  /** Throttled: does it concern this one recipient, not the whole inbox? */
  readonly recipientOnly: boolean

  constructor(of: {
    class: ErrorClass
    code: string
    detail: string
    retryAfterMs?: number | null
    recipientOnly?: boolean
  }) {
    super(of.detail)
    this.name = 'ChannelError'
    this.class = of.class
    this.code = of.code
    this.retryAfterMs = of.retryAfterMs ?? null
    this.recipientOnly = of.recipientOnly ?? false
  }
}

/** Where the providers are reached, as the deployment's settings have it: real hosts, a proxy, or a stand-in. */
export interface ProviderUrls {
  GRAPH_API_URL: string
  INSTAGRAM_API_URL?: string
  TELEGRAM_API_URL: string
  EVOLUTION_API_URL?: string
  GRAPH_API_VERSION?: string
}

/** A host from which files are read, beside the provider's API itself. */
export interface FileHost {
  host: RegExp
  /** It asks who is there: our token goes along. */
  knowsUs: boolean
}

export interface Channel {
  /** Its name in addresses and in the database. */
  readonly name: ChannelName
  /** The drawing that stands for it. */
  readonly sign: 'whatsapp' | 'instagram' | 'messenger' | 'telegram'
  readonly words: Record<Language, ChannelWords>
  readonly connection: Connection
  readonly limits: Limits
  readonly fileHosts?: readonly FileHost[]
  /** Where an account is reached, without a trailing slash. */
  baseUrl(urls: ProviderUrls, settings: InboxSettings): string
  /** What a refusal means to the person at the screen; null: only its code can be shown. */
  reasonOf(error: ProviderError): Reason | null
  /** Answers the provider's check of our address: the text to echo, or null to refuse. */
  handshake(query: URLSearchParams, credentials: Credentials): string | null
  /** Did the provider send these very bytes? Accepts the current and the previous secret. */
  verify(headers: Headers, rawBody: Uint8Array, credentials: Credentials): Promise<boolean>
  /**
   * The provider's body in, our events out, each once. Pure: no clock, no network, no database. What cannot be read is
   * a `kept` event of `what: 'unknown'`, never an exception. `accountId` stands in where the payload names none.
   */
  parse(rawBody: Uint8Array, accountId: string): Promise<InboundEvent[]>
  /** Answers with the provider's id for the message, or throws a ChannelError. Never retries by itself. */
  send(reach: Reach, message: Outbound): Promise<Sent>
  /**
   * Puts a message of ours in other words; there where `limits.edit` is. Safe to repeat: that it says so already is a
   * success. Throws a ChannelError.
   */
  edit?(reach: Reach, of: Edit): Promise<void>
  /** Takes a message of ours back, for everyone; there where `limits.unsend` is. Safe to repeat, as `edit` is. */
  unsend?(reach: Reach, of: SentBefore): Promise<void>
  /** Tells the customer that everything up to this message was read. Best effort: throws a ChannelError. */
  markRead(reach: Reach, of: Read): Promise<void>
  /** Tells the provider that this event has come, where a person waits for that (a button that spins). Best effort. */
  acknowledge?(reach: Reach, event: InboundEvent): Promise<void>
  /** Shows the customer that somebody is typing, for some seconds. Best effort. */
  showTyping?(reach: Reach, of: Read): Promise<void>
  /** The file behind a handle of `InboundMedia`; throws a ChannelError (`permanent`: it is gone). */
  media?(reach: Reach, handle: NonNullable<InboundMedia['handle']>): Promise<FetchedMedia>
  /** Has the provider tell the past, once and by its webhooks, as events with `history`. Throws a ChannelError. */
  requestHistory?(reach: Reach): Promise<void>
  /**
   * The past, newest first; of one person where `peer` names them, no older than `since` where the provider can tell.
   * `page` is the `next` of the page before.
   */
  history?(
    reach: Reach,
    of: { peer: string[] | null; page: string | null; since?: number | null },
  ): Promise<HistoryPage>
  /** Who that is; null: the provider does not say. */
  profile?(reach: Reach, externalId: string): Promise<Profile | null>
  /** All templates of the account. */
  templates?(reach: Reach): Promise<ProviderTemplate[]>
  /** Asks the provider how the account is doing. Throws only where the provider cannot be reached at all. */
  check?(reach: Reach, webhookUrl: string): Promise<Checkup>
  /** Until when the access that was given to us holds, in milliseconds; null: for ever, or nobody says. Throws a ChannelError. */
  accessEnds?(reach: Reach): Promise<number | null>
  /** Has the provider prolong the access; null: this one has no end that could be moved. Throws a ChannelError. */
  prolongAccess?(reach: Reach): Promise<{ accessToken: string; endsAt: number } | null>
  /** Has the provider call `webhookUrl` for this account; safe to repeat. Throws a ChannelError. */
  subscribe?(reach: Reach, webhookUrl: string): Promise<void>
  /** Has the provider call nobody for this account, which is given up; safe to repeat. Throws a ChannelError. */
  leave?(reach: Reach): Promise<void>
  /** Of numbers that stay on a phone. Each throws a ChannelError. */
  link?: Linking
}

export interface Linking {
  /** As it stands now. `begins`: a code is asked for where there is none; `phone`: its number, for a code in letters. */
  look(reach: Reach, of: { begins: boolean; phone: string | null }): Promise<Link>
  restart(reach: Reach): Promise<void>
  /** Parts the phone from the provider: it has to be linked again by a code. */
  unlink(reach: Reach): Promise<void>
}

/** The customer's newest message, and who they are. */
export interface Read {
  externalId: string
  to: string[]
}
