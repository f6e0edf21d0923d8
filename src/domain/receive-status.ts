/** What the provider says became of our answers. */
import { sql } from 'drizzle-orm'
import type { StatusEvent, WatermarkEvent } from '../channels/events.ts'
import type { Written } from '../db/client.ts'
import { attemptedMessage, knowsTarget, shownAs } from '../db/queries/inbound.ts'
import { principalOf } from '../db/queries/inbound-people.ts'
import { ECHO_TAKEN, sentTo, storeStatus, storeWatermark, supersededEcho } from '../db/queries/inbound-status.ts'
import { changedIn, publishRows, readChanged } from './changed.ts'
import type { Plan, Receiving } from './receive.ts'
import { RANK } from './send-states.ts'

const RANK_OF = {
  sent: RANK.sent,
  delivered: RANK.delivered,
  read: RANK.read,
  played: RANK.read,
  failed: RANK.failed,
} as const

/** `sentAt`: where an echo tells it. */
export function statusPlan(to: Receiving, event: StatusEvent, sentAt: number | null = null): Plan {
  const { app, inbox } = to
  const state = event.status === 'played' ? 'read' : event.status
  const own = storeStatus(inbox, {
    target: event.target,
    attemptId: event.attemptId,
    state,
    rank: RANK_OF[event.status],
    errorCode: event.error?.code ?? null,
    errorDetail: event.error?.detail ?? null,
    sentAt: sentAt ?? app.now(),
  })
  const before =
    event.andBefore && (state === 'delivered' || state === 'read')
      ? storeWatermark(inbox, { ...sentTo(inbox, event.target), state, rank: RANK[state] })
      : []
  return {
    statements: [
      ...own,
      ...before,
      knowsTarget(inbox, event.target),
      ...readChanged(inbox.workspaceId, supersededEcho(inbox, event.target)),
      ...readChanged(inbox.workspaceId, shownAs(inbox.workspaceId, attemptedMessage(inbox, event.target))),
    ],
    outcome(written) {
      const known = written.at(-5)
      if (!known?.rows[0]) return { outcome: 'waiting', news: [] }
      const echoTaken = event.attemptId !== null && written[ECHO_TAKEN]?.changes === 1
      const raised = written[own.length - 1]?.changes === 1
      return {
        outcome: 'applied',
        news: [echoTaken ? changedIn(written.slice(-4)) : null, raised ? changedIn(written.slice(-2)) : null],
        after: before.length > 0 ? tellRaised(to, written[own.length]) : undefined,
      }
    },
  }
}

export function watermarkPlan(to: Receiving, event: WatermarkEvent): Plan {
  const { status: state, until, peer } = event
  const identity = principalOf(to.inbox, peer)
  return {
    statements: storeWatermark(to.inbox, { identity, state, rank: RANK[state], until }),
    outcome: (written) => ({ outcome: 'applied', news: [], after: tellRaised(to, written[0]) }),
  }
}

/** The rows that a watermark raised, as its first statement names them. */
function tellRaised({ app, inbox }: Receiving, first: Written | undefined) {
  const ids = (first?.rows ?? []).map((row) => String(row.id))
  return ids.length > 0
    ? () =>
        publishRows(
          app,
          inbox.workspaceId,
          ids.map((id) => sql`${id}`),
        )
    : undefined
}
