/** A message that came in, an echo of one that went out elsewhere, a page of the past. */
import { type SQL, sql } from 'drizzle-orm'
import type { MessageEvent } from '../channels/events.ts'
import type { Written } from '../db/client.ts'
import { answersItself } from '../db/queries/automatic-answers.ts'
import { attemptedMessage } from '../db/queries/inbound.ts'
import { namesakesOf } from '../db/queries/inbound-links.ts'
import {
  BROUGHT,
  bringForward,
  COMPLETING,
  type InboundMessage,
  storeMessage,
  storePastMessage,
  storeSilently,
  wasInserted,
} from '../db/queries/inbound-message.ts'
import { type FreshIds, principalsOf, type StoredPeer } from '../db/queries/inbound-people.ts'
import { tellSentAt } from '../db/queries/inbound-status.ts'
import { answerByItself, isOccasion } from './automatic-answers.ts'
import { type Changed, changedIn, publishChanged, readChanged } from './changed.ts'
import type { Plan, Receiving, Result } from './receive.ts'
import { contentBeside, filesOf, wordsOf } from './receive-content.ts'
import { freshIds, peerOf, uniteAll, uniteNamesakes } from './receive-people.ts'
import { statusPlan } from './receive-status.ts'
import { clamp, pastTime } from './receive-time.ts'

interface Around {
  inbox: Receiving['inbox']
  peer: StoredPeer
  message: InboundMessage
  fresh: FreshIds
  now: number
}

export function messagePlan(to: Receiving, event: MessageEvent): Plan {
  if (isOurs(to, event)) return ourEchoPlan(to, event)
  const around = aroundOf(to, event)
  const proof = event.direction === 'outgoing' ? proofOf(to, event) : nothing
  const { statements, result } = event.history ? pastPlan(to, around) : presentPlan(to, around)
  const { externalIds, phone } = around.peer
  const several = externalIds.length > 1
  const linked = [
    ...(several ? [principalsOf(to.inbox, around.peer)] : []),
    ...(several && phone !== null ? [namesakesOf(to.inbox, { externalIds, phone })] : []),
  ]
  const asked = isOccasion(to, event) ? [answersItself(to.inbox).sql] : []
  return {
    statements: [...proof.statements, ...statements, ...linked, ...asked],
    outcome(all) {
      const written = all.slice(0, all.length - asked.length)
      const answers = asked.length > 0 && all.at(-1)?.rows.length === 1
      const proved = proof.outcome(written.slice(0, proof.statements.length))
      const stored = result(written.slice(proof.statements.length, written.length - linked.length))
      const [principals = [], namesakes = []] = written.slice(written.length - linked.length).map(({ rows }) => rows)
      return {
        outcome: 'applied',
        news: [...proved.news, ...stored.news],
        after: inTurn(
          stored.after,
          principals.length > 1
            ? () =>
                uniteAll(
                  to,
                  principals.map((row) => String(row.principal_id)),
                )
            : undefined,
          namesakes.length > 1
            ? () =>
                uniteNamesakes(
                  to,
                  namesakes.map(({ id }) => String(id)),
                )
            : undefined,
          answers ? () => answerByItself(to, event.externalId) : undefined,
        ),
      }
    },
  }
}

const isOurs = ({ inbox }: Receiving, { direction, appId, history }: MessageEvent) =>
  direction === 'outgoing' && !history && appId !== null && appId !== undefined && appId === inbox.appId

/** Our own app sent it: it is an attempt's, if not of one that has told its id yet then of one that will. Never a bubble. */
function ourEchoPlan(to: Receiving, event: MessageEvent): Plan {
  const proof = proofOf(to, event)
  return {
    statements: [...proof.statements, sql`SELECT ${attemptedMessage(to.inbox, event.externalId)} AS id`],
    outcome(written) {
      const { news } = proof.outcome(written.slice(0, -1))
      return { outcome: written.at(-1)?.rows[0]?.id ? 'applied' : 'waiting', news }
    },
  }
}

const nothing: Plan = { statements: [], outcome: () => ({ outcome: 'applied', news: [] }) }

