/** The Durable Object of one inbox, named by its webhook key: it says what happens when; what happens stands beside it. */
import { DurableObject } from 'cloudflare:workers'
import { ChannelError, type Link, type Read } from '../channels/channel.ts'
import type { InboundEvent } from '../channels/events.ts'
import { channelNamed } from '../channels/index.ts'
import { knownAmong } from '../db/queries/inbound.ts'
import type { App, Forgotten, Recovered } from '../domain/app.ts'
import type { Looked } from '../domain/checkup.ts'
import type { GatewayHealth } from '../domain/gateway-health.ts'
import { readBack } from '../domain/history.ts'
import { syncTemplates } from '../domain/templates.ts'
import type { Env } from '../env.ts'
import { Connection, type Ingress } from './connection.ts'
import { entryOf, eventIn, type Told, toldOf } from './entries.ts'
import { forgetErased } from './erased.ts'
import { healthOf } from './health.ts'
import { Intake } from './intake.ts'
import { type DeadLetter, Journal, type JournalEntry } from './journal.ts'
import { Media } from './media.ts'
import { Outbox } from './outbox.ts'
import { PhoneLink } from './phone-link.ts'
import type { GatewaySettings } from './settings.ts'
import { SAFETY_NET_MS, Turns } from './turns.ts'

