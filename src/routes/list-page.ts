/** The list beside every thread: what it reads, and what of it is shown. */
import type { Context } from 'hono'
import type { Query } from '../db/client.ts'
import {
  type DirectoryEntry,
  directory,
  EVERYTHING,
  type InboxCount,
  inboxCounts,
  LIST_PAGE,
  type ListFilter,
  listPage,
  mineCount,
  toRows,
} from '../db/queries/conversation-list.ts'
import type { Cursor, Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import type { ConversationListProps } from '../views/conversations.tsx'
import type { ListHeadProps } from '../views/list-head.tsx'
import { listPlace } from './cursors.ts'
import { filterIn, listHref, queryOf } from './list-filter.ts'
import type { RouteEnv } from './route-env.ts'

/** The filter that the address names; else the one that the agent chose last. */
export function filterOf(c: Context<RouteEnv>): ListFilter {
  const { searchParams } = new URL(c.req.url)
  return filterIn(searchParams) ?? filterIn(new URLSearchParams(c.var.viewer.listFilters)) ?? EVERYTHING
}

export const listQueries = (
  viewer: Viewer,
  filter: ListFilter,
  { before, after }: { before?: Cursor | undefined; after?: Cursor | undefined },
) =>
  [
    listPage(viewer, filter, after ? { from: after, newer: true } : before ? { from: before } : {}),
    directory(viewer, filter),
    inboxCounts(viewer),
    mineCount(viewer),
  ] as const

type RowsOf<Queries extends readonly unknown[]> = {
  -readonly [K in keyof Queries]: Queries[K] extends Query<infer Row> ? Row[] : never
}
export type ListRead = RowsOf<ReturnType<typeof listQueries>>

export function listProps(
  c: Context<RouteEnv>,
  filter: ListFilter,
  [stored, names]: ListRead,
  { before, after }: { before?: Cursor | undefined; after?: Cursor | undefined },
): Omit<ConversationListProps, 'i18n'> {
  const { viewer, app } = c.var
  const rows = toRows(stored, names)
  const [first, last] = [rows[0], rows.at(-1)]
  const full = rows.length === LIST_PAGE
  return {
    rows,
    now: app.now(),
    newer: first && (before || (after && full)) ? listHref(filter, { after: listPlace(first) }) : null,
    older: last && (full || after) ? listHref(filter, { before: listPlace(last) }) : null,
    filter: { ...filter, viewerId: viewer.agentId, query: queryOf(filter), remembered: viewer.listFilters },
  }
}

export function headProps(
  { t }: I18n,
  filter: ListFilter,
  [, names, counts, mine]: ListRead,
): Omit<ListHeadProps, 'i18n' | 'heading'> {
  const counted = viewCounts(counts, mine[0]?.unread ?? 0)
  const unreadOf = new Map(counts.map(({ inbox_id, unread }) => [inbox_id, unread]))
  const numbers = names.filter(({ kind, usable, state }) => kind === 'inbox' && usable === 1 && state !== 'removed')
  return {
    views: (['mine', 'queue', 'all', 'closed'] as const).map((view) => ({
      view,
      href: listHref({
        ...filter,
        view,
        agentId: view === 'mine' ? null : filter.agentId,
        status: view === 'queue' ? null : filter.status,
      }),
      active: filter.view === view,
      count: counted[view],
    })),
    numbers: [
      {
        id: null,
        name: t.filters.allNumbers,
        detail: null,
        channel: null,
        state: null,
        href: listHref({ ...filter, inboxId: null }),
        active: filter.inboxId === null,
        unread: 0,
      },
      ...numbers.map(({ id, name, detail, channel, state }) => ({
        id,
        name,
        detail,
        channel,
        state,
        href: listHref({ ...filter, inboxId: id }),
        active: filter.inboxId === id,
        unread: unreadOf.get(id) ?? 0,
      })),
    ],
    chips: chipsOf(t, filter, names),
    clearHref: listHref({ ...EVERYTHING, view: filter.view }),
    filtersHref: `/conversations/filters?${queryOf(filter) || 'view=all'}`,
  }
}

/** Whose number stands beside which view: what waits in the queue, elsewhere what is unread. */
export const viewCounts = (counts: InboxCount[], mine: number) => ({
  mine,
  queue: counts.reduce((sum, { waiting }) => sum + waiting, 0),
  all: unreadIn(counts),
  closed: 0,
})

export const unreadIn = (counts: InboxCount[]) => counts.reduce((sum, { unread }) => sum + unread, 0)

function chipsOf(t: I18n['t'], filter: ListFilter, names: DirectoryEntry[]): ListHeadProps['chips'] {
  const nameOf = (id: string) => names.find((entry) => entry.id === id)?.name ?? id.slice(0, 8)
  const chip = (name: string, without: Partial<ListFilter>) => ({
    name,
    hrefWithout: listHref({ ...filter, ...without }),
  })
  return [
    ...(filter.inboxId ? [chip(nameOf(filter.inboxId), { inboxId: null })] : []),
    ...(filter.departmentId ? [chip(nameOf(filter.departmentId), { departmentId: null })] : []),
    ...(filter.agentId ? [chip(nameOf(filter.agentId), { agentId: null })] : []),
    ...(filter.status ? [chip(t.conversationState[filter.status], { status: null })] : []),
    ...(filter.groupId ? [chip(nameOf(filter.groupId), { groupId: null })] : []),
    ...filter.tagIds.map((id) => chip(nameOf(id), { tagIds: filter.tagIds.filter((other) => other !== id) })),
  ]
}
