/** What leaves for Telegram, call by call, and what its answers mean. */
import { describe, expect, test } from 'vitest'
import type { Outbound } from '../channel.ts'
import { mediaOf, messageOf, providerAnswering, TOKEN } from '../test-provider.ts'
import { telegram } from './telegram.ts'

const CHAT = 8100000001
const taken = (chat = CHAT) =>
  Response.json({ ok: true, result: { message_id: 601, chat: { id: chat, type: 'private' } } })
const yes = () => Response.json({ ok: true, result: true })
const no = (error_code: number, description: string, parameters = {}) =>
  Response.json({ ok: false, error_code, description, parameters }, { status: error_code })

async function sent(of: Partial<Outbound>, ...answers: (() => Response)[]) {
  const { reach, calls } = providerAnswering(...(answers.length > 0 ? answers : [() => taken()]))
  const result = await telegram.send(reach, messageOf({ to: [String(CHAT)], ...of }))
  return { result, calls: calls.map(({ path, body }) => ({ method: path.split('/').at(-1), path, body })) }
}

describe('sends', () => {
  test.each<[string, Partial<Outbound>, string, object]>([
    ['plain words', { text: 'a_b *c 2*3' }, 'sendMessage', { chat_id: CHAT, text: 'a_b *c 2*3' }],
    [
      'marks beside the words, counted in UTF-16',
      { text: '😀 *oi* ~não~ `x`' },
      'sendMessage',
      {
        text: '😀 oi não x',
        entities: [
          { type: 'bold', offset: 3, length: 2 },
          { type: 'strikethrough', offset: 6, length: 3 },
          { type: 'code', offset: 10, length: 1 },
        ],
      },
    ],
    [
      'an answer to what may be gone',
      { text: 'sim', replyTo: `${CHAT}:430` },
      'sendMessage',
      { reply_parameters: { message_id: 430, allow_sending_without_reply: true } },
    ],
    ['an answer to a press as none', { text: 'sim', replyTo: 'cb:4382bf' }, 'sendMessage', { text: 'sim' }],
    [
      'buttons',
      {
        type: 'interactive',
        text: 'Confirma?',
        content: { buttons: { footer: 'até hoje', buttons: [{ id: 'b1', title: 'Sim' }] } },
      },
      'sendMessage',
      { text: 'Confirma?\n\naté hoje', reply_markup: { inline_keyboard: [[{ text: 'Sim', callback_data: 'b1' }]] } },
    ],
    [
      'a place',
      { type: 'location', text: null, content: { location: { latitude: -8, longitude: -34 } } },
      'sendLocation',
      { latitude: -8, longitude: -34 },
    ],
    [
      'a place with a name',
      {
        type: 'location',
        text: null,
        content: { location: { latitude: -8, longitude: -34, name: 'Loja', address: 'Rua A' } },
      },
      'sendVenue',
      { title: 'Loja', address: 'Rua A' },
    ],
    [
      'a person',
      {
        type: 'contacts',
        text: null,
        content: { contacts: [{ name: 'Rui', phones: [{ number: '+5511999990077' }] }] },
      },
      'sendContact',
      { phone_number: '+5511999990077', first_name: 'Rui' },
    ],
    [
      'for somebody’s own account',
      { text: 'oi', to: [`bc_1:${CHAT}`] },
      'sendMessage',
      { chat_id: CHAT, business_connection_id: 'bc_1' },
    ],
  ])('%s', async (_, of, method, body) => {
    const { calls } = await sent(of)
    expect(calls).toMatchObject([{ method, body }])
    const { to: _to, ...wanted } = { to: 0, ...body }
    if (method === 'sendMessage' && !('entities' in wanted)) expect(calls[0]?.body).not.toHaveProperty('entities')
    expect(calls[0]?.body).not.toHaveProperty('parse_mode')
  })

  test.each([
    [{ kind: 'image', mimeType: 'image/jpeg' }, 'sendPhoto', 'photo'],
    [{ kind: 'image', mimeType: 'image/gif' }, 'sendAnimation', 'animation'],
    [{ kind: 'video', mimeType: 'video/mp4' }, 'sendVideo', 'video'],
    [{ kind: 'audio', mimeType: 'audio/mpeg' }, 'sendAudio', 'audio'],
    [{ kind: 'audio', mimeType: 'audio/ogg', voice: true }, 'sendVoice', 'voice'],
    [{ kind: 'document', mimeType: 'application/pdf' }, 'sendDocument', 'document'],
  ] as const)('%o as a stream, with its words', async (of, method, field) => {
    const media = mediaOf({ ...of, fileName: 'um "nome".bin' })
    const { calls } = await sent({ type: of.kind, text: 'segue *isto*', media, replyTo: `${CHAT}:430` })
    expect(calls).toMatchObject([
      {
        method,
        body: {
          chat_id: String(CHAT),
          caption: 'segue isto',
          caption_entities: JSON.stringify([{ type: 'bold', offset: 6, length: 4 }]),
          reply_parameters: JSON.stringify({ message_id: 430, allow_sending_without_reply: true }),
          [field]: { type: of.mimeType, text: 'bytes of it' },
        },
      },
    ])
  })

  test('a reaction as Telegram writes it, and its end', async () => {
    const react = (text: string | null) => sent({ type: 'reaction', text, replyTo: `${CHAT}:430` }, yes)
    const { result, calls } = await react('❤️')
    expect(result).toEqual({ externalId: 'rx:attempt-0001', address: null })
    expect(calls).toMatchObject([
      {
        method: 'setMessageReaction',
        body: { chat_id: CHAT, message_id: 430, reaction: [{ type: 'emoji', emoji: '❤' }] },
      },
    ])
    expect((await react(null)).calls).toMatchObject([{ body: { reaction: [] } }])
  })

  test('to where a group is now, once, and says where that is', async () => {
    const moved = () =>
      no(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1001900200300 })
    const { result, calls } = await sent({ to: ['-4100200300'] }, moved, () => taken(-1001900200300))
    expect(result).toEqual({ externalId: '-1001900200300:601', address: '-1001900200300' })
    expect(calls).toMatchObject([{ body: { chat_id: -4100200300 } }, { body: { chat_id: -1001900200300 } }])
    await expect(sent({ to: ['-4100200300'] }, moved)).rejects.toMatchObject({ class: 'permanent', code: 'migrated' })
  })

  test('less to a group that takes no more, and as much as before to everybody else', async () => {
    const slow = () => no(429, 'Too Many Requests: retry after 14', { retry_after: 14 })
    const wanted = { class: 'throttled', retryAfterMs: 14_000 }
    await expect(sent({ to: ['-4100200300'] }, slow)).rejects.toMatchObject({ ...wanted, recipientOnly: true })
    await expect(sent({}, slow)).rejects.toMatchObject({ ...wanted, recipientOnly: false })
  })

  test.each<[string, Partial<Outbound>, object]>([
    ['a list', { type: 'interactive', content: {} }, { class: 'permanent', code: 'not_offered' }],
    ['to nobody', { to: [] }, { class: 'permanent', code: 'no_address' }],
    ['to what is no chat', { to: ['somebody'] }, { class: 'permanent', code: 'no_address' }],
    [
      'a reaction to a press',
      { type: 'reaction', text: '👍', replyTo: 'cb:1' },
      { class: 'permanent', code: 'not_offered' },
    ],
    [
      'a file that cannot be read',
      {
        type: 'image',
        media: mediaOf({ kind: 'image', mimeType: 'image/png', open: () => Promise.reject(new Error('gone')) }),
      },
      { class: 'retryable', code: 'file' },
    ],
  ])('never %s', async (_, of, wanted) => {
    const { reach, calls } = providerAnswering(() => taken())
    await expect(telegram.send(reach, messageOf({ to: [String(CHAT)], ...of }))).rejects.toMatchObject(wanted)
    expect(calls).toEqual([])
  })
})

