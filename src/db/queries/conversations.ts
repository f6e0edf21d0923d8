/** Conversations as the list and the head of a thread show them. */
import { type SQL, sql } from 'drizzle-orm'
import { type Db, query } from '../client.ts'
import type { ConversationHead, ConversationRow, Glimpse, Scope } from '../records.ts'
import { glimpseOf, withoutDeleted } from './glimpse.ts'
import { type Attempt, shownState } from './send-state-shown.ts'
import { visibleConversation } from './visibility.ts'

export interface StoredRow {
  id: string
  seq: number
  version: number
  status: ConversationRow['status']
  contact_id: string
  identity_id: string
  contact_name: string | null
  contact_phone: string | null
  contact_picture_at: number | null
  tag_chips: string | null
  blocked: number
  inbox_id: string
  department_id: string | null
  assignee_id: string | null
  unread: number
  last_at: number
  waiting_since: number | null
  closed_at: number | null
  last: string | null
}

export interface StoredHead extends StoredRow {
  channel: ConversationRow['channel']
  inbox_name: string
  inbox_address: string
  inbox_status: ConversationHead['inboxStatus']
  webhook_key: string
  time_zone: string
  department_name: string | null
  assignee_name: string | null
  last_incoming_at: number | null
  last_ad_at: number | null
  inbox_settings: string
  opened_at: number
}

/** Of the newest thing said, what a preview needs: one row read, or two for an answer of ours. */
const LAST_MESSAGE = sql`(
  SELECT json_object(${glimpseOf('m', 160)}, 'kind', m.kind, 'attempts',
    CASE WHEN m.direction = 'outgoing' AND m.kind = 'message' THEN (
      SELECT CASE a.no WHEN 1 THEN json_array(json_object('no', a.no, 'state', a.state, 'rank', a.rank)) ELSE (
        SELECT json_group_array(json_object('no', b.no, 'state', b.state, 'rank', b.rank))
        FROM send_attempts b WHERE b.workspace_id = m.workspace_id AND b.message_id = m.id) END
      FROM send_attempts a WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id ORDER BY a.no DESC LIMIT 1) END)
  FROM messages m
  WHERE m.workspace_id = c.workspace_id AND m.conversation_id = c.id AND m.superseded_by_id IS NULL AND m.kind = 'message'
  ORDER BY m.occurred_at DESC, m.ingest_ord DESC LIMIT 1)`

const ROW_COLUMNS = sql`c.id, c.seq, c.version, c.status, c.contact_id, c.identity_id, coalesce(k.name, k.profile_name) AS contact_name,
  k.phone AS contact_phone, k.picture_at AS contact_picture_at, k.tag_chips, k.blocked_at IS NOT NULL AS blocked,
  c.inbox_id, c.department_id, c.assignee_id, c.unread, c.last_at, c.waiting_since, c.closed_at, ${LAST_MESSAGE} AS last`

/** The same as one value. */
export const ROW_AS_JSON = sql`json_object('id', c.id, 'seq', c.seq, 'version', c.version, 'status', c.status,
  'contact_id', c.contact_id, 'identity_id', c.identity_id, 'contact_name', coalesce(k.name, k.profile_name), 'contact_picture_at', k.picture_at,
  'contact_phone', k.phone, 'tag_chips', k.tag_chips, 'blocked', k.blocked_at IS NOT NULL, 'inbox_id', c.inbox_id, 'department_id', c.department_id,
  'assignee_id', c.assignee_id, 'unread', c.unread, 'last_at', c.last_at, 'waiting_since', c.waiting_since,
  'closed_at', c.closed_at, 'last', ${LAST_MESSAGE} || '')`

const HEAD_COLUMNS = sql`${ROW_COLUMNS}, i.channel, i.name AS inbox_name, i.address AS inbox_address,
  i.status AS inbox_status, i.webhook_key, w.time_zone, d.name AS department_name, g.name AS assignee_name, c.last_incoming_at, c.last_ad_at, i.settings AS inbox_settings, c.opened_at`

