/** The Durable Object of one inbox, named by its webhook key: what comes in is journaled here, what goes out leaves from here. */
import { DurableObject } from 'cloudflare:workers'
import { appFor, reachOf, webhookUrlOf } from '../app.ts'

import { type Channel, ChannelError, type Credentials, type Link, type Reach, type Read } from '../channels/channel.ts'

import { channelNamed } from '../channels/index.ts'
import { unreached } from '../channels/unreached.ts'
import { isPassing } from '../db/client.ts'
import { unseal } from '../db/credentials.ts'
import { isOfDemonstration } from '../db/demonstration-ids.ts'
import { type InboxRef, knownAmong } from '../db/queries/inbound.ts'
import { statusOf } from '../db/queries/inboxes.ts'
import type { LinkChange } from '../db/queries/links.ts'
import { setInboxRefused } from '../db/queries/outbound.ts'
import type { ChannelName } from '../db/records.ts'
import type { App, Forgotten, Recovered } from '../domain/app.ts'
import { checkUp, type Looked } from '../domain/checkup.ts'
import type { GatewayHealth } from '../domain/gateway-health.ts'
import { readBack } from '../domain/history.ts'
import { noteLink, recover, standingOf, stateIn } from '../domain/links.ts'
import { fetchPending, removeDeleted } from '../domain/media.ts'
import { dispatch } from '../domain/outbox.ts'
import { meet } from '../domain/profiles.ts'
import { type Received, receive } from '../domain/receive.ts'
import { syncTemplates } from '../domain/templates.ts'
import type { Env } from '../env.ts'
import { bringsFiles, entryOf, eventIn, forgetWords, handleIn, isNewsOf, type Told, toldOf } from './entries.ts'
import { forgetErased } from './erased.ts'
import { type DeadLetter, Journal, type JournalEntry, type PendingEntry } from './journal.ts'
import { Limiter } from './limiter.ts'
import type { GatewaySettings } from './settings.ts'
import { SAFETY_NET_MS, Turns } from './turns.ts'

export interface Ingress {
  channel: ChannelName
  accountId: string
  credentials: Credentials
  siblings: GatewaySettings['siblings']
}

const BATCH = 25
const HOUR_MS = 3_600_000

