/** What happens beside messages: calls, what the business's own phone does, and the life of the connection itself. */
import { takeBack } from '../phones.ts'
import type { Elsewhere, Menu, Simulation, Told } from '../provider.ts'
import { type Chat, type Customer, type Inbox, type Message, newMessage } from '../state.ts'
import { chatKey, GROUP_INFO, jidOf, lidOf, newMessageId } from './addresses.ts'
import type { Instances } from './instances.ts'
import { envelope, keyOf, rowOf } from './rows.ts'

export const DOES: Menu = {
  call: 'Liga',
  reveal: 'Mostra o número que escondia',
  status: 'Publica um status',
  vote: 'Vota numa enquete',
}

export const ELSEWHERE: Menu = {
  text: 'Digitou no celular da empresa',
  image: 'Mandou uma foto do celular',
  edit: 'Editou no celular',
  revoke: 'Apagou no celular',
  read: 'Leu no celular da empresa',
}

export const NEWS: Menu = {
  scan: 'Escanear o QR code com o celular',
  next_code: 'Trocar o QR code agora',
  code_limit: 'Esgotar os QR codes (30)',
  lost: 'Perder a conexão (428)',
  timed_out: 'Perder a conexão (408)',
  restart_required: 'Pedir reinício (515)',
  back: 'Voltar a conexão',
  logged_out: 'Desconectar no celular (401)',
  banned: 'Banir o número (403)',
  history: 'Mandar o histórico do celular',
  contacts: 'Mandar a agenda do celular',
  groups: 'Mandar os grupos',
}

const ON_PHONE = 'Do celular da empresa'

type Tell = (event: string, data: unknown) => Told

export function does(of: Simulation, inbox: Inbox, customer: Customer, act: string): Told[] {
  const { dropNinthDigit } = of.behaviour()
  const tell: Tell = (event, data) => envelope(inbox, event, data)
  const { remoteJid } = chatKey(customer, dropNinthDigit)
  const row = (message: object, messageType: string, jid: string) => ({
    key: { remoteJid: jid, fromMe: false, id: newMessageId() },
    ...{ pushName: customer.name, message, messageType, messageTimestamp: Math.floor(Date.now() / 1000) },
  })
  switch (act) {
    case 'call': {
      const call = { id: newMessageId(), from: remoteJid, chatId: remoteJid, isVideo: false, isGroup: false }
      const date = new Date().toISOString()
      return ['offer', 'timeout'].map((status) => tell('call', { ...call, status, date, offline: false }))
    }
    case 'status':
      return [tell('messages.upsert', row({ conversation: 'Bom dia a todos' }, 'conversation', 'status@broadcast'))]
    case 'vote':
      return [tell('messages.upsert', row({ pollUpdateMessage: { vote: {} } }, 'pollUpdateMessage', remoteJid))]
    default: {
      customer.hidesNumber = false
      const message = newMessage({
        id: newMessageId(),
        from: 'customer',
        state: 'delivered',
        text: 'Este é o meu número',
      })
      of.world.addMessage(of.world.chat(customer.id, inbox.key), message)
      const key = { remoteJid: lidOf(customer), remoteJidAlt: jidOf(customer, dropNinthDigit), addressingMode: 'lid' }
      return [
        tell('messages.upsert', {
          ...rowOf(customer, message, dropNinthDigit),
          key: { ...key, fromMe: false, id: message.id },
        }),
      ]
    }
  }
}

/** Editing and deleting concern the message that is named, or the last that was typed on the phone. */
export function elsewhere(of: Simulation, inbox: Inbox, customer: Customer, what: Elsewhere): Told[] {
  const { dropNinthDigit } = of.behaviour()
  const tell: Tell = (event, data) => envelope(inbox, event, data)
  const chat = of.world.chat(customer.id, inbox.key)
  const { kind, text, target } = what
  if (kind === 'text' || kind === 'image') {
    const message = kind === 'text' ? typed(text) : photographed(of, text)
    of.world.addMessage(chat, message)
    return [tell('messages.upsert', rowOf(customer, message, dropNinthDigit))]
  }
  if (kind === 'read') return readOnPhone(chat, chatKey(customer, dropNinthDigit).remoteJid, tell)
  const last = target ?? chat.messages.findLast(({ mark, deleted }) => mark === ON_PHONE && !deleted)
  if (!last) return []
  const key = keyOf(customer, last, dropNinthDigit)
  if (kind === 'revoke') {
    takeBack(last)
    return [tell('messages.edited', { key, type: 'REVOKE' })]
  }
  last.text = text ?? `${last.text} (corrigido)`
  last.edits += 1
  return [edited(tell, key, last.text)]
}

const onPhone = (of: Partial<Message>) =>
  newMessage({ id: newMessageId(), from: 'business', state: 'delivered', mark: ON_PHONE, ...of })

const typed = (text: string | null) => onPhone({ text: text ?? 'Oi! Já te respondo por aqui.' })

function photographed({ files }: Simulation, text: string | null): Message {
  const file = files.asset('photo-2')
  const caption = text === null ? {} : { caption: text }
  const imageMessage = { mimetype: file.mimeType, fileLength: String(file.bytes), ...caption }
  return onPhone({
    kind: 'image',
    text: text ?? '',
    files: [file],
    wire: { messageType: 'imageMessage', imageMessage },
  })
}

function readOnPhone({ messages }: Chat, remoteJid: string, tell: Tell): Told[] {
  const read = messages.filter(({ from, state }) => from === 'customer' && state === 'delivered')
  for (const message of read) message.state = 'read'
  return read.map(({ id: keyId }) => tell('messages.update', { keyId, remoteJid, fromMe: false, status: 'READ' }))
}

export const edited = (tell: Tell, key: object, text: string): Told =>
  tell('messages.edited', {
    ...{ key, type: 'MESSAGE_EDIT', editedMessage: { conversation: text } },
    timestampMs: String(Date.now()),
  })

const REASONS: Record<string, number> = {
  lost: 428,
  timed_out: 408,
  restart_required: 515,
  logged_out: 401,
  banned: 403,
}

/** What concerns the connection is told by the instances themselves. */
export function news(of: Simulation, instances: Instances, inbox: Inbox, what: string): Told[] {
  const instance = instances.named(inbox.accountId)
  const reason = REASONS[what]
  if (reason !== undefined) instances.lose(instance, reason)
  else if (what === 'back') instances.open(instance)
  else if (what === 'scan') instances.scan(instance)
  else if (what === 'next_code') instances.drawNext(instance)
  else if (what === 'code_limit') instances.giveUp(instance)
  else return [told(of, inbox, what)]
  return []
}

function told(of: Simulation, inbox: Inbox, what: string): Told {
  const { dropNinthDigit } = of.behaviour()
  if (what === 'groups') return envelope(inbox, 'groups.upsert', [GROUP_INFO])
  if (what === 'contacts') {
    const book = of.world.customers.map((one) => ({
      remoteJid: jidOf(one, dropNinthDigit),
      pushName: `${one.name} (agenda)`,
    }))
    return envelope(inbox, 'contacts.upsert', book)
  }
  const rows = of.world.customers.flatMap((customer) =>
    of.world.chat(customer.id, inbox.key).messages.map((message) => rowOf(customer, message, dropNinthDigit)),
  )
  return envelope(inbox, 'messages.set', rows)
}
