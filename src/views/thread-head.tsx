/** The head of a thread: who it is, where, who has it, and what can be done with it. The same for everyone. */

import { channelNamed } from '../channels/index.ts'
import type { ConversationHead } from '../db/records.ts'
import { windowEndsAt } from '../domain/reply-window.ts'
import type { I18n } from '../i18n/index.ts'
import { BlockedChip } from './blocking.tsx'
import { ChannelSign } from './channel-sign.tsx'
import { PanelOpener } from './contact-panel.tsx'
import { Avatar, contactNameOf } from './conversation-row.tsx'
import { Act } from './forms.tsx'
import { Icon, type IconName } from './icon.tsx'
import { threadHeadId } from './ids.ts'
import { readablePhone } from './phone.ts'
import { TagButton, TagChips } from './tag.tsx'

interface OfConversation {
  i18n: I18n
  conversation: ConversationHead
}

export function ThreadHead({ i18n, conversation }: OfConversation) {
  const { t } = i18n
  return (
    <header
      id={threadHeadId(conversation.id)}
      class="thread-head"
      data-status={conversation.status}
      data-blocked={conversation.blocked ? '' : undefined}
      data-version={conversation.version}
      data-assignee-id={conversation.assigneeId ?? undefined}
      data-seq={conversation.seq}
    >
      <a class="icon-button thread-back" href="/conversations" aria-label={t.nav.back} title={t.nav.back}>
        <Icon name="arrow-left" />
      </a>
      <PanelOpener
        i18n={i18n}
        row={{
          id: conversation.id,
          contactId: conversation.contactId,
          name: contactNameOf(i18n, conversation),
          photo: <Avatar i18n={i18n} row={conversation} />,
        }}
      />
      <TagButton i18n={i18n} contactId={conversation.contactId} />
      <div class="thread-who">
        <h1 id="thread-title" tabindex={-1}>
          <bdi hx-ignore>{contactNameOf(i18n, conversation)}</bdi>
        </h1>
        <p class="thread-where">
          <ChannelSign i18n={i18n} channel={conversation.channel} /> <span>{conversation.inboxName}</span>
          {conversation.contactName && conversation.contactPhone && (
            <span class="thread-phone"> · {readablePhone(conversation.contactPhone)}</span>
          )}
        </p>
      </div>
      <div class="thread-chips">
        <TagChips i18n={i18n} tags={conversation.tags} />
        {conversation.blocked && <BlockedChip i18n={i18n} />}
        <ReplyWindow i18n={i18n} conversation={conversation} />
        {conversation.departmentName && <span class="chip thread-department">{conversation.departmentName}</span>}
        <span class="chip">{standingOf(i18n, conversation)}</span>
      </div>
      <div class="thread-acts">
        {conversation.status === 'open' && conversation.assigneeId === null && (
          <Accept i18n={i18n} conversation={conversation} />
        )}
        <ThreadMenu i18n={i18n} conversation={conversation} />
      </div>
    </header>
  )
}

function standingOf({ t, fill }: I18n, { status, assigneeName }: ConversationHead): string {
  if (status === 'closed') return t.conversationState.closed
  return assigneeName ? fill(t.thread.assignedTo, { name: assigneeName }) : t.conversationState.waiting
}

/** Takes a conversation that waits; one agent gets it. */
export function Accept({ i18n: { t }, conversation: { id } }: { i18n: I18n; conversation: { id: string } }) {
  return (
    <Act action={`/conversations/${id}/assignee`} method="PUT">
      <button type="submit" class="button button--primary button--small" aria-keyshortcuts="i" data-accept>
        {t.acts.accept}
      </button>
    </Act>
  )
}

function ThreadMenu({ i18n: { t }, conversation }: OfConversation) {
  const path = `/conversations/${conversation.id}`
  const menuId = `menu-${conversation.id}`
  return (
    <>
      <button
        type="button"
        id={`menu-button-${conversation.id}`}
        class="icon-button menu-button"
        popovertarget={menuId}
        aria-label={t.acts.menu}
        title={t.acts.menu}
        aria-keyshortcuts="."
      >
        <Icon name="ellipsis-vertical" />
      </button>
      <div id={menuId} class="menu" popover="auto">
        {conversation.inboxStatus === 'removed' || conversation.blocked ? null : conversation.status === 'closed' ? (
          <Act action={`${path}/closure`} method="DELETE">
            <button type="submit" class="menu-item">
              <Icon name="rotate-ccw" />
              {t.acts.reopen}
            </button>
          </Act>
        ) : (
          <>
            <MenuLink href={`${path}/closure`} icon="circle-check" label={t.acts.close} keys="e" />
            <MenuLink href={`${path}/transfer`} icon="forward" label={t.acts.transfer} keys="t" />
          </>
        )}
        <form
          class="act"
          method="post"
          action={`${path}/sync`}
          hx-post={`${path}/sync`}
          hx-swap="none"
          hx-sync="this:drop"
          hx-disable="find button"
          data-sync={conversation.id}
        >
          <input type="hidden" name="seq" value={conversation.seq} />
          <button type="submit" class="menu-item" aria-keyshortcuts="Shift+R">
            <Icon name="refresh-cw" />
            {t.acts.sync}
          </button>
        </form>
      </div>
    </>
  )
}

/** Opens its page in the dialog; without script, as a page. */
function MenuLink({ href, icon, label, keys }: { href: string; icon: IconName; label: string; keys: string }) {
  return (
    <a class="menu-item" href={href} hx-get={href} hx-target="#dialog" hx-swap="innerHTML" aria-keyshortcuts={keys}>
      <Icon name={icon} />
      {label}
    </a>
  )
}

function ReplyWindow({ i18n, conversation }: OfConversation) {
  const limits = channelNamed(conversation.channel)?.limits
  // Who never wrote has no window to run out.
  const endsAt = limits && conversation.lastIncomingAt !== null ? windowEndsAt(limits, conversation) : null
  return endsAt === null || conversation.status === 'closed' ? null : <WindowChip i18n={i18n} endsAt={endsAt} />
}

/** The script counts it down; without it the end is written out. */
function WindowChip({ i18n: { t, fill, dateTime }, endsAt }: { i18n: I18n; endsAt: number }) {
  return (
    <time
      class="chip chip--window"
      datetime={new Date(endsAt).toISOString()}
      title={fill(t.thread.windowUntil, { at: dateTime(endsAt) })}
      hx-morph-skip-children // the words are the script's: drawn anew, they would be long for a moment, and the thread would jump
      data-window={t.thread.window}
      data-hours={t.thread.hours}
      data-minutes={t.thread.minutes}
    >
      {fill(t.thread.windowUntil, { at: dateTime(endsAt) })}
    </time>
  )
}
