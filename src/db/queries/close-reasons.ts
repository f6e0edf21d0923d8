/** Why conversations are ended, in the workspace's own words. A conversation keeps the words that it was ended with. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { MOST_COUNTED } from './departments.ts'
import { stillAllowed } from './visibility.ts'

export const closeReasonRows = ({ workspaceId }: Scope) =>
  query<{ id: string; name: string }>(
    sql`SELECT id, name FROM close_reasons WHERE workspace_id = ${workspaceId} ORDER BY name_key`,
  )

export const closeReasonFor = ({ workspaceId }: Scope, id: string) =>
  query<{ id: string; name: string; farewell: string | null }>(
    sql`SELECT id, name, farewell FROM close_reasons WHERE workspace_id = ${workspaceId} AND id = ${id}`,
  )

/** Guard: it is still offered with the words that the page showed. */
export const maySetFarewell = (actor: Scope, id: string, was: string) => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM close_reasons WHERE workspace_id = ${actor.workspaceId} AND id = ${id} AND coalesce(farewell, '') = ${was}))`

export const storeFarewell = ({ workspaceId }: Scope, id: string, farewell: string | null, guard: SQL) =>
  sql`UPDATE close_reasons SET farewell = ${farewell} WHERE workspace_id = ${workspaceId} AND id = ${id} AND ${guard}`

/** How many conversations were ended with the words that this reason has now; counted no further than is said. */
export const closeReasonUses = ({ workspaceId }: Scope, id: string) =>
  query<{ uses: number }>(sql`SELECT count(*) AS uses FROM (SELECT 1 FROM conversations
    WHERE workspace_id = ${workspaceId} AND close_reason =
      (SELECT name FROM close_reasons WHERE workspace_id = ${workspaceId} AND id = ${id}) LIMIT ${MOST_COUNTED + 1})`)

/** Guard: the actor may still administrate, and there is something to remove. */
export const mayRemoveReason = (actor: Scope, id: string) => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM close_reasons WHERE workspace_id = ${actor.workspaceId} AND id = ${id}))`
