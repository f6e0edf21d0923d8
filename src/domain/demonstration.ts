/** For whoever wants to look before they begin: an invented shop in an empty workspace, and its end. */
import { sql } from 'drizzle-orm'
import type { Credentials } from '../channels/channel.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import {
  bumpDemonstrationAgents,
  deleteDemonstration,
  demonstrationObjects,
  demonstrationState,
  firstDepartments,
  mayBeLoaded,
  mayBeTakenAway,
  shutDemonstration,
  storeDemonstration,
} from '../db/queries/demonstration.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator, tellAgents } from './administration.ts'
import type { App } from './app.ts'
import { demonstrationRows } from './demonstration-rows.ts'
import type { DemonstrationWords } from './demonstration-stories.ts'
import { AppError } from './errors.ts'
import { handOverSettings } from './sweep.ts'

const MOST_DEPARTMENTS = 3

/** Only where there is nothing real that it could be taken for. Loading what is loaded changes nothing. */
export async function loadDemonstration(
  app: App,
  viewer: Viewer,
  words: DemonstrationWords,
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [departments] = await app.db.read(firstDepartments(viewer, MOST_DEPARTMENTS))
  const rows = await demonstrationRows({
    ...{ words, agentId: viewer.agentId, departmentIds: departments.map(({ id }) => id), now: app.now() },
    ...{ newId: app.newId, webhookKey: app.secret },
    sealed: (inboxId) => app.seal({ workspaceId: viewer.workspaceId, inboxId }, unknownTo(app)),
  })
  const entry: AuditEntry = {
    ...{ ...entryOf(app, viewer, trail), action: 'demonstration.loaded' },
    target: { type: 'workspace', id: viewer.workspaceId },
  }
  const written = await app.db.write(
    audited(entry, mayBeLoaded(viewer)),
    ...storeDemonstration(viewer, rows, isAudited(entry)),
    demonstrationState(viewer).sql,
  )
  if (written.at(-1)?.rows[0]?.loaded !== 1) throw new AppError('conflict')
  await handOverSettings(app, viewer.workspaceId)
}

/** Nobody can call for its numbers: what would prove it is told to nobody. */
const unknownTo = (app: App): Credentials => ({ accessToken: '', appSecret: app.secret(), verifyToken: app.secret() })

/** Its numbers are shut first, so that nothing of it moves any more; broken off, it goes on when it is asked for again. */
export async function takeDemonstrationAway(app: App, viewer: Viewer, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const entry: AuditEntry = {
    ...{ ...entryOf(app, viewer, trail), action: 'demonstration.removed' },
    target: { type: 'workspace', id: viewer.workspaceId },
  }
  const done = isAudited(entry)
  const written = await app.db.write(
    audited(entry, mayBeTakenAway(viewer)),
    bumpDemonstrationAgents(viewer, done),
    shutDemonstration(viewer, done),
    sql`SELECT ${done} AS done`,
    demonstrationState(viewer).sql,
  )
  const [taken, state] = written.slice(-2).map(({ rows }) => rows[0])
  if (taken?.done !== 1 && state?.loaded === 1) throw new AppError('conflict')
  const bumped = written[1]
  await handOverSettings(app, viewer.workspaceId)
  const [objects] = await app.db.read(demonstrationObjects(viewer))
  await app.store.delete(objects.map(({ object_key }) => object_key))
  await app.db.write(...deleteDemonstration(viewer))
  tellAgents(app, viewer, [viewer.agentId, ...(bumped?.rows ?? []).map(({ id }) => String(id))])
}
