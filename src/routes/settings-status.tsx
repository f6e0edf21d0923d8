/** How the whole is doing, for those who answer for it. */
import { Hono } from 'hono'
import { build, latestMigration } from '../../dist/manifest.ts'
import { lastSweep } from '../db/queries/absence.ts'
import { inboxRows } from '../db/queries/inboxes.ts'
import { databaseSize, newestMigration, storedFiles } from '../db/queries/status.ts'
import { readAs } from '../db/read-as.ts'
import type { App } from '../domain/app.ts'
import type { Dump } from '../domain/dumps.ts'
import { StatusPage } from '../views/settings-status.tsx'
import { outboxesNow, withHealth } from './inbox-entries.ts'
import type { RouteEnv } from './route-env.ts'
import { forAdministrators } from './settings-form.ts'

export const settingsStatus = new Hono<RouteEnv>().use(forAdministrators).get('/', async (c) => {
  const { app, i18n, viewer } = c.var
  const [read, database, dumps] = await Promise.all([
    readAs(app.db, viewer, inboxRows(viewer), outboxesNow(c), storedFiles(viewer), newestMigration, lastSweep),
    databaseOf(app),
    dumpsOf(app, viewer.workspaceId),
  ])
  const [rows, outboxes, [files], [migrated], [swept]] = read
  return c.render(
    <StatusPage
      i18n={i18n}
      viewer={viewer}
      inboxes={await withHealth(c, rows, outboxes)}
      sweptAt={swept?.at ?? null}
      files={files ?? { files: 0, bytes: 0 }}
      database={database}
      dumps={dumps}
      build={build}
      schema={{ known: latestMigration, newest: migrated?.tag ?? null }}
      now={app.now()}
    />,
    { title: i18n.t.status.title },
  )
})

/** A caretaker that does not answer keeps nobody from the rest either. */
const dumpsOf = (app: App, workspaceId: string): Promise<Dump[] | null> => app.dumps(workspaceId).catch(() => null)

/** By itself: a server that does not tell keeps nobody from the rest. */
async function databaseOf(app: App): Promise<{ pages: number; bytes: number } | null> {
  try {
    const [[size]] = await app.db.read(databaseSize)
    return size ? { pages: size.pages, bytes: size.pages * size.page_size } : null
  } catch {
    return null
  }
}
