/** Places, cards, buttons and lists: put together in a dialog, previewed, sent. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Channel } from '../channels/channel.ts'
import type { Limits } from '../channels/limits.ts'
import { contactOf, contactsPage, toContactsPage } from '../db/queries/contacts.ts'
import { headOf, toHead } from '../db/queries/conversations.ts'
import { messageIn, toMessage } from '../db/queries/messages.ts'
import { readAs } from '../db/read-as.ts'
import type { ConversationHead } from '../db/records.ts'
import { searchTerms } from '../domain/contacts.ts'
import { AppError } from '../domain/errors.ts'
import { buttons, card, list, place } from '../domain/kinds.ts'
import { type Saying, send } from '../domain/messages.ts'
import { HOME } from '../domain/phone-number.ts'
import { COMPOSED, ComposeDialog, type Composed, type FieldProblem } from '../views/compose.tsx'
import { Preview, type Previewed } from '../views/preview.tsx'
import { namesConversation } from './conversations.tsx'
import { fieldProblem, statusOf } from './field-problem.ts'
import { typedPlace } from './map-link.ts'
import { answerFromDialog, mayWrite } from './messages.tsx'
import type { RouteEnv } from './route-env.ts'
import { searchRefused } from './search-limit.ts'
import { valid } from './valid.ts'

const PEOPLE_SHOWN = 6

/** The message that is answered; nothing: none is. */
const ReplyTo = z.uuid().or(z.literal('')).default('')
const NewQuery = z.object({
  kind: z.enum(COMPOSED),
  q: z.string().max(2_000).default(''),
  contact: z.uuid().optional(),
  replyToId: ReplyTo,
})
/** Which fields there are is the kind's to say; how long they may be, the channel's. */
const Typed = z.looseObject({ kind: z.enum(COMPOSED) }).catchall(z.string().max(20_000))
const Sent = Typed.safeExtend({ clientKey: z.uuid(), replyToId: ReplyTo })

type Fields = Readonly<Record<string, string>>

export const compose = new Hono<RouteEnv>()
  .use('/:conversationId/*', namesConversation)

  .get('/:conversationId/messages/new', valid('query', NewQuery), async (c) => {
    const { kind, q, contact, replyToId } = c.req.valid('query')
    return dialog(c, kind, kind === 'card' ? { q, ...(await cardOf(c, contact)) } : {}, replyToId)
  })

  .post('/:conversationId/messages/new', valid('form', Sent), async (c) => {
    const { app, viewer, i18n } = c.var
    const { kind, clientKey, replyToId, ...typed } = c.req.valid('form')
    const conversationId = c.req.param('conversationId')
    await mayWrite(c, clientKey)
    try {
      const { limits } = app.channel((await headFor(c)).channel)
      const saying = sayingOf(kind, typed, limits)
      const sending = { conversationId, clientKey, replyToId: limits.reply ? replyToId || null : null }
      const { message, isNew } = await send(app, viewer, sending, saying)
      return await answerFromDialog(c, message, isNew)
    } catch (error) {
      const problem = fieldProblem(i18n, error)
      c.status(statusOf(error))
      return dialog(c, kind, typed, replyToId, { problem, clientKey })
    }
  })

  /** Asked for while the form is filled in: what is not complete yet is drawn as far as it goes. */
  .post('/:conversationId/messages/preview', valid('form', Typed), async (c) => {
    const { kind, ...typed } = c.req.valid('form')
    return c.html(
      <Preview
        i18n={c.var.i18n}
        now={c.var.app.now()}
        said={previewOf(c.var.app.channel((await headFor(c)).channel), kind, typed)}
      />,
    )
  })

async function headFor(c: Context<RouteEnv>): Promise<ConversationHead> {
  const { app, viewer } = c.var
  const [heads] = await readAs(app.db, viewer, headOf(viewer, c.req.param('conversationId') ?? ''))
  if (!heads[0]) throw new AppError('not_found')
  return toHead(heads[0])
}

/** Refuses a place that nothing tells; everything else is the verb's to check. */
function sayingOf(kind: Composed, typed: Fields, limits: Limits): Saying {
  const field = (name: string) => typed[name] ?? ''
  const each = <T,>(most: number, read: (n: number) => T) => Array.from({ length: most }, (_, at) => read(at + 1))
  switch (kind) {
    case 'location':
      return place(typedPlace(typed))
    case 'card':
      return card({ name: field('name'), phone: field('phone'), country: HOME })
    case 'buttons': {
      const titles = each(limits.buttons?.most ?? 0, (n) => field(`title${n}`))
      return buttons({ body: field('body'), footer: field('footer'), titles })
    }
    case 'list': {
      const rows = each(limits.list?.mostRows ?? 0, (n) => ({
        title: field(`title${n}`),
        description: field(`description${n}`),
      }))
      return list({ body: field('body'), footer: field('footer'), button: field('button'), rows })
    }
  }
}

function previewOf({ name, limits }: Channel, kind: Composed, typed: Fields): Previewed | null {
  try {
    return { channel: name, ...sayingOf(kind, typed, limits).said }
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/** The card of a person of the workspace, to be looked over before it is sent. */
async function cardOf(c: Context<RouteEnv>, contactId: string | undefined): Promise<Fields> {
  if (!contactId) return {}
  const [contacts] = await readAs(c.var.app.db, c.var.viewer, contactOf(c.var.viewer, contactId))
  const contact = contacts[0]
  return contact ? { name: contact.name ?? contact.profile_name ?? '', phone: contact.phone ?? '' } : {}
}

interface Again {
  problem: FieldProblem
  clientKey: string
}

async function dialog(c: Context<RouteEnv>, kind: Composed, typed: Fields, replyToId: string, again?: Again) {
  const { app, viewer, i18n } = c.var
  const refused = await searchRefused(c, typed.q ?? '')
  const filter = { terms: refused === null ? searchTerms(typed.q ?? '') : [], groupId: null }
  const conversationId = c.req.param('conversationId') ?? ''
  const [heads, found, quoted] = await readAs(
    app.db,
    viewer,
    headOf(viewer, conversationId),
    contactsPage(viewer, filter, null),
    messageIn(viewer, conversationId, replyToId),
  )
  if (!heads[0]) throw new AppError('not_found')
  const conversation = toHead(heads[0])
  const channel = app.channel(conversation.channel)
  const people = toContactsPage(found, viewer).rows.filter(({ phone }) => phone !== null)
  const shown = Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, text.toWellFormed()]))
  return c.render(
    <ComposeDialog
      now={c.var.app.now()}
      {...{ i18n, conversationId: conversation.id, kind, limits: channel.limits, typed: shown }}
      clientKey={again?.clientKey ?? crypto.randomUUID()}
      problem={again?.problem ?? null}
      said={previewOf(channel, kind, typed)}
      people={refused === null ? people.slice(0, PEOPLE_SHOWN) : []}
      refused={refused}
      quoted={quoted[0] && channel.limits.reply ? toMessage(quoted[0]) : null}
    />,
    { title: i18n.t.compose[kind] },
  )
}
