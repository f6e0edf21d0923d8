/** News of the account that a number belongs to: its templates, its standing, what went wrong with it. */
import * as z from 'zod'
import type { AccountEvent } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { detailOf, Id, MetaError } from '../meta/meta.ts'
import { isRow, keep, type Place, type ReadItem, unnamed } from './place.ts'

const Template = z.object({
  event: z.string().min(1),
  message_template_id: maybe(Id),
  message_template_name: z.string().min(1),
  message_template_language: z.string().min(1),
  reason: maybe(z.string()),
  rejection_info: maybe(z.object({ reason: maybe(z.string()) })),
})

export const readTemplate: ReadItem = (place, item) => {
  const template = Template.safeParse(item).data
  if (!template) return [keep(place, 'template', item)]
  const reason = template.rejection_info?.reason ?? template.reason
  return [
    unnamed(place, item, {
      kind: 'template',
      externalId: template.message_template_id ?? null,
      name: template.message_template_name,
      language: template.message_template_language,
      status: template.event.toUpperCase(),
      reason: reason && reason !== 'NONE' ? reason : null,
      ...ofBusiness(place.businessAccountId),
    }),
  ]
}

const ofBusiness = (id: string | null | undefined) => (id ? { businessAccountId: id } : {})

const Account = z.object({
  event: z.string(),
  waba_info: maybe(z.object({ waba_id: maybe(Id) })),
  disconnection_info: maybe(z.object({ reason: maybe(z.string()) })),
  ban_info: maybe(z.object({ waba_ban_state: maybe(z.string()) })),
  violation_info: maybe(z.object({ violation_type: maybe(z.string()) })),
  restriction_info: maybe(z.array(z.object({ restriction_type: maybe(z.string()) }).catch({}))),
})
type Account = z.infer<typeof Account>

const NEWS: Record<string, AccountEvent['what']> = {
  ACCOUNT_DELETED: 'disconnected',
  ACCOUNT_OFFBOARDED: 'disconnected',
  PARTNER_APP_UNINSTALLED: 'disconnected',
  PARTNER_REMOVED: 'disconnected',
  ACCOUNT_RECONNECTED: 'reconnected',
  ACCOUNT_RESTRICTION: 'restricted',
  ACCOUNT_VIOLATION: 'warning',
}

export const readAccount: ReadItem = (place, item) => {
  const account = Account.safeParse(item).data
  const what = account && whatOf(account)
  if (!account || !what) return [keep(place, 'account', item)]
  return [
    unnamed(place, item, {
      kind: 'account',
      what,
      code: account.event,
      detail: reasonOf(account),
      ...ofBusiness(account.waba_info?.waba_id ?? place.businessAccountId),
    }),
  ]
}

/** A ban is told before it comes, and when it is lifted. */
function whatOf({ event, ban_info }: Account): AccountEvent['what'] | undefined {
  if (event !== 'DISABLED_UPDATE') return Object.hasOwn(NEWS, event) ? NEWS[event] : undefined
  switch (ban_info?.waba_ban_state) {
    case 'REINSTATE':
      return 'reconnected'
    case 'SCHEDULE_FOR_DISABLE':
      return 'warning'
    default:
      return 'disconnected'
  }
}

function reasonOf({ disconnection_info, ban_info, violation_info, restriction_info }: Account): string | null {
  const restrictions = restriction_info?.flatMap(({ restriction_type }) => restriction_type || []).join(', ')
  return (
    disconnection_info?.reason || ban_info?.waba_ban_state || violation_info?.violation_type || restrictions || null
  )
}

const HISTORY_DECLINED = '2593109'

/** An error of no message: of the account, or of the past that it was asked for. */
export const readError: ReadItem = (place, item): Found[] => {
  const error = MetaError.safeParse(item).data
  if (!error) return [keep(place, isRow(item) ? 'error' : 'unknown', item)]
  return [errorEvent(place, item, error)]
}

const errorEvent = (place: Place, item: unknown, error: MetaError): Found =>
  unnamed(place, item, {
    kind: 'account',
    what: error.code === HISTORY_DECLINED ? 'history_declined' : 'error',
    code: error.code,
    detail: detailOf(error) || null,
  })
