/** Links by which a colleague chooses a new password, once. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { canBeChangedBy } from './memberships.ts'
import { stillAllowed } from './visibility.ts'

export interface NewReset {
  id: string
  agentId: string
  tokenHash: string
  now: number
  expiresAt: number
}

/** Guard: the actor may still administrate, and this colleague, who works here. */
export const mayBeReset = (
  actor: Scope,
  agentId: string,
): SQL => sql`(${stillAllowed(actor)} AND ${canBeChangedBy(actor, agentId)}
  AND EXISTS (SELECT 1 FROM agents WHERE workspace_id = ${actor.workspaceId} AND id = ${agentId} AND deactivated_at IS NULL))`

/** Whatever was made before is good for nothing any more. */
export const dropOpenResets = ({ workspaceId }: Pick<Scope, 'workspaceId'>, agentId: string, guard: SQL): SQL => sql`
  DELETE FROM password_resets WHERE workspace_id = ${workspaceId} AND agent_id = ${agentId} AND used_at IS NULL AND ${guard}`

export const storeReset = (actor: Scope, made: NewReset, guard: SQL): SQL => sql`
  INSERT INTO password_resets (workspace_id, id, agent_id, token_hash, made_by, created_at, expires_at)
  SELECT ${actor.workspaceId}, ${made.id}, ${made.agentId}, ${made.tokenHash}, ${actor.agentId}, ${made.now}, ${made.expiresAt}
  WHERE ${guard} ON CONFLICT DO NOTHING`

const isOpen = (tokenHash: string, now: number) => sql`r.token_hash = ${tokenHash} AND r.used_at IS NULL
  AND r.expires_at > ${now} AND a.deactivated_at IS NULL`

const WITH_AGENT = sql`password_resets r JOIN agents a ON a.workspace_id = r.workspace_id AND a.id = r.agent_id`

export interface OpenReset {
  id: string
  workspace_id: string
  agent_id: string
  email: string
}

/** No scope: the link is what says who may look. */
export const resetBy = (tokenHash: string, now: number) =>
  query<OpenReset>(
    sql`SELECT r.id, r.workspace_id, r.agent_id, a.email FROM ${WITH_AGENT} WHERE ${isOpen(tokenHash, now)}`,
  )

/** Guard of the first statement: of two who hold the same link, one. */
export const isOpenReset = (tokenHash: string, now: number): SQL =>
  sql`EXISTS (SELECT 1 FROM ${WITH_AGENT} WHERE ${isOpen(tokenHash, now)})`

export const useReset = (tokenHash: string, now: number, guard: SQL): SQL =>
  sql`UPDATE password_resets SET used_at = ${now} WHERE token_hash = ${tokenHash} AND used_at IS NULL AND ${guard}`
