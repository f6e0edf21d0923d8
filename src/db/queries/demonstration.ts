/** The demonstration: invented numbers, colleagues, people and what they said, put into an empty workspace and taken out again. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import { DEMONSTRATION_IDS } from '../demonstration-ids.ts'
import type { Scope } from '../records.ts'
import { stillAllowed } from './visibility.ts'

/** Rows of one table, by the names of its columns; all of them name the same. */
export type Rows = Record<string, string | number | null>[]

export interface DemonstrationRows {
  inboxes: Rows
  agents: Rows
  departmentMembers: Rows
  inboxAgents: Rows
  contacts: Rows
  identities: Rows
  conversations: Rows
  messages: Rows
  attempts: Rows
  comments: Rows
  tags: Rows
  /** `key` names the tag: the workspace may have one of that name already. */
  contactTags: Rows
  groups: Rows
  contactGroups: Rows
}

/** Is the id in this column one of the demonstration's? */
export const isOfDemonstration = (column: SQL) =>
  sql`(${column} >= ${DEMONSTRATION_IDS.from} AND ${column} < ${DEMONSTRATION_IDS.before})`

/** No number was ever connected here, and nobody is known. */
const isEmpty = ({ workspaceId }: Scope) => sql`NOT EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${workspaceId})
  AND NOT EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId})`

/** Guard: the actor may still administrate, and there is nothing real that it could be taken for. */
export const mayBeLoaded = (actor: Scope) => sql`(${stillAllowed(actor)} AND ${isEmpty(actor)})`

const isLoaded = ({ workspaceId }: Scope) =>
  sql`EXISTS (SELECT 1 FROM inboxes WHERE workspace_id = ${workspaceId} AND ${isOfDemonstration(sql`id`)})`

export const mayBeTakenAway = (actor: Scope) => sql`(${stillAllowed(actor)} AND ${isLoaded(actor)})`

export interface DemonstrationState {
  loaded: 0 | 1
  /** It could be loaded. */
  offered: 0 | 1
  conversations: number
}

export const demonstrationState = (scope: Scope) =>
  query<DemonstrationState>(sql`SELECT ${isLoaded(scope)} AS loaded, (${isEmpty(scope)}) AS offered,
    (SELECT count(*) FROM conversations WHERE workspace_id = ${scope.workspaceId} AND ${isOfDemonstration(sql`id`)}) AS conversations`)

/** Where its conversations go: the departments that there are, the first ones first. */
export const firstDepartments = ({ workspaceId }: Scope, most: number) =>
  query<{ id: string }>(
    sql`SELECT id FROM departments WHERE workspace_id = ${workspaceId} ORDER BY created_at, id LIMIT ${most}`,
  )

/** In the order of what refers to what. */
export function storeDemonstration({ workspaceId }: Scope, rows: DemonstrationRows, guard: SQL): SQL[] {
  const into = (table: SQL, given: Rows) => insertRows(workspaceId, table, given, guard)
  const marks = (marked: SQL, mark: SQL, id: SQL, given: Rows) => sql`
    INSERT INTO ${marked} (workspace_id, contact_id, ${id}, author_id, created_at)
    SELECT ${workspaceId}, j.value ->> 'contact_id', m.id, j.value ->> 'author_id', j.value ->> 'created_at'
    FROM json_each(${JSON.stringify(given)}) j CROSS JOIN ${mark} m
      ON m.workspace_id = ${workspaceId} AND m.name_key = j.value ->> 'key'
    WHERE ${guard} ON CONFLICT DO NOTHING`
  return [
    into(sql`agents`, rows.agents),
    into(sql`inboxes`, rows.inboxes),
    ...(rows.departmentMembers.length > 0 ? [into(sql`department_members`, rows.departmentMembers)] : []),
    into(sql`inbox_agents`, rows.inboxAgents),
    into(sql`contacts`, rows.contacts),
    into(sql`identities`, rows.identities),
    into(sql`conversations`, rows.conversations),
    into(sql`messages`, rows.messages),
    into(sql`send_attempts`, rows.attempts),
    into(sql`comments`, rows.comments),
    into(sql`tags`, rows.tags),
    marks(sql`contact_tags`, sql`tags`, sql`tag_id`, rows.contactTags),
    into(sql`groups`, rows.groups),
    marks(sql`contact_groups`, sql`groups`, sql`group_id`, rows.contactGroups),
  ]
}

