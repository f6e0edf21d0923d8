/** Lets so much through and no more, until it is opened again. */
export class Door {
  #left = 0
  #opened = Promise.withResolvers<void>()
  #shut = Promise.withResolvers<void>()

  /** Answers when so much has gone through, and the next has to wait. */
  open(much: number): Promise<void> {
    this.#left = much
    this.#shut = Promise.withResolvers()
    this.#opened.resolve()
    return this.#shut.promise
  }

  through(): Promise<void> {
    return this.#opened.promise
  }

  passed(much: number): void {
    this.#left -= much
    if (this.#left > 0) return
    this.#opened = Promise.withResolvers()
    this.#shut.resolve()
  }
}
