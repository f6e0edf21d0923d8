/** The Durable Object of one workspace's long work: a step at a time, each safe to repeat, and an alarm until all is done. */
import { DurableObject } from 'cloudflare:workers'
import { appFor } from '../app.ts'
import { isPassing } from '../db/client.ts'
import type { ErasedKey } from '../db/queries/erased-keys.ts'
import type { App } from '../domain/app.ts'
import { type Dump, dump } from '../domain/dumps.ts'
import { goOnErasing } from '../domain/erasing.ts'
import type { LedgerErasure } from '../domain/erasure-ledger.ts'
import { goOnEmptying } from '../domain/retention.ts'
import type { Env } from '../env.ts'
import { SAFETY_NET_MS, Turns } from '../gateways/turns.ts'
import { Ledger } from './ledger.ts'
import { Nights } from './nights.ts'

const NIGHTS_SHOWN = 14
/** So many steps a round: an alarm that takes long is cut off. */
const STEPS = 50

export class Caretaker extends DurableObject<Env> {
  readonly #working = new Turns({
    work: () => this.#work(),
    failed: (error) => this.#app().log.error('caretaker.stalled', error, { workspaceId: this.#workspaceId ?? '' }),
    over: () => this.#setAlarm(),
  })
  #due: number | null = null
  readonly #ledger: Ledger
  readonly #nights: Nights

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#ledger = new Ledger(ctx.storage)
    this.#nights = new Nights(ctx.storage)
  }

  /** A hint: there may be something to do. */
  async look(workspaceId: string): Promise<void> {
    this.ctx.storage.kv.put('workspace', workspaceId)
    await this.ctx.storage.setAlarm(Date.now() + SAFETY_NET_MS)
    this.#ask()
  }

  remember(part: { erasure?: LedgerErasure; keys?: ErasedKey[] }): void {
    this.#ledger.remember(part)
  }

  erasuresSince(since: number, after: string): LedgerErasure[] {
    return this.#ledger.erasuresSince(since, after)
  }

  keysSince(since: number, after: number): { keys: ErasedKey[]; next: number | null } {
    return this.#ledger.keysSince(since, after)
  }

  dumps(): Dump[] {
    return this.#nights.newest(NIGHTS_SHOWN)
  }

  override async alarm(): Promise<void> {
    await this.#ask()
  }

  #ask(): Promise<void> {
    const working = this.#working.ask()
    this.ctx.waitUntil(working)
    return working
  }

  async #work(): Promise<void> {
    const workspaceId = this.#workspaceId
    if (workspaceId === undefined) return
    const app = this.#app()
    for (let step = 0; step < STEPS; step++) {
      const wait = (await goOnErasing(app, workspaceId)) ?? (await goOnEmptying(app, workspaceId))
      this.#due = wait === null ? null : Date.now() + wait
      if (wait === null || wait > 0) break
    }
    await this.#dumpWhereDue(app, workspaceId)
    this.#due = Math.min(this.#due ?? Number.POSITIVE_INFINITY, this.#nights.dueAt(workspaceId))
  }

  /** It is written down before it begins: one that takes more than an object is given is not begun over and over. */
  async #dumpWhereDue(app: App, workspaceId: string): Promise<void> {
    for (const at of this.#nights.cutOff()) this.#nights.fail(at, 'cut_off')
    const at = Date.now()
    if (this.#nights.dueAt(workspaceId) > at) return
    const key = `dumps/${workspaceId}/${new Date(at).toISOString().replaceAll(':', '-')}.backup.gz`
    this.#nights.begin(at, key)
    try {
      this.#nights.end(at, await dump(app, workspaceId, { at, key }))
    } catch (error) {
      this.#nights.fail(at, isPassing(error) ? 'unreachable' : 'failed')
      app.log.error('dump.failed', error, { workspaceId })
    }
    const over = this.#nights.over()
    await app.store.delete(over.flatMap(({ key }) => key ?? []))
    for (const old of over) this.#nights.forget(old.at)
  }

  async #setAlarm(): Promise<void> {
    const at = this.#working.due(this.#due)
    if (at === null) await this.ctx.storage.deleteAlarm()
    else await this.ctx.storage.setAlarm(at)
  }

  get #workspaceId(): string | undefined {
    return this.ctx.storage.kv.get<string>('workspace')
  }

  #app() {
    return appFor(this.env, (promise) => this.ctx.waitUntil(promise))
  }
}
