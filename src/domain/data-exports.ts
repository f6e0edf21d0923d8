/** Handing out all that is kept about one person: an administrator makes a link, whoever has it takes the file once. */
import { sql } from 'drizzle-orm'
import { sha256 } from '../channels/json.ts'
import { audited, isAudited, type Trail } from '../db/queries/audit.ts'
import {
  type DataExport,
  dataExportBy,
  isGoodLink,
  isStored,
  type Person,
  storeDataExport,
  takeDataExport,
} from '../db/queries/data-exports.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { contactFor } from './contacts.ts'
import { AppError } from './errors.ts'

export const LINK_HOURS = 24
const HOUR_MS = 3_600_000

/** Answers with the token of the link. It is kept by its hash alone: this is the one time that it can be seen. */
export async function exportPerson(app: App, viewer: Viewer, contactId: string, trail: Trail): Promise<string> {
  refuseUnlessAdministrator(viewer)
  await contactFor(app, viewer, contactId)
  const token = `${app.secret()}${app.secret()}`
  const [id, tokenHash, now] = [app.newId(), await sha256(token), app.now()]
  const entry = {
    ...entryOf(app, viewer, trail),
    action: 'contact.export_requested' as const,
    target: { type: 'contact', id: contactId },
    detail: { export: id },
  }
  const written = await app.db.write(
    storeDataExport(viewer, { id, contactId, tokenHash, now, expiresAt: now + LINK_HOURS * HOUR_MS }),
    audited(entry, isStored(tokenHash)),
    sql`SELECT ${isStored(tokenHash)} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('conflict')
  return token
}

/** What is behind a link: `good`, or `over` because it was used, is too old, or is nobody's to give any more. Null: no such link. */
export async function behindLink(app: App, token: string): Promise<'good' | 'over' | null> {
  const found = await exportBy(app, token)
  if (!found) return null
  return found.good === 1 ? 'good' : 'over'
}

/** Takes it, once. Null: it is over. */
export async function takeExport(app: App, token: string, trail: Trail): Promise<Person | null> {
  const found = await exportBy(app, token)
  if (!found) throw new AppError('not_found')
  if (found.good !== 1) return null
  const { workspace_id: workspaceId, contact_id: contactId, requested_by_id: actorId } = found
  const entry = {
    ...{ workspaceId, id: app.newId(), actorId, at: app.now(), trail },
    action: 'contact.exported' as const,
    target: { type: 'contact', id: contactId },
    detail: { export: found.id },
  }
  const [tokenHash, now] = [await sha256(token), app.now()]
  // The row of the log tells which of two took it: what is tried again is the same try.
  const written = await app.db.write(
    audited(entry, isGoodLink(tokenHash, now)),
    takeDataExport(tokenHash, now),
    sql`SELECT ${isAudited(entry)} AS done`,
  )
  return written.at(-1)?.rows[0]?.done === 1 ? { workspaceId, contactId } : null
}

async function exportBy(app: App, token: string): Promise<DataExport | undefined> {
  const [[found]] = await app.db.read(dataExportBy(await sha256(token), app.now()))
  return found
}
