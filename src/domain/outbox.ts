/** Hands waiting answers to the provider: each once, in the order of its conversation, and says what became of it. */
import { sql } from 'drizzle-orm'
import { ChannelError, type Outbound, type OutboundMedia, type Reach } from '../channels/channel.ts'
import { type InboxRef, shownAs } from '../db/queries/inbound.ts'
import { supersededEcho } from '../db/queries/inbound-status.ts'
import {
  type Claimable,
  claim,
  claimable,
  expiredLeases,
  type FileForSending,
  forSending,
  learnAddress,
  nextDue,
  type Outcome,
  recordOutcome,
  recordSent,
  recordWaiting,
  type StoredForSending,
} from '../db/queries/outbound.ts'
import { recordChanged, restoreWords } from '../db/queries/outbound-changes.ts'
import type { ChannelName } from '../db/records.ts'
import type { App } from './app.ts'
import { changedIn, partsOf, publishChanged, readChanged } from './changed.ts'
import { changeSent, contentOf, mayBeRepeated } from './outbox-changes.ts'
import { needsHumanAgent } from './reply-window.ts'
import { RANK } from './send-states.ts'

const LEASE_MS = 60_000
const CLAIMS_A_PASS = 20
const PARALLEL_SENDS = 6
const MOST_TRIES = 8
const LONGEST_WAIT = 24 * 3_600_000

export interface Sender {
  inbox: InboxRef & { channel: ChannelName }
  reach: Reach
  /** Answers when a message to this recipient may leave: now, or later. */
  admit(recipient: string): number
}

export interface Pass {
  /** How many were handed over: while some were, another pass may find more. */
  sent: number
  /** Provider's ids that are known from now on: what waited for them may go on. */
  known: string[]
  /** The provider refuses us altogether: nothing more goes out until somebody connects the inbox again. */
  refused: ChannelError | null
  /** The provider asks the whole inbox to slow down until then. */
  pauseUntil: number
  /** When there is something to do again; null: nothing waits. */
  nextAt: number | null
}

/** One pass over the outbox of an inbox. Two dispatchers at once are harmless: only one gets each claim. */
export async function dispatch(app: App, sender: Sender): Promise<Pass> {
  const { inbox } = sender
  const [expired, waiting] = await app.db.read(
    expiredLeases(inbox.workspaceId, inbox.id, app.now()),
    claimable(inbox.workspaceId, inbox.id, CLAIMS_A_PASS),
  )
  for (const lost of expired) {
    const error = new ChannelError({ class: 'ambiguous', code: 'lease_expired', detail: '' })
    await record(app, inbox, lost, lost.lease_id, outcomeOf(app, lost, error))
  }

  const pass: Pass = { sent: 0, known: [], refused: null, pauseUntil: 0, nextAt: null }
  const due = await admitted(app, sender, waiting)
  for (let at = 0; at < due.length && !pass.refused && pass.pauseUntil <= app.now(); at += PARALLEL_SENDS) {
    // No more than leave at once: a lease outlives the slowest call.
    const claimed = await claimAll(app, inbox, due.slice(at, at + PARALLEL_SENDS))
    await Promise.all(claimed.map((one) => sendOne(app, sender, one, pass)))
  }
  const [next] = await app.db.read(nextDue(inbox.workspaceId, inbox.id))
  pass.nextAt = next[0]?.at ?? null
  return pass
}

/** What may leave now; what may not says until when it waits. */
async function admitted(app: App, { inbox, admit }: Sender, waiting: Claimable[]): Promise<Claimable[]> {
  const due: Claimable[] = []
  for (const attempt of waiting) {
    if (attempt.not_before > app.now()) continue
    const from = admit(attempt.recipient)
    if (from <= app.now()) {
      due.push(attempt)
    } else {
      const written = await app.db.write(
        ...recordWaiting(inbox.workspaceId, attempt.id, from, 'rate'),
        ...readShown(inbox, attempt),
      )
      const changed = changedIn(written.slice(-2))
      if (changed && written.at(-3)?.changes === 1) publishChanged(app, inbox.workspaceId, [changed])
    }
  }
  return due
}

