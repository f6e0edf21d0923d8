/** The contacts as a table to take away: those that the list shows, with all that is known of them. */
import { sql } from 'drizzle-orm'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import { EXPORTED_AT_ONCE, type ExportedRow, exportedPage } from '../db/queries/contact-export.ts'
import type { ContactFilter } from '../db/queries/contacts.ts'
import { fieldsOf, toField } from '../db/queries/custom-fields.ts'
import { stillAllowed } from '../db/queries/visibility.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf } from './administration.ts'
import type { App } from './app.ts'
import { refuseUnlessImporter } from './contact-imports.ts'
import { csvHead, csvRows, type Delimiter } from './csv.ts'
import { AppError } from './errors.ts'
import { SEVERAL } from './import-lines.ts'

export interface Exporting {
  /** Null: nothing could be found by what was sought. */
  filter: ContactFilter | null
  delimiter: Delimiter
  headings: { name: string; phone: string; tags: string; groups: string; created: string; blocked: string }
  /** What stands in the column of who is blocked. */
  yes: string
  /** A day, as the table says it. */
  day(at: number): string
}

/** Written down before the first row goes out; each page of the table is read when the one before is gone. */
export async function exportContacts(
  app: App,
  viewer: Viewer,
  { filter, delimiter, headings, yes, day }: Exporting,
  trail: Trail,
): Promise<ReadableStream<Uint8Array>> {
  refuseUnlessImporter(viewer)
  const [stored] = await readAs(app.db, viewer, fieldsOf(viewer))
  const fields = stored.map(toField)
  const entry: AuditEntry = { ...entryOf(app, viewer, trail), action: 'contacts.exported' }
  const detail = { searched: (filter?.terms.length ?? 0) > 0, group: Boolean(filter?.groupId) }
  const written = await app.db.write(
    audited({ ...entry, detail }, stillAllowed(viewer)),
    sql`SELECT ${isAudited(entry)} AS held`,
  )
  if (!written.at(-1)?.rows[0]?.held) throw new AppError('conflict')

  const { name, phone, tags, groups, created, blocked } = headings
  const encoder = new TextEncoder()
  const rowOf = (row: ExportedRow) => {
    const values = JSON.parse(row.field_values) as Record<string, string>
    return [
      row.name ?? '',
      (row.phone ?? '').replace('+', ''),
      severalIn(row.tags),
      severalIn(row.groups),
      ...fields.map(({ id }) => values[id] ?? ''),
      day(row.created_at),
      row.blocked === 1 ? yes : '',
    ]
  }
  let after: string | null = null
  return new ReadableStream({
    start(controller) {
      const head = [name, phone, tags, groups, ...fields.map((field) => field.name), created, blocked]
      controller.enqueue(encoder.encode(csvHead(head, delimiter)))
    },
    async pull(controller) {
      // A page may have nobody in it whom the viewer sees.
      for (;;) {
        const found: ExportedRow[] = filter
          ? (await readAs(app.db, viewer, exportedPage(viewer, filter, after)))[0]
          : []
        const rows = found.filter(({ shown }) => shown === 1).map(rowOf)
        if (rows.length > 0) controller.enqueue(encoder.encode(csvRows(rows, delimiter)))
        const last = found.at(-1)
        if (!last || found.length < EXPORTED_AT_ONCE) return controller.close()
        after = last.id
        if (rows.length > 0) return
      }
    },
  })
}

/** As an import takes them apart again, whatever the names say. */
function severalIn(names: string): string {
  const all = JSON.parse(names) as string[]
  return all.length === 1 && /[,;]/.test(all[0] ?? '') ? `${all[0]} ${SEVERAL}` : all.join(` ${SEVERAL} `)
}
