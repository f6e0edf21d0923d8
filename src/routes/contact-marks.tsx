/** Tags and groups of many contacts at once. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Mark } from '../db/queries/contact-marks.ts'
import { markContacts, undoMarks } from '../domain/contact-marks.ts'
import { AppError } from '../domain/errors.ts'
import { ContactsPage, type MarksDone } from '../views/contacts.tsx'
import { contactsProps, type Filter, FilterFields, filterOf } from './contact-list.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn, trailOf } from './session.ts'
import { valid } from './valid.ts'

const MarkName = z.templateLiteral([z.enum(['tag', 'group']), ':', z.uuid()])
const MarksForm = z.strictObject({
  ...FilterFields,
  act: z.enum(['put', 'take']),
  mark: MarkName.or(z.literal('')).default(''),
  contact: z
    .union([z.uuid(), z.array(z.uuid()).max(1_000)])
    .default([])
    .transform((ids) => [ids].flat()),
  all: z.literal('on').optional(),
  after: z.uuid().or(z.literal('')).default(''),
})
const UndoForm = z.strictObject({ ...FilterFields, mark: MarkName, at: z.coerce.number().int().positive() })

export const contactMarks = new Hono<RouteEnv>()
  .use(signedIn)

  // Where a page that stands in the history is asked for again.
  .get('/', (c) => c.redirect('/contacts', 303))

  .post('/', valid('form', MarksForm), async (c) => {
    const form = c.req.valid('form')
    const { act, mark, contact: ids, all, after } = form
    const filter = filterOf(form)
    if (mark === '') return refuse(c, form, 'noMark')
    if (all ? !filter : ids.length === 0) return refuse(c, form, 'nobody')
    const whom = all && filter ? { filter, after: after || null } : { ids }
    const trail = await trailOf(c)
    try {
      const marking = { mark: markOf(mark), act, whom }
      return draw(c, form, { act, mark, ...(await markContacts(c.var.app, c.var.viewer, marking, trail)) })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid') throw error
      return refuse(c, form, 'gone')
    }
  })

  .delete('/', valid('form', UndoForm), async (c) => {
    const { mark, at, ...filter } = c.req.valid('form')
    const undone = await undoMarks(c.var.app, c.var.viewer, { mark: markOf(mark), at })
    return draw(c, filter, { undone })
  })

function markOf(name: string): Mark {
  const [kind, id = ''] = name.split(':')
  return { kind: kind === 'group' ? 'group' : 'tag', id }
}

function refuse(c: Context<RouteEnv>, filter: Filter, problem: 'noMark' | 'nobody' | 'gone') {
  c.status(422)
  return draw(c, filter, { problem })
}

async function draw(c: Context<RouteEnv>, filter: Filter, done: MarksDone) {
  return c.render(<ContactsPage {...(await contactsProps(c, filter, null, done))} />, {
    title: c.var.i18n.t.contacts.title,
  })
}
