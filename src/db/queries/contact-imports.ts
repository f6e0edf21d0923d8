/** Files of contacts on their way in: what was uploaded, what is made of it, and which of its lines were left out. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { ContactImport } from '../contact-records.ts'
import type { Role, Scope } from '../records.ts'
import { seesEverything, stillAllowed } from './visibility.ts'

export const IMPORTS_SHOWN = 20

export interface ImportRef {
  workspaceId: string
  id: string
}

export interface StoredImport {
  id: string
  author_id: string
  author_name: string | null
  file_name: string | null
  object_key: string | null
  delimiter: string
  mapping: string | null
  country: string
  overwrites: number
  state: ContactImport['state']
  refusal: string | null
  total: number
  cursor: number
  created: number
  matched: number
  problems: number
  new_tags: number
  new_groups: number
  created_at: number
}

const IMPORT =
  sql.raw(`i.id, i.author_id, a.name AS author_name, i.file_name, i.object_key, i.delimiter, i.mapping, i.country, i.overwrites,
  i.state, i.refusal, i.total, i.cursor, i.created, i.matched, i.problems, i.new_tags, i.new_groups, i.created_at
  FROM contact_imports i LEFT JOIN agents a ON a.workspace_id = i.workspace_id AND a.id = i.author_id`)

/** Administrators see every file; whoever else leads, their own. */
const seen = (scope: Scope) =>
  sql`i.workspace_id = ${scope.workspaceId} AND ${seesEverything(scope) ? sql`1` : sql`i.author_id = ${scope.agentId}`}`

export const importsOf = (scope: Scope) =>
  query<StoredImport>(sql`SELECT ${IMPORT} WHERE ${seen(scope)} ORDER BY i.created_at DESC LIMIT ${IMPORTS_SHOWN}`)

export const importFor = (scope: Scope, id: string) =>
  query<StoredImport>(sql`SELECT ${IMPORT} WHERE ${seen(scope)} AND i.id = ${id}`)

/** For whoever works it off. */
export const importAt = ({ workspaceId, id }: ImportRef) =>
  query<StoredImport>(sql`SELECT ${IMPORT} WHERE i.workspace_id = ${workspaceId} AND i.id = ${id}`)

export const toImport = (row: StoredImport): ContactImport => ({
  id: row.id,
  authorId: row.author_id,
  authorName: row.author_name,
  fileName: row.file_name,
  objectKey: row.object_key,
  delimiter: row.delimiter,
  mapping: row.mapping === null ? null : JSON.parse(row.mapping),
  country: row.country,
  overwrites: row.overwrites === 1,
  state: row.state,
  refusal: row.refusal,
  total: row.total,
  cursor: row.cursor,
  created: row.created,
  matched: row.matched,
  problems: row.problems,
  newTags: row.new_tags,
  newGroups: row.new_groups,
  createdAt: row.created_at,
})

/** As what its author may do now; a job goes on for as long as they may. */
export const authorOf = ({ workspaceId, id }: ImportRef) =>
  query<{ agent_id: string; role: Role; authz_version: number; departments: string }>(
    sql`SELECT a.id AS agent_id, a.role, a.authz_version, (SELECT json_group_array(department_id) FROM department_members m
        WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS departments
      FROM contact_imports i JOIN agents a ON a.workspace_id = i.workspace_id AND a.id = i.author_id
      WHERE i.workspace_id = ${workspaceId} AND i.id = ${id} AND a.deactivated_at IS NULL AND a.role <> 'agent'`,
  )

export interface NewImport {
  id: string
  fileName: string | null
  objectKey: string
  delimiter: string
  country: string
  now: number
}

/** Once for one form, however often it is sent. */
export const storeImport = (scope: Scope, { id, fileName, objectKey, delimiter, country, now }: NewImport) =>
  sql`INSERT INTO contact_imports (workspace_id, id, author_id, file_name, object_key, delimiter, country, created_at, updated_at)
    SELECT ${scope.workspaceId}, ${id}, ${scope.agentId}, ${fileName}, ${objectKey}, ${delimiter}, ${country}, ${now}, ${now}
    WHERE ${stillAllowed(scope)} ON CONFLICT DO NOTHING`

