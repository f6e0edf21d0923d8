/** The Graph API, as far as it concerns a page's or a profile's conversations: which call is whose. */
import * as z from 'zod'
import { accountOfToken, fieldsOf, isAuthorized } from '../meta/bodies.ts'
import type { Answer, Call, Simulation } from '../provider.ts'
import type { Inbox } from '../state.ts'
import { accountOf, pages, profileOf, refreshed, subscribe, subscriptions, unsubscribe } from './account.ts'
import { upload } from './attachments.ts'
import { list, one } from './conversations.ts'
import { Refused, refusal } from './errors.ts'
import { whoIs } from './people.ts'
import type { Receipts } from './receipts.ts'
import { faultOf, Sending } from './send.ts'

/** Instagram's own door may stand at an address of its own. */
const PATH = /^\/(?:graph|instagram)(?:\/v\d{1,3}\.\d{1,2})?\/([\w.=-]{1,200})(?:\/([a-z_]+))?$/

type Answering = () => Answer | Promise<Answer>

const Recipient = z.object({ recipient: z.object({ id: z.string() }) })

export class Graph {
  readonly #of: Simulation
  readonly #channel: 'messenger' | 'instagram'
  readonly #sending: Sending

  constructor(simulation: Simulation, channel: 'messenger' | 'instagram', receipts: Receipts) {
    this.#of = simulation
    this.#channel = channel
    this.#sending = new Sending(simulation, channel, receipts)
  }

  async answer(call: Call): Promise<Answer | null> {
    const [, node, edge = ''] = PATH.exec(call.path) ?? []
    if (node === undefined) return null
    const route = await this.#routeOf(call, node, edge)
    if (!route) return null
    const { outage } = this.#of.behaviour()
    if (outage === 'unreachable') return 'reset'
    if (outage === 'unavailable') return refusal(new Refused(2))
    if (!isAuthorized(call)) return refusal(new Refused(190))
    try {
      return await route()
    } catch (thrown) {
      if (thrown instanceof Refused) return refusal(thrown)
      throw thrown
    }
  }

  /** Null: it is another's. */
  async #routeOf(call: Call, node: string, edge: string): Promise<Answering | null> {
    if (node === 'refresh_access_token') return this.#channel === 'instagram' ? () => refreshed(call.query) : null
    if (node === 'me' && edge === 'accounts') return () => pages(this.#of)
    const fields = await fieldsOf(call)
    const inbox = this.#inboxOf(call, node, edge, fields)
    if (inbox) return this.#ofAccount(inbox, call, fields)[`${call.method} ${edge}`] ?? null
    if (call.method !== 'GET') return null
    const met = whoIs(this.#of.world, this.#channel, node)
    if (met && edge === '') return () => profileOf(this.#of, met)
    const known = () => one(this.#of, this.#inboxes, node, edge, call.query.get('fields') ?? 'id,updated_time')
    return this.#isPast(node) ? () => known() ?? refusal(new Refused(100)) : null
  }

  get #inboxes(): Inbox[] {
    return this.#of.world.inboxesOf(this.#channel)
  }

  #isPast(id: string): boolean {
    return this.#channel === 'messenger' ? /^[tm]_/.test(id) : id.startsWith('aWdf')
  }

  /**
   * A page speaks for its Instagram profile too, and `me` is whose token it is. Where all share the demo's, whom the call
   * is about decides.
   */
  #inboxOf(call: Call, named: string, edge: string, fields: unknown): Inbox | undefined {
    const node = named === 'me' ? (accountOfToken(call) ?? named) : named
    const own = this.#inboxes.find(({ accountId }) => accountId === node)
    const isPage = this.#of.world.inboxesOf('messenger').some(({ accountId }) => accountId === node)
    if (node !== 'me' && !isPage) return own
    const about = this.#aboutWhom(call, edge, fields)
    if (about) return about.channel === this.#channel ? (about.inbox ?? own ?? this.#inboxes[0]) : undefined
    return node === 'me' && this.#channel === 'instagram' ? this.#inboxes[0] : own
  }

  #aboutWhom(call: Call, edge: string, fields: unknown): { channel: string; inbox?: Inbox } | null {
    if (edge === 'conversations') return { channel: call.query.get('platform') ?? 'messenger' }
    const recipient = Recipient.safeParse(fields).data?.recipient.id ?? ''
    const met = whoIs(this.#of.world, 'messenger', recipient) ?? whoIs(this.#of.world, 'instagram', recipient)
    return met ? { channel: met.inbox.channel, inbox: met.inbox } : null
  }

  #ofAccount(inbox: Inbox, call: Call, fields: Record<string, unknown> | null): Record<string, Answering> {
    const named = fields?.['subscribed_fields']
    const subscribed = call.query.get('subscribed_fields') ?? (typeof named === 'string' ? named : null)
    const linked = this.#channel === 'messenger' ? this.#of.world.inboxesOf('instagram')[0] : undefined
    return {
      'GET ': () => accountOf(inbox, linked, call.query),
      'POST messages': () => this.#sending.answer(inbox.key, fields),
      'POST message_attachments': () => this.#fault('upload') ?? upload(this.#of, this.#channel, call),
      'GET conversations': () => this.#fault('history') ?? list(this.#of, inbox, call.query),
      'GET subscribed_apps': () => subscriptions(this.#of, inbox),
      'POST subscribed_apps': () => subscribe(this.#of, inbox, subscribed),
      'DELETE subscribed_apps': () => unsubscribe(this.#of, inbox),
    }
  }

  #fault(on: 'upload' | 'history'): Answer | null {
    const fault = this.#of.faults.take(this.#channel, on)
    return fault && faultOf(fault)
  }
}
