/** One message of a thread: the only component that draws it, in the page, in older history and live. */
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { CommentLine } from './comment.tsx'
import { explainFailure, explainWaiting } from './failure.ts'
import { FormattedText, plainText } from './formatted-text.tsx'
import { Act } from './forms.tsx'
import { Icon, type IconName } from './icon.tsx'
import { messageId, messageOrder } from './ids.ts'
import { kindOf } from './kind.ts'
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
      data-seq={message.seq}
      data-order={messageOrder(message)}
    >
      {message.direction === 'incoming' && <span class="visually-hidden">{i18n.t.thread.customer}</span>}
      <Quote i18n={i18n} replyTo={message.replyTo} />
      <Content i18n={i18n} message={message} />
      <Meta i18n={i18n} message={message} />
      {message.direction === 'incoming' ? (
        <ReplyTo i18n={i18n} message={message} />
      ) : (
        <Standing i18n={i18n} message={message} />
      )}
    </article>
  )
}

/** What an agent did, or where a comment stands: a line, not a bubble. */
function EventLine({ i18n, message }: OfMessage) {
  return (
    <div
      id={messageId(message.id)}
      class="event"
      data-kind={message.kind}
      data-type={message.type}
      data-seq={message.seq}
      data-order={messageOrder(message)}
    >
      <p>
        {message.kind === 'comment' && <strong>{i18n.t.kind.comment} </strong>}
        {message.authorName && <strong>{message.authorName} </strong>}
        {message.kind === 'activity' && <bdi hx-ignore>{whatWasDone(i18n, message)} </bdi>}
        {message.kind === 'comment' && message.body && (
          <bdi dir="auto" hx-ignore>
            {message.body}
          </bdi>
        )}{' '}
        <Time i18n={i18n} at={message.occurredAt} />
      </p>
      {message.kind === 'activity' && message.body && (
        <p class="event-note">
          <bdi dir="auto" hx-ignore>
            {i18n.fill(i18n.t.acts.noteSaid, { note: message.body })}
          </bdi>
        </p>
      )}
    </div>
  )
}

function whatWasDone({ t, fill }: I18n, { type, detail }: ThreadMessage): string {
  const { said } = t.acts
  if (type === 'closed') return detail?.reason ? fill(said.closedFor, { reason: detail.reason }) : said.closed
  if (type === 'transferred') {
    const department = detail?.department ?? ''
    return detail?.agent
      ? fill(said.transferredTo, { agent: detail.agent, department })
      : fill(said.transferred, { department })
  }
  return type === 'reopened' ? said.reopened : said.accepted
}

/** The answered message, in a few words; its name is a link to it where the page holds it. */
function Quote({ i18n: { t }, replyTo }: { i18n: I18n; replyTo: ThreadMessage['replyTo'] }) {
  if (!replyTo) return null
  const text = replyTo.body ?? kindOf(t, replyTo.type)?.name ?? t.bubble.deletedQuote
  return (
    <a class="quote" href={`#${messageId(replyTo.id)}`}>
      <span class="quote-author">{replyTo.direction === 'incoming' ? t.thread.customer : t.thread.team}</span>
      <bdi class="quote-text" dir="auto" hx-ignore>
        {plainText(text)}
      </bdi>
    </a>
  )
}

function Content({ i18n, message: { type, body } }: OfMessage) {
  return (
    <>
      {type !== 'text' && <Placeholder i18n={i18n} type={type} />}
      {body !== null && (
        <bdi class="bubble-text" dir="auto" hx-ignore>
          <FormattedText text={body} />
        </bdi>
      )}
    </>
  )
}

