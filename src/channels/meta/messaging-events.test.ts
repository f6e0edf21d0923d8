/** Rows as nobody should send them, and as some set-ups do: read as far as they go, never at their neighbours' cost. */
import { describe, expect, test } from 'vitest'
import type { InboundEvent } from '../events.ts'
import { instagram } from '../instagram/instagram.ts'
import { messenger } from '../messenger/messenger.ts'

const INBOX = '300000000000001'
const PERSON = '6200000000000001'
const AT = 1760000000000

const parse = (body: unknown, channel = messenger) =>
  channel.parse(new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)), INBOX)
const page = (entry: object, object = 'page') => ({ object, entry: [{ id: INBOX, time: AT + 250, ...entry }] })
const row = (what: object) => ({ sender: { id: PERSON }, recipient: { id: INBOX }, timestamp: AT, ...what })
const rows = (...messaging: unknown[]) => page({ messaging })
const text = (mid: string, of: object = {}) => row({ message: { mid, text: mid, ...of } })
const said = (message: object) => parse(rows(row({ message: { mid: 'm_1', ...message } })))
const attached = (...attachments: unknown[]) => said({ attachments })

const unknown = expect.objectContaining({ kind: 'kept', what: 'unknown', accountId: INBOX })
const message = (mid: string) => expect.objectContaining({ kind: 'message', externalId: mid })
const keysOf = (events: InboundEvent[]) => events.map((event) => event.dedupeKey)

describe('one bad row', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a word', 'message'],
    ['a list', []],
    ['of nothing', row({})],
    ['of a kind that is not known yet', row({ hologram: { mid: 'm_9' } })],
    ['whose message is a word', row({ message: 'olá' })],
    ['without an id', row({ message: { text: 'olá' } })],
    ['with an endless id', row({ message: { mid: 'x'.repeat(513) } })],
    ['from nobody', { ...text('m_9'), sender: undefined }],
    ['for another page', { ...text('m_9'), recipient: { id: '300000000000009' } }],
    ['echoed by another page', { ...text('m_9', { is_echo: true }), sender: { id: '9' }, recipient: { id: PERSON } }],
    ['of a reaction to nothing', row({ reaction: { action: 'react', emoji: '👍' } })],
    ['of a reaction that shows nothing', row({ reaction: { mid: 'm_0', action: 'react', reaction: 'other' } })],
    ['of a receipt for nothing', row({ read: {} })],
    ['of an edit of nothing', row({ message_edit: { text: 'olá' } })],
  ])('%s is kept, and its neighbours are read', async (_, bad) => {
    const events = await parse(rows(text('m_1'), bad, text('m_2')))
    expect(events).toEqual([message('m_1'), unknown, message('m_2')])
  })

  test.each<[string, unknown]>([
    ['another object', page({ messaging: [text('m_1')] }, 'whatsapp_business_account')],
    ['an entry that is a number', { object: 'page', entry: [7] }],
    ['an entry of nothing', page({})],
    ['rows that are no list', page({ messaging: { 0: text('m_1') } })],
    ['a field of no name', page({ changes: [{ field: 'brand_new_field', value: {} }] })],
    ['a change that is a word', page({ changes: ['feed'] })],
    ['entries that are no list', { object: 'page', entry: {} }],
    ['null', null],
    ['half a message', '{"object":"page","entry":[{'],
  ])('%s is kept whole', async (_, body) => {
    const events = await parse(body)
    expect(events).toEqual([unknown])
    expect(await parse(body)).toEqual(events)
  })

  test('fields of no use never void the message', async () => {
    const odd = {
      metadata: 7,
      app_id: {},
      reply_to: 'm_0',
      quick_reply: [],
      referral: 1,
      is_echo: 'no',
      attachments: {},
    }
    const [event] = await parse(rows({ ...text('m_1', odd), timestamp: 'yesterday' }))
    expect(event).toMatchObject({ text: 'm_1', replyTo: null, attemptId: null, appId: null, occurredAt: AT + 250 })
    expect(event).toMatchObject({ raw: { message: odd } })
  })
})

