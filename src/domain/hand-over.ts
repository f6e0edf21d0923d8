/** What somebody had who may not have it any more goes on: to whoever was chosen, or to its queue. */
import { type SQL, sql } from 'drizzle-orm'
import type { Query } from '../db/client.ts'
import {
  agentsToHandBack,
  agentsWithSomethingLeft,
  handBack,
  handOver,
  leftBehind,
  outOfReach,
  settleHandBack,
} from '../db/queries/hand-over.ts'
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
  const moved = await moveAll(app, workspaceId, MOST_BATCHES, leftBehind(workspaceId, agentId, AT_ONCE), (given) =>
    handOver(workspaceId, agentId, given, app.now()),
  )
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

/**
 * An agent who works here and was taken out of somewhere: what they have and may answer no more, nobody would see to. It
 * waits for colleagues again. What is more than one request may move, or broke off, the sweep goes on with.
 */
export async function handBackAll(app: App, workspaceId: string, agentId: string): Promise<void> {
  await moveAll(app, workspaceId, MOST_BATCHES, outOfReach(workspaceId, agentId, AT_ONCE), (given) =>
    handBack(workspaceId, agentId, given, app.now()),
  )
  await app.db.write(settleHandBack(workspaceId, agentId))
}

/**
 * Every minute: what broke off goes on, and what was opened again of somebody who may not answer it does not stay with them.
 * What fails for one of them keeps nobody else waiting.
 */
export async function handOverWhatIsLeft(app: App): Promise<void> {
  const [gone, moved] = await app.db.read(agentsWithSomethingLeft(MOST_AGENTS), agentsToHandBack(MOST_AGENTS))
  for (const [agents, move] of [
    [gone, handOverAll],
    [moved, handBackAll],
  ] as const) {
    for (const { workspace_id, id } of agents) {
      await move(app, workspace_id, id).catch((error) => app.log.error('sweep.failed', error, { agentId: id }))
    }
  }
}

/** Moves what is held, so much at a time, and tells everyone. Answers with what moved, as it stands now. */
async function moveAll(
  app: App,
  workspaceId: string,
  batches: number,
  held: Query<{ id: string }>,
  move: (given: { conversationId: string; messageId: string }[]) => SQL[],
): Promise<ConversationHead[]> {
  const moved: ConversationHead[] = []
  for (let batch = 0; batch < batches; batch += 1) {
    const [some] = await app.db.read(held)
    if (some.length === 0) break
    const given = some.map(({ id }) => ({ conversationId: id, messageId: app.newId() }))
    await app.db.write(...move(given))
    const changes = await publishRows(
      app,
      workspaceId,
      given.map(({ messageId }) => sql`${messageId}`),
    )
    moved.push(...changes.map(({ conversation }) => conversation))
  }
  return moved
}
