/** The Durable Object of one workspace's long work: a step at a time, each safe to repeat, and an alarm until all is done. */
import { DurableObject } from 'cloudflare:workers'
import { appFor } from '../app.ts'
import type { ErasedKey } from '../db/queries/erased-keys.ts'
import type { Dump } from '../domain/dumps.ts'
import { goOnErasing } from '../domain/erasing.ts'
import type { LedgerErasure } from '../domain/erasure-ledger.ts'
import { goOnEmptying } from '../domain/retention.ts'
import type { Env } from '../env.ts'
import { SAFETY_NET_MS, Turns } from '../gateways/turns.ts'
import { Ledger } from './ledger.ts'
import { NightWork } from './night-work.ts'
import { Nights } from './nights.ts'

const NIGHTS_SHOWN = 14
/** So many steps a round: an alarm that takes long is cut off. */
const STEPS = 50
/** Two seconds of computing, or five where rows are short; an alarm is given thirty, and the next one has its own. */
const PASS_LENGTH = 16_000_000

export class Caretaker extends DurableObject<Env> {
  readonly #working = new Turns({
    work: () => this.#work(),
    failed: (error) => this.#app().log.error('caretaker.stalled', error, { workspaceId: this.#workspaceId ?? '' }),
    over: () => this.#setAlarm(),
  })
  #due: number | null = null
  readonly #ledger: Ledger
  readonly #nights: Nights
  readonly #nightWork: NightWork
  /** Of a dump, in characters: a test takes fewer. */
  passLength = PASS_LENGTH

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#ledger = new Ledger(ctx.storage)
    this.#nights = new Nights(ctx.storage)
    this.#nightWork = new NightWork(this.#nights)
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
    const dumpDue = await this.#nightWork.goOn(app, workspaceId, this.passLength)
    this.#due = Math.min(this.#due ?? Number.POSITIVE_INFINITY, dumpDue)
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
