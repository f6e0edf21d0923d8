/** The page of contacts, as it is drawn for whoever looks and after whatever was done to many of them. */
import type { Context } from 'hono'
import * as z from 'zod'
import { type ContactFilter, contactsPage, toContactsPage } from '../db/queries/contacts.ts'
import { groupsOf } from '../db/queries/groups.ts'
import { tagsOf } from '../db/queries/tags.ts'
import { readAs } from '../db/read-as.ts'
import { mayImport } from '../domain/contact-imports.ts'
import { searchTerms } from '../domain/contacts.ts'
import type { ContactsProps, MarksDone } from '../views/contacts.tsx'
import type { RouteEnv } from './route-env.ts'

export const FilterFields = {
  q: z.string().max(4_000).default(''),
  group: z.uuid().or(z.literal('')).default(''),
}

export interface Filter {
  q: string
  group: string
}

/** Null: a search for nothing that could be found finds nobody, rather than everybody. */
export function filterOf({ q, group }: Filter): ContactFilter | null {
  const terms = searchTerms(q)
  return q.trim() === '' || terms.length > 0 ? { terms, groupId: group || null } : null
}

export async function contactsProps(
  c: Context<RouteEnv>,
  { q, group }: Filter,
  after: string | null = null,
  done: MarksDone | null = null,
): Promise<ContactsProps> {
  const { app, viewer, i18n } = c.var
  const filter = filterOf({ q, group })
  const [found, groups, tags] = await readAs(
    app.db,
    viewer,
    contactsPage(viewer, filter ?? { terms: [], groupId: null }, after),
    groupsOf(viewer),
    tagsOf(viewer),
  )
  const { rows, after: next } = toContactsPage(filter ? found : [], viewer)
  const moreHref = next && moreThan(q, group, next)
  return { i18n, q, groupId: group || null, groups, tags, rows, moreHref, leads: mayImport(viewer), done }
}

function moreThan(q: string, group: string, after: string): string {
  const query = new URLSearchParams({ ...(q ? { q } : {}), ...(group ? { group } : {}), after })
  return `/contacts?${query}`
}
