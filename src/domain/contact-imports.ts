/** A file of contacts: taken in, its columns named, tried out on paper, and then brought in by whoever works it off. */
import type { ContactImport } from '../db/contact-records.ts'
import { objectKey } from '../db/object-keys.ts'
import { audited, type Trail } from '../db/queries/audit.ts'
import {
  dropImport,
  forgetFile,
  importAt,
  importFor,
  type Mapping,
  mayBeDropped,
  mayBeMapped,
  mayBeRun,
  oldImports,
  stalledImports,
  startImport,
  storeImport,
  storeMapping,
  toImport,
} from '../db/queries/contact-imports.ts'
import { fieldsOf, toField } from '../db/queries/custom-fields.ts'
import { readAs } from '../db/read-as.ts'
import type { Scope, Viewer } from '../db/records.ts'
import { entryOf } from './administration.ts'
import type { App } from './app.ts'
import { type Delimiter, delimiterOf, NotATable, rowsIn, textOf } from './csv.ts'
import { AppError } from './errors.ts'
import { COLUMNS, fieldColumn, MOST_COLUMNS } from './import-lines.ts'
import { COUNTRIES, HOME } from './phone-number.ts'
import { nameText } from './text.ts'

export const LARGEST_FILE = 5 * 1024 * 1024
const KEPT_MS = 3 * 24 * 3_600_000
/** A pass takes some seconds at most: after this nobody works on it any more. */
const STALLED_MS = 60_000
/** As much as shows what is in a file. */
const SAMPLE_ROWS = 6
const ZIPPED = [0x50, 0x4b]

/** Whoever does more than answer: a file says of many people at once who they are. */
export const mayImport = ({ role }: Pick<Scope, 'role'>) => role !== 'agent'

export function refuseUnlessImporter(viewer: Viewer): void {
  if (!mayImport(viewer)) throw new AppError('forbidden')
}

/** Takes the file in, as UTF-8; `id` comes with the form. What is no table is refused at once, with the reason. */
export async function takeFile(
  app: App,
  viewer: Viewer,
  { id, fileName, bytes }: { id: string; fileName: string | null; bytes: Uint8Array },
): Promise<void> {
  refuseUnlessImporter(viewer)
  const { text, delimiter } = tableIn(bytes)
  const key = objectKey(viewer.workspaceId, id)
  const [there] = await readAs(app.db, viewer, importFor(viewer, id))
  if (there[0]) return
  await app.store.put(key, streamOf(text), LARGEST_FILE * 2)
  const file = { id, fileName: nameText(fileName), objectKey: key, delimiter, country: HOME, now: app.now() }
  await app.db.write(storeImport(viewer, file))
}

function tableIn(bytes: Uint8Array): { text: string; delimiter: Delimiter } {
  if (bytes.length === 0) throw refused('empty')
  if (ZIPPED.every((byte, at) => bytes[at] === byte)) throw refused('spreadsheet')
  const text = textOf(bytes)
  if (text === null) throw refused('notText')
  const delimiter = delimiterOf(text)
  const [head = [], ...rows] = rowsOrRefusal(text, delimiter, SAMPLE_ROWS)
  if (head.length > MOST_COLUMNS) throw new AppError('invalid', { why: 'columns', limit: MOST_COLUMNS })
  if (head.every((cell) => cell.trim() === '') || rows.length === 0) throw refused('empty')
  return { text, delimiter }
}

function rowsOrRefusal(text: string, delimiter: Delimiter, most: number): string[][] {
  try {
    return rowsIn(text, delimiter, most)
  } catch (error) {
    if (!(error instanceof NotATable)) throw error
    throw new AppError('invalid', { why: 'notATable', line: error.line })
  }
}

const refused = (why: string) => new AppError('invalid', { why })

function streamOf(text: string): ReadableStream<Uint8Array> {
  const body = new Response(text).body
  if (!body) throw refused('empty')
  return body
}

/** The file's headings, and the first rows below. */
export async function sampleOf(app: App, { objectKey: key, delimiter }: ContactImport): Promise<string[][]> {
  const rows = await fileRows(app, { objectKey: key, delimiter }, SAMPLE_ROWS)
  return rows ?? []
}

