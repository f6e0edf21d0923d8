/** Bots, and the people who write to them: which token is whose, and under which id Telegram knows whom. */
import { createHash } from 'node:crypto'
import { DEMO_INBOXES, DEMO_SECRETS } from '../../scripts/demo.ts'
import type { Customer, Inbox } from '../state.ts'
import type { World } from '../world.ts'

/** What follows the bot's id in every token that the simulator takes. */
const SECRET = 'prosa-demo-bot-token'
const TOKEN = /^(\d{1,15}):([\w-]{1,100})$/

/** A bot that is nobody's inbox yet is free: whoever knows its token may connect it. Null: no such bot. */
export function botOf(world: World, token: string): { id: string; inbox: Inbox | null } | null {
  const [, id, secret] = TOKEN.exec(token) ?? []
  if (id === undefined || secret !== SECRET) return null
  return { id, inbox: world.inboxesOf('telegram').find(({ accountId }) => accountId === id) ?? null }
}

export const usernameOfBot = (id: string) =>
  DEMO_INBOXES.find(({ accountId }) => accountId === id)?.address.replace('@', '') ?? `prosa_${id}_bot`

export const asUser = (id: string) => ({
  id: Number(id),
  is_bot: true,
  first_name: `Prosa ${id.slice(-1)}`,
  username: usernameOfBot(id),
})

export const secretOf = (world: World, { accountId }: Inbox) =>
  world.account(accountId).secret ?? DEMO_SECRETS.telegramSecret

/** The same at every bot: ten digits. */
export function userIdOf({ id, scopedIds }: Customer, { key }: Inbox): string {
  const met = scopedIds[key]
  if (met !== undefined) return met
  const hash = createHash('sha256').update(`telegram ${id}`).digest('hex')
  return `8${String(BigInt(`0x${hash.slice(0, 12)}`))
    .padStart(9, '0')
    .slice(-9)}`
}

export const whoIs = (world: World, inbox: Inbox, userId: string): Customer | undefined =>
  world.customers.find((one) => userIdOf(one, inbox) === userId)

const NAMELESS = /^\d{6,15}$/

/** Somebody whom Prosa knew before the simulator did. Null: nobody can have such an id. */
export function meet(world: World, inbox: Inbox, userId: string): Customer | null {
  if (!NAMELESS.test(userId)) return null
  const of = { id: `t${userId}`, name: `Pessoa ${userId.slice(-4)}`, number: '', scopedIds: { [inbox.key]: userId } }
  return world.addCustomer({ ...of, origin: 'met' })
}

const usernameOf = ({ name }: Customer) =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')

const namesOf = ({ name }: Customer) => {
  const [first_name = '', ...rest] = name.split(' ')
  return { first_name, ...(rest.length > 0 ? { last_name: rest.join(' ') } : {}) }
}

export const person = (customer: Customer, inbox: Inbox) => ({
  id: Number(userIdOf(customer, inbox)),
  is_bot: false,
  ...namesOf(customer),
  username: usernameOf(customer),
  language_code: 'pt-br',
})

export const privateChat = (customer: Customer, inbox: Inbox) => ({
  id: Number(userIdOf(customer, inbox)),
  ...namesOf(customer),
  username: usernameOf(customer),
  type: 'private',
})

/** One group a bot: everybody of the simulator is in it. It moves once, to an id of its supergroup. */
const OLD_GROUP = 4_100_000_000
export const groupIdOf = ({ accountId }: Inbox, moved: boolean) =>
  moved ? Number(`-100${OLD_GROUP + (Number(accountId) % 1_000_000)}`) : -(OLD_GROUP + (Number(accountId) % 1_000_000))

export const groupChat = (inbox: Inbox, moved: boolean) => ({
  id: groupIdOf(inbox, moved),
  title: 'Equipe Exemplo',
  type: moved ? 'supergroup' : 'group',
})

/** By which the bot answers for its owner's own account. */
export const connectionOf = ({ accountId }: Inbox) => `bc_${accountId}`

/** The owner of that account. */
export const OWNER = {
  id: 990_000_001,
  is_bot: false,
  first_name: 'Dona',
  last_name: 'da Loja',
  username: 'dona_da_loja',
}
