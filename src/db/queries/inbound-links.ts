/** Addresses that turn out to be one person's: the older principal stays, and whatever hung on the other hangs on it. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import { mergeOnWord, type OnWord, type Pair } from './contact-merges.ts'
import { type InboxRef, listOf } from './inbound.ts'
import { principalOf } from './inbound-people.ts'

/** Who has the first of `known` that anybody has. */
export const knownPerson = (inbox: InboxRef, known: string[]) =>
  sql`SELECT id, contact_id FROM identities WHERE workspace_id = ${inbox.workspaceId}
    AND id = ${principalOf(inbox, { externalIds: known, phone: null })}`

/** From now on these addresses are that person's too; one that somebody has already stays theirs until the two are made one. */
export const storeAddresses = (
  inbox: InboxRef,
  { known, also, phone }: { known: string[]; also: { id: string; externalId: string }[]; phone: string | null },
  now: number,
): SQL[] =>
  also.map(
    ({
      id,
      externalId,
    }) => sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, phone, created_at)
      SELECT p.workspace_id, ${id}, p.contact_id, p.inbox_id, p.id, ${externalId}, ${phone}, ${now} FROM identities p
      WHERE p.workspace_id = ${inbox.workspaceId} AND p.id = ${principalOf(inbox, { externalIds: known, phone: null })}
      ON CONFLICT (inbox_id, external_id) DO NOTHING`,
  )

export interface Principal {
  id: string
  contact_id: string
}

/** Those of these identities that conversations hang on, the oldest first. */
export const principalsAmong = (inbox: InboxRef, ids: string[]) =>
  query<Principal>(sql`SELECT id, contact_id FROM identities WHERE workspace_id = ${inbox.workspaceId} AND id IN ${listOf(ids)}
    AND inbox_id = ${inbox.id} AND principal_id = id ORDER BY created_at, id`)

export interface Link {
  kept: Principal
  other: Principal
  /** Ids for the line in the thread that is closed, for the merge of the contacts, and for what that closes. */
  lineId: string
  mergeId: string
  lineIds: string[]
}

/**
 * Two principals become one. Of two open conversations the one that was quiet for longer is closed; what was unread and
 * waited in it goes on waiting in the other. The last statement makes the guard false.
 */
export function unite(inbox: InboxRef, { kept, other, lineId, mergeId, lineIds }: Link, now: number): SQL[] {
  const { workspaceId } = inbox
  const going = sql`(SELECT count(*) FROM identities WHERE workspace_id = ${workspaceId} AND id IN (${kept.id}, ${other.id})
    AND principal_id = id) = 2 AND ${kept.id} <> ${other.id}`
  const open = sql`FROM conversations WHERE inbox_id = ${inbox.id} AND identity_id IN (${kept.id}, ${other.id}) AND status <> 'closed'`
  const both = sql`(SELECT count(*) ${open}) = 2`
  const quiet = sql`(SELECT id ${open} ORDER BY last_at, opened_at, id LIMIT 1)`
  const lively = sql`(SELECT id ${open} ORDER BY last_at DESC, opened_at DESC, id DESC LIMIT 1)`
  const closing = sql`(SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${lineId})`
  const pair = { id: mergeId, keptId: kept.contact_id, mergedId: other.contact_id }
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, occurred_at, ingest_ord, seq, raw, created_at)
      SELECT ${workspaceId}, ${lineId}, c.id, c.inbox_id, 'activity', 'outgoing', 'closed', ${now}, c.seq + 1, c.seq + 1, '{"reason":null}', ${now}
      FROM conversations c WHERE c.workspace_id = ${workspaceId} AND c.id = ${quiet} AND ${both} AND ${going} ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations AS c SET seq = c.seq + 1, unread = c.unread + q.unread,
        waiting_since = min(coalesce(c.waiting_since, q.waiting_since), coalesce(q.waiting_since, c.waiting_since)),
        last_incoming_at = nullif(max(coalesce(c.last_incoming_at, 0), coalesce(q.last_incoming_at, 0)), 0),
        last_ad_at = nullif(max(coalesce(c.last_ad_at, 0), coalesce(q.last_ad_at, 0)), 0)
      FROM (SELECT * FROM conversations WHERE workspace_id = ${workspaceId} AND id = ${closing} AND status <> 'closed') q
      WHERE c.workspace_id = ${workspaceId} AND c.id = ${lively} AND c.id <> q.id AND ${going}`,
    sql`UPDATE conversations SET seq = seq + 1, version = version + 1, status = 'closed', closed_at = ${now}, unread = 0, waiting_since = NULL,
        snoozed_until = NULL
      WHERE workspace_id = ${workspaceId} AND id = ${closing} AND status <> 'closed' AND ${going}`,
    sql`UPDATE conversations SET imported = 0 WHERE inbox_id = ${inbox.id} AND identity_id = ${other.id} AND imported = 1 AND ${going}
      AND EXISTS (SELECT 1 FROM conversations k WHERE k.inbox_id = ${inbox.id} AND k.identity_id = ${kept.id} AND k.imported = 1)`,
    sql`UPDATE conversations SET identity_id = ${kept.id} WHERE workspace_id = ${workspaceId} AND identity_id = ${other.id} AND ${going}`,
    ...(pair.keptId === pair.mergedId ? [] : mergeOnWord(workspaceId, pair, going, { lineIds, now })),
    sql`UPDATE identities SET principal_id = ${kept.id} WHERE workspace_id = ${workspaceId} AND principal_id = ${other.id} AND ${going}`,
  ]
}

/**
 * A person who hid their number until now, and somebody who is known by it, in whatever inbox: the older first. Whoever
 * has another number is another person.
 */
export const namesakesOf = (inbox: InboxRef, { externalIds, phone }: { externalIds: string[]; phone: string }) =>
  sql`SELECT k.id FROM contacts k,
      (SELECT c.id, c.phone FROM identities i JOIN contacts c ON c.workspace_id = i.workspace_id AND c.id = i.contact_id
        WHERE i.workspace_id = ${inbox.workspaceId} AND i.id = ${principalOf(inbox, { externalIds, phone: null })}) o
    WHERE k.workspace_id = ${inbox.workspaceId} AND o.phone IS NULL AND (k.id = o.id OR k.id = (
      SELECT coalesce(merged_into_id, id) FROM contacts WHERE workspace_id = ${inbox.workspaceId} AND phone = ${phone}))
    ORDER BY k.created_at, k.id`

/** Two contacts are one by their number: what was the younger's is the older's. */
export const uniteContacts = ({ workspaceId }: InboxRef, pair: Pair, onWord: OnWord): SQL[] =>
  mergeOnWord(workspaceId, pair, sql`1`, onWord)

/** The person has this number from now on, unless it is known as somebody else's. */
export function giveNumber({ workspaceId }: InboxRef, identityId: string, phone: string): SQL[] {
  const contact = sql`(SELECT contact_id FROM identities WHERE workspace_id = ${workspaceId} AND id = ${identityId})`
  return [
    sql`UPDATE contacts SET phone = NULL WHERE workspace_id = ${workspaceId} AND phone = ${phone} AND merged_into_id = ${contact}`,
    sql`UPDATE contacts SET phone = ${phone}, name_key = CASE WHEN name IS NULL AND profile_name IS NULL THEN ${phone} ELSE name_key END
      WHERE workspace_id = ${workspaceId} AND id = ${contact} AND phone IS NOT ${phone}
        AND NOT EXISTS (SELECT 1 FROM contacts o WHERE o.workspace_id = ${workspaceId} AND o.phone = ${phone})`,
  ]
}
