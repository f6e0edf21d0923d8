/** The tags of a person, and the tags of the workspace. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { contactOf } from '../db/queries/contacts.ts'
import { type TagRow, tagFor, tagIdsOf, tagsOf } from '../db/queries/tags.ts'
import { readAs } from '../db/read-as.ts'
import { TAG_COLORS } from '../db/schema/index.ts'
import { AppError } from '../domain/errors.ts'
import { changeTag, createTag, mayManageTags, removeTag, tagContact } from '../domain/tags.ts'
import { contactNameOf } from '../views/conversation-row.tsx'
import { DIALOG_DONE } from '../views/dialog.tsx'
import { TagDialog } from '../views/tag-dialog.tsx'
import { TagDeletion, TagForm, TagsPage } from '../views/tags.tsx'
import { isHtmx, leaveDialogFor } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { many, valid } from './valid.ts'

const ChoiceForm = z.strictObject({ tag: many(z.uuid()), shown: many(z.uuid()), create: many(z.string().max(60_000)) })
const TagFields = z.strictObject({ name: z.string().max(60_000), color: z.enum(TAG_COLORS) })
const ChangedTagFields = TagFields.extend({ version: z.coerce.number().int().min(1) })

export const contactTags = new Hono<RouteEnv>()
  .use('/:contactId/tags', signedIn)

  .get('/:contactId/tags', (c) => dialog(c, idIn(c.req.param('contactId'))))

  .put('/:contactId/tags', valid('form', ChoiceForm), async (c) => {
    const { tag, shown, create } = c.req.valid('form')
    const contactId = idIn(c.req.param('contactId'))
    const created = [...new Set(create.filter((name) => name.trim() !== ''))]
    const change = {
      contactId,
      added: tag.filter((id) => !shown.includes(id)),
      removed: shown.filter((id) => !tag.includes(id)),
      created,
    }
    try {
      await tagContact(c.var.app, c.var.viewer, change, await trailOf(c))
    } catch (error) {
      const problem = problemOf(c, error)
      c.status(422)
      return dialog(c, contactId, { shown, chosen: tag, created, problem })
    }
    if (!isHtmx(c)) return c.redirect(`/contacts/${contactId}`, 303)
    c.header(...DIALOG_DONE)
    return c.body(null, 204)
  })

export const tags = new Hono<RouteEnv>()
  .use(signedIn)

  .get('/', async (c) => {
    const { app, viewer, i18n } = c.var
    const [rows] = await readAs(app.db, viewer, tagsOf(viewer))
    const page = <TagsPage i18n={i18n} tags={rows} mayManage={mayManageTags(viewer)} />
    return c.render(page, { title: i18n.t.tags.title })
  })

  .get('/new', (c) => {
    leads(c)
    return c.render(<TagForm i18n={c.var.i18n} tag={null} />, { title: c.var.i18n.t.tags.newTag })
  })

  .post('/', valid('form', TagFields), async (c) => {
    const typed = c.req.valid('form')
    try {
      await createTag(c.var.app, c.var.viewer, typed, await trailOf(c))
    } catch (error) {
      const problem = problemOf(c, error)
      c.status(422)
      const title = c.var.i18n.t.tags.newTag
      return c.render(<TagForm i18n={c.var.i18n} tag={null} typed={typed} problem={problem} />, { title })
    }
    return leaveDialogFor(c, '/tags')
  })

  .get('/:tagId', async (c) => {
    const tag = await tagToManage(c)
    return c.render(<TagForm i18n={c.var.i18n} tag={tag} />, { title: tag.name })
  })

  .put('/:tagId', valid('form', ChangedTagFields), async (c) => {
    const { version, ...typed } = c.req.valid('form')
    const id = idIn(c.req.param('tagId'))
    try {
      await changeTag(c.var.app, c.var.viewer, { id, version, ...typed }, await trailOf(c))
    } catch (error) {
      const problem = problemOf(c, error)
      c.status(error instanceof AppError && error.code === 'conflict' ? 409 : 422)
      const tag = await tagToManage(c)
      return c.render(<TagForm i18n={c.var.i18n} tag={tag} typed={typed} problem={problem} />, { title: tag.name })
    }
    return leaveDialogFor(c, '/tags')
  })

  .get('/:tagId/deletion', async (c) => {
    const tag = await tagToManage(c)
    return c.render(<TagDeletion i18n={c.var.i18n} tag={tag} />, { title: c.var.i18n.t.tags.delete })
  })

  .delete('/:tagId', async (c) => {
    await removeTag(c.var.app, c.var.viewer, idIn(c.req.param('tagId')), await trailOf(c))
    return leaveDialogFor(c, '/tags')
  })

interface Refused {
  shown: string[]
  chosen: string[]
  created: string[]
  problem: string
}

async function dialog(c: Context<RouteEnv>, contactId: string, refused?: Refused) {
  const { app, viewer, i18n } = c.var
  const [contacts, all, has] = await readAs(
    app.db,
    viewer,
    contactOf(viewer, contactId),
    tagsOf(viewer),
    tagIdsOf(viewer, contactId),
  )
  const contact = contacts[0]
  if (!contact || contact.merged_into_id) throw new AppError('not_found')
  const shown = has.map(({ tag_id }) => tag_id)
  const name = contactNameOf(i18n, { contactName: contact.name ?? contact.profile_name, contactPhone: contact.phone })
  return c.render(
    <TagDialog
      i18n={i18n}
      contact={{ id: contact.id, name }}
      tags={all}
      shown={shown}
      chosen={shown}
      created={[]}
      mayCreate={mayManageTags(viewer)}
      {...refused}
    />,
    { title: i18n.t.tags.select },
  )
}

/** What is wrong with a tag's name, in words; everything else is not for the form to say. */
function problemOf({ var: { i18n } }: Context<RouteEnv>, error: unknown): string {
  if (!(error instanceof AppError)) throw error
  if (error.code === 'conflict') return i18n.t.tags.problem.changed
  const reasons: Record<string, string> = i18n.t.tags.problem
  const sentence = error.code === 'invalid' ? reasons[String(error.details.reason)] : undefined
  if (!sentence) throw error
  return i18n.fill(sentence, error.details)
}

async function tagToManage(c: Context<RouteEnv>): Promise<TagRow> {
  leads(c)
  const [rows] = await readAs(c.var.app.db, c.var.viewer, tagFor(c.var.viewer, idIn(c.req.param('tagId'))))
  if (!rows[0]) throw new AppError('not_found')
  return rows[0]
}

function leads(c: Context<RouteEnv>): void {
  if (!mayManageTags(c.var.viewer)) throw new AppError('forbidden')
}

/** An id that could not be one names nothing. */
function idIn(value: string | undefined): string {
  const id = z.uuid().safeParse(value)
  if (!id.success) throw new AppError('not_found')
  return id.data
}
