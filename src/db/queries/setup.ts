/** The very first workspace of a database. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Locale, Scope } from '../records.ts'
import { isOfDemonstration } from './demonstration.ts'

const NONE_YET = sql`NOT EXISTS (SELECT 1 FROM workspaces)`

/** Nobody can sign in yet: there is no workspace. */
export const needsSetup = query<{ yes: 0 | 1 }>(sql`SELECT ${NONE_YET} AS yes`)

export interface FirstWorkspace {
  id: string
  name: string
  locale: Locale
  timeZone: string
  now: number
}

/** Only where there is none: of two that come at once, one is made. */
export const storeFirstWorkspace = ({ id, name, locale, timeZone, now }: FirstWorkspace): SQL => sql`
  INSERT INTO workspaces (id, name, locale, time_zone, created_at)
  SELECT ${id}, ${name}, ${locale}, ${timeZone}, ${now} WHERE ${NONE_YET}`

/** Guard of the rest: the workspace is the one that this batch made. */
export const isWorkspace = (id: string): SQL => sql`EXISTS (SELECT 1 FROM workspaces WHERE id = ${id})`

export const storeFirstDepartment = (
  of: { workspaceId: string; id: string; name: string; nameKey: string; now: number },
  guard: SQL,
): SQL => sql`
  INSERT INTO departments (workspace_id, id, name, name_key, created_at)
  SELECT ${of.workspaceId}, ${of.id}, ${of.name}, ${of.nameKey}, ${of.now} WHERE ${guard} ON CONFLICT DO NOTHING`

export interface Started {
  departments: number
  inboxes: number
  people: number
  quickReplies: number
}

/** How far a new workspace has come; what the demonstration brought is none of it. */
export const startedIn = ({ workspaceId }: Scope) =>
  query<Started>(sql`SELECT
    (SELECT count(*) FROM (SELECT 1 FROM departments WHERE workspace_id = ${workspaceId} LIMIT 2)) AS departments,
    (SELECT count(*) FROM (SELECT 1 FROM inboxes WHERE workspace_id = ${workspaceId} AND status <> 'removed' AND ${isReal} LIMIT 1)) AS inboxes,
    (SELECT count(*) FROM (SELECT 1 FROM agents WHERE workspace_id = ${workspaceId} AND ${isReal} LIMIT 2)) AS people,
    (SELECT count(*) FROM (SELECT 1 FROM quick_replies WHERE workspace_id = ${workspaceId} LIMIT 1)) AS quickReplies`)

const isReal = sql`NOT ${isOfDemonstration(sql`id`)}`

export const hasWorkspace = (id: string) => query<{ yes: 0 | 1 }>(sql`SELECT ${isWorkspace(id)} AS yes`)
