import type { ConversationRow } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { ContactPanel, NoPanel, type PanelProps } from './contact-panel.tsx'
import { Row } from './conversation-row.tsx'
import { ListHead, type ListHeadProps, type View, ViewCount } from './list-head.tsx'
import { NoThread, Thread, type ThreadProps } from './thread.tsx'

export { Row } from './conversation-row.tsx'

export interface ConversationListProps {
  i18n: I18n
  rows: ConversationRow[]
  /** For saying the time of what is of today, the date of the rest. */
  now: number
  /** Where the page before and the page after this one are; none: this is the first, the last. */
  newer?: string | null
  older?: string | null
  activeId?: string | null
  /** Which rows belong here: the script asks of every row that comes live. */
  filter: {
    view: View
    inboxId: string | null
    departmentId: string | null
    agentId: string | null
    status: string | null
    tagIds: string[]
    groupId: string | null
    viewerId: string
    /** The list's own address, as it is remembered. */
    query: string
    remembered: string
  }
}

/** The list beside the thread; on a narrow screen, whichever of the two the address means. */
export function ConversationsPage({
  i18n,
  head,
  list,
  thread,
  panel = null,
}: {
  i18n: I18n
  head: Omit<ListHeadProps, 'i18n' | 'heading'>
  list: Omit<ConversationListProps, 'i18n'>
  thread: Omit<ThreadProps, 'i18n'> | null
  panel?: Omit<PanelProps, 'i18n'> | null
}) {
  const { t } = i18n
  return (
    <div class="inbox">
      <aside class="list" aria-label={t.list.label}>
        {/* The page's one heading is the contact's name as soon as a thread is open. */}
        <ListHead i18n={i18n} heading={thread === null} {...head} />
        <ConversationList i18n={i18n} activeId={thread?.conversation.id ?? null} {...list} />
      </aside>
      {thread ? <Thread i18n={i18n} {...thread} /> : <NoThread i18n={i18n} />}
      {panel ? <ContactPanel i18n={i18n} {...panel} /> : <NoPanel />}
    </div>
  )
}

/** The rows of one page. Its `ul` is what a partial request for the list gets, whichever page it asks for. */
export function ConversationList({
  i18n,
  rows,
  now,
  newer = null,
  older = null,
  activeId = null,
  filter,
}: ConversationListProps) {
  const { t } = i18n
  return (
    <ul
      id="conversation-list"
      class="rows"
      data-view={filter.view}
      data-viewer-id={filter.viewerId}
      data-inbox-id={filter.inboxId ?? undefined}
      data-department-id={filter.departmentId ?? undefined}
      data-agent-id={filter.agentId ?? undefined}
      data-status={filter.status ?? undefined}
      data-tagged={filter.tagIds.length > 0 || filter.groupId ? 'true' : undefined}
      data-query={filter.query}
      data-remembered={filter.remembered}
      data-newer={newer ?? undefined}
      data-older={older ?? undefined}
      tabindex={-1}
    >
      {newer && (
        <li class="more">
          <a href={newer}>{t.list.newer}</a>
        </li>
      )}
      <li class="rows-empty">
        <EmptyList i18n={i18n} filter={filter} />
      </li>
      {rows.map((row) => (
        <Row i18n={i18n} row={row} now={now} active={row.id === activeId} />
      ))}
      {older && <OlderRows i18n={i18n} href={older} />}
    </ul>
  )
}

/** What it means that nothing is here, and one thing to do about it. */
function EmptyList({ i18n: { t }, filter }: Pick<ConversationListProps, 'i18n' | 'filter'>) {
  const narrowed =
    filter.inboxId ||
    filter.departmentId ||
    filter.agentId ||
    filter.status ||
    filter.groupId ||
    filter.tagIds.length > 0
  if (narrowed) return <strong>{t.views.filtered}</strong>
  return (
    <>
      <strong>{t.views.empty[filter.view]}</strong>
      {filter.view === 'mine' && <a href="/conversations?view=queue">{t.views.toQueue}</a>}
      {filter.view === 'all' && t.list.emptyHint}
    </>
  )
}

/** Gives way to the next page's rows when it comes near; a plain link where there is no script. */
function OlderRows({ i18n: { t }, href }: { i18n: I18n; href: string }) {
  return (
    <li id="older-conversations" class="more">
      <a
        href={href}
        hx-get={href}
        hx-trigger='intersect once root:#conversation-list rootMargin:"0px 0px 600px 0px", click'
        hx-target="#older-conversations"
        hx-swap="outerHTML strip:true"
        hx-sync="this:drop"
      >
        {t.list.older}
      </a>
    </li>
  )
}

/** All counts of the page as they are now: the rail's badge, the views and the numbers. */
export function LiveCounts({
  i18n,
  unread,
  parts,
}: {
  i18n: I18n
  unread: number
  parts: { id: string; count: number }[]
}) {
  return (
    <>
      <Counts i18n={i18n} unread={unread} />
      {parts.map(({ id, count }) => (
        <hx-partial hx-target={`#${id}`} hx-swap="outerHTML">
          <ViewCount id={id} count={count} />
        </hx-partial>
      ))}
    </>
  )
}

/** How many conversations wait to be read: the badge of the rail, and the number in the page's title. */
export function Counts({ i18n, unread }: { i18n: I18n; unread: number }) {
  return (
    <span id="counts" class="badge" data-unread={unread} hidden={unread === 0}>
      <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
      <span class="visually-hidden">{i18n.count(i18n.t.list.unread, unread)}</span>
    </span>
  )
}
