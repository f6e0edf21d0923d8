/** What the gateway of a number tells of itself. */

/** What came in and has not had its effect, or never will. */
export interface Backlog {
  /** Not applied yet; of them, those that wait for an id that we do not know. */
  pending: number
  waiting: number
  dead: number
  /** Waited for an id that never came. */
  orphans: number
  /** About people who were erased: refused, and not kept. */
  erased: number
  oldestAt: number | null
}

export interface GatewayHealth extends Backlog {
  /** How long what came in within the last hour took to have its effect, at most, ms; null: nothing did. */
  lagMs: number | null
  /** The provider lets it in no more. */
  refused: boolean
  /** When something last came in, and when something last went out; null: never. */
  lastInAt: number | null
  lastOutAt: number | null
}
