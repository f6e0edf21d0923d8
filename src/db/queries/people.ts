/** A new person: what signs in, with its password, and what the inbox shows of them. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Locale, Role, Scope } from '../records.ts'

export interface NewPerson {
  workspaceId: string
  agentId: string
  userId: string
  accountId: string
  name: string
  /** Trimmed, lower case: as it is signed in with. */
  email: string
  passwordHash: string
  role: Role
  locale: Locale | null
  now: number
}

/** Whether nobody signs in with that address yet: one address, one person, whatever the workspace. */
export const isNewEmail = (email: string) => sql`NOT EXISTS (SELECT 1 FROM user WHERE email = ${email})`

/** How an agent's password is kept; null: they have none. */
export const passwordOf = ({ workspaceId, agentId }: Pick<Scope, 'workspaceId' | 'agentId'>) =>
  query<{ hash: string | null }>(sql`SELECT p.password AS hash FROM agents a JOIN account p ON p.user_id = a.user_id
    WHERE a.workspace_id = ${workspaceId} AND a.id = ${agentId} AND p.provider_id = 'credential'`)

/** Guard: nobody has changed it since it was looked at. */
export const isPassword = (of: Pick<Scope, 'workspaceId' | 'agentId'>, hash: string): SQL =>
  sql`EXISTS (SELECT 1 FROM account WHERE ${isAccountOf(of)} AND password = ${hash})`

export const setPassword = (
  of: Pick<Scope, 'workspaceId' | 'agentId'>,
  hash: string,
  now: number,
  guard: SQL,
): SQL => sql`
  UPDATE account SET password = ${hash}, updated_at = ${now} WHERE ${isAccountOf(of)} AND ${guard}`

const isAccountOf = ({ workspaceId, agentId }: Pick<Scope, 'workspaceId' | 'agentId'>) => sql`provider_id = 'credential'
  AND user_id = (SELECT user_id FROM agents WHERE workspace_id = ${workspaceId} AND id = ${agentId})`

/** In this order; each but the first where the one before is there. */
export const storePerson = (person: NewPerson, guard: SQL): SQL[] => {
  const { userId, now } = person
  const known = sql`EXISTS (SELECT 1 FROM user WHERE id = ${userId})`
  return [
    sql`INSERT INTO user (id, name, email, email_verified, created_at, updated_at)
      SELECT ${userId}, ${person.name}, ${person.email}, 1, ${now}, ${now}
      WHERE ${guard} AND ${isNewEmail(person.email)} ON CONFLICT DO NOTHING`,
    sql`INSERT INTO account (id, account_id, provider_id, user_id, password, created_at, updated_at)
      SELECT ${person.accountId}, ${userId}, 'credential', ${userId}, ${person.passwordHash}, ${now}, ${now}
      WHERE ${known} ON CONFLICT DO NOTHING`,
    sql`INSERT INTO agents (workspace_id, id, user_id, name, email, role, locale, created_at)
      SELECT ${person.workspaceId}, ${person.agentId}, ${userId}, ${person.name}, ${person.email}, ${person.role}, ${person.locale}, ${now}
      WHERE ${known} ON CONFLICT DO NOTHING`,
  ]
}