function insertRows(workspaceId: string, table: SQL, rows: Rows, guard: SQL): SQL {
  const columns = Object.keys(rows[0] ?? {})
  const named = columns.map((column) => sql.identifier(column))
  const values = columns.map((column) => sql`j.value ->> ${column}`)
  return sql`INSERT INTO ${table} (workspace_id, ${sql.join(named, sql`, `)})
    SELECT ${workspaceId}, ${sql.join(values, sql`, `)} FROM json_each(${JSON.stringify(rows)}) j
    WHERE ${guard} ON CONFLICT DO NOTHING`
}

const inWorkspace = ({ workspaceId }: Scope) => sql`workspace_id = ${workspaceId}`
const numbers = (scope: Scope) =>
  sql`(SELECT id FROM inboxes WHERE ${inWorkspace(scope)} AND ${isOfDemonstration(sql`id`)})`

/** Whatever was begun on its numbers, by whomever: both halves have their index. */
const conversations = (scope: Scope) => sql`(
  SELECT id FROM conversations WHERE ${inWorkspace(scope)} AND inbox_id IN ${numbers(scope)} AND status <> 'closed'
  UNION ALL
  SELECT id FROM conversations WHERE ${inWorkspace(scope)} AND inbox_id IN ${numbers(scope)} AND status = 'closed')`

const messages = (scope: Scope) =>
  sql`(SELECT id FROM messages WHERE ${inWorkspace(scope)} AND conversation_id IN ${conversations(scope)})`

/** Its people, but for one whom somebody made one with a real person: that one stays. */
const people = ({
  workspaceId,
}: Scope) => sql`(SELECT k.id FROM contacts k WHERE k.workspace_id = ${workspaceId} AND ${isOfDemonstration(sql`k.id`)}
  AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.workspace_id = k.workspace_id AND i.contact_id = k.id AND NOT ${isOfDemonstration(sql`i.inbox_id`)})
  AND NOT EXISTS (SELECT 1 FROM contacts o WHERE o.workspace_id = k.workspace_id AND o.merged_into_id = k.id AND NOT ${isOfDemonstration(sql`o.id`)}))`

/** Files that were sent or chosen there, by the keys under which the store has them. */
export const demonstrationObjects = (scope: Scope) =>
  query<{ object_key: string }>(sql`
    SELECT object_key FROM attachments WHERE ${inWorkspace(scope)} AND object_key IS NOT NULL AND message_id IN ${messages(scope)}
    UNION ALL
    SELECT object_key FROM uploads WHERE ${inWorkspace(scope)} AND conversation_id IN ${conversations(scope)}`)

/** Its numbers are nobody's any more: their gateways are told so before the rows go. */
export const shutDemonstration = (scope: Scope, guard: SQL) => sql`
  UPDATE inboxes SET status = 'removed', version = version + 1
  WHERE ${inWorkspace(scope)} AND ${isOfDemonstration(sql`id`)} AND status <> 'removed' AND ${guard}`

/** Answers with the agents who might use its numbers: what they may see has changed. */
export const bumpDemonstrationAgents = (scope: Scope, guard: SQL) => sql`
  UPDATE agents SET authz_version = authz_version + 1 WHERE ${inWorkspace(scope)} AND NOT ${isOfDemonstration(sql`id`)}
    AND id IN (SELECT l.agent_id FROM inbox_agents l JOIN inboxes i ON i.workspace_id = l.workspace_id AND i.id = l.inbox_id
      WHERE l.workspace_id = ${scope.workspaceId} AND ${isOfDemonstration(sql`i.id`)} AND i.status <> 'removed')
    AND ${guard} RETURNING id`

/**
 * All that hangs on its numbers and people, the leaves first, once its numbers are shut. What is real and touched it
 * stays, and lets go of it.
 */
