/** Why conversations are ended: the workspace's own list. */
import { audited, type Trail } from '../db/queries/audit.ts'
import { closeReasonFor, mayRemoveReason, maySetFarewell, storeFarewell } from '../db/queries/close-reasons.ts'
import { deleteNamed } from '../db/queries/named.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { createNamed, renameTo } from './named.ts'
import { bodyText } from './text.ts'

export const createCloseReason = (app: App, viewer: Viewer, form: { id: string; name: string }, trail: Trail) =>
  createNamed(app, viewer, 'close_reason', form, trail)

export const renameCloseReason = (
  app: App,
  viewer: Viewer,
  form: { id: string; name: string; was: string },
  trail: Trail,
) => renameTo(app, viewer, 'close_reason', form, trail)

export const LONGEST_FAREWELL = 1_000

/** What is offered to be said last, with its blanks. `was`: as the page showed it; somebody else may have changed it since. */
export async function setFarewell(
  app: App,
  viewer: Viewer,
  { id, farewell: typed, was }: { id: string; farewell: string; was: string },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [[reason]] = await app.db.read(closeReasonFor(viewer, id))
  if (!reason) throw new AppError('not_found')
  const farewell = bodyText(typed).trim() || null
  if ((farewell ?? '').length > LONGEST_FAREWELL)
    throw new AppError('invalid', { why: 'long', limit: LONGEST_FAREWELL })
  const guard = maySetFarewell(viewer, id, bodyText(was))
  const target = { type: 'close_reason', id }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'close_reason.farewell', target }, guard),
    storeFarewell(viewer, id, farewell, guard),
    closeReasonFor(viewer, id).sql,
  )
  if (written.at(-1)?.rows[0]?.farewell !== farewell) throw new AppError('conflict')
}

/** It is offered no more; what was ended with it goes on saying so. */
export async function removeCloseReason(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [[reason]] = await app.db.read(closeReasonFor(viewer, id))
  if (!reason) throw new AppError('not_found')
  const guard = mayRemoveReason(viewer, id)
  const target = { type: 'close_reason', id }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'close_reason.removed', target }, guard),
    deleteNamed(viewer, 'close_reason', id, guard),
    closeReasonFor(viewer, id).sql,
  )
  if (written.at(-1)?.rows[0]) throw new AppError('conflict')
}
