/** The provider's events, into the conversations. */
import type { SQL } from 'drizzle-orm'
import type { InboundEvent } from '../channels/events.ts'
import { isPassing, type Written } from '../db/client.ts'
import { refuseErased, type ToldKey } from '../db/queries/erased-keys.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import { isWhole, refuseRestored } from '../db/queries/restored.ts'
import type { App } from './app.ts'
import { type Changed, partsOf, publishChanged } from './changed.ts'
import { areErased, hashed, keysOf } from './erased.ts'
import { deletePlan, editPlan, reactionPlan } from './receive-changes.ts'
import { messagePlan } from './receive-message.ts'
import { accountPlan, keptPlan, notePlan, templatePlan } from './receive-news.ts'
import { addressBookPlan, identityPlan } from './receive-people.ts'
import { statusPlan, watermarkPlan } from './receive-status.ts'

/**
 * What became of an event: had its effect (now or earlier), waits for an id that we do not know yet, or is about what was
 * erased and has none, ever.
 */
export type Outcome = 'applied' | 'waiting' | 'erased'

export interface Received {
  event: InboundEvent
  /** When the provider handed it to us, ms. */
  receivedAt: number
}

/** The inbox that the events are for. */
export interface ReceivingInbox extends InboxRef {
  /** Our app's id at the provider, where it is known: an echo that carries it is ours. */
  appId?: string | undefined
  /** It stays on a phone, whose connection comes and goes. */
  linked?: boolean
}

/** What an event is to do: in the batch of all, and after it where the batch had to tell first what there is to do. */
export interface Plan {
  statements: SQL[]
  /** From what each statement did: whether the event had its effect, and which rows are news to everyone. */
  outcome(written: Written[]): Result
}

export interface Result {
  outcome: Exclude<Outcome, 'erased'>
  news: (Changed | null)[]
  /** A guarded batch of its own, seldom needed; tells its news by itself. */
  after?: (() => Promise<unknown>) | undefined
}

/** What a plan is made with. */
export interface Receiving {
  app: App
  inbox: ReceivingInbox
  receivedAt: number
}

/**
 * Applies a run of events in one guarded batch: all of them, or none where the database refuses one (then the caller
 * tries them one by one). Whatever was applied before changes nothing and is told to nobody.
 */
export async function receive(app: App, inbox: ReceivingInbox, received: Received[]): Promise<Outcome[]> {
  const keys = await Promise.all(received.map((one) => hashed(app, inbox, keysOf(one))))
  try {
    return await apply(app, inbox, received, keys)
  } catch (error) {
    if (isPassing(error)) throw error
    await requireWhole(app, inbox)
    const erased = await areErased(app, inbox, keys)
    if (!erased.includes(true)) throw error
    const left = received.filter((_, at) => !erased[at])
    const outcomes = (left.length > 0 ? await receive(app, inbox, left) : []).values()
    return erased.map((gone) => (gone ? 'erased' : (outcomes.next().value ?? 'applied')))
  }
}

/** A passing trouble: what came in waits in the journal. */
async function requireWhole(app: App, { workspaceId }: InboxRef): Promise<void> {
  const [[whole]] = await app.db.read(isWhole(workspaceId))
  if (!whole) throw new Error('The workspace is being put back from a backup.')
}

async function apply(app: App, inbox: ReceivingInbox, received: Received[], keys: ToldKey[][]): Promise<Outcome[]> {
  const plans = received.map(({ event, receivedAt }) => planFor({ app, inbox, receivedAt }, event))
  const [, , ...written] = await app.db.write(
    refuseRestored(inbox.workspaceId),
    refuseErased(inbox, keys.flat()),
    ...plans.flatMap((plan) => plan.statements),
  )

  const parts = partsOf(written, plans)
  const results = plans.map((plan, at) => plan.outcome(parts[at] ?? []))
  publishChanged(
    app,
    inbox.workspaceId,
    results.flatMap(({ news }) => news.filter((one) => one !== null)),
  )
  for (const { after } of results) await after?.()
  return results.map(({ outcome }) => outcome)
}

function planFor(to: Receiving, event: InboundEvent): Plan {
  switch (event.kind) {
    case 'message':
      return messagePlan(to, event)
    case 'reaction':
      return reactionPlan(to, event)
    case 'edit':
      return editPlan(to, event)
    case 'delete':
      return deletePlan(to, event)
    case 'status':
      return statusPlan(to, event)
    case 'watermark':
      return watermarkPlan(to, event)
    case 'note':
      return notePlan(to, event)
    case 'identity':
      return identityPlan(to, event)
    case 'address_book':
      return addressBookPlan(to, event)
    case 'template':
      return templatePlan(to, event)
    case 'account':
      return accountPlan(to, event)
    case 'kept':
      return keptPlan(to, event)
  }
}
