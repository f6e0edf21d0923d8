/** The list of conversations: which of them, in which order, a page at a time. Reads as many rows at any size. */
import { type SQL, sql } from 'drizzle-orm'
import { type Query, query } from '../client.ts'
import type { ConversationRow, Cursor, Scope } from '../records.ts'
import { ROW_COLUMNS, rowOf, type StoredRow } from './conversations.ts'
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

/** With the one name that the directory has not: a workspace may have thousands of agents, and a page shows few. */
interface ListedRow extends StoredRow {
  assignee_name: string | null
}

export function listPage(scope: Scope, filter: ListFilter, { from, newer = false }: ListPlace = {}): Query<ListedRow> {
  const closed = filter.view === 'closed'
  const at = closed ? sql`closed_at` : sql`last_at`
  const order = newer ? sql`${at} ASC, id ASC` : sql`${at} DESC, id DESC`
  const place = from ? sql`AND (c.${at}, c.id) ${newer ? sql`>` : sql`<`} (${from.at}, ${from.tie})` : sql``
  const branches = branchesOf(scope, filter).map(
    ({ tables = sql`conversations c`, where }) => sql`SELECT c.* FROM ${tables}
      WHERE ${visibleConversation(scope)} AND ${closed ? sql`c.status = 'closed'` : sql`c.status <> 'closed'`}
        AND ${where} AND ${narrowed(scope, filter)} ${place}`,
  )
  // No order outside: it would read the page once more, and `toRows` puts thirty rows in order for nothing.
  return query<ListedRow>(sql`SELECT ${ROW_COLUMNS},
      (SELECT name FROM agents g WHERE g.workspace_id = c.workspace_id AND g.id = c.assignee_id) AS assignee_name
    FROM (${sql.join(branches, sql` UNION ALL `)} ORDER BY ${order} LIMIT ${LIST_PAGE}) AS c
    CROSS JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id`)
}

interface Branch {
  tables?: SQL
  where: SQL
}

/**
 * What an index serves in order is a branch of its own. Branches are merged as they are read: a page costs its own rows
 * and one of each branch. The narrowest filter that has an index chooses; the others only narrow further.
 */
function branchesOf(scope: Scope, filter: ListFilter): Branch[] {
  const assignee = assigneeOf(scope, filter)
  if (filter.tagIds.length > 0) return [{ tables: taggedConversations(scope, filter), where: sql`1` }]
  if (filter.groupId) return [{ tables: groupConversations(scope, filter.groupId), where: sql`1` }]
  if (assignee) return [{ where: sql`c.assignee_id = ${assignee}` }]
  if (filter.inboxId) return [{ where: sql`c.inbox_id = ${filter.inboxId}` }]
  const departments = filter.departmentId
    ? [sql`c.department_id = ${filter.departmentId}`]
    : seesEverything(scope)
      ? [sql`1`]
      : [...scope.departmentIds.map((id) => sql`c.department_id = ${id}`), sql`c.department_id IS NULL`]
  // The indexes of open conversations tell those who wait from those whom somebody has.
  const states =
    filter.view === 'closed' ? [sql`1`] : waitingStates(filter).map((waits) => sql`(c.assignee_id IS NULL) = ${waits}`)
  return departments.flatMap((department) => states.map((state) => ({ where: sql`${department} AND ${state}` })))
}

function waitingStates({ view, status }: ListFilter): (0 | 1)[] {
  if (view === 'queue' || status === 'waiting') return [1]
  return status === 'assigned' ? [0] : [0, 1]
}

const assigneeOf = (scope: Scope, { view, agentId }: ListFilter) => (view === 'mine' ? scope.agentId : agentId)

const among = (ids: string[]) =>
  sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  )

/** Few have a tag, so they are looked up one by one and put in order afterwards. */
function taggedConversations(scope: Scope, { tagIds, tagMatch }: ListFilter): SQL {
  const needed = tagMatch === 'all' ? tagIds.length : 1
  return sql`(SELECT contact_id FROM contact_tags WHERE workspace_id = ${scope.workspaceId} AND tag_id IN (${among(tagIds)})
      GROUP BY contact_id HAVING count(*) >= ${needed}) AS t
    CROSS JOIN conversations c ON c.workspace_id = ${scope.workspaceId} AND c.contact_id = t.contact_id`
}

/** The same for a group. */
const groupConversations = ({ workspaceId }: Scope, groupId: string) =>
  sql`(SELECT contact_id FROM contact_groups WHERE workspace_id = ${workspaceId} AND group_id = ${groupId}) AS t
    CROSS JOIN conversations c ON c.workspace_id = ${workspaceId} AND c.contact_id = t.contact_id`

/** Every filter, whichever of them chose the index: `+` keeps this from choosing another. */
function narrowed(scope: Scope, filter: ListFilter): SQL {
  const assignee = assigneeOf(scope, filter)
  const conditions = [
    ...(assignee ? [sql`+c.assignee_id = ${assignee}`] : []),
    ...(filter.inboxId ? [sql`+c.inbox_id = ${filter.inboxId}`] : []),
    ...(filter.departmentId ? [sql`+c.department_id = ${filter.departmentId}`] : []),
    ...(filter.view === 'queue' || filter.status === 'waiting' ? [sql`+c.assignee_id IS NULL`] : []),
    ...(filter.groupId && filter.tagIds.length > 0
      ? [
          sql`EXISTS (SELECT 1 FROM contact_groups o WHERE o.workspace_id = c.workspace_id AND o.contact_id = c.contact_id AND o.group_id = ${filter.groupId})`,
        ]
      : []),
    ...(filter.status === 'assigned' ? [sql`+c.assignee_id IS NOT NULL`] : []),
  ]
  return conditions.length > 0 ? sql.join(conditions, sql` AND `) : sql`1`
}

/** Names of what rows point to, and what the filters offer: read once a page, for a join would read them once a row. */
export interface DirectoryEntry {
  kind: 'inbox' | 'department' | 'agent' | 'tag' | 'group'
  id: string
  name: string
  channel: ConversationRow['channel'] | null
  /** An inbox: what people call it. A tag: its colour. */
  detail: string | null
  /** An inbox: its state. */
  state: 'active' | 'paused' | 'needs_reauth' | null
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

export function toRows(stored: ListedRow[], names: DirectoryEntry[]): ConversationRow[] {
  const byId = new Map(names.map((entry) => [entry.id, entry]))
  const nameOf = (id: string | null) => (id ? (byId.get(id)?.name ?? null) : null)
  return stored.toSorted(newestFirst).map((row) => ({
    ...rowOf(row),
    channel: byId.get(row.inbox_id)?.channel ?? 'whatsapp',
    inboxName: nameOf(row.inbox_id) ?? '',
    departmentName: nameOf(row.department_id),
    assigneeName: row.assignee_name,
  }))
}

const newestFirst = (a: ListedRow, b: ListedRow) =>
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
