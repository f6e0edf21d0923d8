/** What can be asked of a bot beside sending: a message in other words, a reaction, a file, a face. */
import * as z from 'zod'
import { nameOf } from '../meta/links.ts'
import type { Simulation } from '../provider.ts'
import type { Customer, Inbox, Message } from '../state.ts'
import { userIdOf, whoIs } from './bots.ts'
import { bad, Refused } from './refused.ts'
import { buttonsOf, Entities, Markup, reactionOf, words } from './rules.ts'
import { placeOf } from './send.ts'
import { fileFields, fileOfId, messageItem } from './updates.ts'

const TYPING_MS = 5_000
const LARGEST_DOWNLOAD = 20 * 1024 * 1024

type Fields = Record<string, unknown>

const MessageId = z.object({ message_id: z.coerce.string() })

/** A message of ours, where it can still be changed. */
function ours(
  of: Simulation,
  inbox: Inbox,
  fields: Fields,
  act: 'edit' | 'delete',
): { message: Message; customer: Customer } {
  const { chat, customer } = placeOf(of, inbox, fields)
  const { message_id: id } = MessageId.parse(fields)
  const message = chat.messages.find((one) => one.id === id && !one.deleted)
  if (!message) throw bad(`message to ${act} not found`)
  if (message.from !== 'business') throw bad(`message can't be ${act}${act === 'edit' ? 'ed' : 'd'}`)
  return { message, customer }
}

/** What is done to a message meets what is ahead, as a message does. */
function meetFault({ faults }: Simulation): void {
  const fault = faults.take('telegram')
  if (fault) throw new Refused(fault.code ?? 500, fault.words ?? null)
}

function reworded(of: Simulation, inbox: Inbox, fields: Fields, field: 'text' | 'caption') {
  meetFault(of)
  const { message, customer } = ours(of, inbox, fields, 'edit')
  const entities = Entities.parse(fields[field === 'text' ? 'entities' : 'caption_entities'])
  const text = words(String(fields[field] ?? ''), entities, field)
  const buttons = buttonsOf(Markup.optional().parse(fields['reply_markup']))
  if (text === message.text && JSON.stringify(buttons) === JSON.stringify(message.buttons)) {
    throw bad(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    )
  }
  Object.assign(message, { text, buttons, edits: message.edits + 1 })
  of.world.changed()
  return messageItem(of, inbox, customer, message)
}

type Way = (of: Simulation, inbox: Inbox, fields: Fields) => unknown

export const WAYS: Record<string, Way> = {
  setMyCommands: () => true,
  editMessageText: (of, inbox, fields) => reworded(of, inbox, fields, 'text'),
  editMessageCaption: (of, inbox, fields) => reworded(of, inbox, fields, 'caption'),
  deleteMessage: (of, inbox, fields) => takenBack(of, inbox, fields),
  deleteBusinessMessages: (of, inbox, fields) => {
    const { message_ids: ids } = z.object({ message_ids: z.array(z.coerce.string()) }).parse(fields)
    for (const id of ids) {
      const found = of.world.find(inbox.key, id)
      if (!found || found.message.deleted) throw bad('message to delete not found')
      takeBack(found.message)
    }
    of.world.changed()
    return true
  },
  setMessageReaction: (of, inbox, fields) => {
    meetFault(of)
    const { chat } = placeOf(of, inbox, fields)
    const { message_id: id, reaction } = MessageId.extend({
      reaction: z.array(z.object({ type: z.string(), emoji: z.string().optional() })),
    }).parse(fields)
    const message = chat.messages.find((one) => one.id === id && !one.deleted)
    if (!message) throw bad('message to react not found')
    message.reactions.business = reactionOf(reaction)
    of.world.changed()
    return true
  },
  sendChatAction: (of, inbox, fields) => {
    const { chat } = placeOf(of, inbox, fields)
    chat.typingUntil = Date.now() + TYPING_MS
    setTimeout(() => of.world.changed(), TYPING_MS).unref()
    of.world.changed()
    return true
  },
  answerCallbackQuery: (of, inbox, fields) => {
    const id = String(fields['callback_query_id'] ?? '')
    const pressed = of.world
      .chatsWith(inbox.key)
      .flatMap(({ messages }) => messages)
      .find(({ wire }) => wire.callback === id)
    if (!pressed) throw bad('query is too old and response timeout expired or query ID is invalid')
    pressed.mark = 'Botão apertado'
    pressed.state = 'read'
    of.world.changed()
    return true
  },
  readBusinessMessage: (of, inbox, fields) => {
    const { chat } = placeOf(of, inbox, fields)
    for (const message of chat.messages) if (message.from === 'customer') message.state = 'read'
    of.world.changed()
    return true
  },
  getUserProfilePhotos: (of, inbox, fields) => {
    const customer = whoIs(of.world, inbox, String(fields['user_id'] ?? ''))
    if (!customer || customer.hidesNumber) return { total_count: 0, photos: [] }
    return { total_count: 1, photos: [[{ ...fileFields(of.files.asset('avatar')), width: 320, height: 320 }]] }
  },
  getFile: (of, _inbox, fields) => {
    const fault = of.faults.take('telegram', 'file')
    if (fault) throw new Refused(fault.code ?? 500, fault.words ?? null)
    const file = of.world.fileOf(fileOfId(String(fields['file_id'] ?? '')))
    if (!file) throw bad('wrong file_id or the file is temporarily unavailable')
    if (file.bytes > LARGEST_DOWNLOAD) throw bad('file is too big')
    return { ...fileFields(file), file_path: `${file.kind}s/file_${file.id}_${nameOf(file)}` }
  },
  getChat: (of, inbox, fields) => {
    const customer = whoIs(of.world, inbox, String(fields['chat_id'] ?? ''))
    if (!customer) throw new Refused(400)
    return { id: Number(userIdOf(customer, inbox)), type: 'private', first_name: customer.name }
  },
}

function takenBack(of: Simulation, inbox: Inbox, fields: Fields): true {
  meetFault(of)
  takeBack(ours(of, inbox, fields, 'delete').message)
  of.world.changed()
  return true
}

const takeBack = (message: Message) =>
  Object.assign(message, { deleted: true, text: '', files: [], lines: [], buttons: [], footer: null })
