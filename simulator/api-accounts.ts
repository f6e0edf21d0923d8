/** The API's part about the business's accounts: which there are, their news, and webhooks of any content. */
import { readdirSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { type Api, type ApiRequest, customerCalled, type Handler, inboxCalled } from './api-request.ts'
import { troubleWith } from './meta/callback.ts'
import { Refusal } from './refusal.ts'
import { Inbox } from './state.ts'

export const accountRoutes: Record<string, Handler> = {
  'POST /api/inboxes': addInbox,
  'PATCH /api/inboxes/:': changeInbox,
  'POST /api/inboxes/:/news': news,
  'GET /api/fixtures': (api) => fixturesOf(api),
  'POST /api/fixtures/:': replay,
  'POST /api/webhooks': postWebhook,
}

/** An account that the demo has not: under the key that Prosa gave to it. */
function addInbox(api: Api, { body }: ApiRequest) {
  const inbox = Inbox.extend({ workspace: z.string().default('prosa') }).parse(body)
  const { world } = api.simulation
  if (world.inboxes.some(({ key, accountId }) => key === inbox.key || accountId === inbox.accountId))
    throw new Refusal(409, 'There is such an inbox.')
  api.phones.provider(inbox)
  world.addInbox(inbox)
  return inbox
}

const InboxChange = z.strictObject({
  subscribed: z.boolean().optional(),
  /** What is typed into Meta's dashboard: where its events go, and the word that proves that it is Prosa's. */
  callback: z.url().optional(),
  verifyToken: z.string().default(''),
})

async function changeInbox(api: Api, { body }: ApiRequest, key: string) {
  const { world } = api.simulation
  const inbox = inboxCalled(api, key)
  const { verifyToken, ...changed } = InboxChange.parse(body)
  const trouble = changed.callback === undefined ? null : await troubleWithin(inbox, changed.callback, verifyToken)
  if (trouble) throw new Refusal(422, trouble)
  const account = world.account(inbox.accountId)
  Object.assign(account, changed)
  world.changed()
  return account
}

/** As the dashboard: the address is called before it is kept. */
async function troubleWithin({ channel }: Inbox, callback: string, verifyToken: string): Promise<string | null> {
  if (!PASTED.has(channel)) return 'This channel is told by Prosa itself.'
  return troubleWith(callback, verifyToken)
}

/** The others' addresses are set over their APIs. */
const PASTED = new Set(['whatsapp', 'messenger', 'instagram'])

const News = z.strictObject({ what: z.string(), customer: z.string().nullable().default(null) })

function news(api: Api, { body }: ApiRequest, key: string) {
  const { what, customer } = News.parse(body)
  api.phones.news(inboxCalled(api, key), customer === null ? null : customerCalled(api, customer), what)
}

/** By channel. A channel without a folder has none. */
function fixturesOf({ providers }: Api): Record<string, string[]> {
  return Object.fromEntries(providers.map((provider) => [provider.channel, namesIn(provider.fixtures)]))
}

function namesIn(folder: URL): string[] {
  try {
    const names = readdirSync(folder).flatMap((file) =>
      file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : [],
    )
    return names.filter((name) => name !== 'expect' && !name.startsWith('api_')).sort()
  } catch {
    return []
  }
}

/** `fresh`: as if it happened now, under ids that nobody has seen; else to the letter. */
const Replay = z.strictObject({ inbox: z.string(), fresh: z.boolean().default(true) })

async function replay(api: Api, { body }: ApiRequest, name: string) {
  const { inbox: key, fresh } = Replay.parse(body)
  const inbox = inboxCalled(api, key)
  const provider = api.phones.provider(inbox)
  if (!namesIn(provider.fixtures).includes(name)) throw new Refusal(404, `There is no payload ${name}.`)
  const payload: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, provider.fixtures), 'utf8'))
  const text = provider.body(fresh ? provider.renewed(payload, inbox) : payload)
  return { status: await api.simulation.webhooks.post(inbox, `payload ${name}`, text, provider.signed(text, inbox)) }
}

/** A body as nobody should send it. A string goes out as it is. */
const RawWebhook = z.strictObject({
  inbox: z.string(),
  body: z.unknown(),
  signature: z.enum(['good', 'wrong', 'none']).default('good'),
})

async function postWebhook(api: Api, { body }: ApiRequest) {
  const raw = RawWebhook.parse(body)
  const inbox = inboxCalled(api, raw.inbox)
  const provider = api.phones.provider(inbox)
  const text = typeof raw.body === 'string' ? raw.body : provider.body(raw.body)
  const headers = { good: provider.signed(text, inbox), wrong: provider.forged(text, inbox), none: {} }[raw.signature]
  return { status: await api.simulation.webhooks.post(inbox, 'raw', text, headers) }
}
