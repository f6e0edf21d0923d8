/** One message of a thread: the only component that draws it, in the page, in older history and live. */
import type { Content } from '../channels/content.ts'
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { EventLine } from './activity.tsx'
import { Words } from './card.tsx'
import { CommentLine } from './comment.tsx'
import { MessageContent, saidBesides } from './content.tsx'
import { Icon, type IconName } from './icon.tsx'
import { messageId, messageOrder } from './ids.ts'
import { lineOf } from './kind.ts'
import { ChangeStanding, DetailsLink, Edited, More } from './message-changes.tsx'
import { React } from './react.tsx'
import { Reactions } from './reactions.tsx'
import { Standing } from './standing.tsx'
import { Time } from './time.tsx'

interface OfMessage {
  i18n: I18n
  message: ThreadMessage
}

export function Bubble({ i18n, message }: OfMessage) {
  if (message.comment) return <CommentLine i18n={i18n} message={message} comment={message.comment} />
  if (message.kind !== 'message') return <EventLine i18n={i18n} message={message} />
  return (
    <article
      id={messageId(message.id)}
      class="bubble"
      data-message-id={message.id}
      data-direction={message.direction}
      data-state={message.state}
      data-author-id={message.authorId ?? undefined}
      data-client-key={message.clientKey ?? undefined}
      data-automatic={message.automatic ?? undefined}
      data-seq={message.seq}
      data-order={messageOrder(message)}
      data-album={message.content.album}
      data-said={saidBesides(i18n, message)}
      data-deleted={message.deletedAt === null ? undefined : ''}
    >
      {message.direction === 'incoming' && <span class="visually-hidden">{i18n.t.thread.customer}</span>}
      <Quote i18n={i18n} message={message} />
      <MessageContent i18n={i18n} message={message} />
      <Meta i18n={i18n} message={message} />
      <Reactions i18n={i18n} message={message} />
      <Below i18n={i18n} message={message} />
    </article>
  )
}

/** The answered message, in a few words; its name is a link to it where the page holds it. Nothing is left of a deleted one. */
function Quote({ i18n, message: { replyTo, channel, deletedAt, content } }: OfMessage) {
  const { t } = i18n
  if (deletedAt !== null) return null
  if (!replyTo) return content.quote ? <QuotedPart i18n={i18n} quote={content.quote} /> : null
  const { icon, name, text: whole } = lineOf(t, channel, replyTo)
  const text = content.quote?.text ?? whole
  return (
    <a class="quote" href={`#${messageId(replyTo.id)}`}>
      <span class="quote-author">{replyTo.direction === 'incoming' ? t.thread.customer : t.thread.team}</span>
      <span class="quote-text">
        {icon && <Icon name={icon} label={name} />} <Words>{text}</Words>
      </span>
    </a>
  )
}

/** Part of a message that is not here. */
function QuotedPart({ i18n: { t }, quote }: { i18n: I18n; quote: NonNullable<Content['quote']> }) {
  return (
    <p class="quote">
      {quote.elsewhere && <span class="quote-author">{t.content.elsewhere}</span>}
      {quote.text && (
        <span class="quote-text">
          <Words>{quote.text}</Words>
        </span>
      )}
    </p>
  )
}

/** What can be done about it: answer what the customer said, settle what became of ours. */
function Below({ i18n, message }: OfMessage) {
  if (message.deletedAt !== null) return null
  return message.direction === 'incoming' ? (
    <>
      <ReplyTo i18n={i18n} message={message} />
      <React i18n={i18n} message={message} />
    </>
  ) : (
    <>
      <Standing i18n={i18n} message={message} />
      <ChangeStanding i18n={i18n} message={message} />
      <More i18n={i18n} message={message} />
    </>
  )
}

const STATE_ICON: Record<Exclude<ThreadMessage['state'], 'received'>, IconName> = {
  queued: 'clock',
  sending: 'clock',
  unknown: 'circle-question-mark',
  sent: 'check',
  delivered: 'check-check',
  read: 'check-check',
  failed: 'circle-alert',
}

function Meta({ i18n, message }: OfMessage) {
  const { direction, state, authorName, automatic, content, occurredAt } = message
  return (
    <footer class="bubble-meta">
      {direction === 'outgoing' && (
        <span class="bubble-author">
          {automatic ? i18n.t.thread.automatic[automatic] : (authorName ?? i18n.t.thread.team)}
        </span>
      )}
      {direction === 'incoming' && content.author && <bdi class="bubble-author">{content.author}</bdi>}
      <Edited i18n={i18n} message={message} />
      <DetailsLink i18n={i18n} message={message}>
        <Time i18n={i18n} at={occurredAt} />
      </DetailsLink>
      {state !== 'received' && (
        <span class="state" title={i18n.t.messageState[state]}>
          <Icon name={STATE_ICON[state]} />
          <span class="visually-hidden">{i18n.t.messageState[state]}</span>
        </span>
      )}
    </footer>
  )
}

/** Puts this message into the composer as what is answered; the script's work, so it hides where there is none. */
function ReplyTo({ i18n: { t }, message }: OfMessage) {
  return (
    <button
      type="button"
      class="icon-button bubble-reply"
      data-needs-script
      data-quote={message.id}
      aria-label={t.bubble.reply}
      title={t.bubble.reply}
    >
      <Icon name="reply" />
    </button>
  )
}
