/** Files for an answer: chosen, and taken back. A script sends the bytes as they are; a plain form sends itself. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { conversationFor } from '../db/queries/conversations.ts'
import { AppError } from '../domain/errors.ts'
import { choose, unchoose } from '../domain/uploads.ts'
import { ChosenFile, FileProblem } from '../views/chosen-files.tsx'
import { namesConversation } from './conversations.tsx'
import { isHtmx } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'

/** A form is read whole before its file is known: what it may hold fits into a Worker's memory. */
const LARGEST_FORM = 32 * 1024 * 1024

const FileHeaders = z.object({
  type: z.string().max(200).nullable(),
  name: z.string().max(1_000).transform(decoded).nullable(),
  voice: z.literal('1').nullable(),
})

export const uploads = new Hono<RouteEnv>()
  .use('/:conversationId/*', namesConversation)

  .post('/:conversationId/uploads', async (c) => {
    const { app, viewer, i18n } = c.var
    const conversationId = c.req.param('conversationId')
    await limited(c.env, 'upload', viewer.agentId)
    if (!isHtmx(c)) {
      // Before a form of that size is read.
      if (!(await conversationFor(app.db, viewer, conversationId))) throw new AppError('not_found')
      for (const file of await filesOfForm(c)) await choose(app, viewer, { conversationId, ...file })
      return c.redirect(`/conversations/${conversationId}`, 303)
    }
    try {
      const upload = await choose(app, viewer, { conversationId, ...fileSent(c) })
      return c.html(<ChosenFile i18n={i18n} conversationId={conversationId} upload={upload} />, 201)
    } catch (error) {
      if (!isAboutTheFile(error)) throw error
      return c.html(<FileProblem text={i18n.error(error.code, error.details)} />, 422)
    }
  })

  .delete('/:conversationId/uploads/:uploadId', async (c) => {
    const { conversationId, uploadId } = c.req.param()
    await unchoose(c.var.app, c.var.viewer, conversationId, uploadId)
    return isHtmx(c) ? c.body(null, 204) : c.redirect(`/conversations/${conversationId}`, 303)
  })

export const isAboutTheFile = (error: unknown): error is AppError =>
  error instanceof AppError && ABOUT_THE_FILE.has(error.code)

const ABOUT_THE_FILE = new Set(['file_too_large', 'file_type', 'file_empty', 'image_immense', 'too_many_files'])

/** The bytes are the body, and what is known of them stands in the headers: nothing of it belongs into an address. */
export function fileSent(c: Context<RouteEnv>) {
  if (c.req.header('content-type') !== 'application/octet-stream') throw new HTTPException(415)
  const headers = FileHeaders.safeParse({
    type: c.req.header('x-file-type') ?? null,
    name: c.req.header('x-file-name') ?? null,
    voice: c.req.header('x-file-voice') ?? null,
  })
  if (!headers.success) throw new AppError('invalid')
  const { type, name, voice } = headers.data
  const body = c.req.raw.body ?? new Response('').body
  if (!body) throw new AppError('file_empty')
  return { body, mimeType: type, fileName: name, voice: voice !== null }
}

export async function filesOfForm(c: Context<RouteEnv>) {
  if (!c.req.header('content-type')?.startsWith('multipart/form-data;')) throw new HTTPException(415)
  const length = Number(c.req.header('content-length') ?? Number.NaN)
  if (!(length <= LARGEST_FORM)) throw new AppError('too_large', { limit: '32 MB' })
  const form = await c.req.raw.formData().catch(() => {
    throw new AppError('invalid')
  })
  return form
    .getAll('file')
    .filter((file) => file instanceof File)
    .filter(({ size }) => size > 0)
    .map((file) => ({ body: file.stream(), mimeType: file.type || null, fileName: file.name, voice: false }))
}

/** A header holds ASCII alone: the name comes as in an address. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
