/** When people answer, the days on which they do not, and what is said meanwhile: as administrators set it. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'
import { stillAllowed } from './visibility.ts'

export interface HoursRow {
  /** Empty: the workspace's. */
  id: string
  /** Of the department; null: the workspace. */
  name: string | null
  /** JSON; null: nothing is set. */
  week: string | null
  answer: string | null
  version: number
}

const HOURS = sql`coalesce(h.version, 0) AS version, h.week, h.answer`

/** The workspace's first, then each department's. */
export const hoursRows = ({ workspaceId }: Scope) =>
  query<HoursRow>(sql`SELECT p.id, p.name, ${HOURS} FROM (
      SELECT '' AS id, NULL AS name, '' AS key UNION ALL
      SELECT id, name, name_key FROM departments WHERE workspace_id = ${workspaceId}) p
    LEFT JOIN business_hours h ON h.workspace_id = ${workspaceId} AND h.department_id = p.id ORDER BY p.id <> '', p.key`)

/** `id` empty: the workspace's. */
export const hoursFor = ({ workspaceId }: Scope, id: string) =>
  query<HoursRow>(
    id === ''
      ? sql`SELECT '' AS id, NULL AS name, ${HOURS} FROM workspaces w
          LEFT JOIN business_hours h ON h.workspace_id = w.id AND h.department_id = '' WHERE w.id = ${workspaceId}`
      : sql`SELECT d.id, d.name, ${HOURS} FROM departments d
          LEFT JOIN business_hours h ON h.workspace_id = d.workspace_id AND h.department_id = d.id
          WHERE d.workspace_id = ${workspaceId} AND d.id = ${id}`,
  )

/** Guard: it is still as the page showed it. */
export const mayChangeHours = (actor: Scope, id: string, version: number): SQL => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM (${hoursFor(actor, id).sql}) now WHERE now.version = ${version}))`

export const storeHours = (
  { workspaceId }: Scope,
  { id, week, answer, version }: Omit<HoursRow, 'name'>,
  guard: SQL,
) => sql`INSERT INTO business_hours (workspace_id, department_id, week, answer, version)
  SELECT ${workspaceId}, ${id}, ${week}, ${answer}, ${version + 1} WHERE ${guard}
  ON CONFLICT (workspace_id, department_id) DO UPDATE SET week = excluded.week, answer = excluded.answer, version = excluded.version`

export interface HolidayRow {
  day: string
  name: string
}

export const holidayRows = ({ workspaceId }: Scope) =>
  query<HolidayRow>(sql`SELECT day, name FROM holidays WHERE workspace_id = ${workspaceId}`)

export const MOST_HOLIDAYS = 200

/** Guard: this day is none yet, and there is room. */
export const mayAddHolidays = (actor: Scope, days: string[]): SQL => sql`(${stillAllowed(actor)}
  AND (SELECT count(*) FROM holidays WHERE workspace_id = ${actor.workspaceId}) < ${MOST_HOLIDAYS}
  AND (SELECT count(*) FROM holidays WHERE workspace_id = ${actor.workspaceId}
    AND day IN (SELECT value FROM json_each(${JSON.stringify(days)}))) < ${days.length})`

export const storeHolidays = ({ workspaceId }: Scope, holidays: HolidayRow[], guard: SQL) => sql`
  INSERT INTO holidays (workspace_id, day, name)
  SELECT ${workspaceId}, json_extract(value, '$.day'), json_extract(value, '$.name')
  FROM json_each(${JSON.stringify(holidays)}) WHERE ${guard} ON CONFLICT DO NOTHING`

export const mayRemoveHoliday = (actor: Scope, day: string): SQL => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM holidays WHERE workspace_id = ${actor.workspaceId} AND day = ${day}))`

export const deleteHoliday = ({ workspaceId }: Scope, day: string, guard: SQL) =>
  sql`DELETE FROM holidays WHERE workspace_id = ${workspaceId} AND day = ${day} AND ${guard}`

export interface GreetingRow {
  /** Of the inbox. */
  id: string
  name: string
  channel: 'whatsapp' | 'instagram' | 'messenger' | 'telegram' | 'evolution' | 'waha'
  /** Null: nothing is said. */
  body: string | null
  once: 'contact' | 'conversation' | null
  version: number
}

const GREETINGS = ({
  workspaceId,
}: Scope) => sql`SELECT i.id, i.name, i.channel, g.body, g.once, coalesce(g.version, 0) AS version
  FROM inboxes i LEFT JOIN greetings g ON g.workspace_id = i.workspace_id AND g.inbox_id = i.id
  WHERE i.workspace_id = ${workspaceId} AND i.status <> 'removed'`

export const greetingRows = (scope: Scope) => query<GreetingRow>(sql`${GREETINGS(scope)} ORDER BY i.name, i.id`)

export const greetingFor = (scope: Scope, inboxId: string) =>
  query<GreetingRow>(sql`${GREETINGS(scope)} AND i.id = ${inboxId}`)

export const mayChangeGreeting = (actor: Scope, inboxId: string, version: number): SQL => sql`(${stillAllowed(actor)}
  AND EXISTS (SELECT 1 FROM (${greetingFor(actor, inboxId).sql}) now WHERE now.version = ${version}))`

/** No words, no greeting. */
export const storeGreeting = (
  { workspaceId }: Scope,
  { id, body, once, version }: Pick<GreetingRow, 'id' | 'body' | 'once' | 'version'>,
  guard: SQL,
): SQL =>
  body === null
    ? sql`DELETE FROM greetings WHERE workspace_id = ${workspaceId} AND inbox_id = ${id} AND ${guard}`
    : sql`INSERT INTO greetings (workspace_id, inbox_id, body, once, version)
        SELECT ${workspaceId}, ${id}, ${body}, ${once}, ${version + 1} WHERE ${guard}
        ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET body = excluded.body, once = excluded.once, version = excluded.version`
