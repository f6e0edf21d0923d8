/** Evolution's REST API: which call is for which instance, and who may make it. */
import * as z from 'zod'
import type { Answer, Call, Simulation } from '../provider.ts'
import type { Instance } from '../state.ts'
import { Chats } from './chats.ts'
import { GLOBAL_KEY, type Instances, ownJid } from './instances.ts'
import { faultOf, Refused, refusal } from './refused.ts'
import { isSend, type Sending } from './send.ts'

const PATH = /^\/evolution\/(instance|message|chat|group|webhook|settings)\/([A-Za-z0-9]{1,40})(?:\/([^/]{1,100}))?\/?$/

const good = (body: unknown, status = 200): Answer => ({ status, body })

const Webhook = z.object({
  enabled: z.boolean(),
  url: z.string(),
  headers: z.record(z.string(), z.string()).nullish(),
  byEvents: z.boolean().default(false),
  base64: z.boolean().default(false),
  events: z.array(z.string()).default([]),
})
/** The flat form of older documentation is refused. */
const WebhookSet = z.object({ webhook: Webhook })

const Create = z.object({
  instanceName: z.string().min(1),
  integration: z.literal('WHATSAPP-BAILEYS'),
  qrcode: z.boolean().default(false),
  token: z.string().optional(),
  number: z.string().optional(),
  syncFullHistory: z.boolean().default(false),
  webhook: Webhook.optional(),
})

export class Rest {
  readonly #of: Simulation
  readonly #instances: Instances
  readonly #sending: Sending
  readonly #chats: Chats

  constructor(simulation: Simulation, instances: Instances, sending: Sending) {
    this.#of = simulation
    this.#instances = instances
    this.#sending = sending
    this.#chats = new Chats(simulation)
  }

  async answer(call: Call): Promise<Answer | null> {
    const [, area = '', name = '', instance] = PATH.exec(call.path) ?? []
    if (area === '') return null
    const { outage } = this.#of.behaviour()
    if (outage === 'unreachable') return 'reset'
    if (outage === 'unavailable')
      return { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' }
    try {
      return await this.#routed(call, area, name, instance === undefined ? null : decodeURIComponent(instance))
    } catch (thrown) {
      if (thrown instanceof Refused) return refusal(thrown)
      if (thrown instanceof z.ZodError) return refusal({ status: 400, said: [[z.prettifyError(thrown)]] })
      throw thrown
    }
  }

  async #routed(call: Call, area: string, name: string, instanceName: string | null): Promise<Answer> {
    const key = call.headers['apikey'] ?? ''
    const global = key === GLOBAL_KEY
    const body = bodyOf(call)
    if (area === 'instance' && name === 'fetchInstances') return this.#fetchInstances(call, key, global)
    if (area === 'instance' && name === 'create') {
      if (!global) throw new Refused(401, 'Unauthorized')
      return this.#create(body)
    }
    const found = this.#instances.all.find((one) => one.name === instanceName)
    if (!global && found?.key !== key) throw new Refused(401, 'Unauthorized')
    const instance = this.#instances.named(instanceName ?? '')
    if (area === 'message' && isSend(name) && call.method === 'POST') return this.#sending.answer(instance, name, body)
    const answered = await this.#ofInstance(`${call.method} ${area}/${name}`, instance, call, body)
    if (!answered) throw new Refused(404, [`Cannot ${call.method} ${call.path}`])
    return answered
  }

