/** How far a page is behind, since a socket here does not say how much it still holds back. */
const MOST_FRAMES = 200
const MOST_BYTES = 256 * 1024
const CLIENT_FRAMES_A_SECOND = 10

export class Flow {
  /** Sizes of the frames that the page has not acknowledged, oldest first. */
  readonly #unacknowledged: number[] = []
  #bytes = 0
  #second = 0
  #received = 0

  /** Counts the frame as sent; false where the page is too far behind to get another. */
  maySend(size: number): boolean {
    if (this.#unacknowledged.length >= MOST_FRAMES || this.#bytes + size > MOST_BYTES) return false
    this.#unacknowledged.push(size)
    this.#bytes += size
    return true
  }

  acknowledged(frames: number): void {
    for (const size of this.#unacknowledged.splice(0, frames)) this.#bytes -= size
  }

  mayReceive(now: number): boolean {
    const second = Math.floor(now / 1_000)
    this.#received = second === this.#second ? this.#received + 1 : 1
    this.#second = second
    return this.#received <= CLIENT_FRAMES_A_SECOND
  }
}
