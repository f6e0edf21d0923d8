/** Departments and reasons to end a conversation: made and renamed alike, one a name. */
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  isNew,
  mayBeRenamed,
  type NamedKind,
  type NamedRow,
  namedNow,
  renameNamed,
  storeNamed,
} from '../db/queries/named.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { foldedKey, nameText } from './text.ts'

/** `id` comes with the form, new with each: the same form submitted twice makes one. */
export async function createNamed(
  app: App,
  viewer: Viewer,
  kind: NamedKind,
  { id, name }: { id: string; name: string },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const row = rowOf(id, name)
  const guard = isNew(viewer, kind, row)
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: `${kind}.created`, target: { type: kind, id } }, guard),
    storeNamed(viewer, kind, row, app.now(), guard),
    namedNow(viewer, kind, row).sql,
  )
  const now = rowsIn(written.at(-1)?.rows)
  if (now.find((one) => one.id === id)?.name === row.name) return
  throw now.length > 0 ? taken : new AppError('conflict')
}

/** `was` is the name that the page showed: somebody else may have changed it since. */
export async function renameTo(
  app: App,
  viewer: Viewer,
  kind: NamedKind,
  { id, name, was }: { id: string; name: string; was: string },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [found] = await app.db.read(namedNow(viewer, kind, { id, key: '' }))
  if (!found.some((one) => one.id === id)) throw new AppError('not_found')
  const row = rowOf(id, name)
  if (row.name === was) return

  const guard = mayBeRenamed(viewer, kind, row, was)
  const target = { type: kind, id }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: `${kind}.renamed`, target }, guard),
    renameNamed(viewer, kind, row, guard),
    namedNow(viewer, kind, row).sql,
  )
  const now = rowsIn(written.at(-1)?.rows)
  if (now.find((one) => one.id === id)?.name === row.name) return
  throw now.some((one) => one.id !== id) ? taken : new AppError('conflict')
}

function rowOf(id: string, text: string): NamedRow {
  const name = nameText(text)
  if (name === null) throw new AppError('invalid', { field: 'name', why: 'empty' })
  return { id, name, key: foldedKey(name) }
}

const taken = new AppError('invalid', { field: 'name', why: 'taken' })

const rowsIn = (rows: unknown[] = []) => rows as { id: string; name: string }[]