const isIn = (scope: Scope, id: string, states: ContactImport['state'][]) =>
  sql`EXISTS (SELECT 1 FROM contact_imports i WHERE ${seen(scope)} AND i.id = ${id} AND i.object_key IS NOT NULL
    AND i.state IN (${sql.join(
      states.map((state) => sql`${state}`),
      sql`, `,
    )}))`

/** Guard: it stands still, and its file is there. */
export const mayBeMapped = (scope: Scope, id: string) =>
  sql`(${stillAllowed(scope)} AND ${isIn(scope, id, ['mapping', 'checked', 'refused'])})`

export const mayBeRun = (scope: Scope, id: string) => sql`(${stillAllowed(scope)} AND ${isIn(scope, id, ['checked'])})`

/** Guard: nobody is working on it. */
export const mayBeDropped = (scope: Scope, id: string) =>
  sql`(${stillAllowed(scope)} AND EXISTS (SELECT 1 FROM contact_imports i WHERE ${seen(scope)} AND i.id = ${id}
    AND i.state NOT IN ('checking', 'importing')))`

export interface Mapping {
  mapping: string[]
  country: string
  overwrites: boolean
}

export const storeMapping = (
  { workspaceId, id }: ImportRef,
  { mapping, country, overwrites }: Mapping,
  guard: SQL,
  now: number,
) => sql`UPDATE contact_imports SET mapping = ${JSON.stringify(mapping)}, country = ${country}, overwrites = ${overwrites ? 1 : 0},
    state = 'checking', refusal = NULL, updated_at = ${now}
  WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`

/** What the dry run counted is counted anew. */
export const startImport = ({ workspaceId, id }: ImportRef, guard: SQL, now: number) =>
  sql`UPDATE contact_imports SET state = 'importing', cursor = 0, created = 0, matched = 0, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`

export const dropImport = ({ workspaceId, id }: ImportRef, guard: SQL): SQL[] => [
  sql`DELETE FROM contact_import_problems WHERE workspace_id = ${workspaceId} AND import_id = ${id} AND ${guard}`,
  sql`DELETE FROM contact_imports WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`,
]

export const refuseImport = (
  { workspaceId, id }: ImportRef,
  state: ContactImport['state'],
  refusal: string,
  now: number,
) =>
  sql`UPDATE contact_imports SET state = 'refused', refusal = ${refusal}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND state = ${state}`

export interface StoredProblem {
  line: number
  code: string
  detail: string | null
}

export const problemsOf = ({ workspaceId, id }: ImportRef, limit: number) =>
  query<StoredProblem>(sql`SELECT line, code, detail FROM contact_import_problems
    WHERE workspace_id = ${workspaceId} AND import_id = ${id} ORDER BY line LIMIT ${limit}`)

/** Nobody has moved them for a while: whoever worked on them is gone. */
export const stalledImports = (before: number) =>
  query<{ workspace_id: string; id: string }>(sql`SELECT workspace_id, id FROM contact_imports
    WHERE state IN ('checking', 'importing') AND updated_at < ${before} LIMIT 50`)

/** Files that have been kept long enough, of the whole deployment. */
export const oldImports = (before: number) =>
  query<{
    workspace_id: string
    id: string
    object_key: string
  }>(sql`SELECT workspace_id, id, object_key FROM contact_imports
    WHERE object_key IS NOT NULL AND created_at < ${before} AND state NOT IN ('checking', 'importing') LIMIT 50`)

/** Files of contacts that are still there and that nobody is working on. */
export const restingImports = (workspaceId: string) =>
  query<{ id: string; object_key: string }>(sql`SELECT id, object_key FROM contact_imports
    WHERE workspace_id = ${workspaceId} AND object_key IS NOT NULL AND state NOT IN ('checking', 'importing') LIMIT 100`)

/** What came of it is still told. */
export const forgetFile = ({ workspaceId, id }: ImportRef): SQL =>
  sql`UPDATE contact_imports SET object_key = NULL WHERE workspace_id = ${workspaceId} AND id = ${id}`
