/** What can be done to a message that the customer has, in its bubble: other words, or taking it back; and what became of it. */
import type { Child } from 'hono/jsx'
import { channelNamed } from '../channels/index.ts'
import type { Change, ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Words } from './card.tsx'
import { DialogLink, DialogPage } from './dialog.tsx'
import { explainFailure, explainWaiting } from './failure.ts'
import { Act } from './forms.tsx'
import { Icon } from './icon.tsx'
import { REWORDING } from './rewording.tsx'

/** Filled when it is opened: who may do what, and until when, is the server's to say. */
const MENU = 'bubble-menu'

interface OfMessage {
  i18n: I18n
  message: ThreadMessage
}

const pathOf = ({ conversationId, id }: Pick<ThreadMessage, 'conversationId' | 'id'>) =>
  `/conversations/${conversationId}/messages/${id}`

/** The way to its menu, which is a page of its own without script; hidden where the thread has none, for it is closed. */
export function More({ i18n: { t }, message }: OfMessage) {
  const limits = channelNamed(message.channel)?.limits
  const stands = message.state === 'sent' || message.state === 'delivered' || message.state === 'read'
  if (!stands || !(limits?.edit ?? limits?.unsend)) return null
  const path = `${pathOf(message)}/menu`
  return (
    <a
      class="icon-button bubble-more"
      href={path}
      hx-get={path}
      hx-target={`#${MENU}`}
      hx-swap="innerHTML"
      hx-sync="this:drop"
      aria-label={t.changes.menu}
      aria-haspopup="menu"
    >
      <Icon name="ellipsis-vertical" />
    </a>
  )
}

/** What became of it, step by step. */
export function DetailsLink({ i18n: { t }, message, children }: OfMessage & { children: Child }) {
  return (
    <DialogLink class="bubble-time" href={`${pathOf(message)}/details`} title={t.details.title}>
      {children}
    </DialogLink>
  )
}

export const BubbleMenu = () => <div id={MENU} class="menu menu--bubble" popover="auto" />

export interface Choices {
  /** May be done; not any more; or not at all. */
  edit: Choice
  unsend: Choice
}
export type Choice = 'open' | 'late' | 'none'

export function BubbleChoices({ i18n: { t }, message, choices }: OfMessage & { choices: Choices }) {
  const path = pathOf(message)
  const nothing = choices.edit === 'none' && choices.unsend === 'none' && !hasVersions(message)
  return (
    <>
      {choices.edit === 'open' && (
        <a
          class="menu-item"
          href={`${path}/edit`}
          hx-get={`${path}/edit`}
          hx-target={`#${REWORDING}`}
          hx-swap="innerHTML"
        >
          <Icon name="pencil" />
          {t.changes.edit}
        </a>
      )}
      {choices.unsend === 'open' && (
        <Act action={path} method="DELETE" confirm={t.changes.unsendConfirm}>
          <button type="submit" class="menu-item">
            <Icon name="ban" />
            {t.changes.unsend}
          </button>
        </Act>
      )}
      {hasVersions(message) && (
        <DialogLink class="menu-item" href={`${path}/versions`}>
          <Icon name="history" />
          {t.changes.history}
        </DialogLink>
      )}
      <DialogLink class="menu-item" href={`${path}/details`}>
        <Icon name="clock" />
        {t.details.title}
      </DialogLink>
      {choices.edit === 'late' && <p class="menu-note">{t.changes.editLate}</p>}
      {choices.unsend === 'late' && <p class="menu-note">{t.changes.unsendLate}</p>}
      {nothing && <p class="menu-note">{t.changes.nothing}</p>}
    </>
  )
}

/** The same as a page of its own. */
export function BubbleChoicesPage(props: OfMessage & { choices: Choices }) {
  return (
    <DialogPage
      i18n={props.i18n}
      title={props.i18n.t.changes.menu}
      back={`/conversations/${props.message.conversationId}`}
    >
      <BubbleChoices {...props} />
    </DialogPage>
  )
}

const hasVersions = ({ editedAt, change }: ThreadMessage) => editedAt !== null && change !== null

