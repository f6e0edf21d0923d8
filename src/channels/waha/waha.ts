/** WhatsApp by QR code, through a WAHA server of the company's own. Unofficial. docs/adding-a-channel.md tells how it was made. */
import type { Channel } from '../channel.ts'
import { parseWaha } from './events.ts'
import { link } from './link.ts'
import { fetchMedia, historyPage } from './past.ts'
import { reasonOf } from './rest.ts'
import { edit, markRead, send, showTyping, unsend } from './send.ts'
import { check, subscribe } from './session.ts'
import { verify } from './verify.ts'
import { WAHA_WORDS } from './words.ts'

const MB = 1024 * 1024
/** Where nothing is. */
const NOWHERE = 'https://waha.invalid'

export const waha: Channel = {
  name: 'waha',
  sign: 'whatsapp',
  words: WAHA_WORDS,
  connection: {
    fields: [
      { name: 'serverUrl', kind: 'url', required: true },
      { name: 'accessToken', kind: 'secret', required: true },
      { name: 'session', kind: 'id', required: true },
    ],
    accountId: ({ serverUrl = '', session = '' }) =>
      `${URL.canParse(serverUrl) ? new URL(serverUrl).host : ''}/${session}`,
  },
  baseUrl: (_urls, { serverUrl = NOWHERE }) => serverUrl.replace(/\/+$/, ''),
  limits: {
    textLength: 4096,
    textUnit: 'utf16',
    caption: { length: 1024, unit: 'utf16' },
    replyWindowHours: null,
    adWindowHours: null,
    humanAgentHours: null,
    begins: true,
    outsideWindow: 'nothing',
    // At a person's pace: who writes faster than people do is taken for a machine, and the number is banned.
    rates: { account: { burst: 5, perSecond: 1 / 2 }, recipient: { burst: 3, perSecond: 1 / 2 } },
    files: {
      image: { types: ['image/jpeg', 'image/png'], bytes: 16 * MB },
      video: { types: ['video/mp4'], bytes: 64 * MB },
      audio: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac'], bytes: 16 * MB },
      document: { types: ['*/*'], bytes: 100 * MB },
      sticker: null,
    },
    voice: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4'], bytes: 16 * MB },
    marks: { bold: '*', italic: '_', strike: '~' },
    reply: true,
    reactions: 'any',
    edit: { withinMinutes: 15, captions: false },
    unsend: { withinMinutes: null },
    location: true,
    contacts: true,
    buttons: null,
    list: null,
    templates: false,
    receipts: { delivered: true, read: true },
    markRead: true,
    typing: true,
    history: 'any_time',
  },
  /** Nobody checks our address here. */
  handshake: () => null,
  verify,
  parse: parseWaha,
  reasonOf,
  send,
  edit,
  unsend,
  markRead,
  showTyping,
  media: fetchMedia,
  history: historyPage,
  check,
  subscribe,
  link,
}
