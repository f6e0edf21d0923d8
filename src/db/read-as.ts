import { sql } from 'drizzle-orm'
import { type Db, type Query, query } from './client.ts'
import type { Scope } from './records.ts'
import { StaleScope } from './stale-scope.ts'

/**
 * Reads of one page, in one round trip with the question whether the scope that they were made with still holds. Where
 * it does not, nothing of what they answered is shown: the page is drawn again.
 */
export async function readAs<Queries extends Query<unknown>[]>(db: Db, scope: Scope, ...queries: Queries) {
  const [standing, ...rows] = await db.read(versionOf(scope), ...queries)
  if (standing[0]?.authz_version !== scope.authzVersion) throw new StaleScope()
  return rows
}

const versionOf = ({ workspaceId, agentId }: Scope) =>
  query<{ authz_version: number }>(sql`SELECT authz_version FROM agents
    WHERE workspace_id = ${workspaceId} AND id = ${agentId} AND deactivated_at IS NULL`)
