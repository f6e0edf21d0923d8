/** The list of conversations: which of them, in which order, a page at a time. Reads as many rows at any size. */
import { type SQL, sql } from 'drizzle-orm'
import { type Query, query } from '../client.ts'
import type { ConversationRow, Cursor, InboxStatus, Scope } from '../records.ts'
import { ROW_AS_JSON, rowOf, type StoredRow } from './conversations.ts'
import { among, type Way, waysOf } from './list-ways.ts'
import { mayUseInbox, seesEverything, visibleConversation } from './visibility.ts'

export const LIST_PAGE = 30

/** What the address of a list says. */
export interface ListFilter {
  view: 'mine' | 'queue' | 'all' | 'closed'
  inboxId: string | null
  departmentId: string | null
  agentId: string | null
  status: 'waiting' | 'assigned' | null
  tagIds: string[]
  /** Of people who are in this group. */
  groupId: string | null
  /** Whether a conversation needs one of the tags, or every one of them. */
  tagMatch: 'any' | 'all'
}

export const EVERYTHING: ListFilter = {
  view: 'all',
  inboxId: null,
  departmentId: null,
  agentId: null,
  status: null,
  tagIds: [],
  tagMatch: 'any',
  groupId: null,
}

export interface ListPlace {
  /** Rows before this place, or (with `newer`) after it. */
  from?: Cursor
  newer?: boolean
}

/** A page in one row of JSON, so that the name of each who has some of it is read once, and not once a conversation. */
export interface StoredPage {
  conversations: string
  /** The names that the directory has not: a workspace may have thousands of agents, and a page shows few. */
  assignees: string
}

export function listPage(scope: Scope, filter: ListFilter, { from, newer = false }: ListPlace = {}): Query<StoredPage> {
  const closed = filter.view === 'closed'
  const at = closed ? sql`closed_at` : sql`last_at`
  const order = newer ? sql`ORDER BY ${at} ASC, id ASC` : sql`ORDER BY ${at} DESC, id DESC`
  const place = from ? sql`AND (c.${at}, c.id) ${newer ? sql`>` : sql`<`} (${from.at}, ${from.tie})` : sql``
  const ways = waysOf(scope, filter)
  const pageOf = ({ branches, narrowed }: Way, limit: SQL) => {
    const selected = branches.map(
      ({ tables = sql`conversations c`, where }) => sql`SELECT c.* FROM ${tables}
        WHERE ${visibleConversation(scope)} AND ${closed ? sql`c.status = 'closed'` : sql`c.status <> 'closed'`}
          AND ${where} AND ${narrowed} ${place}`,
    )
    return sql`${sql.join(selected, sql` UNION ALL `)} ${order} LIMIT ${limit}`
  }
  const rarest = ways.length > 1 ? rarestOf(ways) : sql``
  const pages = ways.map((way, at) => sql`SELECT * FROM (${pageOf(way, ways.length > 1 ? ifRarest(at) : PAGE)})`)
  // No order outside: it would read the page once more, and `rowsIn` puts thirty rows in order for nothing.
  return query<StoredPage>(sql`${rarest} SELECT conversations, (
      SELECT json_group_object(g.id, g.name) FROM json_each(assignee_ids) AS e
      CROSS JOIN agents g ON g.workspace_id = ${scope.workspaceId} AND g.id = e.value) AS assignees
    FROM (SELECT json_group_array(${ROW_AS_JSON}) AS conversations, json_group_array(DISTINCT c.assignee_id) AS assignee_ids
      FROM (${sql.join(pages, sql` UNION ALL `)}) AS c
      CROSS JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id)`)
}

const PAGE = sql`${LIST_PAGE}`

/** Several filters: the fewest matches are read, and each of the other ways ends before its first row. */
const rarestOf = (ways: Way[]) =>
  sql`WITH rarest AS MATERIALIZED (SELECT way FROM (${sql.join(
    ways.map(({ size }, at) => sql`SELECT ${at} AS way, coalesce((${size}), 0) AS n`),
    sql` UNION ALL `,
  )}) ORDER BY n, way LIMIT 1)`

const ifRarest = (way: number) => sql`(SELECT iif(way = ${way}, ${LIST_PAGE}, 0) FROM rarest)`

/** Names of what rows point to, and what the filters offer: read once a page, for a join would read them once a row. */
export interface DirectoryEntry {
  kind: 'inbox' | 'department' | 'agent' | 'tag' | 'group'
  id: string
  name: string
  channel: ConversationRow['channel'] | null
  /** An inbox: what people call it. A tag: its colour. */
  detail: string | null
  /** An inbox: its state. */
  state: InboxStatus | null
  /** A supervisor sees conversations on numbers that they may not use themselves. */
  usable: number
}

