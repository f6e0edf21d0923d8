/** The Bot API: which method does what, for which bot. */
import * as z from 'zod'
import type { Fault } from '../behaviour.ts'
import { fieldsOf } from '../meta/bodies.ts'
import { isLocal } from '../meta/callback.ts'
import { faulty } from '../meta/faulty.ts'
import { served } from '../meta/links.ts'
import type { Answer, Call, Simulation } from '../provider.ts'
import type { Inbox } from '../state.ts'
import { asUser, botOf, usernameOfBot } from './bots.ts'
import { bad, done, flood, Refused, refusal } from './refused.ts'
import { FILES } from './rules.ts'
import { Sending } from './send.ts'
import { WAYS } from './ways.ts'

const METHOD = /^\/telegram\/bot([^/]{1,200})\/(\w{1,64})$/
const DOWNLOAD = /^\/telegram\/file\/bot([^/]{1,200})\/\w+\/file_(\d{1,20})[\w.-]*$/

type Fields = Record<string, unknown>

export class BotApi {
  readonly #of: Simulation
  readonly #prosaUrl: string
  readonly #sending: Sending

  constructor(simulation: Simulation, prosaUrl: string) {
    this.#of = simulation
    this.#prosaUrl = prosaUrl
    this.#sending = new Sending(simulation)
  }

  async answer(call: Call): Promise<Answer | null> {
    if (!call.path.startsWith('/telegram/')) return null
    const { outage } = this.#of.behaviour()
    if (outage === 'unreachable') return 'reset'
    if (outage === 'unavailable')
      return { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>' }
    const [, fileToken, fileId] = DOWNLOAD.exec(call.path) ?? []
    if (fileToken !== undefined) return this.#download(fileToken, fileId ?? '')
    const [, token = '', method = ''] = METHOD.exec(call.path) ?? []
    try {
      return await this.#call(token, method, call)
    } catch (thrown) {
      if (thrown instanceof Refused) return refusal(thrown)
      throw thrown
    }
  }

  async #call(token: string, method: string, call: Call): Promise<Answer> {
    const bot = botOf(this.#of.world, token)
    if (!bot) throw new Refused(401)
    const fields = fieldsFrom(await fieldsOf(call))
    if (method === 'getMe')
      return done({ ...asUser(bot.id), can_join_groups: true, can_read_all_group_messages: false })
    if (method === 'setWebhook') return this.#setWebhook(bot.id, bot.inbox, fields)
    if (!bot.inbox) return free(method)
    return this.#known(bot.inbox, method, fields)
  }

  async #known(inbox: Inbox, method: string, fields: Fields): Promise<Answer> {
    const lost = method === 'answerCallbackQuery' ? this.#of.faults.take('telegram', 'callback') : null
    if (lost) return faultOf(lost)
    const way = WAYS[method]
    if (way) return done(way.call(null, this.#of, inbox, fields))
    if (method === 'getWebhookInfo') return done(this.#webhookInfo(inbox))
    if (method === 'deleteWebhook') return this.#deleteWebhook(inbox, fields)
    if (method === 'getUpdates') throw new Refused(409)
    return this.#send(inbox, method, fields)
  }

  async #send(inbox: Inbox, method: string, fields: Fields): Promise<Answer> {
    if (!/^send\w+$/.test(method)) throw new Refused(404)
    const { answer, externalId } = await this.#sent(inbox, method, fields)
    const code = typeof answer !== 'string' && answer.status !== 200 ? answer.status : null
    const request = { method, ...withoutFile(fields) }
    const status = typeof answer === 'string' ? answer : answer.status
    this.#of.ledger.send({
      at: Date.now(),
      channel: 'telegram',
      inboxKey: inbox.key,
      request,
      externalId,
      answer: status,
      errorCode: code,
    })
    return answer
  }

  async #sent(inbox: Inbox, method: string, fields: Fields): Promise<{ answer: Answer; externalId: string | null }> {
    // A file and its message are one call here: whatever is to meet an upload meets it as well.
    const fault =
      this.#of.faults.take('telegram', FILES[method] ? 'upload' : 'send') ??
      (FILES[method] ? this.#of.faults.take('telegram') : null)
    if (fault && !fault.accepted) return { answer: faultOf(fault), externalId: null }
    try {
      const item = await this.#sending.send(inbox, method, fields)
      if (!item) throw new Refused(404)
      return { answer: fault ? faultOf(fault) : done(item), externalId: String(item.message_id) }
    } catch (thrown) {
      if (thrown instanceof Refused) return { answer: refusal(thrown), externalId: null }
      throw thrown
    }
  }

