/** The webhooks of the Cloud API, as its servers write them. */
import { createHmac } from 'node:crypto'
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import type { Customer, Inbox, Message } from '../world.ts'
import { businessScopedId, digitsOf, waIdOf } from './addresses.ts'
import { statusError } from './errors.ts'

const ACCOUNT = '200000000000100'

/** A person as far as the business is told. */
export interface Person {
  waId: string | null
  userId: string | null
  name: string | null
}

export function personOf(customer: Customer, dropNinthDigit: boolean): Person {
  return {
    waId: customer.hidesNumber ? null : waIdOf(customer.number, dropNinthDigit),
    userId: businessScopedId(customer),
    name: customer.name,
  }
}

export function messagePayload(inbox: Inbox, person: Person, message: Message): unknown {
  return envelope(inbox, {
    contacts: [contact(person)],
    messages: [
      {
        ...(message.replyTo === null ? {} : { context: { from: digitsOf(inbox.address), id: message.replyTo } }),
        ...present({ from: person.waId, from_user_id: person.userId }),
        id: message.id,
        timestamp: seconds(message.at),
        type: 'text',
        text: { body: message.text },
      },
    ],
  })
}

export interface Status {
  messageId: string
  name: 'sent' | 'delivered' | 'read' | 'failed'
  at: number
  callbackData: string | null
  errorCode: number | null
}

export function statusPayload(inbox: Inbox, person: Person, status: Status): unknown {
  const failed = status.errorCode !== null
  return envelope(inbox, {
    ...(failed || person.userId === null ? {} : { contacts: [contact(person)] }),
    statuses: [
      {
        id: status.messageId,
        status: status.name,
        timestamp: seconds(status.at),
        ...present({
          recipient_id: person.waId,
          recipient_user_id: person.userId,
          biz_opaque_callback_data: status.callbackData,
        }),
        ...(status.errorCode === null
          ? { pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' } }
          : { errors: [statusError(status.errorCode)] }),
      },
    ],
  })
}

const contact = ({ name, waId, userId }: Person) => ({
  profile: { name },
  ...present({ wa_id: waId, user_id: userId }),
})

function envelope(inbox: Inbox, what: object): unknown {
  const metadata = { display_phone_number: digitsOf(inbox.address), phone_number_id: inbox.accountId }
  const value = { messaging_product: 'whatsapp', metadata, ...what }
  return { object: 'whatsapp_business_account', entry: [{ id: ACCOUNT, changes: [{ value, field: 'messages' }] }] }
}

const seconds = (ms: number) => String(Math.floor(ms / 1000))

const present = (fields: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

/** Meta writes everything outside ASCII, and each slash, as an escape, and signs that. */
export const written = (payload: unknown) =>
  JSON.stringify(payload)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

export const signed = (body: string) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', DEMO_SECRETS.appSecret).update(body).digest('hex')}`,
})

/** A payload that was seen elsewhere, as if it happened now: to this number, with message ids that nobody has seen. */
export function renewed(payload: unknown, inbox: Inbox, now: number): unknown {
  const fresh = (item: { id: unknown }) => ({ ...item, id: `${item.id}.${now.toString(36)}` })
  return JSON.parse(JSON.stringify(payload), (key, value: unknown) => {
    switch (key) {
      case 'phone_number_id':
        return inbox.accountId
      case 'display_phone_number':
        return digitsOf(inbox.address)
      case 'timestamp':
        return typeof value === 'number' ? Math.floor(now / 1000) : seconds(now)
      case 'messages':
      case 'message_echoes':
        return Array.isArray(value) ? value.map(fresh) : value
      default:
        return value
    }
  })
}
