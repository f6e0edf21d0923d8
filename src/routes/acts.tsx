/** What is done with a conversation as a whole: taken, handed on, closed, opened again, brought up to date. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import type { Child } from 'hono/jsx'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import { closeReasonsOf, type Receiver, receiversFor } from '../db/queries/acts.ts'
import { headOf, toHead } from '../db/queries/conversations.ts'
import {
  CATCH_UP_LIMIT,
  changedBeside,
  messagesChangedSince,
  type StoredMessage,
  storedBeside,
  toMessage,
} from '../db/queries/messages.ts'
import { workspaceVoice } from '../db/queries/quick-replies.ts'
import { readAs } from '../db/read-as.ts'
import type { ConversationHead, Locale } from '../db/records.ts'
import { accept, close, reopen, transfer } from '../domain/conversations.ts'
import { AppError } from '../domain/errors.ts'
import { readBackFor, type Synchronized } from '../domain/history.ts'
import { retryFilesOf } from '../domain/media.ts'
import { fillIn, valuesFor } from '../domain/variables.ts'
import type { I18n } from '../i18n/index.ts'
import { ClosureDialog, Done, FarewellParts, type ReceiverOption, TransferDialog } from '../views/acts.tsx'
import { contactNameOf } from '../views/conversation-row.tsx'
import { DIALOG_DONE } from '../views/dialog.tsx'
import type { Problem } from '../views/errors.tsx'
import { rowPart, threadPart } from '../views/live.tsx'
import type { Previewed } from '../views/preview.tsx'
import { CatchUp } from '../views/thread.tsx'
import { composerPart, threadAnew } from './conversation-page.tsx'
import { ThreadCursor } from './cursors.ts'
import { isHtmx, leaveDialogFor } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { many, valid } from './valid.ts'

const none = z.literal('').transform(() => null)
const Optional = z.uuid().or(none).default(null)
const ClosureForm = z.object({
  reasonId: Optional,
  farewell: z.string().max(60_000).default(''),
  clientKey: z.uuid(),
  version: z.coerce.number().int().min(1),
  seq: z.coerce.number().int().min(0),
})
const FarewellForm = ClosureForm.pick({ reasonId: true, farewell: true }).extend({ chosen: z.literal('1').optional() })
const TransferForm = z.object({
  departmentId: z.string().max(64),
  agentId: z.string().max(64).default(''),
  note: z.string().max(60_000).default(''),
  version: z.coerce.number().int().min(1),
})
const Earlier = z
  .string()
  .regex(/^[0-9a-f-]{36}:\d{1,15}$/)
  .transform((text) => ({ id: text.slice(0, 36), seq: Number(text.slice(37)) }))
const SyncForm = z.object({
  seq: z.coerce.number().int().min(0),
  from: ThreadCursor.optional(),
  /** When all of the thread was last drawn; a plain form is drawn anew anyway. */
  drawnAt: z.coerce.number().int().min(0).optional(),
  /** The earlier conversations on the page, which is told of the changes of the last one alone, and how far it has each. */
  earlier: many(Earlier),
})

