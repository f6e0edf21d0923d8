/** Contacts: pages of them, search, one of them with all that belongs to it, and what changes its name. */
import { type SQL, sql } from 'drizzle-orm'
import { type Query, query } from '../client.ts'
import type { Contact, ContactAddress, ContactConversation, ContactRow } from '../contact-records.ts'
import type { Scope, TagChip } from '../records.ts'
import { mayUseInbox, seesEverything, stillAllowed, visibleContact, visibleConversation } from './visibility.ts'

export const CONTACTS_PAGE = 50
/** Who sees few of many is shown what is found among so many at a time: no page reads the whole workspace. */
const LOOKED_AT = 200

export interface ContactFilter {
  /** Folded words and digits, each the beginning of what a contact is found by; none: all contacts. */
  terms: string[]
  groupId: string | null
  /** What must be known in a field of the workspace's own. Its words stand among the terms: by them the person is found. */
  field?: { id: string; value: string } | null
  /** Only those who are blocked. */
  blocked?: boolean
}

export interface FoundContact {
  id: string
  /** Of the full-text index; 0 where names are the order. */
  place: number
  name: string | null
  profile_name: string | null
  phone: string | null
  tag_chips: string | null
  groups: string | null
  blocked: number
  shown: number
}

/**
 * One page, by name; what was searched for, the newest contacts first. `after` is the contact that the page before ended
 * with. Rows that are not `shown` were only looked at: the next page begins behind them.
 */
export const contactsPage = (scope: Scope, filter: ContactFilter, after: string | null): Query<FoundContact> =>
  contactsLooked<FoundContact>(scope, filter, after, { columns: ROW_COLUMNS, most: lookedAt(scope) })

interface Looking {
  /** Of the contact `k`. */
  columns: SQL
  /** How many are looked at, whether they are shown or not. */
  most: number
}

/** The same people in the same order, however much is wanted of them. */
export const contactsLooked = <Row>(
  scope: Scope,
  filter: ContactFilter,
  after: string | null,
  how: Looking,
): Query<Row> =>
  filter.terms.length > 0 ? foundContacts(scope, filter, after, how) : contactsByName(scope, filter, after, how)

function contactsByName<Row>(scope: Scope, filter: ContactFilter, after: string | null, how: Looking): Query<Row> {
  const { workspaceId } = scope
  const { field } = filter
  const rest = after
    ? sql`AND (k.name_key, k.id) > (SELECT name_key, id FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${after})`
    : sql``
  return query<Row>(sql`SELECT ${how.columns}, 0 AS place, ${visibleContact(scope)} ${knownAs(field)} AS shown
    FROM (SELECT k.* FROM ${fewestOf(workspaceId, filter)} k.workspace_id = ${workspaceId} AND k.merged_into_id IS NULL AND k.erased_at IS NULL ${rest}
      ORDER BY k.name_key, k.id LIMIT ${field ? Math.max(LOOKED_AT, how.most) : how.most}) AS k
    ORDER BY k.name_key, k.id`)
}

/** Contacts `k`, by the index of the fewest among whom all that are looked for are. */
function fewestOf(workspaceId: string, { blocked, groupId }: ContactFilter): SQL {
  if (blocked)
    return sql`contacts k INDEXED BY contacts_blocked WHERE k.blocked_at IS NOT NULL AND ${isInGroup(groupId)} AND`
  if (groupId)
    return sql`contact_groups m CROSS JOIN contacts k ON k.workspace_id = m.workspace_id AND k.id = m.contact_id
      WHERE m.workspace_id = ${workspaceId} AND m.group_id = ${groupId} AND`
  return sql`contacts k WHERE`
}

/** Of the contact `k`: in that group, where one was chosen. */
const isInGroup = (groupId: string | null) =>
  groupId
    ? sql`EXISTS (SELECT 1 FROM contact_groups m
        WHERE m.workspace_id = k.workspace_id AND m.contact_id = k.id AND m.group_id = ${groupId})`
    : sql`1`

/** Of the contact `k`; the row is found by its primary key. */
const knownAs = (field: ContactFilter['field']) =>
  field
    ? sql`AND EXISTS (SELECT 1 FROM contact_field_values v
        WHERE v.workspace_id = k.workspace_id AND v.contact_id = k.id AND v.field_id = ${field.id} AND v.value = ${field.value})`
    : sql``

