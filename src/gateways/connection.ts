/** What a gateway keeps of its inbox, whatever becomes of the database, and how it reaches the provider with it. */
import { appFor, reachOf, webhookUrlOf } from '../app.ts'
import type { Channel, Credentials, Reach } from '../channels/channel.ts'
import { channelNamed } from '../channels/index.ts'
import { unreached } from '../channels/unreached.ts'
import { unseal } from '../db/credentials.ts'
import { isOfDemonstration } from '../db/demonstration-ids.ts'
import { statusOf } from '../db/queries/inboxes.ts'
import { setInboxRefused } from '../db/queries/outbound.ts'
import type { ChannelName } from '../db/records.ts'
import type { App } from '../domain/app.ts'
import type { Env } from '../env.ts'
import type { GatewaySettings } from './settings.ts'

export interface Ingress {
  channel: ChannelName
  accountId: string
  credentials: Credentials
  siblings: GatewaySettings['siblings']
}

export class Connection {
  readonly #ctx: DurableObjectState
  readonly #env: () => Env
  #settings: GatewaySettings | null = null
  #credentials: Credentials | null = null

  constructor(ctx: DurableObjectState, env: () => Env) {
    this.#ctx = ctx
    this.#env = env
  }

  /** Null: no inbox was ever saved for this gateway. */
  get settings(): GatewaySettings | null {
    return this.#settings
  }

  /** As they were kept before this object came to be. */
  load(): void {
    const [row] = this.#ctx.storage.sql.exec('SELECT value FROM settings').toArray()
    this.#settings = row ? JSON.parse(String(row.value)) : null
  }

  keep(settings: GatewaySettings): void {
    this.#ctx.storage.sql.exec(
      'INSERT INTO settings (id, version, value) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version, value = excluded.value',
      settings.version,
      JSON.stringify(settings),
    )
    this.#settings = settings
    this.#credentials = null
  }

  /** What the webhook's route verifies and routes with; null: no inbox has this key, nor is another told of at its address. */
  async ingress(): Promise<Ingress | null> {
    if (!this.#settings || isOfDemonstration(this.#settings.inboxId)) return null
    const { channel, accountId, siblings, status } = this.#settings
    if (status === 'removed' && !siblings.some((sibling) => sibling.accountId !== accountId)) return null
    return { channel, accountId, siblings, credentials: await this.#unsealed(this.#settings) }
  }

  /** For one round of work. That of a demonstration's number knows no provider. */
  app(): App {
    const app = appFor(this.#env(), (promise) => this.#ctx.waitUntil(promise))
    if (!this.#settings || !isOfDemonstration(this.#settings.inboxId)) return app
    return { ...app, channel: (name) => unreached(app.channel(name)) }
  }

  async reach(app: App, settings: GatewaySettings): Promise<Reach> {
    return reachOf(this.#env(), app, settings, await this.#unsealed(settings))
  }

  /** All that it takes to ask the provider something. */
  async connected() {
    const settings = this.#settings
    if (!settings || settings.status === 'removed' || !channelNamed(settings.channel))
      throw new Error('This gateway has no inbox.')
    const app = this.app()
    const channel = app.channel(settings.channel)
    const inbox = { workspaceId: settings.workspaceId, id: settings.inboxId }
    const { sealedCredentials } = settings
    const webhookUrl = this.#webhookUrl(settings)
    return { app, channel, inbox, sealedCredentials, webhookUrl, reach: await this.reach(app, settings) }
  }

  /** Best effort: what the provider does not take is no trouble of anybody's. */
  async tell(failed: string, tell: (channel: Channel, reach: Reach) => Promise<void>): Promise<void> {
    if (this.#settings?.status !== 'active') return
    const app = this.app()
    try {
      await tell(app.channel(this.#settings.channel), await this.reach(app, this.#settings))
    } catch (error) {
      app.log.warn(failed, {
        inboxId: this.#settings.inboxId,
        code: error instanceof Error ? error.name : 'unknown',
      })
    }
  }

  /** The provider is told that nobody listens any more. One that cannot be told finds the door shut. */
  async leave(): Promise<void> {
    if (!this.#settings || this.#settings.status === 'removed') return
    try {
      const { channel, reach } = await this.connected()
      await channel.leave?.(reach)
    } catch (error) {
      const code = error instanceof Error ? error.name : 'unknown'
      this.app().log.warn('inbox.not_left', { inboxId: this.#settings.inboxId, code })
    }
  }

  /** The provider refuses the inbox: nothing leaves until it is connected again, and nothing that waits is lost. */
  async openBreaker(app: App, settings: GatewaySettings, code: string): Promise<void> {
    // The inbox first: told nothing, this gateway would try again, and so come back here.
    await app.db.write(setInboxRefused(settings, code))
    this.stop(settings)
    app.log.warn('inbox.needs_reauth', { inboxId: settings.inboxId, code })
  }

  /** An account was cut off: whether it is ours the tables know. What is missed here, the sweep tells within a minute. */
  async heedStop(app: App, settings: GatewaySettings): Promise<void> {
    const [rows] = await app.db.read(statusOf({ workspaceId: settings.workspaceId, id: settings.inboxId }))
    if (rows[0]?.status === 'needs_reauth') this.stop(settings)
  }

  /** Nothing leaves by these settings any more. */
  stop(settings: GatewaySettings): void {
    if (this.#settings !== settings) return // connected again meanwhile
    if (settings.status !== 'active') return // it is stopped already, and for a reason that stays
    this.#standAs({ ...settings, status: 'needs_reauth' })
  }

  /** What waited may leave; answers whether it could not before. The sweep hands over what else was changed. */
  goOn(settings: GatewaySettings): boolean {
    if (settings.status !== 'needs_reauth') return false
    this.#standAs({ ...settings, status: 'active' })
    return true
  }

  #standAs(settings: GatewaySettings): void {
    this.#ctx.storage.sql.exec('UPDATE settings SET value = ?', JSON.stringify(settings))
    this.#settings = settings
  }

  #webhookUrl({ channel, accountId, siblings }: GatewaySettings): string {
    const own = siblings.find((sibling) => sibling.accountId === accountId)
    return webhookUrlOf(this.#env(), channel, own?.webhookKey ?? '')
  }

  async #unsealed({ workspaceId, inboxId, sealedCredentials }: GatewaySettings): Promise<Credentials> {
    this.#credentials ??= (await unseal(
      this.#env().CREDENTIALS_KEY,
      { workspaceId, inboxId },
      sealedCredentials,
    )) as Credentials
    return this.#credentials
  }
}
