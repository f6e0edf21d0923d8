/** The workspace's own fields: what there is to know of a contact, and what is known. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { CustomField } from '../contact-records.ts'
import type { Scope } from '../records.ts'
import { contactStands } from './contacts.ts'
import { MOST_COUNTED } from './departments.ts'
import { stillAllowed } from './visibility.ts'

/** More would be no help to anyone who has to fill them in. */
export const MOST_FIELDS = 40

export interface StoredField {
  id: string
  name: string
  name_key: string
  kind: CustomField['kind']
  choices: string
  version: number
}

const FIELD = sql.raw('f.id, f.name, f.name_key, f.kind, f.choices, f.version')

export const fieldsOf = ({ workspaceId }: Pick<Scope, 'workspaceId'>) =>
  query<StoredField>(sql`SELECT ${FIELD} FROM custom_fields f
    WHERE f.workspace_id = ${workspaceId} ORDER BY f.position, f.name_key LIMIT ${MOST_FIELDS}`)

export const fieldFor = ({ workspaceId }: Scope, id: string) =>
  query<StoredField>(sql`SELECT ${FIELD} FROM custom_fields f WHERE f.workspace_id = ${workspaceId} AND f.id = ${id}`)

export const toField = ({ name_key, choices, ...field }: StoredField): CustomField => ({
  ...field,
  nameKey: name_key,
  choices: JSON.parse(choices),
})

export const fieldCalled = ({ workspaceId }: Scope, nameKey: string) =>
  query<{ id: string; version: number }>(
    sql`SELECT id, version FROM custom_fields WHERE workspace_id = ${workspaceId} AND name_key = ${nameKey}`,
  )

/** Of how many people something is known in it; counted no further than is said. */
export const fieldUses = ({ workspaceId }: Scope, id: string) =>
  query<{ uses: number }>(sql`SELECT count(*) AS uses FROM (SELECT 1 FROM contact_field_values
    WHERE workspace_id = ${workspaceId} AND field_id = ${id} LIMIT ${MOST_COUNTED + 1})`)

export interface FieldRow {
  id: string
  name: string
  nameKey: string
  kind: CustomField['kind']
  choices: string[]
}

/** Guard: there is room, and nothing is called that yet. */
export const isNewField = (
  scope: Scope,
  { id, nameKey }: Pick<FieldRow, 'id' | 'nameKey'>,
) => sql`(${stillAllowed(scope)}
  AND NOT EXISTS (SELECT 1 FROM custom_fields WHERE workspace_id = ${scope.workspaceId} AND (id = ${id} OR name_key = ${nameKey}))
  AND ${MOST_FIELDS} > (SELECT count(*) FROM custom_fields WHERE workspace_id = ${scope.workspaceId}))`

export const insertField = ({ workspaceId }: Scope, field: FieldRow, guard: SQL, now: number) =>
  sql`INSERT INTO custom_fields (workspace_id, id, name, name_key, kind, choices, position, created_at)
    SELECT ${workspaceId}, ${field.id}, ${field.name}, ${field.nameKey}, ${field.kind}, ${JSON.stringify(field.choices)},
      1 + coalesce((SELECT max(position) FROM custom_fields WHERE workspace_id = ${workspaceId}), 0), ${now}
    WHERE ${guard} ON CONFLICT DO NOTHING`

/** Guard: the field is as the page showed it, and the name is free. */
export const mayChangeField = (
  scope: Scope,
  { id, nameKey, version }: { id: string; nameKey: string; version: number },
) =>
  sql`(${stillAllowed(scope)}
    AND EXISTS (SELECT 1 FROM custom_fields WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND version = ${version})
    AND NOT EXISTS (SELECT 1 FROM custom_fields WHERE workspace_id = ${scope.workspaceId} AND name_key = ${nameKey} AND id <> ${id}))`

export const updateField = ({ workspaceId }: Scope, field: Omit<FieldRow, 'kind'>, guard: SQL) =>
  sql`UPDATE custom_fields SET name = ${field.name}, name_key = ${field.nameKey}, choices = ${JSON.stringify(field.choices)}, version = version + 1
    WHERE workspace_id = ${workspaceId} AND id = ${field.id} AND ${guard}`

/** The order that the page showed, with one of them moved: each has its place in it. */
export const orderFields = (scope: Scope, ids: string[]) =>
  sql`UPDATE custom_fields SET position = (SELECT key FROM json_each(${JSON.stringify(ids)}) WHERE value = custom_fields.id)
    WHERE workspace_id = ${scope.workspaceId} AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) AND ${stillAllowed(scope)}`

export const fieldStands = (scope: Scope, id: string) => sql`(${stillAllowed(scope)}
  AND EXISTS (SELECT 1 FROM custom_fields WHERE workspace_id = ${scope.workspaceId} AND id = ${id}))`

export const removeField = ({ workspaceId }: Scope, id: string, guard: SQL): SQL[] => [
  sql`DELETE FROM contact_field_values WHERE workspace_id = ${workspaceId} AND field_id = ${id} AND ${guard}`,
  sql`DELETE FROM custom_fields WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`,
]

export type StoredFieldValue = StoredField & { value: string | null }

/** Every field, with what is known of the contact in it. */
export const fieldValuesOf = ({ workspaceId }: Scope, contactId: string | SQL) =>
  query<StoredFieldValue>(sql`SELECT ${FIELD}, v.value FROM custom_fields f
    LEFT JOIN contact_field_values v ON v.workspace_id = f.workspace_id AND v.field_id = f.id AND v.contact_id = ${contactId}
    WHERE f.workspace_id = ${workspaceId} ORDER BY f.position, f.name_key LIMIT ${MOST_FIELDS}`)

export interface ValueChange {
  fieldId: string
  /** As the form showed it. */
  was: string
  value: string
  key: string
}

/** Guard: everything that is to change is still as the form showed it. */
export const mayChangeValues = (scope: Scope, contactId: string, changes: ValueChange[]) =>
  sql`(${contactStands(scope, contactId)} AND NOT EXISTS (SELECT 1 FROM json_each(${JSON.stringify(changes)}) j
    WHERE j.value ->> 'was' <> coalesce((SELECT v.value FROM contact_field_values v WHERE v.workspace_id = ${scope.workspaceId}
      AND v.contact_id = ${contactId} AND v.field_id = j.value ->> 'fieldId'), '')))`

/** Nothing known is no row. All hang on `guard`, which holds of all before any is written. */
export const putValues = (scope: Scope, contactId: string, changes: ValueChange[], guard: SQL, now: number): SQL[] => [
  sql`DELETE FROM contact_field_values WHERE workspace_id = ${scope.workspaceId} AND contact_id = ${contactId} AND ${guard}
    AND field_id IN (SELECT value ->> 'fieldId' FROM json_each(${JSON.stringify(changes)}) WHERE value ->> 'value' = '')`,
  sql`INSERT INTO contact_field_values (workspace_id, contact_id, field_id, value, value_key, author_id, updated_at)
    SELECT ${scope.workspaceId}, ${contactId}, f.id, j.value ->> 'value', j.value ->> 'key', ${scope.agentId}, ${now}
    FROM json_each(${JSON.stringify(changes)}) j
    CROSS JOIN custom_fields f ON f.workspace_id = ${scope.workspaceId} AND f.id = j.value ->> 'fieldId'
    WHERE ${guard} AND j.value ->> 'value' <> ''
    ON CONFLICT (workspace_id, contact_id, field_id) DO UPDATE SET value = excluded.value, value_key = excluded.value_key,
      author_id = excluded.author_id, updated_at = excluded.updated_at`,
]
