/** A caretaker's own store of what was erased: no more of anybody than hashes and ids of ours. */
import type { ErasedKey } from '../db/queries/erased-keys.ts'
import type { LedgerErasure } from '../domain/erasure-ledger.ts'

const ERASURES_AT_ONCE = 50
const KEYS_AT_ONCE = 500

export class Ledger {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS erasures (id TEXT PRIMARY KEY, contact_id TEXT NOT NULL, contact_ids TEXT NOT NULL,
        requested_by_id TEXT NOT NULL, requested_at INTEGER NOT NULL, counts TEXT NOT NULL, finished_at INTEGER) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS erased_keys (id INTEGER PRIMARY KEY, inbox_id TEXT NOT NULL, key TEXT NOT NULL,
        erased_at INTEGER NOT NULL, UNIQUE (inbox_id, key));`)
  }

  remember({ erasure, keys = [] }: { erasure?: LedgerErasure; keys?: ErasedKey[] }): void {
    this.#storage.transactionSync(() => {
      if (erasure) this.#note(erasure)
      for (const { inboxId, key, erasedAt } of keys)
        this.#storage.sql.exec(
          `INSERT INTO erased_keys (inbox_id, key, erased_at) VALUES (?, ?, ?)
            ON CONFLICT (inbox_id, key) DO UPDATE SET erased_at = max(erased_at, excluded.erased_at)`,
          inboxId,
          key,
          erasedAt,
        )
    })
  }

  #note({ id, contactId, contactIds, requestedById, requestedAt, counts, finishedAt }: LedgerErasure): void {
    this.#storage.sql.exec(
      `INSERT INTO erasures (id, contact_id, contact_ids, requested_by_id, requested_at, counts, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET counts = excluded.counts, finished_at = coalesce(excluded.finished_at, finished_at)`,
      id,
      contactId,
      JSON.stringify(contactIds),
      requestedById,
      requestedAt,
      counts,
      finishedAt,
    )
  }

  erasuresSince(since: number, after: string): LedgerErasure[] {
    const rows = this.#storage.sql
      .exec(
        `SELECT id, contact_id AS contactId, contact_ids AS contactIds, requested_by_id AS requestedById,
          requested_at AS requestedAt, counts, finished_at AS finishedAt FROM erasures
          WHERE id > ? AND coalesce(finished_at, ?) >= ? ORDER BY id LIMIT ?`,
        after,
        since,
        since,
        ERASURES_AT_ONCE,
      )
      .toArray() as unknown as (Omit<LedgerErasure, 'contactIds'> & { contactIds: string })[]
    return rows.map((row) => ({ ...row, contactIds: JSON.parse(row.contactIds) as string[] }))
  }

  /** In the order in which they came: one that was erased again keeps its place, and is looked at by its newest time. */
  keysSince(since: number, after: number): { keys: ErasedKey[]; next: number | null } {
    const rows = this.#storage.sql
      .exec(
        `SELECT id, inbox_id AS inboxId, key, erased_at AS erasedAt FROM erased_keys
          WHERE id > ? AND erased_at >= ? ORDER BY id LIMIT ?`,
        after,
        since,
        KEYS_AT_ONCE,
      )
      .toArray() as unknown as (ErasedKey & { id: number })[]
    const last = rows.length === KEYS_AT_ONCE ? rows.at(-1) : undefined
    return { keys: rows.map(({ inboxId, key, erasedAt }) => ({ inboxId, key, erasedAt })), next: last?.id ?? null }
  }
}
