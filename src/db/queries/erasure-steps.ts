/**
 * What is kept about a person, blanked bit by bit. Each batch counts what goes, lets it go and moves on, under the guard
 * that the erasure still stands where it was read: run twice, it is run once.
 */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { InboxRef } from './inbound.ts'
import { partsOf, ROW_TO_ERASE, type RowToErase, SAYS_SOMETHING, type Said, SETTLED, silence } from './silence.ts'

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
      fields: sql`(SELECT count(*) FROM contact_field_values WHERE ${theirs})`,
      merges: sql`(SELECT count(*) FROM contact_merges WHERE ${merges})`,
      uploads: sql`(SELECT count(*) FROM uploads WHERE ${chosen})`,
    }),
    sql`UPDATE comment_versions SET body = '' WHERE workspace_id = ${workspaceId} AND ${guard}
      AND comment_id IN (SELECT id FROM comments WHERE ${theirs})`,
    sql`UPDATE comments SET body = '', pinned_at = NULL, deleted_at = coalesce(deleted_at, ${now}) WHERE ${theirs} AND ${guard}`,
    sql`DELETE FROM contact_tags WHERE ${theirs} AND ${guard}`,
    sql`DELETE FROM contact_groups WHERE ${theirs} AND ${guard}`,
    sql`DELETE FROM contact_field_values WHERE ${theirs} AND ${guard}`,
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

/** The next rows of a conversation, newest first. */
export const rowsToErase = (
  { workspaceId }: Standing,
  conversationId: string,
  before: { at: number; ord: number } | null,
  limit: number,
) =>
  query<RowToErase>(sql`SELECT ${ROW_TO_ERASE} FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.conversation_id = ${conversationId}
      ${before ? sql`AND (m.occurred_at, m.ingest_ord) < (${before.at}, ${before.ord})` : sql``}
    ORDER BY m.occurred_at DESC, m.ingest_ord DESC LIMIT ${limit}`)

/**
 * What was said: objects first, then this batch, from which on the ids of these rows are known as erased, and they say
 * nothing. Where they stand, when, and which side they are of remains.
 */
export function eraseSaid(of: Standing, said: Said, to: { step: string; cursor: string }, now: number): SQL[] {
  const { rows, saying, attempts } = partsOf(said)
  const files = sql`workspace_id = ${of.workspaceId} AND message_id IN ${rows}`
  return [
    count(of, {
      messages: sql`(SELECT count(*) FROM messages m WHERE ${saying})`,
      files: sql`(SELECT count(*) FROM attachments WHERE ${files} AND object_key IS NOT NULL)`,
      reactions: sql`(SELECT count(*) FROM reactions WHERE ${files})`,
      sends: sql`(SELECT count(*) FROM send_attempts s WHERE ${attempts})`,
    }),
    ...silence(said, isStanding(of), now),
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
    OR EXISTS (SELECT 1 FROM contact_field_values WHERE ${theirs})
    OR EXISTS (SELECT 1 FROM uploads WHERE workspace_id = ${workspaceId} AND conversation_id IN ${conversationsOf(of)}) AS left`)
}

/** Nothing of them is left, nor what they were found by meanwhile. */
export const finish = (of: Standing, now: number) =>
  sql`UPDATE erasures SET finished_at = ${now}, step = 'done', cursor = '', subject = NULL WHERE ${own(of)}`
