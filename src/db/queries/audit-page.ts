/** The audit log as administrators read it: the newest first, by whom, what, about what, and when. */
import { type SQL, sql } from 'drizzle-orm'
import type { AuditAction } from '../audit-actions.ts'
import { query } from '../client.ts'
import type { Cursor, Role, Scope } from '../records.ts'

export interface AuditFilter {
  /** `system`: what nobody in particular did. */
  actor: string | 'system' | null
  /** One of these; null: whatever it was. */
  actions: AuditAction[] | null
  /** From then on, and until before then, ms. */
  from: number | null
  until: number | null
  targetId: string | null
}

export interface AuditRow {
  id: string
  created_at: number
  actor_id: string | null
  actor_name: string | null
  /** As it was written: an older or newer version of us may have written what this one has no words for. */
  action: string
  target_type: string | null
  target_id: string | null
  /** Null: it is gone, or has no name. */
  target_name: string | null
  /** Of an agent. */
  target_role: Role | null
  /** Where it stands: the conversation of a message, the contact of a comment; null: it is gone. */
  place_id: string | null
  /** JSON. */
  detail: string | null
}

/** One page, ending just before the cursor. Each filter has an index of its own, and the narrowest is the one that is walked. */
export const auditPage = ({ workspaceId }: Scope, filter: AuditFilter, before: Cursor | null, most: number) =>
  query<AuditRow>(sql`
    SELECT l.id, l.created_at, l.actor_id, a.name AS actor_name, l.action, l.target_type, l.target_id, l.detail,
      ${TARGET_NAME} AS target_name, ${TARGET_ROLE} AS target_role, ${PLACE} AS place_id
    FROM (${entries(workspaceId, filter, before, most)}) l
    LEFT JOIN agents a ON a.workspace_id = ${workspaceId} AND a.id = l.actor_id
    ORDER BY l.created_at DESC, l.id DESC LIMIT ${most}`)

function entries(workspaceId: string, filter: AuditFilter, before: Cursor | null, most: number): SQL {
  const { actor, actions, targetId } = filter
  const some = (of: SQL) => sql`SELECT * FROM audit_log WHERE workspace_id = ${workspaceId} AND ${of}
    ${within(filter, before)} ORDER BY created_at DESC, id DESC LIMIT ${most}`
  const ofActor = actor === null ? sql`1` : actor === 'system' ? sql`+actor_id IS NULL` : sql`+actor_id = ${actor}`
  const ofActions = actions === null ? sql`1` : sql`+action IN ${actions}`
  if (targetId !== null) return some(sql`target_id = ${targetId} AND ${ofActor} AND ${ofActions}`)
  if (actor !== null)
    return some(sql`${actor === 'system' ? sql`actor_id IS NULL` : sql`actor_id = ${actor}`} AND ${ofActions}`)
  if (actions === null) return some(sql`1`)
  // Each action has its own stretch of the index: a page of each is all that a page of them can need.
  const stretches = actions.map((action) => sql`SELECT * FROM (${some(sql`action = ${action}`)})`)
  return sql`SELECT * FROM (${sql.join(stretches, sql` UNION ALL `)}) ORDER BY created_at DESC, id DESC LIMIT ${most}`
}

function within({ from, until }: AuditFilter, before: Cursor | null): SQL {
  return sql`${from === null ? sql`` : sql`AND created_at >= ${from}`}
    ${until === null ? sql`` : sql`AND created_at < ${until}`}
    ${before === null ? sql`` : sql`AND (created_at, id) < (${before.at}, ${before.tie})`}`
}

const named = (table: SQL) => sql`(SELECT name FROM ${table} WHERE workspace_id = l.workspace_id AND id = l.target_id)`

const CONTACT_NAME = sql`coalesce(k.name, k.profile_name, k.phone)`

const ofConversation = (conversationId: SQL) => sql`(SELECT ${CONTACT_NAME} FROM conversations c
  JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
  WHERE c.workspace_id = l.workspace_id AND c.id = ${conversationId})`

/** As it is called now: whoever was renamed since is found under the new name. */
const TARGET_NAME = sql`CASE l.target_type
  WHEN 'agent' THEN ${named(sql`agents`)}
  WHEN 'department' THEN coalesce(${named(sql`departments`)}, (SELECT name FROM workspaces WHERE id = l.workspace_id AND id = l.target_id))
  WHEN 'inbox' THEN ${named(sql`inboxes`)}
  WHEN 'tag' THEN ${named(sql`tags`)}
  WHEN 'group' THEN ${named(sql`groups`)}
  WHEN 'close_reason' THEN ${named(sql`close_reasons`)}
  WHEN 'field' THEN ${named(sql`custom_fields`)}
  WHEN 'quick_reply' THEN (SELECT '/' || shortcut FROM quick_replies WHERE workspace_id = l.workspace_id AND id = l.target_id)
  WHEN 'import' THEN (SELECT file_name FROM contact_imports WHERE workspace_id = l.workspace_id AND id = l.target_id)
  WHEN 'workspace' THEN (SELECT name FROM workspaces WHERE id = l.workspace_id)
  WHEN 'contact' THEN (SELECT ${CONTACT_NAME} FROM contacts k WHERE k.workspace_id = l.workspace_id AND k.id = l.target_id)
  WHEN 'conversation' THEN ${ofConversation(sql`l.target_id`)}
  WHEN 'message' THEN ${ofConversation(sql`(SELECT conversation_id FROM messages m WHERE m.workspace_id = l.workspace_id AND m.id = l.target_id)`)}
  WHEN 'comment' THEN (SELECT ${CONTACT_NAME} FROM comments o JOIN contacts k ON k.workspace_id = o.workspace_id AND k.id = o.contact_id
    WHERE o.workspace_id = l.workspace_id AND o.id = l.target_id)
END`

const TARGET_ROLE = sql`CASE l.target_type WHEN 'agent' THEN
  (SELECT role FROM agents WHERE workspace_id = l.workspace_id AND id = l.target_id) END`

const PLACE = sql`CASE l.target_type
  WHEN 'contact' THEN (SELECT coalesce(merged_into_id, id) FROM contacts WHERE workspace_id = l.workspace_id AND id = l.target_id)
  WHEN 'conversation' THEN (SELECT id FROM conversations WHERE workspace_id = l.workspace_id AND id = l.target_id)
  WHEN 'message' THEN (SELECT conversation_id FROM messages WHERE workspace_id = l.workspace_id AND id = l.target_id)
  WHEN 'comment' THEN (SELECT coalesce(k.merged_into_id, k.id) FROM comments o
    JOIN contacts k ON k.workspace_id = o.workspace_id AND k.id = o.contact_id
    WHERE o.workspace_id = l.workspace_id AND o.id = l.target_id)
END`

/** What entries name by their ids alone: departments and numbers, of which there are few. */
export const namesInDetails = ({ workspaceId }: Scope) =>
  query<{ id: string; name: string }>(sql`SELECT id, name FROM departments WHERE workspace_id = ${workspaceId}
    UNION ALL SELECT id, name FROM inboxes WHERE workspace_id = ${workspaceId}`)

/** Whoever may have done something: those who left too. */
export const actorsOf = ({ workspaceId }: Scope) =>
  query<{ id: string; name: string }>(
    sql`SELECT id, name FROM agents WHERE workspace_id = ${workspaceId} ORDER BY name COLLATE NOCASE, id`,
  )
