/** Who it is that an event speaks of: found, or made, and called as they call themselves. */
import { type SQL, sql } from 'drizzle-orm'
import type { InboxRef } from './inbound.ts'

export interface StoredPeer {
  /** First the one to look up first. */
  externalIds: string[]
  phone: string | null
  profileName: string | null
  /** That name, folded. */
  profileKey: string
  username: string | null
}

/** Ids for what the event may turn out to need; one that is not needed is thrown away. */
export interface FreshIds {
  contact: string
  conversation: string
  /** One for each of the peer's external ids. */
  identities: string[]
}

/** The identity that conversations hang on: found by the first address that is known, then by the phone. */
export function principalOf(inbox: InboxRef, { externalIds, phone }: Pick<StoredPeer, 'externalIds' | 'phone'>): SQL {
  const found = [
    ...externalIds.map(
      (externalId) =>
        sql`(SELECT principal_id FROM identities WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`,
    ),
    ...(phone
      ? [
          sql`(SELECT principal_id FROM identities WHERE inbox_id = ${inbox.id} AND phone = ${phone} ORDER BY created_at, id LIMIT 1)`,
        ]
      : []),
    sql`NULL`,
  ]
  return sql`coalesce(${sql.join(found, sql`, `)})`
}

/** Who the person is: by address, then by phone anywhere in the workspace, else somebody new. */
export function contactOf(inbox: InboxRef, peer: StoredPeer, orNew: string | SQL): SQL {
  const byPhone = peer.phone
    ? sql`(SELECT coalesce(merged_into_id, id) FROM contacts WHERE workspace_id = ${inbox.workspaceId} AND phone = ${peer.phone}),`
    : sql``
  return sql`coalesce((SELECT contact_id FROM identities WHERE workspace_id = ${inbox.workspaceId} AND id = ${principalOf(inbox, peer)}),
    ${byPhone} ${orNew})`
}

/** The person with all of their addresses, made where they are not known yet. */
export function storePeer(inbox: InboxRef, peer: StoredPeer, fresh: FreshIds, guard: SQL, now: number): SQL[] {
  const { workspaceId } = inbox
  const principal = principalOf(inbox, peer)
  const contact = contactOf(inbox, peer, fresh.contact)
  return [
    sql`INSERT INTO contacts (workspace_id, id, name_key, phone, created_at)
      SELECT ${workspaceId}, ${fresh.contact}, ${peer.phone ?? ''}, ${peer.phone}, ${now} WHERE ${guard} AND ${contact} = ${fresh.contact}`,
    ...peer.externalIds.map(
      (
        externalId,
        at,
      ) => sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, phone, username, created_at)
        SELECT ${workspaceId}, ${fresh.identities[at]}, ${contact}, ${inbox.id}, coalesce(${principal}, ${fresh.identities[at]}), ${externalId},
          ${peer.phone}, ${at === 0 ? peer.username : null}, ${now}
        WHERE ${guard} ON CONFLICT (inbox_id, external_id) DO NOTHING`,
    ),
    ...(peer.phone ? [learnPhone(inbox, peer, guard, contact)] : []),
    ...(peer.username ? [learnUsername(inbox, peer, guard)] : []),
  ]
}

const learnUsername = (inbox: InboxRef, { externalIds, username }: StoredPeer, guard: SQL) =>
  sql`UPDATE identities SET username = ${username}
    WHERE ${guard} AND inbox_id = ${inbox.id} AND external_id = ${externalIds[0] ?? ''} AND username IS NOT ${username}`

function learnPhone(inbox: InboxRef, peer: StoredPeer, guard: SQL, contact: SQL): SQL {
  return sql`UPDATE contacts SET phone = ${peer.phone}, name_key = CASE WHEN name_key = '' THEN ${peer.phone} ELSE name_key END
    WHERE ${guard} AND workspace_id = ${inbox.workspaceId} AND id = ${contact} AND phone IS NULL
    AND NOT EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${inbox.workspaceId} AND phone = ${peer.phone})`
}

/** When it was last said what the contact calls themselves; of a row named as given. */
export const namedAtOf = (contact: SQL) =>
  sql`max(${contact}.profile_name_at, coalesce((SELECT max(named_at) FROM conversations n
    WHERE n.workspace_id = ${contact}.workspace_id AND n.contact_id = ${contact}.id), 0))`

/**
 * The newest message says what the person calls themselves, in whatever order they come; of two at once, the greater name.
 * That it was said again is written with the conversation, which is written anyway.
 */
export function callThemselves(inbox: InboxRef, peer: StoredPeer, guard: SQL, contact: SQL, t: number): SQL {
  const saidAt = namedAtOf(sql`contacts`)
  return sql`UPDATE contacts SET profile_name = ${peer.profileName}, profile_name_at = ${t},
      name_key = CASE WHEN name IS NULL THEN ${peer.profileKey} ELSE name_key END
    WHERE ${guard} AND workspace_id = ${inbox.workspaceId} AND id = ${contact} AND profile_name IS NOT ${peer.profileName}
      AND (${t} > ${saidAt} OR ${t} = ${saidAt} AND (profile_name IS NULL OR profile_name < ${peer.profileName}))`
}

/** Which principals these addresses have in the inbox: more than one, and one person was taken for several. */
export const principalsOf = (inbox: InboxRef, { externalIds, phone }: Pick<StoredPeer, 'externalIds' | 'phone'>) =>
  sql`SELECT DISTINCT principal_id FROM (${sql.join(
    [
      ...externalIds.map(
        (externalId) =>
          sql`SELECT principal_id FROM identities WHERE inbox_id = ${inbox.id} AND external_id = ${externalId}`,
      ),
      ...(phone ? [sql`SELECT principal_id FROM identities WHERE inbox_id = ${inbox.id} AND phone = ${phone}`] : []),
    ],
    sql` UNION ALL `,
  )})`
