/** What happens to a customer on WhatsApp beside messages. */
import { randomInt } from 'node:crypto'
import type { Menu, Simulation, Told } from '../provider.ts'
import type { Customer, Inbox } from '../state.ts'
import { businessScopedId, digitsOf } from './addresses.ts'
import { newMessageId } from './ids.ts'
import { itemPayload, payload, personOf, seconds, systemPayload, told } from './payloads.ts'

export const DOES: Menu = {
  call: 'Liga para a empresa',
  number_changed: 'Muda de número',
  id_changed: 'Recebe outro identificador',
  security_code: 'Muda o código de segurança',
  stop: 'Recusa promoções',
  resume: 'Aceita promoções',
}

export function does({ behaviour }: Simulation, inbox: Inbox, customer: Customer, act: string): Told[] {
  const person = personOf(customer, behaviour().dropNinthDigit)
  const id = newMessageId(digitsOf(customer.number))
  switch (act) {
    case 'call':
      return [
        told(
          act,
          payload(inbox, 'calls', {
            contacts: [{ profile: { name: customer.name }, wa_id: person.waId, user_id: person.userId }],
            calls: [
              {
                id: `wacid.${id.slice(6)}`,
                from: person.waId,
                to: digitsOf(inbox.address),
                event: 'connect',
                timestamp: seconds(Date.now()),
                direction: 'USER_INITIATED',
                session: { sdp: 'v=0', sdp_type: 'offer' },
              },
            ],
          }),
        ),
      ]
    case 'number_changed': {
      const number = `${customer.number.slice(0, -8)}${randomInt(70_000_000, 99_999_999)}`
      const before = { ...person, waId: person.waId ?? digitsOf(customer.number) }
      customer.number = number
      const waId = personOf({ ...customer, hidesNumber: false }, behaviour().dropNinthDigit).waId
      const body = `User ${customer.name} changed from ${before.waId} to ${waId}`
      return [
        told(act, systemPayload(inbox, before, { id, system: { body, wa_id: waId, type: 'user_changed_number' } })),
      ]
    }
    case 'id_changed': {
      const previous = businessScopedId(customer)
      customer.renamed += 1
      const current = businessScopedId(customer)
      const body = `User ${customer.name} changed from ${previous} to ${current}`
      const wa = person.waId === null ? {} : { wa_id: person.waId }
      return [
        told(
          act,
          systemPayload(inbox, person, { id, system: { body, user_id: current, type: 'user_changed_user_id' } }),
        ),
        told(
          'user_id_update',
          payload(inbox, 'user_id_update', {
            user_id_update: [{ ...wa, detail: body, user_id: { previous, current }, timestamp: seconds(Date.now()) }],
          }),
        ),
      ]
    }
    case 'security_code':
      return [
        told(
          act,
          itemPayload(inbox, person, {
            id,
            type: 'system',
            identity: { acknowledged: true, created_timestamp: seconds(Date.now()), hash: id.slice(-9, -1) },
            system: { body: 'User identity changed', type: 'customer_identity_changed' },
          }),
        ),
      ]
    default:
      return [told(act, preference(inbox, customer, person.waId, act))]
  }
}

const preference = (inbox: Inbox, customer: Customer, waId: string | null, value: string) =>
  payload(inbox, 'user_preferences', {
    contacts: [{ profile: { name: customer.name }, ...(waId === null ? {} : { wa_id: waId }) }],
    user_preferences: [
      {
        wa_id: waId,
        detail: `User requested to ${value} marketing messages`,
        category: 'marketing_messages',
        value,
        timestamp: Math.floor(Date.now() / 1000),
      },
    ],
  })
