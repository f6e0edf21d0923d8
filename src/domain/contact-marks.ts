/** Tags and groups of many people at once: those that were chosen, or all whom a search finds. */
import { sql } from 'drizzle-orm'
import { audited, isAudited, type Trail } from '../db/queries/audit.ts'
import {
  idsFound,
  MARKED_AT_ONCE,
  type Mark,
  markNamed,
  mayMark,
  putMark,
  putOn,
  takeMark,
  undoMark,
} from '../db/queries/contact-marks.ts'
import type { ContactFilter } from '../db/queries/contacts.ts'
import { listed } from '../db/queries/tags.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf } from './administration.ts'
import type { App } from './app.ts'
import { publishContacts } from './changed.ts'
import { UNDO_MS } from './contacts.ts'
import { AppError } from './errors.ts'

/** As much as one request has the time for; the rest is a second one. */
const CHUNKS = 20

export interface Marking {
  mark: Mark
  act: 'put' | 'take'
  /** By hand, or whoever a filter finds behind that contact. */
  whom: { ids: string[] } | { filter: ContactFilter; after: string | null }
}

export interface Marked {
  name: string
  changed: number
  looked: number
  /** By what it can be undone. */
  at: number
  /** Behind whom there are more, where there are. */
  after: string | null
}

/** One batch a chunk, each safe to repeat: who has the mark has it once, whose is gone has it no more. */
export async function markContacts(
  app: App,
  viewer: Viewer,
  { mark, act, whom }: Marking,
  trail: Trail,
): Promise<Marked> {
  const [named] = await readAs(app.db, viewer, markNamed(viewer, mark))
  if (!named[0]) throw new AppError('invalid', { why: 'gone' })
  const at = app.now()
  const marked: Marked = { name: named[0].name, changed: 0, looked: 0, at, after: null }
  for await (const { ids, after } of chunksOf(app, viewer, whom)) {
    const guard = mayMark(viewer, mark)
    const entry = entryOf(app, viewer, trail)
    const target = { type: mark.kind, id: mark.id }
    const action = act === 'put' ? 'contacts.marked' : 'contacts.unmarked'
    const written = await app.db.write(
      audited({ ...entry, action, target, detail: { people: ids.length } }, guard),
      sql`SELECT ${isAudited(entry)} AS held`,
      ...(act === 'put'
        ? [putMark(viewer, mark, ids, at), putOn(viewer, mark, ids, at)]
        : [takeMark(viewer, mark, ids)]),
    )
    if (!written[1]?.rows[0]?.held) throw new AppError('conflict')
    await tell(app, viewer, written.at(-1)?.rows ?? [])
    marked.changed += written.at(-1)?.rows.length ?? 0
    marked.looked += ids.length
    marked.after = after
  }
  return marked
}

async function* chunksOf(app: App, viewer: Viewer, whom: Marking['whom']) {
  if ('ids' in whom) {
    for (let from = 0; from < whom.ids.length; from += MARKED_AT_ONCE) {
      yield { ids: whom.ids.slice(from, from + MARKED_AT_ONCE), after: null }
    }
    return
  }
  let after = whom.after
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const [found] = await readAs(app.db, viewer, idsFound(viewer, whom.filter, after))
    after = found.length < MARKED_AT_ONCE ? null : (found.at(-1)?.id ?? null)
    const ids = found.filter(({ shown }) => shown === 1).map(({ id }) => id)
    if (ids.length > 0 || after === null) yield { ids, after }
    if (after === null) return
  }
}

/** Takes off again what was put on then, by the same agent, not long ago. Answers from how many. */
export async function undoMarks(app: App, viewer: Viewer, { mark, at }: { mark: Mark; at: number }): Promise<number> {
  if (at < app.now() - UNDO_MS) throw new AppError('conflict')
  let undone = 0
  for (let chunk = 0; chunk < 2 * CHUNKS; chunk += 1) {
    const [written] = await app.db.write(undoMark(viewer, mark, at))
    const rows = written?.rows ?? []
    await tell(app, viewer, rows)
    undone += rows.length
    if (rows.length < MARKED_AT_ONCE) break
  }
  return undone
}

async function tell(app: App, { workspaceId }: Viewer, rows: Record<string, unknown>[]): Promise<void> {
  if (rows.length > 0) await publishContacts(app, workspaceId, listed(rows.map(({ contact_id: id }) => String(id))))
}
