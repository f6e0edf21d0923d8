import { evolution } from '../../../src/channels/evolution/evolution.ts'
import type { Refusal, Subject } from './subject.ts'

const INSTANCE = 'loja-centro'
const PERSON = '5511999990001'

const webhook = (data: unknown, event = 'messages.upsert') => ({ event, instance: INSTANCE, data, apikey: null })
const row = (id: string, message: object, messageType: string) => ({
  key: { remoteJid: `${PERSON}@s.whatsapp.net`, fromMe: false, id },
  pushName: 'Mariana Teste',
  message,
  messageType,
  messageTimestamp: 1760000009,
})

const refusal = (of: Refusal['class'], status: number, message: unknown, code: string): Refusal => ({
  class: of,
  status,
  body: { status, error: 'Refused', response: { message } },
  as: { code },
})

export const evolutionSubject: Subject = {
  channel: evolution,
  accountId: INSTANCE,
  settings: {},
  person: PERSON,
  proof: { header: 'apikey', of: 'secret', make: (_, secret) => secret },
  keyHeader: 'apikey',
  list: 'data',
  externalId: (id) => id,
  handshake: false,
  texts: (ids) => webhook(ids.map((id) => row(id, { conversation: id }, 'conversation'))),
  unknown: {
    object: { event: 'hologram.updated', instance: INSTANCE, data: {} },
    field: webhook({ state: 'dreaming' }, 'connection.update'),
    row: webhook(['olá']),
  },
  unknownKind: (id) => webhook([row(id, { hologramMessage: { text: 'olá' } }, 'hologramMessage')]),
  refusals: [
    refusal('throttled', 429, 'Too many requests', 'http_429'),
    refusal('permanent', 400, [{ jid: `${PERSON}@s.whatsapp.net`, exists: false, number: PERSON }], 'not_on_whatsapp'),
    refusal('permanent', 400, [['"text" does not meet minimum length of 1']], 'http_400'),
    refusal('permanent', 413, 'request entity too large', 'http_413'),
    refusal('auth', 401, 'Unauthorized', 'unauthorized'),
    refusal('auth', 403, ['Missing global api key'], 'unauthorized'),
    refusal('auth', 404, ['The "loja-centro" instance does not exist'], 'instance_missing'),
    refusal('auth', 400, ['Error: Connection Closed'], 'disconnected'),
    refusal('ambiguous', 500, ['Error: Connection Closed'], 'disconnected'),
    refusal('ambiguous', 500, 'Internal Server Error', 'http_500'),
  ],
  sending: {
    message: { to: ['900000000000001@lid', PERSON], text: 'Olá!', replyTo: '3EB0AAAA00000000000001' },
    request: {
      path: `message/sendText/${INSTANCE}`,
      body: {
        number: PERSON,
        quoted: { key: { id: '3EB0AAAA00000000000001', remoteJid: `${PERSON}@s.whatsapp.net` } },
        text: 'Olá!',
        linkPreview: true,
      },
    },
    answer: { key: { remoteJid: `${PERSON}@s.whatsapp.net`, fromMe: true, id: '3EB0OUT' }, status: 'PENDING' },
    externalId: '3EB0OUT',
  },
  fits: { a: 4096, é: 4096, '😀': 2048 },
}
