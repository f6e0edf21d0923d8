/** What has to be fetched at the provider of an inbox: the files of messages, and who it is that wrote. */
import type { InboundEvent } from '../channels/events.ts'
import { channelNamed } from '../channels/index.ts'
import type { App } from '../domain/app.ts'
import { fetchPending, removeDeleted } from '../domain/media.ts'
import { meet } from '../domain/profiles.ts'
import type { Connection } from './connection.ts'
import { bringsFiles, handleIn, isNewsOf } from './entries.ts'
import type { Journal } from './journal.ts'
import type { GatewaySettings } from './settings.ts'

export class Media {
  readonly #connection: Connection
  readonly #journal: Journal
  /** When it has something again; a fresh object does not know, and looks. */
  #due: number | null = 0
  /** Who wrote since they were last asked about; who is forgotten here is met at their next message. */
  readonly #writers = new Set<string>()

  constructor(connection: Connection, journal: Journal) {
    this.#connection = connection
    this.#journal = journal
  }

  get due(): number | null {
    return this.#due
  }

  /** Answers whether there is something to be fetched, or removed. */
  heed({ channel }: GatewaySettings, events: InboundEvent[]): boolean {
    if (channelNamed(channel)?.profile)
      for (const event of events) if (isNewsOf(event)) this.#writers.add(event.peer.externalIds[0] ?? '')
    return this.#writers.size > 0 || events.some(bringsFiles)
  }

  async work(): Promise<void> {
    const { settings } = this.#connection
    // For this no provider is asked: a number that is cut off keeps nothing either.
    if (settings)
      await removeDeleted(this.#connection.app(), { workspaceId: settings.workspaceId, id: settings.inboxId })
    for (let worked = 1; worked > 0; ) {
      const pass = await this.#fetch(this.#connection.app())
      worked = pass.worked
      this.#due = pass.nextAt
    }
  }

  async #fetch(app: App): Promise<{ worked: number; nextAt: number | null }> {
    const { settings } = this.#connection
    // A number that is paused hears all that is said to it: the links of files would be dead when it goes on.
    const hears = settings?.status === 'active' || settings?.status === 'paused'
    if (!hears || !channelNamed(settings.channel)) return { worked: 0, nextAt: null }
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId, channel: settings.channel }
    const reach = await this.#connection.reach(app, settings)
    const pass = await fetchPending(app, {
      inbox,
      reach,
      addressOf: (externalId, ord) => handleIn(this.#journal, externalId, ord),
    })
    const writers = [...this.#writers]
    this.#writers.clear()
    if (!pass.refused) await meet(app, inbox, reach, writers)
    if (!pass.refused) return pass
    await this.#connection.openBreaker(app, settings, pass.refused.code)
    return { worked: 0, nextAt: null }
  }
}
