/** How the providers behave: their pace, their moods, and the errors that the next sends will meet. */
import * as z from 'zod'

export const Behaviour = z.strictObject({
  /** Before each answer of the provider. */
  latencyMs: z.int().min(0).max(60_000),
  /** Between accepted, sent and delivered. */
  statusDelayMs: z.int().min(0).max(60_000),
  /** The order in which a message's statuses are told, or whether they are. */
  statuses: z.enum(['in_order', 'reversed', 'duplicated', 'dropped']),
  /** How often each webhook is delivered. */
  webhookCopies: z.int().min(1).max(50),
  /** The first gap before a webhook that was not taken is tried again; it doubles up to a minute. */
  retryGapMs: z.int().min(10).max(60_000),
  /** `unavailable`: the provider says so. `unreachable`: every connection breaks. */
  outage: z.enum(['off', 'unavailable', 'unreachable']),
  /** Where a message that cannot be delivered is refused: in the answer, or later by a failed status. */
  refusals: z.enum(['status', 'answer']),
  /** Answer with the number as WhatsApp knows it: in most of Brazil without the ninth digit. */
  dropNinthDigit: z.boolean(),
  throughputPerSecond: z.int().min(1).max(100_000),
  /** Messages to one person at once; after that one every six seconds. */
  pairBurst: z.int().min(1).max(100_000),
  /** How long a link to a file holds. */
  linkSeconds: z.int().min(0).max(86_400),
  /** `lost`: a file that is asked for is not there. */
  files: z.enum(['served', 'lost']),
  /** WhatsApp: the number is on the business's phone as well, so that edits and deletions are told. */
  coexistence: z.boolean(),
  /** Messenger, Instagram: when what Prosa sent comes back as an echo, beside the answer. */
  echoes: z.enum(['after', 'before', 'off']),
  /** Messenger, Instagram: Meta has granted the tag HUMAN_AGENT. */
  humanAgent: z.boolean(),
  /** Evolution: how long a code to be scanned holds. */
  codeSeconds: z.number().min(0.05).max(600),
})
export type Behaviour = z.infer<typeof Behaviour>

export const USUAL: Behaviour = {
  latencyMs: 0,
  statusDelayMs: 400,
  statuses: 'in_order',
  webhookCopies: 1,
  retryGapMs: 1_000,
  outage: 'off',
  refusals: 'status',
  dropNinthDigit: true,
  throughputPerSecond: 80,
  pairBurst: 45,
  linkSeconds: 300,
  files: 'served',
  coexistence: true,
  echoes: 'after',
  humanAgent: true,
  codeSeconds: 30,
}

export const Fault = z.strictObject({
  /** `code`: one of the provider's own; the others are what happens on the way. */
  kind: z.enum(['code', 'http_429', 'http_500', 'http_502', 'broken_json', 'reset', 'hang']),
  code: z.int().optional(),
  /** Messenger, Instagram: beside the code. */
  subcode: z.int().optional(),
  /** Telegram: the description, instead of the usual one. */
  words: z.string().min(1).max(300).optional(),
  /** What meets it: a message, an upload, the fetching of a file, a look at the past, or (Telegram) the answer to a press. */
  on: z.enum(['send', 'upload', 'file', 'history', 'callback']).default('send'),
  /** Of this channel alone. */
  channel: z.enum(['whatsapp', 'messenger', 'instagram', 'telegram', 'evolution']).optional(),
  /** How a `code` arrives. */
  as: z.enum(['answer', 'status']).default('answer'),
  /** The header of that name, as it is. */
  retryAfter: z.string().max(100).optional(),
  /** How many of them meet it. */
  count: z.int().min(1).max(10_000).default(1),
  /** Did the message get through all the same, and only the answer was lost? */
  accepted: z.boolean().default(false),
})
export type Fault = z.infer<typeof Fault>

/** The faults ahead, the next one first. */
export class Faults {
  #ahead: Fault[] = []

  get ahead(): readonly Fault[] {
    return this.#ahead
  }

  add(fault: Fault): void {
    this.#ahead.push(fault)
  }

  clear(): void {
    this.#ahead = []
  }

  /** What the call at hand meets; null: nothing. */
  take(channel: string | null, on: Fault['on'] = 'send'): Fault | null {
    const concerns = (fault: Fault) => channel === null || fault.channel === undefined || fault.channel === channel
    const at = this.#ahead.findIndex((fault) => fault.on === on && concerns(fault))
    const next = this.#ahead[at]
    if (!next) return null
    this.#ahead = this.#ahead.flatMap((fault, index) => {
      if (index !== at) return [fault]
      return fault.count > 1 ? [{ ...fault, count: fault.count - 1 }] : []
    })
    return next
  }
}
