import type { Child } from 'hono/jsx'
import type { Limits } from '../channels/limits.ts'
import type { Upload } from '../db/queries/uploads.ts'
import type { ConversationHead, Draft } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Unblock } from './blocking.tsx'
import { ChosenFiles, FileButtons } from './chosen-files.tsx'
import { ComposeMenu, type Offer } from './compose-menu.tsx'
import { DialogLink } from './dialog.tsx'
import { messageError, type Problem } from './errors.tsx'
import { Icon, type IconName } from './icon.tsx'
import { clientKeyId } from './ids.ts'
import { quickRepliesPath } from './quick-replies.tsx'
import { QuotedLine, type QuotedMessage, quotedLabel } from './quoted.tsx'
import { templatesPath } from './templates.tsx'

export interface ComposerProps {
  i18n: I18n
  conversation: Pick<ConversationHead, 'id' | 'status' | 'inboxStatus' | 'contactId' | 'blocked'>
  draft: Draft | null
  /** The message that is answered, where the page knows it. */
  quoted?: QuotedMessage | null
  /** Names this submit: new after each success, unchanged while one is tried again. */
  clientKey: string
  /** Why nothing can be written here; null: it can. */
  shut: 'channel' | 'window' | null
  /** What may be sent besides words. */
  offers: Offer[]
  /** What opens the conversation again, where its window is over. */
  outsideWindow: Limits['outsideWindow']
  /** What stands around words to make them bold, italic, struck; null: text is plain. */
  marks: Limits['marks'] | null
  /** The customer is shown that somebody writes. */
  typing: boolean
  /** The way to its templates is gone at once. */
  opensTemplates?: boolean
  textLimit: { length: number; unit: 'utf16' | 'code_points' | 'bytes' }
  /** What is chosen to go along, and what the channel takes; none where it takes no files. */
  files?: { uploads: Upload[]; limits: Pick<Limits, 'files' | 'voice'> }
  problem?: Problem
}

export function Composer(props: ComposerProps) {
  const { i18n, conversation, draft, shut, outsideWindow } = props
  const { t } = i18n
  if (conversation.inboxStatus === 'removed')
    return <Shut i18n={i18n} why="closed" text={t.composer.removed} draft={draft} />
  if (conversation.blocked) {
    const { id: conversationId, contactId } = conversation
    return (
      <Shut
        i18n={i18n}
        why="blocked"
        icon="ban"
        text={t.composer.blocked}
        draft={draft}
        act={<Unblock i18n={i18n} contactId={contactId} conversationId={conversationId} />}
      />
    )
  }
  if (conversation.status === 'closed') return <Shut i18n={i18n} why="closed" text={t.composer.closed} draft={draft} />
  if (!shut) return <Form {...props} />
  if (shut === 'channel') return <Shut i18n={i18n} why={shut} text={t.composer.channelClosed} draft={draft} />
  const byTemplate = outsideWindow === 'template'
  return (
    <Shut
      i18n={i18n}
      why={shut}
      text={byTemplate ? t.composer.windowClosed : t.compose.onlyCustomer}
      draft={draft}
      act={byTemplate && <TemplatesLink {...props} />}
    />
  )
}

interface ShutProps extends Pick<ComposerProps, 'i18n' | 'draft'> {
  /** For the script, which asks again when it is over. */
  why: 'closed' | 'blocked' | 'window' | 'channel'
  icon?: IconName
  text: string
  /** What can be done all the same. */
  act?: Child
}

/** The way to the templates; where a conversation was begun to send one, it is gone at once. */
function TemplatesLink({ i18n: { t }, conversation, opensTemplates = false }: ComposerProps) {
  return (
    <DialogLink
      id="choose-template"
      class="button button--primary button--small"
      href={templatesPath(conversation.id)}
      hx-trigger={opensTemplates ? 'load once, click' : 'click'}
    >
      <Icon name="file-text" />
      {t.templates.choose}
    </DialogLink>
  )
}

/** Nothing can be written here now; what was written before stays, to be read and copied. */
function Shut({ i18n: { t }, why, icon = 'clock', text, draft, act = null }: ShutProps) {
  return (
    <section id="composer" class="composer composer--shut" data-shut={why}>
      <Icon name={icon} />
      <div>
        <p>{text}</p>
        {draft?.body && (
          <p class="composer-kept">
            {t.composer.draft}:{' '}
            <bdi dir="auto" hx-ignore>
              {draft.body}
            </bdi>
          </p>
        )}
      </div>
      {act}
    </section>
  )
}

