/** A machine that was switched off, or slept: what nobody heard meanwhile is asked for. */
import { lastSweep, storeAbsence, storeSweep } from '../db/queries/absence.ts'
import type { App } from './app.ts'
import { linkedChannels } from './links.ts'

/** The provider of a linked number tries for twenty minutes, then drops what it had to tell; the others try for hours. */
const AWAY_MS = 10 * 60_000

/** Of one workspace, or of the whole deployment. */
export async function noticeAbsence(app: App, workspaceId: string | null = null): Promise<void> {
  const to = app.now()
  const [[last]] = await app.db.read(lastSweep)
  const from = last?.at ?? to
  const wasAway = to - from > AWAY_MS
  await app.db.write(
    ...(wasAway ? storeAbsence({ from, to, channels: linkedChannels, workspaceId }) : []),
    storeSweep(to),
  )
  if (wasAway) app.log.warn('sweep.was_away', { ms: to - from })
}
