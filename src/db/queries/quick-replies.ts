/** Words at hand: who may use and change which, what is found by a few letters, and the files that go along. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { listOf } from './inbound.ts'
import { seesEverything, stillAllowed } from './visibility.ts'

export type QuickReplyScope = 'personal' | 'department' | 'workspace'

/** Whose it is: the agent's, the department's, or the workspace's, which has no id. */
export interface Owner {
  scope: QuickReplyScope
  id: string
}

export interface QuickReplyRow {
  id: string
  scope: QuickReplyScope
  owner_id: string
  department_name: string | null
  shortcut: string
  body: string
  uses: number
  version: number
  files: number
}

/** Says which of several of one shortcut comes first: one's own, then a department's, then everyone's. */
const NEAREST = sql`CASE q.scope WHEN 'personal' THEN 0 WHEN 'department' THEN 1 ELSE 2 END`

const COLUMNS = sql`q.id, q.scope, q.owner_id, d.name AS department_name, q.shortcut, q.body, q.uses, q.version,
  (SELECT count(*) FROM quick_reply_files f WHERE f.workspace_id = q.workspace_id AND f.quick_reply_id = q.id AND f.removed_at IS NULL) AS files`

const TABLES = sql`quick_replies q
  LEFT JOIN departments d ON d.workspace_id = q.workspace_id AND d.id = q.owner_id AND q.scope = 'department'`

/** Holds for a `quick_replies` row named `q`. Its owners are named, so that the index finds them. */
function usable(scope: Scope): SQL {
  const departments = seesEverything(scope)
    ? sql`SELECT id FROM departments WHERE workspace_id = ${scope.workspaceId}`
    : sql`SELECT value FROM json_each(${JSON.stringify(scope.departmentIds)})`
  return sql`q.workspace_id = ${scope.workspaceId}
    AND q.owner_id IN (SELECT '' UNION ALL SELECT ${scope.agentId} UNION ALL ${departments})`
}

const changeable = (scope: Scope) =>
  scope.role === 'agent' ? sql`q.workspace_id = ${scope.workspaceId} AND q.owner_id = ${scope.agentId}` : usable(scope)

/** All that this person may use and that says it; without words all of them, those nearest to them first. */
export const quickRepliesOf = (scope: Scope, key: string, limit: number) =>
  query<QuickReplyRow>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${usable(scope)}
    AND instr(q.terms, ${key}) > 0 ORDER BY ${NEAREST}, d.name_key, q.shortcut_key LIMIT ${limit}`)

/** What is offered while somebody types: what is called so first, then what begins so, then what says so anywhere. */
export const quickRepliesFor = (scope: Scope, key: string, limit: number) =>
  query<QuickReplyRow>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${usable(scope)} AND instr(q.terms, ${key}) > 0
    ORDER BY q.shortcut_key = ${key} DESC, instr(q.shortcut_key, ${key}) = 1 DESC, ${NEAREST}, q.uses DESC, q.shortcut_key LIMIT ${limit}`)

export const usableQuickReply = (scope: Scope, id: string) =>
  query<QuickReplyRow>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE q.id = ${id} AND ${usable(scope)}`)

export const changeableQuickReply = (scope: Scope, id: string) =>
  query<QuickReplyRow>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE q.id = ${id} AND ${changeable(scope)}`)

/** The language in which a workspace speaks with its customers, and the clock by which it does. */
export const workspaceVoice = ({ workspaceId }: Pick<Scope, 'workspaceId'>) =>
  query<{ locale: 'pt-BR' | 'en' | 'es'; time_zone: string }>(
    sql`SELECT locale, time_zone FROM workspaces WHERE id = ${workspaceId}`,
  )

export interface NewQuickReply {
  id: string
  owner: Owner
  shortcut: string
  shortcutKey: string
  body: string
  terms: string
  now: number
}

/** Who has this shortcut there, and who has this id. */
export const quickReplyNow = ({ workspaceId }: Scope, { id, owner, shortcutKey }: Omit<NewQuickReply, 'now'>) =>
  query<{ id: string; body: string; shortcut: string }>(sql`SELECT id, body, shortcut FROM quick_replies
    WHERE workspace_id = ${workspaceId} AND (id = ${id} OR owner_id = ${owner.id} AND shortcut_key = ${shortcutKey})`)

/** Guard: whoever makes it still may, its department is there, and the owner has fewer than `most`. */
export const mayKeepOne = (scope: Scope, reply: NewQuickReply, most: number): SQL => sql`(${stillAllowed(scope)}
  AND ${reply.owner.scope === 'department' ? sql`EXISTS (SELECT 1 FROM departments WHERE workspace_id = ${scope.workspaceId} AND id = ${reply.owner.id})` : sql`1`}
  AND NOT EXISTS (${quickReplyNow(scope, reply).sql})
  AND (SELECT count(*) FROM quick_replies WHERE workspace_id = ${scope.workspaceId} AND owner_id = ${reply.owner.id}) < ${most})`

export const storeQuickReply = ({ workspaceId }: Scope, reply: NewQuickReply, guard: SQL) => sql`
  INSERT INTO quick_replies (workspace_id, id, scope, owner_id, shortcut, shortcut_key, body, terms, created_at)
  SELECT ${workspaceId}, ${reply.id}, ${reply.owner.scope}, ${reply.owner.id}, ${reply.shortcut}, ${reply.shortcutKey}, ${reply.body},
    ${reply.terms}, ${reply.now} WHERE ${guard} ON CONFLICT DO NOTHING`

