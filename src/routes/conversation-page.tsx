/** The list and the thread as pages: what they read, in one round trip, and how they are drawn. */
import type { Context } from 'hono'
import { channelNamed } from '../channels/index.ts'
import type { Query } from '../db/client.ts'
import { previousConversation } from '../db/queries/acts.ts'
import { pinnedInThread, type StoredComment, toComment } from '../db/queries/comments.ts'
import { contactIdOf } from '../db/queries/contacts.ts'
import { headOf, type StoredHead, toHead } from '../db/queries/conversations.ts'
import {
  draftOf,
  FIRST_PAGE,
  messagesAfter,
  messagesBefore,
  type StoredDraft,
  type StoredMessage,
  toDraft,
  toMessage,
} from '../db/queries/messages.ts'
import { type StoredUpload, toUpload, uploadsOf } from '../db/queries/uploads.ts'
import { readAs } from '../db/read-as.ts'
import type { ConversationHead, Cursor, ThreadMessage, Viewer } from '../db/records.ts'
import { AppError } from '../domain/errors.ts'
import { canStillReply } from '../domain/reply-window.ts'
import { offersOf } from '../views/compose-menu.tsx'
import { Composer } from '../views/composer.tsx'
import { ContactPanel, NoPanel } from '../views/contact-panel.tsx'
import { contactNameOf } from '../views/conversation-row.tsx'
import { ConversationList, ConversationsPage } from '../views/conversations.tsx'
import type { Problem } from '../views/errors.tsx'
import type { RewordingProps } from '../views/rewording.tsx'
import { Thread, type ThreadProps } from '../views/thread.tsx'
import { type PanelAsked, type PanelRead, panelAsked, panelProps, panelQueries } from './contact-panel.ts'
import { threadPlace } from './cursors.ts'
import { filterOf, headProps, type ListRead, listProps, listQueries, unreadIn } from './list-page.ts'
import { wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'

/** Before a place (older), after it (newer), or at the newest end. */
export interface Place {
  before?: Cursor | undefined
  after?: Cursor | undefined
}

export async function listScreen(c: Context<RouteEnv>, place: Place) {
  const { app, viewer, i18n } = c.var
  const filter = filterOf(c)
  const read = await readAs(app.db, viewer, ...listQueries(viewer, filter, place))
  const list = listProps(c, filter, read, place)
  if (wantsPartial(c)) return c.html(<ConversationList i18n={i18n} {...list} />)
  return c.render(<ConversationsPage i18n={i18n} head={headProps(i18n, filter, read)} list={list} thread={null} />, {
    title: i18n.t.list.title,
    unread: unreadIn(read[2]),
  })
}

/** An answer that was refused: what was typed, and what is wrong with it. */
export interface Refused {
  problem: Problem
  text: string
  replyToId: string | null
  clientKey: string
}

/** The thread alone for htmx; for everybody else the whole page around it. */
export async function threadScreen(c: Context<RouteEnv>, conversationId: string, place: Place, refused?: Refused) {
  const { app, viewer, i18n } = c.var
  const asked = panelAsked(c)
  if (wantsPartial(c)) {
    const drawnAt = app.now()
    const [heads, messages, drafts, previous, pinned, uploads, ...beside] = await readAs(
      app.db,
      viewer,
      ...threadQueries(viewer, conversationId, place),
      ...panelReads(c, conversationId, asked),
    )
    const thread = threadProps(c, [heads, messages, drafts, previous, pinned, uploads], place, drawnAt)
    const panel = panelOf(c, conversationId, asked, beside)
    return c.html(
      <>
        <Thread i18n={i18n} {...thread} />
        <hx-partial hx-target="#contact-panel" hx-swap="outerHTML">
          {panel ? <ContactPanel i18n={i18n} {...panel} /> : <NoPanel />}
        </hx-partial>
      </>,
    )
  }
  return wholeScreen(c, conversationId, place, { refused, asked })
}

/** The thread's page with this panel beside it: what was refused in there is drawn where it was posted from. */
export const threadBeside = (c: Context<RouteEnv>, conversationId: string, panel: PanelContent) =>
  wholeScreen(c, conversationId, {}, { panel })

/** The thread's page with the form in which one of its messages is put in other words. */
export const threadRewording = (c: Context<RouteEnv>, conversationId: string, rewording: RewordingProps) =>
  wholeScreen(c, conversationId, {}, { rewording, asked: panelAsked(c) })

type PanelContent = ReturnType<typeof panelProps>

interface Around {
  refused?: Refused | undefined
  rewording?: RewordingProps
  /** To be read along with the page. */
  asked?: PanelAsked | null
  /** Read already. */
  panel?: PanelContent
}

async function wholeScreen(c: Context<RouteEnv>, conversationId: string, place: Place, around: Around) {
  const { app, viewer, i18n } = c.var
  const { refused, rewording, asked = null, panel } = around
  const filter = filterOf(c)
  const drawnAt = app.now()
  const [stored, names, counts, mine, heads, messages, drafts, previous, pinned, uploads, ...beside] = await readAs(
    app.db,
    viewer,
    ...listQueries(viewer, filter, {}),
    ...threadQueries(viewer, conversationId, place),
    ...panelReads(c, conversationId, asked),
  )
  const read: ThreadRead = [heads, messages, drafts, previous, pinned, uploads]
  const listed: ListRead = [stored, names, counts, mine]
  const thread = {
    ...threadProps(c, read, place, drawnAt),
    ...(refused ? asTyped(refused) : {}),
    ...(rewording ? { rewording } : {}),
  }
  return c.render(
    <ConversationsPage
      i18n={i18n}
      head={headProps(i18n, filter, listed)}
      list={listProps(c, filter, listed, {})}
      thread={thread}
      panel={panel ?? panelOf(c, conversationId, asked, beside)}
    />,
    { title: contactNameOf(i18n, thread.conversation), unread: unreadIn(counts) },
  )
}

function panelReads(c: Context<RouteEnv>, conversationId: string, asked: PanelAsked | null): readonly Query<unknown>[] {
  return asked
    ? panelQueries(c, { contactId: contactIdOf(c.var.viewer, conversationId), conversationId }, asked.tab)
    : []
}

const panelOf = (c: Context<RouteEnv>, conversationId: string, asked: PanelAsked | null, read: unknown[][]) =>
  asked && panelProps(c, read as PanelRead, conversationId, asked)

const asTyped = ({ problem, text, replyToId, clientKey }: Refused) => ({
  problem,
  clientKey,
  draft: { body: text, replyToId },
})

const threadQueries = (viewer: Viewer, conversationId: string, { before, after }: Place) =>
  [
    headOf(viewer, conversationId),
    after
      ? messagesAfter(viewer, conversationId, after, FIRST_PAGE)
      : messagesBefore(viewer, conversationId, before ?? null, FIRST_PAGE),
    draftOf(viewer, conversationId),
    previousConversation(viewer, conversationId),
    pinnedInThread(viewer, conversationId),
    uploadsOf(viewer, conversationId),
  ] as const

function threadProps(
  c: Context<RouteEnv>,
  [heads, stored, drafts, previous, pinned, uploads]: ThreadRead,
  { before, after }: Place,
  drawnAt: number,
): Omit<ThreadProps, 'i18n'> {
  const conversation = theHead(heads)
  const messages = stored.map(toMessage)
  const full = messages.length === FIRST_PAGE
  return {
    ...composerProps(c, conversation, uploads),
    viewer: c.var.viewer,
    messages,
    drawnAt,
    olderHref: full || after ? olderHref(conversation.id, messages) : earlierHref(previous),
    newerHref: before || (after && full) ? newerHref(conversation.id, messages) : null,
    pinned: pinned.map(toComment),
    draft: toDraft(drafts),
  }
}

type ThreadRead = [StoredHead[], StoredMessage[], StoredDraft[], { id: string }[], StoredComment[], StoredUpload[]]

/** Too far behind to be patched: the thread as it is now, instead of what changed. What is being typed stays. */
export function threadAnew(c: Context<RouteEnv>, conversationId: string) {
  c.header('HX-Retarget', '#thread')
  c.header('HX-Reswap', 'outerMorph')
  return threadScreen(c, conversationId, {})
}

export async function composerScreen(c: Context<RouteEnv>, conversationId: string) {
  if (!wantsPartial(c)) return c.redirect(`/conversations/${conversationId}`, 303)
  return c.html(await composerNow(c, conversationId))
}

/** The composer as the conversation wants it now, with what was kept of it, wherever it stands. */
export const composerAnew = async (c: Context<RouteEnv>, conversationId: string) => (
  <hx-partial hx-target="#composer" hx-swap="outerHTML">
    {await composerNow(c, conversationId)}
  </hx-partial>
)

async function composerNow(c: Context<RouteEnv>, conversationId: string) {
  const { app, viewer, i18n } = c.var
  const [heads, drafts, uploads] = await readAs(
    app.db,
    viewer,
    headOf(viewer, conversationId),
    draftOf(viewer, conversationId),
    uploadsOf(viewer, conversationId),
  )
  return <Composer i18n={i18n} {...composerProps(c, theHead(heads), uploads)} draft={toDraft(drafts)} />
}

/** The composer as the conversation now wants it: shut once it is closed, and back when it is opened again. */
export const composerPart = (c: Context<RouteEnv>, conversation: ConversationHead) => (
  <hx-partial hx-target="#composer" hx-swap="outerHTML">
    <Composer i18n={c.var.i18n} {...composerProps(c, conversation)} draft={null} />
  </hx-partial>
)

function composerProps(c: Context<RouteEnv>, conversation: ConversationHead, uploads: StoredUpload[] = []) {
  const limits = channelNamed(conversation.channel)?.limits
  return {
    conversation,
    clientKey: crypto.randomUUID(),
    shut: limits ? (canStillReply(limits, conversation, c.var.app.now()) ? null : 'window') : 'channel',
    textLimit: { length: limits?.textLength ?? 0, unit: limits?.textUnit ?? 'utf16' },
    offers: limits ? offersOf(limits) : [],
    outsideWindow: limits?.outsideWindow ?? 'nothing',
    marks: limits?.marks ?? null,
    typing: limits?.typing ?? false,
    reactions: limits?.reactions ?? null,
    changes: Boolean(limits?.edit ?? limits?.unsend),
    opensTemplates: c.req.query('templates') === 'open',
    ...(limits ? { files: { uploads: uploads.map(toUpload), limits } } : {}),
  } as const
}

function theHead([head]: StoredHead[]): ConversationHead {
  if (!head) throw new AppError('not_found')
  return toHead(head)
}

/** `messages` in any order; null where there are none. */
export function olderHref(conversationId: string, messages: ThreadMessage[]): string | null {
  const oldest = inOrder(messages)[0]
  return oldest ? `/conversations/${conversationId}/messages?before=${threadPlace(oldest)}` : null
}

/** Above the first message of a conversation stands the conversation before it. */
export const earlierHref = (previous: { id: string }[]): string | null =>
  previous[0] ? `/conversations/${previous[0].id}/messages?earlier=true` : null

function newerHref(conversationId: string, messages: ThreadMessage[]): string | null {
  const newest = inOrder(messages).at(-1)
  return newest ? `/conversations/${conversationId}/messages?after=${threadPlace(newest)}` : null
}

const inOrder = (messages: ThreadMessage[]) =>
  messages.toSorted((a, b) => a.occurredAt - b.occurredAt || a.ingestOrd - b.ingestOrd)
