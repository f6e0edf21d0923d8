/** Inboxes, as the sweep of a whole deployment sees them. */
import { sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { ChannelName } from '../records.ts'

export interface SweptInbox {
  workspace_id: string
  id: string
  channel: ChannelName
  external_account_id: string
  provider_app_id: string | null
  webhook_key: string
  status: 'active' | 'paused' | 'needs_reauth'
  department_id: string | null
  credentials: string
  version: number
  gateway_version: number
  /** Something of it is queued or being sent. */
  waiting: number
}

export const inboxesToSweep = query<SweptInbox>(sql`
  SELECT * FROM (
    SELECT i.workspace_id, i.id, i.channel, i.external_account_id, i.provider_app_id, i.webhook_key, i.status, i.department_id,
      i.credentials, i.version, i.gateway_version,
      EXISTS (SELECT 1 FROM send_attempts s WHERE s.inbox_id = i.id AND s.state IN ('queued', 'sending')) AS waiting
    FROM inboxes i)
  WHERE gateway_version < version OR waiting`)

/** All accounts: an event for a sibling of the same app may come to any of its addresses. */
export const siblingsOf = query<{
  workspace_id: string
  id: string
  channel: ChannelName
  provider_app_id: string | null
  external_account_id: string
  webhook_key: string
}>(
  sql`SELECT workspace_id, id, channel, provider_app_id, external_account_id, webhook_key FROM inboxes WHERE provider_app_id IS NOT NULL`,
)

export const storeGatewayVersion = ({ workspace_id, id }: Pick<SweptInbox, 'workspace_id' | 'id'>, version: number) =>
  sql`UPDATE inboxes SET gateway_version = ${version} WHERE workspace_id = ${workspace_id} AND id = ${id} AND gateway_version < ${version}`
