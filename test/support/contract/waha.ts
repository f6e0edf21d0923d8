import { createHmac } from 'node:crypto'
import { waha } from '../../../src/channels/waha/waha.ts'
import type { Refusal, Subject } from './subject.ts'

const SESSION = 'default'
const PERSON = '5511999990001'
const CHAT = `${PERSON}@c.us`

const call = (payload: unknown, event = 'message.any') => ({
  event,
  session: SESSION,
  timestamp: 1760000077007,
  payload,
})
const message = (id: string, of: object) =>
  call({ id: `false_${CHAT}_${id}`, timestamp: 1760000076, from: CHAT, fromMe: false, hasMedia: false, ...of })

const refusal = (of: Refusal['class'], status: number, message: string, code: string): Refusal => ({
  class: of,
  status,
  body: { statusCode: status, message, error: 'Refused' },
  as: { code },
})

export const wahaSubject: Subject = {
  channel: waha,
  accountId: SESSION,
  settings: {},
  person: PERSON,
  proof: {
    header: 'x-webhook-hmac',
    of: 'body',
    make: (body, secret) => createHmac('sha512', secret).update(body).digest('hex'),
  },
  keyHeader: 'x-api-key',
  list: null,
  externalId: (id) => id,
  handshake: false,
  texts: ([id = 'id-1']) => message(id, { body: id }),
  unknown: {
    object: { hologram: {} },
    field: call({}, 'hologram.shown'),
    row: call('olá'),
  },
  unknownKind: (id) => message(id, { body: null, _data: { type: 'hologram' } }),
  refusals: [
    refusal('throttled', 429, 'Too many requests', 'http_429'),
    refusal('permanent', 400, 'chatId must be a string', 'http_400'),
    refusal('permanent', 404, 'No such message', 'http_404'),
    refusal('auth', 401, 'Unauthorized', 'unauthorized'),
    refusal('auth', 404, 'Session not found', 'session_missing'),
    refusal('auth', 422, 'Session status is not as expected', 'disconnected'),
    refusal('ambiguous', 500, 'Internal server error', 'http_500'),
  ],
  sending: {
    message: { to: ['900000000000001@lid', PERSON], text: 'Olá!', replyTo: '3EB0A' },
    request: {
      path: 'api/sendText',
      body: { session: SESSION, chatId: CHAT, reply_to: `false_${CHAT}_3EB0A`, text: 'Olá!' },
    },
    answer: { id: `true_${CHAT}_3EB0OUT` },
    externalId: '3EB0OUT',
  },
  fits: { a: 4096, é: 4096, '😀': 2048 },
}
