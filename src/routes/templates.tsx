/** Templates: looked for, filled in, previewed, sent. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { query } from '../db/client.ts'
import { TEMPLATES_SHOWN, templateChoices, templateFor, templatesFor } from '../db/queries/templates.ts'
import { type Upload, uploadsOf } from '../db/queries/uploads.ts'
import { seesConversation } from '../db/queries/visibility.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import type { Place } from '../domain/kinds.ts'
import {
  asksForPlace,
  blanksOf,
  hasForeignButton,
  headerMediaOf,
  type Template,
  type Values,
} from '../domain/template-text.ts'
import {
  chooseHeaderFile,
  headerFileOf,
  refreshTemplates,
  sendTemplate,
  templateSaid,
  toTemplate,
  valuesFor,
} from '../domain/templates.ts'
import { FileProblem } from '../views/chosen-files.tsx'
import type { FieldProblem } from '../views/compose.tsx'
import { Preview } from '../views/preview.tsx'
import { HeaderFile, TemplateDialog } from '../views/template.tsx'
import { TemplatesDialog, templatePath } from '../views/templates.tsx'
import { namesConversation } from './conversations.tsx'
import { fieldProblem, statusOf } from './field-problem.ts'
import { typedPlace } from './map-link.ts'
import { answerFromDialog, mayWrite } from './messages.tsx'
import { isHtmx } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { fileSent, filesOfForm, isAboutTheFile } from './uploads.tsx'
import { valid } from './valid.ts'

const FilterQuery = z.object({
  q: z.string().max(200).default(''),
  language: z.string().max(20).default(''),
  category: z.string().max(60).default(''),
})
/** One for each blank of the template, which says how long they may be. */
const Typed = z.record(z.string().max(200), z.string().max(20_000))
const Sent = z.looseObject({ clientKey: z.uuid(), uploadId: z.uuid().optional() }).catchall(z.string().max(20_000))

export const templates = new Hono<RouteEnv>()
  .use('/:conversationId/*', namesConversation)

  .get('/:conversationId/templates', valid('query', FilterQuery), (c) => picker(c, c.req.valid('query'), null))

  /** Asks the provider which there are now. */
  .post('/:conversationId/templates/refresh', async (c) => {
    const refreshed = await refreshTemplates(c.var.app, c.var.viewer, c.req.param('conversationId'))
    return picker(c, FilterQuery.parse({}), refreshed)
  })

  .get('/:conversationId/templates/:templateId', async (c) => form(c, await theTemplate(c), {}))

  /** A file for the header: by script as it is, or by a plain form that goes on to the template's. */
  .post('/:conversationId/templates/:templateId/file', async (c) => {
    const { app, viewer, i18n } = c.var
    const { conversationId, templateId } = c.req.param()
    await limited(c.env, 'upload', viewer.agentId)
    const here = await theTemplate(c) // before a file of that size is read
    const of = { conversationId, templateId }
    try {
      if (isHtmx(c)) {
        const upload = await chooseHeaderFile(app, viewer, { ...of, ...fileSent(c) })
        return c.html(<HeaderFile i18n={i18n} upload={upload} />, 201)
      }
      const [file] = await filesOfForm(c)
      if (!file) throw new AppError('file_empty')
      await chooseHeaderFile(app, viewer, { ...of, ...file })
      return c.redirect(templatePath(conversationId, templateId), 303)
    } catch (error) {
      if (!isAboutTheFile(error)) throw error
      const kind = headerMediaOf(here.template)
      const isOther = error.code === 'file_type' && kind !== null
      const text = isOther ? i18n.t.templates.wrongFile[kind] : i18n.error(error.code, error.details)
      c.status(422)
      if (isHtmx(c)) return c.html(<FileProblem text={text} />)
      return form(c, here, {}, { problem: { field: 'media', text }, clientKey: crypto.randomUUID() })
    }
  })

  .post('/:conversationId/templates/:templateId/preview', valid('form', Typed), async (c) => {
    const said = previewOf(await theTemplate(c), c.req.valid('form'))
    return c.html(<Preview i18n={c.var.i18n} now={c.var.app.now()} said={said} />)
  })

  .post('/:conversationId/templates/:templateId', valid('form', Sent), async (c) => {
    const { app, viewer, i18n } = c.var
    const { clientKey, uploadId = null, ...values } = c.req.valid('form')
    const { conversationId, templateId } = c.req.param()
    await mayWrite(c, clientKey)
    try {
      const place = asksForPlace((await theTemplate(c)).template) ? typedPlace(values) : null
      const filling = { conversationId, clientKey, templateId, values, uploadId, place }
      const { message, isNew } = await sendTemplate(app, viewer, filling)
      return await answerFromDialog(c, message, isNew)
    } catch (error) {
      const problem = fieldProblem(i18n, error)
      c.status(statusOf(error))
      return form(c, await theTemplate(c), values, { problem, clientKey })
    }
  })