export const acts = new Hono<RouteEnv>()
  .put('/:conversationId/assignee', async (c) => {
    const conversation = await accept(c.var.app, c.var.viewer, c.req.param('conversationId'), await trailOf(c))
    return answerWith(c, conversation)
  })

  .get('/:conversationId/closure', (c) => closureDialog(c))

  .post('/:conversationId/closure', valid('form', ClosureForm), async (c) => {
    const { app, viewer, i18n } = c.var
    const form = c.req.valid('form')
    const conversationId = c.req.param('conversationId')
    try {
      const closing = {
        conversationId,
        reasonId: form.reasonId,
        farewell: form.farewell.trim() || null,
        clientKey: form.clientKey,
        version: form.version,
        seq: form.seq,
      }
      const conversation = await close(app, viewer, closing, await trailOf(c))
      const text = i18n.fill(i18n.t.acts.closed, { name: contactNameOf(i18n, conversation) })
      return answerWith(
        c,
        conversation,
        <>
          {composerPart(c, conversation)}
          <Done i18n={i18n} text={text} undo={`/conversations/${conversationId}/closure`} />
        </>,
      )
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== 'conflict' && !ABOUT_THE_FORM.has(error.code))) throw error
      c.status(error.code === 'conflict' ? 409 : 422)
      return closureDialog(c, {
        ...(error.code === 'conflict' ? { changed: true } : { problem: error }),
        farewell: form.farewell,
        clientKey: form.clientKey,
        ...(form.reasonId ? { reasonId: form.reasonId } : {}),
      })
    }
  })

  /** How the last word would read, and what the reason that was just chosen offers to say. */
  .post('/:conversationId/closure/farewell', valid('form', FarewellForm), async (c) => {
    const { app, viewer, i18n } = c.var
    const { reasonId, farewell, chosen } = c.req.valid('form')
    const read = await readAs(app.db, viewer, ...closureQueries(c))
    const conversation = theHead(read[0])
    const reasons = read[1]
    // What somebody wrote by hand is never replaced.
    const isOwn = farewell.trim() !== '' && !reasons.some((one) => one.farewell === farewell.trim())
    const offered = chosen && !isOwn ? (reasons.find(({ id }) => id === reasonId)?.farewell ?? '') : null
    const preview = farewellIn(c, conversation, offered ?? farewell, read[2])
    return c.html(<FarewellParts i18n={i18n} offered={offered} preview={preview} now={app.now()} />)
  })

  .delete('/:conversationId/closure', async (c) => {
    const conversation = await reopen(c.var.app, c.var.viewer, c.req.param('conversationId'), await trailOf(c))
    return answerWith(c, conversation, composerPart(c, conversation))
  })

  .get('/:conversationId/transfer', (c) => transferDialog(c))

  .put('/:conversationId/transfer', valid('form', TransferForm), async (c) => {
    const { app, viewer, i18n } = c.var
    const form = c.req.valid('form')
    const conversationId = c.req.param('conversationId')
    try {
      const to = { conversationId, ...form, agentId: form.agentId || null, note: form.note.trim() || null }
      await transfer(app, viewer, to, await trailOf(c))
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== 'conflict' && !ABOUT_THE_FORM.has(error.code))) throw error
      c.status(error.code === 'conflict' ? 409 : 422)
      return transferDialog(c, {
        chosen: form,
        ...(error.code === 'conflict' ? { changed: true } : { problem: error }),
      })
    }
    const [heads] = await app.db.read(headOf(viewer, conversationId))
    // Whoever gave it away to where they cannot follow goes on with their list.
    if (!heads[0]) return leaveDialogFor(c, '/conversations')
    return answerWith(c, toHead(heads[0]), <Done i18n={i18n} text={i18n.t.acts.transferred} />)
  })

  .post('/:conversationId/sync', valid('form', SyncForm), async (c) => {
    const { app, viewer, i18n } = c.var
    const conversationId = c.req.param('conversationId')
    const { seq, from, drawnAt = app.now(), earlier } = c.req.valid('form')
    const [known] = await app.db.read(headOf(viewer, conversationId))
    if (!known[0]) throw new AppError('not_found')
    await limited(c.env, 'sync', viewer.agentId)
    const before = toHead(known[0])
    await retryFilesOf(app, viewer, before.id)
    await app.gateway(before.webhookKey).lookAgain()
    const changed = () =>
      app.db.read(
        headOf(viewer, conversationId),
        messagesChangedSince(viewer, conversationId, seq, from ?? null),
        storedBeside(viewer, conversationId, drawnAt),
        changedBeside(viewer, earlier),
      )
    const [, missed, [beside], stale] = await changed()
    // Told by the provider unasked, while the page stood open.
    const told = beside?.n ?? 0
    const past = await readBackFor(app, viewer, before)
    const [heads, stored] = await changed()
    if (!heads[0]) throw new AppError('not_found')
    const conversation = toHead(heads[0])
    const text = whatCameOfIt(i18n, { missed: newTo(seq, missed), told }, past)
    const done = <Done i18n={i18n} text={`${text} · ${i18n.time(app.now())}`} />
    // The past stands in conversations of its own, before this one: only the whole thread has the place for it.
    if (isHtmx(c) && (stale.length > 0 || stored.length > CATCH_UP_LIMIT || told + broughtBy(past) > 0)) {
      const anew = await threadAnew(c, conversationId)
      return new Response(`${await anew.text()}${String(done)}`, anew)
    }
    return answerWith(
      c,
      conversation,
      <>
        <CatchUp i18n={i18n} conversation={conversation} messages={stored.map(toMessage)} />
        {done}
      </>,
    )
  })

/** What this page had not: what it had and what only changed is not recovered, it is brought up to date. */
const newTo = (seq: number, rows: StoredMessage[]) =>
  rows.filter(({ ingest_ord, kind }) => ingest_ord > seq && kind === 'message').length

