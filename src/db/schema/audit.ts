import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'

/** Append-only: triggers refuse UPDATE and DELETE. Field names, never bodies. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    workspaceId: workspaceId(),
    id: id(),
    actorId: text('actor_id'),
    sessionHash: text('session_hash'),
    addressHash: text('address_hash'),
    action: text('action').notNull(),
    targetType: text('target_type'),
    targetId: text('target_id'),
    /** JSON: changed field names, counts, codes. */
    detail: text('detail'),
    requestId: text('request_id'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    // The page of administrators: of all, of a person, of an action, about one thing.
    index('audit_log_time').on(t.workspaceId, t.createdAt, t.id),
    index('audit_log_actor').on(t.workspaceId, t.actorId, t.createdAt, t.id),
    index('audit_log_action').on(t.workspaceId, t.action, t.createdAt, t.id),
    index('audit_log_target').on(t.workspaceId, t.targetId, t.createdAt, t.id).where(sql`target_id IS NOT NULL`),
  ],
)
