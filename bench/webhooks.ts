/** Meta's calls: bodies as the Cloud API sends them, signed over their bytes. */
import { createHmac } from 'node:crypto'
import type { BenchInbox } from './seed/plan.ts'
import { BENCH_SECRETS } from './seed/plan.ts'
import type { Answer, Visitor } from './visitor.ts'

export interface CustomerText {
  /** wa_id, digits alone. */
  from: string
  name: string
  id: string
  text: string
}

export type ReceiptStatus = 'sent' | 'delivered' | 'read'

export const textBody = (inbox: BenchInbox, { from, name, id, text }: CustomerText) =>
  envelope(inbox, {
    contacts: [{ profile: { name }, wa_id: from }],
    messages: [{ from, id, timestamp: seconds(), type: 'text', text: { body: text } }],
  })

export const receiptBody = (inbox: BenchInbox, id: string, status: ReceiptStatus, to: string) =>
  envelope(inbox, { statuses: [{ id, status, timestamp: seconds(), recipient_id: to }] })

/** Posts it to the inbox's own address. */
export function call(visitor: Visitor, inbox: BenchInbox, body: string): Promise<Answer> {
  const signature = createHmac('sha256', BENCH_SECRETS.appSecret).update(body).digest('hex')
  return visitor.send('POST', `/webhooks/whatsapp/${inbox.webhookKey}`, body, {
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${signature}`,
  })
}

const seconds = () => String(Math.floor(Date.now() / 1_000))

const envelope = (inbox: BenchInbox, value: object) =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '200000000000900',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: inbox.address.replaceAll(/\D/g, ''), phone_number_id: inbox.accountId },
              ...value,
            },
          },
        ],
      },
    ],
  })
