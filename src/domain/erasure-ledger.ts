/** What a workspace erased, known outside of its database too: one that is put back from a backup learns it again. */
import type { ErasedKey } from '../db/queries/erased-keys.ts'

/** Ids of ours alone. */
export interface LedgerErasure {
  id: string
  contactId: string
  /** The contact with all who had become part of it. */
  contactIds: string[]
  requestedById: string
  requestedAt: number
  /** JSON: how many rows of each kind went. */
  counts: string
  finishedAt: number | null
}

export interface ErasureLedger {
  /** Called before the database is told, so that what is gone there is known here. Safe to repeat. */
  remember(part: { erasure?: LedgerErasure; keys?: ErasedKey[] }): Promise<void>
  /** Those behind that one which were not over at that time, a page at a time, in the order in which they were asked for. */
  erasuresSince(since: number, after: string): Promise<LedgerErasure[]>
  /** The hashes that were written since, a page at a time; `next` is where to go on, null: that was all. */
  keysSince(since: number, after: number): Promise<{ keys: ErasedKey[]; next: number | null }>
}