/** The message as everyone sees it; of a reaction, the one that it stands on. */
const readShown = ({ workspaceId }: InboxRef, { message_id }: Pick<Claimable, 'message_id'>) =>
  readChanged(workspaceId, shownAs(workspaceId, sql`${message_id}`))

interface Claimed {
  attempt: Claimable
  leaseId: string
  stored: StoredForSending
}

async function claimAll(app: App, inbox: InboxRef, due: Claimable[]): Promise<Claimed[]> {
  const plans = due.map((attempt) => {
    const leaseId = app.newId()
    const claiming = claim(inbox.workspaceId, attempt.id, { id: leaseId, until: app.now() + LEASE_MS }, app.now())
    return {
      attempt,
      leaseId,
      statements: [...claiming, forSending(inbox.workspaceId, attempt.id, leaseId).sql, ...readShown(inbox, attempt)],
    }
  })
  const written = await app.db.write(...plans.flatMap((plan) => plan.statements))
  const parts = partsOf(written, plans)
  return plans.flatMap(({ attempt, leaseId }, at) => {
    const [ready, ...changed] = parts[at]?.slice(-3) ?? []
    const row = ready?.rows[0]
    if (!row) return []
    const news = changedIn(changed)
    if (news) publishChanged(app, inbox.workspaceId, [news])
    return { attempt, leaseId, stored: row as unknown as StoredForSending }
  })
}

async function sendOne(
  app: App,
  { inbox, reach }: Sender,
  { attempt, leaseId, stored }: Claimed,
  pass: Pass,
): Promise<void> {
  try {
    if (app.now() - attempt.created_at > LONGEST_WAIT)
      throw new ChannelError({ class: 'permanent', code: 'exhausted', detail: '' })
    const channel = app.channel(inbox.channel)
    if (stored.target !== null) {
      await changeSent(channel, reach, stored, JSON.parse(stored.target))
      pass.sent += 1
      await recordDone(app, inbox, attempt, leaseId)
      return
    }
    const humanAgent = needsHumanAgent(
      channel.limits,
      { lastIncomingAt: stored.last_incoming_at, inboxSettings: reach.settings },
      app.now(),
    )
    const sent = await channel.send(
      reach,
      outbound(attempt.id, stored, humanAgent, mediaOf(app, inbox.workspaceId, stored.file)),
    )
    pass.sent += 1
    pass.known.push(sent.externalId)
    await recordAccepted(app, inbox, attempt, leaseId, sent)
  } catch (error) {
    // A call that ended in something else than the provider's word may have sent the message all the same.
    const failure =
      error instanceof ChannelError ? error : new ChannelError({ class: 'ambiguous', code: 'interrupted', detail: '' })
    if (!(error instanceof ChannelError))
      app.log.error('send.interrupted', error, { inboxId: inbox.id, attemptId: attempt.id })
    if (failure.class === 'auth') pass.refused = failure
    const outcome = outcomeOf(app, attempt, failure)
    if (failure.class === 'throttled' && !failure.recipientOnly)
      pass.pauseUntil = Math.max(pass.pauseUntil, outcome.notBefore)
    await record(app, inbox, attempt, leaseId, outcome)
  }
}

const outbound = (
  attemptId: string,
  stored: StoredForSending,
  humanAgent: boolean,
  media: OutboundMedia | null,
): Outbound => ({
  attemptId,
  to: JSON.parse(stored.addresses),
  type: stored.type,
  text: stored.body,
  content: contentOf(stored.content),
  media,
  replyTo: stored.reply_to_external_id,
  humanAgent,
})

