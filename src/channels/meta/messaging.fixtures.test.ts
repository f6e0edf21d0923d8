/** A table: every payload that Messenger and Instagram are known to send, and what becomes of it. */
import { describe, expect, test } from 'vitest'
import { fixturesOf, inTheirWords, readFixture } from '../../../test/support/neutral-words.ts'
import type { InboundEvent } from '../events.ts'
import { instagram } from '../instagram/instagram.ts'
import { messenger } from '../messenger/messenger.ts'

const CHANNELS = { messenger, instagram }
type Name = keyof typeof CHANNELS
const INBOX = { messenger: '300000000000001', instagram: '17840000000000001' }

const eventsOf = (channel: Name, name: string) => CHANNELS[channel].parse(readFixture(channel, name), INBOX[channel])

const table = (['messenger', 'instagram'] as const).flatMap((channel) =>
  fixturesOf(channel).map((fixture) => ({ channel, ...fixture })),
)

test('no payload is missing from the table', () => {
  const count = (name: Name) => table.filter(({ channel }) => channel === name).length
  expect([count('messenger'), count('instagram')]).toEqual([33, 26])
})

test.each(table)('$channel: $name means what it is known to mean', async ({ channel, name, means }) => {
  const events = await eventsOf(channel, name)
  expect(events.map((event, at) => inTheirWords(event, means[at]))).toEqual(means)
  expect(events.filter((event) => event.kind === 'kept' && event.what === 'unknown')).toEqual([])
})

/** The whole of what is made of one payload, where the neutral words say too little. */
const PERSON = { messenger: '6200000000000001', instagram: '9300000000000001' }
const bubble = (channel: Name, of: Partial<Extract<InboundEvent, { kind: 'message' }>>) => [
  {
    kind: 'message',
    accountId: INBOX[channel],
    direction: 'incoming',
    peer: { externalIds: [PERSON[channel]], phone: null, profileName: null },
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
  },
]
const file = (kind: string, url: string, of: object = {}) => ({
  ...{ kind, handle: { url }, mimeType: null, fileName: null, bytes: null, voice: false, animated: false },
  ...{ trouble: null, ...of },
})

