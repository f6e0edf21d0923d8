/** The providers' side of a webhook: signed, sent, and sent again with growing gaps until Prosa says 200. */
import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Behaviour } from './behaviour.ts'
import type { Ledger } from './ledger.ts'
import type { Provider } from './provider.ts'
import type { Inbox, Pending } from './state.ts'
import type { World } from './world.ts'

const ANSWER_MS = 10_000
const LONGEST_GAP_MS = 60_000
/** After that a provider gives an event up. */
const GIVEN_UP_MS = 36 * 3_600_000

type Telling = Pick<Provider, 'signed' | 'lane' | 'wants' | 'keepsUntold'>

export class Webhooks {
  readonly #prosaUrl: string
  readonly #world: World
  readonly #ledger: Ledger
  readonly #behaviour: () => Behaviour
  readonly #providerOf: (channel: string) => Telling | undefined
  /** The last webhook of each lane. */
  readonly #underWay = new Set<string>()
  readonly #lanes = new Map<string, Promise<unknown>>()
  readonly #stopped = new AbortController()

  constructor(of: {
    prosaUrl: string
    world: World
    ledger: Ledger
    behaviour: () => Behaviour
    providerOf: (channel: string) => Telling | undefined
  }) {
    this.#prosaUrl = of.prosaUrl
    this.#world = of.world
    this.#ledger = of.ledger
    this.#behaviour = of.behaviour
    this.#providerOf = of.providerOf
    setMaxListeners(0, this.#stopped.signal) // as many webhooks may wait as there are
  }

  /** Answers once Prosa has taken it; false: it was given up, or we stopped, or the account's events are told to nobody. */
  async deliver(inbox: Inbox, kind: string, body: string, messageId: string | null = null): Promise<boolean> {
    const provider = this.#providerOf(inbox.channel)
    const { subscribed } = this.#world.account(inbox.accountId)
    if (!(provider?.wants?.(inbox, kind) ?? true) || !(subscribed || provider?.keepsUntold)) return false
    const webhook: Pending = { id: randomUUID(), inboxKey: inbox.key, kind, body, at: Date.now(), messageId }
    this.#world.addPending(webhook)
    return subscribed ? this.#inLane(inbox, webhook) : false
  }

  /** What waited because nobody wanted to know is told now. */
  release(inbox: Inbox): void {
    for (const webhook of this.#world.pending)
      if (webhook.inboxKey === inbox.key && !this.#underWay.has(webhook.id)) void this.#inLane(inbox, webhook)
  }

  /** Whatever waits is forgotten. */
  drop(inbox: Inbox): void {
    for (const webhook of this.#world.pending)
      if (webhook.inboxKey === inbox.key) this.#world.dropPending(webhook, false)
  }

  /** Behind what is told of the same, where the provider keeps an order. */
  async #inLane(inbox: Inbox, webhook: Pending): Promise<boolean> {
    this.#underWay.add(webhook.id)
    const lane = this.#providerOf(inbox.channel)?.lane?.(webhook.body)
    const name = `${inbox.key} ${lane}`
    const before = lane === undefined ? undefined : this.#lanes.get(name)
    const telling = (before ?? Promise.resolve()).then(() => this.#eachCopy(inbox, webhook))
    if (lane !== undefined) this.#lanes.set(name, telling)
    const taken = await telling
    this.#underWay.delete(webhook.id)
    if (this.#lanes.get(name) === telling) this.#lanes.delete(name)
    return taken
  }

  async #eachCopy(inbox: Inbox, webhook: Pending): Promise<boolean> {
    const copies = Array.from({ length: this.#behaviour().webhookCopies }, () => this.#untilTaken(inbox, webhook))
    const taken = await Promise.all(copies)
    return taken.includes(true)
  }

  /** Once, with headers of the caller's choice: for what a provider would never send. Answers Prosa's status. */
  async post(
    inbox: Inbox,
    kind: string,
    body: string,
    headers: Record<string, string>,
    attempt = 1,
  ): Promise<number | null> {
    const began = performance.now()
    const status = await this.#request(inbox, body, headers)
    const ms = Math.round(performance.now() - began)
    this.#ledger.delivery({ id: randomUUID(), at: Date.now(), inboxKey: inbox.key, kind, attempt, status, ms })
    return status
  }

  /** Takes up what waited when the process ended. */
  resume(): void {
    for (const webhook of this.#world.pending) {
      const inbox = this.#world.inbox(webhook.inboxKey)
      if (inbox && this.#world.account(inbox.accountId).subscribed) void this.#inLane(inbox, webhook)
    }
  }

  stop(): void {
    this.#stopped.abort()
  }

  async #untilTaken(inbox: Inbox, webhook: Pending): Promise<boolean> {
    let gap = this.#behaviour().retryGapMs
    for (let attempt = 1; Date.now() - webhook.at < GIVEN_UP_MS; attempt++) {
      const headers = this.#providerOf(inbox.channel)?.signed(webhook.body, inbox) ?? {}
      const status = await this.post(inbox, webhook.kind, webhook.body, headers, attempt)
      if (status === 200) {
        this.#world.dropPending(webhook, true)
        return true
      }
      await this.#pause(gap)
      if (this.#stopped.signal.aborted) return false // it stays pending, for the next start
      if (!this.#world.pending.some(({ id }) => id === webhook.id)) return false // a copy was taken, or all was reset
      gap = Math.min(LONGEST_GAP_MS, gap * 2)
    }
    this.#world.dropPending(webhook, false)
    return false
  }

  async #request(inbox: Inbox, body: string, headers: Record<string, string>): Promise<number | null> {
    const { callback } = this.#world.account(inbox.accountId)
    try {
      const response = await fetch(callback ?? `${this.#prosaUrl}/webhooks/${inbox.channel}/${inbox.key}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'facebookexternalua', ...headers },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ANSWER_MS)]),
      })
      await response.body?.cancel()
      return response.status
    } catch {
      return null
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal }).catch(() => {})
  }
}
