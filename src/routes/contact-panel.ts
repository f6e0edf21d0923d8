/** The contact's panel: whether it is open, what it reads along with a page, and what of that is shown. */
import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import { cookieName, keepsSecureCookies } from '../auth/origins.ts'
import { type Query, query } from '../db/client.ts'
import { COMMENTS_PAGE, commentsOf, pinnedCommentsOf, type StoredComment, toComment } from '../db/queries/comments.ts'
import { type StoredMerge, toMerge, undoableMerges } from '../db/queries/contact-merges.ts'
import {
  addressesOf,
  contactOf,
  historyOf,
  type StoredAddress,
  type StoredContact,
  type StoredHistory,
  tagsOfContact,
  toAddress,
  toContact,
  toHistory,
} from '../db/queries/contacts.ts'
import { fieldValuesOf, type StoredFieldValue, toField } from '../db/queries/custom-fields.ts'
import { type GroupChoice, groupChoices } from '../db/queries/groups.ts'
import type { TagChip } from '../db/records.ts'
import { mayAdministrate } from '../domain/administration.ts'
import { UNDO_MS } from '../domain/contacts.ts'
import { AppError } from '../domain/errors.ts'
import { mayManageGroups } from '../domain/groups.ts'
import type { PanelProps, TabContent } from '../views/contact-panel.tsx'
import type { Tab } from '../views/contact-place.ts'
import type { RouteEnv } from './route-env.ts'

export const TabName = z.enum(['comments', 'groups', 'data', 'history']).catch('comments')
const YEAR_S = 365 * 24 * 60 * 60

/** The panel as the address asks for it, or as it was left. */
export interface PanelAsked {
  tab: Tab
  asked: boolean
}

/** Null: it is closed. What the address says is remembered. */
export function panelAsked(c: Context<RouteEnv>): PanelAsked | null {
  const panel = c.req.query('panel')
  if (panel !== undefined) {
    const open = panel === 'contact'
    rememberPanel(c, open)
    return open ? { tab: TabName.parse(c.req.query('tab')), asked: true } : null
  }
  return getCookie(c, cookieName(c.env, 'panel')) === 'open' ? { tab: 'comments', asked: false } : null
}

/** A habit of this browser's; it says nothing of anyone. */
export function rememberPanel(c: Context<RouteEnv>, open: boolean): void {
  setCookie(c, cookieName(c.env, 'panel'), open ? 'open' : 'closed', {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: keepsSecureCookies(c.env),
    maxAge: YEAR_S,
  })
}

export interface PanelPlace {
  contactId: string | SQL
  conversationId: string | null
}

export interface CommentCursor {
  at: number
  tie: string
}

const nothing = <Row>(): Query<Row> => query<Row>(sql`SELECT 1 WHERE 0`)

/** What the open tab needs, and nothing of the others. */
export const panelQueries = (
  c: Context<RouteEnv>,
  { contactId, conversationId }: PanelPlace,
  tab: Tab,
  before: CommentCursor | null = null,
) => {
  const { app, viewer } = c.var
  const place = { contactId, conversationId }
  return [
    contactOf(viewer, contactId),
    tab === 'comments' ? commentsOf(viewer, place, before) : nothing<StoredComment>(),
    tab === 'comments' ? pinnedCommentsOf(viewer, place) : nothing<StoredComment>(),
    tab === 'groups' ? groupChoices(viewer, contactId) : nothing<GroupChoice>(),
    tab === 'data' ? tagsOfContact(viewer, contactId) : nothing<TagChip>(),
    tab === 'data' ? addressesOf(viewer, contactId) : nothing<StoredAddress>(),
    tab === 'data' ? undoableMerges(viewer, contactId, app.now() - UNDO_MS) : nothing<StoredMerge>(),
    tab === 'history' ? historyOf(viewer, contactId) : nothing<StoredHistory>(),
    tab === 'data' ? fieldValuesOf(viewer, contactId) : nothing<StoredFieldValue>(),
  ] as const
}

export type PanelRead = [
  StoredContact[],
  StoredComment[],
  StoredComment[],
  GroupChoice[],
  TagChip[],
  StoredAddress[],
  StoredMerge[],
  StoredHistory[],
  StoredFieldValue[],
]

export function panelProps(
  c: Context<RouteEnv>,
  [contacts, comments, pinned, groups, tags, addresses, merges, history, values]: PanelRead,
  conversationId: string | null,
  { tab, asked }: PanelAsked,
): Omit<PanelProps, 'i18n'> {
  if (!contacts[0]) throw new AppError('not_found')
  const contact = toContact(contacts[0])
  const { viewer } = c.var
  const content = (): TabContent => {
    switch (tab) {
      case 'comments':
        return {
          tab,
          list: {
            viewer,
            contactId: contact.id,
            conversationId,
            pinned: pinned.map(toComment),
            ...olderIn(contact.id, conversationId, comments),
          },
          form: { contactId: contact.id, conversationId, clientKey: crypto.randomUUID() },
        }
      case 'groups':
        return {
          tab,
          groups: {
            contactId: contact.id,
            conversationId,
            groups: groups.map(({ member, ...group }) => ({ ...group, member: member === 1 })),
            mayManage: mayManageGroups(viewer),
          },
        }
      case 'data':
        return {
          tab,
          tags,
          addresses: addresses.map(toAddress),
          merges: merges.map(toMerge),
          mayErase: mayAdministrate(viewer),
          values: values.map(({ value, ...field }) => ({ field: toField(field), value: value ?? '' })),
        }
      case 'history':
        return { tab, history: history.map(toHistory) }
    }
  }
  return { contact, conversationId, content: content(), asked }
}

/** One page of comments, and the way to the next. */
export function olderIn(contactId: string, conversationId: string | null, stored: StoredComment[]) {
  const comments = stored.slice(0, COMMENTS_PAGE).map(toComment)
  const last = stored.length > COMMENTS_PAGE ? comments.at(-1) : undefined
  const where = conversationId ? `&conversation=${conversationId}` : ''
  return {
    comments,
    olderHref: last ? `/contacts/${contactId}/comments?before=${last.createdAt}-${last.id}${where}` : null,
  }
}
