/** Meta's half of a WhatsApp number: signs what customers write and what becomes of our messages, and posts it. */
import { createHmac } from 'node:crypto'
import { DEMO_INBOXES, DEMO_SECRETS } from '../../scripts/demo.ts'
import type { Send } from './provider.ts'

export type WhatsAppKey = Extract<(typeof DEMO_INBOXES)[number], { channel: 'whatsapp' }>['key']

export interface Customer {
  /** Digits alone. */
  waId: string
  name: string
}

export interface Text {
  from: Customer
  text: string
  /** The provider's id. */
  id: string
  /** When it was written, ms. */
  at: number
}

export type Status = 'sent' | 'delivered' | 'read' | 'failed'

export interface Line {
  /** Several in one call. Answers with the status of ours. */
  texts(...texts: Text[]): Promise<number>
  /** A message of any kind: `{ type: 'image', image: { … } }` and whatever stands beside it. Answers with its id too. */
  says(from: Customer, item: { type: string } & Record<string, unknown>): Promise<{ id: string; status: number }>
  status(send: Send, status: Status, options?: { proof?: boolean }): Promise<number>
  /** Any body, signed unless a signature is given. */
  post(body: string | Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<Response>
  /** What one call carries of this number. */
  change(value: object): object
}

let customers = 0
let textsWritten = 0

/** Somebody whom no other test knows. */
export function newCustomer(name: string): Customer {
  customers += 1
  return { waId: `55119${String(70_000_000 + customers)}`, name: `${name} ${customers}` }
}

/** Something that nobody has written before. */
export function textFrom(from: Customer, text: string, at = Date.now()): Text {
  textsWritten += 1
  return { from, text, id: `wamid.customer-${process.pid}-${textsWritten}`, at }
}

/** One of the demo's numbers, as Meta would call Prosa for it. */
export function lineAt(url: string, key: WhatsAppKey = 'demo-wa-1'): Line {
  const inbox = DEMO_INBOXES.find((one) => one.key === key)
  if (!inbox) throw new Error(`There is no inbox ${key}.`)
  const metadata = { display_phone_number: inbox.address.replaceAll(/\D/g, ''), phone_number_id: inbox.accountId }
  const change = (value: object) => ({
    field: 'messages',
    value: { messaging_product: 'whatsapp', metadata, ...value },
  })
  const post: Line['post'] = (body, headers) =>
    fetch(`${url}/webhooks/whatsapp/${key}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(headers ?? signed(body)) },
    })
  const postChange = async (value: object) => (await post(envelope(change(value)))).status

  return {
    post,
    change,
    texts: (...texts) => postChange(written(...texts)),
    async says(from, item) {
      const { id, at } = textFrom(from, '')
      const contacts = [{ profile: { name: from.name }, wa_id: from.waId }]
      const message = { from: from.waId, id, timestamp: seconds(at), ...item }
      return { id, status: await postChange({ contacts, messages: [message] }) }
    },
    status: (send, status, { proof = true } = {}) =>
      postChange({
        statuses: [
          {
            id: send.id,
            status,
            timestamp: seconds(Date.now()),
            recipient_id: send.to,
            ...(proof ? { biz_opaque_callback_data: send.attemptId } : {}),
            ...(status === 'failed' ? { errors: [{ code: 131026, title: 'Message undeliverable' }] } : {}),
          },
        ],
      }),
  }
}

/** The customers and messages of one change. */
export const written = (...texts: Text[]) => ({
  contacts: texts.map(({ from }) => ({ profile: { name: from.name }, wa_id: from.waId })),
  messages: texts.map(({ from, text, id, at }) => ({
    from: from.waId,
    id,
    timestamp: seconds(at),
    type: 'text',
    text: { body: text },
  })),
})

export const envelope = (...changes: object[]) =>
  JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '200000000000100', changes }] })

export const signed = (body: string | Uint8Array) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', DEMO_SECRETS.appSecret).update(body).digest('hex')}`,
})

const seconds = (ms: number) => String(Math.floor(ms / 1000))
