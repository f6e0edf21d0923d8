/** A database that was put back has people in it again who were erased since: they are erased again, before anything comes in. */
import { isOfTwo, mergeInto, unmergeContacts } from '../db/queries/contact-merges.ts'
import { storeErasedKeysOf } from '../db/queries/erased-keys.ts'
import { erasureFor } from '../db/queries/erasures.ts'
import {
  isThereAgain,
  type RestoredWorkspace,
  restoredWorkspaces,
  storeDoneErasure,
  storeErasedAgain,
  tangled,
  thereAgain,
} from '../db/queries/restored.ts'
import type { App } from './app.ts'
import type { LedgerErasure } from './erasure-ledger.ts'
import { begin } from './erasures.ts'

/** Clocks differ, and what was written just before the backup may not be in it. */
const MARGIN_MS = 86_400_000

/** Where one fails, the mark stays: what comes in waits in the journals, and the next sweep tries again. */
export async function eraseAgain(app: App): Promise<void> {
  const [workspaces] = await app.db.read(restoredWorkspaces)
  for (const workspace of workspaces)
    await eraseAgainIn(app, workspace).catch((error) =>
      app.log.error('erasures.not_repeated', error, { workspaceId: workspace.id }),
    )
}

async function eraseAgainIn(app: App, workspace: RestoredWorkspace): Promise<void> {
  const since = workspace.restored_from - MARGIN_MS
  await bringBackKeys(app, workspace.id, since)
  const ledger = app.ledger(workspace.id)
  for (let page = await ledger.erasuresSince(since, ''); page.length > 0; ) {
    for (const erasure of page) await repeat(app, workspace.id, erasure)
    page = await ledger.erasuresSince(since, page.at(-1)?.id ?? '')
  }
  await app.db.write(storeErasedAgain(workspace))
  await app.lookAfter(workspace.id)
}

/** Told again by a provider, what was erased is known by them. */
async function bringBackKeys(app: App, workspaceId: string, since: number): Promise<void> {
  for (let after: number | null = 0; after !== null; ) {
    const { keys, next } = await app.ledger(workspaceId).keysSince(since, after)
    if (keys.length > 0) await app.db.write(storeErasedKeysOf(workspaceId, keys))
    after = next
  }
}

/** One that the database knows goes on by itself, or is over. The contact it is named after comes last: it says that all are done. */
async function repeat(app: App, workspaceId: string, erasure: LedgerErasure): Promise<void> {
  const [[known]] = await app.db.read(erasureFor({ workspaceId }, erasure.id))
  if (known) return
  await disentangle(app, workspaceId, erasure.contactIds)
  const [back] = await app.db.read(thereAgain(workspaceId, erasure.contactIds))
  for (const { id, merged_into_id: into } of back)
    if (id !== erasure.contactId && into === null)
      await beginAgain(app, workspaceId, erasure, { id: app.newId(), contactId: id })
  const stands = back.some(({ id, merged_into_id: into }) => id === erasure.contactId && into === null)
  if (stands) await beginAgain(app, workspaceId, erasure, erasure)
  else await app.db.write(storeDoneErasure(workspaceId, erasure, erasure.finishedAt ?? app.now()))
}

/**
 * As of when it was asked for: what they wrote afterwards is somebody new's, now as then. Where the batch found them other
 * than they were read, it did nothing: the mark has to stay.
 */
async function beginAgain(
  app: App,
  workspaceId: string,
  { requestedById, requestedAt }: LedgerErasure,
  { id, contactId }: { id: string; contactId: string },
): Promise<void> {
  await begin(
    app,
    { workspaceId, agentId: requestedById },
    {
      ...{ id, contactId, now: requestedAt, stands: isThereAgain(workspaceId, contactId) },
      entry: { workspaceId, id: app.newId(), actorId: requestedById, at: requestedAt, trail: {} },
    },
  )
  const [left] = await app.db.read(thereAgain(workspaceId, [contactId]))
  if (left.length > 0) throw new Error('Somebody who was erased changed while they were to be erased again.')
}

/**
 * Whoever is one with somebody who is not erased was made two before: the other stays, with all that is theirs. Each merge
 * that is undone takes one out of another's part, so that this ends.
 */
async function disentangle(app: App, workspaceId: string, contactIds: string[]): Promise<void> {
  for (;;) {
    const [[pair]] = await app.db.read(tangled(workspaceId, contactIds))
    if (!pair) return
    const [[merge]] = await app.db.read(mergeInto(workspaceId, { keptId: pair.merged_into_id, mergedId: pair.id }))
    if (!merge)
      throw new Error('Somebody who was erased is one with somebody who was not, and nothing tells them apart.')
    const whole = { id: merge.id, keptId: pair.merged_into_id, mergedId: merge.merged_id }
    await app.db.write(...unmergeContacts(workspaceId, whole, isOfTwo(workspaceId, whole), app.now()))
  }
}
