/** What leaves an inbox: pass by pass, at the provider's pace, and not at all where it refuses us. */
import { channelNamed } from '../channels/index.ts'
import type { App } from '../domain/app.ts'
import { dispatch } from '../domain/outbox.ts'
import type { Connection } from './connection.ts'
import type { Journal } from './journal.ts'
import { Limiter } from './limiter.ts'

/** Called with the provider's ids that are known from now on. */
type Known = (externalIds: string[]) => void

export class Outbox {
  readonly #connection: Connection
  readonly #journal: Journal
  readonly #storage: DurableObjectStorage
  readonly #known: Known
  /** When it has something again; a fresh object does not know, and looks. */
  #due: number | null = 0
  #pausedUntil = 0

  constructor(connection: Connection, journal: Journal, storage: DurableObjectStorage, known: Known) {
    this.#connection = connection
    this.#journal = journal
    this.#storage = storage
    this.#known = known
  }

  get due(): number | null {
    return this.#due
  }

  async work(): Promise<void> {
    for (let sent = 1; sent > 0; ) {
      const pass = await this.#dispatch(this.#connection.app())
      sent = pass.sent
      this.#due = pass.nextAt
    }
  }

  /** The inbox was saved anew: whatever the provider asked for before is not asked of it. */
  forgetPause(): void {
    this.#pausedUntil = 0
  }

  async #dispatch(app: App): Promise<{ sent: number; nextAt: number | null }> {
    const { settings } = this.#connection
    if (settings?.status !== 'active') return { sent: 0, nextAt: null }
    const channel = channelNamed(settings.channel)
    if (!channel) return { sent: 0, nextAt: null }
    const limiter = new Limiter(this.#storage, channel.limits.rates)
    const pass = await dispatch(app, {
      inbox: {
        workspaceId: settings.workspaceId,
        id: settings.inboxId,
        channel: settings.channel,
      },
      // What is read, typed and fetched meanwhile pauses nothing: there is always some of it, and the pause would never end.
      reach: { ...(await this.#connection.reach(app, settings)), slowDown: (ms) => this.#pauseUntil(Date.now() + ms) },
      // Asked to slow down, everything that waits says until when.
      admit: (recipient) => (this.#pausedUntil > Date.now() ? this.#pausedUntil : limiter.admit(recipient, Date.now())),
    })
    if (pass.sent > 0) this.#journal.happened('out', Date.now())
    if (pass.known.length > 0) this.#known(pass.known)
    this.#pauseUntil(pass.pauseUntil)
    limiter.prune(Date.now())
    if (pass.refused) await this.#connection.openBreaker(app, settings, pass.refused.code)
    return { sent: pass.sent, nextAt: pass.refused ? null : pass.nextAt }
  }

  #pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time)
  }
}
