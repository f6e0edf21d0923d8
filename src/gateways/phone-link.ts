/** The link of a number that stays on its phone (by QR code): how it stands, and what follows when that changes. */
import type { Link } from '../channels/channel.ts'
import type { InboundEvent } from '../channels/events.ts'
import { channelNamed } from '../channels/index.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import type { LinkChange } from '../db/queries/links.ts'
import type { App, Recovered } from '../domain/app.ts'
import { checkUp, type Looked } from '../domain/checkup.ts'
import { noteLink, recover, standingOf, stateIn } from '../domain/links.ts'
import type { Connection } from './connection.ts'
import type { GatewaySettings } from './settings.ts'

interface Follow {
  /** Asks for what was missed, if anything was; answers when that is over. */
  recover(): Promise<void>
  /** What waited may leave again. */
  goOn(): void
}

export class PhoneLink {
  readonly #connection: Connection
  readonly #follow: Follow

  constructor(connection: Connection, follow: Follow) {
    this.#connection = connection
    this.#follow = follow
  }

  /** Of any channel; where there is a link, what is found of it is heeded. */
  async checkUp(): Promise<Looked> {
    const connected = await this.#connection.connected()
    const looked = await checkUp(connected.app, connected)
    if (!looked.link) return looked
    await this.#heed(connected.app)
    return { ...looked, owesPast: (await standingOf(connected.app, connected.inbox)).owesPast }
  }

  async look(of: { begins: boolean; phone: string | null }): Promise<Link | null> {
    const { app, channel, reach, webhookUrl, inbox } = await this.#connection.connected()
    if (!channel.link) return null
    if (of.begins) await channel.subscribe?.(reach, webhookUrl)
    const at = app.now()
    const link = await channel.link.look(reach, of)
    await this.#note(app, inbox, { state: link.state, code: null, at })
    return link
  }

  async relink(how: 'restart' | 'unlink'): Promise<void> {
    const { app, channel, reach, inbox } = await this.#connection.connected()
    await channel.link?.[how](reach)
    const at = app.now()
    const link = await channel.link?.look(reach, { begins: false, phone: null })
    if (link) await this.#note(app, inbox, { state: link.state, code: how === 'unlink' ? 'unlinked' : null, at })
  }

  /** Whether the provider is to be asked: what it says came late, perhaps; how it stands now, only it knows. */
  isToldOf({ channel }: GatewaySettings, events: InboundEvent[]): boolean {
    if (!channelNamed(channel)?.link) return false
    const told = events.flatMap((event) => (event.kind === 'account' ? event.what : []))
    return told.some((what) => stateIn({ what }) !== null && what !== 'waiting_for_scan')
  }

  async recover(readBack: (since: number | null) => Promise<Recovered | null>): Promise<void> {
    const { app, inbox } = await this.#connection.connected()
    const { link, owesPast } = await standingOf(app, inbox)
    if (!owesPast || link?.state !== 'open') return
    try {
      await recover(app, inbox, readBack)
    } catch (error) {
      // It stays owed: the next look asks again.
      app.log.warn('history.not_read', { inboxId: inbox.id, code: error instanceof Error ? error.name : 'unknown' })
    }
  }

  async #note(app: App, inbox: InboxRef, change: LinkChange): Promise<void> {
    const before = await standingOf(app, inbox)
    if (before.link?.state === change.state) return
    await noteLink(app, inbox, change)
    if (change.state === 'open') await this.checkUp()
    else await this.#heed(app)
  }

  /** What the tables say of the connection: what waits may leave again, or may not; what was missed is asked for. */
  async #heed(app: App): Promise<void> {
    const { settings } = this.#connection
    if (!settings) return
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId }
    if ((await standingOf(app, inbox)).stopped) this.#stop()
    // First: what leaves meanwhile stands in the past before anybody knows its id, and would be taken for something missed.
    await this.#follow.recover()
    if (!(await standingOf(app, inbox)).stopped) this.#goOn()
  }

  #stop(): void {
    const { settings } = this.#connection
    if (settings) this.#connection.stop(settings)
  }

  #goOn(): void {
    const { settings } = this.#connection
    if (settings && this.#connection.goOn(settings)) this.#follow.goOn()
  }
}
