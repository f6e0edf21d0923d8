/** For how long a workspace keeps what was said in conversations that are closed; open ones are never touched. */
import { sql } from 'drizzle-orm'
import { audited, isAudited, type Trail } from '../db/queries/audit.ts'
import {
  conversationToEmpty,
  emptyRows,
  type Going,
  goingBefore,
  isEmptying,
  keepFor,
  mayKeepFor,
  retentionOf,
  rowsSaying,
  storeEmptied,
} from '../db/queries/retention.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { saidIn } from './erasing.ts'
import { AppError } from './errors.ts'

/** Days; 0 is for ever. */
export const RETENTIONS = [0, 90, 180, 365, 730, 1825] as const
export type Retention = (typeof RETENTIONS)[number]

const DAY_MS = 86_400_000
const ROWS_AT_ONCE = 50

/** For how long it is kept now, and what would go at once by that choice. */
export async function retentionWith(app: App, viewer: Viewer, days: Retention): Promise<{ was: number; going: Going }> {
  refuseUnlessAdministrator(viewer)
  const before = days === 0 ? 0 : app.now() - days * DAY_MS
  const [[kept], [going]] = await readAs(app.db, viewer, retentionOf(viewer), goingBefore(viewer, before))
  if (!kept || !going) throw new AppError('not_found')
  return { was: kept.days ?? 0, going }
}

/** Somebody who decided otherwise meanwhile is not overruled. */
export async function setRetention(
  app: App,
  viewer: Viewer,
  { days, was }: { days: Retention; was: number },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const entry = {
    ...entryOf(app, viewer, trail),
    action: 'workspace.retention_changed' as const,
    target: { type: 'workspace', id: viewer.workspaceId },
    detail: { from: was, to: days },
  }
  const written = await app.db.write(
    audited(entry, mayKeepFor(viewer, was || null)),
    keepFor(viewer, days || null, isAudited(entry)),
    sql`SELECT ${isAudited(entry)} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('conflict')
  app.later(app.lookAfter(viewer.workspaceId))
}

/** Does one step of what a workspace has kept for long enough. Answers in how many milliseconds to come again; null: all is done. */
export async function goOnEmptying(app: App, workspaceId: string): Promise<number | null> {
  const now = app.now()
  const [[conversation]] = await app.db.read(conversationToEmpty(workspaceId, now))
  if (!conversation) return null
  const of = { workspaceId, conversationId: conversation.id, now }
  const [rows] = await app.db.read(rowsSaying(workspaceId, conversation.id, ROWS_AT_ONCE))
  if (rows.length > 0) {
    await app.db.write(...emptyRows(of, await saidIn(app, of, rows)))
    // The number's gateway removes what nothing shows any more.
    if (rows.some(({ objects }) => objects !== '[]')) app.later(app.gateway(conversation.webhook_key).lookAtMedia())
    return 0
  }
  const entry = {
    ...{ workspaceId, id: app.newId(), at: now, trail: {} },
    action: 'conversation.emptied' as const,
    target: { type: 'conversation', id: conversation.id },
  }
  await app.db.write(audited(entry, isEmptying(of)), ...storeEmptied(of))
  return 0
}
