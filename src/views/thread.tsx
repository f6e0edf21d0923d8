import type { Limits } from '../channels/limits.ts'
import type { Comment } from '../db/contact-records.ts'
import { isOfDemonstration } from '../db/demonstration-ids.ts'
import type { ConversationHead, Draft, ThreadMessage, Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Bubble } from './bubble.tsx'
import { PlainUpload } from './chosen-files.tsx'
import { CommentStrip } from './comment.tsx'
import { Composer, type ComposerProps } from './composer.tsx'
import { contactNameOf } from './conversation-row.tsx'
import type { Problem } from './errors.tsx'
import { Icon } from './icon.tsx'
import {
  contactNewsId,
  cursorId,
  inboxNoticeId,
  messageId,
  messagesId,
  orderAt,
  orderBefore,
  threadHeadId,
} from './ids.ts'
import { BubbleMenu } from './message-changes.tsx'
import { ReactionPicker } from './react.tsx'
import { type RewordingProps, RewordingSlot } from './rewording.tsx'
import { ThreadHead } from './thread-head.tsx'

export interface ThreadProps {
  i18n: I18n
  viewer: Pick<Viewer, 'agentId'>
  conversation: ConversationHead
  messages: ThreadMessage[]
  /** When it was read: what is stored later is not on it. */
  drawnAt: number
  /** The page before these, and the one after; null where there is none. */
  olderHref: string | null
  newerHref: string | null
  /** The highlighted comments about this person and this thread. */
  pinned: Comment[]
  draft: Draft | null
  clientKey: string
  shut: ComposerProps['shut']
  textLimit: ComposerProps['textLimit']
  offers: ComposerProps['offers']
  outsideWindow: ComposerProps['outsideWindow']
  marks: ComposerProps['marks']
  typing: boolean
  opensTemplates?: boolean
  /** Which reactions of ours the channel takes. */
  reactions: Limits['reactions']
  /** Messages of ours can be put in other words, or taken back. */
  changes: boolean
  /** The message that is being put in other words. */
  rewording?: RewordingProps
  files?: NonNullable<ComposerProps['files']>
  /** What was wrong with the reply that a plain form just posted. */
  problem?: Problem
}

export function Thread(props: ThreadProps) {
  const { i18n, viewer, conversation, olderHref, newerHref, draft, pinned } = props
  const messages = inOrder(props.messages)
  const quoted = messages.find(({ id }) => id === draft?.replyToId) ?? null
  return (
    <section
      id="thread"
      class="thread"
      data-conversation={conversation.id}
      data-identity-id={conversation.identityId}
      data-title={contactNameOf(i18n, conversation)}
      data-viewer={viewer.agentId}
      data-unread={conversation.unread}
      data-drawn-at={props.drawnAt}
      data-lost={i18n.t.thread.lostAccess}
      data-lost-hint={i18n.t.thread.lostAccessHint}
    >
      <ThreadHead i18n={i18n} conversation={conversation} />
      <InboxNotice i18n={i18n} conversation={conversation} />
      <CommentStrip i18n={i18n} conversationId={conversation.id} pinned={pinned} />
      <div id={contactNewsId(conversation.id)} hidden />
      <div id="log" class="log" role="log" aria-live="off" aria-label={i18n.t.thread.log} tabindex={0}>
        <Older i18n={i18n} conversationId={conversation.id} href={olderHref} />
        <div id={messagesId(conversation.id)} class="messages">
          <WithDays i18n={i18n} messages={messages} unread={newerHref ? 0 : conversation.unread} />
        </div>
        <p class="messages-empty">{i18n.t.thread.empty}</p>
        {newerHref && (
          <p class="more">
            <a href={newerHref}>{i18n.t.thread.newer}</a>
          </p>
        )}
      </div>
      <Jump i18n={i18n} />
      <div id="cursor" hidden>
        <Cursor conversationId={conversation.id} seq={conversation.seq} />
      </div>
      {!newerHref && (
        <div
          id="conversation-socket"
          hx-ws:connect={`/rooms/conversations/${conversation.id}`}
          hx-swap="none"
          hx-sync="this:queue all"
        />
      )}
      <RewordingSlot rewording={props.rewording} />
      <Composer {...props} quoted={quoted} />
      {props.changes && conversation.status !== 'closed' && <BubbleMenu />}
      {conversation.status !== 'closed' && props.shut === null && (
        <ReactionPicker i18n={i18n} conversationId={conversation.id} reactions={props.reactions} />
      )}
      {props.files && !props.shut && conversation.status !== 'closed' && (
        <PlainUpload i18n={i18n} conversationId={conversation.id} />
      )}
    </section>
  )
}

