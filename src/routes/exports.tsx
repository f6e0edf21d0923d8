/** All that is kept about one person: the link that an administrator makes, and the file that it brings, once. */
import { makeZip } from 'client-zip'
import { type Context, Hono } from 'hono'
import { clientAddressOf } from '../auth/client-address.ts'
import { limited } from '../auth/limit.ts'
import { contactFor } from '../domain/contacts.ts'
import { behindLink, exportPerson, takeExport } from '../domain/data-exports.ts'
import { AppError } from '../domain/errors.ts'
import { filesOf } from '../domain/person-file.ts'
import { shownName } from '../views/contact-name.tsx'
import { ExportDialog, FileOverPage, FilePage } from '../views/person-export.tsx'
import { namesContact } from './contact-answers.tsx'
import { page } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { forAdministrators } from './settings-form.ts'

export const personExport = new Hono<RouteEnv>()
  .use('/:contactId/export', signedIn, forAdministrators, namesContact)

  .get('/:contactId/export', (c) => drawDialog(c, c.req.param('contactId')))

  .post('/:contactId/export', async (c) => {
    const { app, viewer } = c.var
    const contactId = c.req.param('contactId')
    await contactFor(app, viewer, contactId)
    await limited(c.env, 'export', `${viewer.workspaceId}:${viewer.agentId}`)
    const token = await exportPerson(app, viewer, contactId, await trailOf(c))
    // The one answer that shows the link: a plain form gets it too, and nothing keeps it.
    c.header('Cache-Control', 'no-store')
    return drawDialog(c, contactId, `${new URL(c.req.url).origin}/exports/${token}`)
  })

/** Open to whoever holds the link. */
export const exports = new Hono<RouteEnv>()
  .get('/:token', async (c) => {
    const { app, i18n } = c.var
    const token = c.req.param('token')
    const behind = await behindLink(app, token)
    if (behind === null) throw new AppError('not_found')
    if (behind === 'over') return overPage(c)
    c.header('Referrer-Policy', 'no-referrer') // the address is the key
    return page(c, <FilePage i18n={i18n} token={token} />, { title: i18n.t.privacy.fileTitle })
  })

  .post('/:token', async (c) => {
    const { app } = c.var
    await limited(c.env, 'exportLink', clientAddressOf(c.req.raw.headers))
    const person = await takeExport(app, c.req.param('token'), await trailOf(c))
    if (!person) return overPage(c)
    return new Response(makeZip(filesOf(app, person)), {
      headers: {
        'Cache-Control': 'no-store',
        'Content-Disposition': 'attachment; filename="prosa-data.zip"',
        'Content-Type': 'application/zip',
      },
    })
  })

function overPage(c: Context<RouteEnv>) {
  const { i18n } = c.var
  c.status(410)
  return page(c, <FileOverPage i18n={i18n} />, { title: i18n.t.privacy.overTitle })
}

async function drawDialog(c: Context<RouteEnv>, contactId: string, link?: string) {
  const { app, viewer, i18n } = c.var
  const name = shownName(i18n, await contactFor(app, viewer, contactId))
  const made = link === undefined ? {} : { link }
  return c.render(<ExportDialog i18n={i18n} contactId={contactId} name={name} {...made} />, {
    title: i18n.t.privacy.exportTitle,
  })
}