describe('in full', () => {
  test.each<[Name, string, unknown[]]>([
    [
      'messenger',
      'text',
      bubble('messenger', {
        dedupeKey: 'msg:m_FBT1',
        externalId: 'm_FBT1',
        occurredAt: 1760000001000,
        type: 'text',
        text: 'Olá, vocês entregam hoje?',
      }),
    ],
    [
      'messenger',
      'echo_our_app',
      bubble('messenger', {
        dedupeKey: 'echo:m_OUT1',
        externalId: 'm_OUT1',
        occurredAt: 1760000026000,
        direction: 'outgoing',
        type: 'text',
        text: 'Entregamos sim!',
        attemptId: 'msg-local-0001',
        appId: '1517776481860111',
      }),
    ],
    [
      'instagram',
      'story_mention',
      bubble('instagram', {
        dedupeKey: 'msg:aWdfZAG1faXRlbToxOklIGSM',
        externalId: 'aWdfZAG1faXRlbToxOklIGSM',
        occurredAt: 1760300008000,
        type: 'story_mention',
        content: {
          story: { kind: 'mention', url: 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=2&signature=y' },
        },
      }),
    ],
    [
      'instagram',
      'seen',
      [
        {
          kind: 'status',
          dedupeKey: 'rd:9300000000000001:aWdfZAG1faXRlbToxOklIGO1',
          accountId: INBOX.instagram,
          occurredAt: 1760300022000,
          target: 'aWdfZAG1faXRlbToxOklIGO1',
          status: 'read',
          andBefore: true,
          attemptId: null,
          error: null,
        },
      ],
    ],
    [
      'messenger',
      'delivery',
      [
        {
          kind: 'watermark',
          dedupeKey: 'dlv:6200000000000001:1760000020500',
          accountId: INBOX.messenger,
          occurredAt: 1760000020000,
          peer: { externalIds: [PERSON.messenger], phone: null, profileName: null },
          status: 'delivered',
          until: 1760000020500,
        },
      ],
    ],
    [
      'messenger',
      'referral',
      [
        {
          kind: 'note',
          what: 'referral',
          dedupeKey: expect.stringMatching(/^rf:[0-9a-f]{64}$/),
          accountId: INBOX.messenger,
          occurredAt: 1760000018000,
          peer: { externalIds: [PERSON.messenger], phone: null, profileName: null },
          content: { referral: { source: 'link', ref: 'camp-8' } },
        },
      ],
    ],
  ])('%s: %s', async (channel, name, events) => {
    expect(await eventsOf(channel, name)).toEqual(events)
  })
})

test.each<[Name, string, object]>([
  ['messenger', 'attachment_image', { media: [file('image', 'https://cdn.example/foto.jpg?oe=68F00000')], raw: null }],
  ['messenger', 'attachment_audio', { media: [file('audio', 'https://cdn.example/audio.mp4?oe=68F00000')] }],
  [
    'messenger',
    'attachment_file',
    {
      type: 'document',
      media: [file('document', 'https://cdn.example/contrato.pdf?oe=68F00000', { fileName: 'contrato.pdf' })],
    },
  ],
  [
    'messenger',
    'two_images',
    { media: [file('image', 'https://cdn.example/a.jpg'), file('image', 'https://cdn.example/b.jpg')] },
  ],
  [
    'messenger',
    'sticker_transition',
    { media: [file('sticker', 'https://cdn.example/stk.png')], text: null, raw: null },
  ],
  [
    'messenger',
    'quick_reply',
    { text: 'Vermelho', content: { choice: { title: 'Vermelho', payload: 'COR_VERMELHO' } } },
  ],
  ['messenger', 'reply_to', { text: 'essa mesmo', replyTo: 'm_ORIG1', raw: null }],
  [
    'messenger',
    'fallback_link',
    {
      text: 'Quero isto: https://youtu.be/exemplo',
      content: { share: { kind: 'link', title: 'Vídeo exemplo', url: 'https://youtu.be/exemplo' } },
    },
  ],
  [
    'messenger',
    'post_share',
    {
      text: null,
      content: { share: { kind: 'post', title: 'Promoção', url: 'https://www.facebook.com/permalink/1' } },
    },
  ],
  [
    'messenger',
    'ads_referral_message',
    {
      content: { referral: { source: 'ad', title: 'Anúncio exemplo', ref: 'camp-7' } },
      raw: { message: { referral: { ad_id: '120200000000000001' } } },
    },
  ],
  ['messenger', 'shop_product_message', { content: { referral: { source: 'product', ref: '556677' } } }],
  [
    'messenger',
    'appointment',
    { text: null, content: { unsupported: { type: 'appointment_booking' } }, raw: { message: { mid: 'm_FBAP1' } } },
  ],
  [
    'messenger',
    'postback',
    {
      dedupeKey: 'pb:m_FBPB1',
      externalId: 'm_FBPB1',
      text: 'Falar com atendente',
      content: { choice: { title: 'Falar com atendente', payload: 'FALAR_ATENDENTE' } },
    },
  ],
  ['messenger', 'postback_get_started', { content: { referral: { source: 'link', ref: 'camp-7' } } }],
  ['messenger', 'echo_page_inbox', { dedupeKey: 'echo:m_INBOX1', appId: '263902037430900', attemptId: null }],
  ['messenger', 'echo_template', { text: null, media: [], raw: { message: { mid: 'm_OUT3' } } }],
  ['messenger', 'standby', { text: 'estou com outro app', content: { standby: true } }],
  ['messenger', 'optin_notification', { kind: 'kept', raw: { optin: { payload: 'topico-1' } } }],
  ['messenger', 'pass_thread_control', { kind: 'kept', raw: { pass_thread_control: { metadata: 'fila:suporte' } } }],
  [
    'messenger',
    'policy_enforcement',
    { kind: 'account', what: 'warning', code: 'warning', detail: 'The bot violated our Platform Policies.' },
  ],
  ['messenger', 'edit', { target: 'm_FBT1', text: 'Olá, vocês entregam amanhã?', rank: 1, dedupeKey: 'ed:m_FBT1:1' }],
  ['messenger', 'reaction', { target: 'm_OUT1', dedupeKey: 'rx:m_OUT1:6200000000000001:react:1760000023000' }],
  ['instagram', 'audio', { media: [file('audio', 'https://cdn.example/voz.mp4', { voice: true })] }],
  [
    'instagram',
    'image_and_video',
    { type: 'image', media: [file('image', 'https://cdn.example/1'), file('video', 'https://cdn.example/2')] },
  ],
  [
    'instagram',
    'ig_post_share',
    { content: { share: { kind: 'post', title: 'Legenda do post', url: 'https://cdn.example/post' } }, media: [] },
  ],
  [
    'instagram',
    'ig_reel',
    { content: { share: { kind: 'reel', title: 'Reel', url: 'https://cdn.example/reel' } }, media: [] },
  ],
  ['instagram', 'share_legacy', { content: { share: { kind: 'post', url: 'https://www.instagram.com/p/exemplo/' } } }],
  [
    'instagram',
    'story_reply',
    {
      text: 'amei!',
      replyTo: null,
      content: { story: { kind: 'reply', url: 'https://cdn.example/story', id: '18000000000000003' } },
    },
  ],
  ['instagram', 'deleted', { target: 'aWdfZAG1faXRlbToxOklIGT1', dedupeKey: 'del:aWdfZAG1faXRlbToxOklIGT1' }],
  ['instagram', 'unsupported', { text: null, content: { unsupported: {} } }],
  ['instagram', 'ephemeral', { text: null, content: { unsupported: { type: 'ephemeral' } } }],
  ['instagram', 'echo', { dedupeKey: 'echo:aWdfZAG1faXRlbToxOklIGO1', appId: null, attemptId: null }],
  ['instagram', 'unreaction', { emoji: null, target: 'aWdfZAG1faXRlbToxOklIGO1' }],
  [
    'instagram',
    'referral_igme',
    { content: { referral: { source: 'link', ref: 'bio-link', url: 'https://ig.me/m/loja?ref=bio-link' } } },
  ],
  ['instagram', 'ctd_ad', { content: { referral: { source: 'ad', title: 'Anúncio', ref: 'camp' } } }],
])('%s: %s keeps what matters', async (channel, name, what) => {
  const [event] = await eventsOf(channel, name)
  expect(event).toMatchObject(what)
})

test('a batch is told apart by page', async () => {
  const events = await eventsOf('messenger', 'batch_two_pages')
  expect(events.map((event) => [event.accountId, event.dedupeKey])).toEqual([
    ['300000000000001', 'msg:m_FBB1'],
    ['300000000000002', 'msg:m_FBB2'],
  ])
})
