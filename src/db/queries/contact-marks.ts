/** One tag or one group, put on many people at once, or taken off them. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { type ContactFilter, contactsLooked } from './contacts.ts'
import { stillAllowed, visibleContact } from './visibility.ts'

export const MARKED_AT_ONCE = 500

export interface Mark {
  kind: 'tag' | 'group'
  id: string
}

const tableOf = ({ kind }: Mark) => (kind === 'tag' ? sql`contact_tags` : sql`contact_groups`)
const columnOf = ({ kind }: Mark) => (kind === 'tag' ? sql`tag_id` : sql`group_id`)
const isThere = ({ workspaceId }: Scope, { kind, id }: Mark) =>
  sql`EXISTS (SELECT 1 FROM ${kind === 'tag' ? sql`tags` : sql`groups`} t WHERE t.workspace_id = ${workspaceId} AND t.id = ${id})`

/** Guard: the mark is there, and the agent may what they might. */
export const mayMark = (scope: Scope, mark: Mark) => sql`(${stillAllowed(scope)} AND ${isThere(scope, mark)})`

/** The next of those whom a filter finds; rows that are not `shown` were only looked at. */
export const idsFound = (scope: Scope, filter: ContactFilter, after: string | null) =>
  contactsLooked<{ id: string; shown: number }>(scope, filter, after, { columns: sql`k.id`, most: MARKED_AT_ONCE })

/** Those of these people whom the agent sees. */
const among = (scope: Scope, ids: string[]) => sql`json_each(${JSON.stringify(ids)}) j
  CROSS JOIN contacts k ON k.id = j.value AND k.merged_into_id IS NULL AND k.erased_at IS NULL AND ${visibleContact(scope)}`

/** Who had it keeps it as it was. `now` is what it can be undone by. */
export const putMark = (scope: Scope, mark: Mark, ids: string[], now: number): SQL =>
  sql`INSERT INTO ${tableOf(mark)} (workspace_id, contact_id, ${columnOf(mark)}, author_id, created_at)
    SELECT k.workspace_id, k.id, ${mark.id}, ${scope.agentId}, ${now} FROM ${among(scope, ids)}
    WHERE ${mayMark(scope, mark)} ON CONFLICT DO NOTHING`

/** Whom of these it was put on at that moment, however often the batch was repeated. */
export const putOn = (scope: Scope, mark: Mark, ids: string[], at: number): SQL =>
  sql`SELECT contact_id FROM ${tableOf(mark)} WHERE workspace_id = ${scope.workspaceId} AND ${columnOf(mark)} = ${mark.id}
    AND contact_id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) AND author_id = ${scope.agentId} AND created_at = ${at}`

export const takeMark = (scope: Scope, mark: Mark, ids: string[]): SQL =>
  sql`DELETE FROM ${tableOf(mark)} WHERE workspace_id = ${scope.workspaceId} AND ${columnOf(mark)} = ${mark.id}
    AND contact_id IN (SELECT k.id FROM ${among(scope, ids)}) AND ${mayMark(scope, mark)} RETURNING contact_id`

/** What this agent put on at that very moment, some of it at a time. */
export const undoMark = (scope: Scope, mark: Mark, at: number): SQL =>
  sql`DELETE FROM ${tableOf(mark)} WHERE rowid IN (SELECT rowid FROM ${tableOf(mark)}
      WHERE workspace_id = ${scope.workspaceId} AND ${columnOf(mark)} = ${mark.id} AND author_id = ${scope.agentId} AND created_at = ${at}
      LIMIT ${MARKED_AT_ONCE}) AND ${mayMark(scope, mark)} RETURNING contact_id`

export const markNamed = ({ workspaceId }: Scope, { kind, id }: Mark) =>
  query<{ name: string }>(
    sql`SELECT name FROM ${kind === 'tag' ? sql`tags` : sql`groups`} WHERE workspace_id = ${workspaceId} AND id = ${id}`,
  )
