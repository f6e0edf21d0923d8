/** Numbers as the settings show them: what the tables say, and what their gateways do. */
import type { Context } from 'hono'
import { MOST_IN_OUTBOX, type OutboxRow, outboxRows } from '../db/queries/inbox-states.ts'
import type { InboxRow } from '../db/queries/inboxes.ts'
import type { StoredLink } from '../db/queries/links.ts'
import { ENDS_SOON_MS } from '../domain/access.ts'
import type { GatewayHealth } from '../domain/gateway-health.ts'
import type { InboxEntry } from '../views/settings-inboxes.tsx'
import { healthOf } from './inbox-health.ts'
import type { RouteEnv } from './route-env.ts'

const DAY = 86_400_000

/** To be read along with the rows. */
export const outboxesNow = ({ var: { app, viewer } }: Context<RouteEnv>) => outboxRows(viewer, app.now() - DAY)

export async function withHealth(c: Context<RouteEnv>, rows: InboxRow[], outboxes: OutboxRow[]): Promise<InboxEntry[]> {
  const health = await healthOf(
    c.env,
    rows.map((row) => row.webhook_key),
  )
  const outboxOf = new Map(outboxes.map(({ id, ...outbox }) => [id, outbox]))
  return rows.map((row) => ({
    ...toInbox(row, health.get(row.webhook_key) ?? null, c.var.app.now() + ENDS_SOON_MS),
    outbox: { ...(outboxOf.get(row.id) ?? { queued: 0, queuedAt: null, unknown: 0, failed: 0 }), most: MOST_IN_OUTBOX },
  }))
}

const toInbox = (row: InboxRow, health: GatewayHealth | null, soon: number): Omit<InboxEntry, 'outbox'> => ({
  id: row.id,
  channel: row.channel,
  name: row.name,
  address: row.address,
  status: row.status,
  statusReason: row.status_reason,
  departmentId: row.department_id,
  departmentName: row.department_name,
  agents: row.agents,
  version: row.version,
  link: row.link === null ? null : (JSON.parse(row.link) as StoredLink),
  accessEndsAt: row.access_ends_at !== null && row.access_ends_at < soon ? row.access_ends_at : null,
  health,
})
