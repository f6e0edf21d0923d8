/** How an inbox is connected to its provider: stored, changed, told to its neighbours. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import { isOfDemonstration } from '../demonstration-ids.ts'
import type { ChannelName, InboxStatus, Scope } from '../records.ts'
import { stillAllowed } from './visibility.ts'

export interface ConnectionRow {
  id: string
  channel: ChannelName
  name: string
  address: string
  external_account_id: string
  webhook_key: string
  status: InboxStatus
  status_reason: string | null
  /** Sealed. */
  credentials: string
  /** JSON: channels/channel.ts, InboxSettings. */
  settings: string
  /** JSON: domain/checkup.ts, Looked; null: nobody has looked yet. */
  checkup: string | null
  checked_at: number | null
  version: number
}

/** A number of the demonstration has none: there is nobody to connect it to. */
export const connectionOf = ({ workspaceId }: Scope, id: string) =>
  query<ConnectionRow>(sql`SELECT id, channel, name, address, external_account_id, webhook_key, status, status_reason, credentials,
      settings, checkup, checked_at, version
    FROM inboxes WHERE workspace_id = ${workspaceId} AND id = ${isOfDemonstration(id) ? null : id} AND status <> 'removed'`)

export interface NewInbox {
  id: string
  channel: ChannelName
  name: string
  accountId: string
  appId: string | null
  webhookKey: string
  credentials: string
  settings: string
  now: number
}

/** Guard: the actor may still administrate, and nobody anywhere has connected this account. */
export const isConnectable = (actor: Scope, { id, channel, accountId }: NewInbox) => sql`(${stillAllowed(actor)}
  AND NOT EXISTS (SELECT 1 FROM inboxes WHERE channel = ${channel} AND external_account_id = ${accountId})
  AND NOT EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${actor.workspaceId} AND id = ${id}))`

export const storeInbox = (actor: Scope, inbox: NewInbox, guard: SQL) => sql`
  INSERT INTO inboxes (workspace_id, id, channel, name, external_account_id, address, provider_app_id, webhook_key, credentials, settings, created_at)
  SELECT ${actor.workspaceId}, ${inbox.id}, ${inbox.channel}, ${inbox.name}, ${inbox.accountId}, ${inbox.accountId}, ${inbox.appId},
    ${inbox.webhookKey}, ${inbox.credentials}, ${inbox.settings}, ${inbox.now}
  WHERE ${guard} ON CONFLICT DO NOTHING`

/** The other inboxes of that app may be called for this one, and those of the app before it no longer: their gateways hear of it. */
export const tellSiblings = (
  actor: Scope,
  of: { channel: ChannelName; appId: string | null; exceptId: string },
  guard: SQL,
) => sql`UPDATE inboxes SET version = version + 1
  WHERE workspace_id = ${actor.workspaceId} AND channel = ${of.channel} AND id <> ${of.exceptId} AND ${guard}
    AND provider_app_id IN (${of.appId}, (SELECT provider_app_id FROM inboxes WHERE workspace_id = ${actor.workspaceId} AND id = ${of.exceptId}))`

export interface ConnectionChange {
  id: string
  /** As the page showed it. */
  version: number
  appId: string | null
  credentials: string
  settings: string
}

export const mayBeReconnected = (actor: Scope, { id, version }: ConnectionChange) => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND version = ${version}))`

/** A paused one stays paused: that is somebody's decision. */
export const changeConnection = (actor: Scope, change: ConnectionChange, guard: SQL) => sql`
  UPDATE inboxes SET credentials = ${change.credentials}, settings = ${change.settings}, provider_app_id = ${change.appId},
    status = CASE WHEN status = 'paused' THEN status ELSE 'active' END, status_reason = NULL, version = version + 1
  WHERE workspace_id = ${actor.workspaceId} AND id = ${change.id} AND ${guard}`

export interface InboxTrouble {
  /** Answers that wait to leave; capped at 100. */
  queued: number
  /** Answers of which nobody knows whether they arrived; capped at 100. */
  unknown: number
}

/** How an inbox's outbox stands. */
export const outboxOf = ({ workspaceId }: Scope, inboxId: string) => {
  const attempts = sql`SELECT 1 FROM send_attempts WHERE inbox_id = ${inboxId} AND workspace_id = ${workspaceId}`
  return query<InboxTrouble>(sql`SELECT
    (SELECT count(*) FROM (${attempts} AND state IN ('queued', 'sending') LIMIT 100)) AS queued,
    (SELECT count(*) FROM (${attempts} AND state = 'unknown' LIMIT 100)) AS unknown`)
}

/** The newest conversation here in which the customer wrote, for a first answer; null: nobody has written yet. */
export const newestHeard = ({ workspaceId }: Scope, inboxId: string) =>
  query<{ id: string; contact_name: string | null; last_incoming_at: number }>(sql`
    SELECT c.id, coalesce(k.name, k.profile_name, k.phone) AS contact_name, c.last_incoming_at
    FROM conversations c JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
    WHERE c.workspace_id = ${workspaceId} AND c.inbox_id = ${inboxId} AND c.status <> 'closed' AND c.last_incoming_at IS NOT NULL
    ORDER BY c.last_at DESC, c.id DESC LIMIT 1`)

/** What the account told of itself, the newest first. */
export const accountNews = ({ workspaceId }: Scope, inboxId: string) =>
  query<{ payload: string; received_at: number }>(sql`SELECT payload, received_at FROM kept_events
    WHERE workspace_id = ${workspaceId} AND inbox_id = ${inboxId} AND kind = 'account' ORDER BY received_at DESC LIMIT 5`)
