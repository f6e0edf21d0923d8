/** People as Messenger and Instagram know them: by an id that holds for one account alone. */
import { createHash, randomBytes } from 'node:crypto'
import type { Customer, Inbox } from '../state.ts'
import type { World } from '../world.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** 16 digits, another at each page and profile. */
export function scopedId({ id, scopedIds }: Customer, { key, channel }: Inbox): string {
  const met = scopedIds[key]
  if (met !== undefined) return met
  const digits = String(BigInt(`0x${hashOf(`${id} ${key}`).slice(0, 14)}`))
    .padStart(15, '0')
    .slice(-15)
  return `${channel === 'messenger' ? 6 : 9}${digits}`
}

export interface Met {
  customer: Customer
  inbox: Inbox
}

/** Whose id that is at which account. */
export function whoIs(world: World, channel: string, scoped: string): Met | undefined {
  for (const inbox of world.inboxesOf(channel)) {
    const customer = world.customers.find((one) => scopedId(one, inbox) === scoped)
    if (customer) return { customer, inbox }
  }
  return undefined
}

const SCOPED = /^\d{16}$/

/** Somebody whom Prosa knew before the simulator did: a past that it does not know. Null: nobody can have such an id. */
export function meet(world: World, inbox: Inbox, scoped: string): Met | null {
  if (!SCOPED.test(scoped)) return null
  const name = `Pessoa ${scoped.slice(-4)}`
  const of = { id: `p${scoped}`, name, number: '', hidesNumber: true, scopedIds: { [inbox.key]: scoped } }
  return { customer: world.addCustomer({ ...of, origin: 'met' }), inbox }
}

/** mariana.costa */
export const usernameOf = ({ name }: Customer) =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')

export const newMid = (channel: string) =>
  channel === 'messenger'
    ? `m_${randomBytes(24).toString('base64url')}`
    : `aWdf${randomBytes(30).toString('base64url')}`

export const conversationId = (customer: Customer, inbox: Inbox) =>
  inbox.channel === 'messenger'
    ? `t_${scopedId(customer, inbox)}`
    : `aWdfZAG06${Buffer.from(scopedId(customer, inbox)).toString('base64url')}`
