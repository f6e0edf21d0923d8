/** Departments and reasons to end a conversation: rows of which a workspace has one a name. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { stillAllowed } from './visibility.ts'

export type NamedKind = 'department' | 'close_reason'

const TABLE: Record<NamedKind, SQL> = { department: sql`departments`, close_reason: sql`close_reasons` }

export interface NamedRow {
  id: string
  /** Folded: two names with the same key are the same name. */
  key: string
  name: string
}

/** Guard: neither this row nor another of its name is there. */
export const isNew = (scope: Scope, kind: NamedKind, { id, key }: NamedRow) => sql`(${stillAllowed(scope)}
  AND NOT EXISTS (SELECT 1 FROM ${TABLE[kind]} WHERE workspace_id = ${scope.workspaceId} AND (id = ${id} OR name_key = ${key})))`

export const storeNamed = (scope: Scope, kind: NamedKind, { id, key, name }: NamedRow, now: number, guard: SQL) => sql`
  INSERT INTO ${TABLE[kind]} (workspace_id, id, name, name_key, created_at)
  SELECT ${scope.workspaceId}, ${id}, ${name}, ${key}, ${now} WHERE ${guard} ON CONFLICT DO NOTHING`

/** Guard: it is still called as the page showed it, and no other has the new name. */
export const mayBeRenamed = (
  scope: Scope,
  kind: NamedKind,
  { id, key }: NamedRow,
  was: string,
) => sql`(${stillAllowed(scope)}
  AND EXISTS (SELECT 1 FROM ${TABLE[kind]} WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND name = ${was})
  AND NOT EXISTS (SELECT 1 FROM ${TABLE[kind]} WHERE workspace_id = ${scope.workspaceId} AND name_key = ${key} AND id <> ${id}))`

export const renameNamed = (scope: Scope, kind: NamedKind, { id, key, name }: NamedRow, guard: SQL) => sql`
  UPDATE ${TABLE[kind]} SET name = ${name}, name_key = ${key} WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND ${guard}`

export const deleteNamed = (scope: Scope, kind: NamedKind, id: string, guard: SQL) => sql`
  DELETE FROM ${TABLE[kind]} WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND ${guard}`

/** Who has this id, and who has this name. */
export const namedNow = (scope: Scope, kind: NamedKind, { id, key }: Pick<NamedRow, 'id' | 'key'>) =>
  query<{ id: string; name: string }>(sql`SELECT id, name FROM ${TABLE[kind]}
    WHERE workspace_id = ${scope.workspaceId} AND (id = ${id} OR name_key = ${key})`)
