/** What is sent by Messenger and Instagram, one call a message; and the small signs: read, typing, a reaction. */
import * as z from 'zod'
import { ChannelError, type Outbound, type OutboundMedia, type Reach, type Read, type Sent } from '../channel.ts'
import type { Content, MediaKind } from '../content.ts'
import { maybe } from '../maybe.ts'
import { carrying, multipart } from '../multipart.ts'
import type { Dialect } from './messaging-dialect.ts'
import { judgeMessaging } from './messaging-errors.ts'
import { graphPost, Id } from './meta.ts'

const Accepted = z.object({ message_id: Id, recipient_id: maybe(Id) })

export async function sendMessage(dialect: Dialect, reach: Reach, message: Outbound): Promise<Sent> {
  const recipient = { id: personAmong(message.to) }
  if (message.type === 'reaction') return react(dialect, reach, recipient, message)

  const said = message.media
    ? { attachment: await attachmentOf(dialect, reach, message, message.media) }
    : wordsOf(message)
  const answer = await post(dialect, reach, {
    recipient,
    ...rightOf(dialect, message),
    message: { ...said, ...(dialect.namesItsAnswers ? { metadata: message.attemptId } : {}) },
    ...(message.replyTo === null ? {} : { reply_to: { mid: message.replyTo } }),
  })
  const accepted = Accepted.safeParse(answer).data
  if (!accepted) {
    throw new ChannelError({ class: 'ambiguous', code: 'unreadable', detail: 'The answer names no message.' })
  }
  return { externalId: accepted.message_id, address: accepted.recipient_id ?? null }
}

export async function tell(
  dialect: Dialect,
  reach: Reach,
  { to }: Read,
  action: 'mark_seen' | 'typing_on',
): Promise<void> {
  await post(dialect, reach, { recipient: { id: personAmong(to) }, sender_action: action })
}

const post = (dialect: Dialect, reach: Reach, body: unknown) =>
  graphPost(reach, `${dialect.node(reach)}/messages`, body, judgeMessaging)

const refused = (code: string, detail: string) => new ChannelError({ class: 'permanent', code, detail })

/** A person has one address here. */
function personAmong([person]: string[]): string {
  if (person === undefined) throw refused('no_address', 'None of the addresses can be written to.')
  return person
}

/** By what right we write: as an answer within the window, or as a person who answers late. */
function rightOf({ namesItsAnswers }: Dialect, { humanAgent }: Outbound) {
  if (humanAgent) return { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
  return namesItsAnswers ? { messaging_type: 'RESPONSE' } : {}
}

function wordsOf({ type, text, content }: Outbound) {
  const buttons = type === 'interactive' ? content.buttons : undefined
  if (type !== 'text' && !buttons) throw refused('not_offered', `A message of type ${type} cannot be sent here.`)
  if (!buttons) return { text: text ?? '' }
  return { text: framed(text, buttons), quick_replies: buttons.buttons.map(quickReply) }
}

/** There is neither header nor footer here: their words stand around the others. */
const framed = (text: string | null, { header, footer }: NonNullable<Content['buttons']>) =>
  [header, text, footer].filter(Boolean).join('\n\n')

const quickReply = ({ id, title }: { id: string; title: string }) => ({ content_type: 'text', title, payload: id })

const TYPES: Record<MediaKind, string> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  document: 'file',
  sticker: 'image',
}

async function attachmentOf(dialect: Dialect, reach: Reach, { text, attemptId }: Outbound, media: OutboundMedia) {
  if (text) throw refused('no_caption', 'A file carries no words here: they are a message of their own.')
  const type = TYPES[media.kind]
  if (dialect.files === 'fetched') return { type, payload: { url: await surely(media.publicUrl()) } }
  const path = `${dialect.node(reach)}/message_attachments`
  return { type, payload: { attachment_id: await uploaded(path, reach, type, attemptId, media) } }
}

/** Less than a claim lasts, with the message's own call after it. */
const UPLOAD_TIMEOUT = 35_000

const Uploaded = z.object({ attachment_id: Id })

/** The attempt's id is known to nobody who could have put it into a file. */
async function uploaded(path: string, reach: Reach, type: string, attemptId: string, media: OutboundMedia) {
  const { mimeType, bytes } = media
  const stream = await surely(media.open())
  const name = media.fileName ?? media.kind
  const message = JSON.stringify({ attachment: { type, payload: { is_reusable: true } } })
  const form = multipart(`prosa-${attemptId}`, { message }, { field: 'filedata', name, mimeType, bytes, stream })
  const posted = graphPost({ ...reach, fetch: carrying(reach, form, UPLOAD_TIMEOUT) }, path, undefined, judgeMessaging)
  const answer = Uploaded.safeParse(await surely(posted)).data
  if (!answer) throw new ChannelError({ class: 'retryable', code: 'upload', detail: 'The upload was given no id.' })
  return answer.attachment_id
}

/** Whatever goes wrong on the way to a message, the message itself was surely not sent: it may be tried again. */
async function surely<T>(step: Promise<T>): Promise<T> {
  try {
    return await step
  } catch (error) {
    if (error instanceof ChannelError && error.class !== 'ambiguous') throw error
    const code = error instanceof ChannelError ? error.code : 'file'
    throw new ChannelError({ class: 'retryable', code, detail: 'The file did not get through.' })
  }
}

/** The provider names no reaction of ours: it is known by its attempt. */
async function react(dialect: Dialect, reach: Reach, recipient: { id: string }, message: Outbound): Promise<Sent> {
  const { text: emoji, replyTo, attemptId } = message
  if (replyTo === null) throw refused('no_target', 'There is no message to react to.')
  const reaction = emoji === null ? undefined : dialect.reactionNames.get(emoji)
  if (emoji !== null && reaction === undefined) throw refused('not_offered', `${emoji} cannot be sent here.`)
  const payload = { message_id: replyTo, ...(reaction === undefined ? {} : { reaction }) }
  await post(dialect, reach, { recipient, sender_action: reaction === undefined ? 'unreact' : 'react', payload })
  return { externalId: `rx:${attemptId}`, address: null }
}
