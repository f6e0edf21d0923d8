/** The audit log: looked through, and taken along. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { AUDIT_ACTIONS, AUDIT_KINDS } from '../db/audit-actions.ts'
import { type AuditFilter, type AuditRow, actorsOf, auditPage, namesInDetails } from '../db/queries/audit-page.ts'
import { readAs } from '../db/read-as.ts'
import { exportAudit } from '../domain/audit.ts'
import { csvHead, csvRows, delimiterFor } from '../domain/csv.ts'
import type { I18n } from '../i18n/index.ts'
import { type AuditEntryShown, actorIn, detailWords, doneIn, nameIn } from '../views/audit-words.ts'
import { type AuditFields, AuditPage, auditHref } from '../views/settings-audit.tsx'
import { ListCursor } from './cursors.ts'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators } from './settings-form.ts'
import { valid } from './valid.ts'

const PAGE = 50
const DAY = /^[12]\d{3}-\d\d-\d\d$/

const left = z.literal('').default('')
const day = z.iso.date().regex(DAY).or(left)
const FIELDS = {
  who: z.uuid().or(z.literal('system')).or(left),
  what: z.enum([...AUDIT_ACTIONS, ...AUDIT_KINDS]).or(left),
  from: day,
  until: day,
  target: z.uuid().or(left),
}
const AuditQuery = z.object({ ...FIELDS, before: ListCursor.optional() })
const ExportForm = z.strictObject(FIELDS)

export const settingsAudit = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', valid('query', AuditQuery), async (c) => {
    const { app, i18n, viewer } = c.var
    const { before, ...fields } = c.req.valid('query')
    const [rows, actors, names] = await readAs(
      app.db,
      viewer,
      auditPage(viewer, filterOf(i18n, fields), before ?? null, PAGE + 1),
      actorsOf(viewer),
      namesInDetails(viewer),
    )
    const shown = rows.slice(0, PAGE)
    const last = rows.length > PAGE ? shown.at(-1) : undefined
    return c.render(
      <AuditPage
        i18n={i18n}
        viewer={viewer}
        fields={fields}
        entries={shown.map(toEntry)}
        actors={actors}
        names={byId(names)}
        older={last ? auditHref(fields, `${last.created_at}-${last.id}`) : null}
        isLater={before !== undefined}
      />,
      { title: i18n.t.audit.title },
    )
  })

  .post('/export', valid('form', ExportForm), async (c) => {
    const { app, i18n, viewer } = c.var
    await limited(c.env, 'export', `audit:${viewer.agentId}`)
    const [names] = await readAs(app.db, viewer, namesInDetails(viewer))
    const pages = await exportAudit(app, viewer, filterOf(i18n, c.req.valid('form')), await trailOf(c))
    return fileOf(c, pages, byId(names))
  })

/** Days are the workspace's. */
function filterOf(i18n: I18n, { who, what, from, until, target }: AuditFields): AuditFilter {
  const actions = AUDIT_ACTIONS.filter((action) => action === what || action.startsWith(`${what}.`))
  return {
    actor: who || null,
    actions: what === '' ? null : actions,
    from: from === '' ? null : dayStart(i18n, from),
    until: until === '' ? null : dayAfter(i18n, dayStart(i18n, until)),
    targetId: target || null,
  }
}

const HOUR = 3_600_000

/** Noon in Greenwich is the same day nearly everywhere; where it is not, half a day before or after is. */
function dayStart(i18n: I18n, wanted: string): number {
  const noon = Date.parse(`${wanted}T12:00:00Z`)
  return i18n.dayStart([noon, noon - 12 * HOUR, noon + 12 * HOUR].find((at) => i18n.dayKey(at) === wanted) ?? noon)
}

/** No day is longer than 25 hours, or shorter than 23. */
const dayAfter = (i18n: I18n, start: number) => i18n.dayStart(start + 30 * HOUR)

const byId = (rows: { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]))

const Detail = z.record(z.string(), z.unknown()).catch({})

const toEntry = (row: AuditRow): AuditEntryShown => ({
  id: row.id,
  at: row.created_at,
  actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name },
  action: row.action,
  target:
    row.target_type === null || row.target_id === null
      ? null
      : {
          type: row.target_type,
          id: row.target_id,
          name: row.target_name,
          role: row.target_role,
          placeId: row.place_id,
        },
  detail: Detail.parse(row.detail === null ? {} : JSON.parse(row.detail)),
})

/** Page by page, as fast as it is taken: a log of two years is never held whole. */
function fileOf(
  { var: { i18n, app } }: Context<RouteEnv>,
  pages: AsyncGenerator<AuditRow[]>,
  names: Map<string, string>,
) {
  const { columns, file } = i18n.t.audit
  const encoder = new TextEncoder()
  const delimiter = delimiterFor(i18n.locale)
  const head = [columns.at, columns.local, columns.who, columns.what, columns.target, columns.detail]
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(csvHead([...head, columns.action, columns.targetId], delimiter)))
    },
    async pull(controller) {
      const { done, value } = await pages.next()
      if (done) controller.close()
      else {
        const rows = value.map((row) => cellsOf(i18n, toEntry(row), names))
        controller.enqueue(encoder.encode(csvRows(rows, delimiter)))
      }
    },
    async cancel() {
      await pages.return(undefined)
    },
  })
  const name = `${file}-${i18n.dayKey(app.now())}.csv`
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  })
}

const cellsOf = (i18n: I18n, entry: AuditEntryShown, names: Map<string, string>): string[] => [
  new Date(entry.at).toISOString(),
  i18n.dateTime(entry.at),
  actorIn(i18n, entry),
  doneIn(i18n, entry.action),
  nameIn(i18n, entry) ?? '',
  detailWords(i18n, entry, names),
  entry.action,
  entry.target?.id ?? '',
]