function foundContacts<Row>(
  scope: Scope,
  { terms, groupId, field, blocked }: ContactFilter,
  after: string | null,
  how: Looking,
): Query<Row> {
  const { workspaceId } = scope
  const rest = after
    ? sql`AND rowid < (SELECT id FROM contact_texts WHERE workspace_id = ${workspaceId} AND contact_id = ${after})`
    : sql``
  // Few among many: the words are looked for in theirs, rather than they among all who have the words.
  const among = blocked
    ? sql`AND rowid IN (SELECT t.id FROM contacts k INDEXED BY contacts_blocked
        CROSS JOIN contact_texts t ON t.workspace_id = k.workspace_id AND t.contact_id = k.id
        WHERE k.workspace_id = ${workspaceId} AND k.blocked_at IS NOT NULL AND k.merged_into_id IS NULL)`
    : sql``
  return query<Row>(sql`SELECT ${how.columns}, f.rowid AS place, ${visibleContact(scope)} AND ${isInGroup(groupId)} ${knownAs(field)} AS shown
    FROM (SELECT rowid FROM contact_search WHERE contact_search MATCH ${matching(workspaceId, terms)} ${among} ${rest}
      ORDER BY rowid DESC LIMIT ${groupId || field ? Math.max(LOOKED_AT, how.most) : how.most}) AS f
    CROSS JOIN contact_texts t ON t.id = f.rowid
    CROSS JOIN contacts k ON k.workspace_id = t.workspace_id AND k.id = t.contact_id
    WHERE k.workspace_id = ${workspaceId} AND k.merged_into_id IS NULL AND k.erased_at IS NULL ORDER BY f.rowid DESC`)
}

const lookedAt = (scope: Scope) => (seesEverything(scope) ? CONTACTS_PAGE + 1 : LOOKED_AT)

/** Every word is quoted, and stands behind the workspace's id as in the index: no other workspace's entries are touched. */
function matching(workspaceId: string, terms: string[]): string {
  const prefix = workspaceId.replaceAll('-', '')
  return terms.map((term) => `"${prefix}${term.replaceAll('"', '')}"*`).join(' AND ')
}

const ROW_COLUMNS = sql`k.id, k.name, k.profile_name, k.phone, k.tag_chips, k.blocked_at IS NOT NULL AS blocked,
  (SELECT json_group_array(name) FROM (SELECT g.name FROM contact_groups o
    JOIN groups g ON g.workspace_id = o.workspace_id AND g.id = o.group_id
    WHERE o.workspace_id = k.workspace_id AND o.contact_id = k.id ORDER BY g.name_key LIMIT 4)) AS groups`

/** What is shown of a page, and the contact behind which the next one begins; null: nothing is left. */
export function toContactsPage(found: FoundContact[], scope: Scope): { rows: ContactRow[]; after: string | null } {
  const full = found.length >= lookedAt(scope)
  const visible = found.filter(({ shown }) => shown === 1)
  const rows = visible.slice(0, CONTACTS_PAGE).map(toContactRow)
  const last = visible.length > CONTACTS_PAGE ? rows.at(-1) : full ? found.at(-1) : null
  return { rows, after: last?.id ?? null }
}

const toContactRow = (row: FoundContact): ContactRow => ({
  id: row.id,
  name: row.name ?? row.profile_name,
  profileName: row.profile_name,
  phone: row.phone,
  tags: row.tag_chips ? JSON.parse(row.tag_chips) : { count: 0, first: [] },
  groups: row.groups ? JSON.parse(row.groups) : [],
  blocked: row.blocked === 1,
})

export interface StoredContact {
  id: string
  name: string | null
  profile_name: string | null
  phone: string | null
  version: number
  merged_into_id: string | null
  erased_at: number | null
  blocked_at: number | null
  blocked_by_name: string | null
  created_at: number
}

/** The contact, if the agent may see it; one that was merged into another still says into which. */
export const contactOf = (scope: Scope, id: string | SQL) =>
  query<StoredContact>(sql`SELECT k.id, k.name, k.profile_name, k.phone, k.version, k.merged_into_id, k.erased_at, k.created_at,
      k.blocked_at, (SELECT a.name FROM agents a WHERE a.workspace_id = k.workspace_id AND a.id = k.blocked_by_id) AS blocked_by_name
    FROM contacts k WHERE k.id = ${id} AND ${visibleContact(scope)}`)

export const toContact = (row: StoredContact): Contact => ({
  id: row.id,
  name: row.name,
  profileName: row.profile_name,
  phone: row.phone,
  version: row.version,
  mergedIntoId: row.merged_into_id,
  erasedAt: row.erased_at,
  blockedAt: row.blocked_at,
  blockedByName: row.blocked_by_name,
  createdAt: row.created_at,
})