  #setWebhook(id: string, known: Inbox | null, fields: Fields): Answer {
    const { world, webhooks } = this.#of
    const asked = Webhook.safeParse(fields)
    if (!asked.success) throw bad('bad webhook: secret token contains unallowed characters')
    const { url, secret_token: secret, allowed_updates: kinds } = asked.data
    if (url === '') return this.#deleteWebhook(known, fields)
    if (!URL.canParse(url) || !isLocal(new URL(url)))
      throw bad('bad webhook: Failed to resolve host: Name or service not known')
    const key = new URL(url).pathname.split('/').at(-1) ?? ''
    const inbox = known ?? {
      key,
      channel: 'telegram',
      accountId: id,
      name: `Telegram ${id}`,
      address: `@${usernameOfBot(id)}`,
      workspace: 'prosa',
    }
    if (!known) world.addInbox(inbox)
    Object.assign(world.account(id), { subscribed: true, callback: url, secret: secret ?? '', fields: kinds ?? null })
    world.changed()
    webhooks.release(inbox)
    return done(true)
  }

  #deleteWebhook(inbox: Inbox | null, fields: Fields): Answer {
    if (inbox) Object.assign(this.#of.world.account(inbox.accountId), { subscribed: false, callback: null })
    if (inbox && fields['drop_pending_updates'] === true) this.#of.webhooks.drop(inbox)
    this.#of.world.changed()
    return done(true)
  }

  #webhookInfo(inbox: Inbox) {
    const { world, ledger } = this.#of
    const { subscribed, callback, fields } = world.account(inbox.accountId)
    const failed = ledger.deliveries.findLast(({ inboxKey, status }) => inboxKey === inbox.key && status !== 200)
    const trouble = failed && {
      last_error_date: Math.floor(failed.at / 1000),
      last_error_message:
        failed.status === null ? 'Connection refused' : `Wrong response from the webhook: ${failed.status}`,
    }
    return {
      url: subscribed ? (callback ?? `${this.#prosaUrl}/webhooks/telegram/${inbox.key}`) : '',
      has_custom_certificate: false,
      pending_update_count: world.pending.filter(({ inboxKey }) => inboxKey === inbox.key).length,
      ...trouble,
      max_connections: 40,
      ...(fields ? { allowed_updates: fields } : {}),
    }
  }

  #download(token: string, id: string): Answer {
    if (!botOf(this.#of.world, token)) return refusal(new Refused(401))
    const fault = this.#of.faults.take('telegram', 'file')
    if (fault) return faultOf(fault)
    const file = this.#of.world.fileOf(id)
    return file ? served(this.#of, file) : refusal(new Refused(404))
  }
}

const Webhook = z.object({
  url: z.string(),
  secret_token: z
    .string()
    .regex(/^[\w-]{1,256}$/)
    .optional(),
  allowed_updates: z.array(z.string()).optional(),
})

/** A bot that nobody has connected has no chats. */
function free(method: string): Answer {
  if (method === 'getWebhookInfo') return done({ url: '', has_custom_certificate: false, pending_update_count: 0 })
  if (method === 'setMyCommands' || method === 'deleteWebhook') return done(true)
  throw new Refused(400)
}

/** In a form everything but a file is text: what is JSON is read as such. */
function fieldsFrom(fields: Fields | null): Fields {
  if (fields === null) throw bad('invalid JSON')
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? readable(name, value) : value]),
  )
}

const WRITTEN_AS_JSON = new Set(['reply_parameters', 'reply_markup', 'caption_entities', 'entities', 'reaction'])

function readable(name: string, value: string): unknown {
  if (!WRITTEN_AS_JSON.has(name)) return value
  try {
    return JSON.parse(value)
  } catch {
    throw bad(`can't parse ${name}`)
  }
}

const withoutFile = (fields: Fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof File ? `${value.name} (${value.size})` : value,
    ]),
  )

export const faultOf = (fault: Fault): Answer =>
  faulty(fault, (code, { status, headers }) => {
    const seconds = Number(fault.retryAfter)
    if (code === 429) return refusal(flood(Number.isFinite(seconds) && seconds > 0 ? seconds : 1))
    return refusal(new Refused(status ?? code ?? 500, fault.words ?? null), headers)
  })
