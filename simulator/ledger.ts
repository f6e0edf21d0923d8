/** Everything that went over the wire, for whoever wants to compare it with what Prosa says. */

export interface SendEntry {
  at: number
  channel: string
  inboxKey: string
  request: unknown
  /** The provider's id, where the message was taken; also when the answer was lost on its way. */
  externalId: string | null
  /** What went back: an HTTP status, or what happened instead. */
  answer: number | 'reset' | 'hang'
  errorCode: number | null
}

/** Any call to a provider. */
export interface CallEntry {
  at: number
  method: string
  /** Without its query, which may hold a token. */
  path: string
  answer: number | 'reset' | 'hang'
  ms: number
}

export interface DeliveryEntry {
  id: string
  at: number
  inboxKey: string
  kind: string
  attempt: number
  /** Prosa's HTTP status; null: no answer. */
  status: number | null
  ms: number
}

const KEPT = 10_000

export class Ledger {
  readonly sends: SendEntry[] = []
  readonly deliveries: DeliveryEntry[] = []
  readonly calls: CallEntry[] = []

  send(entry: SendEntry): void {
    this.sends.push(entry)
    if (this.sends.length > KEPT) this.sends.shift()
  }

  call(entry: CallEntry): void {
    this.calls.push(entry)
    if (this.calls.length > KEPT) this.calls.shift()
  }

  delivery(entry: DeliveryEntry): void {
    this.deliveries.push(entry)
    if (this.deliveries.length > KEPT) this.deliveries.shift()
  }

  clear(): void {
    this.sends.length = 0
    this.deliveries.length = 0
    this.calls.length = 0
  }
}
