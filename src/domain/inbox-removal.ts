/** What is left to do once a number is removed: begun by whoever removes it, ended by the sweep. */
import { sql } from 'drizzle-orm'
import { headForPublishing, type StoredHead, toHead } from '../db/queries/conversations.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import {
  closeForRemoval,
  openConversationsOn,
  settleForRemoval,
  unfinishedRemovals,
} from '../db/queries/inbox-states.ts'
import { messageForPublishing, type StoredMessage, toMessage } from '../db/queries/messages.ts'
import type { App } from './app.ts'

const CLOSED_AT_ONCE = 100
/** Open pages beyond these ask again by themselves. */
const MOST_TOLD = 50

/** Closes what is open and settles what waits, so much at a time; safe to repeat, and to end anywhere. */
export async function finishRemoval(app: App, inbox: InboxRef, batches: number): Promise<void> {
  for (let batch = 0; batch < batches; batch += 1) {
    const [open] = await app.db.read(openConversationsOn(inbox, CLOSED_AT_ONCE))
    const closings = open.map(({ id }) => ({ conversation: id, row: app.newId() }))
    await app.db.write(
      ...settleForRemoval(inbox, app.now(), CLOSED_AT_ONCE),
      ...closeForRemoval(inbox, closings, app.now()),
    )
    await tellClosed(app, inbox, batch === 0 ? closings.slice(0, MOST_TOLD) : [])
    if (open.length < CLOSED_AT_ONCE) return
  }
}

async function tellClosed(
  app: App,
  { workspaceId }: InboxRef,
  closings: { conversation: string; row: string }[],
): Promise<void> {
  if (closings.length === 0) return
  const read = await app.db.read(
    ...closings.flatMap(({ conversation, row }) => [
      headForPublishing(workspaceId, sql`${conversation}`),
      messageForPublishing(workspaceId, sql`${row}`),
    ]),
  )
  closings.forEach((_, at) => {
    const [[head], [message]] = [read[2 * at] as StoredHead[], read[2 * at + 1] as StoredMessage[]]
    if (!head || !message) return
    app.publish({ type: 'thread.changed', workspaceId, conversation: toHead(head), messages: [toMessage(message)] })
  })
}

const REMOVALS_A_SWEEP = 5

/** What a removal left undone, and what came in just before it. */
export async function finishRemovals(app: App): Promise<void> {
  const [unfinished] = await app.db.read(unfinishedRemovals(REMOVALS_A_SWEEP))
  for (const { workspace_id: workspaceId, id } of unfinished) await finishRemoval(app, { workspaceId, id }, 1)
}