/** Inboxes are all of them, and whether the agent may use them; agents, tags and the group those that the filter names. */
export const directory = (scope: Scope, { agentId, tagIds, groupId }: ListFilter) =>
  query<DirectoryEntry>(sql`
    SELECT 'inbox' AS kind, c.id AS id, c.name AS name, c.channel AS channel, c.address AS detail, c.status AS state,
      ${seesEverything(scope) ? sql`1` : mayUseInbox(scope)} AS usable
    FROM (SELECT *, id AS inbox_id FROM inboxes) c WHERE c.workspace_id = ${scope.workspaceId}
    UNION ALL SELECT 'department', id, name, NULL, NULL, NULL, 1 FROM departments WHERE workspace_id = ${scope.workspaceId}
    ${agentId ? sql`UNION ALL SELECT 'agent', id, name, NULL, NULL, NULL, 1 FROM agents WHERE workspace_id = ${scope.workspaceId} AND id = ${agentId}` : sql``}
    ${
      tagIds.length > 0
        ? sql`UNION ALL SELECT 'tag', id, name, NULL, color, NULL, 1 FROM tags WHERE workspace_id = ${scope.workspaceId} AND id IN (${among(tagIds)})`
        : sql``
    }
    ${groupId ? sql`UNION ALL SELECT 'group', id, name, NULL, NULL, NULL, 1 FROM groups WHERE workspace_id = ${scope.workspaceId} AND id = ${groupId}` : sql``}`)

/** The rows of a page, the newest first. */
export function rowsIn([page]: StoredPage[]): StoredRow[] {
  const rows: StoredRow[] = JSON.parse(page?.conversations ?? '[]')
  return rows.toSorted(newestFirst)
}

export function toRows(stored: StoredPage[], names: DirectoryEntry[]): ConversationRow[] {
  const byId = new Map(names.map((entry) => [entry.id, entry]))
  const nameOf = (id: string | null) => (id ? (byId.get(id)?.name ?? null) : null)
  const assignees: Record<string, string> = JSON.parse(stored[0]?.assignees ?? '{}')
  return rowsIn(stored).map((row) => ({
    ...rowOf(row),
    channel: byId.get(row.inbox_id)?.channel ?? 'whatsapp',
    inboxName: nameOf(row.inbox_id) ?? '',
    departmentName: nameOf(row.department_id),
    assigneeName: row.assignee_id === null ? null : (assignees[row.assignee_id] ?? null),
  }))
}

const newestFirst = (a: StoredRow, b: StoredRow) =>
  (b.closed_at ?? b.last_at) - (a.closed_at ?? a.last_at) || (a.id < b.id ? 1 : -1)

export interface InboxCount {
  inbox_id: string
  open: number
  unread: number
  waiting: number
}

/** How much stands in each inbox, as far as the agent sees it: sums of what triggers keep, never a count. */
export const inboxCounts = (scope: Scope) =>
  // `c` stands for a cell of the counts: it has the columns that the predicate asks for.
  query<InboxCount>(sql`
    SELECT c.inbox_id, sum(c.open) AS open, sum(c.unread) AS unread, sum(c.waiting) AS waiting
    FROM (SELECT workspace_id, inbox_id, nullif(department_id, '') AS department_id, open, unread, waiting
      FROM inbox_counts WHERE workspace_id = ${scope.workspaceId}) AS c
    WHERE ${visibleConversation(scope)} GROUP BY c.inbox_id`)

export const mineCount = ({ workspaceId, agentId }: Scope) =>
  query<{ open: number; unread: number }>(sql`SELECT open, unread FROM assignee_counts
    WHERE workspace_id = ${workspaceId} AND assignee_id = ${agentId}`)

/** What the filters offer: everyone who works here, and every tag. */
export const filterChoices = (scope: Scope) =>
  query<{ kind: 'agent' | 'department' | 'tag' | 'group'; id: string; name: string }>(sql`
    SELECT * FROM (
      SELECT 'department' AS kind, id, name, name_key AS k FROM departments WHERE workspace_id = ${scope.workspaceId}
      UNION ALL SELECT 'agent', id, name, lower(name) FROM agents WHERE workspace_id = ${scope.workspaceId} AND deactivated_at IS NULL
      UNION ALL SELECT 'tag', id, name, name_key FROM tags WHERE workspace_id = ${scope.workspaceId}
      UNION ALL SELECT 'group', id, name, name_key FROM groups WHERE workspace_id = ${scope.workspaceId})
    ORDER BY kind, k`)

export const rememberFilters = (scope: Scope, query: string) =>
  sql`UPDATE agents SET list_filters = ${query} WHERE workspace_id = ${scope.workspaceId} AND id = ${scope.agentId}`
