/** The Conversations API: what was said before, the details of the newest twenty messages of each conversation alone. */
import { cdnUrl } from '../meta/links.ts'
import type { Answer, Simulation } from '../provider.ts'
import type { Chat, Customer, File, Inbox, Message } from '../state.ts'
import { Refused } from './errors.ts'
import { conversationId, scopedId, usernameOf } from './people.ts'

const MOST = 20

interface Thread {
  id: string
  inbox: Inbox
  customer: Customer
  chat: Chat
}

const newest = ({ chat }: Thread) => chat.messages.at(-1)?.at ?? 0

export function threadsOf({ world }: Simulation, inbox: Inbox): Thread[] {
  const threads = world.chatsWith(inbox.key).flatMap((chat) => {
    const customer = world.customer(chat.customerId)
    return customer && chat.messages.length > 0 ? [{ id: conversationId(customer, inbox), inbox, customer, chat }] : []
  })
  return threads.sort((a, b) => newest(b) - newest(a))
}

/** `GET /{account}/conversations`. */
export function list(of: Simulation, inbox: Inbox, query: URLSearchParams): Answer {
  const person = query.get('user_id')
  const threads = threadsOf(of, inbox).filter(({ customer }) => person === null || scopedId(customer, inbox) === person)
  const limit = Math.max(1, Number(query.get('limit') ?? 25) || 25)
  const from = Number(Buffer.from(query.get('after') ?? '', 'base64url').toString()) || 0
  const to = from + limit
  const after = Buffer.from(String(to)).toString('base64url')
  const data = threads
    .slice(from, to)
    .map((thread) => threadFields(of, thread, query.get('fields') ?? 'id,updated_time'))
  const next = to < threads.length ? { next: `https://graph.facebook.com/next?after=${after}` } : {}
  const before = Buffer.from(String(from)).toString('base64url')
  return { status: 200, body: { data, paging: { cursors: { before, after }, ...next } } }
}

/** `GET /{conversation}`, `GET /{conversation}/messages`, `GET /{message}`. */
export function one(of: Simulation, inboxes: Inbox[], id: string, edge: string, fields: string): Answer | null {
  for (const thread of inboxes.flatMap((inbox) => threadsOf(of, inbox))) {
    if (thread.id === id)
      return {
        status: 200,
        body: edge === 'messages' ? messagesOf(of, thread, MOST) : threadFields(of, thread, fields),
      }
    const at = thread.chat.messages.findIndex((message) => message.id === id)
    const message = thread.chat.messages[at]
    if (!message) continue
    if (at < thread.chat.messages.length - MOST) throw new Refused(100, '(#100) The message has been deleted')
    return { status: 200, body: messageFields(of, thread, message) }
  }
  return null
}

function threadFields(of: Simulation, thread: Thread, fields: string) {
  const asked = /messages(?:\.limit\((\d+)\))?/.exec(fields)
  return {
    id: thread.id,
    ...(fields.includes('updated_time') ? { updated_time: written(newest(thread)) } : {}),
    ...(fields.includes('participants') ? { participants: { data: [person(thread), business(thread)] } } : {}),
    ...(asked ? { messages: messagesOf(of, thread, Math.min(MOST, Number(asked[1] ?? MOST))) } : {}),
  }
}

/** Newest first; what was taken back is not there. */
function messagesOf(of: Simulation, thread: Thread, count: number) {
  const kept = thread.chat.messages.filter(({ deleted, state }) => !deleted && state !== 'failed')
  return {
    data: kept
      .slice(-count)
      .reverse()
      .map((message) => messageFields(of, thread, message)),
  }
}

function messageFields(of: Simulation, thread: Thread, { id, from, at, text, files, replyTo }: Message) {
  const [sender, receiver] =
    from === 'customer' ? [person(thread), business(thread)] : [business(thread), person(thread)]
  return {
    id,
    created_time: written(at),
    from: sender,
    to: { data: [receiver] },
    message: text,
    ...(files.length > 0 ? { attachments: { data: files.map((file) => attachmentFields(of, file)) } } : {}),
    ...(replyTo === null ? {} : { reply_to: { mid: replyTo, is_self_reply: false } }),
  }
}

function attachmentFields(of: Simulation, file: File) {
  const about = {
    id: file.id,
    mime_type: file.mimeType,
    name: file.name ?? `${file.kind}-${file.id}`,
    size: file.bytes,
  }
  const url = cdnUrl(of, file)
  if (file.kind === 'image' || file.kind === 'sticker')
    return { ...about, image_data: { url, preview_url: url, width: 320, height: 240 } }
  return file.kind === 'video' ? { ...about, video_data: { url, preview_url: url } } : { ...about, file_url: url }
}

function person({ customer, inbox }: Thread) {
  const id = scopedId(customer, inbox)
  return inbox.channel === 'messenger'
    ? { name: customer.name, email: `${id}@facebook.com`, id }
    : { username: usernameOf(customer), id }
}

const business = ({ inbox: { channel, address, accountId: id } }: Thread) =>
  channel === 'messenger'
    ? { name: address, email: `${id}@facebook.com`, id }
    : { username: address.replace('@', ''), id }

const written = (at: number) => new Date(at).toISOString().replace(/\.\d{3}Z$/, '+0000')
