/**
 * The lines of a file of contacts, many at once: whom they know already, and one batch that brings them in. The import's
 * cursor is what every statement of that batch asks for, and its last statement moves it: twice is once.
 */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import type { ImportRef } from './contact-imports.ts'
import { MOST_TAGS, type NewTag } from './tags.ts'
import { stillAllowed, visibleContact } from './visibility.ts'

export interface ImportRow {
  line: number
  /** What the contact is called here, should it be a new one. */
  id: string
  phone: string
  name: string | null
  nameKey: string
  tags: string[]
  groups: string[]
  values: { fieldId: string; value: string; key: string }[]
}

export interface NewGroup {
  id: string
  name: string
  nameKey: string
}

const MOST_GROUPS = 500

/** Whose the number is: a contact's, theirs into whom it went, or of an address in any inbox of the workspace. */
const ownerOf = ({ workspaceId }: Pick<Scope, 'workspaceId'>, phone: SQL) => sql`coalesce(
  (SELECT coalesce(merged_into_id, id) FROM contacts WHERE workspace_id = ${workspaceId} AND phone = ${phone}),
  (SELECT i.contact_id FROM inboxes x CROSS JOIN identities i ON i.inbox_id = x.id AND i.phone = ${phone}
    WHERE x.workspace_id = ${workspaceId} LIMIT 1))`

/** Which of these numbers are somebody's, and whether the agent may see whose. */
export const ownersAmong = (scope: Scope, phones: string[]) =>
  query<{ phone: string; visible: number }>(sql`SELECT o.phone, ${visibleContact(scope)} AS visible
    FROM (SELECT j.value AS phone, ${ownerOf(scope, sql`j.value`)} AS contact_id FROM json_each(${JSON.stringify(phones)}) j) o
    CROSS JOIN contacts k ON k.workspace_id = ${scope.workspaceId} AND k.id = o.contact_id`)

export const namedAlready = ({ workspaceId }: Scope, table: 'tags' | 'groups', nameKeys: string[]) =>
  query<{ name_key: string }>(sql`SELECT t.name_key FROM json_each(${JSON.stringify(nameKeys)}) j
    CROSS JOIN ${sql.raw(table)} t ON t.workspace_id = ${workspaceId} AND t.name_key = j.value`)

export const tagCount = ({ workspaceId }: Scope) =>
  query<{ n: number }>(sql`SELECT count(*) AS n FROM tags WHERE workspace_id = ${workspaceId}`)

export interface Checked {
  total: number
  created: number
  matched: number
  newTags: number
  newGroups: number
  problems: { line: number; code: string; detail: string | null }[]
}

/** What the dry run found, in place of what an earlier one did. */
export function storeChecked({ workspaceId, id }: ImportRef, { problems, ...counts }: Checked, now: number): SQL[] {
  const going = sql`EXISTS (SELECT 1 FROM contact_imports WHERE workspace_id = ${workspaceId} AND id = ${id} AND state = 'checking')`
  return [
    sql`DELETE FROM contact_import_problems WHERE workspace_id = ${workspaceId} AND import_id = ${id} AND ${going}`,
    sql`INSERT INTO contact_import_problems (workspace_id, import_id, line, code, detail)
      SELECT ${workspaceId}, ${id}, value ->> 'line', value ->> 'code', value ->> 'detail' FROM json_each(${JSON.stringify(problems)})
      WHERE ${going} ON CONFLICT DO NOTHING`,
    sql`UPDATE contact_imports SET state = 'checked', total = ${counts.total}, cursor = 0, created = ${counts.created}, matched = ${counts.matched},
        problems = ${problems.length}, new_tags = ${counts.newTags}, new_groups = ${counts.newGroups}, updated_at = ${now}
      WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${going}`,
  ]
}

export interface Chunk {
  /** Where the cursor stands, and where it is to stand; the last chunk ends the import. */
  from: number
  to: number
  last: boolean
  rows: ImportRow[]
  tags: NewTag[]
  groups: NewGroup[]
  overwrites: boolean
  now: number
}

