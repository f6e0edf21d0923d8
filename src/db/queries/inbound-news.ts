/** What the provider tells beside messages: lines of the thread, names, templates, the account itself. */
import { type SQL, sql } from 'drizzle-orm'
import { type InboxRef, notApplied, storeApplied } from './inbound.ts'
import { contactOf, type FreshIds, principalOf, type StoredPeer, storePeer } from './inbound-people.ts'

export interface InboundNote {
  id: string
  dedupeKey: string
  what: string
  /** JSON of the content, and of what the line itself names. */
  content: string | null
  detail: Record<string, string | null> | null
  at: number
  /** A call opens the reply window as a message does. */
  opensWindow: boolean
}

/** A line of the person's newest conversation, once; where there is none, nothing. */
export function storeNote(
  inbox: InboxRef,
  peer: Pick<StoredPeer, 'externalIds' | 'phone'>,
  note: InboundNote,
  now: number,
  /** Whether it has had its effect all the same where nothing came of it. */
  heard = sql`1`,
): SQL[] {
  const { workspaceId } = inbox
  const newest = sql`(SELECT id FROM conversations WHERE workspace_id = ${workspaceId} AND identity_id = ${principalOf(inbox, peer)}
    AND imported = 0 ORDER BY status = 'closed', opened_at DESC, id DESC LIMIT 1)`
  return [
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, kind, direction, type, content, occurred_at, ingest_ord, seq, raw, created_at)
      SELECT ${workspaceId}, ${note.id}, c.id, c.inbox_id, 'activity', 'outgoing', ${note.what}, ${note.content}, ${note.at}, c.seq + 1, c.seq + 1,
        ${note.detail ? JSON.stringify(note.detail) : null}, ${now}
      FROM conversations c WHERE c.workspace_id = ${workspaceId} AND c.id = ${newest} AND ${notApplied(inbox, note.dedupeKey)}
      ON CONFLICT DO NOTHING`,
    sql`UPDATE conversations SET seq = seq + 1
        ${note.opensWindow ? sql`, last_incoming_at = max(coalesce(last_incoming_at, 0), ${note.at})` : sql``}
      WHERE workspace_id = ${workspaceId} AND ${notApplied(inbox, note.dedupeKey)}
        AND id = (SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${note.id})`,
    storeApplied(inbox, { dedupeKey: note.dedupeKey, kind: 'note' }, heard, now),
  ]
}

/** The business's name for the person, where the team has given none. Whoever is not known becomes a contact. */
export function storeAddress(
  inbox: InboxRef,
  peer: StoredPeer,
  { name, nameKey }: { name: string; nameKey: string },
  fresh: FreshIds,
  now: number,
): SQL[] {
  return [
    ...storePeer(inbox, peer, fresh, sql`1`, now),
    sql`UPDATE contacts SET name = ${name}, name_key = ${nameKey}, version = version + 1
      WHERE workspace_id = ${inbox.workspaceId} AND id = ${contactOf(inbox, peer, sql`NULL`)} AND name IS NULL`,
  ]
}

export interface InboundTemplate {
  /** A part of the row's id: the rows of one event differ by their inbox. */
  id: string
  externalId: string | null
  name: string
  language: string
  status: string
  reason: string | null
  /** The account above the number that it belongs to, where it is told. */
  businessAccountId: string | null
  at: number
}

/**
 * Of the inboxes that an event concerns, `i`: all of the account above them that it names, and this one unless that is
 * known to belong to another.
 */
const concerned = ({ workspaceId, id }: InboxRef, businessAccountId: string | null) => {
  const account = sql`json_extract(i.settings, '$.businessAccountId')`
  return businessAccountId === null
    ? sql`i.workspace_id = ${workspaceId} AND i.id = ${id}`
    : sql`i.workspace_id = ${workspaceId} AND (${account} = ${businessAccountId} OR i.id = ${id} AND ${account} IS NULL)`
}

/** The newest word on a template counts. One that was never asked for has no text yet: the next look at all of them brings it. */
export const storeTemplate = (inbox: InboxRef, template: InboundTemplate) => {
  const { id, externalId, name, language, status, reason, businessAccountId, at } = template
  return sql`INSERT INTO templates (workspace_id, id, inbox_id, external_id, name, language, category, status, status_reason, parameter_format, components, synced_at)
    SELECT i.workspace_id, ${id} || '-' || i.id, i.id, ${externalId}, ${name}, ${language}, '', ${status}, ${reason}, 'positional', '[]', ${at}
    FROM inboxes i WHERE ${concerned(inbox, businessAccountId)}
    ON CONFLICT (inbox_id, name, language) DO UPDATE SET status = excluded.status, status_reason = excluded.status_reason,
      external_id = coalesce(excluded.external_id, external_id), synced_at = excluded.synced_at
      WHERE (excluded.synced_at, excluded.status) > (templates.synced_at, templates.status)`
}

export interface Disconnected {
  dedupeKey: string
  businessAccountId: string | null
  reason: string
}

/**
 * The provider has cut the account off: nothing goes out until somebody connects it again. The version tells the sweep to
 * hand it to the gateways. Said once, by an event that is new.
 */
export const storeDisconnected = (inbox: InboxRef, { dedupeKey, businessAccountId, reason }: Disconnected) =>
  sql`UPDATE inboxes AS i SET status = 'needs_reauth', status_reason = ${reason}, version = i.version + 1
    WHERE ${concerned(inbox, businessAccountId)} AND i.status = 'active'
      AND NOT EXISTS (SELECT 1 FROM kept_events WHERE inbox_id = ${inbox.id} AND dedupe_key = ${dedupeKey})`

/** Keeps whole what has no place of its own. */
export const storeKept = (
  inbox: InboxRef,
  event: { dedupeKey: string; kind: string; payload: string; receivedAt: number },
) =>
  sql`INSERT INTO kept_events (workspace_id, inbox_id, dedupe_key, kind, payload, received_at)
    VALUES (${inbox.workspaceId}, ${inbox.id}, ${event.dedupeKey}, ${event.kind}, ${event.payload}, ${event.receivedAt})
    ON CONFLICT DO NOTHING`
