/** What the workspace wants to know of one contact, filled in. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { contactOf } from '../db/queries/contacts.ts'
import { fieldValuesOf, toField } from '../db/queries/custom-fields.ts'
import { readAs } from '../db/read-as.ts'
import { fillIn } from '../domain/custom-fields.ts'
import { AppError } from '../domain/errors.ts'
import { FillIn, fieldName, wasName } from '../views/contact-fields.tsx'
import { shownName } from '../views/contact-name.tsx'
import { DIALOG_DONE } from '../views/dialog.tsx'
import type { Problem } from '../views/errors.tsx'
import { answerWithNews, namesContact } from './contact-answers.tsx'
import { isHtmx } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { refusalOf } from './settings-form.ts'
import { valid } from './valid.ts'

const ValuesForm = z.record(z.string(), z.string().max(60_000))

export const contactFields = new Hono<RouteEnv>()
  .use('/:contactId/fields', signedIn, namesContact)

  .get('/:contactId/fields', (c) => drawForm(c, c.req.param('contactId')))

  .put('/:contactId/fields', valid('form', ValuesForm), async (c) => {
    const contactId = c.req.param('contactId')
    const sent = c.req.valid('form')
    const typed = Object.keys(sent)
      .filter((name) => name.startsWith('value.'))
      .map((name) => name.slice('value.'.length))
      .map((fieldId) => ({ fieldId, text: sent[fieldName(fieldId)] ?? '', was: sent[wasName(fieldId)] ?? '' }))
    const problem = await refusalOf(c, fillIn(c.var.app, c.var.viewer, { contactId, typed }, await trailOf(c)))
    if (problem) return drawForm(c, contactId, { problem, sent })
    if (isHtmx(c)) c.header(...DIALOG_DONE)
    return answerWithNews(c, { contactId, conversationId: null, tab: 'data' })
  })

async function drawForm(
  c: Context<RouteEnv>,
  contactId: string,
  refused: { problem: Problem; sent: Record<string, string> } | null = null,
) {
  const { app, viewer, i18n } = c.var
  const [contacts, stored] = await readAs(
    app.db,
    viewer,
    contactOf(viewer, contactId),
    fieldValuesOf(viewer, contactId),
  )
  if (!contacts[0] || contacts[0].merged_into_id !== null) throw new AppError('not_found')
  const { name: own, profile_name: profileName, phone } = contacts[0]
  const name = shownName(i18n, { name: own, profileName, phone })
  const values = stored.map(({ value, ...field }) => ({
    field: toField(field),
    value: value ?? '',
    typed: refused?.sent[fieldName(field.id)],
  }))
  const form = (
    <FillIn i18n={i18n} contactId={contactId} name={name} values={values} problem={refused?.problem ?? null} />
  )
  return c.render(form, { title: i18n.fill(i18n.t.fields.of, { name }) })
}
