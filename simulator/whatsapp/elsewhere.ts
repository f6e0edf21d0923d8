/** What is done on the business's own phone, and comes to Prosa as an echo. */
import { takeBack } from '../phones.ts'
import type { Elsewhere, Menu, Simulation, Told } from '../provider.ts'
import { type Customer, type Inbox, type Message, newMessage } from '../state.ts'
import { digitsOf } from './addresses.ts'
import { newMessageId } from './ids.ts'
import { contentOf, echoPayload, personOf, told } from './payloads.ts'

export const ELSEWHERE: Menu = {
  text: 'Digitou no celular da empresa',
  image: 'Mandou uma foto do celular',
  edit: 'Editou no celular',
  revoke: 'Apagou no celular',
}

/** Editing and deleting concern the message that is named, or the last that was typed on the phone. */
export function elsewhere(of: Simulation, inbox: Inbox, customer: Customer, { kind, text, target }: Elsewhere): Told[] {
  const person = personOf(customer, of.behaviour().dropNinthDigit)
  const chat = of.world.chat(customer.id, inbox.key)
  const id = newMessageId(digitsOf(customer.number))
  if (kind === 'text' || kind === 'image') {
    const message = kind === 'text' ? typed(id, text ?? 'Oi! Já te respondo por aqui.') : photographed(of, id, text)
    of.world.addMessage(chat, message)
    return [told(`echo ${kind}`, echoPayload(inbox, person, { id, ...contentOf(message) }))]
  }
  const last = target ?? chat.messages.findLast(({ mark, deleted }) => mark === ON_PHONE && !deleted)
  if (!last) return []
  const original_message_id = last.id
  if (kind === 'revoke') {
    takeBack(last)
    return [told('echo revoke', echoPayload(inbox, person, { id, type: 'revoke', revoke: { original_message_id } }))]
  }
  last.text = text ?? `${last.text} (corrigido)`
  last.edits += 1
  const message = editedContent(last)
  return [told('echo edit', echoPayload(inbox, person, { id, type: 'edit', edit: { original_message_id, message } }))]
}

/** Only the words of a message can be edited: they are its text, or its caption. */
export function editedContent(message: Message): Record<string, unknown> {
  const { type, wire } = { type: String(contentOf(message)['type']), wire: message.wire }
  if (type === 'text') return { type, text: { body: message.text } }
  const part = wire[type]
  return { type, [type]: { ...(typeof part === 'object' ? part : {}), caption: message.text } }
}

const ON_PHONE = 'Do celular da empresa'

const typed = (id: string, text: string) =>
  newMessage({ id, from: 'business', state: 'delivered', text, mark: ON_PHONE })

function photographed({ files }: Simulation, id: string, text: string | null): Message {
  const file = files.asset('photo-2')
  const caption = text === null ? {} : { caption: text }
  const image = { ...caption, mime_type: file.mimeType, sha256: file.sha256, id: file.id }
  const wire = { type: 'image', image }
  const kind = 'image'
  return newMessage({
    id,
    from: 'business',
    state: 'delivered',
    kind,
    text: text ?? '',
    files: [file],
    wire,
    mark: ON_PHONE,
  })
}
