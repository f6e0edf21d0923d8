/** The bytes of files: to whoever sees the message, to a provider that was given an address, and to nobody else. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import * as z from 'zod'
import { agentMediaUrl, agentsAsk, providersAsk } from '../auth/media-address.ts'
import { fileFor, fileForProvider, type ServedFile } from '../db/queries/media.ts'
import { scopeBySession } from '../db/queries/sessions.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import { isImmense } from '../domain/measure.ts'
import type { RouteEnv } from './route-env.ts'
import { type Showing, serve } from './serving.ts'
import { signedIn } from './session.ts'

export const media = new Hono<RouteEnv>()
  /** For a provider that takes no bytes from us; the token is all it has. */
  .get('/public/:token', async (c) => {
    const { app } = c.var
    const asked = await providersAsk(c.env, c.req.param('token'), app.now())
    if (!asked) throw new AppError('not_found')
    const [files] = await app.db.read(fileForProvider(asked.workspaceId, asked.attachmentId))
    return answer(c, files, { inline: true, elsewhere: false, typed: true })
  })

  /** On the host of files, where no cookie comes along: whoever was given this address must still be who they were. */
  .get('/private/:token', async (c) => {
    const { app } = c.var
    const asked = await agentsAsk(c.env, c.req.param('token'), app.now())
    const scope = asked && (await scopeBySession(app.db, asked, asked.sessionHash, app.now()))
    if (!scope) throw new AppError('not_found')
    const [files] = await app.db.read(fileFor(scope, asked.attachmentId))
    return answer(c, files, { inline: !asked.download, elsewhere: true })
  })

  .get('/:attachmentId', signedIn, async (c) => {
    const { app, viewer } = c.var
    const attachmentId = c.req.param('attachmentId')
    if (!z.uuid().safeParse(attachmentId).success) throw new AppError('not_found')
    const download = c.req.query('download') !== undefined
    const [files] = await readAs(app.db, viewer, fileFor(viewer, attachmentId))
    const { workspaceId, agentId, sessionHash } = viewer
    const asks = { attachmentId, workspaceId, agentId, sessionHash, download }
    const elsewhere = files[0] && (await agentMediaUrl(c.env, asks, app.now()))
    if (elsewhere) {
      c.header('Cache-Control', 'private, max-age=240')
      return c.redirect(elsewhere, 302)
    }
    return answer(c, files, { inline: !download, elsewhere: false })
  })

function answer(c: Context<RouteEnv>, [file]: ServedFile[], how: Showing) {
  if (!file) throw new AppError('not_found')
  const { id, object_key, mime_type, file_name, size, kind } = file
  const served = { key: object_key, etag: id, mimeType: mime_type, name: file_name ?? kind, size }
  return serve(c, served, { ...how, inline: how.inline && !isImmense(file) })
}
