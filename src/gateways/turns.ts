/** Work that is done in rounds, one at a time: whoever asks meanwhile gets another. What fails rests, ever longer. */

/** If the object dies while it works, its alarm finds what is left. */
export const SAFETY_NET_MS = 5_000
const RESTS_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 20_000]

interface Round {
  work(): Promise<void>
  /** The database is away, or we have a bug: what is stored stays, and is tried again. */
  failed(error: unknown): void
  /** Called after each, with `due` up to date. */
  over(): Promise<void>
}

export class Turns {
  readonly #round: Round
  #turn: Promise<void> | null = null
  #asked = false
  #working = false
  #failures = 0
  #restsUntil = 0

  constructor(round: Round) {
    this.#round = round
  }

  /** Answers when a round is over that began after this was asked. */
  ask(): Promise<void> {
    this.#asked = true
    this.#turn ??= this.#takeTurns()
    return this.#turn
  }

  /** When to ask again, if there is something to do `at` that time. */
  due(at: number | null): number | null {
    if (this.#working) return Date.now() + SAFETY_NET_MS
    return this.#failures > 0 ? this.#restsUntil : at
  }

  async #takeTurns(): Promise<void> {
    try {
      while (this.#asked) {
        this.#asked = false
        await this.#work()
        await this.#round.over()
      }
    } finally {
      // In the same step as the last look: nobody can have asked in between and be forgotten.
      this.#turn = null
    }
  }

  async #work(): Promise<void> {
    this.#working = true
    try {
      await this.#round.work()
      this.#failures = 0
    } catch (error) {
      this.#restsUntil = Date.now() + (RESTS_MS[Math.min(this.#failures, RESTS_MS.length - 1)] ?? 0)
      this.#failures += 1
      this.#round.failed(error)
    } finally {
      this.#working = false
    }
  }
}
