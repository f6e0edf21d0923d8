/** The workspace's own fields: what there is to know of a contact. */
import { sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { CustomField } from '../contact-records.ts'
import type { Scope } from '../records.ts'

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

export const fieldsOf = ({ workspaceId }: Pick<Scope, 'workspaceId'>) =>
  query<StoredField>(sql`SELECT id, name, name_key, kind, choices, version FROM custom_fields
    WHERE workspace_id = ${workspaceId} ORDER BY position, name_key LIMIT ${MOST_FIELDS}`)

export const toField = ({ name_key, choices, ...field }: StoredField): CustomField => ({
  ...field,
  nameKey: name_key,
  choices: JSON.parse(choices),
})
