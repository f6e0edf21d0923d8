import type { Channel } from '../../../src/channels/channel.ts'
import { instagram } from '../../../src/channels/instagram/instagram.ts'
import { messenger } from '../../../src/channels/messenger/messenger.ts'
import { graphRefusal, metaProof, type Refusal, type Subject } from './subject.ts'

const windowClosed = (code: number, extra: object) => graphRefusal('permanent', code, extra, { code: 'window_closed' })

const REFUSALS: Refusal[] = [
  graphRefusal('throttled', 4),
  graphRefusal('throttled', 32),
  graphRefusal('throttled', 613),
  graphRefusal('throttled', 80007),
  graphRefusal('retryable', 1),
  graphRefusal('retryable', 2, { is_transient: true }),
  graphRefusal('retryable', 1200),
  graphRefusal('retryable', 999999, { is_transient: true }),
  windowClosed(10, { error_subcode: 2018278 }),
  windowClosed(10, { error_subcode: 2018065 }),
  windowClosed(100, { error_subcode: 2018300 }),
  windowClosed(10, { error_subcode: 2534022 }),
  windowClosed(10, { message: '(#10) This message is sent outside of allowed window.' }),
  graphRefusal('permanent', 10, { message: 'Another app is controlling this thread now.' }),
  graphRefusal('permanent', 551, { error_subcode: 1545041 }),
  graphRefusal('permanent', 551),
  graphRefusal('permanent', 100, { error_subcode: 2018001 }),
  graphRefusal('permanent', 100, { error_subcode: 2018047 }),
  graphRefusal('permanent', 100),
  graphRefusal('permanent', 33),
  graphRefusal('permanent', 230),
  graphRefusal('permanent', 999999),
  graphRefusal('auth', 0),
  graphRefusal('auth', 3),
  graphRefusal('auth', 10),
  graphRefusal('auth', 10, { error_subcode: 1893063 }),
  graphRefusal('auth', 190, { error_subcode: 463 }),
  graphRefusal('auth', 200),
  graphRefusal('auth', 299),
  graphRefusal('auth', 368),
]

interface Of {
  channel: Channel
  object: string
  accountId: string
  person: string
  sending: Omit<Subject['sending'], 'message' | 'answer' | 'externalId'>
  fits: Subject['fits']
}

function subject({ channel, object, accountId, person, sending, fits }: Of): Subject {
  const webhook = (of: object) => ({ object, entry: [{ id: accountId, time: 1760000000250, ...of }] })
  const row = (what: object) => ({
    sender: { id: person },
    recipient: { id: accountId },
    timestamp: 1760000000000,
    ...what,
  })
  return {
    channel,
    accountId,
    settings: {},
    person,
    proof: metaProof,
    list: 'entry',
    handshake: true,
    externalId: (id) => id,
    texts: (ids) => webhook({ messaging: ids.map((mid) => row({ message: { mid, text: mid } })) }),
    unknown: {
      object: { object: 'hologram', entry: [] },
      field: webhook({ changes: [{ field: 'brand_new_field', value: {} }] }),
      row: webhook({ messaging: [row({ hologram: {} })] }),
    },
    unknownKind: (mid) => webhook({ messaging: [row({ message: { mid, attachments: [{ type: 'hologram' }] } })] }),
    refusals: REFUSALS,
    sending: {
      message: { to: [person], text: 'Olá!', replyTo: 'm_1' },
      ...sending,
      answer: { recipient_id: person, message_id: 'm_OUT' },
      externalId: 'm_OUT',
    },
    fits,
  }
}

const PERSON = '6200000000000001'
const quoting = { recipient: { id: PERSON }, reply_to: { mid: 'm_1' } }

export const messengerSubject = subject({
  channel: messenger,
  object: 'page',
  accountId: '300000000000001',
  person: PERSON,
  sending: {
    request: {
      path: '300000000000001/messages',
      body: { ...quoting, messaging_type: 'RESPONSE', message: { text: 'Olá!', metadata: 'attempt-0001' } },
    },
  },
  fits: { a: 2000, é: 2000, '😀': 1000 },
})

export const instagramSubject = subject({
  channel: instagram,
  object: 'instagram',
  accountId: '17840000000000001',
  person: PERSON,
  sending: { request: { path: 'me/messages', body: { ...quoting, message: { text: 'Olá!' } } } },
  fits: { a: 1000, é: 500, '😀': 250 },
})
