/** Whether Prosa itself was there: when it last swept, and what it missed where it was not. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { ChannelName } from '../records.ts'
import { OWED, storeOutage } from './links.ts'

export const lastSweep = query<{ at: number }>(sql`SELECT at FROM last_sweep`)

export const storeSweep = (now: number): SQL =>
  sql`INSERT INTO last_sweep (id, at) VALUES (1, ${now}) ON CONFLICT (id) DO UPDATE SET at = max(at, excluded.at)`

export interface Absence {
  from: number
  to: number
  /** Whose providers do not tell again what we did not hear. */
  channels: ChannelName[]
  /** Null: of the whole deployment. */
  workspaceId: string | null
}

/** An outage of each number that was there before; what was said meanwhile is owed. Running twice changes nothing more. */
export function storeAbsence({ from, to, channels, workspaceId }: Absence): SQL[] {
  const those = sql`channel IN ${channels} AND status <> 'removed' AND created_at <= ${from}
    AND json_extract(checkup, '$.link') IS NOT NULL ${workspaceId === null ? sql`` : sql`AND workspace_id = ${workspaceId}`}`
  return [
    storeOutage(those, { from: sql`${from}`, to }),
    sql`UPDATE inboxes SET checkup = json_set(checkup, ${OWED}, json('true')) WHERE ${those}`,
  ]
}
