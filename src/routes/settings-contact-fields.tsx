/** What the workspace wants to know of its contacts: its own fields, in its own order. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { fieldFor, fieldsOf, fieldUses, toField } from '../db/queries/custom-fields.ts'
import { MOST_COUNTED } from '../db/queries/departments.ts'
import { readAs } from '../db/read-as.ts'
import { FIELD_KINDS } from '../db/schema/index.ts'
import { changeField, createField, dropField, moveField } from '../domain/custom-fields.ts'
import { AppError } from '../domain/errors.ts'
import { FieldPage, FieldRemovalPage, FieldsPage, type RefusedField } from '../views/settings-contact-fields.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators, refusalOf, shownAgain } from './settings-form.ts'
import { valid } from './valid.ts'

const PATH = '/settings/contact-fields'
const Words = { name: z.string(), choices: z.string().default('') }
const CreateForm = z.strictObject({ id: z.uuid(), kind: z.enum(FIELD_KINDS), ...Words })
const ChangeForm = z.strictObject({ version: z.coerce.number().int().min(1), ...Words })
const MoveForm = z.strictObject({ by: z.enum(['up', 'down']) })

export const settingsContactFields = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', (c) => drawFields(c))

  .post('/', valid('form', CreateForm), async (c) => {
    const form = c.req.valid('form')
    const problem = await refusalOf(c, createField(c.var.app, c.var.viewer, form, await trailOf(c)))
    if (problem) return drawFields(c, { problem, ...form })
    return shownAgain(c, PATH, () => drawFields(c))
  })

  .get('/:id', (c) => drawField(c, c.req.param('id')))

  .put('/:id', valid('form', ChangeForm), async (c) => {
    const id = c.req.param('id')
    const form = c.req.valid('form')
    const problem = await refusalOf(c, changeField(c.var.app, c.var.viewer, { id, ...form }, await trailOf(c)))
    return problem ? drawField(c, id, { problem, ...form }) : goTo(c, PATH)
  })

  .put('/:id/position', valid('form', MoveForm), async (c) => {
    await moveField(c.var.app, c.var.viewer, c.req.param('id'), c.req.valid('form').by)
    return shownAgain(c, PATH, () => drawFields(c))
  })

  .get('/:id/removal', async (c) => {
    const { app, i18n, viewer } = c.var
    const id = c.req.param('id')
    const [[field], [counted]] = await readAs(app.db, viewer, fieldFor(viewer, id), fieldUses(viewer, id))
    if (!field) throw new AppError('not_found')
    return c.render(
      <FieldRemovalPage i18n={i18n} field={toField(field)} uses={counted?.uses ?? 0} mostCounted={MOST_COUNTED} />,
      { title: i18n.fill(i18n.t.fields.removal, { name: field.name }) },
    )
  })

  .delete('/:id', async (c) => {
    await dropField(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return goTo(c, PATH)
  })

async function drawFields(c: Context<RouteEnv>, refused: RefusedField | null = null) {
  const { app, i18n, viewer } = c.var
  const [fields] = await readAs(app.db, viewer, fieldsOf(viewer))
  return c.render(
    <FieldsPage i18n={i18n} viewer={viewer} fields={fields.map(toField)} newId={app.newId()} refused={refused} />,
    { title: i18n.t.fields.title },
  )
}

async function drawField(c: Context<RouteEnv>, id: string, refused: RefusedField | null = null) {
  const { app, i18n, viewer } = c.var
  const [found] = await readAs(app.db, viewer, fieldFor(viewer, id))
  if (!found[0]) throw new AppError('not_found')
  return c.render(<FieldPage i18n={i18n} field={toField(found[0])} refused={refused} />, {
    title: i18n.fill(i18n.t.fields.changeNamed, { name: found[0].name }),
  })
}
