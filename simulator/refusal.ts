/** Said to whoever called the simulator's own API; everything else that is thrown is a bug. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
