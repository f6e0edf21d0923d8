/** Words at hand: everyone keeps their own; whoever leads keeps those of their departments, and everyone's. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { departmentRows } from '../db/queries/departments.ts'
import {
  changeableQuickReply,
  filesOfQuickReply,
  type QuickReplyRow,
  quickRepliesOf,
} from '../db/queries/quick-replies.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import { AppError } from '../domain/errors.ts'
import {
  changeable,
  changeQuickReply,
  createQuickReply,
  mayChangeQuickReply,
  removeQuickReply,
} from '../domain/quick-replies.ts'
import { addQuickReplyFile, MOST_QUICK_FILES, takeOutQuickReplyFile } from '../domain/quick-reply-files.ts'
import { foldedKey } from '../domain/text.ts'
import type { Problem } from '../views/errors.tsx'
import { administrates } from '../views/settings-nav.tsx'
import {
  QuickRepliesPage,
  type QuickReplyEntry,
  QuickReplyPage,
  QuickReplyRemovalPage,
  type QuickReplyTyped,
} from '../views/settings-quick-replies.tsx'
import { goTo } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { refusalOf, shownAgain } from './settings-form.ts'
import { filesOfForm, isAboutTheFile } from './uploads.tsx'
import { valid } from './valid.ts'

/** Nobody finds anything by more words than these. */
const SearchQuery = z.object({
  q: z
    .string()
    .default('')
    .transform((words) => words.slice(0, 200)),
})
const Words = { shortcut: z.string(), body: z.string() }
const CreateForm = z.strictObject({
  ...Words,
  id: z.uuid(),
  owner: z.union([z.enum(['personal', 'workspace']), z.uuid()]),
})
const ChangeForm = z.strictObject({ ...Words, version: z.coerce.number().int().min(1) })
const PATH = '/settings/quick-replies'
const MOST_SHOWN = 200
const NOTHING_TYPED = { shortcut: '', body: '', owner: 'personal' }

export const settingsQuickReplies = new Hono<RouteEnv>()
  .get('/', valid('query', SearchQuery), async (c) => {
    const { app, i18n, viewer } = c.var
    const { q } = c.req.valid('query')
    const [rows] = await readAs(
      app.db,
      viewer,
      quickRepliesOf(viewer, foldedKey(q.replace(/^\/+/, '')), MOST_SHOWN + 1),
    )
    const replies = rows.slice(0, MOST_SHOWN).map((row) => entryOf(viewer, row))
    const more = rows.length > MOST_SHOWN
    return c.render(<QuickRepliesPage i18n={i18n} viewer={viewer} replies={replies} words={q} more={more} />, {
      title: i18n.t.quickReplies.title,
    })
  })

  .get('/new', (c) => drawNew(c))

  .post('/', valid('form', CreateForm), async (c) => {
    const form = c.req.valid('form')
    const problem = await refusalOf(c, createQuickReply(c.var.app, c.var.viewer, form, await trailOf(c)))
    return problem ? drawNew(c, form, problem) : goTo(c, `${PATH}/${form.id}`)
  })

  .get('/:id', (c) => drawOne(c, c.req.param('id')))

  .put('/:id', valid('form', ChangeForm), async (c) => {
    const { app, viewer } = c.var
    const words = { id: c.req.param('id'), ...c.req.valid('form') }
    const problem = await refusalOf(c, changeQuickReply(app, viewer, words, await trailOf(c)))
    return problem ? drawOne(c, words.id, { typed: words, problem }) : goTo(c, PATH)
  })

  .get('/:id/removal', async (c) => {
    const { app, i18n, viewer } = c.var
    const reply = await changeable(app, viewer, c.req.param('id'))
    return c.render(<QuickReplyRemovalPage i18n={i18n} reply={reply} />, {
      title: i18n.fill(i18n.t.quickReplies.removal, { name: `/${reply.shortcut}` }),
    })
  })

  .delete('/:id', async (c) => {
    await removeQuickReply(c.var.app, c.var.viewer, c.req.param('id'), await trailOf(c))
    return goTo(c, PATH)
  })

  .post('/:id/files', async (c) => {
    const { app, i18n, viewer } = c.var
    const id = c.req.param('id')
    await limited(c.env, 'upload', viewer.agentId)
    await changeable(app, viewer, id) // before a file of that size is read
    try {
      const files = await filesOfForm(c)
      if (files.length === 0) throw new AppError('file_empty')
      for (const file of files) await addQuickReplyFile(app, viewer, id, file)
    } catch (error) {
      if (!isAboutTheFile(error)) throw error
      c.status(422)
      return drawOne(c, id, { fileProblem: i18n.error(error.code, error.details) })
    }
    return c.redirect(`${PATH}/${id}`, 303)
  })

  .delete('/:id/files/:fileId', async (c) => {
    const { id, fileId } = c.req.param()
    await takeOutQuickReplyFile(c.var.app, c.var.viewer, { quickReplyId: id, id: fileId })
    return shownAgain(c, `${PATH}/${id}`, () => drawOne(c, id))
  })

const entryOf = (viewer: Viewer, row: QuickReplyRow): QuickReplyEntry => ({
  ...{ id: row.id, scope: row.scope, shortcut: row.shortcut, body: row.body, uses: row.uses, files: row.files },
  departmentName: row.department_name,
  mayChange: mayChangeQuickReply(viewer, row),
})

/** What an administrator writes down is mostly for everyone: a colleague who types its slash must not meet nothing. */
const nothingTypedBy = (viewer: Viewer): QuickReplyTyped => ({
  ...NOTHING_TYPED,
  owner: administrates(viewer) ? 'workspace' : 'personal',
})

async function drawNew(c: Context<RouteEnv>, typed?: QuickReplyTyped, problem?: Problem) {
  const { app, i18n, viewer } = c.var
  const [departments] = await readAs(app.db, viewer, departmentRows(viewer))
  return c.render(
    <QuickReplyPage
      i18n={i18n}
      viewer={viewer}
      reply={null}
      newId={app.newId()}
      typed={typed ?? nothingTypedBy(viewer)}
      departments={departments}
      files={[]}
      mostFiles={MOST_QUICK_FILES}
      problem={problem}
    />,
    { title: i18n.t.quickReplies.create },
  )
}

interface Again {
  typed?: Omit<QuickReplyTyped, 'owner'>
  problem?: Problem
  fileProblem?: string
}

async function drawOne(c: Context<RouteEnv>, id: string, { typed, problem, fileProblem }: Again = {}) {
  const { app, i18n, viewer } = c.var
  const [[row], files] = await readAs(app.db, viewer, changeableQuickReply(viewer, id), filesOfQuickReply(viewer, id))
  if (!row) throw new AppError('not_found')
  return c.render(
    <QuickReplyPage
      i18n={i18n}
      viewer={viewer}
      reply={{ ...entryOf(viewer, row), version: row.version }}
      newId=""
      typed={{ owner: '', shortcut: row.shortcut, body: row.body, ...typed }}
      departments={[]}
      files={files}
      mostFiles={MOST_QUICK_FILES}
      problem={problem}
      fileProblem={fileProblem}
    />,
    { title: `/${row.shortcut}` },
  )
}
