/** What the contract suite must know of an adapter to try it: its provider's habits, as data. */
import { createHmac } from 'node:crypto'
import type { Channel, ChannelError, ErrorClass, InboxSettings, Outbound } from '../../../src/channels/channel.ts'

export const SECRETS = { current: 'the current secret', previous: 'the previous secret', verify: 'verify me' }

export interface Subject {
  channel: Channel
  accountId: string
  settings: InboxSettings
  person: string
  /** How its provider proves that a call is its own: by the body, or by a secret that it repeats. */
  proof: { header: string; of: 'body' | 'secret'; make(body: Uint8Array, secret: string): string }
  /** The header that carries our key bare; none: the usual one, as a bearer's. */
  keyHeader?: string
  /** Under which name several things of one call are listed; null: each call brings one. */
  list: string | null
  /** Its check of our address: Meta's challenge, or none. */
  handshake: boolean
  /** What we call a message that the provider calls `id`. */
  externalId(id: string): string
  /** One body with a text from that person for each id, as one call delivers them. */
  texts(ids: string[]): unknown
  /** Bodies that it may send some day, each of which is kept as unknown. */
  unknown: Record<'object' | 'field' | 'row', unknown>
  /** A message of a kind that nobody knows yet: a bubble that says so. */
  unknownKind(id: string): unknown
  /** Refusals in its own words. */
  refusals: Refusal[]
  /** A text that quotes, as it is sent, and the answer to it. */
  sending: {
    message: Partial<Outbound>
    /** `token`: where it is no bearer of one. */
    request: { path: string; body: unknown; token?: null }
    answer: unknown
    externalId: string
  }
  /** How often a sign fits into a text: of one unit, of an accent, of an emoji. */
  fits: { a: number; é: number; '😀': number }
}

export interface Refusal {
  class: ErrorClass
  status: number
  body: unknown
  as?: Partial<Pick<ChannelError, 'code' | 'recipientOnly'>>
}

export const graphRefusal = (of: ErrorClass, code: number, extra: object = {}, as: Refusal['as'] = {}): Refusal => ({
  class: of,
  status: of === 'auth' ? 401 : 400,
  body: { error: { message: `(#${code}) refused`, type: 'OAuthException', code, ...extra } },
  as: { code: String(code), ...as },
})

export const metaProof: Subject['proof'] = {
  header: 'x-hub-signature-256',
  of: 'body',
  make: (body, secret) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
}
