/** A conversation that an agent begins: from which number, in which department, and never beside one that is open. */
import { type SQL, sql } from 'drizzle-orm'
import { type Query, query } from '../client.ts'
import type { ChannelName, ConversationHead, Scope } from '../records.ts'
import { contactStands } from './contacts.ts'
import { headForPublishing, type StoredHead } from './conversations.ts'
import { mayUseInbox, seesEverything, visibleContact, visibleConversation } from './visibility.ts'

export interface SendingInbox {
  id: string
  name: string
  address: string
  channel: ChannelName
  status: ConversationHead['inboxStatus']
  department_id: string | null
  department_name: string | null
  /** When this person wrote on it last; null: never. */
  last_incoming_at: number | null
  /** The same of what came from an ad. */
  last_ad_at: number | null
  /** JSON, of the inbox. */
  settings: string
  /** Whether this person has an address there, or a phone to make one of. */
  reachable: number
}

/** The numbers that the agent may write to this person from, the one that was used last at the front. */
export const inboxesToSendFrom = (scope: Scope, contactId: string, channels: readonly ChannelName[]) =>
  query<SendingInbox>(sql`SELECT c.id, c.name, c.address, c.channel, c.status, c.department_id, c.settings,
      (SELECT name FROM departments d WHERE d.workspace_id = c.workspace_id AND d.id = c.department_id) AS department_name,
      (SELECT max(o.last_incoming_at) FROM conversations o WHERE o.workspace_id = c.workspace_id AND o.contact_id = ${contactId}
        AND o.inbox_id = c.id) AS last_incoming_at,
      (SELECT max(o.last_ad_at) FROM conversations o WHERE o.workspace_id = c.workspace_id AND o.contact_id = ${contactId}
        AND o.inbox_id = c.id) AS last_ad_at,
      (EXISTS (SELECT 1 FROM contacts k WHERE k.workspace_id = c.workspace_id AND k.id = ${contactId} AND k.phone IS NOT NULL)
        OR EXISTS (SELECT 1 FROM identities i WHERE i.workspace_id = c.workspace_id AND i.contact_id = ${contactId} AND i.inbox_id = c.id)) AS reachable
    FROM (SELECT *, id AS inbox_id FROM inboxes) c
    WHERE c.workspace_id = ${scope.workspaceId} AND c.channel IN ${sql`(${sql.join(
      channels.map((channel) => sql`${channel}`),
      sql`, `,
    )})`} AND c.status <> 'removed' AND ${seesEverything(scope) ? sql`1` : mayUseInbox(scope)}
    ORDER BY (SELECT max(o.last_at) FROM conversations o WHERE o.workspace_id = c.workspace_id AND o.contact_id = ${contactId}
      AND o.inbox_id = c.id) DESC NULLS LAST, c.name, c.id`)

/** The departments that the agent would still see the conversation in. */
export const departmentsToStartIn = (scope: Scope) =>
  query<{ id: string; name: string }>(sql`SELECT id, name FROM departments WHERE workspace_id = ${scope.workspaceId}
    AND ${inReach(scope, sql`id`)} ORDER BY name_key`)

const inReach = (scope: Scope, id: SQL) =>
  seesEverything(scope)
    ? sql`1`
    : sql`${id} IN (SELECT department_id FROM department_members
        WHERE workspace_id = ${scope.workspaceId} AND agent_id = ${scope.agentId})`

export interface Start {
  contactId: string
  inboxId: string
  departmentId: string | null
  conversationId: string
  identityId: string
  now: number
}

/**
 * Where the conversation hangs: the address that this person was last spoken to at, else one that their number has. A
 * person who was two may have several.
 */
