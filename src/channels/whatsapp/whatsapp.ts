/** WhatsApp, by Meta's Cloud API. */
import type { Channel, Reach, Read } from '../channel.ts'
import { accessEnds } from '../meta/access.ts'
import { graphPost, handshake, verify } from '../meta/meta.ts'
import { graphUrl, META_FILE_HOSTS } from '../meta/place.ts'
import { APP_FIELDS } from '../meta/words.ts'
import { check, requestHistory, subscribe } from './check.ts'
import { judgeWhatsApp, reasonOf } from './errors.ts'
import { parseWhatsApp } from './events.ts'
import { media } from './media.ts'
import { send } from './send.ts'
import { templates } from './templates.ts'
import { WHATSAPP_WORDS } from './words.ts'

const MB = 1024 * 1024

export const whatsapp: Channel = {
  name: 'whatsapp',
  sign: 'whatsapp',
  words: WHATSAPP_WORDS,
  connection: {
    fields: [
      { name: 'accountId', kind: 'id', required: true },
      { name: 'businessAccountId', kind: 'id', required: true },
      ...APP_FIELDS,
    ],
  },
  fileHosts: META_FILE_HOSTS,
  baseUrl: (urls) => graphUrl(urls),
  // The provider says "characters"; counted in UTF-16 we are never above its limit, whichever it means.
  limits: {
    textLength: 4096,
    textUnit: 'utf16',
    caption: { length: 1024, unit: 'utf16' },
    replyWindowHours: 24,
    adWindowHours: 72,
    humanAgentHours: null,
    begins: true,
    outsideWindow: 'template',
    // Below what the provider allows: 80 a second in all, and to one person one every six seconds after a burst.
    rates: { account: { burst: 80, perSecond: 80 }, recipient: { burst: 5, perSecond: 1 / 6 } },
    files: {
      image: { types: ['image/jpeg', 'image/png'], bytes: 5 * MB },
      video: { types: ['video/mp4', 'video/3gpp'], bytes: 16 * MB },
      audio: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/amr'], bytes: 16 * MB, bare: true },
      document: { types: ['*/*'], bytes: 100 * MB },
      sticker: { types: ['image/webp'], bytes: 500 * 1024, bare: true },
    },
    voice: { types: ['audio/ogg'], bytes: 16 * MB },
    marks: { bold: '*', italic: '_', strike: '~' },
    reply: true,
    reactions: 'any',
    edit: null,
    unsend: null,
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
  reasonOf,
  send,
  markRead,
  showTyping,
  media,
  templates,
  check,
  accessEnds: (reach) => accessEnds(reach, judgeWhatsApp),
  subscribe,
  requestHistory,
}

async function markRead(reach: Reach, of: Read): Promise<void> {
  await graphPost(reach, `${reach.accountId}/messages`, readUpTo(of), judgeWhatsApp)
}

/** For 25 seconds, or until we answer. It marks as read as well: the provider has no one without the other. */
async function showTyping(reach: Reach, of: Read): Promise<void> {
  const typing = { ...readUpTo(of), typing_indicator: { type: 'text' } }
  await graphPost(reach, `${reach.accountId}/messages`, typing, judgeWhatsApp)
}

const readUpTo = ({ externalId }: Read) => ({ messaging_product: 'whatsapp', status: 'read', message_id: externalId })
