/** Erasing a person: what would go is said first, and their name typed. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { erasable, erase } from '../domain/erasures.ts'
import { AppError } from '../domain/errors.ts'
import { shownName } from '../views/contact-name.tsx'
import { ErasureDialog } from '../views/erasure.tsx'
import { namesContact } from './contact-answers.tsx'
import { leaveDialogFor } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { forAdministrators } from './settings-form.ts'
import { valid } from './valid.ts'

const ErasureForm = z.strictObject({ name: z.string().max(60_000) })

export const erasure = new Hono<RouteEnv>()
  .use('/:contactId/erasure', signedIn, forAdministrators, namesContact)

  .get('/:contactId/erasure', (c) => drawDialog(c, c.req.param('contactId')))

  .post('/:contactId/erasure', valid('form', ErasureForm), async (c) => {
    const { app, viewer, i18n } = c.var
    const contactId = c.req.param('contactId')
    const { name: typed } = c.req.valid('form')
    const { contact } = await erasable(app, viewer, contactId)
    try {
      const id = await erase(app, viewer, { contactId, typed, shown: shownName(i18n, contact) }, await trailOf(c))
      return leaveDialogFor(c, `/settings/privacy/erasures/${id}`)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid') throw error
      c.status(422)
      return drawDialog(c, contactId, typed)
    }
  })

async function drawDialog(c: Context<RouteEnv>, contactId: string, typed: string | null = null) {
  const { app, viewer, i18n } = c.var
  const { contact, taken } = await erasable(app, viewer, contactId)
  const name = shownName(i18n, contact)
  return c.render(<ErasureDialog i18n={i18n} contactId={contactId} name={name} taken={taken} typed={typed} />, {
    title: i18n.t.privacy.erase,
  })
}