/** Says honestly what came and is not drawn here yet. */
function Placeholder({ i18n: { t, fill }, type }: { i18n: I18n; type: string }) {
  const kind = kindOf(t, type)
  return (
    <p class="placeholder">
      <Icon name={kind?.icon ?? 'circle-question-mark'} />
      <span>{kind ? fill(t.kind.notShown, { kind: kind.name }) : fill(t.kind.unsupported, { type })}</span>
    </p>
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

function Meta({ i18n, message: { direction, state, authorName, occurredAt } }: OfMessage) {
  return (
    <footer class="bubble-meta">
      {direction === 'outgoing' && <span class="bubble-author">{authorName ?? i18n.t.thread.team}</span>}
      <Time i18n={i18n} at={occurredAt} />
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

/** What went wrong or waits with an answer of ours, and what can be done about it. */
function Standing({ i18n, message }: OfMessage) {
  const { t } = i18n
  return (
    <>
      {message.possiblyDoubled && (
        <p class="standing standing--waiting">
          <Icon name="triangle-alert" />
          {t.bubble.possiblyDoubled}
        </p>
      )}
      {message.state === 'queued' && <Waiting i18n={i18n} message={message} />}
      {message.state === 'unknown' && <Unknown i18n={i18n} message={message} />}
      {message.state === 'failed' && <Failed i18n={i18n} message={message} />}
    </>
  )
}

function Waiting({ i18n, message }: OfMessage) {
  const { t, fill, time } = i18n
  const waiting = explainWaiting(i18n, message)
  if (!waiting) return null
  return (
    <div class="standing standing--waiting">
      <p>
        <Icon name="clock" />
        {fill(t.bubble.waiting, { reason: waiting.reason })}{' '}
        {waiting.until !== null && fill(t.bubble.waitingUntil, { at: time(waiting.until) })}
      </p>
      {waiting.until === null && <p class="standing-hint">{waiting.hint}</p>}
      <div class="standing-acts">
        <Act action={`${pathOf(message)}/cancellation`} fields={attemptOf(message)}>
          <button type="submit" class="button button--small">
            {t.bubble.cancel}
          </button>
        </Act>
      </div>
    </div>
  )
}

function Unknown({ i18n: { t }, message }: OfMessage) {
  return (
    <div class="standing standing--waiting">
      <p>
        <Icon name="circle-question-mark" />
        <strong>{t.messageState.unknown}</strong>
      </p>
      <p class="standing-hint">{t.bubble.unknownHint}</p>
      <div class="standing-acts">
        <Act action={`${pathOf(message)}/attempts`} fields={attemptOf(message)} confirm={t.bubble.resendConfirm}>
          <button type="submit" class="button button--small">
            {t.bubble.resend}
          </button>
        </Act>
        <Act action={`${pathOf(message)}/confirmation`} method="PUT" fields={attemptOf(message)}>
          <button type="submit" class="button button--small">
            {t.bubble.markSent}
          </button>
        </Act>
      </div>
    </div>
  )
}

function Failed({ i18n, message }: OfMessage) {
  const { t, fill } = i18n
  const { reason, hint } = explainFailure(i18n, message.attempt)
  return (
    <div class="standing standing--failed">
      <p>
        <Icon name="circle-alert" />
        {fill(t.bubble.notSent, { reason })}
      </p>
      <p class="standing-hint">{hint}</p>
      <div class="standing-acts">
        <Act action={`${pathOf(message)}/attempts`} fields={attemptOf(message)}>
          <button type="submit" class="button button--small">
            {t.bubble.retry}
          </button>
        </Act>
        <button
          type="button"
          class="button button--small"
          data-needs-script
          data-copy={messageId(message.id)}
          data-done={t.bubble.copied}
        >
          {t.bubble.copy}
        </button>
      </div>
      <ProviderWords i18n={i18n} message={message} />
    </div>
  )
}

/** What the provider itself said, for whoever looks into it. */
function ProviderWords({ i18n: { t, fill }, message: { attempt } }: OfMessage) {
  if (!attempt?.errorDetail && !attempt?.errorCode) return null
  return (
    <details class="provider-words">
      <summary>{t.bubble.details}</summary>
      {attempt.errorCode && <p>{fill(t.bubble.providerCode, { code: attempt.errorCode })}</p>}
      {attempt.errorDetail && (
        <p>
          <bdi dir="auto" hx-ignore>
            {attempt.errorDetail}
          </bdi>
        </p>
      )}
    </details>
  )
}

const pathOf = ({ conversationId, id }: ThreadMessage) => `/conversations/${conversationId}/messages/${id}`

/** Which attempt the person saw when they clicked: a second click about the same one changes nothing. */
const attemptOf = ({ attempt }: ThreadMessage) => ({ no: String(attempt?.no ?? 0) })