/** What an echo says of the attempt that it is of: that it was sent, where it names it; and when. */
function proofOf(to: Receiving, event: MessageEvent): Plan {
  const { accountId, occurredAt, externalId, attemptId, dedupeKey } = event
  const sent = { kind: 'status', status: 'sent', andBefore: false, error: null, target: externalId } as const
  const named = attemptId
    ? statusPlan(to, { ...sent, accountId, occurredAt, attemptId, dedupeKey }, occurredAt)
    : nothing
  const timed = occurredAt === null ? [] : tellSentAt(to.inbox, externalId, occurredAt, believedTime(to, event))
  const read = timed.length > 0 ? readChanged(to.inbox.workspaceId, attemptedMessage(to.inbox, externalId)) : []
  return {
    statements: [...named.statements, ...timed, ...read],
    outcome(written) {
      const { news } = named.outcome(written.slice(0, named.statements.length))
      const raised = timed.length > 0 && written.at(-3)?.changes === 1
      return { outcome: 'applied', news: [...news, raised ? changedIn(written.slice(-2)) : null] }
    },
  }
}

const believedTime = ({ receivedAt }: Receiving, { history, occurredAt }: MessageEvent) =>
  (history ? pastTime : clamp)(occurredAt, receivedAt)

function aroundOf(to: Receiving, event: MessageEvent): Around {
  const { app, inbox } = to
  const peer = peerOf(event.peer, event.direction === 'incoming')
  const message: InboundMessage = {
    id: app.newId(),
    direction: event.direction,
    externalId: event.externalId,
    type: event.type,
    body: wordsOf(event.text),
    content: contentBeside(event.text, event.content),
    files: filesOf(event.type, event.media, app.newId),
    replyToExternalId: event.replyTo,
    occurredAt: believedTime(to, event),
    providerAt: event.occurredAt,
    fromAd: event.content.referral?.source === 'ad',
    attemptId: event.attemptId,
    raw: event.raw === null || event.raw === undefined ? null : JSON.stringify(event.raw),
  }
  return { inbox, peer, message, fresh: freshIds(app, peer), now: app.now() }
}

interface Part {
  statements: SQL[]
  result(written: Written[]): Omit<Result, 'outcome'>
}

function presentPlan(to: Receiving, around: Around): Part {
  return {
    statements: [...storeMessage(around), ...readChanged(to.inbox.workspaceId, sql`${around.message.id}`)],
    result(written) {
      const isNew = wasInserted(written.slice(0, -2), around.message)
      return {
        news: [changedIn(written.slice(-2))],
        // It is there already, as news or as part of a past that was told first; or they are blocked.
        after: isNew ? undefined : () => tellAsNews(to, around),
      }
    },
  }
}

/** That they were blocked was so in the batch before: what is not stored by now was written then. */
async function tellAsNews({ app, inbox }: Receiving, around: Around): Promise<void> {
  const message = sql`(SELECT id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${around.message.externalId})`
  const forward = bringForward(around)
  const written = await app.db.write(...forward, ...storeSilently(around), ...readChanged(inbox.workspaceId, message))
  const changed = changedIn(written.slice(-2))
  if (!changed) return
  if (written.slice(0, forward.length).at(BROUGHT)?.changes === 1) publishChanged(app, inbox.workspaceId, [changed])
  else if (wasInserted(written.slice(0, -2), around.message)) tellQuietly(app, inbox.workspaceId, changed)
}

/** Told to whoever has the thread open, and to no list. */
function pastPlan({ app, inbox }: Receiving, around: Around): Part {
  const completes = around.message.files.length > 0
  const stored = sql`(SELECT id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${around.message.externalId})`
  return {
    statements: [...storePastMessage(around), ...readChanged(inbox.workspaceId, stored)],
    result(written) {
      const inserted = wasInserted(written.slice(0, -2), around.message)
      const completed = completes && written[COMPLETING - 1]?.changes === 1
      const changed = inserted || completed ? changedIn(written.slice(-2)) : null
      return { news: [], after: changed ? async () => tellQuietly(app, inbox.workspaceId, changed) : undefined }
    },
  }
}

function tellQuietly(app: Receiving['app'], workspaceId: string, { conversation, message }: Changed): void {
  app.publish({ type: 'thread.changed', workspaceId, conversation, messages: [message], quiet: true })
}

const inTurn = (...steps: ((() => Promise<unknown>) | undefined)[]) => {
  const there = steps.filter((step) => step !== undefined)
  if (there.length === 0) return undefined
  return async () => {
    for (const step of there) await step()
  }
}
