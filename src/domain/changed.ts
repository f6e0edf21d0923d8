/** What a batch changed, read in that batch as everyone will see it, and told to everyone after it. */
import { type SQL, sql } from 'drizzle-orm'
import { query, type Written } from '../db/client.ts'
import { headForPublishing, openHeadsOf, type StoredHead, toHead } from '../db/queries/conversations.ts'
import { messageForPublishing, type StoredMessage, toMessage } from '../db/queries/messages.ts'
import type { ConversationHead, ThreadMessage } from '../db/records.ts'
import type { App } from './app.ts'

export interface Changed {
  conversation: ConversationHead
  message: ThreadMessage
}

/** Two reads, to stand at the end of a batch. */
export const readChanged = (workspaceId: string, messageId: SQL): SQL[] => [
  messageForPublishing(workspaceId, messageId).sql,
  headForPublishing(
    workspaceId,
    sql`(SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${messageId})`,
  ).sql,
]

/** What those two reads answered; null where there is no such message. */
export function changedIn([messages, heads]: Written[]): Changed | null {
  const message = messages?.rows[0]
  const head = heads?.rows[0]
  if (!message || !head) return null
  return {
    conversation: toHead(head as unknown as StoredHead),
    message: toMessage(message as unknown as StoredMessage),
  }
}

/** What each of several plans wrote, of a batch made of all their statements. */
export function partsOf(written: Written[], plans: { statements: SQL[] }[]): Written[][] {
  const rest = [...written]
  return plans.map(({ statements }) => rest.splice(0, statements.length))
}

/** One telling a conversation, with its newest head and all of its changed messages. */
export function publishChanged(app: App, workspaceId: string, changes: Changed[]): void {
  const byConversation = new Map<string, Changed[]>()
  for (const change of changes) {
    const together = byConversation.get(change.conversation.id)
    if (together) together.push(change)
    else byConversation.set(change.conversation.id, [change])
  }
  for (const together of byConversation.values()) {
    const newest = together.reduce((last, one) => (one.conversation.seq > last.conversation.seq ? one : last))
    app.publish({
      type: 'thread.changed',
      workspaceId,
      conversation: newest.conversation,
      messages: [...new Map(together.map(({ message }) => [message.id, message])).values()],
    })
  }
}

/** These messages changed in a batch that named them: read, and told. Answers with those that are there. */
export async function publishRows(app: App, workspaceId: string, ids: SQL[]): Promise<Changed[]> {
  const changes = await rowsChanged(app, workspaceId, ids)
  publishChanged(app, workspaceId, changes)
  return changes
}

/** The ids that a statement answered with. */
export const idsIn = (written: Written | undefined): SQL[] => (written?.rows ?? []).map(({ id }) => sql`${String(id)}`)

export async function rowsChanged(app: App, workspaceId: string, ids: SQL[]): Promise<Changed[]> {
  if (ids.length === 0) return []
  const rows = await app.db.read(
    ...ids.flatMap((id) => readChanged(workspaceId, id)).map((one) => query<Record<string, unknown>>(one)),
  )
  return ids
    .map((_, at) => changedIn(rows.slice(2 * at, 2 * at + 2).map((found) => ({ rows: found, changes: 0 }))))
    .filter((one) => one !== null)
}

/** The contact looks different now: every conversation of theirs that is open shows it. */
export const publishContact = (app: App, workspaceId: string, contactId: string): Promise<void> =>
  publishContacts(app, workspaceId, sql`(${contactId})`)

/** The same for several; `contactIds` is what may stand after IN. Far more of them than anyone looks at wait for the next reading. */
export async function publishContacts(app: App, workspaceId: string, contactIds: SQL): Promise<void> {
  const [heads] = await app.db.read(openHeadsOf(workspaceId, contactIds))
  for (const head of heads) {
    app.publish({ type: 'thread.changed', workspaceId, conversation: toHead(head), messages: [], aboutContact: true })
  }
}
