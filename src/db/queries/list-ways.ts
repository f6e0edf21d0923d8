/** The ways into a list: each filter that an index serves is one, and the one that the fewest conversations match is taken. */
import { type SQL, sql } from 'drizzle-orm'
import type { Scope } from '../records.ts'
import type { ListFilter } from './conversation-list.ts'
import { seesEverything } from './visibility.ts'

/** What an index serves in order. */
export interface Branch {
  tables?: SQL
  where: SQL
}

export interface Way {
  /** How many conversations, or people, pass this filter alone: what is kept, or capped, and never counted. */
  size: SQL
  /** Merged as they are read: a page costs its own rows and one of each branch. */
  branches: Branch[]
  /** Every other filter, narrowing what comes this way. */
  narrowed: SQL
}

/** Ended conversations are not kept count of: they are counted up to here, which tells few from many. */
const CLOSED_CAP = 200

/** Never empty. More than one: several filters are on, and the database compares their sizes before it reads. */
export function waysOf(scope: Scope, filter: ListFilter): [Way, ...Way[]] {
  const agentId = assigneeOf(scope, filter)
  const ways = [
    ...(filter.tagIds.length > 0 ? [byTags(scope, filter)] : []),
    ...(agentId ? [byAgent(scope, filter, agentId)] : []),
    ...(filter.inboxId ? [byInbox(scope, filter, filter.inboxId)] : []),
    ...(filter.departmentId || waitingStates(filter).length < 2 ? [byPlace(scope, filter)] : []),
  ]
  const group = filter.groupId ? [byGroup(scope, filter, filter.groupId, ways)] : []
  const [first = byPlace(scope, filter), ...others] = [...ways, ...group]
  return [first, ...others]
}

/**
 * Few have a tag, so they are looked up one by one and put in order afterwards. Who needs several, has the rarest. Left
 * to itself, the database would rather read the tags of everybody in an order that saves it from looking for doubles.
 */
function byTags(scope: Scope, filter: ListFilter): Way {
  const { workspaceId } = scope
  const named = sql`tags WHERE workspace_id = ${workspaceId} AND id IN (${among(filter.tagIds)})`
  const all = filter.tagMatch === 'all'
  const who = all
    ? sql`SELECT contact_id FROM contact_tags INDEXED BY contact_tags_tag WHERE workspace_id = ${workspaceId}
        AND tag_id = (SELECT id FROM ${named} ORDER BY uses LIMIT 1)`
    : sql`SELECT DISTINCT contact_id FROM contact_tags INDEXED BY contact_tags_tag WHERE workspace_id = ${workspaceId}
        AND tag_id IN (${among(filter.tagIds)})`
  return {
    size: sql`SELECT ${all ? sql`min` : sql`sum`}(uses) FROM ${named}`,
    branches: [{ tables: conversationsOf(scope, who), where: sql`1` }],
    narrowed: narrowed(scope, filter, all && filter.tagIds.length > 1 ? null : 'tags'),
  }
}

/** Groups are not kept count of: members are counted until there are no fewer than another filter lets through. */
function byGroup(scope: Scope, filter: ListFilter, groupId: string, others: Way[]): Way {
  const members = sql`FROM contact_groups INDEXED BY contact_groups_group
    WHERE workspace_id = ${scope.workspaceId} AND group_id = ${groupId}`
  const sizes = others.map(({ size }) => sql`SELECT coalesce((${size}), 0) AS n`)
  return {
    size: sql`SELECT count(*) FROM (SELECT 1 ${members} LIMIT (SELECT min(n) FROM (${sql.join(sizes, sql` UNION ALL `)})))`,
    branches: [{ tables: conversationsOf(scope, sql`SELECT contact_id ${members}`), where: sql`1` }],
    narrowed: narrowed(scope, filter, 'group'),
  }
}

const conversationsOf = ({ workspaceId }: Scope, contacts: SQL) =>
  sql`(${contacts}) AS t CROSS JOIN conversations c ON c.workspace_id = ${workspaceId} AND c.contact_id = t.contact_id`

function byAgent(scope: Scope, filter: ListFilter, agentId: string): Way {
  const where = sql`c.assignee_id = ${agentId}`
  return {
    size: closedOr(scope, filter, where)`SELECT open FROM assignee_counts
      WHERE workspace_id = ${scope.workspaceId} AND assignee_id = ${agentId}`,
    branches: [{ where }],
    narrowed: narrowed(scope, filter),
  }
}

