/** What happens on Telegram beside messages: blocks, places that move, groups, the owner's own account. */
import type { Elsewhere, Menu, Simulation, Told } from '../provider.ts'
import { Refusal } from '../refusal.ts'
import { type Customer, type Inbox, type Message, newMessage } from '../state.ts'
import { asUser, connectionOf, groupChat, groupIdOf, OWNER, person, privateChat } from './bots.ts'
import { edited, messageItem, nextMessageId, update } from './updates.ts'

export const DOES: Menu = {
  block: 'Bloqueia o bot',
  unblock: 'Desbloqueia o bot',
  move: 'Anda (localização em tempo real)',
  arrive: 'Encerra a localização em tempo real',
}

export const ELSEWHERE: Menu = {
  text: 'O dono responde na conta dele',
  edit: 'O dono edita',
  revoke: 'O dono apaga',
}

export const NEWS: Menu = {
  business_connection: 'Conta do dono ligada ao bot',
  business_off: 'Conta do dono desligada',
  group_members: 'Alguém entrou no grupo',
  migrate: 'O grupo vira supergrupo',
  channel_post: 'Publicação de canal',
  poll: 'Votos de uma enquete',
  unknown: 'Atualização desconhecida',
}

const now = () => Math.floor(Date.now() / 1000)

export function does(of: Simulation, inbox: Inbox, customer: Customer, act: string): Told[] {
  const chat = of.world.chat(customer.id, inbox.key)
  if (act === 'block' || act === 'unblock') {
    chat.blocked = act === 'block'
    const [before, after] = chat.blocked ? ['member', 'kicked'] : ['kicked', 'member']
    const user = asUser(inbox.accountId)
    return [
      update('my_chat_member', {
        chat: privateChat(customer, inbox),
        from: person(customer, inbox),
        date: now(),
        old_chat_member: { user, status: before, ...(chat.blocked ? {} : { until_date: 0 }) },
        new_chat_member: { user, status: after, ...(chat.blocked ? { until_date: 0 } : {}) },
      }),
    ]
  }
  return [
    moved(
      of,
      inbox,
      customer,
      chat.messages.findLast(({ kind }) => kind === 'live_location'),
      act === 'move',
    ),
  ]
}

function moved(of: Simulation, inbox: Inbox, customer: Customer, live: Message | undefined, goesOn: boolean): Told {
  if (!live) throw new Refusal(409, 'Nobody shares where they are.')
  const at = live.wire.location as { latitude: number; longitude: number }
  const location = { latitude: further(at.latitude), longitude: further(at.longitude) }
  live.wire = { location: goesOn ? { ...location, live_period: 900 } : location }
  return edited(of, inbox, customer, live)
}

/** A hundred metres. */
const further = (degrees: number) => Math.round((degrees + 0.001) * 1e6) / 1e6

/** By the owner, in the account that the bot answers for. */
export function elsewhere(of: Simulation, inbox: Inbox, customer: Customer, { kind, text, target }: Elsewhere): Told[] {
  if (kind === 'text') {
    const message = newMessage({
      id: nextMessageId(),
      from: 'business',
      state: 'delivered',
      text: text ?? 'Oi! Respondi pelo meu celular.',
      mark: 'Pela conta do dono',
      wire: { where: 'business', byOwner: true },
    })
    of.world.addMessage(of.world.chat(customer.id, inbox.key), message)
    return [update('business_message', messageItem(of, inbox, customer, message))]
  }
  if (target?.wire.where !== 'business') throw new Refusal(422, 'That is no message of the owner’s account.')
  if (kind === 'edit') {
    target.text = text ?? `${target.text} (corrigido)`
    target.edits += 1
    return [edited(of, inbox, customer, target)]
  }
  Object.assign(target, { deleted: true, text: '', files: [], lines: [], buttons: [] })
  return [deleted(inbox, customer, [target])]
}

export const deleted = (inbox: Inbox, customer: Customer, messages: Message[]) =>
  update('deleted_business_messages', {
    business_connection_id: connectionOf(inbox),
    chat: privateChat(customer, inbox),
    message_ids: messages.map(({ id }) => Number(id)),
  })

export function news(of: Simulation, inbox: Inbox, customer: Customer | null, what: string): Told[] {
  const somebody = customer ?? of.world.customers[0]
  if (!somebody) return []
  const from = person(somebody, inbox)
  const inGroup = (moved: boolean, item: object) =>
    update('message', {
      message_id: Number(nextMessageId()),
      from,
      chat: groupChat(inbox, moved),
      date: now(),
      ...item,
    })
  switch (what) {
    case 'business_connection':
    case 'business_off':
      of.world.account(inbox.accountId).ownerLeft = what === 'business_off'
      return [
        update('business_connection', {
          ...{ id: connectionOf(inbox), user: OWNER, user_chat_id: OWNER.id, date: now() },
          ...{ rights: { can_reply: true }, is_enabled: what === 'business_connection' },
        }),
      ]
    case 'group_members':
      return [inGroup(false, { new_chat_members: [{ id: 8_100_000_009, is_bot: false, first_name: 'Novo' }] })]
    case 'migrate':
      of.world.account(inbox.accountId).groupMoved = true
      return [
        inGroup(false, { migrate_to_chat_id: groupIdOf(inbox, true) }),
        inGroup(true, { migrate_from_chat_id: groupIdOf(inbox, false) }),
      ]
    case 'channel_post': {
      const chat = { id: -1_001_305_240_521, title: 'Canal Exemplo', type: 'channel' }
      return [
        update('channel_post', {
          message_id: Number(nextMessageId()),
          sender_chat: chat,
          chat,
          date: now(),
          text: 'post',
        }),
      ]
    }
    case 'poll':
      return [
        update('poll', {
          id: '5330000000000000001',
          question: 'Qual?',
          options: [{ text: 'A', voter_count: 1 }],
          total_voter_count: 1,
        }),
      ]
    default:
      return [update('brand_new_update', { chat: privateChat(somebody, inbox) })]
  }
}
