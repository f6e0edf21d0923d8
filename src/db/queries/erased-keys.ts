/** What was erased, by keyed hashes alone: told again by a provider, it is known by them and not stored again. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { InboxRef } from './inbound.ts'

export interface ToldKey {
  /** The keyed hash. */
  key: string
  /** Of a person: when what is told of them was so, ms. What came after they were erased is news. Null: erased for ever. */
  at: number | null
}

/** A keyed hash of what was erased in an inbox. */
export interface ErasedKey {
  inboxId: string
  key: string
  erasedAt: number
}

/**
 * The first statement of a batch that stores what is told: where any of it was erased, the row that it would double is
 * there already, and the whole batch is refused. So nothing comes between the question and what is stored after it.
 */
export const refuseErased = (inbox: InboxRef, told: ToldKey[]) =>
  sql`INSERT INTO erased_keys (workspace_id, inbox_id, key, erased_at)
    SELECT e.workspace_id, e.inbox_id, e.key, e.erased_at FROM json_each(${JSON.stringify(told)}) t
    CROSS JOIN erased_keys e ON e.inbox_id = ${inbox.id} AND e.key = t.value ->> 'key'
    WHERE t.value ->> 'at' IS NULL OR t.value ->> 'at' <= e.erased_at LIMIT 1`

/** Which of them were erased, and when. */
export const erasedAmong = (inbox: InboxRef, keys: string[]) =>
  query<{ key: string; erased_at: number }>(sql`SELECT e.key, e.erased_at FROM json_each(${JSON.stringify(keys)}) t
    CROSS JOIN erased_keys e ON e.inbox_id = ${inbox.id} AND e.key = t.value`)

/** From now on these are known to be erased. */
export const storeErasedKeys = (inbox: InboxRef, keys: string[], now: number, guard: SQL = sql`1`) =>
  sql`INSERT INTO erased_keys (workspace_id, inbox_id, key, erased_at)
    SELECT ${inbox.workspaceId}, ${inbox.id}, value, ${now} FROM json_each(${JSON.stringify(keys)}) WHERE ${guard}
    ON CONFLICT (inbox_id, key) DO NOTHING`

/** The same for several inboxes at once, each with its own time. */
export const storeErasedKeysOf = (workspaceId: string, keys: ErasedKey[], guard: SQL = sql`1`) =>
  sql`INSERT INTO erased_keys (workspace_id, inbox_id, key, erased_at)
    SELECT ${workspaceId}, value ->> 'inboxId', value ->> 'key', value ->> 'erasedAt' FROM json_each(${JSON.stringify(keys)}) WHERE ${guard}
    ON CONFLICT (inbox_id, key) DO UPDATE SET erased_at = max(erased_at, excluded.erased_at)`

/** Events that are told no more have no effect to remember, and nothing of them is kept. */
export const forgetEvents = (inbox: InboxRef, dedupeKeys: string[]): SQL[] => {
  const keys = sql`(SELECT value FROM json_each(${JSON.stringify(dedupeKeys)}))`
  return [
    sql`DELETE FROM applied_events WHERE inbox_id = ${inbox.id} AND dedupe_key IN ${keys}`,
    sql`DELETE FROM kept_events WHERE inbox_id = ${inbox.id} AND dedupe_key IN ${keys}`,
  ]
}
