/** The provider's events, into the conversations. */
import type { InboundEvent, MessageEvent, StatusEvent } from '../channels/channel.ts'
import { query } from '../db/client.ts'
import { headForPublishing, toHead } from '../db/queries/conversations.ts'
import { type InboxRef, knowsTarget, storeKept, storeMessage, storeStatus } from '../db/queries/inbound.ts'
import { messageForPublishing, toMessage } from '../db/queries/messages.ts'
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { App } from './app.ts'
import { RANK } from './send-states.ts'
import { bodyText, nameText } from './text.ts'

/** What became of an event: had its effect (now or earlier), or waits for an id that we do not know yet. */
export type Outcome = 'applied' | 'waiting'

export interface Received {
  event: InboundEvent
  /** When the provider handed it to us, ms. */
  receivedAt: number
}

const DAY = 86_400_000
const OLDEST = 30 * DAY
const NEWEST = 5 * 60_000
const RANK_OF = { sent: RANK.sent, delivered: RANK.delivered, read: RANK.read, played: RANK.read, failed: RANK.failed } as const

interface Plan {
  statements: SQL[]
  /** How many of the first statements must have changed something, for there to be news. */
  outcome(changes: number[], rows: Record<string, unknown>[][]): { outcome: Outcome; changed: string | null }
}

/**
 * Applies a run of events in one guarded batch: all of them, or none where the database refuses one (then the caller
 * tries them one by one). Whatever was applied before changes nothing and is told to nobody.
 */
export async function receive(app: App, inbox: InboxRef, received: Received[]): Promise<Outcome[]> {
  const plans = received.map((one) => planFor(app, inbox, one))
  const written = await app.db.write(...plans.flatMap((plan) => plan.statements))

  let at = 0
  const results = plans.map((plan) => {
    const mine = written.slice(at, at + plan.statements.length)
    at += plan.statements.length
    return plan.outcome(
      mine.map((one) => one.changes),
      mine.map((one) => one.rows),
    )
  })
  await publishMessages(app, inbox.workspaceId, results.flatMap(({ changed }) => (changed ? [changed] : [])))
  return results.map(({ outcome }) => outcome)
}

function planFor(app: App, inbox: InboxRef, { event, receivedAt }: Received): Plan {
  switch (event.kind) {
    case 'message':
      return messagePlan(app, inbox, event, receivedAt)
    case 'status':
      return statusPlan(inbox, event)
    case 'kept':
      return {
        statements: storeKept(inbox, { dedupeKey: event.dedupeKey, kind: event.what, payload: JSON.stringify(event.raw ?? null), receivedAt }),
        outcome: () => ({ outcome: 'applied', changed: null }),
      }
  }
}

function messagePlan(app: App, inbox: InboxRef, event: MessageEvent, receivedAt: number): Plan {
  const id = app.newId()
  const peer = { ...event.peer, profileName: event.direction === 'incoming' ? nameText(event.peer.profileName) : null }
  const statements = storeMessage(
    inbox,
    peer,
    {
      id,
      direction: event.direction,
      externalId: event.externalId,
      type: event.type,
      body: event.text === null ? null : bodyText(event.text),
      replyToExternalId: event.replyTo,
      occurredAt: clamp(event.occurredAt, receivedAt),
      providerAt: event.occurredAt,
      raw: event.raw === null || event.raw === undefined ? null : JSON.stringify(event.raw),
    },
    { contact: app.newId(), conversation: app.newId(), identities: peer.externalIds.map(() => app.newId()) },
    app.now(),
  )
  return {
    statements,
    outcome: (changes) => ({ outcome: 'applied', changed: changes.at(-1) === 1 ? id : null }),
  }
}

function statusPlan(inbox: InboxRef, event: StatusEvent): Plan {
  const statements = storeStatus(inbox, {
    target: event.target,
    attemptId: event.attemptId,
    state: event.status === 'played' ? 'read' : event.status,
    rank: RANK_OF[event.status],
    errorCode: event.error?.code ?? null,
    errorDetail: event.error?.detail ?? null,
  })
  return {
    statements: [...statements, knowsTarget(inbox, event.target)],
    outcome(changes, rows) {
      const target = rows.at(-1)?.[0]
      if (!target) return { outcome: 'waiting', changed: null }
      return { outcome: 'applied', changed: changes.at(-2) === 1 ? String(target.id) : null }
    },
  }
}

/** The provider's time, within what is believable; where it has none, ours. */
const clamp = (occurredAt: number | null, receivedAt: number) =>
  Math.min(Math.max(occurredAt ?? receivedAt, receivedAt - OLDEST), receivedAt + NEWEST)

/** Reads what changed as everyone will see it, and tells it. A failure here is a lost hint: pages ask for what they missed. */
export async function publishMessages(app: App, workspaceId: string, messageIds: string[]): Promise<void> {
  const ids = [...new Set(messageIds)]
  if (ids.length === 0) return
  try {
    const queries = ids.flatMap((id) => [
      messageForPublishing(workspaceId, sql`${id}`),
      headForPublishing(workspaceId, sql`(SELECT conversation_id FROM messages WHERE workspace_id = ${workspaceId} AND id = ${id})`),
    ])
    const results = await app.db.read(...queries.map((one) => query<never>(one.sql)))
    for (let at = 0; at < results.length; at += 2) {
      const message = results[at]?.[0]
      const head = results[at + 1]?.[0]
      if (message && head) app.publish({ type: 'thread.changed', workspaceId, conversation: toHead(head), messages: [toMessage(message)] })
    }
  } catch (error) {
    app.log.error('publish.failed', error, { workspaceId, count: ids.length })
  }
}
