/**
 * What is kept about a person, blanked bit by bit. Each batch counts what goes, lets it go and moves on, under the guard
 * that the erasure still stands where it was read: run twice, it is run once.
 */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import { storeErasedKeys } from './erased-keys.ts'
import type { InboxRef } from './inbound.ts'

export interface Standing {
  workspaceId: string
  id: string
  contactId: string
  contactIds: string[]
  step: string
  cursor: string
}

/** Guard of each batch: nobody has moved it on since. */
export const isStanding = ({ workspaceId, id, step, cursor }: Standing) =>
  sql`EXISTS (SELECT 1 FROM erasures WHERE workspace_id = ${workspaceId} AND id = ${id} AND step = ${step} AND cursor = ${cursor}
    AND finished_at IS NULL)`

const own = ({ workspaceId, id, step, cursor }: Standing) =>
  sql`workspace_id = ${workspaceId} AND id = ${id} AND step = ${step} AND cursor = ${cursor} AND finished_at IS NULL`

/** Adds what is about to go to what has gone: stands before the statements that take it. */
function count(of: Standing, going: Record<string, SQL | number>): SQL {
  const added = Object.entries(going).map(([name, many]) => {
    const path = `$.${name}`
    return sql`${path}, coalesce(json_extract(counts, ${path}), 0) + ${many}`
  })
  return sql`UPDATE erasures SET counts = json_set(counts, ${sql.join(added, sql`, `)}) WHERE ${own(of)}`
}

/** The last statement of each batch. */
export const moveOn = (of: Standing, to: { step: string; cursor?: string }) =>
  sql`UPDATE erasures SET step = ${to.step}, cursor = ${to.cursor ?? ''} WHERE ${own(of)}`

