/** What a person may do right now, for those who sit at sockets: read again before something is told to them. */
import { sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Role } from '../records.ts'

const among = (ids: string[]) =>
  sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  )

export const authzVersions = (workspaceId: string, agentIds: string[]) =>
  query<{
    id: string
    authz_version: number
    active: number
  }>(sql`SELECT id, authz_version, deactivated_at IS NULL AS active
    FROM agents WHERE workspace_id = ${workspaceId} AND id IN (${among(agentIds)})`)

export interface Standing {
  role: Role
  authz_version: number
  active: number
  /** JSON arrays. */
  departments: string
  inboxes: string
  session_tokens: string
}

/** All that decides what one agent may hear, sessions included. */
export const standingOf = (workspaceId: string, agentId: string, now: number) =>
  query<Standing>(sql`SELECT a.role, a.authz_version, a.deactivated_at IS NULL AS active,
      (SELECT json_group_array(department_id) FROM department_members m WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS departments,
      (SELECT json_group_array(inbox_id) FROM inbox_agents i WHERE i.workspace_id = a.workspace_id AND i.agent_id = a.id) AS inboxes,
      (SELECT json_group_array(token) FROM session s WHERE s.user_id = a.user_id AND s.expires_at > ${now}) AS session_tokens
    FROM agents a WHERE a.workspace_id = ${workspaceId} AND a.id = ${agentId}`)

/** Where a conversation stands now, for whoever decides who may hear of it. */
export const audienceOf = (workspaceId: string, conversationId: string) =>
  query<{ inbox_id: string; department_id: string | null }>(sql`SELECT inbox_id, department_id FROM conversations
    WHERE workspace_id = ${workspaceId} AND id = ${conversationId}`)
