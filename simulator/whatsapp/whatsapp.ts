/** WhatsApp, as Meta's Cloud API runs it. */
import type { Provider, Simulation } from '../provider.ts'
import { inboxesOf } from '../world.ts'
import { digitsOf } from './addresses.ts'
import { Graph, newMessageId } from './graph.ts'
import { messagePayload, personOf, renewed, signed, written } from './payloads.ts'
import { Statuses } from './statuses.ts'

export function whatsapp(simulation: Simulation): Provider {
  const { world, behaviour } = simulation
  const statuses = new Statuses(simulation)
  const graph = new Graph(simulation, statuses)

  return {
    channel: 'whatsapp',
    fixtures: new URL('../../src/channels/fixtures/whatsapp/', import.meta.url),
    answer: (call) => graph.answer(call),
    newMessageId: (customer) => newMessageId(digitsOf(customer.number)),
    written: (inbox, customer, message) =>
      written(messagePayload(inbox, personOf(customer, behaviour().dropNinthDigit), message)),
    arrived: (inbox, customer) => statuses.arrived(inbox, customer, world.chat(customer.id, inbox.key)),
    seen: (inbox, customer) => statuses.read(inbox, customer, world.chat(customer.id, inbox.key)),
    renewed: (payload, inbox) => renewed(payload, inbox, Date.now()),
    body: written,
    signed,
    resume: () => {
      for (const customer of world.customers) {
        for (const inbox of inboxesOf('whatsapp')) statuses.resume(inbox, customer, world.chat(customer.id, inbox.key))
      }
    },
  }
}
