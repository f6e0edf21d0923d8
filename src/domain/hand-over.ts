/** What an agent had who was deactivated goes on: to whoever was chosen, or to its queue. */
import { sql } from 'drizzle-orm'
import { agentsWithSomethingLeft, handOver, leftBehind } from '../db/queries/hand-over.ts'
import type { ConversationHead } from '../db/records.ts'
import type { App } from './app.ts'
import { publishRows } from './changed.ts'

/** One batch holds the only writer for as long as it takes, and each conversation is told in two rooms. */
const AT_ONCE = 50
const MOST_BATCHES = 4
const MOST_AGENTS = 20

export interface HandedOver {
  /** How many went to the successor. */
  handed: number
  /** How many went to their queue. */
  queued: number
  /** There is more: the sweep goes on with it. */
  left: boolean
}

/** As much of it as one request may move. Broken off or doubled, it moves each conversation once. */
export async function handOverAll(
  app: App,
  workspaceId: string,
  agentId: string,
  { byName }: { byName?: string } = {},
): Promise<HandedOver> {
  const moved: ConversationHead[] = []
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const [held] = await app.db.read(leftBehind(workspaceId, agentId, AT_ONCE))
    if (held.length === 0) break
    const given = held.map(({ id }) => ({ conversationId: id, messageId: app.newId() }))
    await app.db.write(...handOver(workspaceId, agentId, given, app.now()))
    const changes = await publishRows(
      app,
      workspaceId,
      given.map(({ messageId }) => sql`${messageId}`),
    )
    moved.push(...changes.map(({ conversation }) => conversation))
  }
  const handed = moved.filter(({ assigneeId }) => assigneeId !== null)
  const [first] = handed
  if (byName && first?.assigneeId) {
    const { assigneeId: toAgentId } = first
    app.publish({
      type: 'conversation.handed',
      workspaceId,
      conversation: first,
      toAgentId,
      byName,
      count: handed.length,
    })
  }
  const [left] = await app.db.read(leftBehind(workspaceId, agentId, 1))
  return { handed: handed.length, queued: moved.length - handed.length, left: left.length > 0 }
}

/** Every minute: a hand-over that broke off goes on, and what was opened again of somebody gone does not stay with them. */
export async function handOverWhatIsLeft(app: App): Promise<void> {
  const [agents] = await app.db.read(agentsWithSomethingLeft(MOST_AGENTS))
  for (const { workspace_id, id } of agents) await handOverAll(app, workspace_id, id)
}
