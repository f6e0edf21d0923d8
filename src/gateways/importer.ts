/** The Durable Object of one file of contacts: works it off, whatever becomes of the page or of a restart, and then is gone. */
import { DurableObject } from 'cloudflare:workers'
import { appFor } from '../app.ts'
import type { ImportRef } from '../db/queries/contact-imports.ts'
import { workOff } from '../domain/import-work.ts'
import type { Env } from '../env.ts'
import { SAFETY_NET_MS, Turns } from './turns.ts'

export class Importer extends DurableObject<Env> {
  readonly #turns = new Turns({
    work: () => this.#work(),
    failed: (error) => this.#app().log.error('import.stalled', error),
    over: () => this.#rest(),
  })

  /** Of the last call: it may come while an earlier one is being forgotten. */
  #of: ImportRef | undefined

  /** A hint: there may be something to do. */
  async work(of: ImportRef): Promise<void> {
    this.#of = of
    this.ctx.storage.kv.put('import', of)
    // If the object dies while it works, this finds what is left.
    await this.ctx.storage.setAlarm(Date.now() + SAFETY_NET_MS)
    this.ctx.waitUntil(this.#turns.ask())
  }

  override async alarm(): Promise<void> {
    await this.#turns.ask()
  }

  async #work(): Promise<void> {
    const of = this.#of ?? this.ctx.storage.kv.get<ImportRef>('import')
    while (of && (await workOff(this.#app(), of)));
  }

  async #rest(): Promise<void> {
    const at = this.#turns.due(null)
    if (at === null) await this.ctx.storage.deleteAll()
    else await this.ctx.storage.setAlarm(at)
  }

  #app() {
    return appFor(this.env, (promise) => this.ctx.waitUntil(promise))
  }
}
