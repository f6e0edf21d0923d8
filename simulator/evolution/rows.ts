/** The bodies of Evolution's webhooks. */
import type { Told } from '../provider.ts'
import type { Customer, Inbox, Message } from '../state.ts'
import { chatKey, GROUP, jidOf } from './addresses.ts'
import { ownJid } from './instances.ts'

/** The clock of its `date_time` is the server's own, whatever it says. */
export function envelope(inbox: Inbox, event: string, data: unknown): Told {
  const body = {
    ...{ event, instance: inbox.accountId, data, destination: 'https://prosa.example/webhooks/evolution' },
    ...{
      date_time: new Date().toISOString(),
      sender: ownJid(inbox),
      server_url: 'https://evolution.example',
      apikey: null,
    },
  }
  return { about: event, body: JSON.stringify(body) }
}

/** Who and what: the key under which a message is known everywhere. */
export function keyOf(customer: Customer, message: Message, dropNinthDigit: boolean) {
  const fromMe = message.from === 'business'
  if (!isInGroup(message)) return { ...chatKey(customer, dropNinthDigit), fromMe, id: message.id }
  const participant = fromMe ? {} : { participant: jidOf(customer, dropNinthDigit) }
  return { remoteJid: GROUP, fromMe, id: message.id, ...participant }
}

/** All that is said in the group stands on the phone beside what is said to one another. */
export const isInGroup = ({ kind, wire }: Message) => kind === 'group' || wire['group'] === true

/** A message as the server tells it, and as it keeps it. */
export function rowOf(customer: Customer, message: Message, dropNinthDigit: boolean, base64: string | null = null) {
  const { messageType, ...said } = saidOf(message)
  return {
    key: keyOf(customer, message, dropNinthDigit),
    pushName: message.from === 'business' ? 'Você' : customer.name,
    status: message.from === 'business' ? 'PENDING' : 'DELIVERY_ACK',
    message: { ...said, ...(base64 === null ? {} : { base64 }) },
    ...contextOf(message),
    messageType,
    messageTimestamp: Math.floor(message.at / 1000),
    instanceId: '0b8f3c1e-1111-4222-8333-000000000054',
    source: message.from === 'business' ? 'web' : 'android',
  }
}

function saidOf({ text, wire }: Message): Record<string, unknown> & { messageType: string } {
  if (typeof wire['messageType'] !== 'string') return { messageType: 'conversation', conversation: text }
  const { messageType, contextInfo: _, group: __, ...said } = wire
  return { messageType, ...said }
}

function contextOf({ replyTo, wire }: Message) {
  const own = wire['contextInfo']
  const context = {
    ...(typeof own === 'object' && own !== null ? own : {}),
    ...(replyTo === null ? {} : { stanzaId: replyTo, participant: '5511900000054@s.whatsapp.net', quotedMessage: {} }),
  }
  return Object.keys(context).length > 0 ? { contextInfo: context } : {}
}