describe('where a row may stand', () => {
  test('a change about messages is a row', async () => {
    const value = { ...row({ message: { mid: 'm_1', text: 'teste' } }), timestamp: '1760000000' }
    const events = await parse(page({ changes: [{ field: 'messages', value }] }, 'instagram'), instagram)
    expect(events).toMatchObject([{ kind: 'message', externalId: 'm_1', occurredAt: AT, text: 'teste' }])
  })

  test('an entry may hold rows, another app’s rows and changes at once', async () => {
    const body = page({ messaging: [text('m_1')], standby: [text('m_2')], changes: [{ field: 'feed', value: {} }] })
    expect(await parse(body)).toMatchObject([
      { externalId: 'm_1', content: {} },
      { externalId: 'm_2', content: { standby: true } },
    ])
  })

  test('several kinds may stand in one row', async () => {
    const both = row({ message: { mid: 'm_1', text: 'oi' }, referral: { ref: 'x', source: 'SHORTLINK' } })
    expect((await parse(rows(both))).map(({ kind }) => kind)).toEqual(['message', 'note'])
  })

  test.each(['account_linking', 'game_play', 'messaging_feedback', 'response_feedback'])(
    '%s is nothing',
    async (kind) => {
      expect(await parse(rows(row({ [kind]: {} })))).toEqual([])
    },
  )
})

describe('the same thing', () => {
  test('is told once in one body, whichever list it stands in', async () => {
    const body = page({ messaging: Array.from({ length: 50 }, () => text('m_1')), standby: [text('m_1')] })
    expect(keysOf(await parse({ ...body, entry: [...body.entry, ...body.entry] }))).toEqual(['msg:m_1'])
  })

  test('of the same id on two pages is two', async () => {
    const other = { id: '300000000000002', messaging: [{ ...text('m_1'), recipient: { id: '300000000000002' } }] }
    const events = await parse({ object: 'page', entry: [...rows(text('m_1')).entry, other] })
    expect(events.map(({ accountId }) => accountId)).toEqual([INBOX, '300000000000002'])
  })

  test('without an id is known by who pressed what, and when', async () => {
    const press = (payload: string, timestamp = AT) => row({ postback: { title: 'Sim', payload }, timestamp })
    const events = await parse(rows(press('A'), press('A'), press('B'), press('A', AT + 1)))
    expect(keysOf(events)).toEqual([1, 2, 3].map(() => expect.stringMatching(/^pb:[0-9a-f]{64}$/)))
    expect(events[0]).toMatchObject({ externalId: events[0]?.dedupeKey, text: 'Sim' })
  })

  test('message, echo and deletion of one id are three', async () => {
    const body = rows(text('m_1'), row({ message: { mid: 'm_1', is_deleted: true } }), {
      ...text('m_1', { is_echo: true }),
      ...{ sender: { id: INBOX }, recipient: { id: PERSON } },
    })
    expect(keysOf(await parse(body))).toEqual(['msg:m_1', 'del:m_1', 'echo:m_1'])
  })
})

describe('times', () => {
  test.each<[unknown, number | null]>([
    [AT, AT],
    [String(AT), AT],
    [1760000000, AT],
    ['1760000000', AT],
    [undefined, AT + 250],
    [-1, AT + 250],
    [1.5, AT + 250],
    [1e21, AT + 250],
    ['', AT + 250],
  ])('%o', async (timestamp, occurredAt) => {
    expect(await parse(rows({ ...text('m_1'), timestamp }))).toMatchObject([{ occurredAt }])
  })

  test('none at all', async () => {
    const body = { object: 'page', entry: [{ id: INBOX, messaging: [{ ...text('m_1'), timestamp: undefined }] }] }
    expect(await parse(body)).toMatchObject([{ occurredAt: null }])
  })

  test('a watermark in seconds is one in milliseconds', async () => {
    expect(await parse(rows(row({ read: { watermark: '1760000000' } })))).toMatchObject([
      { kind: 'watermark', until: AT, dedupeKey: `rd:${PERSON}:${AT}` },
    ])
  })
})

