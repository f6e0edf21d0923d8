/** How the team reacts to what a customer wrote. */
import { sql } from 'drizzle-orm'
import { conversationFor } from '../db/queries/conversations.ts'
import { storeReaction } from '../db/queries/outbound-reactions.ts'
import type { Scope, ThreadMessage } from '../db/records.ts'
import type { App } from './app.ts'
import { changedIn, publishChanged, readChanged } from './changed.ts'
import { AppError } from './errors.ts'
import { refuseOutsideWindow } from './messages.ts'
import { windowsOf } from './reply-window.ts'

export interface Reacting {
  conversationId: string
  messageId: string
  /** Null: takes the reaction back. */
  emoji: string | null
}

/** Reacts, or reacts otherwise, or no more; answers with the message as it is now. To react twice alike is to react once. */
export async function react(
  app: App,
  scope: Scope,
  { conversationId, messageId, emoji }: Reacting,
): Promise<ThreadMessage> {
  const conversation = await conversationFor(app.db, scope, conversationId)
  if (!conversation) throw new AppError('not_found')
  const { limits } = app.channel(conversation.channel)
  if (!mayReactWith(limits, emoji)) throw new AppError('not_supported')
  if (conversation.blocked) throw new AppError('blocked')
  if (conversation.status === 'closed') throw new AppError('conflict')
  refuseOutsideWindow(app, conversation)

  const id = app.newId()
  const written = await app.db.write(
    ...storeReaction(scope, {
      ...{ id, attemptId: app.newId(), conversationId, messageId, emoji },
      ...{ windows: windowsOf(limits), now: app.now() },
    }),
    sql`SELECT 1 FROM send_attempts WHERE workspace_id = ${scope.workspaceId} AND message_id = ${id}`,
    ...readChanged(scope.workspaceId, sql`${messageId}`),
  )
  const changed = changedIn(written.slice(-2))
  if (changed?.conversation.id !== conversationId) throw new AppError('not_found')
  const now = changed.message.reactions.find(({ side }) => side === 'team')?.emoji ?? null
  if (now !== emoji) throw new AppError('conflict')
  if (written.at(-3)?.rows[0]) {
    app.later(app.gateway(conversation.webhookKey).lookAtOutbox())
    publishChanged(app, scope.workspaceId, [changed])
  }
  return changed.message
}

const mayReactWith = ({ reactions }: { reactions: 'any' | readonly string[] | null }, emoji: string | null) =>
  reactions === 'any' || (reactions !== null && (emoji === null || reactions.includes(emoji)))
