/** Telegram: the chats of a bot, and those of somebody's own account that it answers for. */
import type { Channel, Credentials, Reach } from '../channel.ts'
import type { InboundEvent } from '../events.ts'
import { repeatsSecret } from '../proof.ts'
import { check, leave, profile, subscribe } from './account.ts'
import { callBot, reasonOf } from './api.ts'
import { edit, unsend } from './change.ts'
import { media } from './media.ts'
import { REACTIONS } from './reactions.ts'
import { markRead, send, showTyping } from './send.ts'
import { PRESSED, parseUpdate } from './updates.ts'
import { TELEGRAM_WORDS } from './words.ts'

const MB = 1024 * 1024

/** The bot's id, and what only its owner knows. */
const BOT_TOKEN = /^(\d{1,20}):[\w-]+$/

export const telegram: Channel = {
  name: 'telegram',
  sign: 'telegram',
  words: TELEGRAM_WORDS,
  connection: {
    fields: [{ name: 'accessToken', kind: 'secret', required: true }],
    accountId: ({ accessToken = '' }) => BOT_TOKEN.exec(accessToken)?.[1] ?? '',
  },
  baseUrl: ({ TELEGRAM_API_URL }) => TELEGRAM_API_URL,
  reasonOf,
  limits: {
    textLength: 4096,
    textUnit: 'utf16',
    caption: { length: 1024, unit: 'utf16' },
    replyWindowHours: null,
    adWindowHours: null,
    humanAgentHours: null,
    begins: false,
    outsideWindow: 'nothing',
    // Below what Telegram allows: thirty a second in all, and in one chat one, of which a few may come at once.
    rates: { account: { burst: 30, perSecond: 25 }, recipient: { burst: 5, perSecond: 1 } },
    files: {
      image: { types: ['image/jpeg', 'image/png', 'image/gif'], bytes: 10 * MB },
      video: { types: ['video/mp4'], bytes: 50 * MB },
      audio: { types: ['audio/mpeg', 'audio/mp4', 'audio/x-m4a'], bytes: 50 * MB },
      document: { types: ['*/*'], bytes: 50 * MB },
      sticker: null,
    },
    voice: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4'], bytes: 50 * MB },
    marks: { bold: '*', italic: '_', strike: '~' },
    looksBeside: true,
    reply: true,
    reactions: REACTIONS,
    edit: { withinMinutes: null, captions: true },
    unsend: { withinMinutes: 48 * 60 },
    location: true,
    contacts: true,
    buttons: {
      most: 8,
      title: { length: 64, unit: 'utf16' },
      body: { length: 4096, unit: 'utf16' },
      footer: null,
    },
    list: null,
    templates: false,
    receipts: { delivered: false, read: false },
    markRead: false,
    typing: true,
    history: 'never',
  },
  handshake: () => null,
  verify,
  parse: parseUpdate,
  send,
  edit,
  unsend,
  markRead,
  acknowledge,
  showTyping,
  media,
  profile,
  check,
  subscribe,
  leave,
}

/** Telegram signs nothing: it repeats the secret that it was given with the address. */
function verify(headers: Headers, _rawBody: Uint8Array, credentials: Credentials): Promise<boolean> {
  return repeatsSecret(headers.get('x-telegram-bot-api-secret-token') ?? '', credentials)
}

/** The button that somebody pressed shows until then that it is busy. */
async function acknowledge(reach: Reach, event: InboundEvent): Promise<void> {
  if (event.kind !== 'message' || !event.externalId.startsWith(PRESSED)) return
  await callBot(reach, 'answerCallbackQuery', { callback_query_id: event.externalId.slice(PRESSED.length) })
}