/** Where a conversation would be, and none is chosen. */
export function NoThread({ i18n: { t } }: { i18n: I18n }) {
  return (
    <section id="thread" class="thread thread--none">
      <svg class="drawing" viewBox="0 0 160 120" aria-hidden="true">
        <path d="M30 22h64a12 12 0 0 1 12 12v26a12 12 0 0 1-12 12H58L40 86V72H30a12 12 0 0 1-12-12V34a12 12 0 0 1 12-12Z" />
        <path d="M118 44h10a12 12 0 0 1 12 12v22a12 12 0 0 1-12 12h-6v12l-16-12H84a12 12 0 0 1-11-7" />
        <path class="drawing-accent" d="M40 42h44M40 54h28" />
      </svg>
      <h2>{t.thread.none}</h2>
      <p data-needs-script>{t.thread.noneHint}</p>
    </section>
  )
}

/**
 * That the number is cut off; empty, and out of sight, while it is not. A provider's refusal is known before it is kept.
 * Drawn once for everyone: the page shows administrators alone the way to mend it.
 */
export function InboxNotice({
  i18n: { t, fill },
  conversation,
  messages = [],
}: Pick<ThreadProps, 'i18n' | 'conversation'> & { messages?: ThreadMessage[] }) {
  const refused = messages.some(({ attempt }) => attempt?.state === 'queued' && attempt.errorClass === 'auth')
  const status = refused ? 'needs_reauth' : conversation.inboxStatus
  const text = {
    active: '',
    paused: t.thread.inboxPaused,
    needs_reauth: t.thread.inboxNeedsReauth,
    removed: t.thread.inboxRemoved,
  }[status]
  return (
    <div id={inboxNoticeId(conversation.id)} role="status">
      {isOfDemonstration(conversation.inboxId) && status === 'active' && (
        <p class="banner banner--quiet">
          <Icon name="circle-question-mark" />
          <span>{t.demonstration.notice}</span>
          <a class="banner-way" href="/settings/start">
            {t.start.title}
          </a>
        </p>
      )}
      {status !== 'active' && (
        <p class="banner">
          <Icon name="unplug" />
          <span>{fill(text, { inbox: conversation.inboxName })}</span>
          {status !== 'removed' && (
            <a
              class="banner-way"
              href={`/settings/inboxes/${conversation.inboxId}${status === 'paused' ? '' : '/connection'}`}
            >
              {status === 'paused' ? t.inboxes.open : t.connecting.open}
            </a>
          )}
        </p>
      )}
    </div>
  )
}

/** Loads what came before when it comes near; a plain link where there is no script. Without anything older it waits, hidden. */
function Older({ i18n: { t }, conversationId, href }: { i18n: I18n; conversationId: string; href: string | null }) {
  const id = `older-${conversationId}`
  return (
    <p id={id} class="more" hidden={href === null}>
      <a
        href={href ?? undefined}
        hx-get={href ?? undefined}
        hx-trigger='intersect once root:#log rootMargin:"400px 0px 0px 0px", click'
        hx-target={`#${id}`}
        hx-swap="outerHTML"
        hx-sync="this:drop"
      >
        {t.thread.older}
      </a>
    </p>
  )
}

function Jump({ i18n: { t } }: { i18n: I18n }) {
  return (
    <button
      type="button"
      id="jump"
      class="jump"
      hidden
      data-one={t.thread.jump.one}
      data-other={t.thread.jump.other}
      data-end={t.thread.jumpToEnd}
    >
      <span class="jump-text">{t.thread.jumpToEnd}</span>
      <Icon name="arrow-down" />
    </button>
  )
}

function Cursor({ conversationId, seq }: { conversationId: string; seq: number }) {
  return <data id={cursorId(conversationId)} value={String(seq)} data-seq={seq} />
}

