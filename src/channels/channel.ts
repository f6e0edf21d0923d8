/** The contract of every channel: a provider's payload in, our words out. An adapter never knows who calls it. */

export type ChannelName = 'whatsapp' | 'instagram' | 'messenger' | 'telegram' | 'evolution'

export interface Limits {
  /** In the unit that the provider counts in. */
  textLength: number
  textUnit: 'utf16' | 'code_points' | 'bytes'
  /** How long after the customer's last message free text may be sent; null: always. */
  replyWindowHours: number | null
  /** How fast we hand messages over, below what the provider allows: in all, and to one person. */
  rates: { account: Rate; recipient: Rate }
}

/** A token bucket: `burst` at once, then `perSecond`. */
export interface Rate {
  burst: number
  perSecond: number
}

/** What an inbox's gateway keeps, decrypted. Which of them a channel needs is the channel's to know. */
export interface Credentials {
  accessToken: string
  appSecret: string
  /** Still accepted while the provider's secret is being rotated. */
  previousAppSecret?: string
  verifyToken: string
}

/** The customer, as far as this payload says. */
export interface Peer {
  /** Every address known, the one to look up first at the front; the address to answer to is among them. */
  externalIds: string[]
  /** E.164 with Brazil's ninth digit in place, for matching; null: none is known. */
  phone: string | null
  profileName: string | null
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

/** A bubble: something the customer wrote, or an echo of what our side wrote elsewhere. */
export interface MessageEvent extends EventOf<'message'> {
  direction: 'incoming' | 'outgoing'
  externalId: string
  peer: Peer
  /** text, image, audio, …; `reaction`, `edit` and `delete` are bubbles too until they are drawn on their target. */
  type: string
  text: string | null
  replyTo: string | null
  /** Our own attempt, where an echo carries it. */
  attemptId: string | null
  group: boolean
  /** The item as the provider sent it, where the text is not all of it. */
  raw: unknown
}

/** What became of a message of ours. `target` may be unknown to us yet. */
export interface StatusEvent extends EventOf<'status'> {
  target: string
  status: 'sent' | 'delivered' | 'read' | 'played' | 'failed'
  /** The attempt's id, where the provider echoes it: proof of an uncertain send. */
  attemptId: string | null
  error: ProviderError | null
}

/** Told by the provider, of no effect on a thread: kept whole. `what` names it (template, account, history, unknown …). */
export interface KeptEvent extends EventOf<'kept'> {
  what: string
  raw: unknown
}

export type InboundEvent = MessageEvent | StatusEvent | KeptEvent

export interface ProviderError {
  code: string
  /** In the provider's words; shown in the details only. */
  detail: string
}

/** What is sent. `to` lists the customer's addresses in that inbox, as the provider gave them, newest first. */
export interface Outbound {
  attemptId: string
  to: string[]
  text: string
  /** The provider's id of the quoted message. */
  replyTo: string | null
}

export interface Sent {
  externalId: string
  /** An address of the customer that the provider told us with its answer. */
  address: string | null
}

/** How a channel reaches its provider: handed in, so that nothing below opens a connection by itself. */
export interface Reach {
  credentials: Credentials
  accountId: string
  /** The provider's base URL, without a trailing slash. */
  baseUrl: string
  fetch: typeof fetch
  now: () => number
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

export interface Channel {
  readonly name: ChannelName
  readonly limits: Limits
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
  /** Tells the customer that everything up to this message was read. Best effort: throws a ChannelError. */
  markRead(reach: Reach, externalId: string): Promise<void>
}
