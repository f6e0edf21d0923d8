/** WhatsApp by QR code: a number on its phone, linked to an Evolution API server of the company's own. Unofficial. */
import type { Channel } from '../channel.ts'
import { edit, unsend } from './change.ts'
import { parseEvolution } from './events.ts'
import { historyPage } from './history.ts'
import { check, profile, subscribe } from './instance.ts'
import { lookAtLink, restartLink, unlink } from './link.ts'
import { fetchMedia } from './media.ts'
import { reasonOf } from './rest.ts'
import { markRead, send, showTyping } from './send.ts'
import { verify } from './verify.ts'
import { EVOLUTION_WORDS } from './words.ts'

const MB = 1024 * 1024
/** Where nothing is: of a number that names no server, on a deployment that has none. */
const NOWHERE = 'https://evolution.invalid'

export const evolution: Channel = {
  name: 'evolution',
  sign: 'whatsapp',
  words: EVOLUTION_WORDS,
  connection: {
    fields: [
      { name: 'serverUrl', kind: 'url', required: true },
      { name: 'accessToken', kind: 'secret', required: true },
      { name: 'instance', kind: 'id', required: true },
    ],
    accountId: ({ serverUrl = '', instance = '' }) => `${hostOf(serverUrl)}/${instance}`,
  },
  // Where the network keeps faces.
  fileHosts: [{ host: /^pps\.whatsapp\.net$/, knowsUs: false }],
  baseUrl: ({ EVOLUTION_API_URL = NOWHERE }, { serverUrl = EVOLUTION_API_URL }) => serverUrl.replace(/\/+$/, ''),
  limits: {
    // The network's own limit is far beyond; this is what the official channel takes.
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
      video: { types: ['video/mp4', 'video/3gpp'], bytes: 64 * MB },
      audio: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/amr'], bytes: 16 * MB, bare: true },
      document: { types: ['*/*'], bytes: 100 * MB },
      sticker: { types: ['image/webp'], bytes: 500 * 1024, bare: true },
    },
    // The server makes a voice note of whatever it is given.
    voice: { types: ['audio/ogg', 'audio/mp4', 'audio/mpeg', 'audio/aac', 'audio/amr'], bytes: 16 * MB },
    marks: { bold: '*', italic: '_', strike: '~' },
    reply: true,
    reactions: 'any',
    edit: { withinMinutes: 15, captions: true },
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
  parse: parseEvolution,
  reasonOf,
  send,
  edit,
  unsend,
  markRead,
  showTyping,
  media: fetchMedia,
  history: historyPage,
  profile,
  check,
  subscribe,
  link: { look: lookAtLink, restart: restartLink, unlink },
}

/** Names of instances are a server's own: the same name on two servers is two numbers. */
const hostOf = (serverUrl: string) => (URL.canParse(serverUrl) ? new URL(serverUrl).host : '')
