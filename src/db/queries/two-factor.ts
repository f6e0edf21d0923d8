/** Who is asked for a second step, who stands before it, and how an administrator lets somebody off. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'

type OfAgent = Pick<Scope, 'workspaceId' | 'agentId'>

const userOf = ({ workspaceId, agentId }: OfAgent) =>
  sql`(SELECT user_id FROM agents WHERE workspace_id = ${workspaceId} AND id = ${agentId})`

export const twoFactorOf = (of: OfAgent) =>
  query<{ user_id: string; enabled: number }>(
    sql`SELECT id AS user_id, two_factor_enabled AS enabled FROM user WHERE id = ${userOf(of)}`,
  )

/** Whose password was right a moment ago; no rows: that is over, or never was. */
export const challenged = (identifier: string, now: number) =>
  query<{
    user_id: string
    email: string
  }>(sql`SELECT u.id AS user_id, u.email FROM verification v JOIN user u ON u.id = v.value
    WHERE v.identifier = ${identifier} AND v.expires_at > ${now} ORDER BY v.created_at DESC LIMIT 1`)

/** Guard: there is one to take off. */
export const hasTwoFactor = (of: OfAgent): SQL =>
  sql`EXISTS (SELECT 1 FROM user WHERE id = ${userOf(of)} AND two_factor_enabled = 1)`

export const removeTwoFactor = (of: OfAgent, guard: SQL): SQL[] => [
  sql`DELETE FROM two_factor WHERE user_id = ${userOf(of)} AND ${guard}`,
  sql`UPDATE user SET two_factor_enabled = 0 WHERE id = ${userOf(of)} AND ${guard}`,
]