export class Gateway extends DurableObject<Env> {
  readonly #journal: Journal
  readonly #connection: Connection
  readonly #intake: Intake
  readonly #outbox: Outbox
  readonly #media: Media
  readonly #phone: PhoneLink
  /** Each by itself: a provider that takes its time keeps nobody from being heard, nor the other way round. */
  readonly #receiving = this.#turnsOf(() => this.#intake.work())
  readonly #sending = this.#turnsOf(() => this.#outbox.work())
  readonly #fetching = this.#turnsOf(() => this.#media.work())
  readonly #looking = this.#turnsOf(async () => void (await this.checkUp()))
  /** One at a time: what the one brings is not counted by the other. */
  readonly #recovering = this.#turnsOf(() => this.#phone.recover((since) => this.readBack(null, since)))

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#journal = new Journal(ctx.storage)
    this.#connection = new Connection(ctx, () => this.env)
    this.#intake = new Intake(this.#connection, this.#journal, (...heard) => this.#follow(...heard))
    this.#outbox = new Outbox(this.#connection, this.#journal, ctx.storage, (externalIds) => this.#learn(externalIds))
    this.#media = new Media(this.#connection, this.#journal)
    this.#phone = new PhoneLink(this.#connection, {
      recover: () => this.#ask(this.#recovering),
      goOn: () => this.#sendAndFetch(),
    })
    if (!this.#journal.prepared) return
    this.#connection.load()
    // Whatever a crash left behind is found at the first call that wakes this object.
    ctx.blockConcurrencyWhile(async () => {
      if (this.#journal.nextDue !== null && (await ctx.storage.getAlarm()) === null)
        await ctx.storage.setAlarm(Date.now())
    })
  }

  async configure(settings: GatewaySettings): Promise<number> {
    if (settings.status === 'removed') await this.#connection.leave()
    const held = this.#connection.settings
    if (held && held.version > settings.version) return held.version
    this.#journal.prepare()
    this.#connection.keep(settings)
    this.#outbox.forgetPause()
    this.#ask(this.#receiving)
    this.#sendAndFetch()
    return settings.version
  }

  /** What the webhook's route verifies and routes with; null: no inbox has this key, nor is another told of at its address. */
  ingress(): Promise<Ingress | null> {
    return this.#connection.ingress()
  }

  /** Answers once the events are stored: from then on they are ours to finish. */
  async accept(entries: JournalEntry[]): Promise<void> {
    const { settings } = this.#connection
    if (!settings) throw new Error('This gateway has no inbox.')
    if (settings.status === 'removed') return // what is said there is for nobody any more
    this.#journal.add(entries)
    this.#journal.happened('in', Date.now())
    await this.ctx.storage.setAlarm(Date.now() + SAFETY_NET_MS)
    this.#ask(this.#receiving)
    if (channelNamed(settings.channel)?.acknowledge) this.ctx.waitUntil(this.#acknowledge(entries))
  }

  /** From here on they are safe with us: whoever waits for a sign of that is given one. A sign that is lost is no event lost. */
  async #acknowledge(entries: JournalEntry[]): Promise<void> {
    for (const { payload } of entries)
      await this.#connection.tell('acknowledge.failed', async (channel, reach) =>
        channel.acknowledge?.(reach, eventIn(payload)),
      )
  }

  /** What follows, at once, from what was heard: the links of files live some minutes. */
  async #follow(app: App, settings: GatewaySettings, events: InboundEvent[]): Promise<void> {
    if (this.#media.heed(settings, events)) this.#ask(this.#fetching)
    const isCutOff = events.some((event) => event.kind === 'account' && event.what === 'disconnected')
    if (isCutOff) await this.#connection.heedStop(app, settings)
    if (this.#phone.isToldOf(settings, events)) this.#ask(this.#looking)
  }

  /** An answer of ours has its provider's id: what was told of it may have come first. */
  #learn(externalIds: string[]): void {
    this.#intake.learn(externalIds)
    this.#ask(this.#receiving)
  }

  /** A hint: something may be queued. */
  lookAtOutbox(): void {
    if (this.#connection.settings) this.#ask(this.#sending)
  }

  /** A hint: files may be waiting to be fetched. */
  lookAtMedia(): void {
    if (this.#connection.settings) this.#ask(this.#fetching)
  }

  /** Everything that waits is looked at once more, as often as somebody asks: what is still unknown goes on waiting. */
  async lookAgain(): Promise<void> {
    const { settings } = this.#connection
    if (!settings) return
    const waiting = this.#journal.waitingTargets
    if (waiting.length > 0) {
      const [known] = await this.#connection.app().db.read(knownAmong({ id: settings.inboxId }, waiting))
      this.#journal.wake(known.map(({ target }) => target))
    }
    this.#sendAndFetch()
    await this.#ask(this.#receiving)
  }

  markRead(of: Read): Promise<void> {
    return this.#connection.tell('mark_read.failed', (channel, reach) => channel.markRead(reach, of))
  }

  showTyping(of: Read): Promise<void> {
    return this.#connection.tell('typing.failed', async (channel, reach) => channel.showTyping?.(reach, of))
  }

  async syncTemplates(): Promise<boolean> {
    const { settings } = this.#connection
    if (settings?.status !== 'active') return false
    const app = this.#connection.app()
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId, channel: settings.channel }
    return syncTemplates(app, inbox, await this.#connection.reach(app, settings))
  }

  health(): GatewayHealth {
    return healthOf(this.#connection.settings, this.#journal)
  }

  /** When the provider told what of these ids of its. */
  told(externalIds: string[]): Told[] {
    return this.#connection.settings ? toldOf(this.#journal, externalIds.slice(0, 20)) : []
  }

  deadLetters(): DeadLetter[] {
    return this.#connection.settings ? this.#journal.dead(200) : []
  }

  /** One of them, with its event as JSON. */
  deadLetter(id: number): (DeadLetter & { payload: string }) | null {
    return this.#connection.settings ? this.#journal.deadLetter(id) : null
  }

  /** Answers with those that will be tried again. */
  replay(ids: number[]): number[] {
    if (!this.#connection.settings) return []
    const replayed = this.#journal.replay(ids)
    this.#ask(this.#receiving)
    return replayed
  }

  /** For a database that was put back to that time: what had its effect since has it again. Answers with how many. */
  replaySince(time: number): number {
    if (!this.#connection.settings) return 0
    const replayed = this.#journal.replaySince(time)
    this.#ask(this.#receiving)
    return replayed
  }

  /** Answers with those that were given up. */
  discard(ids: number[]): number[] {
    return this.#connection.settings ? this.#journal.discard(ids, Date.now()) : []
  }

  async forgetErased(part: { after: number; mentioned: string[] }): Promise<Forgotten> {
    const { settings } = this.#connection
    if (!settings) return { events: 0, next: null }
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId }
    return forgetErased(this.#connection.app(), inbox, this.#journal, part)
  }

  checkUp(): Promise<Looked> {
    return this.#phone.checkUp()
  }

  /**
   * How it stands with the phone that the number stays on, with the code to scan; it goes no further than the page that
   * asked. `begins`: has the provider know the number, and draw a code.
   */
  link(of: { begins: boolean; phone: string | null }): Promise<Link | null> {
    return this.#phone.look(of)
  }

  /** Has the provider begin its connection anew, or part from the phone. */
  relink(how: 'restart' | 'unlink'): Promise<void> {
    return this.#phone.relink(how)
  }

  /** Has the provider tell the past of a number that stays on the phone. Null: it will; else the code of its refusal. */
  async requestHistory(): Promise<string | null> {
    const { channel, reach } = await this.#connection.connected()
    try {
      await channel.requestHistory?.(reach)
      return channel.requestHistory ? null : 'unsupported'
    } catch (error) {
      if (error instanceof ChannelError) return error.code
      throw error
    }
  }

  /** Past messages go the way of new ones: journaled under the same keys, applied in order, once. */
  async readBack(peer: string[] | null, since: number | null = null): Promise<Recovered | null> {
    if (this.#connection.settings?.status === 'removed') return null
    const connected = await this.#connection.connected()
    const missed = await readBack(connected.app, connected, { peer, since })
    if (missed === null) return null
    const receivedAt = Date.now()
    const messages = this.#journal.add(missed.map((event) => entryOf(event, receivedAt)))
    if (messages === 0) return { messages, since: null }
    await this.#ask(this.#receiving)
    return { messages, since: Math.min(...missed.map(({ occurredAt }) => occurredAt ?? receivedAt)) }
  }

  /** Waits for the journal alone: while an alarm runs there is no other, and a call to a provider takes its time. */
  override async alarm(): Promise<void> {
    this.#sendAndFetch()
    await this.#ask(this.#receiving)
  }

  #sendAndFetch(): void {
    this.#ask(this.#sending)
    this.#ask(this.#fetching)
  }

  #ask(turns: Turns): Promise<void> {
    const working = turns.ask()
    this.ctx.waitUntil(working)
    return working
  }

  #turnsOf(work: () => Promise<void>): Turns {
    return new Turns({
      work,
      failed: (error) =>
        this.#connection
          .app()
          .log.error('gateway.stalled', error, { inboxId: this.#connection.settings?.inboxId ?? '' }),
      over: () => this.#setAlarm(),
    })
  }

  async #setAlarm(): Promise<void> {
    const at = earliest(
      this.#receiving.due(this.#journal.nextDue),
      this.#sending.due(this.#outbox.due),
      this.#fetching.due(this.#media.due),
      this.#journal.prunesAt,
    )
    if (at === null) await this.ctx.storage.deleteAlarm()
    else await this.ctx.storage.setAlarm(Math.max(at, Date.now() + 20))
  }
}

function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? Math.min(...known) : null
}
