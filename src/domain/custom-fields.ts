/** The workspace's own fields: defined by administrators, filled in by everyone. */
import type { CustomField } from '../db/contact-records.ts'
import { audited, isAudited, type Trail } from '../db/queries/audit.ts'
import { contactOf } from '../db/queries/contacts.ts'
import {
  fieldCalled,
  fieldFor,
  fieldStands,
  fieldsOf,
  fieldValuesOf,
  insertField,
  isNewField,
  MOST_FIELDS,
  mayChangeField,
  mayChangeValues,
  orderFields,
  putValues,
  removeField,
  toField,
  updateField,
  type ValueChange,
} from '../db/queries/custom-fields.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { publishAbout } from './contacts.ts'
import { AppError } from './errors.ts'
import { readValue } from './field-values.ts'
import { foldedKey, nameText } from './text.ts'

const LONGEST_NAME = 60
const MOST_CHOICES = 50

export interface FieldForm {
  name: string
  /** One a line. */
  choices: string
}

/** `id` comes with the form: the same form submitted twice makes one. */
export async function createField(
  app: App,
  viewer: Viewer,
  { id, kind, ...form }: FieldForm & { id: string; kind: CustomField['kind'] },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const field = { id, kind, ...readForm(form, kind) }
  const guard = isNewField(viewer, field)
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'field.created', target: { type: 'field', id } }, guard),
    insertField(viewer, field, guard, app.now()),
    fieldFor(viewer, id).sql,
    fieldCalled(viewer, field.nameKey).sql,
  )
  const [made, called] = written.slice(-2).map(({ rows }) => rows[0])
  if (made?.name === field.name) return
  throw called ? refused('taken') : new AppError('invalid', { why: 'full', limit: MOST_FIELDS })
}

/** What was known stays known, in whatever words it was said. */
export async function changeField(
  app: App,
  viewer: Viewer,
  { id, version, ...form }: FieldForm & { id: string; version: number },
  trail: Trail,
): Promise<void> {
  const before = await fieldToManage(app, viewer, id)
  const field = { id, ...readForm(form, before.kind) }
  const guard = mayChangeField(viewer, { ...field, version })
  const target = { type: 'field', id }
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'field.changed', target }, guard),
    updateField(viewer, field, guard),
    fieldFor(viewer, id).sql,
    fieldCalled(viewer, field.nameKey).sql,
  )
  const [now, called] = written.slice(-2).map(({ rows }) => rows[0])
  if (called && called.id !== id) throw refused('taken')
  if (now?.name !== field.name || now.choices !== JSON.stringify(field.choices)) throw new AppError('conflict')
}

/** One place up or down; at the end it stays. */
export async function moveField(app: App, viewer: Viewer, id: string, by: 'up' | 'down'): Promise<void> {
  await fieldToManage(app, viewer, id)
  const [stored] = await app.db.read(fieldsOf(viewer))
  const ids = stored.map((field) => field.id)
  const from = ids.indexOf(id)
  const to = by === 'up' ? from - 1 : from + 1
  const other = ids[to]
  if (from < 0 || other === undefined) return
  ids[to] = id
  ids[from] = other
  await app.db.write(orderFields(viewer, ids))
}

/** With all that is known in it. */
export async function dropField(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  await fieldToManage(app, viewer, id)
  const guard = fieldStands(viewer, id)
  const written = await app.db.write(
    audited({ ...entryOf(app, viewer, trail), action: 'field.removed', target: { type: 'field', id } }, guard),
    ...removeField(viewer, id, guard),
    fieldFor(viewer, id).sql,
  )
  if (written.at(-1)?.rows[0]) throw new AppError('conflict')
}

async function fieldToManage(app: App, viewer: Viewer, id: string): Promise<CustomField> {
  refuseUnlessAdministrator(viewer)
  const [found] = await readAs(app.db, viewer, fieldFor(viewer, id))
  if (!found[0]) throw new AppError('not_found')
  return toField(found[0])
}

function readForm({ name: typed, choices: lines }: FieldForm, kind: CustomField['kind']) {
  const name = nameText(typed)
  const nameKey = foldedKey(name ?? '')
  if (name === null || nameKey === '') throw refused('empty')
  if ([...typed.trim()].length > LONGEST_NAME) throw new AppError('invalid', { why: 'long', limit: LONGEST_NAME })
  if (kind !== 'choice') return { name, nameKey, choices: [] }
  const named = lines.slice(0, 20_000).split('\n').map(nameText)
  const byKey = new Map(named.flatMap((one) => (one === null ? [] : [[foldedKey(one), one] as const])))
  const choices = [...byKey.values()]
  if (choices.length === 0) throw refused('noChoices')
  if (choices.length > MOST_CHOICES) throw new AppError('invalid', { why: 'choices', limit: MOST_CHOICES })
  return { name, nameKey, choices }
}

const refused = (why: string) => new AppError('invalid', { why })

/** What was typed into each field, and what stood there when the form was drawn. */
export type Typed = { fieldId: string; text: string; was: string }[]

/** Only what was changed is written; what somebody else changed meanwhile is not written over. */
export async function fillIn(
  app: App,
  viewer: Viewer,
  { contactId, typed }: { contactId: string; typed: Typed },
  trail: Trail,
): Promise<void> {
  const [contacts, stored] = await readAs(
    app.db,
    viewer,
    contactOf(viewer, contactId),
    fieldValuesOf(viewer, contactId),
  )
  if (!contacts[0] || contacts[0].merged_into_id !== null) throw new AppError('not_found')
  const changes: ValueChange[] = []
  const names: string[] = []
  for (const { fieldId, text, was } of typed) {
    const field = stored.find(({ id }) => id === fieldId)
    if (!field) continue
    // What is chosen already may be a choice no more.
    const read = text === was ? null : readValue(toField(field), text)
    if (typeof read === 'string') throw new AppError('invalid', { field: fieldId, why: read })
    if (read === null || read.value === was) continue
    changes.push({ fieldId, was, ...read })
    names.push(field.name)
  }
  const left = changes.filter(({ fieldId, value }) => (stored.find(({ id }) => id === fieldId)?.value ?? '') !== value)
  if (left.length === 0) return

  const entry = entryOf(app, viewer, trail)
  const target = { type: 'contact', id: contactId }
  const guard = mayChangeValues(viewer, contactId, left)
  await app.db.write(
    audited({ ...entry, action: 'contact.fields_changed', target, detail: { fields: names.join(', ') } }, guard),
    ...putValues(viewer, contactId, left, isAudited(entry), app.now()),
  )
  const [after] = await app.db.read(fieldValuesOf(viewer, contactId))
  const isThere = ({ fieldId, value }: ValueChange) => (after.find(({ id }) => id === fieldId)?.value ?? '') === value
  if (!left.every(isThere)) throw new AppError('conflict')
  await publishAbout(app, viewer.workspaceId, contactId)
}