const edit = { externalId: `${CHAT}:601`, to: [String(CHAT)], type: 'text', text: '*novo*', content: {} }

describe('changes what it sent', () => {
  test.each([
    [edit, 'editMessageText', { message_id: 601, text: 'novo', entities: [{ type: 'bold', offset: 0, length: 4 }] }],
    [{ ...edit, type: 'image' }, 'editMessageCaption', { caption: 'novo' }],
    [
      { ...edit, type: 'interactive', content: { buttons: { buttons: [{ id: 'b1', title: 'Sim' }] } } },
      'editMessageText',
      { reply_markup: { inline_keyboard: [[{ text: 'Sim', callback_data: 'b1' }]] } },
    ],
  ])('%o', async (of, method, body) => {
    const { reach, calls } = providerAnswering(() => taken())
    await telegram.edit?.(reach, of)
    expect(calls).toMatchObject([{ path: expect.stringContaining(method), body }])
  })

  test('and is content where it is so already', async () => {
    const same = providerAnswering(() => no(400, 'Bad Request: message is not modified: specified new message content'))
    await expect(telegram.edit?.(same.reach, edit)).resolves.toBeUndefined()
    const gone = providerAnswering(() => no(400, 'Bad Request: message to delete not found'))
    await expect(telegram.unsend?.(gone.reach, edit)).resolves.toBeUndefined()
    const late = providerAnswering(() => no(400, "Bad Request: message can't be deleted for everyone"))
    await expect(telegram.unsend?.(late.reach, edit)).rejects.toMatchObject({ class: 'permanent', code: 'too_late' })
  })

  test('in somebody’s own account too', async () => {
    const { reach, calls } = providerAnswering(yes)
    await telegram.unsend?.(reach, { ...edit, externalId: `bc_1:${CHAT}:601` })
    expect(calls).toMatchObject([
      {
        path: expect.stringContaining('deleteBusinessMessages'),
        body: { business_connection_id: 'bc_1', message_ids: [601] },
      },
    ])
  })
})

