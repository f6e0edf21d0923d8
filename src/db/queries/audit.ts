/** The audit log: who did what to whom, in the batch that does it. Ids and field names, never what was said. */
import { type SQL, sql } from 'drizzle-orm'
import type { AuditAction } from '../audit-actions.ts'

export interface AuditEntry {
  workspaceId: string
  id: string
  actorId?: string | null
  action: AuditAction
  /** A table's noun, and which of its rows. */
  target?: { type: string; id: string }
  /** Changed field names, counts, codes. */
  detail?: Record<string, string | number | boolean>
  at: number
  trail: Trail
}

/** Where an action came from, as far as it is kept. */
export interface Trail {
  sessionHash?: string | null
  addressHash?: string | null
  requestId?: string | null
}

/** The entry, where the guard of its batch holds. Written once, however often the batch is repeated. */
export const audited = (entry: AuditEntry, guard: SQL = sql`1`) => sql`
  INSERT INTO audit_log (workspace_id, id, actor_id, session_hash, address_hash, action, target_type, target_id, detail, request_id, created_at)
  SELECT ${entry.workspaceId}, ${entry.id}, ${entry.actorId ?? null}, ${entry.trail.sessionHash ?? null}, ${entry.trail.addressHash ?? null},
    ${entry.action}, ${entry.target?.type ?? null}, ${entry.target?.id ?? null}, ${entry.detail ? JSON.stringify(entry.detail) : null},
    ${entry.trail.requestId ?? null}, ${entry.at}
  WHERE ${guard}
  ON CONFLICT (workspace_id, id) DO NOTHING`

/**
 * Guard of the rest of a batch whose first statement is the entry: what it changes may be what the entry's own guard asked
 * for, such as the rights of the one who acts.
 */
export const isAudited = ({ workspaceId, id }: Pick<AuditEntry, 'workspaceId' | 'id'>) =>
  sql`EXISTS (SELECT 1 FROM audit_log WHERE workspace_id = ${workspaceId} AND id = ${id})`
