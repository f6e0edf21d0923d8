/** Why conversations are ended: the workspace's own list. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { closeReasonFor, closeReasonRows, closeReasonUses } from '../db/queries/close-reasons.ts'
import { MOST_COUNTED } from '../db/queries/departments.ts'
import { readAs } from '../db/read-as.ts'
import { createCloseReason, removeCloseReason, renameCloseReason, setFarewell } from '../domain/close-reasons.ts'
import { AppError } from '../domain/errors.ts'
import { CloseReasonRemovalPage, CloseReasonsPage, FarewellPage } from '../views/settings-close-reasons.tsx'
import type { Refused } from '../views/settings-page.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators, refusalOf, shownAgain } from './settings-form.ts'
import { valid } from './valid.ts'

const CreateForm = z.strictObject({ id: z.uuid(), name: z.string() })
const RenameForm = z.strictObject({ name: z.string(), was: z.string() })
const FarewellForm = z.strictObject({ farewell: z.string(), was: z.string() })
const PATH = '/settings/close-reasons'

export const settingsCloseReasons = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', (c) => drawReasons(c))

  .post('/', valid('form', CreateForm), async (c) => {
    const form = c.req.valid('form')
    const problem = await refusalOf(c, createCloseReason(c.var.app, c.var.viewer, form, await trailOf(c)))
    if (problem) return drawReasons(c, { form: 'create', problem, value: form.name })
    return shownAgain(c, PATH, () => drawReasons(c))
  })

  .put('/:id', valid('form', RenameForm), async (c) => {
    const id = c.req.param('id')
    const form = c.req.valid('form')
    const problem = await refusalOf(c, renameCloseReason(c.var.app, c.var.viewer, { id, ...form }, await trailOf(c)))
    if (problem) return drawReasons(c, { form: id, problem, value: form.name })
    return shownAgain(c, PATH, () => drawReasons(c))
  })

  .get('/:id/farewell', (c) => drawFarewell(c, c.req.param('id')))

  .put('/:id/farewell', valid('form', FarewellForm), async (c) => {
    const id = c.req.param('id')
    const form = c.req.valid('form')
    const problem = await refusalOf(c, setFarewell(c.var.app, c.var.viewer, { id, ...form }, await trailOf(c)))
    return problem ? drawFarewell(c, id, { form: 'farewell', problem, value: form.farewell }) : goTo(c, PATH)
  })

  .get('/:id/removal', async (c) => {
    const { app, i18n, viewer } = c.var
    const id = c.req.param('id')
    const [[reason], [counted]] = await readAs(app.db, viewer, closeReasonFor(viewer, id), closeReasonUses(viewer, id))
    if (!reason) throw new AppError('not_found')
    return c.render(
      <CloseReasonRemovalPage i18n={i18n} reason={reason} uses={counted?.uses ?? 0} mostCounted={MOST_COUNTED} />,
      { title: i18n.fill(i18n.t.closeReasons.removal, { name: reason.name }) },
    )
  })

  .delete('/:id', async (c) => {
    await removeCloseReason(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return goTo(c, PATH)
  })

async function drawFarewell(c: Context<RouteEnv>, id: string, refused?: Refused) {
  const { app, i18n, viewer } = c.var
  const [[reason]] = await readAs(app.db, viewer, closeReasonFor(viewer, id))
  if (!reason) throw new AppError('not_found')
  return c.render(<FarewellPage i18n={i18n} viewer={viewer} reason={reason} refused={refused} />, {
    title: i18n.fill(i18n.t.closeReasons.farewellOf, { name: reason.name }),
  })
}

async function drawReasons(c: Context<RouteEnv>, refused?: Refused) {
  const { app, i18n, viewer } = c.var
  const [reasons] = await readAs(app.db, viewer, closeReasonRows(viewer))
  return c.render(
    <CloseReasonsPage i18n={i18n} viewer={viewer} reasons={reasons} newId={app.newId()} refused={refused} />,
    { title: i18n.t.closeReasons.title },
  )
}
