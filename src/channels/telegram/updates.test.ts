/** What Telegram may say beyond the known payloads. */
import { describe, expect, test } from 'vitest'
import { telegram } from './telegram.ts'

const BOT = '7000000001'
const JOANA = { id: 8100000001, is_bot: false, first_name: 'Joana' }
const CHAT = { id: 8100000001, first_name: 'Joana', type: 'private' }
const OWNER = { id: 990000001, is_bot: false, first_name: 'Dona' }

const heard = (update: object) =>
  telegram.parse(new TextEncoder().encode(JSON.stringify({ update_id: 900000999, ...update })), BOT)
const said = (of: object, kind = 'message') =>
  heard({ [kind]: { message_id: 7, from: JOANA, chat: CHAT, date: 1760000000, ...of } })

describe('somebody’s own account', () => {
  const own = { business_connection_id: 'bc_1' }

  test('is a chat of its own, whoever it is with', async () => {
    expect(await said({ ...own, text: 'oi' }, 'business_message')).toMatchObject([
      { direction: 'incoming', externalId: 'bc_1:8100000001:7', peer: { externalIds: ['bc_1:8100000001'] } },
    ])
  })

  test('tells what its owner says as what our side said', async () => {
    expect(await said({ ...own, from: OWNER, text: 'oi' }, 'business_message')).toMatchObject([
      {
        direction: 'outgoing',
        dedupeKey: 'echo:bc_1:8100000001:7',
        peer: { externalIds: ['bc_1:8100000001'], profileName: 'Joana' },
      },
    ])
    expect(
      await said({ ...own, from: OWNER, text: 'oi!', edit_date: 1760000009 }, 'edited_business_message'),
    ).toMatchObject([{ kind: 'edit', direction: 'outgoing', target: 'bc_1:8100000001:7', text: 'oi!' }])
  })

  test('tells each message that was taken back', async () => {
    const deleted = { ...own, chat: CHAT, message_ids: [7, 8] }
    expect(await heard({ deleted_business_messages: deleted })).toMatchObject([
      { kind: 'delete', target: 'bc_1:8100000001:7' },
      { kind: 'delete', target: 'bc_1:8100000001:8' },
    ])
  })

  test('is kept as what it is when it is connected', async () => {
    expect(await heard({ business_connection: { id: 'bc_1', user: OWNER, is_enabled: true } })).toMatchObject([
      { kind: 'kept', what: 'business_connection' },
    ])
  })
})

describe('reactions', () => {
  const reacted = async (...new_reaction: object[]) => {
    const [event] = await heard({
      message_reaction: { chat: CHAT, message_id: 7, user: JOANA, date: 1760000900, new_reaction },
    })
    return event?.kind === 'reaction' ? event.emoji : undefined
  }

  test('are the whole of what stands there, as far as it can be shown', async () => {
    expect(await reacted()).toBeNull()
    expect(await reacted({ type: 'emoji', emoji: '❤' })).toBe('❤️')
    expect(await reacted({ type: 'emoji', emoji: '👍' }, { type: 'emoji', emoji: '🔥' })).toBe('👍🔥')
    expect(await reacted({ type: 'paid' })).toBe('⭐')
    expect(await reacted({ type: 'custom_emoji', custom_emoji_id: '5' })).toBe('💟')
  })

  test('of one second follow one another', async () => {
    const at = async (update_id: number) =>
      (
        await heard({ update_id, message_reaction: { chat: CHAT, message_id: 7, date: 1760000900, new_reaction: [] } })
      )[0]?.occurredAt
    expect([await at(900000128), await at(900000129)]).toEqual([1760000900128, 1760000900129])
  })
})