/** Who it is that a conversation is with. */
export const contactIdOf = (scope: Scope, conversationId: string) =>
  sql`(SELECT c.contact_id FROM conversations c WHERE c.id = ${conversationId} AND ${visibleConversation(scope)})`

/** Inside a write's guard: the contact is there, is nobody else's part, was not erased, and the agent may see it. */
export const contactStands = (scope: Scope, id: string | SQL) => sql`(${stillAllowed(scope)} AND EXISTS (
  SELECT 1 FROM contacts k WHERE k.id = ${id} AND k.merged_into_id IS NULL AND k.erased_at IS NULL AND ${visibleContact(scope)}))`

export interface StoredAddress {
  id: string
  channel: ContactAddress['channel']
  inbox_name: string
  address: string
}

/** Where the person can be reached, in the inboxes that the agent may use or sees a conversation in. */
export const addressesOf = (scope: Scope, contactId: string | SQL) =>
  query<StoredAddress>(sql`SELECT c.id, i.channel, i.name AS inbox_name, coalesce(c.phone, c.external_id) AS address
    FROM identities c JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
    WHERE c.workspace_id = ${scope.workspaceId} AND c.contact_id = ${contactId} AND ${
      seesEverything(scope)
        ? sql`1`
        : sql`(${mayUseInbox(scope)} OR c.principal_id IN (
            SELECT c.identity_id FROM conversations c WHERE c.contact_id = ${contactId} AND ${visibleConversation(scope)}))`
    }
    GROUP BY i.id, coalesce(c.phone, c.external_id) ORDER BY min(c.created_at), c.id LIMIT 50`)

export const toAddress = ({ inbox_name, ...row }: StoredAddress): ContactAddress => ({ ...row, inboxName: inbox_name })

export const tagsOfContact = ({ workspaceId }: Scope, contactId: string | SQL) =>
  query<TagChip>(sql`SELECT t.id, t.name, t.color FROM contact_tags o
    JOIN tags t ON t.workspace_id = o.workspace_id AND t.id = o.tag_id
    WHERE o.workspace_id = ${workspaceId} AND o.contact_id = ${contactId} ORDER BY t.name_key LIMIT 100`)

export interface StoredHistory {
  id: string
  status: ContactConversation['status']
  channel: ContactConversation['channel']
  inbox_name: string
  department_name: string | null
  assignee_name: string | null
  opened_at: number
  last_at: number
  closed_at: number | null
  closed_by_name: string | null
  close_reason: string | null
}

const HISTORY = 100

/** The person's conversations that the agent may see: the open ones, then the newest first. */
export const historyOf = (scope: Scope, contactId: string | SQL) =>
  query<StoredHistory>(sql`SELECT c.id, c.status, i.channel, i.name AS inbox_name, d.name AS department_name, g.name AS assignee_name,
      c.opened_at, c.last_at, c.closed_at, b.name AS closed_by_name, c.close_reason
    FROM conversations c JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
    LEFT JOIN departments d ON d.workspace_id = c.workspace_id AND d.id = c.department_id
    LEFT JOIN agents g ON g.workspace_id = c.workspace_id AND g.id = c.assignee_id
    LEFT JOIN agents b ON b.workspace_id = c.workspace_id AND b.id = c.closed_by_id
    WHERE c.contact_id = ${contactId} AND ${visibleConversation(scope)}
    ORDER BY c.status = 'closed', c.opened_at DESC, c.id LIMIT ${HISTORY}`)

export const toHistory = (row: StoredHistory): ContactConversation => ({
  id: row.id,
  status: row.status,
  channel: row.channel,
  inboxName: row.inbox_name,
  departmentName: row.department_name,
  assigneeName: row.assignee_name,
  openedAt: row.opened_at,
  lastAt: row.last_at,
  closedAt: row.closed_at,
  closedByName: row.closed_by_name,
  closeReason: row.close_reason,
})

/** Guard: the name is still the one that the page showed. */
export const mayRename = (scope: Scope, id: string, version: number) => sql`(${contactStands(scope, id)} AND EXISTS (
  SELECT 1 FROM contacts WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND version = ${version}))`

/** The team's name for the person: it beats what they call themselves, now and for ever. */
export const setContactName = (scope: Scope, id: string, name: { name: string; nameKey: string }, guard: SQL) => sql`
  UPDATE contacts SET name = ${name.name}, name_key = ${name.nameKey}, version = version + 1
  WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND ${guard}`
