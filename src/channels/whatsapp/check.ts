/** A connected number: is everything so that messages flow, and how to make it so. */
import * as z from 'zod'
import { ChannelError, type Check, type Checkup, type Reach } from '../channel.ts'
import { maybe } from '../maybe.ts'
import { graphGet, graphPost, Id } from '../meta/meta.ts'
import { isAboutPermissions, judgeWhatsApp, repeatable } from './errors.ts'
import { businessAccountOf } from './templates.ts'

const FIELDS =
  'id,display_phone_number,verified_name,name_status,quality_rating,code_verification_status,account_mode,platform_type,throughput,is_on_biz_app,whatsapp_business_manager_messaging_limit,webhook_configuration'

const PhoneNumber = z.object({
  display_phone_number: maybe(z.string()),
  verified_name: maybe(z.string()),
  name_status: maybe(z.string()),
  quality_rating: maybe(z.string()),
  account_mode: maybe(z.string()),
  platform_type: maybe(z.string()),
  is_on_biz_app: maybe(z.boolean()),
  /** Of several, the first that is there is called. */
  webhook_configuration: maybe(
    z.object({
      phone_number: maybe(z.string().min(1)),
      whatsapp_business_account: maybe(z.string().min(1)),
      application: maybe(z.string().min(1)),
    }),
  ),
})
type PhoneNumber = z.infer<typeof PhoneNumber>

export async function check(reach: Reach, webhookUrl: string): Promise<Checkup> {
  const number = await asked(reach, `${reach.accountId}?fields=${FIELDS}`, PhoneNumber)
  if (number instanceof ChannelError) return refused(number)
  const { permissions, subscription } = await subscriptionOf(reach)
  return {
    name: number.verified_name ?? null,
    address: number.display_phone_number ?? null,
    quality: number.quality_rating ?? null,
    checks: [
      { what: 'token', ok: true, detail: null },
      permissions,
      accountBy(number),
      subscription,
      webhookBy(number, webhookUrl),
    ],
  }
}

/** What was asked for, or the provider's no; throws where it cannot be reached. */
async function asked<T extends z.ZodType>(reach: Reach, path: string, schema: T): Promise<z.infer<T> | ChannelError> {
  try {
    return schema.parse(await graphGet(reach, path, judgeWhatsApp))
  } catch (thrown) {
    const error = repeatable(thrown)
    if (error.class === 'auth' || error.class === 'permanent') return error
    throw error
  }
}

const TOKEN_CODES = ['0', '190', 'http_401']

/** The number itself is refused: by the token, by what it may do, or because there is no such number. */
function refused(error: ChannelError): Checkup {
  const { code, message } = error
  const token = !TOKEN_CODES.includes(code)
  const permissions = token && !isAboutPermissions(error)
  const checks: Check[] = [{ what: 'token', ok: token, detail: token ? null : message }]
  if (token) checks.push({ what: 'permissions', ok: permissions, detail: permissions ? null : message })
  if (permissions) checks.push({ what: 'account', ok: false, detail: message })
  return { name: null, address: null, quality: null, checks }
}

const Subscriptions = z.object({
  data: z.array(
    z.object({ whatsapp_business_api_data: maybe(z.object({ id: maybe(Id), name: maybe(z.string()) })) }).catch({}),
  ),
})

/** Is our app told what happens? Where nobody says which app is ours, any is. What may not be asked is not known to be so. */
async function subscriptionOf(reach: Reach): Promise<{ permissions: Check; subscription: Check }> {
  const { businessAccountId, appId } = reach.settings
  const permissions: Check = { what: 'permissions', ok: true, detail: null }
  if (!businessAccountId) return { permissions, subscription: { what: 'subscription', ok: false, detail: null } }
  const found = await asked(reach, `${encodeURIComponent(businessAccountId)}/subscribed_apps`, Subscriptions)
  if (found instanceof ChannelError) {
    const detail = found.message
    const subscription: Check = { what: 'subscription', ok: false, detail }
    return {
      permissions: isAboutPermissions(found) ? { ...permissions, ok: false, detail } : permissions,
      subscription,
    }
  }
  const apps = found.data.flatMap(({ whatsapp_business_api_data }) => whatsapp_business_api_data ?? [])
  const ok = appId ? apps.some(({ id }) => id === appId) : found.data.length > 0
  const detail = apps.flatMap(({ name }) => name ?? []).join(', ') || null
  return { permissions, subscription: { what: 'subscription', ok, detail } }
}

/** A number that was never registered answers for none of its messages. */
function accountBy({ platform_type, is_on_biz_app, account_mode, name_status }: PhoneNumber): Check {
  const ok = platform_type === undefined || platform_type === 'CLOUD_API' || is_on_biz_app === true
  const told = [platform_type, account_mode, name_status].filter((word) => word !== undefined)
  return { what: 'account', ok, detail: told.join(' · ') || null }
}

function webhookBy({ webhook_configuration: urls }: PhoneNumber, webhookUrl: string): Check {
  const called = urls?.phone_number ?? urls?.whatsapp_business_account ?? urls?.application
  return { what: 'webhook', ok: called === webhookUrl, detail: called ?? null }
}

const LONGEST_URL = 200

const Done = z.object({ success: z.literal(true) })

/** The account first: an address of the number's own is taken only then. The provider calls it at once, to see whether it is ours. */
export async function subscribe(reach: Reach, webhookUrl: string): Promise<void> {
  const account = businessAccountOf(reach)
  if (webhookUrl.length > LONGEST_URL)
    throw new ChannelError({ class: 'permanent', code: 'url_too_long', detail: 'The webhook’s address is too long.' })
  await posted(reach, `${encodeURIComponent(account)}/subscribed_apps`)
  await posted(reach, reach.accountId, {
    webhook_configuration: { override_callback_uri: webhookUrl, verify_token: reach.credentials.verifyToken },
  })
}

/** Safe to repeat: what is uncertain is done again. */
async function posted(reach: Reach, path: string, body?: object): Promise<void> {
  try {
    Done.parse(await graphPost(reach, path, body, judgeWhatsApp))
  } catch (thrown) {
    throw repeatable(thrown)
  }
}

/** Asked for before: it comes, or came. */
const ASKED_ALREADY = '2593107'

/** Of a number that stays on its owner's phone: the address book first, so that the past has names. */
export async function requestHistory(reach: Reach): Promise<void> {
  await synced(reach, 'smb_app_state_sync').catch((thrown) => {
    if (!(thrown instanceof ChannelError && thrown.code === ASKED_ALREADY)) throw thrown
  })
  await synced(reach, 'history')
}

const synced = (reach: Reach, what: 'smb_app_state_sync' | 'history') =>
  graphPost(reach, `${reach.accountId}/smb_app_data`, { messaging_product: 'whatsapp', sync_type: what }, judgeWhatsApp)