/** Guard: it is still as the page showed it, the actor may change it, and no other of the owner's has the shortcut. */
export const mayBeReworded = (scope: Scope, { id, owner, shortcutKey }: NewQuickReply, version: number): SQL => sql`(
  ${stillAllowed(scope)} AND EXISTS (SELECT 1 FROM quick_replies q WHERE q.id = ${id} AND ${changeable(scope)} AND q.version = ${version})
  AND NOT EXISTS (SELECT 1 FROM quick_replies WHERE workspace_id = ${scope.workspaceId} AND owner_id = ${owner.id}
    AND shortcut_key = ${shortcutKey} AND id <> ${id}))`

export const rewordQuickReply = ({ workspaceId }: Scope, reply: NewQuickReply, guard: SQL) => sql`
  UPDATE quick_replies SET shortcut = ${reply.shortcut}, shortcut_key = ${reply.shortcutKey}, body = ${reply.body}, terms = ${reply.terms},
    version = version + 1 WHERE workspace_id = ${workspaceId} AND id = ${reply.id} AND ${guard}`

export const mayBeRemoved = (scope: Scope, id: string): SQL => sql`(${stillAllowed(scope)}
  AND EXISTS (SELECT 1 FROM quick_replies q WHERE q.id = ${id} AND ${changeable(scope)}))`

export const deleteQuickReply = ({ workspaceId }: Scope, id: string, now: number, guard: SQL): SQL[] => [
  sql`UPDATE quick_reply_files SET removed_at = ${now}
    WHERE workspace_id = ${workspaceId} AND quick_reply_id = ${id} AND removed_at IS NULL AND ${guard}`,
  sql`DELETE FROM quick_replies WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`,
]

/** With its department go the words that it kept at hand. */
export const deleteQuickRepliesOf = ({ workspaceId }: Scope, departmentId: string, now: number, guard: SQL): SQL[] => [
  sql`UPDATE quick_reply_files SET removed_at = ${now} WHERE workspace_id = ${workspaceId} AND removed_at IS NULL AND ${guard}
    AND quick_reply_id IN (SELECT id FROM quick_replies WHERE workspace_id = ${workspaceId} AND owner_id = ${departmentId})`,
  sql`DELETE FROM quick_replies WHERE workspace_id = ${workspaceId} AND owner_id = ${departmentId} AND ${guard}`,
]

export const countUse = (scope: Scope, id: string) =>
  sql`UPDATE quick_replies AS q SET uses = uses + 1 WHERE q.id = ${id} AND ${usable(scope)} AND ${stillAllowed(scope)}`

export interface QuickReplyFile {
  id: string
  mime_type: string
  file_name: string | null
  size: number
  object_key: string
}

export const filesOfQuickReply = ({ workspaceId }: Scope, id: string) =>
  query<QuickReplyFile>(sql`SELECT id, mime_type, file_name, size, object_key FROM quick_reply_files
    WHERE workspace_id = ${workspaceId} AND quick_reply_id = ${id} AND removed_at IS NULL ORDER BY created_at, id`)

export interface NewQuickReplyFile {
  id: string
  quickReplyId: string
  mimeType: string
  fileName: string | null
  size: number
  objectKey: string
  now: number
}

/** One more, while there are fewer than `most` and the actor may change the reply. */
export const storeQuickReplyFile = (scope: Scope, file: NewQuickReplyFile, most: number) => sql`
  INSERT INTO quick_reply_files (workspace_id, id, quick_reply_id, mime_type, file_name, size, object_key, created_at)
  SELECT ${scope.workspaceId}, ${file.id}, ${file.quickReplyId}, ${file.mimeType}, ${file.fileName}, ${file.size}, ${file.objectKey}, ${file.now}
  WHERE ${mayBeRemoved(scope, file.quickReplyId)} AND (SELECT count(*) FROM quick_reply_files
    WHERE workspace_id = ${scope.workspaceId} AND quick_reply_id = ${file.quickReplyId} AND removed_at IS NULL) < ${most}
  ON CONFLICT DO NOTHING`

export const quickReplyFileExists = ({ workspaceId }: Scope, id: string) =>
  sql`SELECT 1 AS there FROM quick_reply_files WHERE workspace_id = ${workspaceId} AND id = ${id}`

export const takeOutFile = (
  scope: Scope,
  { quickReplyId, id }: { quickReplyId: string; id: string },
  now: number,
) => sql`
  UPDATE quick_reply_files SET removed_at = ${now} WHERE workspace_id = ${scope.workspaceId} AND id = ${id}
    AND quick_reply_id = ${quickReplyId} AND removed_at IS NULL AND ${mayBeRemoved(scope, quickReplyId)}`

/** Of the whole deployment: files that nothing names any more. */
export const removedFiles = (limit: number) =>
  query<{ workspace_id: string; id: string; object_key: string }>(
    sql`SELECT workspace_id, id, object_key FROM quick_reply_files WHERE removed_at IS NOT NULL LIMIT ${limit}`,
  )

export const forgetRemovedFiles = (workspaceId: string, ids: string[]) =>
  sql`DELETE FROM quick_reply_files WHERE workspace_id = ${workspaceId} AND id IN ${listOf(ids)} AND removed_at IS NOT NULL`
