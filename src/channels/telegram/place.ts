/** The update that something stands in. */
import type { Unnamed } from '../found.ts'
import type { Row } from './shape.ts'

export interface Place {
  accountId: string
  updateId: string
  update: Row
  /** That time as a rank among what is told of one second: what came later counts. */
  within(at: number | null): number | null
}

/** The update whole, and of no effect. */
export const keep = ({ accountId, update }: Pick<Place, 'accountId' | 'update'>, what: string): Unnamed => ({
  says: update,
  named: (hash) => ({ kind: 'kept', what, dedupeKey: `ev:${hash}`, accountId, occurredAt: null, raw: update }),
})
