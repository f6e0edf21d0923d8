/** Works the journal off: what came in has its effect, in the order in which it came, and what cannot have it yet waits. */
import type { InboundEvent } from '../channels/events.ts'
import { channelNamed } from '../channels/index.ts'
import { isPassing } from '../db/client.ts'
import type { App } from '../domain/app.ts'
import { type Received, receive } from '../domain/receive.ts'
import type { Connection } from './connection.ts'
import { eventIn, forgetWords } from './entries.ts'
import type { Journal, PendingEntry } from './journal.ts'
import type { GatewaySettings } from './settings.ts'

const BATCH = 25

/** Called with what had its effect, whoever was erased aside. */
type Heard = (app: App, settings: GatewaySettings, events: InboundEvent[]) => Promise<void>

export class Intake {
  readonly #connection: Connection
  readonly #journal: Journal
  readonly #heard: Heard
  /** The provider's ids that came to be known since events were last taken out: one of them may wait for such an id. */
  readonly #learnt: string[] = []

  constructor(connection: Connection, journal: Journal, heard: Heard) {
    this.#connection = connection
    this.#journal = journal
    this.#heard = heard
  }

  async work(): Promise<void> {
    for (let worked = 1; worked > 0; ) worked = await this.#applyDue(this.#connection.app())
    this.#journal.prune(Date.now())
  }

  /** What waited for one of these ids is due from now on, and so is what is on its way to wait for it. */
  learn(externalIds: string[]): void {
    this.#journal.wake(externalIds)
    this.#learnt.push(...externalIds)
  }

  /** Applies what is due, in order; answers how much there was. */
  async #applyDue(app: App): Promise<number> {
    this.#learnt.length = 0
    const entries = this.#journal.due(Date.now(), BATCH)
    const { settings } = this.#connection
    if (entries.length === 0 || !settings) return 0
    try {
      await this.#apply(app, settings, entries)
    } catch (error) {
      if (isPassing(error)) throw error
      // One of them is poison: each by itself, so that the others go on.
      for (const entry of entries) await this.#applyAlone(app, entry)
    }
    return entries.length
  }

  async #applyAlone(app: App, entry: PendingEntry): Promise<void> {
    const { settings } = this.#connection
    if (!settings) return
    try {
      await this.#apply(app, settings, [entry])
    } catch (error) {
      if (isPassing(error)) throw error
      app.log.error('event.failed', error, { inboxId: settings.inboxId, count: entry.tries + 1 })
      this.#journal.failed(entry, Date.now(), app.random(), error instanceof Error ? error.name : 'unknown')
    }
  }

  async #apply(app: App, settings: GatewaySettings, entries: PendingEntry[]): Promise<void> {
    const { workspaceId, inboxId: id, inboxSettings } = settings
    const linked = channelNamed(settings.channel)?.link !== undefined
    const inbox = { workspaceId, id, linked, appId: inboxSettings?.appId } // a gateway that was told before there were any
    const received: Received[] = entries.map((entry) => ({
      event: eventIn(entry.payload),
      receivedAt: entry.received_at,
    }))
    const outcomes = await receive(app, inbox, received)
    entries.forEach((entry, at) => {
      const event = received[at]?.event
      if (outcomes[at] === 'erased') this.#journal.erased(entry.id)
      else if (outcomes[at] === 'waiting') this.#journal.waits(entry, Date.now())
      else this.#journal.applied(entry.id, Date.now())
      if (event?.kind === 'delete' && outcomes[at] === 'applied') forgetWords(this.#journal, event.target)
      if (event?.kind === 'message') this.#learnt.push(event.externalId, ...event.peer.externalIds)
    })
    this.#journal.wake(this.#learnt.splice(0))
    const heard = received.filter((_, at) => outcomes[at] !== 'erased')
    await this.#heard(
      app,
      settings,
      heard.map(({ event }) => event),
    )
  }
}