test.each<[string, object, object]>([
  [
    'a place that moves',
    { location: { latitude: 1, longitude: 2, live_period: 900 } },
    { content: { location: { live: true } } },
  ],
  [
    'a poll',
    { poll: { id: '1', question: 'Qual?', options: [{ text: 'A' }, { text: 'B' }] } },
    { type: 'poll', content: { poll: { question: 'Qual?', options: ['A', 'B'] } } },
  ],
  ['a dice', { dice: { emoji: '🎲', value: 4 } }, { type: 'text', text: '🎲 4' }],
  [
    'somebody else’s contact',
    { contact: { phone_number: '5511999990077', first_name: 'Rui', user_id: 5 } },
    { peer: { phone: null }, content: { contacts: [{ name: 'Rui', phones: [{ number: '+5511999990077' }] }] } },
  ],
  [
    'what is quoted from elsewhere',
    { text: 'e isto?', external_reply: { origin: { type: 'hidden_user' } }, quote: { text: 'até as 18h' } },
    { replyTo: null, content: { quote: { text: 'até as 18h', elsewhere: true } } },
  ],
  [
    'an answer to a story',
    { text: 'lindo', reply_to_story: { id: 7, chat: CHAT } },
    { content: { story: { kind: 'reply' } } },
  ],
  [
    'a story',
    { story: { id: 7, chat: CHAT } },
    { type: 'unsupported', content: { unsupported: { type: 'story' } }, raw: expect.anything() },
  ],
  [
    'a moving sticker by its still',
    { sticker: { file_id: 'moving', is_animated: true, thumbnail: { file_id: 'still' } } },
    { text: null, media: [{ handle: { id: 'still' }, animated: true }] },
  ],
  [
    'an address without its scheme',
    { text: 'veja loja.example/a', entities: [{ type: 'url', offset: 5, length: 14 }] },
    { content: { styles: [{ kind: 'link', from: 5, length: 14, url: 'https://loja.example/a' }] } },
  ],
  [
    'styles that reach beyond the words as none',
    { text: 'oi', entities: [{ type: 'bold', offset: 1, length: 5 }] },
    { content: {} },
  ],
  [
    'a link to the bot of a group',
    { text: '/start@loja_bot promo-1' },
    { content: { referral: { source: 'link', ref: 'promo-1' } } },
  ],
  [
    'a group’s own voice',
    {
      chat: { id: -1001234567890123, title: 'Equipe', type: 'supergroup' },
      from: { id: 1087968824, first_name: 'Group' },
      sender_chat: { id: -1001234567890123, title: 'Equipe', type: 'supergroup' },
      text: 'oi',
    },
    { externalId: '-1001234567890123:7', group: true, content: { sender: 'Equipe' } },
  ],
])('hears %s', async (_, of, wanted) => {
  expect(await said(of)).toMatchObject([{ kind: 'message', direction: 'incoming', ...wanted }])
})

test('hears that a place moved on as other words of the same message', async () => {
  const of = { location: { latitude: 1.5, longitude: 2 }, edit_date: 1760000060 }
  expect(await said(of, 'edited_message')).toMatchObject([
    { kind: 'edit', target: '8100000001:7', text: null, content: { location: { latitude: 1.5, longitude: 2 } } },
  ])
})

test('hears of a group that moved in both of its chats', async () => {
  const group = (id: number, type: string) => ({ chat: { id, title: 'Equipe', type } })
  const moved = { kind: 'identity', known: ['-41'], also: ['-10041'], note: null }
  expect(await said({ ...group(-41, 'group'), migrate_to_chat_id: -10041 })).toMatchObject([moved])
  expect(await said({ ...group(-10041, 'supergroup'), migrate_from_chat_id: -41 })).toMatchObject([moved])
})

test.each(['channel_post', 'poll', 'inline_query', 'chat_member', 'guest_message', 'message_reaction_count'])(
  '%s concerns nobody',
  async (kind) => {
    expect(await heard({ [kind]: { id: '1' } })).toEqual([])
  },
)

test('a press is heard without its message, and from a message that is out of reach', async () => {
  const press = { id: 'a1', from: JOANA, data: 'b1' }
  expect(await heard({ callback_query: press })).toMatchObject([
    { text: 'b1', replyTo: null, peer: { externalIds: ['8100000001'] } },
  ])
  const far = { ...press, message: { chat: CHAT, message_id: 9, date: 0 } }
  expect(await heard({ callback_query: far })).toMatchObject([{ occurredAt: null, replyTo: '8100000001:9' }])
})
