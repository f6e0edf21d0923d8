/** What administrators set of a number. */
import { audited, type Trail } from '../db/queries/audit.ts'
import { changeInbox, type InboxChange, inboxFor, mayBeChanged } from '../db/queries/inboxes.ts'
import { inboxAndDepartment } from '../db/queries/memberships.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { nameText } from './text.ts'

/** Its name, and where its new conversations go: the next message of a customer already goes there. */
export async function saveInbox(
  app: App,
  viewer: Viewer,
  { id, departmentId, version, name: text }: InboxChange,
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [[before], [known]] = await app.db.read(
    inboxFor(viewer, id),
    inboxAndDepartment(viewer, id, departmentId ?? ''),
  )
  if (!before) throw new AppError('not_found')
  const name = nameText(text)
  if (name === null) throw new AppError('invalid', { field: 'name', why: 'empty' })
  if (departmentId !== null && !known?.department) throw new AppError('invalid', { field: 'departmentId', why: 'gone' })

  const change = { id, name, departmentId, version }
  const fields = [
    ...(before.name === name ? [] : ['name']),
    ...(before.department_id === departmentId ? [] : ['department']),
  ]
  if (fields.length === 0) return
  const guard = mayBeChanged(viewer, change)
  const target = { type: 'inbox', id }
  const written = await app.db.write(
    audited(
      { ...entryOf(app, viewer, trail), action: 'inbox.changed', target, detail: { fields: fields.join(' ') } },
      guard,
    ),
    changeInbox(viewer, change, guard),
    inboxFor(viewer, id).sql,
  )
  const now = written.at(-1)?.rows[0]
  if (now?.version !== version + 1 || now.name !== name || now.department_id !== departmentId)
    throw new AppError('conflict')
}
