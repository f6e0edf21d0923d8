/** Contacts from a file: sent, its columns named, tried out on paper, brought in, and what was left out to take away. */
import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { importFor, importsOf, problemsOf, toImport } from '../db/queries/contact-imports.ts'
import { fieldsOf, toField } from '../db/queries/custom-fields.ts'
import { readAs } from '../db/read-as.ts'
import {
  dropFile,
  fileRows,
  LARGEST_FILE,
  mapColumns,
  refuseUnlessImporter,
  runImport,
  sampleOf,
  takeFile,
} from '../domain/contact-imports.ts'
import { csvHead, csvRows, delimiterFor } from '../domain/csv.ts'
import { AppError } from '../domain/errors.ts'
import { guessColumns, MOST_COLUMNS, MOST_LINES } from '../domain/import-lines.ts'
import { COUNTRIES } from '../domain/phone-number.ts'
import { ImportNow, ImportPage, type ImportProps, ImportsPage, problemText } from '../views/contact-imports.tsx'
import type { Problem } from '../views/errors.tsx'
import { goTo, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { csvAnswer } from './serving.ts'
import { signedIn, trailOf } from './session.ts'
import { refusalOf } from './settings-form.ts'
import { valid } from './valid.ts'

const PATH = '/contacts/import'
const PROBLEMS_SHOWN = 50
/** What a form adds to its file. */
const FORM_BYTES = 64 * 1024

const MappingForm = z
  .object({ country: z.string().max(10), overwrites: z.literal('on').optional() })
  .catchall(z.string().max(100))
const columnName = (at: number) => `column.${at}`

const forImporters = createMiddleware<RouteEnv>(async (c, next) => {
  refuseUnlessImporter(c.var.viewer)
  const id = c.req.param('importId')
  if (id !== undefined && !z.uuid().safeParse(id).success) throw new AppError('not_found')
  await next()
})

export const contactImports = new Hono<RouteEnv>()
  .use('/', signedIn, forImporters)
  .use('/:importId', signedIn, forImporters)
  .use('/:importId/*', signedIn, forImporters)

  .get('/', (c) => drawImports(c))

  .post('/', async (c) => {
    await limited(c.env, 'upload', c.var.viewer.agentId)
    const sent = await fileOfForm(c)
    const problem =
      'why' in sent ? refusedFile(c, sent.why) : await refusalOf(c, takeFile(c.var.app, c.var.viewer, sent))
    if (problem || 'why' in sent) return drawImports(c, problem)
    return goTo(c, `${PATH}/${sent.id}`)
  })

  .get('/:importId', async (c) => drawImport(c))

  .put('/:importId', valid('form', MappingForm), async (c) => {
    const id = c.req.param('importId')
    const { country, overwrites, ...columns } = c.req.valid('form')
    const mapping = Array.from({ length: MOST_COLUMNS }, (_, at) => columns[columnName(at)]).filter(
      (column) => column !== undefined,
    )
    const typed = { mapping, country, overwrites: overwrites === 'on' }
    const problem = await refusalOf(c, mapColumns(c.var.app, c.var.viewer, { id, ...typed }))
    return problem ? drawImport(c, { problem, ...typed }) : goTo(c, `${PATH}/${id}`)
  })

  .delete('/:importId', async (c) => {
    await dropFile(c.var.app, c.var.viewer, c.req.param('importId'))
    return goTo(c, PATH)
  })

  .post('/:importId/run', async (c) => {
    const id = c.req.param('importId')
    await runImport(c.var.app, c.var.viewer, id, await trailOf(c))
    return goTo(c, `${PATH}/${id}`)
  })

  .get('/:importId/problems.csv', async (c) => {
    const { app, viewer, i18n } = c.var
    const ref = { workspaceId: viewer.workspaceId, id: c.req.param('importId') }
    const [found, problems] = await readAs(app.db, viewer, importFor(viewer, ref.id), problemsOf(ref, MOST_LINES))
    const rows = found[0] ? await fileRows(app, toImport(found[0]), MOST_LINES + 1) : null
    if (!rows) throw new AppError('not_found')
    const delimiter = delimiterFor(i18n.locale)
    const { line, problem } = i18n.t.imports.csv
    const bad = problems.map((one) => [String(one.line), problemText(i18n, one), ...(rows[one.line - 1] ?? [])])
    const text = csvHead([line, problem, ...(rows[0] ?? [])], delimiter) + csvRows(bad, delimiter)
    return csvAnswer(new Response(text).body, i18n.t.imports.csv.fileName)
  })

type Sent = { id: string; fileName: string; bytes: Uint8Array } | { why: string }

async function fileOfForm(c: Context<RouteEnv>): Promise<Sent> {
  if (!c.req.header('content-type')?.startsWith('multipart/form-data;')) throw new HTTPException(415)
  const length = Number(c.req.header('content-length') ?? Number.NaN)
  if (!(length <= LARGEST_FILE + FORM_BYTES)) return { why: 'large' }
  const form = await c.req.raw.formData().catch(() => {
    throw new AppError('invalid')
  })
  const [id, file] = [z.uuid().safeParse(form.get('id')), form.get('file')]
  if (!id.success) throw new AppError('invalid', { field: 'id' })
  if (!(file instanceof File) || file.size === 0) return { why: 'empty' }
  if (file.size > LARGEST_FILE) return { why: 'large' }
  return { id: id.data, fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}

function refusedFile(c: Context<RouteEnv>, why: string): Problem {
  c.status(422)
  return { code: 'invalid', details: { why } }
}

async function drawImports(c: Context<RouteEnv>, problem: Problem | null = null) {
  const { app, i18n, viewer } = c.var
  const [rows] = await readAs(app.db, viewer, importsOf(viewer))
  return c.render(
    <ImportsPage
      i18n={i18n}
      newId={app.newId()}
      imports={rows.map(toImport)}
      limits={{ lines: MOST_LINES, megabytes: LARGEST_FILE / 1024 / 1024 }}
      problem={problem}
    />,
    { title: i18n.t.imports.title },
  )
}

async function drawImport(
  c: Context<RouteEnv>,
  typed: { problem: Problem; mapping: string[]; country: string; overwrites: boolean } | null = null,
) {
  const { app, i18n, viewer } = c.var
  const ref = { workspaceId: viewer.workspaceId, id: c.req.param('importId') ?? '' }
  const [found, problems, stored] = await readAs(
    app.db,
    viewer,
    importFor(viewer, ref.id),
    problemsOf(ref, PROBLEMS_SHOWN),
    fieldsOf(viewer),
  )
  if (!found[0]) throw new AppError('not_found')
  const file = { ...toImport(found[0]), ...(typed && { country: typed.country, overwrites: typed.overwrites }) }
  const fields = stored.map(toField)
  const isMapped = ['mapping', 'checked', 'refused'].includes(file.state) && file.objectKey !== null
  const [headings = [], ...examples] = isMapped ? await sampleOf(app, file) : []
  const mapping = typed?.mapping ?? file.mapping ?? guessColumns(headings, fields)
  const columns = headings.map((heading, at) => ({
    name: columnName(at),
    heading,
    examples: examples.map((row) => row[at] ?? '').filter((cell) => cell.trim() !== ''),
    is: mapping[at] ?? '',
  }))
  const problem = typed?.problem ?? null
  const props: ImportProps = { i18n, file, columns, fields, countries: COUNTRIES, problems, problem }
  return wantsPartial(c)
    ? c.html(<ImportNow {...props} />)
    : c.render(<ImportPage {...props} />, { title: i18n.t.imports.title })
}