const listed = (values: string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`

const conversationsOf = ({ workspaceId, contactId }: Standing) =>
  sql`(SELECT id FROM conversations WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId})`

export const chosenFor = (of: Standing) =>
  query<{ object_key: string }>(
    sql`SELECT object_key FROM uploads WHERE workspace_id = ${of.workspaceId} AND conversation_id IN ${conversationsOf(of)}`,
  )

/** What agents wrote and marked, and what would undo a merge. The objects of chosen files are gone before it. */
export function eraseAbout(of: Standing, to: { step: string }, now: number): SQL[] {
  const { workspaceId } = of
  const people = listed(of.contactIds)
  const guard = isStanding(of)
  const theirs = sql`workspace_id = ${workspaceId} AND contact_id IN ${people}`
  const merges = sql`workspace_id = ${workspaceId} AND (kept_id IN ${people} OR merged_id IN ${people}) AND before <> '{}'`
  const chosen = sql`workspace_id = ${workspaceId} AND conversation_id IN ${conversationsOf(of)}`
  return [
    count(of, {
      comments: sql`(SELECT count(*) FROM comments WHERE ${theirs} AND body <> '')`,
      tags: sql`(SELECT count(*) FROM contact_tags WHERE ${theirs})`,
      groups: sql`(SELECT count(*) FROM contact_groups WHERE ${theirs})`,
      merges: sql`(SELECT count(*) FROM contact_merges WHERE ${merges})`,
      uploads: sql`(SELECT count(*) FROM uploads WHERE ${chosen})`,
    }),
    sql`UPDATE comment_versions SET body = '' WHERE workspace_id = ${workspaceId} AND ${guard}
      AND comment_id IN (SELECT id FROM comments WHERE ${theirs})`,
    sql`UPDATE comments SET body = '', pinned_at = NULL, deleted_at = coalesce(deleted_at, ${now}) WHERE ${theirs} AND ${guard}`,
    sql`DELETE FROM contact_tags WHERE ${theirs} AND ${guard}`,
    sql`DELETE FROM contact_groups WHERE ${theirs} AND ${guard}`,
    sql`UPDATE contact_merges SET before = '{}', undone_at = coalesce(undone_at, ${now}) WHERE ${merges} AND ${guard}`,
    sql`DELETE FROM uploads WHERE ${chosen} AND ${guard}`,
    moveOn(of, to),
  ]
}

/** The newest conversation of theirs before that one; ids are made in the order of time. */
export const conversationBefore = ({ workspaceId, contactId }: Standing, id: string | null) =>
  query<{
    id: string
  }>(sql`SELECT id FROM conversations WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId}
    ${id === null ? sql`` : sql`AND id < ${id}`} ORDER BY id DESC LIMIT 1`)

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

/** The next rows of a conversation, newest first. */
export const rowsToErase = (
  { workspaceId }: Standing,
  conversationId: string,
  before: { at: number; ord: number } | null,
  limit: number,
) =>
  query<RowToErase>(sql`SELECT m.id, m.inbox_id, m.external_id, m.occurred_at, m.ingest_ord,
      (SELECT json_group_array(json_array(s.id, s.external_id)) FROM send_attempts s
        WHERE s.workspace_id = m.workspace_id AND s.message_id = m.id) AS attempts,
      (SELECT json_group_array(f.object_key) FROM attachments f
        WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id AND f.object_key IS NOT NULL) AS objects
    FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.conversation_id = ${conversationId}
      ${before ? sql`AND (m.occurred_at, m.ingest_ord) < (${before.at}, ${before.ord})` : sql``}
    ORDER BY m.occurred_at DESC, m.ingest_ord DESC LIMIT ${limit}`)

/** What an agent did names colleagues and departments, never the person. */
const KEEPS_DETAIL = sql`m.kind = 'activity' AND m.type IN ('accepted', 'transferred', 'closed', 'reopened')`
const SAYS_SOMETHING = sql`(m.body IS NOT NULL OR m.content IS NOT NULL OR m.external_id IS NOT NULL OR m.reply_to_external_id IS NOT NULL
  OR m.body_hash IS NOT NULL OR m.raw IS NOT NULL AND NOT (${KEEPS_DETAIL}) OR m.kind = 'message' AND m.type <> 'erased'
  OR m.kind = 'comment' AND m.superseded_by_id IS NULL)`

/** What a call is under way for is left to the call: its outcome tells an id that has to go as well. */
const SETTLED = sql`s.state <> 'sending' AND (s.external_id IS NOT NULL OR s.error_detail IS NOT NULL OR s.state = 'unknown')`

export interface Said {
  conversationId: string
  inbox: InboxRef
  rowIds: string[]
  /** Hashes of every id that they were known by. */
  keys: string[]
}

/**
 * What was said: from this batch on the ids of these rows are known as erased, and the rows say nothing. Where they stand,
 * when, and which side they are of remains. Their objects are gone before it.
 */
export function eraseSaid(of: Standing, said: Said, to: { step: string; cursor: string }, now: number): SQL[] {
  const { workspaceId } = of
  const { conversationId, inbox, rowIds, keys } = said
  const guard = isStanding(of)
  const rows = listed(rowIds)
  const going = sql`m.workspace_id = ${workspaceId} AND m.id IN ${rows} AND ${SAYS_SOMETHING}`
  const files = sql`workspace_id = ${workspaceId} AND message_id IN ${rows}`
  const attempts = sql`s.workspace_id = ${workspaceId} AND s.message_id IN ${rows} AND ${SETTLED}`
  return [
    count(of, {
      messages: sql`(SELECT count(*) FROM messages m WHERE ${going})`,
      files: sql`(SELECT count(*) FROM attachments WHERE ${files} AND object_key IS NOT NULL)`,
      reactions: sql`(SELECT count(*) FROM reactions WHERE ${files})`,
      sends: sql`(SELECT count(*) FROM send_attempts s WHERE ${attempts})`,
    }),
    storeErasedKeys(inbox, keys, now, guard),
    sql`UPDATE attachments SET state = 'deleted', object_key = NULL, file_name = NULL, provider_media_id = NULL, error_code = NULL
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
      FROM (SELECT m.id, row_number() OVER (ORDER BY m.occurred_at, m.ingest_ord) AS place FROM messages m WHERE ${going}) p
      WHERE m.workspace_id = ${workspaceId} AND m.id = p.id AND ${guard}`,
    sql`UPDATE conversations SET seq = max(seq, (SELECT max(seq) FROM messages WHERE workspace_id = ${workspaceId} AND id IN ${rows}))
      WHERE workspace_id = ${workspaceId} AND id = ${conversationId} AND ${guard}`,
    moveOn(of, to),
  ]
}

export interface KeptEvent {
  dedupe_key: string
  payload: string
}

/** What a provider told of whoever it was, in the order of its keys. */
export const keptAfter = (inbox: InboxRef, after: string, limit: number) =>
  query<KeptEvent>(sql`SELECT dedupe_key, payload FROM kept_events
    WHERE inbox_id = ${inbox.id} AND dedupe_key > ${after} ORDER BY dedupe_key LIMIT ${limit}`)

/** Events whose very key names the person. */
export const appliedOf = (inbox: InboxRef, mentioned: string[]) =>
  query<{ dedupe_key: string }>(sql`SELECT dedupe_key FROM applied_events a WHERE inbox_id = ${inbox.id}
    AND EXISTS (SELECT 1 FROM json_each(${JSON.stringify(mentioned)}) WHERE instr(a.dedupe_key, value) > 0)`)

/** `events` went from this inbox, in its own batch or in its gateway. */
export const moveThroughInboxes = (
  of: Standing,
  events: Record<string, number>,
  to: { step: string; cursor?: string },
) => [count(of, events), moveOn(of, to)]

/** Whether anything is left: what came late, while the rest went. */
export const leftOf = (of: Standing) => {
  const { workspaceId } = of
  const rows = sql`FROM conversations c CROSS JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id
    LEFT JOIN send_attempts s ON s.workspace_id = m.workspace_id AND s.message_id = m.id
    WHERE c.workspace_id = ${workspaceId} AND c.contact_id = ${of.contactId}`
  const theirs = sql`workspace_id = ${workspaceId} AND contact_id IN ${listed(of.contactIds)}`
  return query<{
    left: number
  }>(sql`SELECT EXISTS (SELECT 1 ${rows} AND (${SAYS_SOMETHING} OR s.state = 'sending' OR ${SETTLED}))
    OR EXISTS (SELECT 1 FROM comments WHERE ${theirs} AND body <> '')
    OR EXISTS (SELECT 1 FROM contact_tags WHERE ${theirs}) OR EXISTS (SELECT 1 FROM contact_groups WHERE ${theirs})
    OR EXISTS (SELECT 1 FROM uploads WHERE workspace_id = ${workspaceId} AND conversation_id IN ${conversationsOf(of)}) AS left`)
}

/** Nothing of them is left, nor what they were found by meanwhile. */
export const finish = (of: Standing, now: number) =>
  sql`UPDATE erasures SET finished_at = ${now}, step = 'done', cursor = '', subject = NULL WHERE ${own(of)}`
