/** What the address of a list says, and back. */
import * as z from 'zod'
import { EVERYTHING, type ListFilter } from '../db/queries/conversation-list.ts'

const Id = z.uuid().nullable().catch(null)
const Ids = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .filter((id) => z.uuid().safeParse(id).success)
      .slice(0, 10),
  )
  .catch([])

/** A filter that does not exist filters nothing: an old link still opens a list. */
const Filter = z.object({
  view: z.enum(['mine', 'queue', 'all', 'closed']).catch('all'),
  inbox: Id,
  department: Id,
  agent: Id,
  status: z.enum(['waiting', 'assigned']).nullable().catch(null),
  tag: Ids,
  match: z.enum(['any', 'all']).catch('any'),
  group: Id,
})

const NAMES = ['view', 'inbox', 'department', 'agent', 'status', 'tag', 'match', 'group'] as const

/** The filter of an address; null where it names none. Several `tag=` mean the same as one with commas. */
export function filterIn(params: URLSearchParams): ListFilter | null {
  if (!NAMES.some((name) => params.has(name))) return null
  const said = Filter.parse({
    ...Object.fromEntries(NAMES.map((name) => [name, params.get(name)])),
    tag: params.getAll('tag').join(','),
  })
  return {
    view: said.view,
    inboxId: said.inbox,
    departmentId: said.department,
    agentId: said.agent,
    status: said.status,
    tagIds: said.tag,
    tagMatch: said.match,
    groupId: said.group,
  }
}

/** As a query string, in one spelling; empty for a list of everything. */
export function queryOf(filter: ListFilter): string {
  const params = new URLSearchParams()
  if (filter.view !== EVERYTHING.view) params.set('view', filter.view)
  if (filter.inboxId) params.set('inbox', filter.inboxId)
  if (filter.departmentId) params.set('department', filter.departmentId)
  if (filter.agentId) params.set('agent', filter.agentId)
  if (filter.status) params.set('status', filter.status)
  if (filter.tagIds.length > 0) params.set('tag', filter.tagIds.join(','))
  if (filter.tagIds.length > 1 && filter.tagMatch === 'all') params.set('match', 'all')
  if (filter.groupId) params.set('group', filter.groupId)
  return params.toString()
}

/** The address of a list: everything is named, or the filter that is remembered would apply. */
export function listHref(filter: ListFilter, place?: { before?: string; after?: string }): string {
  const params = new URLSearchParams(queryOf(filter) || 'view=all')
  if (place?.before) params.set('before', place.before)
  if (place?.after) params.set('after', place.after)
  return `/conversations?${params}`
}
