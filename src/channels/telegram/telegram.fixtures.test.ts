/** A table: every payload that Telegram is known to send, and what becomes of it, where the neutral words say too little. */
import { expect, test } from 'vitest'
import { fixturesOf, readFixture } from '../../../test/support/neutral-words.ts'
import type { InboundEvent } from '../events.ts'
import { telegram } from './telegram.ts'

const BOT = '7000000001'
const PERSON = '8100000001'
const JOANA = { externalIds: [PERSON], phone: null, profileName: 'Joana Exemplo', username: 'joana_ex' }

const eventsOf = (name: string) => telegram.parse(readFixture('telegram', name), BOT)

test('no payload is missing from the table', () => {
  expect(fixturesOf('telegram')).toHaveLength(29)
})

test.each(fixturesOf('telegram'))('$name is known', async ({ body }) => {
  expect(
    (await telegram.parse(body, BOT)).filter((event) => event.kind === 'kept' && event.what === 'unknown'),
  ).toEqual([])
})

const bubble = (number: number, of: Partial<Extract<InboundEvent, { kind: 'message' }>>) => ({
  kind: 'message',
  dedupeKey: `msg:${PERSON}:${number}`,
  externalId: `${PERSON}:${number}`,
  accountId: BOT,
  occurredAt: (1760000000 + number) * 1000,
  direction: 'incoming',
  peer: JOANA,
  text: null,
  media: [],
  content: {},
  replyTo: null,
  attemptId: null,
  appId: null,
  group: false,
  history: false,
  raw: null,
  ...of,
})

const file = (kind: string, id: string, of: object = {}) => ({
  ...{ kind, handle: { id }, mimeType: null, fileName: null, bytes: null, voice: false, animated: false },
  ...{ trouble: null, ...of },
})

test.each<[string, unknown[]]>([
  ['text', [bubble(501, { type: 'text', text: 'Olá, tudo bem?' })]],
  [
    'text_entities',
    [
      bubble(502, {
        type: 'text',
        text: 'Veja https://exemplo.test e isto',
        content: { styles: [{ kind: 'bold', from: 28, length: 4 }] },
      }),
    ],
  ],
  [
    'contact_shared',
    [
      bubble(516, {
        type: 'contacts',
        peer: { ...JOANA, phone: '+5511999990021' },
        content: { contacts: [{ name: 'Joana Exemplo', phones: [{ number: '+5511999990021' }] }] },
      }),
    ],
  ],
  [
    'callback_query',
    [
      bubble(0, {
        dedupeKey: 'pb:cb:4382bfdwdsb323b2d9',
        externalId: 'cb:4382bfdwdsb323b2d9',
        occurredAt: null,
        type: 'interactive',
        text: 'Sim',
        content: { choice: { title: 'Sim', payload: 'confirma:1' } },
        replyTo: `${PERSON}:440`,
      }),
    ],
  ],
  [
    'group_text',
    [
      bubble(523, {
        dedupeKey: 'msg:-4100200300:523',
        externalId: '-4100200300:523',
        peer: { externalIds: ['-4100200300'], phone: null, profileName: 'Equipe Exemplo' },
        type: 'text',
        text: 'oi pessoal',
        content: { sender: 'Joana Exemplo' },
        group: true,
      }),
    ],
  ],
  [
    'edited_message',
    [
      {
        kind: 'edit',
        dedupeKey: 'upd:900000122',
        accountId: BOT,
        occurredAt: 1760000582000,
        direction: 'incoming',
        target: `${PERSON}:522`,
        text: 'texto corrigido',
        content: {},
        rank: 1760000582122,
      },
    ],
  ],
  [
    'message_reaction',
    [
      {
        kind: 'reaction',
        dedupeKey: 'upd:900000128',
        accountId: BOT,
        occurredAt: 1760000900128,
        direction: 'incoming',
        target: `${PERSON}:440`,
        emoji: '👍',
      },
    ],
  ],
  [
    'my_chat_member_blocked',
    [
      {
        kind: 'note',
        what: 'blocked',
        dedupeKey: 'upd:900000127',
        accountId: BOT,
        occurredAt: 1760000800000,
        peer: JOANA,
        content: {},
      },
    ],
  ],
])('%s in full', async (name, events) => {
  expect(await eventsOf(name)).toEqual(events)
})

test.each<[string, object]>([
  [
    'photo_caption',
    { text: 'nota fiscal', media: [file('image', 'AgACAgEAAxkBAAOD_x', { mimeType: 'image/jpeg', bytes: 98213 })] },
  ],
  [
    'video',
    {
      media: [file('video', 'BAACAgUAAxkB_video', { mimeType: 'video/mp4', fileName: 'IMG_2170.MOV', bytes: 291286 })],
    },
  ],
  [
    'video_too_big',
    { media: [file('video', '', { handle: null, mimeType: 'video/mp4', bytes: 83886080, trouble: 'too_large' })] },
  ],
  ['voice', { media: [file('audio', 'AwACAgUAAxkB_voice', { mimeType: 'audio/ogg', bytes: 11833, voice: true })] }],
  [
    'audio',
    {
      media: [file('audio', 'CQACAgUAAxkB_audio', { mimeType: 'audio/mpeg', fileName: 'jingle.mp3', bytes: 3897500 })],
    },
  ],
  [
    'document',
    {
      text: 'segue',
      media: [
        file('document', 'BQACAgUAAxkB_doc', {
          mimeType: 'application/pdf',
          fileName: 'orçamento 2026.pdf',
          bytes: 536392,
        }),
      ],
    },
  ],
  ['sticker', { text: null, media: [file('sticker', 'CAACAgEAAxkB_stk', { mimeType: 'image/webp', bytes: 7340 })] }],
  [
    'sticker_animated',
    {
      text: '🎉',
      media: [
        file('sticker', 'CAACAgEAAxkB_tgs', { mimeType: 'application/x-tgsticker', bytes: 21340, animated: true }),
      ],
    },
  ],
  ['video_note', { media: [file('video', 'DQACAgEAAxkB_vn', { mimeType: 'video/mp4', bytes: 482340 })] }],
  [
    'animation',
    {
      media: [
        file('video', 'CgACAgEAAxkB_gif', { mimeType: 'video/mp4', fileName: 'ola.mp4', bytes: 82340, animated: true }),
      ],
    },
  ],
  ['location', { content: { location: { latitude: -23.561414, longitude: -46.655881 } } }],
  ['venue', { content: { location: { name: 'Loja Centro', address: 'Av. Exemplo, 1000' } } }],
  ['reply', { replyTo: `${PERSON}:430`, content: {} }],
  ['reply_quote', { replyTo: `${PERSON}:431`, content: { quote: { text: '3 dias' } } }],
  ['forwarded_user', { content: { forwarded: 'once' } }],
  ['media_group_1', { text: 'álbum', content: { album: '13900000000000001' } }],
  ['media_group_2', { text: null, content: { album: '13900000000000001' } }],
  ['start_deeplink', { content: { referral: { source: 'link', ref: 'campanha_42' } } }],
])('%s keeps what matters', async (name, what) => {
  const [event, ...more] = await eventsOf(name)
  expect(event).toMatchObject(what)
  expect(more).toEqual([])
})
