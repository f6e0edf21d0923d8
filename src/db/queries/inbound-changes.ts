/** What somebody did with a message: each wins or loses by what it says itself, never by when it is heard. */
import { type SQL, sql } from 'drizzle-orm'
import { bumpThread, type InboxRef, targetOf } from './inbound.ts'

export interface InboundReaction {
  target: string
  side: 'customer' | 'team'
  emoji: string | null
  at: number
}

/** The latest of a side counts, of two at once the greater; one that was taken back stays as a row without an emoji. */
export function storeReaction(inbox: InboxRef, { target, side, emoji, at }: InboundReaction): SQL[] {
  const { workspaceId } = inbox
  const message = sql`(SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${targetOf(inbox, target)} AND deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM reactions r WHERE r.workspace_id = messages.workspace_id AND r.message_id = messages.id AND r.side = ${side}
      AND (r.reacted_at, coalesce(r.emoji, '')) >= (${at}, ${emoji ?? ''})))`
  return [
    ...bumpThread(workspaceId, message),
    sql`INSERT INTO reactions (workspace_id, message_id, side, emoji, reacted_at)
      SELECT workspace_id, id, ${side}, ${emoji}, ${at} FROM messages WHERE workspace_id = ${workspaceId} AND id = ${message}
      ON CONFLICT (workspace_id, message_id, side) DO UPDATE SET emoji = excluded.emoji, reacted_at = excluded.reacted_at, sent_by_id = NULL`,
  ]
}

export interface InboundEdit {
  target: string
  body: string | null
  /** What it says besides from now on; undefined: what it said. */
  content?: { json: string | null } | undefined
  rank: number
  at: number
}

/** The edit of the greatest rank counts, of two of one rank the greater text; what was taken back says nothing any more. */
export function storeEdit(inbox: InboxRef, { target, body, content, rank, at }: InboundEdit): SQL[] {
  const { workspaceId } = inbox
  const message = sql`(SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${targetOf(inbox, target)} AND deleted_at IS NULL
    AND (edit_rank IS NULL OR (edit_rank, coalesce(body, ''), edited_at) < (${rank}, ${body ?? ''}, ${at})))`
  return [
    ...bumpThread(workspaceId, message),
    sql`UPDATE messages SET body = ${body}${content ? sql`, content = ${content.json}` : sql``}, edit_rank = ${rank}, edited_at = ${at} WHERE workspace_id = ${workspaceId} AND id = ${message}`,
  ]
}

export const storeDelete = (inbox: InboxRef, { target, at }: { target: string; at: number }): SQL[] =>
  takeBack(inbox.workspaceId, targetOf(inbox, target), at)

/** Nothing that it ever said is left; its files go from the store later. Told twice, it was taken back at the earlier time. */
export function takeBack(workspaceId: string, id: SQL, at: number): SQL[] {
  const message = sql`(SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id}
    AND (deleted_at IS NULL OR deleted_at > ${at}))`
  return [
    ...bumpThread(workspaceId, message),
    sql`UPDATE attachments SET state = 'deleted', file_name = NULL, provider_media_id = NULL, error_code = NULL
      WHERE workspace_id = ${workspaceId} AND message_id = ${message}`,
    sql`DELETE FROM reactions WHERE workspace_id = ${workspaceId} AND message_id = ${message}`,
    sql`UPDATE messages SET body = NULL WHERE workspace_id = ${workspaceId} AND superseded_by_id = ${message} AND type IN ('edit', 'version')`,
    sql`UPDATE messages SET deleted_at = ${at}, body = NULL, content = NULL, raw = NULL, reply_to_external_id = NULL,
        edit_rank = NULL, edited_at = NULL
      WHERE workspace_id = ${workspaceId} AND id = ${message}`,
  ]
}
