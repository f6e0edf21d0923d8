/** A message of ours, as the Cloud API wants each kind of it. */
import * as z from 'zod'
import { ChannelError, type Outbound, type OutboundMedia, type Reach, type Sent } from '../channel.ts'
import type { Content } from '../content.ts'
import { maybe } from '../maybe.ts'
import { graphPost, Id } from '../meta/meta.ts'
import { isPhone } from '../phone.ts'
import { judgeWhatsApp } from './errors.ts'
import { isBusinessScopedId } from './people.ts'
import { templateBody } from './template-body.ts'
import { upload } from './upload.ts'

const Accepted = z.object({
  messages: z.tuple([z.object({ id: Id })], z.unknown()),
  contacts: maybe(z.tuple([z.object({ wa_id: maybe(Id), user_id: maybe(Id) })], z.unknown())),
})

export async function send(reach: Reach, message: Outbound): Promise<Sent> {
  const recipient = recipientAmong(message.to)
  const build = Object.hasOwn(BODIES, message.type) ? BODIES[message.type] : undefined
  if (!build) throw impossible('unknown_type', `WhatsApp takes no message of type ${message.type}.`)
  const body = await build(message, (media) => upload(reach, message.attemptId, media))

  const answer = await graphPost(
    reach,
    `${reach.accountId}/messages`,
    {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...recipient,
      ...quoteOf(message),
      biz_opaque_callback_data: message.attemptId,
      type: message.type,
      ...body,
    },
    judgeWhatsApp,
  )
  const accepted = Accepted.safeParse(answer)
  if (!accepted.success) {
    throw new ChannelError({ class: 'ambiguous', code: 'unreadable', detail: 'The answer names no message.' })
  }
  const contact = accepted.data.contacts?.[0]
  return { externalId: accepted.data.messages[0].id, address: contact?.wa_id ?? contact?.user_id ?? null }
}

/** A number goes before an id (with both the provider takes the number), always with its `+`: without, it guesses a country. */
function recipientAmong(addresses: string[]): { to: string } | { recipient: string } {
  const phone = addresses.find(isPhone)
  if (phone !== undefined) return { to: `+${phone}` }
  const person = addresses.find(isBusinessScopedId)
  if (person !== undefined) return { recipient: person }
  throw impossible('no_address', 'None of the addresses can be written to.')
}

/** Nothing was sent, and nothing will be: what we were asked to send cannot leave by this channel. */
const impossible = (code: string, detail: string) => new ChannelError({ class: 'permanent', code, detail })

/** No quote is shown under a template, and a reaction has one of its own. */
const quoteOf = ({ replyTo, type }: Outbound) =>
  replyTo === null || type === 'template' || type === 'reaction' ? {} : { context: { message_id: replyTo } }

type Upload = (media: OutboundMedia) => Promise<string>
type Build = (message: Outbound, upload: Upload) => object | Promise<object>

const BODIES: Record<string, Build> = {
  text: ({ text }) => ({ text: { preview_url: true, body: text ?? '' } }),
  image: captioned('image'),
  video: captioned('video'),
  document: captioned('document'),
  audio: bare('audio'),
  sticker: bare('sticker'),
  location: ({ content }) => ({ location: given(content.location, 'a place') }),
  contacts: ({ content }) => ({ contacts: given(content.contacts, 'contacts').map(cardOf) }),
  interactive,
  reaction: ({ replyTo, text }) => ({
    reaction: { message_id: given(replyTo, 'a message to react to'), emoji: text ?? '' },
  }),
  template: async ({ content, media }, upload) => ({
    template: templateBody(given(content.template, 'a template'), {
      location: content.location,
      media: media && { ...named(media), kind: media.kind, id: await upload(media) },
    }),
  }),
}

function given<T>(part: T | null | undefined, what: string): T {
  if (part === null || part === undefined) throw impossible('incomplete', `The message lacks ${what}.`)
  return part
}

const named = ({ kind, fileName }: OutboundMedia) => (kind === 'document' && fileName ? { filename: fileName } : {})

function captioned(type: 'image' | 'video' | 'document'): Build {
  return async ({ media, text }, upload) => {
    const file = given(media, 'its file')
    return { [type]: { id: await upload(file), ...named(file), ...(text ? { caption: text } : {}) } }
  }
}

/** It takes no words: rather than losing them on the way, it does not go. */
function bare(type: 'audio' | 'sticker'): Build {
  return async ({ media, text }, upload) => {
    const file = given(media, 'its file')
    if (text) throw impossible('no_caption', `WhatsApp shows no words under a message of type ${type}.`)
    return { [type]: { id: await upload(file), ...(type === 'audio' && file.voice ? { voice: true } : {}) } }
  }
}

/** Whoever has only one name has it as their first: one part of it is required beside the whole. */
function cardOf({ name, phones, emails, organization }: NonNullable<Content['contacts']>[number]) {
  return {
    name: { formatted_name: name, first_name: name },
    phones: phones.map(({ number, label }) => ({ phone: number, ...(label ? { type: label } : {}) })),
    ...(emails ? { emails: emails.map((email) => ({ email })) } : {}),
    ...(organization ? { org: { company: organization } } : {}),
  }
}

async function interactive({ content, text, media }: Outbound, upload: Upload): Promise<object> {
  const { buttons, list } = content
  const words = { body: { text: text ?? '' }, ...footerOf(buttons ?? list) }
  if (buttons) {
    const header = media
      ? { header: { type: media.kind, [media.kind]: { id: await upload(media), ...named(media) } } }
      : headerOf(buttons)
    const action = { buttons: buttons.buttons.map((reply) => ({ type: 'reply', reply })) }
    return { interactive: { type: 'button', ...header, ...words, action } }
  }
  const { button, sections } = given(list, 'buttons or a list')
  return { interactive: { type: 'list', ...headerOf(list), ...words, action: { button, sections } } }
}

const headerOf = (of: { header?: string | undefined } | undefined) =>
  of?.header ? { header: { type: 'text', text: of.header } } : {}
const footerOf = (of: { footer?: string | undefined } | undefined) =>
  of?.footer ? { footer: { text: of.footer } } : {}
