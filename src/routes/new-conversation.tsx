/** Nova Conversa and Novo Contato. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { channelNamed } from '../channels/index.ts'
import { contactsPage, toContactsPage } from '../db/queries/contacts.ts'
import { conversationFor } from '../db/queries/conversations.ts'
import type { SendingInbox } from '../db/queries/new-conversation.ts'
import { readAs } from '../db/read-as.ts'
import { searchTerms } from '../domain/contacts.ts'
import { AppError } from '../domain/errors.ts'
import { addContact } from '../domain/new-contact.ts'
import { canSendFrom, type StartForm, startConversation, startingWith } from '../domain/new-conversation.ts'
import { COUNTRIES, HOME } from '../domain/phone-number.ts'
import { canStillReply } from '../domain/reply-window.ts'
import { NewContactForm, type NewContactProps } from '../views/new-contact.tsx'
import { ChooseContact, type NumberToSendFrom, StartConversation, startPath } from '../views/new-conversation.tsx'
import { isHtmx, leaveDialogFor } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { searchRefused } from './search-limit.ts'
import { signedIn } from './session.ts'
import { valid } from './valid.ts'

const SHOWN_AT_ONCE = 20

/** A number that somebody passed on is not typed again. */
const KnownAlready = z.object({ phone: z.string().max(100).default(''), name: z.string().max(500).default('') })

/** The form sends its fields along where another number is chosen. */
const NewQuery = z.object({
  q: z.string().max(2_000).default(''),
  contact: z.uuid().optional(),
  inboxId: z.uuid().optional(),
  departmentId: z.uuid().or(z.literal('')).default(''),
})
const StartFields = z.strictObject({
  contactId: z.uuid(),
  inboxId: z.uuid(),
  departmentId: z.uuid().or(z.literal('')).default(''),
})
const ContactFields = z.strictObject({
  phone: z.string().max(60_000),
  country: z.string().max(10).default(HOME),
  name: z.string().max(60_000),
  clientKey: z.uuid(),
})

/** Stands before the routes of one conversation: `new` is no conversation's id. */
export const newConversation = new Hono<RouteEnv>()
  .get('/new', signedIn, valid('query', NewQuery), (c) => {
    const { q, contact, inboxId, departmentId } = c.req.valid('query')
    if (!contact) return chooseContact(c, q)
    return startScreen(c, contact, { inboxId: inboxId ?? null, departmentId: departmentId || null })
  })

  .post('/', signedIn, valid('form', StartFields), async (c) => {
    const { contactId, inboxId, departmentId } = c.req.valid('form')
    const start: StartForm = { contactId, inboxId, departmentId: departmentId || null }
    try {
      const conversationId = await startConversation(c.var.app, c.var.viewer, start)
      return leaveDialogFor(c, await pathOf(c, conversationId))
    } catch (error) {
      const problem = startProblem(c, error)
      c.status(error instanceof AppError && (error.code === 'already_taken' || error.code === 'blocked') ? 409 : 422)
      return startScreen(c, contactId, start, problem)
    }
  })

/** Where only a template can begin it, the thread opens with them. */
async function pathOf(c: Context<RouteEnv>, conversationId: string): Promise<string> {
  const { app, viewer } = c.var
  const conversation = await conversationFor(app.db, viewer, conversationId)
  if (!conversation) throw new AppError('not_found')
  const limits = channelNamed(conversation.channel)?.limits
  const byTemplate = limits?.outsideWindow === 'template' && !canStillReply(limits, conversation, app.now())
  return `/conversations/${conversationId}${byTemplate ? '?templates=open' : ''}`
}

export const newContact = new Hono<RouteEnv>()
  .get('/new', signedIn, valid('query', KnownAlready), (c) =>
    contactForm(c, { typed: { country: HOME, ...c.req.valid('query') } }),
  )

  .post('/', signedIn, valid('form', ContactFields), async (c) => {
    const { clientKey, ...typed } = c.req.valid('form')
    try {
      const added = await addContact(c.var.app, c.var.viewer, { ...typed, clientKey })
      if (added.is === 'known') {
        c.status(409)
        return contactForm(c, { typed, clientKey, known: added })
      }
      return isHtmx(c) ? startScreen(c, added.id, NOTHING_CHOSEN) : c.redirect(startPath(added.id), 303)
    } catch (error) {
      const problem = contactProblem(c, error)
      c.status(422)
      return contactForm(c, { typed, clientKey, problem })
    }
  })