describe('who it is', () => {
  test('an echo without a sender is ours all the same', async () => {
    const echo = { ...text('m_1', { is_echo: true }), sender: undefined, recipient: { id: PERSON } }
    expect(await parse(rows(echo))).toMatchObject([{ direction: 'outgoing', peer: { externalIds: [PERSON] } }])
  })

  test('what the page itself did is outgoing', async () => {
    const ours = { sender: { id: INBOX }, recipient: { id: PERSON } }
    const events = await parse(
      rows(
        { ...row({ reaction: { mid: 'm_0', action: 'react', emoji: '❤️' } }), ...ours },
        { ...row({ message_edit: { mid: 'm_0', text: 'x', num_edit: '2' } }), ...ours },
        { ...row({ read: { watermark: AT } }), ...ours },
      ),
    )
    expect(events).toMatchObject([
      { kind: 'reaction', direction: 'outgoing' },
      { kind: 'edit', direction: 'outgoing', rank: 2 },
    ])
  })

  test('the account’s test of itself is nothing', async () => {
    const self = { sender: { id: INBOX }, recipient: { id: INBOX } }
    expect(await parse(rows({ ...text('m_1', { is_echo: true }), ...self }))).toEqual([])
    expect(await parse(rows(text('m_1', { is_self: true })))).toEqual([])
  })

  test('an id too long for a number stays exact', async () => {
    const body = JSON.stringify(rows(text('m_1'))).replaceAll(`"${INBOX}"`, '17841400000000001')
    expect(await parse(body)).toMatchObject([{ accountId: '17841400000000001' }])
  })
})

