/** A message in a line, as the list and a quote need it: two rows read at most, and those only where it is no text. */
import { type SQL, sql } from 'drizzle-orm'
import type { Glimpse } from '../records.ts'

/** The pairs of a `json_object`, of the message that goes by the alias; `length` is how much of its text. */
export function glimpseOf(alias: 'm' | 'r', length: number): SQL {
  const of = sql.raw(alias)
  const file = (column: SQL) => sql`(SELECT ${column} FROM attachments f
    WHERE f.workspace_id = ${of}.workspace_id AND f.message_id = ${of}.id ORDER BY f.ord LIMIT 1)`
  return sql`'direction', ${of}.direction, 'type', ${of}.type, 'body', substr(${of}.body, 1, ${length}),
    'deleted', json(iif(${of}.deleted_at IS NULL, 'false', 'true')),
    'voice', json(iif(${of}.type = 'audio' AND ${file(sql`f.voice`)}, 'true', 'false')),
    'label', substr(coalesce(${NAMES.map((path) => sql`${of}.content ->> ${path}`).reduce((all, one) => sql`${all}, ${one}`)},
      iif(${of}.type = 'document', ${file(sql`f.file_name`)}, NULL)), 1, ${length})`
}

/** Where a content names what it is about. */
const NAMES = [
  '$.location.name',
  '$.location.address',
  '$.contacts[0].name',
  '$.choice.title',
  '$.share.title',
  '$.template.name',
  '$.unsupported.type',
]

/** Nothing is left of what was taken back, whatever the row still holds. */
export const withoutDeleted = <G extends Glimpse>(glimpse: G): G =>
  glimpse.deleted ? { ...glimpse, body: null, label: null } : glimpse
