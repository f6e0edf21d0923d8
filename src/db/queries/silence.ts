/** Rows of a thread that say nothing any more: what they leave is where they stand, when, and which side they are of. */
import { type SQL, sql } from 'drizzle-orm'
import { storeErasedKeys } from './erased-keys.ts'
import type { InboxRef } from './inbound.ts'

export interface RowToErase {
  id: string
  inbox_id: string
  external_id: string | null
  occurred_at: number
  ingest_ord: number
  /** JSON: the ids of its attempts, ours and the provider's. */
  attempts: string
  /** JSON: its objects in the store. */
  objects: string
}

/** Of a message `m`. */
export const ROW_TO_ERASE = sql`m.id, m.inbox_id, m.external_id, m.occurred_at, m.ingest_ord,
  (SELECT json_group_array(json_array(s.id, s.external_id)) FROM send_attempts s
    WHERE s.workspace_id = m.workspace_id AND s.message_id = m.id) AS attempts,
  (SELECT json_group_array(f.object_key) FROM attachments f
    WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id AND f.object_key IS NOT NULL) AS objects`

/** What an agent did names colleagues and departments, never the person. */
const KEEPS_DETAIL = sql`m.kind = 'activity' AND m.type IN ('accepted', 'transferred', 'closed', 'reopened', 'contact_blocked')`

/** Of a message `m`. */
export const SAYS_SOMETHING = sql`(m.body IS NOT NULL OR m.content IS NOT NULL OR m.external_id IS NOT NULL OR m.reply_to_external_id IS NOT NULL
  OR m.body_hash IS NOT NULL OR m.raw IS NOT NULL AND NOT (${KEEPS_DETAIL}) OR m.kind = 'message' AND m.type <> 'erased'
  OR m.kind = 'comment' AND m.superseded_by_id IS NULL)`

/** Of an attempt `s`. What a call is under way for is left to the call: its outcome tells an id that has to go as well. */
export const SETTLED = sql`s.state <> 'sending' AND (s.external_id IS NOT NULL OR s.error_detail IS NOT NULL OR s.state = 'unknown')`

export interface Said {
  conversationId: string
  inbox: InboxRef
  rowIds: string[]
  /** Hashes of every id that they were known by. */
  keys: string[]
}

export function partsOf({ inbox: { workspaceId }, rowIds }: Said) {
  const rows = sql`(SELECT value FROM json_each(${JSON.stringify(rowIds)}))`
  return {
    rows,
    saying: sql`m.workspace_id = ${workspaceId} AND m.id IN ${rows} AND ${SAYS_SOMETHING}`,
    attempts: sql`s.workspace_id = ${workspaceId} AND s.message_id IN ${rows} AND ${SETTLED}`,
  }
}

/**
 * From this batch on the ids of these rows are known as erased, and the rows say nothing. Their objects are gone before it,
 * or still to be removed: then the keys stay until they are.
 */
export function silence(said: Said, guard: SQL, now: number, objects: 'gone' | 'to be removed' = 'gone'): SQL[] {
  const { conversationId, inbox, keys } = said
  const { workspaceId } = inbox
  const { rows, saying, attempts } = partsOf(said)
  const files = sql`workspace_id = ${workspaceId} AND message_id IN ${rows}`
  return [
    storeErasedKeys(inbox, keys, now, guard),
    sql`UPDATE attachments SET state = 'deleted', object_key = ${objects === 'gone' ? null : sql`object_key`}, file_name = NULL, provider_media_id = NULL, error_code = NULL
      WHERE ${files} AND ${guard}`,
    sql`DELETE FROM reactions WHERE ${files} AND ${guard}`,
    sql`UPDATE send_attempts AS s SET external_id = NULL, error_detail = NULL, rank = CASE s.state WHEN 'unknown' THEN 35 ELSE s.rank END,
        error_code = CASE s.state WHEN 'unknown' THEN 'erased' ELSE s.error_code END, state = CASE s.state WHEN 'unknown' THEN 'canceled' ELSE s.state END
      WHERE ${attempts} AND ${guard}`,
    sql`UPDATE messages AS m SET body = NULL, content = NULL, external_id = NULL, reply_to_external_id = NULL, body_hash = NULL,
        edit_rank = NULL, edited_at = NULL, raw = CASE WHEN ${KEEPS_DETAIL} THEN m.raw END,
        deleted_at = CASE m.kind WHEN 'activity' THEN m.deleted_at ELSE coalesce(m.deleted_at, ${now}) END,
        superseded_by_id = CASE m.kind WHEN 'comment' THEN m.id ELSE m.superseded_by_id END,
        type = CASE m.kind WHEN 'message' THEN 'erased' ELSE m.type END,
        seq = (SELECT seq FROM conversations WHERE workspace_id = ${workspaceId} AND id = ${conversationId}) + p.place
      FROM (SELECT m.id, row_number() OVER (ORDER BY m.occurred_at, m.ingest_ord) AS place FROM messages m WHERE ${saying}) p
      WHERE m.workspace_id = ${workspaceId} AND m.id = p.id AND ${guard}`,
    sql`UPDATE conversations SET seq = max(seq, (SELECT max(seq) FROM messages WHERE workspace_id = ${workspaceId} AND id IN ${rows}))
      WHERE workspace_id = ${workspaceId} AND id = ${conversationId} AND ${guard}`,
  ]
}
