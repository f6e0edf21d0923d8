/** The provider's events, into the conversations. */
import { type SQL, sql } from 'drizzle-orm'
import type { InboundEvent, MessageEvent, StatusEvent } from '../channels/channel.ts'
import type { Written } from '../db/client.ts'
import {
  attemptedMessage,
  ECHO_TAKEN,
  type InboxRef,
  knowsTarget,
  storeKept,
  storeMessage,
  storeStatus,
  supersededEcho,
} from '../db/queries/inbound.ts'
import type { App } from './app.ts'
import { type Changed, changedIn, partsOf, publishChanged, readChanged } from './changed.ts'
import { RANK } from './send-states.ts'
import { bodyText, foldedKey, nameText } from './text.ts'

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
const RANK_OF = {
  sent: RANK.sent,
  delivered: RANK.delivered,
  read: RANK.read,
  played: RANK.read,
  failed: RANK.failed,
} as const

interface Plan {
  statements: SQL[]
  /** From what each statement did: whether the event had its effect, and which rows are news to everyone. */
  outcome(written: Written[]): { outcome: Outcome; news: (Changed | null)[] }
}

/**
 * Applies a run of events in one guarded batch: all of them, or none where the database refuses one (then the caller
 * tries them one by one). Whatever was applied before changes nothing and is told to nobody.
 */
export async function receive(app: App, inbox: InboxRef, received: Received[]): Promise<Outcome[]> {
  const plans = received.map((one) => planFor(app, inbox, one))
  const written = await app.db.write(...plans.flatMap((plan) => plan.statements))

  const parts = partsOf(written, plans)
  const results = plans.map((plan, at) => plan.outcome(parts[at] ?? []))
  publishChanged(
    app,
    inbox.workspaceId,
    results.flatMap(({ news }) => news.filter((one) => one !== null)),
  )
  return results.map(({ outcome }) => outcome)
}

function planFor(app: App, inbox: InboxRef, { event, receivedAt }: Received): Plan {
  switch (event.kind) {
    case 'message':
      return messagePlan(app, inbox, event, receivedAt)
    case 'status':
      return statusPlan(inbox, event)
    default:
      return {
        statements: storeKept(inbox, {
          dedupeKey: event.dedupeKey,
          kind: event.kind === 'kept' ? event.what : event.kind,
          payload: JSON.stringify((event.kind === 'kept' ? event.raw : event) ?? null),
          receivedAt,
        }),
        outcome: () => ({ outcome: 'applied', news: [] }),
      }
  }
}

function messagePlan(app: App, inbox: InboxRef, event: MessageEvent, receivedAt: number): Plan {
  const id = app.newId()
  const profileName = event.direction === 'incoming' ? nameText(event.peer.profileName) : null
  const peer = { ...event.peer, profileName, profileKey: foldedKey(profileName ?? '') }
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
  // An echo that names our attempt is that attempt: it proves it, and leaves no bubble of its own.
  const proof = event.direction === 'outgoing' && event.attemptId !== null ? proofOf(inbox, event) : null
  return {
    statements: [...(proof?.statements ?? []), ...statements, ...readChanged(inbox.workspaceId, sql`${id}`)],
    outcome(written) {
      const proved = proof?.outcome(written.slice(0, proof.statements.length)).news ?? []
      return { outcome: 'applied', news: [...proved, changedIn(written.slice(-2))] }
    },
  }
}

const proofOf = (inbox: InboxRef, { accountId, occurredAt, externalId, attemptId, dedupeKey }: MessageEvent): Plan =>
  statusPlan(inbox, {
    ...{ kind: 'status', status: 'sent', andBefore: false, error: null, target: externalId },
    ...{ accountId, occurredAt, attemptId, dedupeKey },
  })

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
    statements: [
      ...statements,
      knowsTarget(inbox, event.target),
      ...readChanged(inbox.workspaceId, supersededEcho(inbox, event.target)),
      ...readChanged(inbox.workspaceId, attemptedMessage(inbox, event.target)),
    ],
    outcome(written) {
      const [raised, known] = written.slice(-6)
      if (!known?.rows[0]) return { outcome: 'waiting', news: [] }
      const echoTaken = event.attemptId !== null && written[ECHO_TAKEN]?.changes === 1
      return {
        outcome: 'applied',
        news: [
          echoTaken ? changedIn(written.slice(-4)) : null,
          raised?.changes === 1 ? changedIn(written.slice(-2)) : null,
        ],
      }
    },
  }
}

/** The provider's time, within what is believable; where it has none, ours. */
const clamp = (occurredAt: number | null, receivedAt: number) =>
  Math.min(Math.max(occurredAt ?? receivedAt, receivedAt - OLDEST), receivedAt + NEWEST)
