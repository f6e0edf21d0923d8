/** A number and its account, as who connects them sees them: fields, subscriptions, callbacks, tokens. */
import { DEMO_APP_ID, DEMO_SECRETS } from '../../scripts/demo.ts'
import { SUCCESS } from '../meta/bodies.ts'
import { troubleWith } from '../meta/callback.ts'
import type { Answer, Simulation } from '../provider.ts'
import type { Inbox } from '../state.ts'
import { businessAccountOf } from './addresses.ts'
import { Refused } from './refused.ts'

const APP = { id: DEMO_APP_ID, name: 'Prosa' }

export function numberOf(
  { behaviour, world }: Simulation,
  prosaUrl: string,
  inbox: Inbox,
  query: URLSearchParams,
): Answer {
  const { callback } = world.account(inbox.accountId)
  const number: Record<string, unknown> = {
    id: inbox.accountId,
    display_phone_number: inbox.address,
    verified_name: inbox.name,
    name_status: 'APPROVED',
    quality_rating: 'GREEN',
    code_verification_status: 'VERIFIED',
    account_mode: 'SANDBOX',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    is_on_biz_app: behaviour().coexistence,
    whatsapp_business_manager_messaging_limit: 'TIER_250',
    webhook_configuration: {
      ...(callback === null ? {} : { phone_number: callback }),
      application: `${prosaUrl}/webhooks/whatsapp/${inbox.key}`,
    },
  }
  const usual = ['display_phone_number', 'verified_name', 'quality_rating']
  return { status: 200, body: picked(number, query.get('fields')?.split(',') ?? usual) }
}

const picked = (of: Record<string, unknown>, fields: string[]) =>
  Object.fromEntries(['id', ...fields].flatMap((field) => (field in of ? [[field, of[field]]] : [])))

/** An address of its own for this number; an empty one takes it back. Meta calls it at once. */
export async function configure({ world }: Simulation, inbox: Inbox, fields: Record<string, unknown>): Promise<Answer> {
  const configuration = fields['webhook_configuration']
  if (typeof configuration !== 'object' || configuration === null) throw new Refused(100, 'Nothing to change.')
  const { override_callback_uri: uri, verify_token: token } = configuration as Record<string, unknown>
  await override(world.account(inbox.accountId), uri, token)
  world.changed()
  return SUCCESS
}

async function override(account: { callback: string | null }, uri: unknown, token: unknown): Promise<void> {
  if (typeof uri !== 'string' || uri === '') {
    account.callback = null
    return
  }
  const trouble = await troubleWith(uri, String(token ?? ''))
  if (trouble) throw new Refused(2200, `Callback verification failed with the following errors: ${trouble}`)
  account.callback = uri
}

export class BusinessAccounts {
  readonly #of: Simulation

  constructor(simulation: Simulation) {
    this.#of = simulation
  }

  isOne(id: string): boolean {
    return this.#numbers(id).length > 0
  }

  numbers(id: string): Answer {
    const data = this.#numbers(id).map(({ accountId, address, name }) => ({
      id: accountId,
      display_phone_number: address,
      verified_name: name,
      quality_rating: 'GREEN',
      code_verification_status: 'VERIFIED',
    }))
    return { status: 200, body: { data } }
  }

  /** What is subscribed is told; an address of the account's own stands in for numbers that have none. */
  async subscribe(id: string, fields: Record<string, unknown>): Promise<Answer> {
    const { override_callback_uri: uri, verify_token: token } = fields
    const own = { callback: null }
    await override(own, uri, token)
    for (const { accountId } of this.#numbers(id)) {
      const account = this.#of.world.account(accountId)
      account.subscribed = true
      if (uri !== undefined) account.callback ??= own.callback
    }
    this.#of.world.changed()
    return SUCCESS
  }

  unsubscribe(id: string): Answer {
    for (const { accountId } of this.#numbers(id)) this.#of.world.account(accountId).subscribed = false
    this.#of.world.changed()
    return SUCCESS
  }

  subscriptions(id: string): Answer {
    const subscribed = this.#numbers(id).every(({ accountId }) => this.#of.world.account(accountId).subscribed)
    const app = {
      whatsapp_business_api_data: { ...APP, link: `https://www.facebook.com/games/?app_id=${DEMO_APP_ID}` },
    }
    return { status: 200, body: { data: subscribed ? [app] : [] } }
  }

  #numbers(id: string): Inbox[] {
    return this.#of.world.inboxesOf('whatsapp').filter((inbox) => businessAccountOf(inbox) === id)
  }
}

/** What a token is worth. */
export function debugToken({ world }: Simulation, query: URLSearchParams): Answer {
  const valid = query.get('input_token') === DEMO_SECRETS.accessToken
  const accounts = [...new Set(world.inboxesOf('whatsapp').map(businessAccountOf))]
  const scopes = ['whatsapp_business_messaging', 'whatsapp_business_management']
  const pages = ['pages_messaging', 'pages_manage_metadata', 'instagram_manage_messages']
  const data = valid
    ? {
        app_id: APP.id,
        type: 'SYSTEM_USER',
        application: APP.name,
        data_access_expires_at: 0,
        expires_at: 0,
        is_valid: true,
        scopes: [...scopes, ...pages],
        granular_scopes: scopes.map((scope) => ({ scope, target_ids: accounts })),
      }
    : { error: { code: 190, message: 'Invalid OAuth access token.' }, is_valid: false, scopes: [] }
  return { status: 200, body: { data } }
}
