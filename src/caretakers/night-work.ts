/**
 * The dump of the night, a pass a round. An object is given so much computing for each alarm, and none for all of them
 * together: the reading stands still until the next. It lives in this object's memory, for the moment of the database that
 * it reads cannot be found again: with the object it is cut off, taken away, and begun anew.
 */
import { isPassing } from '../db/client.ts'
import type { App } from '../domain/app.ts'
import { beginDump, type Dumping } from '../domain/dumps.ts'
import { CUT_OFF, type Nights } from './nights.ts'

export class NightWork {
  readonly #nights: Nights
  #underWay: { at: number; dumping: Dumping } | null = null

  constructor(nights: Nights) {
    this.#nights = nights
  }

  /** Answers when to come again. */
  async goOn(app: App, workspaceId: string, characters: number): Promise<number> {
    await this.#takeAwayCutOff(app)
    const now = Date.now()
    if (!this.#underWay && this.#nights.dueAt(workspaceId) <= now) this.#begin(app, workspaceId, now)
    if (this.#underWay) await this.#pass(app, workspaceId, this.#underWay, characters)
    if (this.#underWay) return Date.now()
    await this.#forgetOld(app)
    return this.#nights.dueAt(workspaceId)
  }

  /** It is written down before it begins: one that takes more than an object is given is not begun over and over. */
  #begin(app: App, workspaceId: string, at: number): void {
    const key = `dumps/${workspaceId}/${new Date(at).toISOString().replaceAll(':', '-')}.backup.gz`
    this.#nights.begin(at, key)
    const began = (upload: string) => this.#nights.uploads(at, upload)
    this.#underWay = { at, dumping: beginDump(app, workspaceId, { at, key, began }) }
  }

  async #pass(
    app: App,
    workspaceId: string,
    { at, dumping }: { at: number; dumping: Dumping },
    characters: number,
  ): Promise<void> {
    try {
      const dumped = await dumping.pass(characters)
      this.#nights.came(at, dumping.rows)
      if (!dumped) return
      this.#nights.end(at, dumped)
    } catch (error) {
      this.#nights.fail(at, isPassing(error) ? 'unreachable' : 'failed')
      app.log.error('dump.failed', error, { workspaceId })
    }
    this.#underWay = null
  }

  async #takeAwayCutOff(app: App): Promise<void> {
    for (const { at, key, upload } of this.#nights.begun()) {
      if (at === this.#underWay?.at) continue
      if (upload !== null) await app.store.abandon(key, upload)
      await app.store.delete([key])
      this.#nights.fail(at, CUT_OFF)
    }
  }

  async #forgetOld(app: App): Promise<void> {
    const over = this.#nights.over()
    await app.store.delete(over.flatMap(({ key }) => key ?? []))
    for (const { at } of over) this.#nights.forget(at)
  }
}