  #ofInstance(route: string, instance: Instance, call: Call, body: unknown): Answer | Promise<Answer> | null {
    const inbox = this.#instances.inboxOf(instance)
    switch (route) {
      case 'GET instance/connect':
        return good(this.#instances.codeOf(instance, call.query.get('number')) ?? stateOf(instance))
      case 'GET instance/connectionState':
        return good(stateOf(instance))
      case 'POST instance/restart':
        this.#instances.lose(instance, 515)
        this.#instances.open(instance)
        return good(stateOf(instance))
      case 'DELETE instance/logout':
        this.#instances.lose(instance, 401)
        return good({ status: 'SUCCESS', error: false, response: { message: 'Instance logged out' } })
      case 'DELETE instance/delete':
        this.#instances.remove(instance)
        return good({ status: 'SUCCESS', error: false, response: { message: 'Instance deleted' } })
      case 'POST webhook/set':
        return this.#setWebhook(instance, WebhookSet.parse(body).webhook)
      case 'GET webhook/find':
        return good(instance.webhook && { ...instance.webhook, webhookBase64: instance.webhook.base64 })
      case 'POST settings/set':
        return good({ settings: body }, 201)
      case 'POST chat/whatsappNumbers':
        return this.#chats.numbers(body)
      case 'POST chat/fetchProfilePictureUrl':
        return this.#chats.picture(body)
      case 'GET group/findGroupInfos':
        return this.#chats.group(call.query.get('groupJid'))
      case 'POST chat/markMessageAsRead':
        return this.#chats.markRead(inbox, body)
      case 'POST chat/sendPresence':
        return this.#chats.presence(inbox, body)
      case 'POST chat/updateMessage':
        return this.#chats.edit(inbox, body)
      case 'DELETE chat/deleteMessageForEveryone':
        return this.#chats.takeBack(inbox, body)
      case 'POST chat/getBase64FromMediaMessage':
        return this.#fault('file') ?? this.#chats.file(inbox, body)
      case 'POST chat/findMessages':
        return this.#fault('history') ?? this.#chats.find(inbox, body)
      default:
        return null
    }
  }

  #fault(on: 'file' | 'history'): Answer | null {
    const fault = this.#of.faults.take('evolution', on)
    return fault && faultOf(fault)
  }

  #create(body: unknown): Answer {
    const of = Create.parse(body)
    const { instanceName, token = null, number = null, syncFullHistory: history } = of
    const instance = this.#instances.create(instanceName, { number, key: token, history })
    if (of.webhook) this.#setWebhook(instance, of.webhook)
    const said = { instanceName, instanceId: instance.id, integration: 'WHATSAPP-BAILEYS', status: 'connecting' }
    const qrcode = of.qrcode ? this.#instances.codeOf(instance) : undefined
    return good(
      { instance: said, hash: instance.key, settings: { syncFullHistory: history }, ...(qrcode ? { qrcode } : {}) },
      201,
    )
  }

  #setWebhook(instance: Instance, { headers = {}, ...webhook }: z.infer<typeof Webhook>): Answer {
    instance.webhook = { ...webhook, headers: headers ?? {} }
    const account = this.#of.world.account(instance.name)
    account.callback = webhook.url
    account.subscribed = webhook.enabled
    this.#of.world.changed()
    return good({ webhook: { instanceName: instance.name, webhook: instance.webhook } }, 201)
  }

  #fetchInstances({ query }: Call, key: string, global: boolean): Answer {
    const named = query.get('instanceName')
    const seen = this.#instances.all.filter((one) => global || one.key === key)
    if (seen.length === 0 && !global) throw new Refused(401, 'Unauthorized')
    const rows = seen
      .filter(({ name }) => named === null || name === named)
      .map((instance) => {
        const inbox = this.#instances.inboxOf(instance)
        const known = instance.state === 'open'
        return {
          ...{ id: instance.id, name: instance.name, connectionStatus: instance.state, token: instance.key },
          ...{
            ownerJid: known ? ownJid(inbox) : null,
            profileName: known ? inbox.name : null,
            integration: 'WHATSAPP-BAILEYS',
          },
        }
      })
    if (named !== null && rows.length === 0) throw new Refused(404, [`The "${named}" instance does not exist`])
    return good(rows)
  }
}

const stateOf = ({ name, state }: Instance) => ({ instance: { instanceName: name, state } })

function bodyOf({ body }: Call): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'))
  } catch {
    throw new Refused(400, ['Unexpected token in JSON'])
  }
}
