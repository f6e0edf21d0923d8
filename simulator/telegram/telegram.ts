/** Telegram: the chats of bots, and those of an owner's own account. */
import { randomBytes } from 'node:crypto'
import type { Provider, Said, Simulation, Told } from '../provider.ts'
import type { Button, Chat, Customer, Inbox, Message } from '../state.ts'
import { DOES, does, ELSEWHERE, elsewhere, NEWS, news } from './acts.ts'
import { person, privateChat, secretOf, userIdOf } from './bots.ts'
import { SAYS, say } from './kinds.ts'
import { BotApi } from './methods.ts'
import { chatIdIn, renewed } from './renewed.ts'
import { chatOf, edited, kindOf, messageItem, nextMessageId, update, whereOf } from './updates.ts'

export function telegram(simulation: Simulation, prosaUrl: string): Provider {
  const { world } = simulation
  const api = new BotApi(simulation, prosaUrl)
  /** What each message carried before, since an update names both. */
  const before = new Map<string, string | null>()

  return {
    channel: 'telegram',
    menus: { says: SAYS, does: DOES, elsewhere: ELSEWHERE, news: NEWS },
    may: { edit: true, unsend: false },
    fixtures: new URL('../../src/channels/fixtures/telegram/', import.meta.url),
    answer: (call) => api.answer(call),
    newMessageId: () => nextMessageId(),
    say: (inbox, customer, saying) => {
      const moved = saying.kind === 'group' && world.account(inbox.accountId).groupMoved
      const said = say(simulation, customer, userIdOf(customer, inbox), saying)
      return moved ? { ...said, wire: { ...said.wire, where: 'supergroup' } } : said
    },
    press: (message, button) => pressed(message, button),
    written: (inbox, customer, message) => written(simulation, inbox, customer, message),
    reacted: (inbox, customer, message) => {
      const { customer: emoji } = message.reactions
      const was = before.get(message.id) ?? null
      before.set(message.id, emoji)
      return reacted(inbox, customer, message, was, emoji)
    },
    edited: (inbox, customer, message) => edited(simulation, inbox, customer, message),
    unsent: () => null,
    played: () => null,
    does: (inbox, customer, act) => does(simulation, inbox, customer, act),
    elsewhere: (inbox, customer, of) => elsewhere(simulation, inbox, customer, of),
    news: (inbox, customer, what) => news(simulation, inbox, customer, what),
    arrived: () => {}, // nobody is told what became of a bot's message
    seen: (inbox, customer) => looked(simulation, world.chat(customer.id, inbox.key)),
    renewed: (payload, inbox) => renewed(payload, inbox),
    body: (payload) => JSON.stringify(payload),
    signed: (_body, inbox) => ({ 'x-telegram-bot-api-secret-token': secretOf(world, inbox) }),
    forged: () => ({ 'x-telegram-bot-api-secret-token': 'somebody-elses-secret' }),
    lane: (body) => chatIdIn(body),
    keepsUntold: true,
    wants: (inbox, about) => world.account(inbox.accountId).fields?.includes(about) ?? true,
    resume: () => {},
  }
}

function looked({ world }: Simulation, { messages }: Chat): void {
  const reading = messages.filter(({ from, state }) => from === 'business' && state === 'delivered')
  if (reading.length === 0) return
  for (const message of reading) message.state = 'read'
  world.changed()
}

/** A press is no message at Telegram; on this phone it stands as one, so that it can be seen to be waiting. */
function pressed({ id }: Message, { id: data, title }: Button): Said {
  const callback = randomBytes(9).toString('hex')
  return { kind: 'press', text: title, mark: 'Botão apertado: esperando', wire: { callback, data, of: id } }
}

function written(of: Simulation, inbox: Inbox, customer: Customer, message: Message): Told | Told[] {
  const { callback, data, of: target, album } = message.wire
  if (typeof callback === 'string') return pressUpdate(of, inbox, customer, { callback, data, target })
  const item = messageItem(of, inbox, customer, message)
  if (!Array.isArray(album)) return update(kindOf(message), item)
  const { album: _, caption, ...rest } = item
  return album.map((photo: unknown, at) =>
    update('message', { ...rest, photo, ...(at === 0 ? { caption } : { message_id: Number(nextMessageId()) }) }),
  )
}

function pressUpdate(
  of: Simulation,
  inbox: Inbox,
  customer: Customer,
  { callback, data, target }: { callback: string; data: unknown; target: unknown },
): Told {
  const message = of.world.find(inbox.key, String(target))?.message
  return update('callback_query', {
    id: callback,
    from: person(customer, inbox),
    ...(message ? { message: messageItem(of, inbox, customer, message) } : {}),
    chat_instance: '-1828607021492040088',
    data,
  })
}

function reacted(inbox: Inbox, customer: Customer, message: Message, was: string | null, emoji: string | null): Told {
  const list = (one: string | null) => (one === null ? [] : [{ type: 'emoji', emoji: one.replaceAll('\ufe0f', '') }])
  return update('message_reaction', {
    chat: whereOf(message) === 'private' ? privateChat(customer, inbox) : chatOf(inbox, customer, whereOf(message)),
    message_id: Number(message.id),
    user: person(customer, inbox),
    date: Math.floor(Date.now() / 1000),
    old_reaction: list(was),
    new_reaction: list(emoji),
  })
}
