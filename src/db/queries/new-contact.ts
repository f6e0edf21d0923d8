/** Somebody new: written once for one form, and never beside the same person. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { stillAllowed, visibleContact } from './visibility.ts'

export interface KnownContact {
  id: string
  name: string | null
  phone: string | null
  visible: number
}

/** Whose number it is: of a contact, of one that became part of another, or of an address in any inbox. */
const ownerOf = ({ workspaceId }: Scope, phone: string) => sql`coalesce(
  (SELECT coalesce(merged_into_id, id) FROM contacts WHERE workspace_id = ${workspaceId} AND phone = ${phone}),
  (SELECT i.contact_id FROM inboxes x CROSS JOIN identities i ON i.inbox_id = x.id AND i.phone = ${phone}
    WHERE x.workspace_id = ${workspaceId} LIMIT 1))`

/** Whoever has this number already, and whether the agent may see them. */
export const contactWithPhone = (scope: Scope, phone: string) =>
  query<KnownContact>(sql`SELECT k.id, coalesce(k.name, k.profile_name) AS name, k.phone, ${visibleContact(scope)} AS visible
    FROM contacts k WHERE k.workspace_id = ${scope.workspaceId} AND k.id = ${ownerOf(scope, phone)}`)

/** What the agent's form has made before, if it was submitted before. */
export const contactOfClientKey = ({ workspaceId, agentId }: Scope, clientKey: string) =>
  query<{ id: string; phone: string | null }>(sql`SELECT id, phone FROM contacts
    WHERE workspace_id = ${workspaceId} AND author_id = ${agentId} AND client_key = ${clientKey}`)

export interface NewContactRow {
  id: string
  name: string
  nameKey: string
  phone: string
  clientKey: string
  now: number
}

export const insertContact = (scope: Scope, contact: NewContactRow): SQL =>
  sql`INSERT INTO contacts (workspace_id, id, name, name_key, phone, author_id, client_key, created_at)
    SELECT ${scope.workspaceId}, ${contact.id}, ${contact.name}, ${contact.nameKey}, ${contact.phone}, ${scope.agentId},
      ${contact.clientKey}, ${contact.now}
    WHERE ${stillAllowed(scope)} AND ${ownerOf(scope, contact.phone)} IS NULL ON CONFLICT DO NOTHING`