/** Bubbles under the day they belong to, the first unread one under its divider. */
function WithDays({ i18n, messages, unread = 0 }: { i18n: I18n; messages: ThreadMessage[]; unread?: number }) {
  const shown = inOrder(messages).filter(({ supersededById }) => supersededById === null)
  const firstUnread =
    unread > 0
      ? shown.filter(({ direction, kind }) => direction === 'incoming' && kind === 'message').at(-unread)
      : undefined
  let day = ''
  return (
    <>
      {shown.map((message) => {
        const sameDay = i18n.dayKey(message.occurredAt) === day
        day = i18n.dayKey(message.occurredAt)
        return (
          <>
            {!sameDay && <DaySeparator i18n={i18n} message={message} />}
            {message.id === firstUnread?.id && (
              <p id="first-unread" class="divider" data-order={orderBefore(message)}>
                <span>{i18n.t.thread.newMessages}</span>
              </p>
            )}
            <Bubble i18n={i18n} message={message} />
          </>
        )
      })}
    </>
  )
}

function DaySeparator({ i18n, message: { conversationId, occurredAt } }: { i18n: I18n; message: ThreadMessage }) {
  const key = i18n.dayKey(occurredAt)
  return (
    <p id={`day-${conversationId}-${key}`} class="day" data-order={orderAt(i18n.dayStart(occurredAt))}>
      <time datetime={key}>{i18n.day(occurredAt)}</time>
    </p>
  )
}

/** Bubbles addressed to the list they belong to, wherever it stands on the page. */
export function Messages({ i18n, of, messages }: { i18n: I18n; of: string; messages: ThreadMessage[] }) {
  const superseded = messages.filter(({ supersededById }) => supersededById !== null)
  const shown = messages.filter(({ supersededById }) => supersededById === null)
  return (
    <>
      {shown.length > 0 && (
        <hx-partial hx-target={`#${messagesId(of)}`} hx-swap="upsert key:data-order">
          <WithDays i18n={i18n} messages={shown} />
        </hx-partial>
      )}
      {superseded.map(({ id }) => (
        <hx-partial hx-target={`#${messageId(id)}`} hx-swap="delete" />
      ))}
    </>
  )
}

/** What the page missed, and how far that brings it. */
export function CatchUp({
  i18n,
  conversation,
  messages,
}: {
  i18n: I18n
  conversation: ConversationHead
  messages: ThreadMessage[]
}) {
  return (
    <>
      <Messages i18n={i18n} of={conversation.id} messages={messages} />
      <hx-partial hx-target={`#${threadHeadId(conversation.id)}`} hx-swap="outerMorph">
        <ThreadHead i18n={i18n} conversation={conversation} />
      </hx-partial>
      <hx-partial hx-target={`#${inboxNoticeId(conversation.id)}`} hx-swap="outerMorph">
        <InboxNotice i18n={i18n} conversation={conversation} />
      </hx-partial>
      <hx-partial hx-target="#cursor" hx-swap="upsert">
        <Cursor conversationId={conversation.id} seq={conversation.seq} />
      </hx-partial>
    </>
  )
}

interface OlderProps {
  i18n: I18n
  conversationId: string
  messages: ThreadMessage[]
  olderHref: string | null
}

/** The page before: its bubbles, and the way to the one before that. */
export function OlderMessages({ i18n, conversationId, messages, olderHref }: OlderProps) {
  return (
    <>
      <Older i18n={i18n} conversationId={conversationId} href={olderHref} />
      <Messages i18n={i18n} of={conversationId} messages={messages} />
    </>
  )
}

/** The conversation before, in the same thread: its own end, who closed it and why, stands between the two. */
export function EarlierConversation({ i18n, conversationId, messages, olderHref }: OlderProps) {
  return (
    <>
      <Older i18n={i18n} conversationId={conversationId} href={olderHref} />
      <div id={messagesId(conversationId)} class="messages messages--earlier">
        <WithDays i18n={i18n} messages={messages} />
      </div>
    </>
  )
}

function inOrder(messages: ThreadMessage[]): ThreadMessage[] {
  return messages.toSorted((a, b) => a.occurredAt - b.occurredAt || a.ingestOrd - b.ingestOrd)
}
