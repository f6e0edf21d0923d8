/** What is kept of people: for how long, who was erased, and the proof of it. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { erasureFor, erasuresOf, type StoredErasure } from '../db/queries/erasures.ts'
import { MOST_COUNTED, retentionOf } from '../db/queries/retention.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { RETENTIONS, type Retention, retentionWith, setRetention } from '../domain/retention.ts'
import { RetentionDialog } from '../views/retention.tsx'
import { ErasureNow, ErasurePage, PrivacyPage } from '../views/settings-privacy.tsx'
import { leaveDialogFor, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators } from './settings-form.ts'
import { valid } from './valid.ts'

const Days = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.literal(RETENTIONS))
const RetentionQuery = z.object({ days: Days })
const RetentionForm = z.strictObject({ days: Days, was: z.coerce.number().int().min(0).max(36_500) })

export const settingsPrivacy = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', async (c) => {
    const { app, i18n, viewer } = c.var
    const [erasures, [kept]] = await readAs(app.db, viewer, erasuresOf(viewer), retentionOf(viewer))
    return c.render(
      <PrivacyPage i18n={i18n} viewer={viewer} erasures={erasures} retention={kept?.days ?? 0} choices={RETENTIONS} />,
      { title: i18n.t.privacy.title },
    )
  })

  .get('/retention', valid('query', RetentionQuery), (c) => drawRetention(c, c.req.valid('query').days))

  .put('/retention', valid('form', RetentionForm), async (c) => {
    const form = c.req.valid('form')
    try {
      await setRetention(c.var.app, c.var.viewer, form, await trailOf(c))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      c.status(409)
      return drawRetention(c, form.days, true)
    }
    return leaveDialogFor(c, '/settings/privacy')
  })

  .get('/erasures/:id', async (c) => {
    const { i18n, viewer } = c.var
    const erasure = await theErasure(c, c.req.param('id'))
    return c.render(<ErasurePage i18n={i18n} viewer={viewer} erasure={erasure} />, { title: i18n.t.privacy.erasures })
  })

  /** The part of that page that changes. */
  .get('/erasures/:id/standing', async (c) => {
    const erasure = await theErasure(c, c.req.param('id'))
    if (!wantsPartial(c)) return c.redirect(`/settings/privacy/erasures/${erasure.id}`, 303)
    return c.html(<ErasureNow i18n={c.var.i18n} erasure={erasure} />)
  })

  .get('/erasures/:id/proof', async (c) => {
    const erasure = await theErasure(c, c.req.param('id'))
    if (erasure.finished_at === null) throw new AppError('not_found')
    c.header('Content-Disposition', `attachment; filename="erasure-${erasure.id}.json"`)
    c.header('Cache-Control', 'no-store')
    return c.json(proofOf(erasure, c.var.viewer.workspaceId))
  })

async function drawRetention(c: Context<RouteEnv>, days: Retention, changed = false) {
  const { app, i18n, viewer } = c.var
  const { was, going } = await retentionWith(app, viewer, days)
  return c.render(
    <RetentionDialog i18n={i18n} days={days} was={was} going={going} mostCounted={MOST_COUNTED} changed={changed} />,
    { title: i18n.t.privacy.retention },
  )
}

async function theErasure({ var: { app, viewer } }: Context<RouteEnv>, id: string): Promise<StoredErasure> {
  const [[erasure]] = await readAs(app.db, viewer, erasureFor(viewer, id))
  if (!erasure) throw new AppError('not_found')
  return erasure
}

/** Of the person it names nothing but the id that their rows go by, which leads to nobody any more. */
const proofOf = (erasure: StoredErasure, workspaceId: string) => ({
  erasure: erasure.id,
  workspace: workspaceId,
  contact: erasure.contact_id,
  requestedBy: { agent: erasure.requested_by_id, name: erasure.requested_by },
  requestedAt: iso(erasure.requested_at),
  finishedAt: erasure.finished_at === null ? null : iso(erasure.finished_at),
  erased: JSON.parse(erasure.counts) as Record<string, number>,
})

const iso = (at: number) => new Date(at).toISOString()
