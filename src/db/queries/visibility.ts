/** The one predicate of what an agent may see. What it does not let through does not exist for them. */
import { type SQL, sql } from 'drizzle-orm'
import type { Scope } from '../records.ts'

/**
 * Owner and admin see all. A supervisor sees their departments; an agent theirs, in the inboxes they may use. Where a
 * conversation has no department yet, everyone who may use its inbox sees it. Holds for a `conversations` row named `c`.
 */
export function visibleConversation(scope: Scope): SQL {
  const inWorkspace = sql`c.workspace_id = ${scope.workspaceId}`
  if (seesEverything(scope)) return inWorkspace
  const ofDepartment = inDepartments(scope)
  const reach =
    scope.role === 'supervisor'
      ? sql`(${ofDepartment} OR c.department_id IS NULL AND ${mayUseInbox(scope)})`
      : sql`((${ofDepartment} OR c.department_id IS NULL) AND ${mayUseInbox(scope)})`
  return sql`${inWorkspace} AND ${reach}`
}

/** Answers with a row where the agent sees this conversation: for a batch that changes nothing where they do not. */
export const seesConversation = (scope: Scope, conversationId: string): SQL =>
  sql`SELECT 1 AS seen FROM conversations c WHERE c.id = ${conversationId} AND ${visibleConversation(scope)}`

/**
 * Whoever sees one conversation of a person sees the person, and everyone sees a person who has none yet. Holds for a
 * `contacts` row named `k`; inside, `c` is a conversation.
 */
export function visibleContact(scope: Scope): SQL {
  const inWorkspace = sql`k.workspace_id = ${scope.workspaceId}`
  if (seesEverything(scope)) return inWorkspace
  return sql`${inWorkspace} AND (
    EXISTS (SELECT 1 FROM conversations c WHERE c.contact_id = k.id AND ${visibleConversation(scope)})
    OR NOT EXISTS (SELECT 1 FROM conversations n WHERE n.workspace_id = k.workspace_id AND n.contact_id = k.id))`
}

export const seesEverything = (scope: Scope) => scope.role === 'owner' || scope.role === 'admin'

/** `+`: a filter that many rows pass, which must never choose the index of a list. */
export const mayUseInbox = (scope: Scope) =>
  sql`+c.inbox_id IN (SELECT inbox_id FROM inbox_agents WHERE workspace_id = ${scope.workspaceId} AND agent_id = ${scope.agentId})`

const inDepartments = (scope: Scope) =>
  scope.departmentIds.length > 0
    ? sql`c.department_id IN (${sql.join(
        scope.departmentIds.map((id) => sql`${id}`),
        sql`, `,
      )})`
    : sql`0`

/** Inside a write's guard: what the agent might do when the page was drawn, they may still do now. */
export const stillAllowed = (scope: Scope) =>
  sql`EXISTS (SELECT 1 FROM agents WHERE workspace_id = ${scope.workspaceId} AND id = ${scope.agentId}
    AND authz_version = ${scope.authzVersion} AND deactivated_at IS NULL)`
