/** WhatsApp, as Meta's Cloud API runs it. */
import { signed, written } from '../meta/bodies.ts'
import type { Provider, Said, Simulation } from '../provider.ts'
import type { Button, Customer, Inbox } from '../state.ts'
import { DOES, does } from './acts.ts'
import { businessAccountOf, digitsOf } from './addresses.ts'
import { ELSEWHERE, editedContent, elsewhere } from './elsewhere.ts'
import { Graph } from './graph.ts'
import { newMessageId } from './ids.ts'
import { SAYS, say } from './kinds.ts'
import { NEWS, news } from './news.ts'
import { itemPayload, messagePayload, personOf, renewed, statusPayload, told } from './payloads.ts'
import { Statuses, statusOf } from './statuses.ts'
import { Templates } from './templates.ts'

export function whatsapp(simulation: Simulation, prosaUrl: string): Provider {
  const { world, files, webhooks, behaviour } = simulation
  const statuses = new Statuses(simulation)
  const templates = new Templates()
  const person = (customer: Customer) => personOf(customer, behaviour().dropNinthDigit)
  const newId = (customer: Customer) => newMessageId(digitsOf(customer.number))
  const tellNews = (inbox: Inbox, what: string) => {
    for (const { about, body } of news(simulation, inbox, null, what)) void webhooks.deliver(inbox, about, body)
  }
  const graph = new Graph(simulation, prosaUrl, statuses, templates, tellNews)

  return {
    channel: 'whatsapp',
    fixtures: new URL('../../src/channels/fixtures/whatsapp/', import.meta.url),
    menus: { says: SAYS, does: DOES, elsewhere: ELSEWHERE, news: NEWS },
    may: { edit: true, unsend: true },
    answer: (call) => graph.answer(call),
    newMessageId: newId,
    say: (_inbox, _customer, saying) => say(files, saying),
    press: (_message, button) => pressed(button),
    written: (inbox, customer, message) => told('message', messagePayload(inbox, person(customer), message)),
    reacted: (inbox, customer, { id, reactions: { customer: emoji } }) => {
      const reaction = { message_id: id, ...(emoji === null ? {} : { emoji }) }
      return told('reaction', itemPayload(inbox, person(customer), { id: newId(customer), type: 'reaction', reaction }))
    },
    edited: (inbox, customer, message) => {
      const edit = { original_message_id: message.id, message: { ...editedContent(message), context: { id: 'M0' } } }
      const item = { id: newId(customer), type: 'edit', edit }
      return behaviour().coexistence ? told('edit', itemPayload(inbox, person(customer), item)) : null
    },
    unsent: (inbox, customer, message) => {
      const item = { id: newId(customer), type: 'revoke', revoke: { original_message_id: message.id } }
      return behaviour().coexistence ? told('revoke', itemPayload(inbox, person(customer), item)) : null
    },
    played: (inbox, customer, message) =>
      told('status played', statusPayload(inbox, person(customer), statusOf(message, 'played', Date.now()))),
    does: (inbox, customer, act) => does(simulation, inbox, customer, act),
    elsewhere: (inbox, customer, of) => elsewhere(simulation, inbox, customer, of),
    news: (inbox, customer, what) => {
      const status = DECIDED[what]
      if (status) templates.decide(businessAccountOf(inbox), 'pedido_pronto', status)
      return news(simulation, inbox, customer, what)
    },
    arrived: (inbox, customer) => statuses.arrived(inbox, customer, world.chat(customer.id, inbox.key)),
    seen: (inbox, customer) => statuses.read(inbox, customer, world.chat(customer.id, inbox.key)),
    renewed: (payload, inbox) => renewed(payload, inbox, Date.now()),
    body: written,
    signed,
    forged: (body) => signed(`${body} `),
    resume: () => {
      for (const inbox of world.inboxesOf('whatsapp')) {
        for (const chat of world.chatsWith(inbox.key)) {
          const customer = world.customer(chat.customerId)
          if (customer) statuses.resume(inbox, customer, chat)
        }
      }
    },
  }
}

const DECIDED: Record<string, 'APPROVED' | 'REJECTED' | 'PAUSED'> = {
  template_approved: 'APPROVED',
  template_rejected: 'REJECTED',
  template_paused: 'PAUSED',
}

function pressed({ kind, id, title, description }: Button): Said {
  switch (kind) {
    case 'template':
      return { kind: 'template_button', text: title, wire: { type: 'button', button: { payload: id, text: title } } }
    case 'row': {
      const list_reply = { id, title, ...(description === null ? {} : { description }) }
      return {
        kind: 'list_reply',
        text: title,
        wire: { type: 'interactive', interactive: { type: 'list_reply', list_reply } },
      }
    }
    case 'location':
      return {
        kind: 'location',
        lines: ['Localização atual'],
        wire: { type: 'location', location: { latitude: -19.924501, longitude: -43.935238 } },
      }
    case 'contact':
      return {
        kind: 'contacts',
        lines: ['Número compartilhado'],
        wire: { type: 'contacts', contacts: [{ origin: 'contact_request', phones: [{ phone: '+55 11 99999-0007' }] }] },
      }
    default:
      return {
        kind: 'button_reply',
        text: title,
        wire: { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } },
      }
  }
}
