/** The webhooks of the Cloud API, as its servers write them. */
import { written } from '../meta/bodies.ts'
import type { Told } from '../provider.ts'
import type { Customer, Inbox, Message } from '../state.ts'
import { businessAccountOf, businessScopedId, digitsOf, waIdOf } from './addresses.ts'
import { statusError } from './errors.ts'

export const told = (about: string, of: unknown): Told => ({ about, body: written(of) })

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

/** What a message says in the provider's words: its type, and the part of that name. */
export const contentOf = ({ wire, text }: Message): Record<string, unknown> => ({
  type: 'text',
  ...('type' in wire ? {} : { text: { body: text } }),
  ...wire,
})

export function messagePayload(inbox: Inbox, person: Person, message: Message): unknown {
  const { context, ...content } = contentOf(message)
  const quote = message.replyTo === null ? {} : { from: digitsOf(inbox.address), id: message.replyTo }
  const around = { ...quote, ...(typeof context === 'object' ? context : {}) }
  return itemPayload(inbox, person, {
    ...(Object.keys(around).length === 0 ? {} : { context: around }),
    id: message.id,
    timestamp: seconds(message.at),
    ...content,
  })
}

/** One of `messages`: whatever the customer did. */
export function itemPayload(inbox: Inbox, person: Person, item: { id: string } & Record<string, unknown>): unknown {
  const from = present({ from: person.waId, from_user_id: person.userId })
  return payload(inbox, 'messages', {
    contacts: [contact(person)],
    messages: [{ ...from, timestamp: seconds(Date.now()), ...item }],
  })
}

/** Told by the provider of a person: without who else is in it. */
export function systemPayload(inbox: Inbox, person: Person, item: { id: string; system: object } & object): unknown {
  const from = present({ from: person.waId, from_user_id: person.waId === null ? person.userId : null })
  return payload(inbox, 'messages', {
    messages: [{ ...from, timestamp: seconds(Date.now()), type: 'system', ...item }],
  })
}

/** Typed on the business's own phone. */
export function echoPayload(inbox: Inbox, person: Person, item: { id: string } & Record<string, unknown>): unknown {
  const to = present({ to: person.waId, to_user_id: person.userId })
  return payload(inbox, 'smb_message_echoes', {
    contacts: [contact(person)],
    message_echoes: [{ from: digitsOf(inbox.address), ...to, timestamp: seconds(Date.now()), ...item }],
  })
}

export interface Status {
  messageId: string
  name: 'sent' | 'delivered' | 'read' | 'played' | 'failed'
  at: number
  callbackData: string | null
  errorCode: number | null
}

export function statusPayload(inbox: Inbox, person: Person, status: Status): unknown {
  const failed = status.errorCode !== null
  return payload(inbox, 'messages', {
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

/** Of a number. */
export function payload(inbox: Inbox, field: string, what: object): unknown {
  const metadata = { display_phone_number: digitsOf(inbox.address), phone_number_id: inbox.accountId }
  return accountPayload(inbox, field, { messaging_product: 'whatsapp', metadata, ...what }, null)
}

/** Of the account that it belongs to. */
export function accountPayload(inbox: Inbox, field: string, value: object, now: number | null): unknown {
  const time = now === null ? {} : { time: Math.floor(now / 1000) }
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: businessAccountOf(inbox), ...time, changes: [{ value, field }] }],
  }
}

const contact = ({ name, waId, userId }: Person) => ({
  profile: { name },
  ...present({ wa_id: waId, user_id: userId }),
})

export const seconds = (ms: number) => String(Math.floor(ms / 1000))

const present = (fields: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

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
