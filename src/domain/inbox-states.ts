/** What administrators do with a number as a whole: let it rest, let it go on, remove it. */
import { sql } from 'drizzle-orm'
import type { Credentials } from '../channels/channel.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import { tellSiblings } from '../db/queries/connections.ts'
import { headForPublishing, toHead } from '../db/queries/conversations.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import { isIn, openConversationsOn, removable, setInboxStatus, storeRemoval } from '../db/queries/inbox-states.ts'
import { inboxFor } from '../db/queries/inboxes.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { finishRemoval } from './inbox-removal.ts'
import { handOverSettings } from './sweep.ts'
import { nameText } from './text.ts'

/** More than one request can close is closed by the sweep. */
const MOST_BATCHES = 20
/** Open pages beyond these ask again by themselves. */
const MOST_TOLD = 50

/** Nothing leaves until it goes on, and what comes in is taken as ever. Pausing what is paused changes nothing. */
export const pauseInbox = (app: App, viewer: Viewer, id: string, trail: Trail) =>
  setPaused(app, viewer, id, true, trail)

/** What waited leaves. How it stands with its provider is asked at once: much may have happened meanwhile. */
export const resumeInbox = (app: App, viewer: Viewer, id: string, trail: Trail) =>
  setPaused(app, viewer, id, false, trail)

async function setPaused(app: App, viewer: Viewer, id: string, paused: boolean, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [[before]] = await app.db.read(inboxFor(viewer, id))
  if (!before) throw new AppError('not_found')
  if ((before.status === 'paused') === paused) return

  const guard = isIn(viewer, id, paused ? ['active', 'needs_reauth'] : ['paused'])
  const action = paused ? 'inbox.paused' : 'inbox.resumed'
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action, target: { type: 'inbox', id } }, guard),
    setInboxStatus(viewer, id, paused ? 'paused' : 'active', guard),
    inboxFor(viewer, id).sql,
  )
  if ((written.at(-1)?.rows[0]?.status === 'paused') !== paused) throw new AppError('conflict')
  await handOverSettings(app, viewer.workspaceId)
  if (!paused) app.later(app.gateway(before.webhook_key).checkUp())
  await tellOpen(app, { workspaceId: viewer.workspaceId, id })
}

/** Whoever has a conversation of it open is told how it stands. */
async function tellOpen(app: App, inbox: InboxRef): Promise<void> {
  const [open] = await app.db.read(openConversationsOn(inbox, MOST_TOLD))
  if (open.length === 0) return
  const heads = await app.db.read(...open.map(({ id }) => headForPublishing(inbox.workspaceId, sql`${id}`)))
  for (const head of heads.flat())
    app.publish({ type: 'thread.changed', workspaceId: inbox.workspaceId, conversation: toHead(head), messages: [] })
}

/**
 * Parts with a number for good: the provider is told where it can be, its credentials are forgotten, what is open is
 * closed. What was said stays, to be read and found. `name` is typed by whoever wants this. Once more goes on where it ended.
 */
export async function removeInbox(
  app: App,
  viewer: Viewer,
  { id, name }: { id: string; name: string },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const inbox = { workspaceId: viewer.workspaceId, id }
  const [[before]] = await app.db.read(removable(viewer, id))
  if (!before) throw new AppError('not_found')
  if (nameText(name) !== before.name) throw new AppError('invalid', { field: 'name', why: 'other_name' })

  const guard = isIn(viewer, id, ['active', 'paused', 'needs_reauth'])
  const entry: AuditEntry = { ...entryOf(app, viewer, trail), action: 'inbox.removed', target: { type: 'inbox', id } }
  if (before.status !== 'removed') {
    const credentials = await withoutAccess(app, inbox, before.credentials)
    const written = await app.db.write(
      audited(entry, guard),
      tellSiblings(viewer, { channel: before.channel, appId: null, exceptId: id }, isAudited(entry)),
      ...storeRemoval(viewer, { id, credentials }, guard),
      removable(viewer, id).sql,
    )
    if (written.at(-1)?.rows[0]?.status !== 'removed') throw new AppError('conflict')
  }
  await handOverSettings(app, viewer.workspaceId)
  await finishRemoval(app, inbox, MOST_BATCHES)
}

/** What proves that the provider calls: its other numbers may still be told of at this address. */
async function withoutAccess(app: App, { workspaceId, id }: InboxRef, sealed: string): Promise<string> {
  const of = { workspaceId, inboxId: id }
  const { appSecret, verifyToken } = (await app.unseal(of, sealed)) as Credentials
  return app.seal(of, { accessToken: '', appSecret, verifyToken })
}
