/** Works a file of contacts off, a pass at a time: what is left to do stands in the tables, whoever does it. */

import type { ContactImport, CustomField } from '../db/contact-records.ts'
import {
  authorOf,
  type ImportRef,
  importAt,
  refuseImport,
  type StoredImport,
  toImport,
} from '../db/queries/contact-imports.ts'
import { fieldsOf, toField } from '../db/queries/custom-fields.ts'
import {
  knownBefore,
  namedAlready,
  ownersAmong,
  storeChecked,
  storeChunk,
  tagCount,
} from '../db/queries/import-lines.ts'
import { MOST_TAGS } from '../db/queries/tags.ts'
import type { Scope } from '../db/records.ts'
import type { App } from './app.ts'
import { publishContacts } from './changed.ts'
import { fileRows } from './contact-imports.ts'
import { NotATable } from './csv.ts'
import { type BadLine, type ImportLine, MOST_LINES, type Named, readLines } from './import-lines.ts'
import { newTag } from './tags.ts'
import { foldedKey } from './text.ts'

/** One batch writes them within the time that a call to the database has. */
const CHUNK = 250
/** So that a pass ends, and a new version of us may take the next. */
const CHUNKS_A_PASS = 40
const LOOKED_UP_AT_ONCE = 1_000

/** Answers whether there is more to do. */
export async function workOff(app: App, ref: ImportRef): Promise<boolean> {
  const [imports, authors, fields] = await app.db.read(importAt(ref), authorOf(ref), fieldsOf(ref))
  const found = imports[0] && toImport(imports[0])
  if (!found || (found.state !== 'checking' && found.state !== 'importing')) return false
  const refuse = async (refusal: string): Promise<false> => {
    await app.db.write(refuseImport(ref, found.state, refusal, app.now()))
    return false
  }
  const author = authors[0]
  if (!author) return refuse('author')
  const scope: Scope = {
    workspaceId: ref.workspaceId,
    agentId: author.agent_id,
    role: author.role,
    authzVersion: author.authz_version,
    departmentIds: JSON.parse(author.departments),
  }
  const lines = await linesIn(app, found, fields.map(toField))
  if (typeof lines === 'string') return refuse(lines)
  return found.state === 'checking' ? check(app, scope, ref, lines, refuse) : bringIn(app, scope, ref, found, lines)
}

async function linesIn(
  app: App,
  found: ContactImport,
  fields: CustomField[],
): Promise<(ImportLine | BadLine)[] | string> {
  try {
    const rows = await fileRows(app, found, MOST_LINES + 2)
    if (!rows) return 'gone'
    if (rows.length > MOST_LINES + 1) return 'lines'
    const { country, delimiter } = found
    return readLines(rows, { mapping: found.mapping ?? [], country, fields, delimiter })
  } catch (error) {
    if (error instanceof NotATable) return `notATable:${error.line}`
    throw error
  }
}

const isGood = (line: ImportLine | BadLine): line is ImportLine => !('problem' in line)

/** On paper: whom the file speaks of, and what would have to be made. */
async function check(
  app: App,
  scope: Scope,
  ref: ImportRef,
  lines: (ImportLine | BadLine)[],
  refuse: (why: string) => Promise<false>,
): Promise<false> {
  const good = lines.filter(isGood)
  const owners = await ownersOf(app, scope, good)
  const hidden = good.filter(({ phone }) => owners.get(phone) === 0)
  const [tags, groups] = [distinct(good.flatMap((line) => line.tags)), distinct(good.flatMap((line) => line.groups))]
  const [tagsThere, groupsThere, [counted]] = await app.db.read(
    namedAlready(scope, 'tags', keysOf(tags)),
    namedAlready(scope, 'groups', keysOf(groups)),
    tagCount(scope),
  )
  const newTags = tags.length - tagsThere.length
  if (newTags > 0 && (counted?.n ?? 0) + newTags > MOST_TAGS) return refuse('tags')

  const matched = owners.size - hidden.length
  const problems = [
    ...lines
      .filter((line): line is BadLine => !isGood(line))
      .map(({ problem, ...line }) => ({ ...line, code: problem })),
    ...hidden.map(({ line }) => ({ line, code: 'hidden', detail: null })),
  ]
  const created = good.length - owners.size
  const newGroups = groups.length - groupsThere.length
  const checked = { total: lines.length, created, matched, newTags, newGroups, problems }
  await app.db.write(...storeChecked(ref, checked, app.now()))
  return false
}

/** For each number that is somebody's: may the author see whose? */
async function ownersOf(app: App, scope: Scope, lines: ImportLine[]): Promise<Map<string, number>> {
  const owners = new Map<string, number>()
  for (let from = 0; from < lines.length; from += LOOKED_UP_AT_ONCE) {
    const phones = lines.slice(from, from + LOOKED_UP_AT_ONCE).map(({ phone }) => phone)
    const [found] = await app.db.read(ownersAmong(scope, phones))
    for (const { phone, visible } of found) owners.set(phone, visible)
  }
  return owners
}

async function bringIn(
  app: App,
  scope: Scope,
  ref: ImportRef,
  { cursor, overwrites, matched }: ContactImport,
  lines: (ImportLine | BadLine)[],
): Promise<boolean> {
  let known = matched
  let from = cursor
  for (let chunk = 0; chunk < CHUNKS_A_PASS; chunk += 1) {
    const to = Math.min(from + CHUNK, lines.length)
    const good = lines.slice(from, to).filter(isGood)
    const now = app.now()
    const written = await app.db.write(
      ...storeChunk(scope, ref, {
        from,
        to,
        last: to === lines.length,
        rows: good.map((line) => rowOf(app, line)),
        tags: distinct(good.flatMap((line) => line.tags)).map(({ name }) => newTag(app, name)),
        groups: distinct(good.flatMap((line) => line.groups)).map((group) => ({ ...group, id: app.newId() })),
        overwrites,
        now,
      }),
      importAt(ref).sql,
    )
    const after = written.at(-1)?.rows[0] as StoredImport | undefined
    // Somebody else was faster, or the author may less than before: the next pass sees how it stands.
    if (after?.state !== 'importing' && after?.state !== 'done') return false
    if (after.cursor !== to) return true
    if (after.matched > known) {
      const phones = good.map(({ phone }) => phone)
      await publishContacts(app, ref.workspaceId, knownBefore(scope, phones, now))
    }
    if (after.state === 'done') return false
    known = after.matched
    from = to
  }
  return true
}

const rowOf = (app: App, { line, phone, name, tags, groups, values }: ImportLine) => ({
  line,
  id: app.newId(),
  phone,
  name,
  nameKey: name === null ? phone : foldedKey(name),
  tags: keysOf(tags),
  groups: keysOf(groups),
  values,
})

const keysOf = (named: Named[]) => named.map(({ nameKey }) => nameKey)

/** In the spelling that came first. */
const distinct = (named: Named[]): Named[] => [...new Map(named.toReversed().map((one) => [one.nameKey, one])).values()]
