/** A new person: what signs in, with its password, and what the inbox shows of them. */
import { type SQL, sql } from 'drizzle-orm'
import type { Locale, Role } from '../records.ts'

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