describe('files', () => {
  const located = () =>
    Response.json({ ok: true, result: { file_id: 'BQ', file_path: 'documents/file_12.pdf', file_size: 11 } })

  test('are had by way of a path', async () => {
    const { reach, calls } = providerAnswering(located, () => new Response('bytes of it'))
    const file = await telegram.media?.(reach, { id: 'BQ' })
    expect(await new Response(file?.body).text()).toBe('bytes of it')
    expect(calls.map(({ path }) => path.replaceAll(TOKEN, '…'))).toEqual([
      'bot…/getFile',
      'file/bot…/documents/file_12.pdf',
    ])
  })

  test.each([
    [[() => no(400, 'Bad Request: file is too big')], { class: 'permanent', code: 'too_large' }],
    [[() => no(400, 'Bad Request: wrong file_id or the file is temporarily unavailable')], { class: 'permanent' }],
    [[() => new Response('', { status: 502 })], { class: 'retryable' }],
    [[located, () => new Response('', { status: 404 })], { class: 'retryable', code: 'http_404' }],
    [
      [() => Response.json({ ok: true, result: { file_path: '../../etc/passwd?' } })],
      { class: 'retryable', code: 'unreadable' },
    ],
  ])('or are not: %#', async (answers, wanted) => {
    const { reach } = providerAnswering(...answers)
    const failed = telegram.media?.(reach, { id: 'BQ' })
    await expect(failed).rejects.toMatchObject(wanted)
    await expect(failed).rejects.not.toThrow(TOKEN)
  })
})

test('a press is answered, and nothing else is', async () => {
  const { reach, calls } = providerAnswering(yes)
  const update = { update_id: 1, callback_query: { id: '4382bf', from: { id: CHAT, first_name: 'J' }, data: 'x' } }
  const [pressed] = await telegram.parse(new TextEncoder().encode(JSON.stringify(update)), '1')
  if (!pressed) throw new Error('Nothing was heard.')
  await telegram.acknowledge?.(reach, pressed)
  await telegram.acknowledge?.(reach, { ...pressed, ...{ externalId: `${CHAT}:1` } } as typeof pressed)
  expect(calls).toMatchObject([
    { path: expect.stringContaining('answerCallbackQuery'), body: { callback_query_id: '4382bf' } },
  ])
})

test('a token says whose bot it is', () => {
  const of = (accessToken: string) => telegram.connection.accountId?.({ accessToken })
  expect([of('300000001:abc_D-9'), of('300000001'), of('abc:def')]).toEqual(['300000001', '', ''])
})