/** Its file, which the channel opens where it takes bytes, or names by an address where the provider fetches it. */
function mediaOf(app: App, workspaceId: string, stored: string | null): OutboundMedia | null {
  if (stored === null) return null
  const { id, kind, mimeType, fileName, size, voice, key } = JSON.parse(stored) as FileForSending
  return {
    ...{ kind, mimeType, fileName, voice, bytes: size },
    async open() {
      const body = await app.store.get(key)
      if (!body) throw new ChannelError({ class: 'permanent', code: 'file_gone', detail: '' })
      return body
    },
    publicUrl: () => app.publicUrl(workspaceId, id),
  }
}

async function recordAccepted(
  app: App,
  inbox: InboxRef,
  attempt: Claimable,
  leaseId: string,
  sent: { externalId: string; address: string | null },
): Promise<void> {
  const written = await app.db.write(
    ...(sent.address
      ? [learnAddress(inbox.workspaceId, inbox.id, attempt.id, sent.address, app.newId(), app.now())]
      : []),
    ...recordSent(inbox, attempt.id, leaseId, sent.externalId, app.now()),
    ...readChanged(inbox.workspaceId, supersededEcho(inbox, sent.externalId)),
    ...readShown(inbox, attempt),
  )
  const echo = changedIn(written.slice(-4, -2))
  const message = changedIn(written.slice(-2))
  publishChanged(app, inbox.workspaceId, [...(echo ? [echo] : []), ...(message ? [message] : [])])
}

async function recordDone(app: App, inbox: InboxRef, attempt: Claimable, leaseId: string): Promise<void> {
  const written = await app.db.write(
    ...recordChanged(inbox.workspaceId, attempt.id, leaseId, app.now()),
    ...readShown(inbox, attempt),
  )
  const changed = changedIn(written.slice(-2))
  if (changed) publishChanged(app, inbox.workspaceId, [changed])
}

async function record(
  app: App,
  inbox: InboxRef,
  attempt: { id: string; message_id: string },
  leaseId: string,
  outcome: Outcome,
): Promise<void> {
  const written = await app.db.write(
    ...recordOutcome(inbox.workspaceId, attempt.id, leaseId, outcome),
    ...(outcome.state === 'failed' ? [restoreWords(inbox.workspaceId, attempt.id)] : []),
    ...readShown(inbox, attempt),
  )
  const changed = changedIn(written.slice(-2))
  if (changed) publishChanged(app, inbox.workspaceId, [changed])
}

const unknown = (code: string, detail: string): Outcome => ({
  state: 'unknown',
  rank: RANK.unknown,
  notBefore: 0,
  errorClass: 'ambiguous',
  errorCode: code,
  errorDetail: detail,
})

type Tried = Pick<Claimable, 'tries' | 'created_at' | 'type'>

function outcomeOf(app: App, attempt: Tried, error: ChannelError): Outcome {
  const { tries, created_at } = attempt
  const told = { errorClass: error.class, errorCode: error.code, errorDetail: error.message }
  const queued = (notBefore: number): Outcome => ({ state: 'queued', rank: RANK.queued, notBefore, ...told })
  switch (error.class) {
    case 'ambiguous':
      return mayBeRepeated(attempt) && tries + 1 < MOST_TRIES
        ? queued(app.now() + backoff(app, tries))
        : unknown(error.code, error.message)
    case 'auth':
      return queued(0)
    case 'throttled':
      return queued(app.now() + (error.retryAfterMs ?? backoff(app, tries)))
    case 'retryable':
      return tries + 1 >= MOST_TRIES || app.now() - created_at > LONGEST_WAIT
        ? { state: 'failed', rank: RANK.failed, notBefore: 0, ...told, errorCode: 'exhausted' }
        : queued(app.now() + (error.retryAfterMs ?? backoff(app, tries)))
    case 'permanent':
      return { state: 'failed', rank: RANK.failed, notBefore: 0, ...told }
  }
}

/** Full jitter: anywhere up to a bound that doubles, so that what failed together does not come back together. */
export const backoff = (app: Pick<App, 'random'>, tries: number) =>
  Math.round(app.random() * Math.min(600_000, 2_000 * 2 ** tries))
