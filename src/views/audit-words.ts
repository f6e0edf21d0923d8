/** An entry of the audit log in the words of whoever reads it, on the page and in the file alike. */
import { AUDIT_ACTIONS, type AuditAction } from '../db/audit-actions.ts'
import type { Role } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'

export interface AuditEntryShown {
  id: string
  at: number
  /** Null: nobody in particular. */
  actor: { id: string; name: string | null } | null
  action: string
  target: { type: string; id: string; name: string | null; role: Role | null; placeId: string | null } | null
  detail: Record<string, unknown>
}

export const actorIn = ({ t }: I18n, { actor }: AuditEntryShown): string =>
  actor ? (actor.name ?? t.audit.gone) : t.audit.system

/** What another version of us wrote is shown as it stands. */
export const doneIn = ({ t }: I18n, action: string): string => (isAction(action) ? t.audit.did[action] : action)

const isAction = (action: string): action is AuditAction => (AUDIT_ACTIONS as readonly string[]).includes(action)

/** The names of fields, counts, codes, and what is named by its id; what has no words here is an id, and says nothing. */
export function detailWords(
  i18n: I18n,
  { action, detail }: AuditEntryShown,
  names: ReadonlyMap<string, string>,
): string {
  const { t, fill } = i18n
  return Object.entries(detail)
    .flatMap(([key, value]) => {
      if (key === 'fields' && typeof value === 'number') return [] // what an erasure counted, no names
      const label = key === 'field' ? 'fields' : key
      if (!isDetail(t, label) || value === '' || value === null) return []
      return [fill(t.audit.detail[label], { value: valueIn(i18n, label, action, String(value), names) })]
    })
    .join(' · ')
}

const isDetail = (t: I18n['t'], key: string): key is keyof I18n['t']['audit']['detail'] =>
  Object.hasOwn(t.audit.detail, key)

function valueIn(i18n: I18n, label: string, action: string, value: string, names: ReadonlyMap<string, string>): string {
  const { t } = i18n
  if (label === 'fields') return i18n.list(value.split(' ').map((name) => fieldName(t, name)))
  if ((label === 'role' || action === 'agent.role_changed') && Object.hasOwn(t.agents.role, value))
    return t.agents.role[value as Role]
  return names.get(value) ?? (UUID.test(value) ? t.audit.gone : value)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const fieldName = ({ audit: { field } }: I18n['t'], name: string): string =>
  Object.hasOwn(field, name) ? field[name as keyof typeof field] : name

/** Of what has a page of its own, or stands on one; whatever lost its name is gone. */
const PAGES: Record<string, (id: string) => string> = {
  agent: (id) => `/settings/agents/${id}`,
  department: (id) => `/settings/departments/${id}`,
  inbox: (id) => `/settings/inboxes/${id}`,
  close_reason: () => '/settings/close-reasons',
  field: () => '/settings/contact-fields',
  quick_reply: (id) => `/settings/quick-replies/${id}`,
  tag: () => '/tags',
  group: () => '/groups',
}

/** Null: it never had a name, or lost it with its purpose; that it is gone is no news. */
export function nameIn({ t }: I18n, { action, target }: AuditEntryShown): string | null {
  if (!target || target.type === 'workspace' || NAMELESS.has(target.type)) return target?.name ?? null
  if (target.name !== null) return target.name
  if (ERASING.has(action)) return t.privacy.erasedShort
  return target.placeId === null ? t.audit.gone : t.list.unnamed
}

const NAMELESS = new Set(['invitation', 'import'])
const ERASING = new Set(['contact.erasure_requested', 'contact.erased'])

/** Where it can be looked at, by someone who administrates; null: nowhere, or not by them. */
export function hrefOf(target: NonNullable<AuditEntryShown['target']>, viewer: { role: Role }): string | null {
  const { type, id, name, role, placeId } = target
  if (type === 'contact' || type === 'comment') return placeId && `/contacts/${placeId}`
  if (type === 'conversation' || type === 'message') return placeId && `/conversations/${placeId}`
  if (name === null || (role === 'owner' && viewer.role !== 'owner')) return null
  return PAGES[type]?.(id) ?? null
}
