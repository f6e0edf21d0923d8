/** The page of contacts, as it is drawn for whoever looks and after whatever was done to many of them. */
import type { Context } from 'hono'
import * as z from 'zod'
import { type ContactFilter, contactsPage, toContactsPage } from '../db/queries/contacts.ts'
import { fieldsOf, toField } from '../db/queries/custom-fields.ts'
import { groupsOf } from '../db/queries/groups.ts'
import { tagsOf } from '../db/queries/tags.ts'
import { readAs } from '../db/read-as.ts'
import { mayImport } from '../domain/contact-imports.ts'
import { searchTerms, termsOf } from '../domain/contacts.ts'
import { foldedKey } from '../domain/text.ts'
import type { ContactsProps, MarksDone } from '../views/contacts.tsx'
import type { RouteEnv } from './route-env.ts'
import { searchRefused } from './search-limit.ts'

export const FilterFields = {
  q: z.string().max(4_000).default(''),
  group: z.uuid().or(z.literal('')).default(''),
  /** A field, and one of its choices. */
  field: z
    .templateLiteral([z.uuid(), ':', z.string().max(500)])
    .or(z.literal(''))
    .default(''),
  blocked: z.literal('on').or(z.literal('')).default(''),
}

export interface Filter {
  q: string
  group: string
  field: string
  blocked: 'on' | ''
}

/** Null: a search for nothing that could be found finds nobody, rather than everybody. */
export function filterOf({ q, group, field, blocked }: Filter): ContactFilter | null {
  const terms = searchTerms(q)
  if (q.trim() !== '' && terms.length === 0) return null
  const among = { groupId: group || null, blocked: blocked === 'on' }
  if (field === '') return { terms, ...among }
  const [id, value] = [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1)]
  return { terms: [...terms, ...termsOf(foldedKey(value))], ...among, field: { id, value } }
}

export async function contactsProps(
  c: Context<RouteEnv>,
  given: Filter,
  after: string | null = null,
  done: MarksDone | null = null,
): Promise<ContactsProps> {
  const { app, viewer, i18n } = c.var
  const { q, group, field, blocked } = given
  const refused = after === null ? await searchRefused(c, q) : null
  const filter = refused === null ? filterOf(given) : null
  const [found, groups, tags, fields] = await readAs(
    app.db,
    viewer,
    contactsPage(viewer, filter ?? { terms: [], groupId: null }, after),
    groupsOf(viewer),
    tagsOf(viewer),
    fieldsOf(viewer),
  )
  const { rows, after: next } = toContactsPage(filter ? found : [], viewer)
  const moreHref = next && moreThan(given, next)
  const choices = fields.map(toField).filter(({ kind }) => kind === 'choice')
  const chosen = { q, groupId: group || null, field, blocked: blocked === 'on' }
  return { i18n, ...chosen, groups, tags, choices, rows, moreHref, leads: mayImport(viewer), done, refused }
}

function moreThan({ q, group, field, blocked }: Filter, after: string): string {
  const query = new URLSearchParams({
    ...(q ? { q } : {}),
    ...(group ? { group } : {}),
    ...(field ? { field } : {}),
    ...(blocked ? { blocked } : {}),
    after,
  })
  return `/contacts?${query}`
}
