/** Taking the audit log along: written down itself, and read page by page, so that no size of it is too large. */
import { audited, type Trail } from '../db/queries/audit.ts'
import { type AuditFilter, type AuditRow, auditPage } from '../db/queries/audit-page.ts'
import { readAs } from '../db/read-as.ts'
import type { Cursor, Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'

const AT_ONCE = 500

/** What was there when it was asked for, the newest first. Whoever loses their rights on the way gets no further page. */
export async function exportAudit(
  app: App,
  viewer: Viewer,
  filter: AuditFilter,
  trail: Trail,
): Promise<AsyncGenerator<AuditRow[]>> {
  refuseUnlessAdministrator(viewer)
  const entry = entryOf(app, viewer, trail)
  const fields = Object.entries(filter).flatMap(([name, value]) => (value === null ? [] : [name]))
  await app.db.write(audited({ ...entry, action: 'audit.exported', detail: { fields: fields.join(' ') } }))
  const until = Math.min(filter.until ?? Number.POSITIVE_INFINITY, entry.at)
  return pagesOf(app, viewer, { ...filter, until })
}

async function* pagesOf(app: App, viewer: Viewer, filter: AuditFilter): AsyncGenerator<AuditRow[]> {
  for (let before: Cursor | null = null; ; ) {
    const [rows]: AuditRow[][] = await readAs(app.db, viewer, auditPage(viewer, filter, before, AT_ONCE))
    if (!rows) return
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < AT_ONCE) return
    before = { at: last.created_at, tie: last.id }
  }
}
