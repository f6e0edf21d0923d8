/** WhatsApp by QR code: a number on its phone, linked to an Evolution API server of the company's own. Unofficial. */
import { accountOn } from '../baileys/account.ts'
import { LINKED_LIMITS } from '../baileys/limits.ts'
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
    accountId: ({ serverUrl = '', instance = '' }) => accountOn(serverUrl, instance),
  },
  // Where the network keeps faces.
  fileHosts: [{ host: /^pps\.whatsapp\.net$/, knowsUs: false }],
  baseUrl: ({ EVOLUTION_API_URL = NOWHERE }, { serverUrl = EVOLUTION_API_URL }) => serverUrl.replace(/\/+$/, ''),
  limits: LINKED_LIMITS,
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
  leave: unlink,
  link: { look: lookAtLink, restart: restartLink, unlink },
}