/** That its words are not the first ones, and since when; or that they are on their way. */
export function Edited({ i18n: { t, fill, time, dateTime }, message }: OfMessage) {
  const { editedAt, deletedAt, change } = message
  if (deletedAt !== null) return null
  const onItsWay = change?.state === 'queued' || change?.state === 'sending'
  const said = editedAt === null ? '' : fill(t.content.edited, { at: time(editedAt) })
  return (
    <>
      {onItsWay && <span class="bubble-changing">{t.changes.onItsWay[change.type]}</span>}
      {editedAt !== null && hasVersions(message) && !onItsWay && (
        <DialogLink href={`${pathOf(message)}/versions`} title={dateTime(editedAt)}>
          {said}
        </DialogLink>
      )}
      {editedAt !== null && !hasVersions(message) && <span title={dateTime(editedAt)}>{said}</span>}
    </>
  )
}

/** What became of the last change, where it is not simply done: the words before it stand again. */
export function ChangeStanding({ i18n, message }: OfMessage) {
  const { change, deletedAt } = message
  if (!change || deletedAt !== null) return null
  if (change.state === 'queued') return <ChangeWaits i18n={i18n} message={message} change={change} />
  if (change.state === 'failed' || change.state === 'unknown')
    return <ChangeFailed i18n={i18n} message={message} change={change} />
  return null
}

interface OfChange extends OfMessage {
  change: Change
}

const asSend = ({ channel }: ThreadMessage, { attempt, askedAt }: Change) => ({ channel, attempt, occurredAt: askedAt })

function ChangeWaits({ i18n, message, change }: OfChange) {
  const { t, fill, time } = i18n
  const waiting = explainWaiting(i18n, asSend(message, change))
  if (!waiting) return null
  return (
    <div class="standing standing--waiting">
      <p>
        <Icon name="clock" />
        {fill(t.bubble.waiting, { reason: waiting.reason })}{' '}
        {waiting.until !== null && fill(t.bubble.waitingUntil, { at: time(waiting.until) })}
      </p>
    </div>
  )
}

function ChangeFailed({ i18n, message, change }: OfChange) {
  const { t, fill } = i18n
  const { type, state, body } = change
  const failed = state === 'failed'
  const { reason } = explainFailure(i18n, asSend(message, change))
  return (
    <div class={failed ? 'standing standing--failed' : 'standing standing--waiting'}>
      <p>
        <Icon name={failed ? 'circle-alert' : 'circle-question-mark'} />
        <span>{failed ? fill(t.changes.failed[type], { reason }) : t.changes.unknown[type]}</span>
      </p>
      {failed && type === 'edit' && body !== null && (
        <p class="standing-hint">
          {t.changes.wanted} <Words>{body}</Words>
        </p>
      )}
      <div class="standing-acts">
        {type === 'edit' ? (
          <a
            class="button button--small"
            href={`${pathOf(message)}/edit`}
            hx-get={`${pathOf(message)}/edit`}
            hx-target={`#${REWORDING}`}
            hx-swap="innerHTML"
          >
            {t.changes.editAgain}
          </a>
        ) : (
          <Act action={pathOf(message)} method="DELETE">
            <button type="submit" class="button button--small">
              {t.bubble.retry}
            </button>
          </Act>
        )}
      </div>
    </div>
  )
}

export interface Version {
  body: string
  at: number
  by: string | null
}

/** Everything that it has said, the newest first. */
export function MessageVersions({ i18n, versions, back }: { i18n: I18n; versions: Version[]; back: string }) {
  const { t, fill, dateTime } = i18n
  return (
    <DialogPage i18n={i18n} title={t.changes.history} back={back}>
      {versions.length === 0 && <p class="faint">{t.comments.noHistory}</p>}
      <ul class="versions">
        {versions.map(({ body, at, by }) => (
          <li class="bubble" data-direction="outgoing">
            <Words class="bubble-text">{body}</Words>
            <p class="bubble-meta">
              <bdi hx-ignore>{fill(t.changes.versionOf, { name: by ?? t.thread.team, at: dateTime(at) })}</bdi>
            </p>
          </li>
        ))}
      </ul>
    </DialogPage>
  )
}