const HEAD_TABLES = sql`conversations c
  JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
  JOIN workspaces w ON w.id = c.workspace_id
  JOIN inboxes i ON i.workspace_id = c.workspace_id AND i.id = c.inbox_id
  LEFT JOIN departments d ON d.workspace_id = c.workspace_id AND d.id = c.department_id
  LEFT JOIN agents g ON g.workspace_id = c.workspace_id AND g.id = c.assignee_id`

/** The conversation, if the agent may see it. */
export const headOf = (scope: Scope, id: string) =>
  query<StoredHead>(
    sql`SELECT ${HEAD_COLUMNS} FROM ${HEAD_TABLES} WHERE c.id = ${id} AND ${visibleConversation(scope)}`,
  )

/** For those who tell everyone: who may see it is decided where it is told. */
export const headForPublishing = (workspaceId: string, id: SQL) =>
  query<StoredHead>(
    sql`SELECT ${HEAD_COLUMNS} FROM ${HEAD_TABLES} WHERE c.workspace_id = ${workspaceId} AND c.id = ${id}`,
  )

const TOLD_AT_ONCE = 100

/** Of these contacts (what may stand after IN), every conversation that is open. */
export const openHeadsOf = (workspaceId: string, contactIds: SQL) =>
  query<StoredHead>(sql`SELECT ${HEAD_COLUMNS} FROM ${HEAD_TABLES}
    WHERE c.workspace_id = ${workspaceId} AND c.contact_id IN ${contactIds} AND c.status <> 'closed'
    ORDER BY +c.last_at DESC LIMIT ${TOLD_AT_ONCE}`)

/** Pages that may stand open on this person: every open conversation, and the newest of the closed ones. */
export const headsOfContact = (workspaceId: string, contactId: string) =>
  query<StoredHead>(sql`SELECT ${HEAD_COLUMNS} FROM ${HEAD_TABLES}
    WHERE c.workspace_id = ${workspaceId} AND c.contact_id = ${contactId}
    ORDER BY c.status = 'closed', c.opened_at DESC LIMIT 20`)

export function toHead(row: StoredHead): ConversationHead {
  return {
    ...rowOf(row),
    channel: row.channel,
    inboxName: row.inbox_name,
    inboxAddress: row.inbox_address,
    inboxStatus: row.inbox_status,
    webhookKey: row.webhook_key,
    timeZone: row.time_zone,
    departmentName: row.department_name,
    assigneeName: row.assignee_name,
    lastIncomingAt: row.last_incoming_at,
    lastAdAt: row.last_ad_at,
    inboxSettings: JSON.parse(row.inbox_settings),
    openedAt: row.opened_at,
  }
}

export async function conversationFor(db: Db, scope: Scope, id: string): Promise<ConversationHead | null> {
  const [rows] = await db.read(headOf(scope, id))
  return rows[0] ? toHead(rows[0]) : null
}

type NamedElsewhere = 'channel' | 'inboxName' | 'departmentName' | 'assigneeName'

export const rowOf = (row: StoredRow): Omit<ConversationRow, NamedElsewhere> => ({
  id: row.id,
  seq: row.seq,
  version: row.version,
  status: row.status,
  contactId: row.contact_id,
  identityId: row.identity_id,
  contactName: row.contact_name,
  contactPhone: row.contact_phone,
  contactPictureAt: row.contact_picture_at,
  tags: row.tag_chips ? JSON.parse(row.tag_chips) : { count: 0, first: [] },
  blocked: row.blocked === 1,
  inboxId: row.inbox_id,
  departmentId: row.department_id,
  assigneeId: row.assignee_id,
  unread: row.unread,
  lastAt: row.last_at,
  closedAt: row.closed_at,
  waitingSince: row.waiting_since,
  last: row.last ? lastOf(JSON.parse(row.last)) : null,
})

interface StoredLast extends Glimpse {
  kind: 'message' | 'activity' | 'comment'
  attempts: Pick<Attempt, 'no' | 'state' | 'rank'>[] | null
}

const lastOf = ({ attempts, ...last }: StoredLast): ConversationRow['last'] => ({
  ...withoutDeleted(last),
  state: shownState(last.direction, attempts ?? []),
})
