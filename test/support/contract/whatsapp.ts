import { whatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { graphRefusal, metaProof, type Subject } from './subject.ts'

const ACCOUNT = '100000000000001'
const PERSON = '5511999990001'

const webhook = (value: object, field = 'messages') => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '200000000000001', changes: [{ field, value: { metadata: { phone_number_id: ACCOUNT }, ...value } }] }],
})
const message = (id: string, of: object) => ({ id, from: PERSON, timestamp: '1760000000', ...of })

export const whatsappSubject: Subject = {
  channel: whatsapp,
  accountId: ACCOUNT,
  settings: {},
  person: PERSON,
  proof: metaProof,
  list: 'entry',
  handshake: true,
  externalId: (id) => id,
  texts: (ids) => webhook({ messages: ids.map((id) => message(id, { type: 'text', text: { body: id } })) }),
  unknown: {
    object: { object: 'hologram', entry: [] },
    field: webhook({}, 'brand_new_field'),
    row: webhook({ messages: ['olá'] }),
  },
  unknownKind: (id) => webhook({ messages: [message(id, { type: 'hologram', hologram: { text: 'olá' } })] }),
  refusals: [
    graphRefusal('throttled', 130429),
    graphRefusal('throttled', 131056, {}, { recipientOnly: true }),
    graphRefusal('retryable', 131016),
    graphRefusal('retryable', 999999, { is_transient: true }),
    graphRefusal('permanent', 131047),
    graphRefusal('permanent', 999999),
    graphRefusal('auth', 190),
    graphRefusal('auth', 245),
  ],
  sending: {
    message: { to: [PERSON], text: 'Olá!', replyTo: 'wamid.1' },
    request: {
      path: `${ACCOUNT}/messages`,
      body: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: `+${PERSON}`,
        context: { message_id: 'wamid.1' },
        biz_opaque_callback_data: 'attempt-0001',
        type: 'text',
        text: { preview_url: true, body: 'Olá!' },
      },
    },
    answer: { messages: [{ id: 'wamid.OUT' }], contacts: [{ wa_id: PERSON }] },
    externalId: 'wamid.OUT',
  },
  fits: { a: 4096, é: 4096, '😀': 2048 },
}
