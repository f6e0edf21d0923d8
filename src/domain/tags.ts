/** Tags: put on people by everyone, kept in order by those who lead. */
import { type SQL, sql } from 'drizzle-orm'
import { audited, type Trail } from '../db/queries/audit.ts'
import { contactOf, contactStands } from '../db/queries/contacts.ts'
import {
  contactsWith,
  deleteTag,
  insertTag,
  isNewTag,
  keysOf,
  listed,
  mayChangeTag,
  type NewTag,
  putTags,
  type TagRow,
  tagExists,
  tagFor,
  tagsCalled,
  tagsIn,
  takeTags,
  updateTag,
} from '../db/queries/tags.ts'
import { stillAllowed } from '../db/queries/visibility.ts'
import { readAs } from '../db/read-as.ts'
import type { Scope, TagColor, Viewer } from '../db/records.ts'
import { TAG_COLORS } from '../db/schema/index.ts'
import type { App } from './app.ts'
import { publishContact, publishContacts } from './changed.ts'
import { AppError } from './errors.ts'
import { foldedKey, nameText } from './text.ts'

/** Agents choose among the tags; those who lead make them. */
export const mayManageTags = ({ role }: Pick<Scope, 'role'>) => role !== 'agent'

export const LONGEST_TAG = 40

export interface TagChange {
  contactId: string
  /** Against what the dialog showed: what somebody else changed meanwhile stays changed. */
  added: string[]
  removed: string[]
  /** Names of tags that are to be made and put on at once. */
  created: string[]
}

/** Puts tags on a person and takes others off. Twice the same is once; two at once are merged. */
export async function tagContact(
  app: App,
  viewer: Viewer,
  { contactId, added, removed, created }: TagChange,
  trail: Trail = {},
): Promise<void> {
  const [contacts] = await readAs(app.db, viewer, contactOf(viewer, contactId))
  if (!contacts[0] || contacts[0].merged_into_id) throw new AppError('not_found')
  if (created.length > 0 && !mayManageTags(viewer)) throw new AppError('forbidden')

  const made = created.map((name) => newTag(app, name))
  const keys = made.map(({ nameKey }) => nameKey)
  const guard = contactStands(viewer, contactId)
  const changes = [
    ...made.flatMap((tag) => storeTag(app, viewer, tag, guard, trail)),
    ...(removed.length > 0 ? [takeTags(viewer, contactId, removed, guard)] : []),
    ...(added.length > 0 ? [putTags(viewer, contactId, tagsIn(added), guard, app.now())] : []),
    ...(made.length > 0 ? [putTags(viewer, contactId, tagsCalled(keys), guard, app.now())] : []),
  ]
  if (changes.length === 0) return

  const written = await app.db.write(...changes, sql`SELECT ${guard} AS held`, keysOf(viewer, tagsCalled(keys)))
  const [held, there] = written.slice(-2).map(({ rows }) => rows)
  if (!held?.[0]?.held) throw new AppError('conflict')
  await publishContact(app, viewer.workspaceId, contactId)
  if (there?.length !== new Set(keys).size) throw new AppError('invalid', { reason: 'full' })
}

export interface TagForm {
  name: string
  color: TagColor
}

export async function createTag(app: App, viewer: Viewer, { name, color }: TagForm, trail: Trail = {}): Promise<void> {
  if (!mayManageTags(viewer)) throw new AppError('forbidden')
  const tag = { ...newTag(app, name), color }
  const written = await app.db.write(
    ...storeTag(app, viewer, tag, stillAllowed(viewer), trail),
    keysOf(viewer, tagsIn([tag.id])),
    keysOf(viewer, tagsCalled([tag.nameKey])),
  )
  const [made, called] = written.slice(-2).map(({ rows }) => rows)
  if (!made?.[0]) throw new AppError('invalid', { reason: called?.[0] ? 'taken' : 'full' })
}

/** Another name, another colour: on everyone who has it. */
export async function changeTag(
  app: App,
  viewer: Viewer,
  { id, name, color, version }: TagForm & { id: string; version: number },
  trail: Trail = {},
): Promise<void> {
  const tag = await tagToManage(app, viewer, id)
  const changed = { ...newTag(app, name), id, color }
  if (tag.name === changed.name && tag.color === color) return
  const guard = mayChangeTag(viewer, { ...changed, version })
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'tag.changed', target: { type: 'tag', id } }, guard),
    updateTag(viewer, changed, guard),
    keysOf(viewer, sql`${tagsCalled([changed.nameKey])} AND t.id <> ${id}`),
    tagFor(viewer, id).sql,
  )
  const [taken, now] = written.slice(-2).map(({ rows }) => rows[0])
  if (taken) throw new AppError('invalid', { reason: 'taken' })
  if (now?.name !== changed.name || now.color !== color) throw new AppError('conflict')
  await publishContacts(app, viewer.workspaceId, sql`(${contactsWith(viewer, id)})`)
}

/** Takes it off everyone who has it. */
export async function removeTag(app: App, viewer: Viewer, id: string, trail: Trail = {}): Promise<void> {
  await tagToManage(app, viewer, id)
  const guard = tagExists(viewer, id)
  const written = await app.db.write(
    contactsWith(viewer, id),
    audited({ ...entryOf(app, viewer, trail), action: 'tag.deleted', target: { type: 'tag', id } }, guard),
    ...deleteTag(viewer, id, guard),
    tagFor(viewer, id).sql,
  )
  if (written.at(-1)?.rows[0]) throw new AppError('conflict')
  const had = written[0]?.rows.map(({ contact_id }) => String(contact_id)) ?? []
  if (had.length > 0) await publishContacts(app, viewer.workspaceId, listed(had))
}

async function tagToManage(app: App, viewer: Viewer, id: string): Promise<TagRow> {
  if (!mayManageTags(viewer)) throw new AppError('forbidden')
  const [tags] = await readAs(app.db, viewer, tagFor(viewer, id))
  if (!tags[0]) throw new AppError('not_found')
  return tags[0]
}

export function newTag(app: App, text: string): NewTag {
  const name = nameText(text)
  if (name === null || foldedKey(name) === '') throw new AppError('invalid', { reason: 'empty' })
  if ([...text.trim()].length > LONGEST_TAG) throw new AppError('invalid', { reason: 'long', limit: LONGEST_TAG })
  return { id: app.newId(), name, nameKey: foldedKey(name), color: colorFor(name) }
}

/** A tag that nobody chose a colour for: the same name always gets the same. */
function colorFor(name: string): TagColor {
  const sum = [...name].reduce((all, char) => (all * 31 + (char.codePointAt(0) ?? 0)) % 9973, 0)
  return TAG_COLORS[sum % TAG_COLORS.length] ?? 'sea'
}

function storeTag(app: App, viewer: Viewer, tag: NewTag, may: SQL, trail: Trail): SQL[] {
  const guard = sql`${may} AND ${isNewTag(viewer, tag.nameKey)}`
  return [
    audited({ ...entryOf(app, viewer, trail), action: 'tag.created', target: { type: 'tag', id: tag.id } }, guard),
    insertTag(viewer, tag, guard, app.now()),
  ]
}

const entryOf = (app: App, { workspaceId, agentId, sessionHash }: Viewer, trail: Trail) => ({
  workspaceId,
  id: app.newId(),
  actorId: agentId,
  at: app.now(),
  trail: { ...trail, sessionHash },
})
