import { telegram } from '../../../src/channels/telegram/telegram.ts'
import type { Refusal, Subject } from './subject.ts'

const ACCOUNT = '7000000001'
const PERSON = '8100000001'

const chat = { id: Number(PERSON), first_name: 'Joana', type: 'private' }
const numberOf = (id: string) => Number(id.replaceAll(/\D/g, '') || 1)
const update = (what: object) => ({ update_id: 900000101, ...what })
const message = (id: string, of: object) =>
  update({ message: { message_id: numberOf(id), from: { ...chat, is_bot: false }, chat, date: 1760000501, ...of } })

const refusal = (
  of: Refusal['class'],
  status: number,
  description: string,
  as: Refusal['as'] = {},
  parameters = {},
) => ({
  ...{ class: of, status, as: { code: String(status), ...as } },
  body: { ok: false, error_code: status, description, ...parameters },
})

export const telegramSubject: Subject = {
  channel: telegram,
  accountId: ACCOUNT,
  settings: {},
  person: PERSON,
  proof: { header: 'x-telegram-bot-api-secret-token', of: 'secret', make: (_, secret) => secret },
  handshake: false,
  list: null,
  externalId: (id) => `${PERSON}:${numberOf(id)}`,
  texts: ([id = 'id-1']) => message(id, { text: id }),
  unknown: {
    object: { hologram: {} },
    field: update({ brand_new_kind: {} }),
    row: update({ message: 'olá' }),
  },
  unknownKind: (id) => message(id, { hologram: { text: 'olá' } }),
  refusals: [
    refusal('throttled', 429, 'Too Many Requests: retry after 14', {}, { parameters: { retry_after: 14 } }),
    refusal('permanent', 403, 'Forbidden: bot was blocked by the user', { code: 'blocked' }),
    refusal('permanent', 403, 'Forbidden: user is deactivated', { code: 'deactivated' }),
    refusal('permanent', 403, 'Forbidden: bot was kicked from the supergroup chat', { code: 'put_out' }),
    refusal('permanent', 403, "Forbidden: bot can't initiate conversation with a user", { code: 'chat_not_found' }),
    refusal('permanent', 400, 'Bad Request: chat not found', { code: 'chat_not_found' }),
    refusal('permanent', 400, 'Bad Request: message text is empty'),
    refusal('permanent', 400, 'Bad Request: wrong file identifier/HTTP URL specified', { code: 'media' }),
    refusal('permanent', 409, 'Conflict: terminated by other getUpdates request'),
    refusal('auth', 401, 'Unauthorized'),
    refusal('auth', 404, 'Not Found'),
    refusal('retryable', 500, 'Internal Server Error'),
  ],
  sending: {
    message: { to: [PERSON], text: 'Olá, *Joana*!', replyTo: `${PERSON}:430` },
    request: {
      token: null,
      path: 'botEAAJ0000canary0000token/sendMessage',
      body: {
        chat_id: Number(PERSON),
        text: 'Olá, Joana!',
        entities: [{ type: 'bold', offset: 5, length: 5 }],
        reply_parameters: { message_id: 430, allow_sending_without_reply: true },
      },
    },
    answer: { ok: true, result: { message_id: 601, chat, date: 1760001000, text: 'Olá, Joana!' } },
    externalId: `${PERSON}:601`,
  },
  fits: { a: 4096, é: 4096, '😀': 2048 },
}
