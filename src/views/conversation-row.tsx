import type { ConversationRow } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { BlockedSign } from './blocking.tsx'
import { ChannelSign } from './channel-sign.tsx'
import { Icon } from './icon.tsx'
import { conversationRowId, rowOrder } from './ids.ts'
import { lineOf } from './kind.ts'
import { readablePhone } from './phone.ts'
import { TagButton, TagChips } from './tag.tsx'

/** One conversation of the list, the same for everyone: what differs by viewer is told by `data-` attributes. */
export function Row({
  i18n,
  row,
  now,
  active = false,
}: {
  i18n: I18n
  row: ConversationRow
  now: number
  active?: boolean
}) {
  const href = `/conversations/${row.id}`
  return (
    <li
      id={conversationRowId(row.id)}
      class="row"
      data-conversation-id={row.id}
      data-seq={row.seq}
      data-order={rowOrder(row)}
      data-status={row.status}
      data-unread={row.unread}
      data-assignee-id={row.assigneeId ?? undefined}
      data-department-id={row.departmentId ?? undefined}
      data-inbox-id={row.inboxId}
      data-identity-id={row.identityId}
    >
      <a
        id={`open-${row.id}`}
        class="row-link"
        href={href}
        hx-get={href}
        hx-target="#thread"
        hx-swap="outerHTML"
        hx-push-url="true"
        hx-preload="mouseenter timeout:5s"
        hx-sync="#conversation-list:replace"
        aria-current={active ? 'true' : undefined}
      >
        <Avatar i18n={i18n} row={row} />
        <span class="row-name">
          {row.blocked && <BlockedSign i18n={i18n} />}
          <bdi hx-ignore>{contactNameOf(i18n, row)}</bdi>
        </span>
        <RowTime i18n={i18n} at={row.lastAt} now={now} />
        <Preview i18n={i18n} row={row} />
        <span class="row-where">
          <ChannelSign i18n={i18n} channel={row.channel} />
          <span>{row.inboxName}</span>
          {row.assigneeName ? (
            <span class="row-assignee"> · {row.assigneeName}</span>
          ) : (
            <span class="row-waiting">
              {' '}
              · {i18n.t.conversationState[row.status === 'closed' ? 'closed' : 'waiting']}
            </span>
          )}
        </span>
        <TagChips i18n={i18n} tags={row.tags} />
        {row.unread > 0 && (
          <span class="badge">
            <span aria-hidden="true">{row.unread > 99 ? '99+' : row.unread}</span>
            <span class="visually-hidden">{i18n.count(i18n.t.list.unread, row.unread)}</span>
          </span>
        )}
      </a>
      <TagButton i18n={i18n} contactId={row.contactId} />
    </li>
  )
}

/** The time today, else the date; the script turns it over at midnight. */
function RowTime({ i18n, at, now }: { i18n: I18n; at: number; now: number }) {
  const today = i18n.dayKey(at) === i18n.dayKey(now)
  return (
    <time class="row-time" datetime={new Date(at).toISOString()} data-shows="day" title={i18n.dateTime(at)}>
      {today ? i18n.time(at) : i18n.date(at)}
    </time>
  )
}

const PREVIEW = 160

function Preview({ i18n: { t }, row: { last, channel } }: { i18n: I18n; row: ConversationRow }) {
  if (!last) return <span class="row-preview" />
  const { icon, name, text } = lineOf(t, channel, last)
  const failing = last.direction === 'outgoing' && (last.state === 'failed' || last.state === 'unknown')
  return (
    <span class="row-preview" data-state={last.state}>
      {last.direction === 'outgoing' && <span class="row-mine">{t.list.you} </span>}
      {failing && (
        <Icon name="circle-alert" label={last.state === 'failed' ? t.messageState.failed : t.messageState.unknown} />
      )}
      {icon && <Icon name={icon} label={name} />}
      <bdi dir="auto" hx-ignore>
        {text.slice(0, PREVIEW).toWellFormed()}
      </bdi>
    </span>
  )
}

/** What the team calls the person. */
export const contactNameOf = (
  i18n: I18n,
  { contactName, contactPhone }: Pick<ConversationRow, 'contactName' | 'contactPhone'>,
) => contactName ?? (contactPhone ? readablePhone(contactPhone) : i18n.t.list.unnamed)

const TINTS = 6

/** Their picture, where we have one; behind it, and instead of it, initials on one of a few tints; the same person always has the same. */
export function Avatar({
  i18n,
  row,
}: {
  i18n: I18n
  row: Pick<ConversationRow, 'contactId' | 'contactName' | 'contactPhone' | 'contactPictureAt'>
}) {
  return (
    <span
      class="avatar"
      data-tint={tintOf(row.contactId)}
      data-initials={initialsOf(contactNameOf(i18n, row))}
      aria-hidden="true"
    >
      {row.contactPictureAt ? (
        <img
          src={`/contacts/${row.contactId}/picture?of=${row.contactPictureAt}`}
          alt=""
          width={40}
          height={40}
          loading="lazy"
        />
      ) : null}
    </span>
  )
}

function tintOf(id: string): number {
  let sum = 0
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973
  return sum % TINTS
}

function initialsOf(name: string): string {
  const words = name
    .slice(0, 120)
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word))
  const first = words[0]
  const last = words.length > 1 ? words.at(-1) : undefined
  const letters = [first, last].map((word) => (word ? String.fromCodePoint(word.codePointAt(0) ?? 0) : ''))
  return letters.join('').toLocaleUpperCase() || '#'
}