const broughtBy = (past: Synchronized): number => (past === null || past === 'unreachable' ? 0 : past.messages)

function whatCameOfIt(i18n: I18n, here: { missed: number; told: number }, past: Synchronized): string {
  const { t } = i18n
  const recovered = here.missed + here.told + broughtBy(past)
  const said = [
    recovered === 0 ? t.acts.syncedNone : i18n.count(t.acts.synced, recovered),
    ...(past === null && here.told === 0 ? [t.acts.syncedNoHistory] : []),
    ...(past === 'unreachable' ? [t.acts.syncedNotAsked] : []),
    ...(past !== null && past !== 'unreachable' && past.since !== null
      ? [i18n.fill(t.acts.syncedSince, { at: i18n.dateTime(past.since) })]
      : []),
  ]
  return said.join(' · ')
}

const ABOUT_THE_FORM = new Set(['invalid', 'too_long', 'unfilled', 'window_closed', 'window_over', 'already_sent'])

/** The conversation as it is now, wherever the page shows it; a plain form goes back to the page. */
function answerWith(c: Context<RouteEnv>, conversation: ConversationHead, also: Child = null) {
  const { i18n, app } = c.var
  if (!isHtmx(c)) return c.redirect(`/conversations/${conversation.id}`, 303)
  c.header(...DIALOG_DONE)
  return c.html(
    <>
      {threadPart(i18n, conversation, [])}
      {rowPart(i18n, conversation, app.now())}
      {also}
    </>,
  )
}

interface ClosureAgain {
  problem?: Problem
  changed?: boolean
  farewell?: string
  reasonId?: string
  clientKey?: string
}

async function closureDialog(c: Context<RouteEnv>, { clientKey = crypto.randomUUID(), ...again }: ClosureAgain = {}) {
  const { app, viewer, i18n } = c.var
  const [heads, reasons, locales] = await readAs(app.db, viewer, ...closureQueries(c))
  const conversation = theHead(heads)
  return c.render(
    <ClosureDialog
      i18n={i18n}
      conversation={conversation}
      reasons={reasons}
      clientKey={clientKey}
      preview={farewellIn(c, conversation, again.farewell ?? '', locales)}
      now={app.now()}
      {...again}
    />,
    { title: i18n.t.acts.close },
  )
}

const closureQueries = (c: Context<RouteEnv>) =>
  [headOf(c.var.viewer, idIn(c)), closeReasonsOf(c.var.viewer), workspaceVoice(c.var.viewer)] as const

function farewellIn(
  { var: { app, viewer } }: Context<RouteEnv>,
  conversation: ConversationHead,
  text: string,
  [of]: { locale: Locale }[],
): Previewed | null {
  if (text.trim() === '' || !of) return null
  const values = valuesFor({ ...conversation, locale: of.locale, agentName: viewer.name }, app.now())
  return { channel: conversation.channel, type: 'text', body: fillIn(text.trim(), values), content: {} }
}

interface TransferAgain {
  problem?: Problem
  changed?: boolean
  chosen?: { departmentId: string; agentId: string; note: string }
}

async function transferDialog(c: Context<RouteEnv>, again: TransferAgain = {}) {
  const { app, viewer, i18n } = c.var
  const [heads, receivers] = await readAs(app.db, viewer, headOf(viewer, idIn(c)), receiversFor(viewer, idIn(c)))
  const conversation = theHead(heads)
  return c.render(
    <TransferDialog i18n={i18n} conversation={conversation} receivers={byDepartment(receivers)} {...again} />,
    {
      title: i18n.t.acts.transfer,
    },
  )
}

const idIn = (c: Context<RouteEnv>) => c.req.param('conversationId') ?? ''

function theHead(heads: Parameters<typeof toHead>[0][]): ConversationHead {
  if (!heads[0]) throw new AppError('not_found')
  return toHead(heads[0])
}

const byDepartment = (receivers: Receiver[]): ReceiverOption[] =>
  receivers
    .filter(({ agent_id }) => agent_id === null)
    .map(({ department_id, department_name }) => ({
      departmentId: department_id,
      departmentName: department_name,
      agents: receivers.flatMap(({ department_id: id, agent_id, agent_name, open }) =>
        id === department_id && agent_id !== null ? [{ id: agent_id, name: agent_name ?? '', open }] : [],
      ),
    }))