async function chooseContact(c: Context<RouteEnv>, sought: string) {
  const { app, viewer, i18n } = c.var
  const refused = await searchRefused(c, sought)
  const filter = { terms: searchTerms(sought), groupId: null }
  const [found] = refused === null ? await readAs(app.db, viewer, contactsPage(viewer, filter, null)) : [[]]
  const people = toContactsPage(found, viewer).rows.slice(0, SHOWN_AT_ONCE)
  return c.render(<ChooseContact i18n={i18n} sought={sought.toWellFormed()} found={people} refused={refused} />, {
    title: i18n.t.newConversation.title,
  })
}

const NOTHING_CHOSEN = { inboxId: null, departmentId: null }

async function startScreen(
  c: Context<RouteEnv>,
  contactId: string,
  { inboxId, departmentId }: { inboxId: string | null; departmentId: string | null },
  problem: StartProblem | null = null,
) {
  const { app, viewer, i18n } = c.var
  const { contact, inboxes, departments } = await startingWith(app, viewer, contactId)
  const usable = inboxes.filter(canSendFrom)
  const chosen = usable.find(({ id }) => id === inboxId) ?? usable[0]
  return c.render(
    <StartConversation
      i18n={i18n}
      contact={contact}
      unreachable={inboxes.every(({ reachable }) => !reachable) && contact.phone === null}
      numbers={inboxes.map((inbox) => numberOf(inbox, app.now()))}
      chosen={chosen ? numberOf(chosen, app.now()) : null}
      departments={departments}
      departmentId={departmentId}
      problem={problem}
    />,
    { title: i18n.t.newConversation.title },
  )
}

function numberOf(inbox: SendingInbox, now: number): NumberToSendFrom {
  const { id, name, address, channel, status } = inbox
  const limits = channelNamed(channel)?.limits
  return {
    id,
    name,
    address,
    channel,
    barred: limits ? (status === 'active' ? null : status === 'paused' ? 'paused' : 'needsReauth') : 'notBuilt',
    departmentName: inbox.department_name,
    windowClosed: limits !== undefined && !canStillReply(limits, contactedFrom(inbox), now),
  }
}

const contactedFrom = (inbox: SendingInbox) => ({
  lastIncomingAt: inbox.last_incoming_at,
  lastAdAt: inbox.last_ad_at,
  inboxSettings: JSON.parse(inbox.settings),
})

interface StartProblem {
  field: 'inboxId' | 'departmentId' | null
  text: string
}

function startProblem({ var: { i18n } }: Context<RouteEnv>, error: unknown): StartProblem {
  if (!(error instanceof AppError)) throw error
  if (error.code === 'blocked') return { field: null, text: i18n.error('blocked') }
  const { reason, field } = error.details
  const { problem } = i18n.t.newConversation
  if (reason !== 'inbox' && reason !== 'department' && reason !== 'busy') throw error
  return { field: field === 'inboxId' || field === 'departmentId' ? field : null, text: problem[reason] }
}

interface ContactForm extends Pick<NewContactProps, 'typed' | 'known'> {
  clientKey?: string
  problem?: NewContactProps['problem'] | undefined
}

function contactForm(
  c: Context<RouteEnv>,
  { typed, clientKey = crypto.randomUUID(), problem = null, known = null }: ContactForm,
) {
  const { i18n } = c.var
  const shown = { ...typed, phone: typed.phone.toWellFormed(), name: typed.name.toWellFormed() }
  return c.render(
    <NewContactForm
      i18n={i18n}
      clientKey={clientKey}
      countries={COUNTRIES}
      typed={shown}
      problem={problem}
      known={known}
    />,
    { title: i18n.t.newContact.title },
  )
}

function contactProblem({ var: { i18n } }: Context<RouteEnv>, error: unknown): NewContactProps['problem'] {
  if (!(error instanceof AppError) || error.code !== 'invalid') throw error
  const { reason, field } = error.details
  const reasons: Record<string, string> = i18n.t.newContact.problem
  const sentence = reasons[String(reason)]
  if (!sentence) throw error
  return { field: field === 'name' ? 'name' : 'phone', text: i18n.fill(sentence, error.details) }
}