function byInbox(scope: Scope, filter: ListFilter, inboxId: string): Way {
  const where = sql`c.inbox_id = ${inboxId}`
  return {
    size: closedOr(scope, filter, where)`SELECT sum(open) FROM inbox_counts
      WHERE workspace_id = ${scope.workspaceId} AND inbox_id = ${inboxId}`,
    branches: [{ where }],
    narrowed: narrowed(scope, filter),
  }
}

/** By department, or by all of those that the agent sees; and by who waits, for the indexes of open conversations tell. */
function byPlace(scope: Scope, filter: ListFilter): Way {
  const { departmentId } = filter
  const departments = departmentId
    ? [sql`c.department_id = ${departmentId}`]
    : seesEverything(scope)
      ? [sql`1`]
      : [...scope.departmentIds.map((id) => sql`c.department_id = ${id}`), sql`c.department_id IS NULL`]
  const states = waitingStates(filter)
  const waits = filter.view === 'closed' ? [sql`1`] : states.map((state) => sql`(c.assignee_id IS NULL) = ${state}`)
  const counted = states.length > 1 ? sql`open` : states[0] === 1 ? sql`waiting` : sql`open - waiting`
  const within = departmentId
    ? sql`AND department_id = ${departmentId}`
    : seesEverything(scope)
      ? sql``
      : sql`AND department_id IN ('', ${among(scope.departmentIds)})`
  return {
    size: closedOr(scope, filter, departments[0] ?? sql`1`)`SELECT sum(${counted}) FROM inbox_counts
      WHERE workspace_id = ${scope.workspaceId} ${within}`,
    branches: departments.flatMap((department) => waits.map((state) => ({ where: sql`${department} AND ${state}` }))),
    narrowed: narrowed(scope, filter),
  }
}

/** What is kept of open conversations; of ended ones, a count that goes no further than the cap. */
const closedOr =
  ({ workspaceId }: Scope, { view }: ListFilter, where: SQL) =>
  (kept: TemplateStringsArray, ...values: unknown[]): SQL =>
    view === 'closed'
      ? sql`SELECT count(*) FROM (SELECT 1 FROM conversations c WHERE c.workspace_id = ${workspaceId}
          AND c.status = 'closed' AND ${where} LIMIT ${CLOSED_CAP})`
      : sql(kept, ...values)

function waitingStates({ view, status }: ListFilter): (0 | 1)[] {
  if (view === 'closed') return [0, 1]
  if (view === 'queue' || status === 'waiting') return [1]
  return status === 'assigned' ? [0] : [0, 1]
}

const assigneeOf = (scope: Scope, { view, agentId }: ListFilter) => (view === 'mine' ? scope.agentId : agentId)

/** Every filter but the one that a subquery answered: `+` keeps the others from choosing an index of their own. */
function narrowed(scope: Scope, filter: ListFilter, answered: 'tags' | 'group' | null = null): SQL {
  const assignee = assigneeOf(scope, filter)
  const { tagIds, tagMatch, groupId, inboxId, departmentId, status, view } = filter
  const ofContact = sql`o.workspace_id = c.workspace_id AND o.contact_id = c.contact_id`
  const tagged = sql`FROM contact_tags o WHERE ${ofContact} AND o.tag_id IN (${among(tagIds)})`
  const conditions = [
    ...(assignee ? [sql`+c.assignee_id = ${assignee}`] : []),
    ...(inboxId ? [sql`+c.inbox_id = ${inboxId}`] : []),
    ...(departmentId ? [sql`+c.department_id = ${departmentId}`] : []),
    ...(view === 'queue' || status === 'waiting' ? [sql`+c.assignee_id IS NULL`] : []),
    ...(status === 'assigned' ? [sql`+c.assignee_id IS NOT NULL`] : []),
    ...(groupId && answered !== 'group'
      ? [sql`EXISTS (SELECT 1 FROM contact_groups o WHERE ${ofContact} AND o.group_id = ${groupId})`]
      : []),
    ...(tagIds.length > 0 && answered !== 'tags'
      ? [tagMatch === 'all' ? sql`(SELECT count(*) ${tagged}) = ${tagIds.length}` : sql`EXISTS (SELECT 1 ${tagged})`]
      : []),
  ]
  return conditions.length > 0 ? sql.join(conditions, sql` AND `) : sql`1`
}

export const among = (ids: string[]) =>
  ids.length === 0
    ? sql`NULL`
    : sql.join(
        ids.map((id) => sql`${id}`),
        sql`, `,
      )
