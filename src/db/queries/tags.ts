/** Tags: what the workspace has, who has them, and what changes them. Chips and uses are kept by triggers. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope, TagColor } from '../records.ts'
import { stillAllowed } from './visibility.ts'

/** More would be no help to anyone who has to choose. */
export const MOST_TAGS = 300

export interface TagRow {
  id: string
  name: string
  name_key: string
  color: TagColor
  uses: number
  version: number
}

const TAG = sql.raw('id, name, name_key, color, uses, version')

/** Every tag of the workspace, by name: what a filter offers, and the page of tags. */
export const tagsOf = ({ workspaceId }: Scope) =>
  query<TagRow>(sql`SELECT ${TAG} FROM tags WHERE workspace_id = ${workspaceId}
    ORDER BY name_key LIMIT ${MOST_TAGS}`)

export const tagFor = ({ workspaceId }: Scope, id: string) =>
  query<TagRow>(sql`SELECT ${TAG} FROM tags WHERE workspace_id = ${workspaceId} AND id = ${id}`)

export const tagIdsOf = ({ workspaceId }: Scope, contactId: string) =>
  query<{ tag_id: string }>(sql`SELECT tag_id FROM contact_tags
    WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId}`)

/** A tag that is there already stays as it is. */
export const putTags = (scope: Scope, contactId: string, tag: SQL, guard: SQL, now: number) =>
  sql`INSERT INTO contact_tags (workspace_id, contact_id, tag_id, author_id, created_at)
    SELECT ${scope.workspaceId}, ${contactId}, t.id, ${scope.agentId}, ${now} FROM tags t
    WHERE t.workspace_id = ${scope.workspaceId} AND ${tag} AND ${guard}
    ON CONFLICT DO NOTHING`

export const takeTags = ({ workspaceId }: Scope, contactId: string, tagIds: string[], guard: SQL) =>
  sql`DELETE FROM contact_tags WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId}
    AND tag_id IN ${listed(tagIds)} AND ${guard}`

export const tagsIn = (ids: string[]) => sql`t.id IN ${listed(ids)}`

export const tagsCalled = (nameKeys: string[]) => sql`t.name_key IN ${listed(nameKeys)}`

export const keysOf = ({ workspaceId }: Scope, tags: SQL) =>
  sql`SELECT t.name_key FROM tags t WHERE t.workspace_id = ${workspaceId} AND ${tags}`

export interface NewTag {
  id: string
  name: string
  nameKey: string
  color: TagColor
}

/** Guard: there is room for one more, and nothing is called that yet. */
export const isNewTag = ({ workspaceId }: Scope, nameKey: string) => sql`(
  NOT EXISTS (SELECT 1 FROM tags WHERE workspace_id = ${workspaceId} AND name_key = ${nameKey})
  AND ${MOST_TAGS} > (SELECT count(*) FROM (SELECT 1 FROM tags WHERE workspace_id = ${workspaceId} LIMIT ${MOST_TAGS})))`

export const insertTag = ({ workspaceId }: Scope, { id, name, nameKey, color }: NewTag, guard: SQL, now: number) =>
  sql`INSERT INTO tags (workspace_id, id, name, name_key, color, created_at)
    SELECT ${workspaceId}, ${id}, ${name}, ${nameKey}, ${color}, ${now} WHERE ${guard} ON CONFLICT DO NOTHING`

/** Guard: the tag is as the page showed it, and the name is free. */
export const mayChangeTag = (scope: Scope, tag: { id: string; nameKey: string; version: number }) => sql`(
  ${stillAllowed(scope)}
  AND EXISTS (SELECT 1 FROM tags WHERE workspace_id = ${scope.workspaceId} AND id = ${tag.id} AND version = ${tag.version})
  AND NOT EXISTS (SELECT 1 FROM tags WHERE workspace_id = ${scope.workspaceId} AND name_key = ${tag.nameKey} AND id <> ${tag.id}))`

export const updateTag = ({ workspaceId }: Scope, tag: NewTag, guard: SQL) =>
  sql`UPDATE tags SET name = ${tag.name}, name_key = ${tag.nameKey}, color = ${tag.color}, version = version + 1
    WHERE workspace_id = ${workspaceId} AND id = ${tag.id} AND ${guard}`

export const tagExists = (scope: Scope, id: string) =>
  sql`(${stillAllowed(scope)} AND EXISTS (SELECT 1 FROM tags WHERE workspace_id = ${scope.workspaceId} AND id = ${id}))`

export const deleteTag = ({ workspaceId }: Scope, id: string, guard: SQL): SQL[] => [
  sql`DELETE FROM contact_tags WHERE workspace_id = ${workspaceId} AND tag_id = ${id} AND ${guard}`,
  sql`DELETE FROM tags WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`,
]

const TOLD_AT_ONCE = 500

/** Whoever has the tag: those who are told that it changed. More than that see it at their next look. */
export const contactsWith = ({ workspaceId }: Scope, tagId: string) =>
  sql`SELECT contact_id FROM contact_tags WHERE workspace_id = ${workspaceId} AND tag_id = ${tagId} LIMIT ${TOLD_AT_ONCE}`

/** What may stand after IN. */
export const listed = (values: string[]) =>
  sql`(${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`
