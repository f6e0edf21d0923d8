/** Who people are at their provider: what they are called there, and their picture in our store. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import type { InboxRef } from './inbound.ts'
import { visibleContact } from './visibility.ts'

export interface Stranger {
  id: string
  external_id: string
  contact_id: string
  picture_key: string | null
}

/** Of these addresses, those whom nobody has asked about since `before`. */
export const strangersAmong = (inbox: InboxRef, externalIds: string[], before: number) =>
  query<Stranger>(sql`SELECT i.id, i.external_id, i.contact_id, k.picture_key
    FROM identities i JOIN contacts k ON k.workspace_id = i.workspace_id AND k.id = i.contact_id
    WHERE i.inbox_id = ${inbox.id} AND i.workspace_id = ${inbox.workspaceId} AND i.external_id IN ${externalIds}
      AND (i.profile_at IS NULL OR i.profile_at < ${before})`)

export interface KnownProfile {
  name: string | null
  /** That name, folded. */
  nameKey: string
  username: string | null
  /** Null: they have none, or it could not be had; then the one we have stays. */
  pictureKey: string | null
  now: number
}

/** A name that a message told is newer than this one, and the team's own beats both. */
export const recordProfile = (
  { workspaceId }: InboxRef,
  { id, contact_id, external_id }: Stranger,
  { name, nameKey, username, pictureKey, now }: KnownProfile,
): SQL[] => [
  sql`UPDATE identities SET profile_at = ${now}, username = coalesce(${username}, username)
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND external_id = ${external_id}`,
  sql`UPDATE contacts SET profile_name = coalesce(profile_name, ${name}),
      name_key = CASE WHEN name IS NULL AND profile_name IS NULL AND ${name} IS NOT NULL THEN ${nameKey} ELSE name_key END,
      picture_key = coalesce(${pictureKey}, picture_key), picture_at = iif(${pictureKey} IS NULL, picture_at, ${now})
    WHERE workspace_id = ${workspaceId} AND id = ${contact_id} AND erased_at IS NULL`,
]

/** Whose picture it became: nobody's, where the person was erased meanwhile. */
export const hasPicture = ({ workspaceId }: InboxRef, { contact_id }: Stranger, key: string) =>
  sql`SELECT 1 AS has FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${contact_id} AND picture_key = ${key}`

/** The picture of a person whom the agent may see. */
export const pictureFor = (scope: Scope, contactId: string) =>
  query<{ picture_key: string; picture_at: number }>(sql`SELECT k.picture_key, k.picture_at FROM contacts k
    WHERE k.workspace_id = ${scope.workspaceId} AND k.id = ${contactId} AND k.picture_key IS NOT NULL AND ${visibleContact(scope)}`)
