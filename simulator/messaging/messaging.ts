/** Messenger and Instagram: one platform of Meta's behind two doors. */
import { signed, written } from '../meta/bodies.ts'
import type { Provider, Said, Simulation } from '../provider.ts'
import type { Button } from '../state.ts'
import {
  does,
  ELSEWHERE,
  elsewhere,
  INSTAGRAM_DOES,
  INSTAGRAM_NEWS,
  MESSENGER_DOES,
  MESSENGER_NEWS,
  news,
} from './acts.ts'
import { Graph } from './graph.ts'
import { INSTAGRAM_SAYS, MESSENGER_SAYS, say } from './kinds.ts'
import { newMid } from './people.ts'
import { Receipts } from './receipts.ts'
import { messageRow, renewed, rowOf } from './rows.ts'

export const messenger = (simulation: Simulation): Provider =>
  messaging(simulation, 'messenger', {
    menus: { says: MESSENGER_SAYS, does: MESSENGER_DOES, elsewhere: ELSEWHERE, news: MESSENGER_NEWS },
    may: { edit: true, unsend: false },
  })

export const instagram = (simulation: Simulation): Provider =>
  messaging(simulation, 'instagram', {
    menus: { says: INSTAGRAM_SAYS, does: INSTAGRAM_DOES, elsewhere: ELSEWHERE, news: INSTAGRAM_NEWS },
    may: { edit: true, unsend: true },
  })

const NAMES: Record<string, string> = {
  '❤️': 'love',
  '😠': 'angry',
  '😢': 'sad',
  '😮': 'wow',
  '😆': 'laugh',
  '👍': 'like',
}
/** After that a message stays as it is. */
const MOST_EDITS = 5

function messaging(
  simulation: Simulation,
  channel: 'messenger' | 'instagram',
  offers: Pick<Provider, 'menus' | 'may'>,
): Provider {
  const { world } = simulation
  const receipts = new Receipts(simulation)
  const graph = new Graph(simulation, channel, receipts)
  /** The reaction that each message had, since taking it back names it. */
  const before = new Map<string, string>()

  return {
    channel,
    ...offers,
    fixtures: new URL(`../../src/channels/fixtures/${channel}/`, import.meta.url),
    answer: (call) => graph.answer(call),
    newMessageId: () => newMid(channel),
    say: (_inbox, _customer, saying) => say(simulation, channel, saying),
    press: (_message, button) => pressed(button),
    written: (inbox, customer, message) => messageRow(inbox, customer, message),
    reacted: (inbox, customer, { id: mid, reactions: { customer: emoji } }) => {
      const named = emoji ?? before.get(mid)
      if (emoji !== null) before.set(mid, emoji)
      const action = emoji === null ? 'unreact' : 'react'
      // On Instagram taking it back names nothing.
      const which =
        named === undefined || (channel === 'instagram' && emoji === null)
          ? {}
          : { reaction: NAMES[named] ?? 'other', emoji: named }
      return rowOf('reaction', inbox, customer, { reaction: { mid, action, ...which } })
    },
    edited: (inbox, customer, { id: mid, text, edits }) =>
      edits > MOST_EDITS ? null : rowOf('edit', inbox, customer, { message_edit: { mid, text, num_edit: edits } }),
    unsent: (inbox, customer, { id: mid }) => rowOf('unsend', inbox, customer, { message: { mid, is_deleted: true } }),
    played: () => null,
    does: (inbox, customer, act) => does(inbox, customer, act),
    elsewhere: (inbox, customer, of) => elsewhere(simulation, inbox, customer, of),
    news: (inbox, customer, what) => news(simulation, inbox, customer, what),
    arrived: (inbox, customer) => receipts.arrived(inbox, customer, world.chat(customer.id, inbox.key)),
    seen: (inbox, customer) => receipts.read(inbox, customer, world.chat(customer.id, inbox.key)),
    renewed: (payload, inbox) => renewed(payload, inbox, Date.now()),
    body: written,
    signed,
    forged: (body) => signed(`${body} `),
    resume: () => {
      for (const inbox of world.inboxesOf(channel)) {
        for (const chat of world.chatsWith(inbox.key)) {
          const customer = world.customer(chat.customerId)
          if (customer) receipts.resume(inbox, customer, chat)
        }
      }
    },
  }
}

function pressed({ id: payload, title, kind }: Button): Said {
  const wire = kind === 'postback' ? { postback: { title, payload } } : { quick_reply: { payload } }
  return { kind, text: title, wire }
}
