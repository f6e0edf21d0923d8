/** Templates: looked for, filled in, previewed, sent. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { query } from '../db/client.ts'
import { TEMPLATES_SHOWN, templateChoices, templateFor, templatesFor } from '../db/queries/templates.ts'
import { seesConversation } from '../db/queries/visibility.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { blanksOf, headerMediaOf, obstacleOf, type Template, type Values } from '../domain/template-text.ts'
import { refreshTemplates, sendTemplate, templateSaid, toTemplate, valuesFor } from '../domain/templates.ts'
import type { FieldProblem } from '../views/compose.tsx'
import { Preview } from '../views/preview.tsx'
import { TemplateDialog, TemplatesDialog } from '../views/templates.tsx'
import { namesConversation } from './conversations.tsx'
import { fieldProblem, statusOf } from './field-problem.ts'
import { answerFromDialog, mayWrite } from './messages.tsx'
import type { RouteEnv } from './route-env.ts'
import { valid } from './valid.ts'

const FilterQuery = z.object({
  q: z.string().max(200).default(''),
  language: z.string().max(20).default(''),
  category: z.string().max(60).default(''),
})
/** One for each blank of the template, which says how long they may be. */
const Typed = z.record(z.string().max(200), z.string().max(20_000))
const Sent = z.looseObject({ clientKey: z.uuid() }).catchall(z.string().max(20_000))

export const templates = new Hono<RouteEnv>()
  .use('/:conversationId/*', namesConversation)

  .get('/:conversationId/templates', valid('query', FilterQuery), (c) => picker(c, c.req.valid('query'), null))

  /** Asks the provider which there are now. */
  .post('/:conversationId/templates/refresh', async (c) => {
    const refreshed = await refreshTemplates(c.var.app, c.var.viewer, c.req.param('conversationId'))
    return picker(c, FilterQuery.parse({}), refreshed)
  })

  .get('/:conversationId/templates/:templateId', async (c) => form(c, await theTemplate(c), {}))

  .post('/:conversationId/templates/:templateId/preview', valid('form', Typed), async (c) => {
    const template = await theTemplate(c)
    return c.html(
      <Preview
        i18n={c.var.i18n}
        now={c.var.app.now()}
        said={previewOf(template, valuesFor(template, c.req.valid('form')))}
      />,
    )
  })

  .post('/:conversationId/templates/:templateId', valid('form', Sent), async (c) => {
    const { app, viewer, i18n } = c.var
    const { clientKey, ...values } = c.req.valid('form')
    const { conversationId, templateId } = c.req.param()
    await mayWrite(c, clientKey)
    try {
      const { message, isNew } = await sendTemplate(app, viewer, { conversationId, clientKey, templateId, values })
      return await answerFromDialog(c, message, isNew)
    } catch (error) {
      const problem = fieldProblem(i18n, error)
      c.status(statusOf(error))
      return form(c, await theTemplate(c), values, { problem, clientKey })
    }
  })

async function theTemplate(c: Context<RouteEnv>): Promise<Template> {
  const { app, viewer } = c.var
  const { conversationId = '', templateId = '' } = c.req.param()
  const [found] = await readAs(app.db, viewer, templateFor(viewer, conversationId, templateId))
  if (!found[0]) throw new AppError('not_found')
  return toTemplate(found[0])
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

const previewOf = (template: Template, values: Values) => ({
  channel: template.channel,
  ...templateSaid(template, values),
})

interface Again {
  problem: FieldProblem
  clientKey: string
}

function form(c: Context<RouteEnv>, template: Template, given: Values, again?: Again) {
  const { i18n } = c.var
  const typed = valuesFor(template, given)
  return c.render(
    <TemplateDialog
      now={c.var.app.now()}
      {...{ i18n, template, typed, conversationId: c.req.param('conversationId') ?? '' }}
      blanks={blanksOf(template)}
      obstacle={obstacleOf(template) ?? headerMediaOf(template)}
      clientKey={again?.clientKey ?? crypto.randomUUID()}
      problem={again?.problem ?? null}
      said={previewOf(template, typed)}
    />,
    { title: template.name },
  )
}
