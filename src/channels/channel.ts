/** The contract of every channel: a provider's payload in, our words out. An adapter never knows who calls it. */
import type { ChannelWords, Connection, Language } from './connection.ts'
import type { Content, MediaKind } from './content.ts'
import type { InboundEvent, InboundMedia, MessageEvent, ProviderError } from './events.ts'
import type { ChannelName } from './index.ts'
import type { Limits } from './limits.ts'
import type { Reason } from './reasons.ts'

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
