/** For how long what was said in closed conversations is kept, and what has been kept for long enough. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { ROW_TO_ERASE, type RowToErase, SAYS_SOMETHING, type Said, silence } from './silence.ts'
import { stillAllowed } from './visibility.ts'

const DAY = 86_400_000

export const retentionOf = ({ workspaceId }: Pick<Scope, 'workspaceId'>) =>
  query<{ days: number | null }>(sql`SELECT retention_days AS days FROM workspaces WHERE id = ${workspaceId}`)

export interface Going {
  conversations: number
  messages: number
  files: number
}

/** Above it, "more than" is said: nobody waits for a count of everything. */
export const MOST_COUNTED = 10_000

/** What would go of conversations that were closed before that. */
export const goingBefore = ({ workspaceId }: Scope, before: number) => {
  const closed = sql`c.workspace_id = ${workspaceId} AND c.status = 'closed' AND c.emptied_at IS NULL
    AND c.closed_at < ${before} AND c.last_at < ${before}`
  const some = (rows: SQL) => sql`(SELECT count(*) FROM (SELECT 1 ${rows} LIMIT ${MOST_COUNTED + 1}))`
  const said = sql`FROM conversations c CROSS JOIN messages m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.kind = 'message'`
  return query<Going>(sql`SELECT ${some(sql`FROM conversations c WHERE ${closed}`)} AS conversations,
    ${some(sql`${said} WHERE ${closed}`)} AS messages,
    ${some(sql`${said} CROSS JOIN attachments f ON f.workspace_id = m.workspace_id AND f.message_id = m.id AND f.object_key IS NOT NULL WHERE ${closed}`)} AS files`)
}

/** Guard: it is still kept for as long as the page said. */
export const mayKeepFor = (scope: Scope, was: number | null) => sql`(${stillAllowed(scope)} AND EXISTS (
  SELECT 1 FROM workspaces WHERE id = ${scope.workspaceId} AND retention_days IS ${was}))`

export const keepFor = ({ workspaceId }: Scope, days: number | null, guard: SQL): SQL =>
  sql`UPDATE workspaces SET retention_days = ${days} WHERE id = ${workspaceId} AND ${guard}`

/** Of a conversation `c` in its workspace `w`. In a closed one may stand what somebody blocked wrote since. */
const isOver = (now: number) => sql`w.retention_days IS NOT NULL AND c.status = 'closed' AND c.emptied_at IS NULL
  AND c.closed_at < ${now} - w.retention_days * ${DAY} AND c.last_at < ${now} - w.retention_days * ${DAY}`

/** Where something has been kept for long enough. */
export const workspacesKeepingTooLong = (now: number) =>
  query<{ id: string }>(sql`SELECT w.id FROM workspaces w WHERE w.retention_days IS NOT NULL
    AND EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = w.id AND ${isOver(now)})`)

/** All of them, where it is time to look after all. */
export const workspacesAt = (isTime: boolean) =>
  query<{ id: string }>(sql`SELECT id FROM workspaces WHERE ${isTime ? 1 : 0}`)

export const conversationToEmpty = (workspaceId: string, now: number) =>
  query<{
    id: string
    webhook_key: string
  }>(sql`SELECT c.id, (SELECT webhook_key FROM inboxes i WHERE i.workspace_id = c.workspace_id AND i.id = c.inbox_id) AS webhook_key
    FROM workspaces w JOIN conversations c ON c.workspace_id = w.id
    WHERE w.id = ${workspaceId} AND ${isOver(now)} ORDER BY c.closed_at LIMIT 1`)

export const rowsSaying = (workspaceId: string, conversationId: string, limit: number) =>
  query<RowToErase>(sql`SELECT ${ROW_TO_ERASE} FROM messages m
    WHERE m.workspace_id = ${workspaceId} AND m.conversation_id = ${conversationId} AND ${SAYS_SOMETHING}
    ORDER BY m.occurred_at DESC, m.ingest_ord DESC LIMIT ${limit}`)

interface Emptying {
  workspaceId: string
  conversationId: string
  now: number
}

/** Guard of each batch: nobody has opened it again, or decided to keep it for longer. */
export const isEmptying = ({ workspaceId, conversationId, now }: Emptying) =>
  sql`EXISTS (SELECT 1 FROM workspaces w JOIN conversations c ON c.workspace_id = w.id
    WHERE w.id = ${workspaceId} AND c.id = ${conversationId} AND ${isOver(now)})`

export const emptyRows = (of: Emptying, said: Said): SQL[] => silence(said, isEmptying(of), of.now, 'to be removed')

/** Nothing is left of what was said in it, nor of what agents wrote for it alone. The last statement makes the guard false. */
export function storeEmptied(of: Emptying): SQL[] {
  const { workspaceId, conversationId, now } = of
  const guard = isEmptying(of)
  const own = sql`workspace_id = ${workspaceId} AND conversation_id = ${conversationId} AND ${guard}`
  return [
    sql`DELETE FROM drafts WHERE ${own}`,
    sql`UPDATE comment_versions SET body = '' WHERE workspace_id = ${workspaceId}
      AND comment_id IN (SELECT id FROM comments WHERE ${own})`,
    sql`UPDATE comments SET body = '', pinned_at = NULL, deleted_at = coalesce(deleted_at, ${now}) WHERE ${own}`,
    sql`UPDATE conversations SET emptied_at = ${now}, seq = seq + 1 WHERE workspace_id = ${workspaceId} AND id = ${conversationId} AND ${guard}`,
  ]
}