interface Here {
  template: Template
  /** What is chosen for its header. */
  file: Upload | null
}

async function theTemplate(c: Context<RouteEnv>): Promise<Here> {
  const { app, viewer } = c.var
  const { conversationId = '', templateId = '' } = c.req.param()
  const [found, uploads] = await readAs(
    app.db,
    viewer,
    templateFor(viewer, conversationId, templateId),
    uploadsOf(viewer, conversationId, templateId),
  )
  if (!found[0]) throw new AppError('not_found')
  const template = toTemplate(found[0])
  return { template, file: headerFileOf(template, uploads) }
}

async function picker(c: Context<RouteEnv>, filter: z.infer<typeof FilterQuery>, refreshed: boolean | null) {
  const { app, viewer, i18n } = c.var
  const conversationId = c.req.param('conversationId') ?? ''
  const { q, language, category } = filter
  const [seen, found, choices] = await readAs(
    app.db,
    viewer,
    query(seesConversation(viewer, conversationId)),
    templatesFor(viewer, conversationId, {
      ...{ sought: q.toWellFormed().trim(), language: language || null, category: category || null },
    }),
    templateChoices(viewer, conversationId),
  )
  if (!seen[0]) throw new AppError('not_found')
  const [choice] = choices
  return c.render(
    <TemplatesDialog
      {...{ i18n, conversationId, refreshed, more: found.length > TEMPLATES_SHOWN }}
      templates={found.slice(0, TEMPLATES_SHOWN).map(toTemplate)}
      filter={{ ...filter, q: q.toWellFormed() }}
      languages={JSON.parse(choice?.languages ?? '[]').toSorted()}
      categories={JSON.parse(choice?.categories ?? '[]').toSorted()}
      neverAsked={refreshed === null && (choice?.synced_at ?? null) === null}
    />,
    { title: i18n.t.templates.title },
  )
}

const previewOf = ({ template, file }: Here, typed: Values) => ({
  channel: template.channel,
  ...templateSaid(template, valuesFor(template, typed), { place: placeSoFar(template, typed) }),
  files: file ? [file] : [],
})

function placeSoFar(template: Template, typed: Values): Place | null {
  try {
    return asksForPlace(template) ? typedPlace(typed) : null
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

interface Again {
  problem: FieldProblem
  clientKey: string
}

function form(c: Context<RouteEnv>, here: Here, given: Values, again?: Again) {
  const { i18n, app } = c.var
  const { template, file } = here
  const { where = '', name = '', address = '' } = given
  const place = { where: where.toWellFormed(), name: name.toWellFormed(), address: address.toWellFormed() }
  const media = headerMediaOf(template)
  return c.render(
    <TemplateDialog
      now={app.now()}
      {...{ i18n, template, file, conversationId: c.req.param('conversationId') ?? '' }}
      typed={{ ...place, ...valuesFor(template, given) }}
      blanks={blanksOf(template)}
      media={media && { kind: media, limit: app.channel(template.channel).limits.files[media] }}
      asksForPlace={asksForPlace(template)}
      blocked={hasForeignButton(template)}
      clientKey={again?.clientKey ?? crypto.randomUUID()}
      problem={again?.problem ?? null}
      said={previewOf(here, given)}
    />,
    { title: template.name },
  )
}