export class Gateway extends DurableObject<Env> {
  readonly #journal: Journal
  #settings: GatewaySettings | null = null
  #credentials: Credentials | null = null
  /** Each by itself: a provider that takes its time keeps nobody from being heard, nor the other way round. */
  readonly #receiving = this.#turnsOf(() => this.#workJournal())
  readonly #sending = this.#turnsOf(() => this.#workOutbox())
  readonly #fetching = this.#turnsOf(() => this.#workMedia())
  readonly #looking = this.#turnsOf(() => this.#lookAtLink())
  readonly #recovering = this.#turnsOf(() => this.#recover())
  /** When the outbox has something again; a fresh object does not know, and looks. */
  #outboxDue: number | null = 0
  #mediaDue: number | null = 0
  /** Who wrote since they were last asked about; who is forgotten here is met at their next message. */
  readonly #writers = new Set<string>()
  /** The provider's ids that came to be known since events were last taken out: one of them may wait for such an id. */
  readonly #learnt: string[] = []
  #pausedUntil = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#journal = new Journal(ctx.storage)
    if (!this.#journal.prepared) return
    const [row] = ctx.storage.sql.exec('SELECT value FROM settings').toArray()
    this.#settings = row ? JSON.parse(String(row.value)) : null
    // Whatever a crash left behind is found at the first call that wakes this object.
    ctx.blockConcurrencyWhile(async () => {
      if (this.#journal.nextDue !== null && (await ctx.storage.getAlarm()) === null)
        await ctx.storage.setAlarm(Date.now())
    })
  }

  async configure(settings: GatewaySettings): Promise<number> {
    if (settings.status === 'removed') await this.#leave()
    if (this.#settings && this.#settings.version > settings.version) return this.#settings.version
    this.#journal.prepare()
    this.ctx.storage.sql.exec(
      'INSERT INTO settings (id, version, value) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version, value = excluded.value',
      settings.version,
      JSON.stringify(settings),
    )
    this.#settings = settings
    this.#credentials = null
    this.#pausedUntil = 0
    this.#ask(this.#receiving)
    this.#ask(this.#sending)
    this.#ask(this.#fetching)
    return settings.version
  }

  /** The provider is told that nobody listens any more. One that cannot be told finds the door shut. */
  async #leave(): Promise<void> {
    if (!this.#settings || this.#settings.status === 'removed') return
    try {
      const { channel, reach } = await this.#connected()
      await channel.leave?.(reach)
    } catch (error) {
      const code = error instanceof Error ? error.name : 'unknown'
      this.#app().log.warn('inbox.not_left', { inboxId: this.#settings.inboxId, code })
    }
  }

  /** What the webhook's route verifies and routes with; null: no inbox has this key, nor is another told of at its address. */
  async ingress(): Promise<Ingress | null> {
    if (!this.#settings || isOfDemonstration(this.#settings.inboxId)) return null
    const { channel, accountId, siblings, status } = this.#settings
    if (status === 'removed' && !siblings.some((sibling) => sibling.accountId !== accountId)) return null
    return { channel, accountId, siblings, credentials: await this.#unsealed(this.#settings) }
  }

  /** Answers once the events are stored: from then on they are ours to finish. */
  async accept(entries: JournalEntry[]): Promise<void> {
    if (!this.#settings) throw new Error('This gateway has no inbox.')
    if (this.#settings.status === 'removed') return // what is said there is for nobody any more
    this.#journal.add(entries)
    this.#journal.happened('in', Date.now())
    await this.ctx.storage.setAlarm(Date.now() + SAFETY_NET_MS)
    this.#ask(this.#receiving)
    if (channelNamed(this.#settings.channel)?.acknowledge) this.ctx.waitUntil(this.#acknowledge(entries))
  }

  /** From here on they are safe with us: whoever waits for a sign of that is given one. A sign that is lost is no event lost. */
  async #acknowledge(entries: JournalEntry[]): Promise<void> {
    for (const { payload } of entries)
      await this.#tell('acknowledge.failed', async (channel, reach) => channel.acknowledge?.(reach, eventIn(payload)))
  }

  /** A hint: something may be queued. */
  lookAtOutbox(): void {
    if (this.#settings) this.#ask(this.#sending)
  }

  /** A hint: files may be waiting to be fetched. */
  lookAtMedia(): void {
    if (this.#settings) this.#ask(this.#fetching)
  }

  /** Everything that waits is looked at once more, as often as somebody asks: what is still unknown goes on waiting. */
  async lookAgain(): Promise<void> {
    if (!this.#settings) return
    const waiting = this.#journal.waitingTargets
    if (waiting.length > 0) {
      const [known] = await this.#app().db.read(knownAmong({ id: this.#settings.inboxId }, waiting))
      this.#journal.wake(known.map(({ target }) => target))
    }
    this.#ask(this.#sending)
    this.#ask(this.#fetching)
    await this.#ask(this.#receiving)
  }

  markRead(of: Read): Promise<void> {
    return this.#tell('mark_read.failed', (channel, reach) => channel.markRead(reach, of))
  }

  showTyping(of: Read): Promise<void> {
    return this.#tell('typing.failed', async (channel, reach) => channel.showTyping?.(reach, of))
  }

  async syncTemplates(): Promise<boolean> {
    const settings = this.#settings
    if (settings?.status !== 'active') return false
    const app = this.#app()
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId, channel: settings.channel }
    return syncTemplates(app, inbox, await this.#reach(app, settings))
  }

  /** Best effort: what the provider does not take is no trouble of anybody's. */
  async #tell(failed: string, tell: (channel: Channel, reach: Reach) => Promise<void>): Promise<void> {
    if (this.#settings?.status !== 'active') return
    const app = this.#app()
    try {
      await tell(app.channel(this.#settings.channel), await this.#reach(app, this.#settings))
    } catch (error) {
      app.log.warn(failed, {
        inboxId: this.#settings.inboxId,
        code: error instanceof Error ? error.name : 'unknown',
      })
    }
  }

  health(): GatewayHealth {
    if (!this.#settings)
      return {
        ...{ pending: 0, waiting: 0, dead: 0, orphans: 0, erased: 0, oldestAt: null, lagMs: null },
        ...{ refused: false, lastInAt: null, lastOutAt: null },
      }
    return {
      ...this.#journal.backlog,
      lagMs: this.#journal.lagSince(Date.now() - HOUR_MS),
      refused: this.#settings.status === 'needs_reauth',
      lastInAt: this.#journal.lastAt('in'),
      lastOutAt: this.#journal.lastAt('out'),
    }
  }

  /** When the provider told what of these ids of its. */
  told(externalIds: string[]): Told[] {
    return this.#settings ? toldOf(this.#journal, externalIds.slice(0, 20)) : []
  }

  deadLetters(): DeadLetter[] {
    return this.#settings ? this.#journal.dead(200) : []
  }

  /** One of them, with its event as JSON. */
  deadLetter(id: number): (DeadLetter & { payload: string }) | null {
    return this.#settings ? this.#journal.deadLetter(id) : null
  }

  /** Answers with those that will be tried again. */
  replay(ids: number[]): number[] {
    if (!this.#settings) return []
    const replayed = this.#journal.replay(ids)
    this.#ask(this.#receiving)
    return replayed
  }

  /** For a database that was put back to that time: what had its effect since has it again. Answers with how many. */
  replaySince(time: number): number {
    if (!this.#settings) return 0
    const replayed = this.#journal.replaySince(time)
    this.#ask(this.#receiving)
    return replayed
  }

  /** Answers with those that were given up. */
  discard(ids: number[]): number[] {
    return this.#settings ? this.#journal.discard(ids, Date.now()) : []
  }

  async forgetErased(part: { after: number; mentioned: string[] }): Promise<Forgotten> {
    if (!this.#settings) return { events: 0, next: null }
    const { workspaceId, inboxId: id } = this.#settings
    return forgetErased(this.#app(), { workspaceId, id }, this.#journal, part)
  }

  async checkUp(): Promise<Looked> {
    const connected = await this.#connected()
    const looked = await checkUp(connected.app, { ...connected, webhookUrl: this.#webhookUrl(connected.settings) })
    if (!looked.link) return looked
    await this.#heedLink(connected.app)
    return { ...looked, owesPast: (await standingOf(connected.app, connected.inbox)).owesPast }
  }

  /**
   * How it stands with the phone that the number stays on, with the code to scan; it goes no further than the page that
   * asked. `begins`: has the provider know the number, and draw a code.
   */
  async link(of: { begins: boolean; phone: string | null }): Promise<Link | null> {
    const connected = await this.#connected()
    const { app, channel, reach, settings, inbox } = connected
    if (!channel.link) return null
    if (of.begins) await channel.subscribe?.(reach, this.#webhookUrl(settings))
    const at = app.now()
    const link = await channel.link.look(reach, of)
    await this.#note(app, inbox, { state: link.state, code: null, at })
    return link
  }

  /** Has the provider begin its connection anew, or part from the phone. */
  async relink(how: 'restart' | 'unlink'): Promise<void> {
    const { app, channel, reach, inbox } = await this.#connected()
    await channel.link?.[how](reach)
    const at = app.now()
    const link = await channel.link?.look(reach, { begins: false, phone: null })
    if (link) await this.#note(app, inbox, { state: link.state, code: how === 'unlink' ? 'unlinked' : null, at })
  }

  async #note(app: App, inbox: InboxRef, change: LinkChange): Promise<void> {
    const before = await standingOf(app, inbox)
    if (before.link?.state === change.state) return
    await noteLink(app, inbox, change)
    if (change.state === 'open') await this.checkUp()
    else await this.#heedLink(app)
  }

  /** What the tables say of the connection: what waits may leave again, or may not; what was missed is asked for. */
  async #heedLink(app: App): Promise<void> {
    if (!this.#settings) return
    const inbox = { workspaceId: this.#settings.workspaceId, id: this.#settings.inboxId }
    if ((await standingOf(app, inbox)).stopped) this.#stop(this.#settings)
    // First: what leaves meanwhile stands in the past before anybody knows its id, and would be taken for something missed.
    await this.#ask(this.#recovering)
    if (!(await standingOf(app, inbox)).stopped) this.#goOn(this.#settings)
  }

  async #lookAtLink(): Promise<void> {
    await this.checkUp()
  }

  /** One at a time: what the one brings is not counted by the other. */
  async #recover(): Promise<void> {
    const { app, inbox } = await this.#connected()
    const { link, owesPast } = await standingOf(app, inbox)
    if (!owesPast || link?.state !== 'open') return
    try {
      await recover(app, inbox, (since) => this.readBack(null, since))
    } catch (error) {
      // It stays owed: the next look asks again.
      app.log.warn('history.not_read', { inboxId: inbox.id, code: error instanceof Error ? error.name : 'unknown' })
    }
  }

  /** Has the provider tell the past of a number that stays on the phone. Null: it will; else the code of its refusal. */
  async requestHistory(): Promise<string | null> {
    const { channel, reach } = await this.#connected()
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
    if (this.#settings?.status === 'removed') return null
    const connected = await this.#connected()
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
    this.#ask(this.#sending)
    this.#ask(this.#fetching)
    await this.#ask(this.#receiving)
  }

  #ask(turns: Turns): Promise<void> {
    const working = turns.ask()
    this.ctx.waitUntil(working)
    return working
  }

  #turnsOf(work: () => Promise<void>): Turns {
    return new Turns({
      work,
      failed: (error) => this.#app().log.error('gateway.stalled', error, { inboxId: this.#settings?.inboxId ?? '' }),
      over: () => this.#setAlarm(),
    })
  }

  async #setAlarm(): Promise<void> {
    const at = earliest(
      this.#receiving.due(this.#journal.nextDue),
      this.#sending.due(this.#outboxDue),
      this.#fetching.due(this.#mediaDue),
      this.#journal.prunesAt,
    )
    if (at === null) await this.ctx.storage.deleteAlarm()
    else await this.ctx.storage.setAlarm(Math.max(at, Date.now() + 20))
  }

  async #workJournal(): Promise<void> {
    for (let worked = 1; worked > 0; ) worked = await this.#applyDue(this.#app())
    this.#journal.prune(Date.now())
  }

  /** Applies what is due, in order; answers how much there was. */
  async #applyDue(app: App): Promise<number> {
    this.#learnt.length = 0
    const entries = this.#journal.due(Date.now(), BATCH)
    if (entries.length === 0 || !this.#settings) return 0
    try {
      await this.#apply(app, this.#settings, entries)
    } catch (error) {
      if (isPassing(error)) throw error
      // One of them is poison: each by itself, so that the others go on.
      for (const entry of entries) await this.#applyAlone(app, this.#settings, entry)
    }
    return entries.length
  }

  async #applyAlone(app: App, settings: GatewaySettings, entry: PendingEntry): Promise<void> {
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
    const heard = received.filter((_, at) => outcomes[at] !== 'erased')
    // At once: the links of files live some minutes.
    if (channelNamed(settings.channel)?.profile)
      for (const { event } of heard) if (isNewsOf(event)) this.#writers.add(event.peer.externalIds[0] ?? '')
    if (this.#writers.size > 0 || heard.some(({ event }) => bringsFiles(event))) this.#ask(this.#fetching)
    this.#journal.wake(this.#learnt.splice(0))
    const told = heard.flatMap(({ event }) => (event.kind === 'account' ? event.what : []))
    if (told.includes('disconnected')) await this.#heedStop(app, settings)
    // What it says came late, perhaps: how it stands now, only the provider knows.
    if (inbox.linked && told.some((what) => stateIn({ what }) !== null && what !== 'waiting_for_scan'))
      this.#ask(this.#looking)
  }

  /** An account was cut off: whether it is ours the tables know. What is missed here, the sweep tells within a minute. */
  async #heedStop(app: App, settings: GatewaySettings): Promise<void> {
    const [rows] = await app.db.read(statusOf({ workspaceId: settings.workspaceId, id: settings.inboxId }))
    if (rows[0]?.status === 'needs_reauth') this.#stop(settings)
  }

  async #workOutbox(): Promise<void> {
    for (let sent = 1; sent > 0; ) {
      const pass = await this.#dispatch(this.#app())
      sent = pass.sent
      this.#outboxDue = pass.nextAt
    }
  }

  async #dispatch(app: App): Promise<{ sent: number; nextAt: number | null }> {
    const settings = this.#settings
    if (settings?.status !== 'active') return { sent: 0, nextAt: null }
    const channel = channelNamed(settings.channel)
    if (!channel) return { sent: 0, nextAt: null }
    const limiter = new Limiter(this.ctx.storage, channel.limits.rates)
    const pass = await dispatch(app, {
      inbox: {
        workspaceId: settings.workspaceId,
        id: settings.inboxId,
        channel: settings.channel,
      },
      // What is read, typed and fetched meanwhile pauses nothing: there is always some of it, and the pause would never end.
      reach: { ...(await this.#reach(app, settings)), slowDown: (ms) => this.#pauseFor(ms) },
      // Asked to slow down, everything that waits says until when.
      admit: (recipient) => (this.#pausedUntil > Date.now() ? this.#pausedUntil : limiter.admit(recipient, Date.now())),
    })
    if (pass.sent > 0) this.#journal.happened('out', Date.now())
    this.#wake(pass.known)
    this.#pausedUntil = Math.max(this.#pausedUntil, pass.pauseUntil)
    limiter.prune(Date.now())
    if (pass.refused) await this.#openBreaker(app, settings, pass.refused.code)
    return { sent: pass.sent, nextAt: pass.refused ? null : pass.nextAt }
  }

  #pauseFor(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + ms)
  }

  async #workMedia(): Promise<void> {
    // For this no provider is asked: a number that is cut off keeps nothing either.
    if (this.#settings)
      await removeDeleted(this.#app(), { workspaceId: this.#settings.workspaceId, id: this.#settings.inboxId })
    for (let worked = 1; worked > 0; ) {
      const pass = await this.#fetch(this.#app())
      worked = pass.worked
      this.#mediaDue = pass.nextAt
    }
  }

  async #fetch(app: App): Promise<{ worked: number; nextAt: number | null }> {
    const settings = this.#settings
    // A number that is paused hears all that is said to it: the links of files would be dead when it goes on.
    const hears = settings?.status === 'active' || settings?.status === 'paused'
    if (!hears || !channelNamed(settings.channel)) return { worked: 0, nextAt: null }
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId, channel: settings.channel }
    const reach = await this.#reach(app, settings)
    const pass = await fetchPending(app, {
      inbox,
      reach,
      addressOf: (externalId, ord) => handleIn(this.#journal, externalId, ord),
    })
    const writers = [...this.#writers]
    this.#writers.clear()
    if (!pass.refused) await meet(app, inbox, reach, writers)
    if (!pass.refused) return pass
    await this.#openBreaker(app, settings, pass.refused.code)
    return { worked: 0, nextAt: null }
  }

  #wake(externalIds: string[]): void {
    if (externalIds.length === 0) return
    this.#journal.wake(externalIds)
    this.#learnt.push(...externalIds)
    this.#ask(this.#receiving)
  }

  /** The provider refuses the inbox: nothing leaves until it is connected again, and nothing that waits is lost. */
  async #openBreaker(app: App, settings: GatewaySettings, code: string): Promise<void> {
    // The inbox first: told nothing, this gateway would try again, and so come back here.
    await app.db.write(setInboxRefused(settings, code))
    this.#stop(settings)
    app.log.warn('inbox.needs_reauth', { inboxId: settings.inboxId, code })
  }

  /** Nothing leaves by these settings any more. */
  #stop(settings: GatewaySettings): void {
    if (this.#settings !== settings) return // connected again meanwhile
    if (settings.status !== 'active') return // it is stopped already, and for a reason that stays
    const refused: GatewaySettings = { ...settings, status: 'needs_reauth' }
    this.ctx.storage.sql.exec('UPDATE settings SET value = ?', JSON.stringify(refused))
    this.#settings = refused
  }

  /** What waited leaves. The sweep hands over what else was changed. */
  #goOn(settings: GatewaySettings): void {
    if (settings.status !== 'needs_reauth') return
    const active: GatewaySettings = { ...settings, status: 'active' }
    this.ctx.storage.sql.exec('UPDATE settings SET value = ?', JSON.stringify(active))
    this.#settings = active
    this.#ask(this.#sending)
    this.#ask(this.#fetching)
  }

  /** That of a demonstration's number knows no provider. */
  #app(): App {
    const app = appFor(this.env, (promise) => this.ctx.waitUntil(promise))
    if (!this.#settings || !isOfDemonstration(this.#settings.inboxId)) return app
    return { ...app, channel: (name) => unreached(app.channel(name)) }
  }

  /** All that it takes to ask the provider something. */
  async #connected() {
    const settings = this.#settings
    if (!settings || settings.status === 'removed' || !channelNamed(settings.channel))
      throw new Error('This gateway has no inbox.')
    const app = this.#app()
    const channel = app.channel(settings.channel)
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId }
    const { sealedCredentials } = settings
    return { app, settings, channel, inbox, sealedCredentials, reach: await this.#reach(app, settings) }
  }

  #webhookUrl({ channel, accountId, siblings }: GatewaySettings): string {
    const own = siblings.find((sibling) => sibling.accountId === accountId)
    return webhookUrlOf(this.env, channel, own?.webhookKey ?? '')
  }

  async #reach(app: App, settings: GatewaySettings): Promise<Reach> {
    return reachOf(this.env, app, settings, await this.#unsealed(settings))
  }

  async #unsealed({ workspaceId, inboxId, sealedCredentials }: GatewaySettings): Promise<Credentials> {
    this.#credentials ??= (await unseal(
      this.env.CREDENTIALS_KEY,
      { workspaceId, inboxId },
      sealedCredentials,
    )) as Credentials
    return this.#credentials
  }
}

function earliest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? Math.min(...known) : null
}