function principalOf({ workspaceId }: Scope, { contactId, inboxId }: Start): SQL {
  return sql`coalesce(
    (SELECT i.principal_id FROM identities i
      LEFT JOIN conversations c ON c.workspace_id = i.workspace_id AND c.identity_id = i.principal_id
      WHERE i.workspace_id = ${workspaceId} AND i.contact_id = ${contactId} AND i.inbox_id = ${inboxId}
      ORDER BY c.status <> 'closed' DESC, c.last_at DESC, i.created_at, i.id LIMIT 1),
    (SELECT i.principal_id FROM contacts k JOIN identities i ON i.inbox_id = ${inboxId} AND i.phone = k.phone
      WHERE k.workspace_id = ${workspaceId} AND k.id = ${contactId} ORDER BY i.created_at, i.id LIMIT 1))`
}

/**
 * The first address of a person whom nobody has written to is their number: the provider's answer tells the address that
 * it knows them by, which is then learned. Where a conversation is open already, nothing is written; nor where the
 * number's address is that of a person whom the agent does not see, or who is blocked.
 */
export function storeStart(scope: Scope, start: Start): SQL[] {
  const { workspaceId, agentId } = scope
  const principal = principalOf(scope, start)
  const guard = mayStart(scope, start)
  return [
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, phone, created_at)
      SELECT ${workspaceId}, ${start.identityId}, k.id, ${start.inboxId}, ${start.identityId}, substr(k.phone, 2), k.phone, ${start.now}
      FROM contacts k WHERE k.workspace_id = ${workspaceId} AND k.id = ${start.contactId} AND k.phone IS NOT NULL
        AND k.blocked_at IS NULL AND ${principal} IS NULL AND ${guard} ON CONFLICT DO NOTHING`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, assignee_id, last_at,
        last_incoming_at, last_ad_at, opened_at)
      SELECT ${workspaceId}, ${start.conversationId}, ${start.inboxId}, p.id, p.contact_id, ${start.departmentId}, ${agentId}, ${start.now},
        (SELECT max(o.last_incoming_at) FROM conversations o WHERE o.workspace_id = ${workspaceId} AND o.identity_id = p.id),
        (SELECT max(o.last_ad_at) FROM conversations o WHERE o.workspace_id = ${workspaceId} AND o.identity_id = p.id), ${start.now}
      FROM identities p WHERE p.workspace_id = ${workspaceId} AND p.id = ${principal} AND ${guard}
        AND EXISTS (SELECT 1 FROM contacts k WHERE k.id = p.contact_id AND k.blocked_at IS NULL AND ${visibleContact(scope)}) ON CONFLICT DO NOTHING`,
  ]
}

/** Guard: the person, the number and the department are still theirs to use, and the number is connected. */
const mayStart = (scope: Scope, { contactId, inboxId, departmentId }: Start) => sql`(${contactStands(scope, contactId)}
  AND EXISTS (SELECT 1 FROM (SELECT *, id AS inbox_id FROM inboxes) c WHERE c.workspace_id = ${scope.workspaceId} AND c.id = ${inboxId}
    AND c.status = 'active' AND ${seesEverything(scope) ? sql`1` : mayUseInbox(scope)})
  AND ${
    departmentId === null
      ? sql`1`
      : sql`EXISTS (SELECT 1 FROM departments d WHERE d.workspace_id = ${scope.workspaceId} AND d.id = ${departmentId}
          AND ${inReach(scope, sql`d.id`)})`
  })`

const openConversation = (scope: Scope, start: Start) =>
  sql`(SELECT id FROM conversations WHERE inbox_id = ${start.inboxId} AND identity_id = ${principalOf(scope, start)} AND status <> 'closed')`

/** The open conversation of this person on this number, whoever began it. */
export const openedOf = (scope: Scope, start: Start): Query<StoredHead> =>
  headForPublishing(scope.workspaceId, openConversation(scope, start))

/** Whether it is one that the agent may see. */
export const seesOpened = (scope: Scope, start: Start) =>
  query<{ id: string }>(
    sql`SELECT c.id FROM conversations c WHERE c.id = ${openConversation(scope, start)} AND ${visibleConversation(scope)}`,
  )