export function storeChunk(scope: Scope, ref: ImportRef, chunk: Chunk): SQL[] {
  const { workspaceId, agentId } = scope
  const { rows, now } = chunk
  const going = sql`(${stillAllowed(scope)} AND EXISTS (SELECT 1 FROM contact_imports
    WHERE workspace_id = ${workspaceId} AND id = ${ref.id} AND state = 'importing' AND cursor = ${chunk.from}))`
  const people = rows.map(({ line, id, phone, name, nameKey }) => ({ line, id, phone, name, nameKey }))
  const marks = (of: 'tags' | 'groups') => rows.flatMap(({ phone, ...row }) => row[of].map((key) => ({ phone, key })))
  const values = rows.flatMap(({ phone, values }) => values.map((value) => ({ phone, ...value })))
  return [
    ...(chunk.tags.length > 0 ? [storeTags(scope, chunk.tags, going, now)] : []),
    ...(chunk.groups.length > 0 ? [storeGroups(scope, chunk.groups, going, now)] : []),
    nameKnown(scope, people, chunk.overwrites, going),
    sql`INSERT INTO contact_import_problems (workspace_id, import_id, line, code)
      SELECT ${workspaceId}, ${ref.id}, j.value ->> 'line', 'hidden' FROM json_each(${JSON.stringify(people)}) j
      CROSS JOIN contacts k ON k.workspace_id = ${workspaceId} AND k.id = ${ownerOf(scope, sql`(j.value ->> 'phone')`)}
      WHERE ${going} AND NOT (${visibleContact(scope)}) ON CONFLICT DO NOTHING`,
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, phone, author_id, created_at)
      SELECT ${workspaceId}, value ->> 'id', value ->> 'name', value ->> 'nameKey', value ->> 'phone', ${agentId}, ${now}
      FROM json_each(${JSON.stringify(people)}) j
      WHERE ${going} AND ${ownerOf(scope, sql`(j.value ->> 'phone')`)} IS NULL ON CONFLICT DO NOTHING`,
    ...storeMarks(scope, 'tags', marks('tags'), going, now),
    ...storeMarks(scope, 'groups', marks('groups'), going, now),
    ...storeValues(scope, values, chunk.overwrites, going, now),
    moveCursor(scope, ref, chunk, going),
  ]
}

const storeTags = ({ workspaceId }: Scope, tags: NewTag[], going: SQL, now: number) =>
  sql`INSERT INTO tags (workspace_id, id, name, name_key, color, created_at)
    SELECT ${workspaceId}, value ->> 'id', value ->> 'name', value ->> 'nameKey', value ->> 'color', ${now} FROM json_each(${JSON.stringify(tags)})
    WHERE ${going} AND NOT EXISTS (SELECT 1 FROM tags WHERE workspace_id = ${workspaceId} AND name_key = value ->> 'nameKey')
    LIMIT max(0, ${MOST_TAGS} - (SELECT count(*) FROM tags WHERE workspace_id = ${workspaceId})) ON CONFLICT DO NOTHING`

const storeGroups = ({ workspaceId }: Scope, groups: NewGroup[], going: SQL, now: number) =>
  sql`INSERT INTO groups (workspace_id, id, name, name_key, created_at)
    SELECT ${workspaceId}, value ->> 'id', value ->> 'name', value ->> 'nameKey', ${now} FROM json_each(${JSON.stringify(groups)})
    WHERE ${going} AND NOT EXISTS (SELECT 1 FROM groups WHERE workspace_id = ${workspaceId} AND name_key = value ->> 'nameKey')
    LIMIT max(0, ${MOST_GROUPS} - (SELECT count(*) FROM groups WHERE workspace_id = ${workspaceId})) ON CONFLICT DO NOTHING`

/** Whoever these numbers belong to, as far as the agent may see them; `j` is what the file says of them, and what is walked first. */
const targets = (scope: Scope, lines: object[]) =>
  sql`FROM json_each(${JSON.stringify(lines)}) j
    CROSS JOIN contacts k ON k.workspace_id = ${scope.workspaceId} AND k.id = ${ownerOf(scope, sql`(j.value ->> 'phone')`)}
      AND k.merged_into_id IS NULL AND k.erased_at IS NULL AND ${visibleContact(scope)}`

/** Who has no name yet is called as the file says; who has one, only where the file is to beat it. Stands before those are made who are new. */
const nameKnown = (scope: Scope, people: { name: string | null }[], overwrites: boolean, going: SQL) =>
  sql`UPDATE contacts SET name = n.name, name_key = n.name_key, version = version + 1
    FROM (SELECT k.id, j.value ->> 'name' AS name, j.value ->> 'nameKey' AS name_key ${targets(
      scope,
      people.filter(({ name }) => name !== null),
    )}) n
    WHERE contacts.workspace_id = ${scope.workspaceId} AND contacts.id = n.id AND ${going}
      AND (contacts.name IS NULL ${overwrites ? sql`OR contacts.name <> n.name` : sql``})`

function storeMarks(
  scope: Scope,
  of: 'tags' | 'groups',
  marks: { phone: string; key: string }[],
  going: SQL,
  now: number,
): SQL[] {
  if (marks.length === 0) return []
  const [table, column] = of === 'tags' ? [sql`contact_tags`, sql`tag_id`] : [sql`contact_groups`, sql`group_id`]
  return [
    sql`INSERT INTO ${table} (workspace_id, contact_id, ${column}, author_id, created_at)
      SELECT k.workspace_id, k.id, t.id, ${scope.agentId}, ${now} ${targets(scope, marks)}
      CROSS JOIN ${sql.raw(of)} t ON t.workspace_id = k.workspace_id AND t.name_key = j.value ->> 'key'
      WHERE ${going} ON CONFLICT DO NOTHING`,
  ]
}

function storeValues(scope: Scope, values: { phone: string }[], overwrites: boolean, going: SQL, now: number): SQL[] {
  if (values.length === 0) return []
  const beaten = overwrites
    ? sql`DO UPDATE SET value = excluded.value, value_key = excluded.value_key, author_id = excluded.author_id, updated_at = excluded.updated_at
        WHERE value <> excluded.value`
    : sql`DO NOTHING`
  return [
    sql`INSERT INTO contact_field_values (workspace_id, contact_id, field_id, value, value_key, author_id, updated_at)
      SELECT k.workspace_id, k.id, f.id, j.value ->> 'value', j.value ->> 'key', ${scope.agentId}, ${now} ${targets(scope, values)}
      CROSS JOIN custom_fields f ON f.workspace_id = k.workspace_id AND f.id = j.value ->> 'fieldId'
      WHERE ${going} ON CONFLICT (workspace_id, contact_id, field_id) ${beaten}`,
  ]
}

function moveCursor({ workspaceId }: Scope, ref: ImportRef, { rows, to, last, now }: Chunk, going: SQL): SQL {
  const made = sql`(SELECT count(*) FROM json_each(${JSON.stringify(rows.map(({ id }) => id))}) j
    CROSS JOIN contacts k ON k.workspace_id = ${workspaceId} AND k.id = j.value)`
  const hidden = sql`(SELECT count(*) FROM json_each(${JSON.stringify(rows.map(({ line }) => line))}) j
    CROSS JOIN contact_import_problems p ON p.workspace_id = ${workspaceId} AND p.import_id = ${ref.id} AND p.line = j.value)`
  return sql`UPDATE contact_imports SET cursor = ${to}, created = created + ${made}, matched = matched + ${rows.length} - ${made} - ${hidden},
      problems = (SELECT count(*) FROM contact_import_problems WHERE workspace_id = ${workspaceId} AND import_id = ${ref.id}),
      state = ${last ? 'done' : 'importing'}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${ref.id} AND ${going}`
}

/** Of these numbers, whoever was there before and may stand open on somebody's screen. */
export const knownBefore = ({ workspaceId }: Scope, phones: string[], before: number) =>
  sql`(SELECT k.id FROM json_each(${JSON.stringify(phones)}) j
    CROSS JOIN contacts k ON k.workspace_id = ${workspaceId} AND k.id = ${ownerOf({ workspaceId }, sql`j.value`)} AND k.created_at < ${before})`