export function deleteDemonstration(scope: Scope): SQL[] {
  const guard = sql`NOT EXISTS (SELECT 1 FROM inboxes d WHERE d.workspace_id = ${scope.workspaceId} AND ${isOfDemonstration(sql`d.id`)} AND d.status <> 'removed')`
  const drop = (table: SQL, which: SQL) =>
    sql`DELETE FROM ${table} WHERE ${inWorkspace(scope)} AND ${which} AND ${guard}`
  const ofMessages = sql`message_id IN ${messages(scope)}`
  const ofConversations = sql`conversation_id IN ${conversations(scope)}`
  const ofPeople = sql`contact_id IN ${people(scope)}`
  const onNumbers = sql`inbox_id IN ${numbers(scope)}`
  const comments = sql`(SELECT id FROM comments WHERE ${inWorkspace(scope)} AND (${ofPeople} OR ${ofConversations}))`
  const colleague = isOfDemonstration(sql`id`)
  return [
    drop(sql`reactions`, ofMessages),
    drop(sql`attachments`, ofMessages),
    drop(sql`send_attempts`, ofMessages),
    drop(sql`comment_mentions`, sql`(comment_id IN ${comments} OR ${isOfDemonstration(sql`agent_id`)})`),
    drop(sql`comment_versions`, sql`comment_id IN ${comments}`),
    drop(sql`comments`, sql`id IN ${comments}`),
    drop(sql`drafts`, ofConversations),
    drop(sql`uploads`, ofConversations),
    drop(sql`messages`, ofConversations),
    drop(sql`conversations`, sql`id IN ${conversations(scope)}`),
    drop(
      sql`automatic_answers`,
      sql`identity_id IN (SELECT id FROM identities WHERE ${inWorkspace(scope)} AND ${onNumbers})`,
    ),
    drop(sql`identities`, onNumbers),
    drop(sql`contact_tags`, ofPeople),
    drop(sql`contact_groups`, ofPeople),
    drop(sql`contact_field_values`, ofPeople),
    drop(sql`contacts`, sql`id IN ${people(scope)}`),
    drop(sql`tags`, sql`${isOfDemonstration(sql`id`)} AND uses = 0`),
    drop(
      sql`groups`,
      sql`${isOfDemonstration(sql`id`)} AND NOT EXISTS (SELECT 1 FROM contact_groups g
      WHERE g.workspace_id = groups.workspace_id AND g.group_id = groups.id)`,
    ),
    drop(sql`templates`, onNumbers),
    drop(sql`kept_events`, onNumbers),
    drop(sql`greetings`, onNumbers),
    drop(sql`inbox_agents`, sql`(${onNumbers} OR ${isOfDemonstration(sql`agent_id`)})`),
    drop(sql`department_members`, isOfDemonstration(sql`agent_id`)),
    drop(sql`password_resets`, isOfDemonstration(sql`agent_id`)),
    drop(sql`inbox_counts`, onNumbers),
    ...[sql`status <> 'closed'`, sql`status = 'closed'`].map(
      (indexed) => sql`UPDATE conversations SET assignee_id = NULL, seq = seq + 1, version = version + 1
        WHERE ${inWorkspace(scope)} AND ${isOfDemonstration(sql`assignee_id`)} AND ${indexed} AND ${guard}`,
    ),
    sql`UPDATE agents SET successor_id = NULL WHERE ${inWorkspace(scope)} AND ${isOfDemonstration(sql`successor_id`)} AND ${guard}`,
    drop(sql`assignee_counts`, isOfDemonstration(sql`assignee_id`)),
    // One whose word about a real person stays is no colleague any more, and stays as its author.
    drop(
      sql`agents`,
      sql`${colleague} AND NOT EXISTS (SELECT 1 FROM comments c
      WHERE c.workspace_id = agents.workspace_id AND c.author_id = agents.id)`,
    ),
    sql`UPDATE agents SET deactivated_at = created_at WHERE ${inWorkspace(scope)} AND ${colleague} AND ${guard}`,
    drop(sql`inboxes`, isOfDemonstration(sql`id`)),
  ]
}
