/** The simulator by its HTTP API: customers who write and read, and a provider with moods. */
import { DEMO_INBOXES } from '../../scripts/demo.ts'

export interface Customer {
  id: string
  name: string
  /** Answers with the provider's id of the message. */
  writes(text: string, replyTo?: string): Promise<string>
  /** Looks at the phone: what stands there is read. */
  reads(): Promise<void>
  /** What stands on the phone from the business, oldest first. */
  received(): Promise<{ id: string; text: string; replyTo: string | null; state: string }[]>
  /** So many messages in one call of the provider's. */
  writesMany(texts: string[]): Promise<void>
}

export interface Simulator {
  newCustomer(name: string): Promise<Customer>
  behave(behaviour: Record<string, unknown>): Promise<void>
  /** What the next sends meet. */
  fault(fault: Record<string, unknown>): Promise<void>
  /** Usual again: nothing ahead, no moods. */
  calm(): Promise<void>
}

const INBOX = 'demo-wa-1'
const ACCOUNT = DEMO_INBOXES.find(({ key }) => key === INBOX)?.accountId
const USUAL = { outage: 'off', statuses: 'in_order', statusDelayMs: 400, latencyMs: 0, webhookCopies: 1 }

interface ChatMessage {
  id: string
  from: 'customer' | 'business'
  text: string
  replyTo: string | null
  state: string
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

  async function chatOf(id: string): Promise<ChatMessage[]> {
    const { customers } = await call<{
      customers: { id: string; chats: { inboxKey: string; messages: ChatMessage[] }[] }[]
    }>('GET', 'state')
    const chats = customers.find((customer) => customer.id === id)?.chats
    return chats?.find(({ inboxKey }) => inboxKey === INBOX)?.messages ?? []
  }

  return {
    async newCustomer(name) {
      numbers += 1
      const number = `55119${String(70_000_000 + numbers)}`
      const { id } = await call<{ id: string }>('POST', 'customers', { name, number })
      return {
        id,
        name,
        writes: async (text, replyTo) =>
          (await call<{ id: string }>('POST', `customers/${id}/messages`, { inbox: INBOX, text, replyTo })).id,
        reads: () => call('POST', `customers/${id}/view`, { inbox: INBOX }),
        received: async () => (await chatOf(id)).filter(({ from }) => from === 'business'),
        async writesMany(texts) {
          const body = oneCallOf({ number, name, texts })
          const { status } = await call<{ status: number }>('POST', 'webhooks', { inbox: INBOX, body })
          if (status !== 200) throw new Error(`Prosa answered ${status}.`)
        },
      }
    },
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