function Form({
  i18n,
  conversation,
  draft,
  quoted,
  clientKey,
  textLimit,
  offers,
  files,
  problem,
  ...of
}: ComposerProps) {
  const { t } = i18n
  const path = `/conversations/${conversation.id}`
  return (
    <form
      id="composer"
      class="composer"
      method="post"
      action={`${path}/messages`}
      hx-post={`${path}/messages`}
      hx-swap="none"
      hx-sync="this:drop"
      hx-disable="find button[type=submit]"
      novalidate
      data-draft={`${path}/draft`}
      data-limit={textLimit.length}
      data-unit={textLimit.unit}
      data-typing={of.typing ? '' : undefined}
      data-bold={of.marks?.bold}
      data-italic={of.marks?.italic}
      data-strike={of.marks?.strike}
      data-left-one={t.composer.left.one}
      data-left-other={t.composer.left.other}
      data-over-one={t.composer.over.one}
      data-over-other={t.composer.over.other}
      data-unfilled={t.errors.unfilled.detailed}
    >
      <ClientKey conversationId={conversation.id} clientKey={clientKey} />
      <input type="hidden" id="reply-to" name="replyToId" value={draft?.replyToId ?? ''} />
      <ProblemSlot i18n={i18n} problem={problem} />
      <Quoted i18n={i18n} quoted={quoted ?? null} />
      {files && <ChosenFiles i18n={i18n} conversationId={conversation.id} uploads={files.uploads} />}
      <div class="composer-row">
        <ComposeMenu i18n={i18n} conversationId={conversation.id} offers={offers} />
        {files && <FileButtons i18n={i18n} conversationId={conversation.id} limits={files.limits} />}
        <QuickRepliesButton i18n={i18n} conversationId={conversation.id} />
        <div id="quick-replies" class="quick-replies" hx-sync="this:replace" hidden />
        <label class="visually-hidden" for="composer-text">
          {t.composer.label}
        </label>
        <textarea
          id="composer-text"
          class="composer-text"
          name="text"
          rows={1}
          dir="auto"
          required={!files?.uploads.length}
          autocomplete="off"
          placeholder={t.composer.placeholder}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-describedby="composer-problem composer-hint"
          aria-invalid={problem ? 'true' : undefined}
        >
          {/* The first line break of a textarea is not part of its text: an empty one stands in for it. */}
          {`\n${draft?.body ?? ''}`}
        </textarea>
        <button type="submit" class="composer-send" aria-label={t.composer.send} title={t.composer.send}>
          <Icon name="send-horizontal" />
        </button>
      </div>
      <p id="composer-hint" class="composer-hint">
        <span class="composer-keys">
          {t.composer.hint} {of.marks && t.compose.formatHint}
        </span>
        <output id="composer-count" class="composer-count" for="composer-text" />
      </p>
      <template id="pending">
        <div class="bubble bubble--pending" data-direction="outgoing" data-order={AFTER_ALL}>
          <bdi class="bubble-text" dir="auto" hx-ignore />
          <footer class="bubble-meta">
            <span class="state" title={t.bubble.pending}>
              <Icon name="clock" />
              <span>{t.bubble.pending}</span>
            </span>
          </footer>
        </div>
      </template>
    </form>
  )
}

/** With script it writes the `/` that opens them; without, it goes to the page where they are chosen. */
function QuickRepliesButton({ i18n: { t }, conversationId }: { i18n: I18n; conversationId: string }) {
  return (
    <a
      id="choose-quick-reply"
      class="icon-button"
      href={quickRepliesPath(conversationId)}
      aria-label={t.quickReplies.title}
      title={t.quickReplies.title}
    >
      <Icon name="zap" />
    </a>
  )
}

/** Sorts after the order of every message there will be. */
const AFTER_ALL = '9'.repeat(16)

function Quoted({ i18n, quoted }: { i18n: I18n; quoted: QuotedMessage | null }) {
  const { t } = i18n
  return (
    <div id="composer-quote" class="composer-quote" hidden={quoted === null} data-label={quotedLabel(i18n)}>
      <QuotedLine i18n={i18n} quoted={quoted} textId="composer-quote-text" />
      <button
        type="button"
        class="icon-button"
        data-needs-script
        data-unquote
        aria-label={t.composer.removeQuote}
        title={t.composer.removeQuote}
      >
        <Icon name="x" />
      </button>
    </div>
  )
}

function ClientKey({ conversationId, clientKey }: { conversationId: string; clientKey: string }) {
  return <input type="hidden" id={clientKeyId(conversationId)} name="clientKey" value={clientKey} autocomplete="off" />
}

/** Beside the field, whether or not there is anything to say: a screen reader hears what is put into it. */
function ProblemSlot({ i18n, problem }: { i18n: I18n; problem?: Problem | undefined }) {
  return (
    <p id="composer-problem" class="field-problem" role="alert">
      {problem && messageError(i18n, problem)}
    </p>
  )
}

/** A refused text: the reason alone is sent, the field keeps what was typed. */
export function ComposerProblem({ i18n, problem }: { i18n: I18n; problem: Problem }) {
  return (
    <hx-partial hx-target="#composer-problem" hx-swap="innerHTML">
      {messageError(i18n, problem)}
    </hx-partial>
  )
}

/** After a stored message: the key of the next one. That it changed is what tells the script to empty the field. */
export function ComposerReset({ conversationId, clientKey }: { conversationId: string; clientKey: string }) {
  return (
    <hx-partial hx-target={`#${clientKeyId(conversationId)}`} hx-swap="outerHTML">
      <ClientKey conversationId={conversationId} clientKey={clientKey} />
    </hx-partial>
  )
}