/** As many rows of the file; null: it is there no more. */
export async function fileRows(
  app: App,
  { objectKey: key, delimiter }: Pick<ContactImport, 'objectKey' | 'delimiter'>,
  most: number,
): Promise<string[][] | null> {
  const body = key === null ? null : await app.store.get(key)
  return body && rowsIn(await new Response(body).text(), delimiter as Delimiter, most)
}

/** One column is the number; the others may be what they are. Tried out on paper at once. */
export async function mapColumns(
  app: App,
  viewer: Viewer,
  { id, mapping, country, overwrites }: Mapping & { id: string },
): Promise<void> {
  const [found, stored] = await readAs(app.db, viewer, importToWork(viewer, id), fieldsOf(viewer))
  if (!found[0]) throw new AppError('not_found')
  const known = new Set<string>([...COLUMNS, ...stored.map(toField).map((field) => fieldColumn(field.id))])
  const times = (column: string) => mapping.filter((one) => one === column).length
  if (mapping.some((column) => !known.has(column)) || mapping.length > MOST_COLUMNS) throw refused('unknown')
  if (!COUNTRIES.some(({ code }) => code === country)) throw refused('unknown')
  if (times('phone') === 0) throw refused('noPhone')
  if (times('phone') > 1 || times('areaCode') > 1) throw refused('twoPhones')
  if (mapping.some((column) => column.startsWith('field:') && times(column) > 1)) throw refused('twoOfField')

  const ref = { workspaceId: viewer.workspaceId, id }
  const written = await app.db.write(
    storeMapping(ref, { mapping, country, overwrites }, mayBeMapped(viewer, id), app.now()),
    importAt(ref).sql,
  )
  if (written.at(-1)?.rows[0]?.state !== 'checking') throw new AppError('conflict')
  goOn(app, ref)
}

/** Brings in what was tried out. Twice is once. */
export async function runImport(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  const [found] = await readAs(app.db, viewer, importToWork(viewer, id))
  if (!found[0]) throw new AppError('not_found')
  const { state, total } = toImport(found[0])
  if (state === 'importing' || state === 'done') return
  const ref = { workspaceId: viewer.workspaceId, id }
  const guard = mayBeRun(viewer, id)
  const target = { type: 'import', id }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'contacts.imported', target, detail: { lines: total } }, guard),
    startImport(ref, guard, app.now()),
    importAt(ref).sql,
  )
  if (written.at(-1)?.rows[0]?.state !== 'importing') throw new AppError('conflict')
  goOn(app, ref)
}

/** The file and what was found in it go; whoever came in stays. */
export async function dropFile(app: App, viewer: Viewer, id: string): Promise<void> {
  const [found] = await readAs(app.db, viewer, importToWork(viewer, id))
  if (!found[0]) throw new AppError('not_found')
  const written = await app.db.write(
    ...dropImport({ workspaceId: viewer.workspaceId, id }, mayBeDropped(viewer, id)),
    importFor(viewer, id).sql,
  )
  if (written.at(-1)?.rows[0]) throw new AppError('conflict')
  if (found[0].object_key) await app.store.delete([found[0].object_key])
}

function importToWork(viewer: Viewer, id: string) {
  refuseUnlessImporter(viewer)
  return importFor(viewer, id)
}

const goOn = (app: App, ref: { workspaceId: string; id: string }) => app.later(app.importer(ref.id).work(ref))

/** Whoever was working on them is gone, or was never told. */
export async function wakeImports(app: App): Promise<void> {
  const [stalled] = await app.db.read(stalledImports(app.now() - STALLED_MS))
  for (const { workspace_id: workspaceId, id } of stalled) await app.importer(id).work({ workspaceId, id })
}

/** Files that have been kept for long enough: the object goes first, then the word of it. */
export async function forgetOldFiles(app: App): Promise<void> {
  const [old] = await app.db.read(oldImports(app.now() - KEPT_MS))
  if (old.length === 0) return
  await app.store.delete(old.map(({ object_key }) => object_key))
  await app.db.write(...old.map(({ workspace_id: workspaceId, id }) => forgetFile({ workspaceId, id })))
}
