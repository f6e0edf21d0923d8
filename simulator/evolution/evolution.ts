/** An Evolution API server: WhatsApp numbers that stay on their phones, linked by a code that is scanned. */
import type { Provider, Said, Simulation, Told } from '../provider.ts'
import type { Button, Customer, Inbox, Message } from '../state.ts'
import { DOES, does, ELSEWHERE, edited, elsewhere, NEWS, news } from './acts.ts'
import { newMessageId } from './addresses.ts'
import { GLOBAL_KEY, Instances } from './instances.ts'
import { SAYS, say } from './kinds.ts'
import { Receipts } from './receipts.ts'
import { renewed } from './renewed.ts'
import { Rest } from './rest.ts'
import { envelope, keyOf, rowOf } from './rows.ts'
import { Sending } from './send.ts'

export function evolution(simulation: Simulation): Provider {
  const { world, behaviour, files } = simulation
  const instances = new Instances(simulation)
  const receipts = new Receipts(simulation, instances)
  const rest = new Rest(simulation, instances, new Sending(simulation, instances, receipts))
  const drops = () => behaviour().dropNinthDigit

  /** A phone that is not connected hears of nothing; what it missed, the server finds out when it is back. */
  const now = (inbox: Inbox, told: Told): Told | null => {
    const instance = instances.named(inbox.accountId)
    return instance.state === 'open' && instances.hears(instance, told.about) ? told : null
  }
  const each = (inbox: Inbox, told: Told[]) => told.flatMap((one) => now(inbox, one) ?? [])
  const key = (customer: Customer, message: Message) => keyOf(customer, message, drops())

  return {
    channel: 'evolution',
    fixtures: new URL('../../src/channels/fixtures/evolution/', import.meta.url),
    menus: { says: SAYS, does: DOES, elsewhere: ELSEWHERE, news: NEWS },
    may: { edit: true, unsend: true },
    answer: (call) => rest.answer(call),
    newMessageId,
    say: (_inbox, _customer, saying) => say(simulation, saying),
    press: (_message, button) => pressed(button),
    written: (inbox, customer, message) => {
      const { webhook } = instances.named(inbox.accountId)
      const bytes = webhook?.base64 && message.files[0] ? files.bytes(message.files[0]) : null
      return now(
        inbox,
        envelope(inbox, 'messages.upsert', rowOf(customer, message, drops(), bytes?.toString('base64'))),
      )
    },
    reacted: (inbox, customer, message) => {
      const reactionMessage = { key: key(customer, message), text: message.reactions.customer ?? '' }
      const row = rowOf(
        customer,
        { ...message, from: 'customer', id: newMessageId(), replyTo: null, at: Date.now() },
        drops(),
      )
      const told = { ...row, messageType: 'reactionMessage', message: { reactionMessage } }
      return now(inbox, envelope(inbox, 'messages.upsert', told))
    },
    edited: (inbox, customer, message) =>
      now(
        inbox,
        edited((event, data) => envelope(inbox, event, data), key(customer, message), message.text),
      ),
    unsent: (inbox, customer, message) => now(inbox, envelope(inbox, 'messages.delete', key(customer, message))),
    played: (inbox, customer, { id: keyId }) => {
      const { remoteJid } = key(customer, { id: keyId } as Message)
      return now(inbox, envelope(inbox, 'messages.update', { keyId, remoteJid, fromMe: true, status: 'PLAYED' }))
    },
    does: (inbox, customer, act) => each(inbox, does(simulation, inbox, customer, act)),
    elsewhere: (inbox, customer, of) => each(inbox, elsewhere(simulation, inbox, customer, of)),
    news: (inbox, _customer, what) => news(simulation, instances, inbox, what),
    arrived: (inbox, customer) => receipts.arrived(inbox, customer, world.chat(customer.id, inbox.key)),
    seen: (inbox, customer) => receipts.read(inbox, customer, world.chat(customer.id, inbox.key)),
    renewed: (payload, inbox) => renewed(payload, inbox),
    body: (payload) => JSON.stringify(payload),
    signed: (_body, inbox) => headersOf(instances, inbox),
    forged: (_body, inbox) => ({ ...headersOf(instances, inbox), apikey: 'somebody-elses-key' }),
    resume: () => {
      for (const inbox of world.inboxesOf('evolution'))
        for (const chat of world.chatsWith(inbox.key)) {
          const customer = world.customer(chat.customerId)
          if (customer) receipts.resume(inbox, customer, chat)
        }
    },
  }
}

/** It signs nothing: it repeats what it was given. The demo's instance was given the demo's key. */
function headersOf(instances: Instances, inbox: Inbox | null): Record<string, string> {
  const webhook = inbox && instances.all.find(({ name }) => name === inbox.accountId)?.webhook
  return webhook?.headers ?? { apikey: GLOBAL_KEY }
}

function pressed({ id, title }: Button): Said {
  const buttonsResponseMessage = { selectedButtonId: id, selectedDisplayText: title }
  return { kind: 'button_reply', text: title, wire: { messageType: 'buttonsResponseMessage', buttonsResponseMessage } }
}
