/** WhatsApp, by Meta's Cloud API. */
import * as z from 'zod'
import { type Channel, ChannelError, type Outbound, type Reach, type Read, type Sent } from './channel.ts'
import { graphPost, handshake, Id, maybe, verify } from './meta.ts'
import { isPhone } from './phone.ts'
import { judgeWhatsApp } from './whatsapp-errors.ts'
import { parseWhatsApp } from './whatsapp-events.ts'
import { isBusinessScopedId } from './whatsapp-people.ts'

const MB = 1024 * 1024

export const whatsapp: Channel = {
  name: 'whatsapp',
  // The provider says "characters"; counted in UTF-16 we are never above its limit, whichever it means.
  limits: {
    textLength: 4096,
    textUnit: 'utf16',
    caption: { length: 1024, unit: 'utf16' },
    replyWindowHours: 24,
    adWindowHours: 72,
    humanAgentHours: null,
    outsideWindow: 'template',
    // Below what the provider allows: 80 a second in all, and to one person one every six seconds after a burst.
    rates: { account: { burst: 80, perSecond: 80 }, recipient: { burst: 5, perSecond: 1 / 6 } },
    files: {
      image: { types: ['image/jpeg', 'image/png'], bytes: 5 * MB },
      video: { types: ['video/mp4', 'video/3gpp'], bytes: 16 * MB },
      audio: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/amr'], bytes: 16 * MB },
      document: { types: ['*/*'], bytes: 100 * MB },
      sticker: { types: ['image/webp'], bytes: 500 * 1024 },
    },
    voice: { types: ['audio/ogg'], bytes: 16 * MB },
    reply: true,
    reactions: 'any',
    location: true,
    contacts: true,
    buttons: {
      most: 3,
      title: { length: 20, unit: 'utf16' },
      body: { length: 1024, unit: 'utf16' },
      footer: { length: 60, unit: 'utf16' },
    },
    list: {
      mostRows: 10,
      title: { length: 24, unit: 'utf16' },
      description: { length: 72, unit: 'utf16' },
      body: { length: 4096, unit: 'utf16' },
      button: { length: 20, unit: 'utf16' },
      footer: { length: 60, unit: 'utf16' },
    },
    templates: true,
    receipts: { delivered: true, read: true },
    markRead: true,
    typing: true,
    history: 'once',
  },
  handshake,
  verify,
  parse: parseWhatsApp,
  send,
  markRead,
}

const Accepted = z.object({
  messages: z.tuple([z.object({ id: Id })], z.unknown()),
  contacts: maybe(z.tuple([z.object({ wa_id: maybe(Id), user_id: maybe(Id) })], z.unknown())),
})

async function send(reach: Reach, message: Outbound): Promise<Sent> {
  const answer = await graphPost(
    reach,
    `${reach.accountId}/messages`,
    {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...recipientAmong(message.to),
      ...(message.replyTo === null ? {} : { context: { message_id: message.replyTo } }),
      biz_opaque_callback_data: message.attemptId,
      type: 'text',
      text: { preview_url: true, body: message.text ?? '' },
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
  throw new ChannelError({ class: 'permanent', code: 'no_address', detail: 'None of the addresses can be written to.' })
}

async function markRead(reach: Reach, { externalId }: Read): Promise<void> {
  const read = { messaging_product: 'whatsapp', status: 'read', message_id: externalId }
  await graphPost(reach, `${reach.accountId}/messages`, read, judgeWhatsApp)
}
