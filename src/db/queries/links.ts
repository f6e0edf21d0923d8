/** How a number stands with its phone: kept beside what the last look at its provider found, in the same JSON. */
import { type SQL, sql } from 'drizzle-orm'
import type { LinkState } from '../../channels/channel.ts'
import { query } from '../client.ts'
import type { InboxRef } from './inbound.ts'

/** As it is stored. */
export interface StoredLink {
  state: LinkState
  /** Since when it is so; and since when it has not been open, null where it is, or never was. */
  since: number
  downSince: number | null
  /** The provider's word for why. */
  code: string | null
}

export interface LinkChange {
  state: LinkState
  code: string | null
  at: number
}

const NOT_LOOKED = '{"name":null,"address":null,"quality":null,"checks":[],"resubscribed":false,"owesPast":false}'

/** In the JSON of a look: what was said while nobody told us has not been had yet. */
export const OWED = '$.owesPast'

const was = (field: string) => sql`json_extract(checkup, ${`$.link.${field}`})`

/**
 * The newest word counts. Open again after it was not: the outage becomes a row of its own, and what was said meanwhile is
 * owed; what waited goes out. Closed: nothing goes out until it is open. Running twice changes nothing more.
 */
export function storeLink({ workspaceId, id }: InboxRef, { state, code, at }: LinkChange): SQL[] {
  const own = sql`workspace_id = ${workspaceId} AND id = ${id}`
  const isNewer = sql`${at} >= coalesce(${was('at')}, 0)`
  const opens = sql`${state === 'open' ? 1 : 0} AND ${was('downSince')} IS NOT NULL`
  const downSince =
    state === 'open' ? sql`NULL` : sql`CASE WHEN ${was('state')} = 'open' THEN ${at} ELSE ${was('downSince')} END`
  const link = sql`json_object('state', ${state}, 'code', coalesce(${code}, CASE WHEN ${was('state')} = ${state} THEN ${was('code')} END), 'at', ${at}, 'downSince', ${downSince},
    'since', CASE WHEN ${was('state')} = ${state} THEN ${was('since')} ELSE ${at} END)`
  const status = { open: 'needs_reauth', closed: 'active', connecting: '', waiting: '' }[state]
  const becomes = state === 'open' ? 'active' : 'needs_reauth'
  return [
    storeOutage(sql`${own} AND ${opens} AND ${isNewer}`, { from: was('downSince'), to: at }),
    sql`UPDATE inboxes SET checkup = json_set(coalesce(checkup, ${NOT_LOOKED}), '$.link', ${link},
        ${OWED}, json(CASE WHEN ${opens} OR json_extract(checkup, ${OWED}) THEN 'true' ELSE 'false' END))
      WHERE ${own} AND ${isNewer}`,
    sql`UPDATE inboxes SET status = ${becomes}, status_reason = ${state === 'open' ? null : (code ?? 'disconnected')}, version = version + 1
      WHERE ${own} AND status = ${status} AND ${was('at')} = ${at}`,
  ]
}

export const linkOf = ({ workspaceId, id }: InboxRef) =>
  query<{
    link: string | null
    status: string
    owed: number | null
  }>(sql`SELECT json_extract(checkup, '$.link') AS link, status,
      json_extract(checkup, ${OWED}) AS owed
    FROM inboxes WHERE workspace_id = ${workspaceId} AND id = ${id}`)

/** Of those inboxes, as they are before they are told that the outage is over; none where there is no `from`. */
export const storeOutage = (those: SQL, { from, to }: { from: SQL; to: number }) =>
  sql`INSERT INTO kept_events (workspace_id, inbox_id, dedupe_key, kind, payload, received_at)
    SELECT workspace_id, id, 'outage:' || ${from}, 'outage', json_object('from', ${from}, 'to', ${to}), ${to}
    FROM inboxes WHERE ${those} AND ${from} IS NOT NULL ON CONFLICT DO NOTHING`

export interface Outage {
  from: number
  to: number
  /** What it had kept from us; null: it has not been asked for yet. */
  messages: number | null
}

const OUTAGES = ({ workspaceId, id }: InboxRef) => sql`FROM kept_events
  WHERE workspace_id = ${workspaceId} AND inbox_id = ${id} AND kind = 'outage'`

export const newestOutages = (inbox: InboxRef, most: number) =>
  query<{ payload: string }>(sql`SELECT payload ${OUTAGES(inbox)} ORDER BY received_at DESC LIMIT ${most}`)

/** When the first of the outages began whose messages nobody has asked for; null: there is none. */
export const owedSince = (inbox: InboxRef) =>
  query<{ since: number | null }>(
    sql`SELECT min(json_extract(payload, '$.from')) AS since ${OUTAGES(inbox)} AND json_extract(payload, '$.messages') IS NULL`,
  )

/** All of the past until then was had: the newest of what was owed says how much it was. */
export function storeRecovered(inbox: InboxRef, { messages, until }: { messages: number; until: number }): SQL {
  const owed = sql`${OUTAGES(inbox)} AND received_at <= ${until} AND json_extract(payload, '$.messages') IS NULL`
  return sql`UPDATE kept_events SET payload = json_set(payload, '$.messages',
      CASE WHEN received_at = (SELECT max(received_at) ${owed}) THEN ${messages} ELSE 0 END)
    WHERE dedupe_key IN (SELECT dedupe_key ${owed}) AND inbox_id = ${inbox.id}`
}

/** Nothing is owed any more, unless there was another outage while this was asked for. */
export const storeCaughtUp = (inbox: InboxRef) =>
  sql`UPDATE inboxes SET checkup = json_set(checkup, ${OWED}, json(CASE WHEN EXISTS (
      SELECT 1 ${OUTAGES(inbox)} AND json_extract(payload, '$.messages') IS NULL) THEN 'true' ELSE 'false' END))
    WHERE workspace_id = ${inbox.workspaceId} AND id = ${inbox.id}`
