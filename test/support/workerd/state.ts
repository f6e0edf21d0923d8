/** What a workspace holds, in an order and in words that do not depend on how it came to be: without ids, seq and order of storing. */
import { type SQL, sql } from 'drizzle-orm'
import { rowsOfEach } from '../people.ts'

export async function stateOf(workspaceId: string) {
  const [contacts, conversations, messages, kept, templates, inboxes] = await rowsOfEach(
    sql`SELECT phone, name, profile_name,
        (SELECT json_group_array(number || '/' || external_id) FROM (SELECT ${numberOf(sql`i`)} AS number, i.external_id FROM identities i
          WHERE i.workspace_id = c.workspace_id AND i.contact_id = c.id ORDER BY 1, 2)) AS addresses
      FROM contacts c WHERE workspace_id = ${workspaceId} AND merged_into_id IS NULL ORDER BY addresses`,
    sql`SELECT ${conversationName}, status, imported, last_at, last_incoming_at, last_ad_at, unread, waiting_since
      FROM conversations c WHERE workspace_id = ${workspaceId} ORDER BY 1, opened_at`,
    sql`SELECT ${conversationName}, ${SAID}
      FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
      WHERE m.workspace_id = ${workspaceId} AND m.superseded_by_id IS NULL ORDER BY m.occurred_at, m.external_id, m.body, m.type`,
    sql`SELECT dedupe_key, kind, payload FROM kept_events WHERE workspace_id = ${workspaceId} ORDER BY 1`,
    sql`SELECT ${numberOf(sql`t`)} AS number, name, language, status FROM templates t WHERE workspace_id = ${workspaceId} ORDER BY 1, 2, 3`,
    sql`SELECT status FROM inboxes WHERE workspace_id = ${workspaceId} ORDER BY id`,
  )
  return { contacts, conversations, messages, kept, templates, inboxes }
}

/**
 * The same where two may turn out to be one only after each has written: which of their conversations a message stands in
 * is then a matter of when that was told. What the person said, and what waits for an answer, is not.
 */
export async function stateOfPeople(workspaceId: string) {
  const { contacts, kept } = await stateOf(workspaceId)
  const [people, messages] = await rowsOfEach(
    sql`SELECT ${personName(sql`c`)}, sum(status <> 'closed') AS open, sum(unread) AS unread, min(waiting_since) AS waiting,
        max(last_incoming_at) AS heard
      FROM conversations c WHERE workspace_id = ${workspaceId} GROUP BY identity_id ORDER BY 1`,
    sql`SELECT ${personName(sql`c`)}, ${SAID}
      FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
      WHERE m.workspace_id = ${workspaceId} AND m.superseded_by_id IS NULL AND m.type <> 'closed' ORDER BY m.occurred_at, m.external_id, m.type`,
  )
  return { contacts, kept, people, messages }
}

/** All that a row of a thread says, and all that is said of it. */
const SAID = sql`m.external_id, m.kind, m.direction, m.type, m.body, m.content, m.occurred_at, m.provider_at, m.reply_to_external_id, m.raw,
  m.edit_rank, m.edited_at, m.deleted_at,
  (SELECT json_group_array(state || ' ' || rank || ' ' || coalesce(external_id, '-') || ' ' || coalesce(error_code, '-'))
    FROM send_attempts a WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id) AS attempts,
  (SELECT json_group_array(line) FROM (SELECT side || ' ' || coalesce(emoji, '-') || ' ' || reacted_at AS line
    FROM reactions r WHERE r.workspace_id = m.workspace_id AND r.message_id = m.id ORDER BY 1)) AS reactions,
  (SELECT json_group_array(line) FROM (SELECT f.ord || ' ' || kind || ' ' || state || ' ' || coalesce(provider_media_id, '-') || ' ' || coalesce(file_name, '-') AS line
    FROM attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id ORDER BY 1)) AS files`

/** A conversation is known by its number and by all addresses of the person in it. */
const conversationName = personName(sql`c`)

function personName(conversation: SQL): SQL {
  return sql`${numberOf(conversation)} || ' ' || (SELECT group_concat(external_id, ' ') FROM (SELECT external_id FROM identities i
    WHERE i.workspace_id = ${conversation}.workspace_id AND i.principal_id = ${conversation}.identity_id ORDER BY 1)) AS conversation`
}

/** Which of the workspace's inboxes it was: ids differ from one workspace to the other, their order does not. */
function numberOf(row: SQL): SQL {
  return sql`(SELECT count(*) FROM inboxes o WHERE o.workspace_id = ${row}.workspace_id AND o.id < ${row}.inbox_id)`
}

/** What must hold whatever happened: one open conversation a person, numbers without gaps, counts that were counted right. */
export async function brokenRules(workspaceId: string): Promise<unknown[]> {
  const checks = [
    sql`SELECT 'two open conversations' AS rule, identity_id FROM conversations
      WHERE workspace_id = ${workspaceId} AND status <> 'closed' GROUP BY inbox_id, identity_id HAVING count(*) > 1`,
    sql`SELECT 'an open conversation with somebody blocked' AS rule, c.id FROM conversations c
      JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
      WHERE c.workspace_id = ${workspaceId} AND c.status <> 'closed' AND k.blocked_at IS NOT NULL`,
    sql`SELECT 'one number for two rows' AS rule, conversation_id, seq FROM messages
      WHERE workspace_id = ${workspaceId} GROUP BY conversation_id, seq HAVING count(*) > 1`,
    sql`SELECT 'a row ahead of its thread' AS rule, m.id FROM messages m
      JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id WHERE m.workspace_id = ${workspaceId} AND m.seq > c.seq`,
    sql`SELECT 'inbox count' AS rule, * FROM (
        SELECT inbox_id, coalesce(department_id, '') AS department, count(*) AS open, sum(unread > 0) AS unread, sum(assignee_id IS NULL) AS waiting
        FROM conversations WHERE workspace_id = ${workspaceId} AND status <> 'closed' GROUP BY 1, 2
        EXCEPT SELECT inbox_id, department_id, open, unread, waiting FROM inbox_counts WHERE workspace_id = ${workspaceId})`,
    sql`SELECT 'inbox count of nothing' AS rule, * FROM (
        SELECT inbox_id, department_id, open, unread, waiting FROM inbox_counts WHERE workspace_id = ${workspaceId} AND (open <> 0 OR unread <> 0 OR waiting <> 0)
        EXCEPT SELECT inbox_id, coalesce(department_id, ''), count(*), sum(unread > 0), sum(assignee_id IS NULL)
        FROM conversations WHERE workspace_id = ${workspaceId} AND status <> 'closed' GROUP BY 1, 2)`,
    sql`SELECT 'assignee count' AS rule, * FROM (
        SELECT assignee_id, count(*) AS open, sum(unread > 0) AS unread FROM conversations
        WHERE workspace_id = ${workspaceId} AND status <> 'closed' AND assignee_id IS NOT NULL GROUP BY 1
        EXCEPT SELECT assignee_id, open, unread FROM assignee_counts WHERE workspace_id = ${workspaceId})`,
    sql`SELECT 'assignee count of nothing' AS rule, * FROM (
        SELECT assignee_id, open, unread FROM assignee_counts WHERE workspace_id = ${workspaceId} AND (open <> 0 OR unread <> 0)
        EXCEPT SELECT assignee_id, count(*), sum(unread > 0) FROM conversations
        WHERE workspace_id = ${workspaceId} AND status <> 'closed' AND assignee_id IS NOT NULL GROUP BY 1)`,
  ]
  return (await rowsOfEach(...checks)).flat()
}
