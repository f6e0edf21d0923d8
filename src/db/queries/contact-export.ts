/** Everything that a table of contacts says of each of them. */
import { type SQL, sql } from 'drizzle-orm'
import type { Query } from '../client.ts'
import type { Scope } from '../records.ts'
import { type ContactFilter, contactsLooked } from './contacts.ts'

/** So many at a time: one of them is one trip to the database. */
export const EXPORTED_AT_ONCE = 500

export interface ExportedRow {
  id: string
  shown: number
  name: string | null
  phone: string | null
  created_at: number
  blocked: number
  /** JSON arrays of names. */
  tags: string
  groups: string
  /** JSON: field id → value. */
  field_values: string
}

const namesOf = (mark: 'tag' | 'group') => sql`(SELECT json_group_array(name) FROM (
  SELECT t.name FROM ${sql.raw(`contact_${mark}s`)} o JOIN ${sql.raw(`${mark}s`)} t ON t.workspace_id = o.workspace_id AND t.id = o.${sql.raw(mark)}_id
  WHERE o.workspace_id = k.workspace_id AND o.contact_id = k.id ORDER BY t.name_key))`

const COLUMNS: SQL = sql`k.id, coalesce(k.name, k.profile_name) AS name, k.phone, k.created_at, k.blocked_at IS NOT NULL AS blocked,
  ${namesOf('tag')} AS tags, ${namesOf('group')} AS groups,
  (SELECT json_group_object(v.field_id, v.value) FROM contact_field_values v
    WHERE v.workspace_id = k.workspace_id AND v.contact_id = k.id) AS field_values`

export const exportedPage = (scope: Scope, filter: ContactFilter, after: string | null): Query<ExportedRow> =>
  contactsLooked<ExportedRow>(scope, filter, after, { columns: COLUMNS, most: EXPORTED_AT_ONCE })
