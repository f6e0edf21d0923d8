/** The Graph API, as far as it concerns WhatsApp: which call is whose. */
import { fieldsOf, isAuthorized, SUCCESS } from '../meta/bodies.ts'
import type { Answer, Call, Simulation } from '../provider.ts'
import type { Inbox } from '../state.ts'
import { refusal } from './errors.ts'
import { answerAttachment, mediaOf, remove, upload } from './media.ts'
import { BusinessAccounts, configure, debugToken, numberOf } from './number.ts'
import { Refused } from './refused.ts'
import { Sending } from './send.ts'
import type { Statuses } from './statuses.ts'
import type { Templates } from './templates.ts'

const PATH = /^\/graph\/v\d{1,3}\.\d{1,2}\/(\d{1,20}|debug_token)(?:\/([a-z_]+))?$/

type Answering = () => Answer | Promise<Answer>

export class Graph {
  readonly #of: Simulation
  readonly #prosaUrl: string
  readonly #templates: Templates
  readonly #sending: Sending
  readonly #accounts: BusinessAccounts
  readonly #tellNews: (inbox: Inbox, what: string) => void
  readonly #synced = new Set<string>()

  constructor(
    simulation: Simulation,
    prosaUrl: string,
    statuses: Statuses,
    templates: Templates,
    tellNews: (inbox: Inbox, what: string) => void,
  ) {
    this.#of = simulation
    this.#prosaUrl = prosaUrl
    this.#templates = templates
    this.#tellNews = tellNews
    this.#sending = new Sending(simulation, statuses, templates)
    this.#accounts = new BusinessAccounts(simulation)
  }

  async answer(call: Call): Promise<Answer | null> {
    const [, id, edge = ''] = PATH.exec(call.path) ?? []
    if (id === undefined) return answerAttachment(this.#of, call)
    const routes = this.#routesOf(id, call)
    if (!routes) return null

    const { outage } = this.#of.behaviour()
    if (outage === 'unreachable') return 'reset'
    if (outage === 'unavailable') return refusal(2)
    if (!isAuthorized(call) && id !== 'debug_token') return refusal(190)
    const route = routes[`${call.method} ${edge}`]
    if (!route) return refusal(100, { details: 'Unsupported request.' })
    try {
      return await route()
    } catch (thrown) {
      if (thrown instanceof Refused) return refusal(thrown.code, { details: thrown.message })
      throw thrown
    }
  }

  /** Null: nothing of that id is WhatsApp's. */
  #routesOf(id: string, call: Call): Record<string, Answering> | null {
    if (id === 'debug_token') return { 'GET ': () => debugToken(this.#of, call.query) }
    const inbox = this.#of.world.inboxesOf('whatsapp').find((one) => one.accountId === id)
    if (inbox) return this.#ofNumber(inbox, call)
    if (this.#accounts.isOne(id)) return this.#ofAccount(id, call)
    const file = this.#of.world.fileOf(id)
    if (!file) return null
    return { 'GET ': () => mediaOf(this.#of, file), 'DELETE ': () => remove(this.#of, file) }
  }

  #ofNumber(inbox: Inbox, call: Call): Record<string, Answering> {
    return {
      'GET ': () => numberOf(this.#of, this.#prosaUrl, inbox, call.query),
      'POST ': async () => configure(this.#of, inbox, await fields(call)),
      'POST messages': async () => this.#sending.answer(inbox, await fieldsOf(call)),
      'POST media': () => upload(this.#of, call),
      'POST register': () => SUCCESS,
      'POST smb_app_data': async () => this.#sync(inbox, await fields(call)),
    }
  }

  #ofAccount(id: string, call: Call): Record<string, Answering> {
    return {
      'GET phone_numbers': () => this.#accounts.numbers(id),
      'GET subscribed_apps': () => this.#accounts.subscriptions(id),
      'POST subscribed_apps': async () => this.#accounts.subscribe(id, await fields(call)),
      'DELETE subscribed_apps': () => this.#accounts.unsubscribe(id),
      'GET message_templates': () => this.#templates.list(id, call.query),
      'POST message_templates': async () => this.#templates.make(id, await fields(call)),
      'DELETE message_templates': () => this.#templates.remove(id, call.query.get('name')),
    }
  }

  /** Once each; what was asked for is told by webhooks, as from the page. */
  #sync(inbox: Inbox, { sync_type }: Record<string, unknown>): Answer {
    const what = sync_type === 'history' ? 'history' : sync_type === 'smb_app_state_sync' ? 'address_book' : null
    if (what === null) throw new Refused(100, 'sync_type is not known.')
    const once = `${inbox.key} ${what}`
    if (this.#synced.has(once)) throw new Refused(2593107, 'It was asked for before.')
    this.#synced.add(once)
    this.#tellNews(inbox, what)
    return { status: 200, body: { messaging_product: 'whatsapp', request_id: `sync-${once.replace(' ', '-')}` } }
  }
}

async function fields(call: Call): Promise<Record<string, unknown>> {
  const found = await fieldsOf(call)
  if (!found) throw new Refused(100, 'The body cannot be read.')
  return found
}
