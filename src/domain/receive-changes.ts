/** What somebody did with a message that is there: reacted, said it in other words, took it back. */
import type { SQL } from 'drizzle-orm'
import type { DeleteEvent, EditEvent, ReactionEvent } from '../channels/events.ts'
import { knowsTarget, targetOf } from '../db/queries/inbound.ts'
import { storeDelete, storeEdit, storeReaction } from '../db/queries/inbound-changes.ts'
import { changedIn, readChanged } from './changed.ts'
import type { Plan, Receiving } from './receive.ts'
import { contentBeside, wordsOf } from './receive-content.ts'
import { clamp } from './receive-time.ts'
import { nameText } from './text.ts'

export function reactionPlan(to: Receiving, event: ReactionEvent): Plan {
  const side = event.direction === 'incoming' ? 'customer' : 'team'
  const at = clamp(event.occurredAt, to.receivedAt)
  return changePlan(
    to,
    event,
    storeReaction(to.inbox, { target: event.target, side, emoji: nameText(event.emoji), at }),
  )
}

export function editPlan(to: Receiving, event: EditEvent): Plan {
  const at = clamp(event.occurredAt, to.receivedAt)
  const { target, rank, text } = event
  const content = event.content && { json: contentBeside(text, event.content) }
  return changePlan(to, event, storeEdit(to.inbox, { target, body: wordsOf(text), content, rank, at }))
}

export function deletePlan(to: Receiving, event: DeleteEvent): Plan {
  const at = clamp(event.occurredAt, to.receivedAt)
  return changePlan(to, event, storeDelete(to.inbox, { target: event.target, at }))
}

/** The last statement is the change itself; of a message that nobody has heard of it waits for that. */
function changePlan({ inbox }: Receiving, { target }: { target: string }, statements: SQL[]): Plan {
  return {
    statements: [...statements, knowsTarget(inbox, target), ...readChanged(inbox.workspaceId, targetOf(inbox, target))],
    outcome(written) {
      const [changed, known] = written.slice(-4)
      if (!known?.rows[0]) return { outcome: 'waiting', news: [] }
      return { outcome: 'applied', news: [changed?.changes === 1 ? changedIn(written.slice(-2)) : null] }
    },
  }
}
