/** Inboxes: as the sweep of a whole deployment sees them, and as administrators do. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { ChannelName, InboxStatus, Scope } from '../records.ts'
import { OWED, storeOutage } from './links.ts'
import { HAS_FILES_TO_MOVE } from './media.ts'
import { stillAllowed } from './visibility.ts'

export interface SweptInbox {
  workspace_id: string
  id: string
  channel: ChannelName
  external_account_id: string
  provider_app_id: string | null
  webhook_key: string
  status: InboxStatus
  credentials: string
  /** JSON: channels/channel.ts, InboxSettings. */
  settings: string
  version: number
  gateway_version: number
  replay_since: number | null
  /** Something of it is queued or being sent. */
  waiting: number
  /** Files of its messages are to be fetched, or removed. */
  fetching: number
}

/** Of one workspace, or of the whole deployment: those whose gateway has not heard the newest, or has something to send or to fetch. */
export const inboxesToSweep = (workspaceId: string | null) =>
  query<SweptInbox>(sql`
  SELECT * FROM (
    SELECT i.workspace_id, i.id, i.channel, i.external_account_id, i.provider_app_id, i.webhook_key, i.status,
      i.credentials, i.settings, i.version, i.gateway_version, i.replay_since,
      EXISTS (SELECT 1 FROM send_attempts s WHERE s.inbox_id = i.id AND s.state IN ('queued', 'sending')) AS waiting,
      ${HAS_FILES_TO_MOVE} AS fetching
    FROM inboxes i ${workspaceId === null ? sql`` : sql`WHERE i.workspace_id = ${workspaceId}`})
  WHERE gateway_version < version OR replay_since IS NOT NULL OR waiting OR fetching`)

/** All accounts: an event for a sibling of the same app may come to any of its addresses. */
export const siblingsOf = query<{
  workspace_id: string
  id: string
  channel: ChannelName
  provider_app_id: string | null
  external_account_id: string
  webhook_key: string
}>(
  sql`SELECT workspace_id, id, channel, provider_app_id, external_account_id, webhook_key FROM inboxes
    WHERE provider_app_id IS NOT NULL AND status <> 'removed'`,
)

export const storeGatewayVersion = ({ workspace_id, id }: Pick<SweptInbox, 'workspace_id' | 'id'>, version: number) =>
  sql`UPDATE inboxes SET gateway_version = ${version} WHERE workspace_id = ${workspace_id} AND id = ${id} AND gateway_version < ${version}`

export const storeReplayed = ({ workspace_id, id, replay_since }: SweptInbox) =>
  sql`UPDATE inboxes SET replay_since = NULL WHERE workspace_id = ${workspace_id} AND id = ${id} AND replay_since = ${replay_since}`

export interface InboxRef {
  workspaceId: string
  id: string
}

export const statusOf = ({ workspaceId, id }: InboxRef) =>
  query<Pick<SweptInbox, 'status'>>(sql`SELECT status FROM inboxes WHERE workspace_id = ${workspaceId} AND id = ${id}`)

export interface FoundCheckup {
  /** JSON of domain/checkup.ts, Looked. */
  checkup: string
  address: string | null
  /** The provider tells us of messages, from now on or still. */
  told: boolean
  /** What it did not tell us can be asked for. */
  keepsPast: boolean
}

/**
 * What is owed of the past stays owed until it was had; the last statement answers whether it is. A provider that had
 * forgotten us leaves an outage, which began when it was last seen to tell us.
 */
export function storeCheckup(
  { workspaceId, id }: InboxRef,
  { checkup, address, told, keepsPast }: FoundCheckup,
  now: number,
): SQL[] {
  const own = sql`workspace_id = ${workspaceId} AND id = ${id}`
  const resubscribed = sql`json_extract(${checkup}, '$.resubscribed')`
  const owed = sql`json(iif(${resubscribed} OR json_extract(checkup, ${OWED}), 'true', 'false'))`
  const toldUntil = told ? sql`${now}` : sql`json_extract(checkup, ${TOLD_UNTIL})`
  const found = sql`json_set(${checkup}, ${OWED}, ${owed}, ${TOLD_UNTIL}, ${toldUntil})`
  // How it stands with its phone is known from elsewhere, and stays beside it.
  const link = sql`json_extract(checkup, '$.link')`
  return [
    ...(keepsPast
      ? [storeOutage(sql`${own} AND ${resubscribed}`, { from: sql`json_extract(checkup, ${TOLD_UNTIL})`, to: now })]
      : []),
    sql`UPDATE inboxes SET checked_at = ${now}, address = coalesce(${address}, address),
        checkup = CASE WHEN ${link} IS NULL THEN ${found} ELSE json_set(${found}, '$.link', json(${link})) END
      WHERE ${own} RETURNING json_extract(checkup, ${OWED}) AS owed`,
  ]
}