describe('what a message says', () => {
  test.each<[string, unknown[], object]>([
    ['a like is a thumb', [{ type: 'image', payload: { sticker_id: 369239343222814 } }], { type: 'text', text: '👍' }],
    ['a heart is a heart', [{ type: 'like_heart' }], { type: 'text', text: '❤️' }],
    [
      'a sticker that comes twice without its id is one',
      [
        { type: 'image', payload: { url: 'https://cdn.example/s' } },
        { type: 'sticker', payload: { url: 'https://cdn.example/s' } },
      ],
      { type: 'sticker', media: [{ kind: 'sticker' }] },
    ],
    [
      'a picture beside a sticker stays',
      [
        { type: 'image', payload: { url: 'https://cdn.example/a' } },
        { type: 'sticker', payload: { url: 'https://cdn.example/s', sticker_id: 7 } },
      ],
      { type: 'image', media: [{ kind: 'image' }, { kind: 'sticker' }] },
    ],
    [
      'a picture without an address says so',
      [{ type: 'image', payload: null }],
      { type: 'image', media: [{ handle: null, trouble: 'It came without an address.' }] },
    ],
    [
      'a script is no address',
      [{ type: 'image', payload: { url: 'javascript:alert(1)' } }],
      { media: [{ handle: null }] },
    ],
    [
      'a reel’s address may lack its host',
      [{ type: 'reel', payload: { url: '/reel/1', title: 'Reel' } }],
      { type: 'share', content: { share: { kind: 'reel', url: 'https://www.facebook.com/reel/1' } } },
    ],
    [
      'a link’s keys may stand on the attachment',
      [{ type: 'fallback', title: 'Título', URL: 'https://a.example/', payload: null }],
      { type: 'share', text: null, content: { share: { kind: 'link', title: 'Título', url: 'https://a.example/' } } },
    ],
    [
      'a link’s address may be none',
      [{ type: 'fallback', payload: { url: 'olá', title: 'Título' } }],
      { content: { share: { kind: 'link', title: 'Título' } } },
    ],
    [
      'an address of no known kind is a link',
      [{ type: 'hologram', payload: { url: 'https://a.example/' } }],
      {
        type: 'share',
        content: { share: { kind: 'link', url: 'https://a.example/' } },
        raw: { sender: { id: PERSON } },
      },
    ],
    [
      'a place',
      [{ type: 'location', title: 'Loja', payload: { coordinates: { lat: -23.5, long: -46.6 } } }],
      { type: 'location', content: { location: { latitude: -23.5, longitude: -46.6, name: 'Loja' } } },
    ],
    ['a place that is nowhere', [{ type: 'location', payload: {} }], { type: 'unsupported' }],
    [
      'a template’s words are shown',
      [{ type: 'template', payload: { template_type: 'button', text: 'Escolha', buttons: [] } }],
      { type: 'template', text: 'Escolha', raw: { sender: { id: PERSON } } },
    ],
    ['nothing readable', [null, 7], { type: 'unsupported', raw: { sender: { id: PERSON } } }],
    ['a kind that objects have anyway', [{ type: 'constructor' }], { type: 'unsupported' }],
  ])('%s', async (_, attachments, what) => {
    expect(await attached(...attachments)).toMatchObject([what])
  })

  test('words beside what cannot be shown are shown', async () => {
    const attachments = [{ type: 'appointment_booking' }]
    expect(await said({ text: 'pode ser?', attachments })).toMatchObject([
      { type: 'text', text: 'pode ser?', content: { unsupported: { type: 'appointment_booking' } } },
    ])
  })

  test('an old payload names the sticker on the message', async () => {
    const picture = [{ type: 'image', payload: { url: 'https://cdn.example/s' } }]
    expect(await said({ sticker_id: 369239263222822 })).toMatchObject([{ type: 'text', text: '👍' }])
    expect(await said({ sticker_id: 7, attachments: picture })).toMatchObject([
      { type: 'sticker', media: [{ kind: 'sticker', handle: { url: 'https://cdn.example/s' } }] },
    ])
    expect(await said({ sticker_id: 7 })).toMatchObject([{ type: 'sticker', media: [{ handle: null }] }])
  })

  test('an answer to a story may have no words', async () => {
    expect(await said({ reply_to: { story: { id: 18 } } })).toMatchObject([
      { type: 'text', text: null, replyTo: null, content: { story: { kind: 'reply', id: '18' } }, raw: null },
    ])
  })

  test('nothing at all is a bubble that says so', async () => {
    expect(await said({})).toMatchObject([{ type: 'unsupported', text: null, raw: { message: { mid: 'm_1' } } }])
  })

  test('a reaction may be named without being shown', async () => {
    const reaction = { mid: 'm_0', action: 'react', reaction: 'laugh' }
    expect(await parse(rows(row({ reaction })))).toMatchObject([{ emoji: '😆' }])
  })

  test('an edit that is not counted ranks by its time', async () => {
    expect(await parse(rows(row({ message_edit: { mid: 'm_0', text: 'x' } })))).toMatchObject([{ rank: AT }])
  })

  test('a delivery without a watermark speaks of the messages that it names', async () => {
    expect(await parse(rows(row({ delivery: { mids: ['m_1', 'm_2'] } })))).toMatchObject([
      { kind: 'status', target: 'm_1', status: 'delivered', andBefore: false },
      { kind: 'status', target: 'm_2', status: 'delivered', andBefore: false },
    ])
  })

  test.each([
    ['block', 'restricted'],
    ['unblock', 'reconnected'],
    ['something new', 'warning'],
  ])('a policy’s %s', async (action, what) => {
    expect(await parse(rows({ recipient: { id: INBOX }, policy_enforcement: { action } }))).toMatchObject([
      { kind: 'account', what, code: action },
    ])
  })
})
