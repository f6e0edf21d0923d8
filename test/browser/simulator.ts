/** The simulator by its HTTP API: customers who write and read, and a provider with moods. */
import { DEMO_INBOXES } from '../../scripts/demo.ts'

export interface Customer {
  id: string
  name: string
  /** Answers with the provider's id of the message. */
  writes(text: string, replyTo?: string): Promise<string>
  /** Any kind that the channel's menu has (`image`, `voice`, `location`, …). Answers with the provider's id of it. */
  says(kind: string, of?: { text?: string; replyTo?: string; forwarded?: 'once' | 'often' }): Promise<string>
  /** Null takes it back. */
  reacts(message: string, emoji: string | null): Promise<void>
  edits(message: string, text: string): Promise<void>
  takesBack(message: string): Promise<void>
  /** A button of the business's message, by its id. */
  presses(message: string, button: string): Promise<string>
  /** What is no message: `call`, `number_changed`, `referral`, … */
  does(act: string): Promise<void>
  /** Somebody at the business answers without Prosa. */
  isAnsweredElsewhere(kind: string, text?: string): Promise<void>
  /** What was said before Prosa was there; nobody is told. */
  remembers(count: number): Promise<void>
  /** As if they had last written so many hours ago. */
  lastWrote(hoursAgo: number): Promise<void>
  /** Looks at the phone: what stands there is read. */
  reads(): Promise<void>
  /** What stands on the phone from the business, oldest first. */
  received(): Promise<Received[]>
  /** What they themselves said, as it stands on the phone. */
  wrote(message: string): Promise<{ mark: string | null } | undefined>
  /** So many messages in one call of the provider's. */
  writesMany(texts: string[]): Promise<void>
}

interface Received {
  id: string
  kind: string
  text: string
  replyTo: string | null
  state: string
  files: { id: string; kind: string; mimeType: string; name: string | null; bytes: number; voice: boolean }[]
  lines: string[]
  buttons: { id: string; title: string }[]
  reactions: { customer: string | null; business: string | null }
}

/** What the business has at the provider. */
interface Account {
  /** The webhook key that Prosa gave it. */
  key: string
  channel: string
  accountId: string
  businessAccountId?: string
  name: string
  address: string
}

export interface Simulator {
  /** Who writes to the demo's first WhatsApp number, or to the inbox of that key. */
  newCustomer(name: string, inbox?: string): Promise<Customer>
  /** An account that the demo has not. */
  newAccount(account: Account): Promise<void>
  /** The webhook key under which a bot was connected. */
  keyOf(accountId: string): Promise<string>
  /** As after a long outage: nothing is told of that account any more. */
  forgets(inbox: string): Promise<void>
  /** What the provider itself has to tell: `template_approved`, `partner_removed`, `history`, … */
  tells(inbox: string, what: string): Promise<void>
  behave(behaviour: Record<string, unknown>): Promise<void>
  /** What the next sends meet. */
  fault(fault: Record<string, unknown>): Promise<void>
  /** Usual again: nothing ahead, no moods. */
  calm(): Promise<void>
}

const INBOX = 'demo-wa-1'
const ACCOUNT = DEMO_INBOXES.find(({ key }) => key === INBOX)?.accountId
const USUAL = {
  outage: 'off',
  statuses: 'in_order',
  statusDelayMs: 400,
  latencyMs: 0,
  webhookCopies: 1,
  linkSeconds: 300,
}

interface ChatMessage extends Received {
  mark: string | null
  from: 'customer' | 'business'
}

export function simulatorAt(url: string): Simulator {
  let numbers = 0

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${url}/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text ? JSON.parse(text) : undefined) as T
  }

  async function chatOf(id: string, inbox: string): Promise<ChatMessage[]> {
    const { customers } = await call<{
      customers: { id: string; chats: { inboxKey: string; messages: ChatMessage[] }[] }[]
    }>('GET', 'state')
    const chats = customers.find((customer) => customer.id === id)?.chats
    return chats?.find(({ inboxKey }) => inboxKey === inbox)?.messages ?? []
  }

  return {
    async newCustomer(name, inbox = INBOX) {
      numbers += 1
      const number = `55119${String(70_000_000 + numbers)}`
      const { id } = await call<{ id: string }>('POST', 'customers', { name, number })
      const act = <T = void>(what: string, body: object = {}) =>
        call<T>('POST', `customers/${id}/${what}`, { inbox, ...body })
      const says: Customer['says'] = async (kind, of = {}) =>
        (await act<{ id: string }>('messages', { kind, ...of })).id
      return {
        id,
        name,
        writes: (text, replyTo) => says('text', { text, ...(replyTo === undefined ? {} : { replyTo }) }),
        says,
        reacts: (message, emoji) => act('reactions', { message, emoji }),
        edits: (message, text) => act('edits', { message, text }),
        takesBack: (message) => act('deletions', { message }),
        presses: async (message, button) => (await act<{ id: string }>('presses', { message, button })).id,
        does: (what) => act('acts', { act: what }),
        isAnsweredElsewhere: (kind, text) => act('elsewhere', { kind, ...(text === undefined ? {} : { text }) }),
        remembers: (count) => act('past', { count }),
        lastWrote: (hoursAgo) => act('window', { open: false, hoursAgo }),
        reads: () => act('view'),
        received: async () => (await chatOf(id, inbox)).filter(({ from }) => from === 'business'),
        wrote: async (message) => (await chatOf(id, inbox)).find((one) => one.id === message),
        async writesMany(texts) {
          const body = oneCallOf({ number, name, texts })
          const { status } = await call<{ status: number }>('POST', 'webhooks', { inbox: INBOX, body })
          if (status !== 200) throw new Error(`Prosa answered ${status}.`)
        },
      }
    },
    async keyOf(accountId) {
      const { inboxes } = await call<{ inboxes: { key: string; accountId: string }[] }>('GET', 'state')
      const inbox = inboxes.find((one) => one.accountId === accountId)
      if (!inbox) throw new Error(`Nobody connected ${accountId}.`)
      return inbox.key
    },
    forgets: (inbox) => call('PATCH', `inboxes/${inbox}`, { subscribed: false }),
    newAccount: (account) => call('POST', 'inboxes', account),
    tells: (inbox, what) => call('POST', `inboxes/${inbox}/news`, { what }),
    behave: (behaviour) => call('PATCH', 'behaviour', behaviour),
    fault: (fault) => call('POST', 'faults', fault),
    async calm() {
      await call('DELETE', 'faults')
      await call('PATCH', 'behaviour', USUAL)
    },
  }
}

let calls = 0

function oneCallOf({ number, name, texts }: { number: string; name: string; texts: string[] }) {
  calls += 1
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '5511900000001', phone_number_id: ACCOUNT },
    contacts: [{ profile: { name }, wa_id: number }],
    messages: texts.map((body, at) => {
      const id = `wamid.${Buffer.from(`${number} ${calls} ${at}`).toString('base64')}`
      return { from: number, id, timestamp, type: 'text', text: { body } }
    }),
  }
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: '200000000000100', changes: [{ value, field: 'messages' }] }],
  }
}