const TOLD_UNTIL = '$.toldUntil'

/** Nothing where somebody saved others meanwhile, or where it was removed. */
export const storeAccess = ({ workspaceId, id }: InboxRef, sealed: { from: string; to: string }) =>
  sql`UPDATE inboxes SET credentials = ${sealed.to}, version = version + 1
    WHERE workspace_id = ${workspaceId} AND id = ${id} AND credentials = ${sealed.from} AND status <> 'removed'`

export const storeUnchecked = ({ workspace_id, id }: DueInbox, now: number) =>
  sql`UPDATE inboxes SET checked_at = ${now} WHERE workspace_id = ${workspace_id} AND id = ${id}`

export type DueInbox = Pick<SweptInbox, 'workspace_id' | 'id' | 'webhook_key'>

export interface Care {
  channels: ChannelName[]
  /** Those of them whose numbers stay on a phone, and may be back at any time. */
  linked: ChannelName[]
  /** Looked at last before then; of one that is not well, before this. */
  before: number
  soonBefore: number
}

/** Connected ones that nobody looked at for so long, the longest first; sooner where a phone is away, or a past is owed. */
export const inboxesToCheck = ({ channels, linked, before, soonBefore }: Care, most: number) =>
  query<DueInbox>(sql`SELECT workspace_id, id, webhook_key FROM inboxes
    WHERE gateway_version > 0 AND channel IN ${channels} AND (
      status = 'active' AND coalesce(checked_at, 0) < ${before}
      OR status IN ('active', 'needs_reauth') AND channel IN ${linked} AND coalesce(checked_at, 0) < ${soonBefore}
        AND (status = 'needs_reauth' OR json_extract(checkup, ${OWED}) OR json_extract(checkup, '$.link.state') <> 'open'))
    ORDER BY coalesce(checked_at, 0), id LIMIT ${most}`)

/** A number as administrators see it. */
export interface InboxRow {
  id: string
  channel: ChannelName
  name: string
  address: string
  status: InboxStatus
  status_reason: string | null
  department_id: string | null
  department_name: string | null
  /** How many may use it, beside those who use all. */
  agents: number
  version: number
  /** JSON: queries/links.ts, StoredLink; null: it stays on no phone. */
  link: string | null
  /** Until when the provider lets us in; null: for ever, or nobody says. */
  access_ends_at: number | null
  /** Names its gateway; never on a page. */
  webhook_key: string
}

const INBOX_ROWS = sql`
  SELECT i.id, i.channel, i.name, i.address, i.status, i.status_reason, i.department_id, d.name AS department_name,
    coalesce(n.agents, 0) AS agents, i.version, i.webhook_key,
    json_extract(i.checkup, '$.link') AS link, json_extract(i.checkup, '$.accessEndsAt') AS access_ends_at
  FROM inboxes i LEFT JOIN departments d ON d.workspace_id = i.workspace_id AND d.id = i.department_id`

export const inboxRows = ({ workspaceId }: Scope) =>
  query<InboxRow>(sql`${INBOX_ROWS}
    LEFT JOIN (SELECT inbox_id, count(*) AS agents FROM inbox_agents WHERE workspace_id = ${workspaceId} GROUP BY inbox_id) n
      ON n.inbox_id = i.id
    WHERE i.workspace_id = ${workspaceId} AND i.status <> 'removed' ORDER BY i.name COLLATE NOCASE, i.id`)

export const inboxFor = ({ workspaceId }: Scope, id: string) =>
  query<InboxRow>(sql`${INBOX_ROWS}
    LEFT JOIN (SELECT inbox_id, count(*) AS agents FROM inbox_agents
      WHERE workspace_id = ${workspaceId} AND inbox_id = ${id} GROUP BY inbox_id) n ON n.inbox_id = i.id
    WHERE i.workspace_id = ${workspaceId} AND i.id = ${id} AND i.status <> 'removed'`)

export interface InboxChange {
  id: string
  name: string
  departmentId: string | null
  /** As the page showed it: somebody else may have changed it since. */
  version: number
}

/** Guard: the actor may still administrate, nobody changed it meanwhile, and the department is there. */
export const mayBeChanged = (actor: Scope, { id, departmentId, version }: InboxChange) => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND version = ${version})
  AND ${departmentId === null ? sql`1` : sql`EXISTS (SELECT 1 FROM departments WHERE workspace_id = ${actor.workspaceId} AND id = ${departmentId})`})`

export const changeInbox = (actor: Scope, { id, name, departmentId }: InboxChange, guard: SQL) => sql`
  UPDATE inboxes SET name = ${name}, department_id = ${departmentId}, version = version + 1
  WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND ${guard}`
