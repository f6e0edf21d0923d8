/** What the team writes about a person: in the panel, at its moment in the thread, and on top of it. */
import type { Comment, CommentVersion, Mention, ThreadComment } from '../db/contact-records.ts'
import type { ThreadMessage, Viewer } from '../db/records.ts'
import { mentionsIn } from '../domain/mentions.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { FormattedText } from './formatted-text.tsx'
import { Act, Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { commentKeyId, messageId, messageOrder, stripId } from './ids.ts'
import { Time } from './time.tsx'

type CommentViewer = Pick<Viewer, 'agentId' | 'role'>

export interface CommentsProps {
  i18n: I18n
  viewer: CommentViewer
  contactId: string
  /** Where they are read; null: on the contact's own page. */
  conversationId: string | null
  pinned: Comment[]
  /** The newest first. */
  comments: Comment[]
  olderHref: string | null
}

export interface CommentFormProps {
  i18n: I18n
  contactId: string
  conversationId: string | null
  /** Names this submit: new after each success, unchanged while one is tried again. */
  clientKey: string
  typed?: { text: string; onlyHere: boolean }
  problem?: string | null
}

export function CommentForm({ i18n: { t }, contactId, conversationId, clientKey, typed, problem }: CommentFormProps) {
  const path = `/contacts/${contactId}/comments`
  return (
    <form
      id="comment-form"
      class="comment-form"
      method="post"
      action={path}
      hx-post={path}
      hx-target="this"
      hx-swap="outerMorph"
      hx-sync="this:drop"
      hx-disable="find button[type=submit]"
      novalidate
      autocomplete="off"
    >
      <input type="hidden" id={commentKeyId(contactId)} name="clientKey" value={clientKey} />
      {conversationId && <input type="hidden" name="conversationId" value={conversationId} />}
      <div class="field">
        <label for="comment-text">{t.comments.label}</label>
        <textarea
          id="comment-text"
          name="text"
          rows={3}
          dir="auto"
          required
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={problem ? 'comment-problem' : 'comment-hint'}
        >
          {`\n${typed?.text ?? ''}`}
        </textarea>
        {problem ? (
          <p id="comment-problem" class="field-problem" role="alert">
            {problem}
          </p>
        ) : (
          <p id="comment-hint" class="faint">
            {t.comments.hint}
          </p>
        )}
      </div>
      {conversationId && <OnlyHere t={t} checked={typed?.onlyHere ?? false} />}
      <button type="submit" class="button button--primary">
        {t.comments.add}
      </button>
    </form>
  )
}

/** A checkbox that says by itself whether it is on. */
const SWITCH = { type: 'checkbox', role: 'switch' } as const

/** A switch that says in words what it does, as it stands. */
function OnlyHere({ t, checked }: { t: I18n['t']; checked: boolean }) {
  return (
    <div class="switch">
      <label>
        <input
          {...SWITCH}
          id="comment-only"
          name="onlyHere"
          value="true"
          checked={checked}
          aria-describedby="comment-effect"
        />
        {t.comments.onlyThis}
      </label>
      <p id="comment-effect" class="faint">
        <span class="switch-off">{t.comments.everywhere}</span>
        <span class="switch-on">{t.comments.here}</span>
      </p>
    </div>
  )
}

/** All of them as they are now: what a live change draws anew. */
export function CommentList(props: CommentsProps) {
  const { i18n, pinned, comments, olderHref } = props
  const { t } = i18n
  if (pinned.length + comments.length === 0) {
    return (
      <div id="comments">
        <p class="faint">{t.comments.none}</p>
      </div>
    )
  }
  return (
    <div id="comments">
      <ul class="comments" aria-label={t.comments.list}>
        {[...pinned, ...comments].map((comment) => (
          <CommentItem comment={comment} {...props} />
        ))}
        <OlderComments i18n={i18n} href={olderHref} />
      </ul>
    </div>
  )
}

/** One page of older ones, and the way to the next. */
export function MoreComments(props: CommentsProps) {
  return (
    <>
      {props.comments.map((comment) => (
        <CommentItem comment={comment} {...props} />
      ))}
      <OlderComments i18n={props.i18n} href={props.olderHref} />
    </>
  )
}

function OlderComments({ i18n: { t }, href }: { i18n: I18n; href: string | null }) {
  if (href === null) return null
  return (
    <li id="older-comments" class="more">
      <a href={href} hx-get={href} hx-target="#older-comments" hx-swap="outerHTML" hx-sync="this:drop">
        {t.comments.older}
      </a>
    </li>
  )
}

function CommentItem({ comment, ...props }: CommentsProps & { comment: Comment }) {
  const { i18n, viewer, conversationId } = props
  const { t, fill } = i18n
  return (
    <li
      id={`comment-${comment.id}`}
      class="comment"
      data-comment-id={comment.id}
      data-pinned={comment.pinnedAt === null ? undefined : ''}
    >
      <header class="comment-head">
        <strong>
          <bdi hx-ignore>{comment.authorName ?? t.comments.someone}</bdi>
        </strong>
        <time datetime={new Date(comment.createdAt).toISOString()}>{i18n.dateTime(comment.createdAt)}</time>
        {comment.editedAt !== null && (
          <DialogLink href={`${pathOf(comment)}/versions`} title={i18n.dateTime(comment.editedAt)}>
            {t.comments.edited}
          </DialogLink>
        )}
        {mayChange(viewer, comment) && <CommentMenu i18n={i18n} comment={comment} conversationId={conversationId} />}
      </header>
      {comment.pinnedAt !== null && (
        <p class="comment-mark">
          <Icon name="pin" />
          {t.comments.pinned}
        </p>
      )}
      <CommentText body={comment.body} mentions={comment.mentions} />
      {comment.conversationId !== null && (
        <p class="comment-where">
          {conversationId === null ? (
            <a href={`/conversations/${comment.conversationId}`}>
              {fill(t.comments.forConversation, { inbox: comment.inboxName ?? '' })}
            </a>
          ) : (
            t.comments.here
          )}
        </p>
      )}
    </li>
  )
}

/** Their own, or anyone's for those who supervise; the verb decides, this only hides what would be refused. */
const mayChange = (viewer: CommentViewer, { authorId }: Comment) =>
  viewer.role !== 'agent' || viewer.agentId === authorId

function CommentMenu({
  i18n: { t, fill },
  comment,
  conversationId,
}: {
  i18n: I18n
  comment: Comment
  conversationId: string | null
}) {
  const menuId = `comment-menu-${comment.id}`
  const name = comment.authorName ?? t.comments.someone
  const path = pathOf(comment)
  const where: Record<string, string> = conversationId ? { conversationId } : {}
  const pinned = comment.pinnedAt !== null
  return (
    <div class="comment-menu">
      <button
        type="button"
        class="icon-button"
        popovertarget={menuId}
        aria-label={fill(t.comments.menu, { name })}
        title={fill(t.comments.menu, { name })}
      >
        <Icon name="ellipsis-vertical" />
      </button>
      <div id={menuId} class="menu" popover="auto">
        <Act action={`${path}/highlight`} method={pinned ? 'DELETE' : 'PUT'} fields={where}>
          <button type="submit" class="menu-item">
            <Icon name="pin" />
            {pinned ? t.comments.unpin : t.comments.pin}
          </button>
        </Act>
        <DialogLink class="menu-item" href={`${path}/edit${conversationId ? `?conversation=${conversationId}` : ''}`}>
          <Icon name="pencil" />
          {t.comments.edit}
        </DialogLink>
        <Act action={path} method="DELETE" fields={where} confirm={fill(t.comments.deleteConfirm, { name })}>
          <button type="submit" class="menu-item">
            <Icon name="x" />
            {t.comments.delete}
          </button>
        </Act>
      </div>
    </div>
  )
}

const pathOf = ({ contactId, id }: Pick<Comment, 'contactId' | 'id'>) => `/contacts/${contactId}/comments/${id}`

/** The text, with those whom it names marked. */
function CommentText({ body, mentions }: { body: string; mentions: Mention[] }) {
  const named = mentionsIn(body, mentions)
  const starts = [0, ...named.map(({ end }) => end)]
  return (
    <bdi class="comment-text" dir="auto" hx-ignore>
      {starts.map((start, at) => (
        <>
          <FormattedText text={body.slice(start, named[at]?.start ?? body.length)} />
          {named[at] && <mark class="mention">{body.slice(named[at].start, named[at].end)}</mark>}
        </>
      ))}
    </bdi>
  )
}

/** A comment for one conversation alone, at its moment in the thread. Nothing of it ever leaves the house. */
export function CommentLine({
  i18n,
  message,
  comment,
}: {
  i18n: I18n
  message: ThreadMessage
  comment: ThreadComment
}) {
  const { t } = i18n
  return (
    <div
      id={messageId(message.id)}
      class="event event--comment"
      data-kind="comment"
      data-comment-id={message.id}
      data-seq={message.seq}
      data-order={messageOrder(message)}
    >
      <p class="event-head">
        {comment.pinned && <Icon name="pin" label={t.comments.pinned} />}
        <strong>{t.kind.comment}</strong> · <bdi hx-ignore>{message.authorName ?? t.comments.someone}</bdi> ·{' '}
        <Time i18n={i18n} at={message.occurredAt} />
        {comment.edited && <span> · {t.comments.edited}</span>}
      </p>
      <CommentText body={comment.body} mentions={comment.mentions} />
    </div>
  )
}

/** The highlighted ones, on top of the thread. */
export function CommentStrip({
  i18n,
  conversationId,
  pinned,
}: {
  i18n: I18n
  conversationId: string
  pinned: Comment[]
}) {
  const { t } = i18n
  return (
    <section id={stripId(conversationId)} class="strip" aria-label={t.comments.pinnedList} hidden={pinned.length === 0}>
      {pinned.map((comment) => (
        <div class="strip-item" data-comment-id={comment.id}>
          <Icon name="pin" label={t.comments.pinned} />
          <CommentText body={comment.body} mentions={comment.mentions} />
          <span class="faint">
            <bdi hx-ignore>{comment.authorName ?? t.comments.someone}</bdi>
          </span>
        </div>
      ))}
    </section>
  )
}

interface EditProps {
  i18n: I18n
  comment: Comment
  conversationId: string | null
  back: string
  /** What was typed, where it was refused; then the comment is shown as it is now, too. */
  typed?: string
  problem?: string | null
}

export function CommentEdit({ i18n, comment, conversationId, back, typed, problem = null }: EditProps) {
  const { t } = i18n
  return (
    <DialogPage i18n={i18n} title={t.comments.editTitle} back={back}>
      <form {...postsFromDialog(pathOf(comment))} class="stack">
        <Override method="PUT" />
        <input type="hidden" name="version" value={comment.version} />
        {conversationId && <input type="hidden" name="conversationId" value={conversationId} />}
        {typed !== undefined && typed !== comment.body && (
          <blockquote class="comment-now">
            <p class="faint">{t.comments.now}</p>
            <CommentText body={comment.body} mentions={comment.mentions} />
          </blockquote>
        )}
        <div class="field">
          <label for="comment-edit-text">{t.comments.label}</label>
          <textarea
            id="comment-edit-text"
            name="text"
            rows={5}
            dir="auto"
            required
            autofocus
            aria-invalid={problem ? 'true' : undefined}
            aria-describedby={problem ? 'comment-edit-problem' : undefined}
          >
            {`\n${typed ?? comment.body}`}
          </textarea>
          {problem && (
            <p id="comment-edit-problem" class="field-problem" role="alert">
              {problem}
            </p>
          )}
        </div>
        <div class="dialog-acts">
          <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.comments.save}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

/** What it said before each edit. */
export function CommentVersions({ i18n, versions, back }: { i18n: I18n; versions: CommentVersion[]; back: string }) {
  const { t, fill, dateTime } = i18n
  return (
    <DialogPage i18n={i18n} title={t.comments.history} back={back}>
      {versions.length === 0 && <p class="faint">{t.comments.noHistory}</p>}
      <ul class="comments">
        {versions.map(({ authorName, createdAt, body }) => (
          <li class="comment">
            <p class="faint">
              <bdi hx-ignore>
                {fill(t.comments.historyBefore, { name: authorName ?? t.comments.someone, at: dateTime(createdAt) })}
              </bdi>
            </p>
            <CommentText body={body} mentions={[]} />
          </li>
        ))}
      </ul>
    </DialogPage>
  )
}
