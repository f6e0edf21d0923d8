/** WhatsApp by QR code, through a WAHA server of the company's own. Unofficial. docs/adding-a-channel.md tells how it was made. */
import { accountOn } from '../baileys/account.ts'
import { LINKED_LIMITS } from '../baileys/limits.ts'
import type { Channel } from '../channel.ts'
import { parseWaha } from './events.ts'
import { link } from './link.ts'
import { fetchMedia, historyPage } from './past.ts'
import { reasonOf } from './rest.ts'
import { edit, markRead, send, showTyping, unsend } from './send.ts'
import { check, subscribe } from './session.ts'
import { verify } from './verify.ts'
import { WAHA_WORDS } from './words.ts'

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
    accountId: ({ serverUrl = '', session = '' }) => accountOn(serverUrl, session),
  },
  baseUrl: (_urls, { serverUrl = NOWHERE }) => serverUrl.replace(/\/+$/, ''),
  // A sticker of ours needs the paid server; other words for a caption nobody documents.
  limits: {
    ...LINKED_LIMITS,
    files: { ...LINKED_LIMITS.files, sticker: null },
    edit: { withinMinutes: 15, captions: false },
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
  leave: link.unlink,
  link,
}
