/** What leaves by Messenger and Instagram: the requests to the letter. */
import { describe, expect, test } from 'vitest'
import { ok, PAGE, PERSON, provider, refusal } from '../../../test/support/meta-messaging.ts'
import { type Channel, ChannelError, type InboxSettings, type Outbound, type OutboundMedia } from '../channel.ts'
import { instagram } from '../instagram/instagram.ts'
import { messenger } from '../messenger/messenger.ts'
import { mediaOf, messageOf } from '../test-provider.ts'

const picture = (of: Partial<OutboundMedia> = {}) =>
  mediaOf({ kind: 'image', mimeType: 'image/png', fileName: 'foto.png', ...of })

/** What is asked of the provider to send that, and how the sending ends. */
async function sending(channel: Channel, of: Partial<Outbound>, answers = [ok()], settings: InboxSettings = {}) {
  const { reach, asked } = provider(channel, answers, settings)
  const sent = await channel.send(reach, messageOf({ to: [PERSON], ...of })).catch((error: unknown) => error)
  return { sent, calls: asked() }
}

const buttons = { buttons: [{ id: 'a', title: 'Sim' }] }
const quickReplies = [{ content_type: 'text', title: 'Sim', payload: 'a' }]
const recipient = { id: PERSON }

describe('Messenger', () => {
  const send = (of: Partial<Outbound>, answers?: Response[]) => sending(messenger, of, answers)
  const metadata = 'attempt-0001'

  test.each<[string, Partial<Outbound>, object]>([
    ['a text', {}, { messaging_type: 'RESPONSE', message: { text: 'Olá!', metadata } }],
    [
      'an answer to a message',
      { replyTo: 'm_1' },
      { messaging_type: 'RESPONSE', message: { text: 'Olá!', metadata }, reply_to: { mid: 'm_1' } },
    ],
    [
      'a late answer of a person',
      { humanAgent: true },
      { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', message: { text: 'Olá!', metadata } },
    ],
    [
      'buttons',
      { type: 'interactive', text: 'Pode ser?', content: { buttons: { header: 'Pedido', ...buttons } } },
      {
        messaging_type: 'RESPONSE',
        message: { text: 'Pedido\n\nPode ser?', quick_replies: quickReplies, metadata },
      },
    ],
  ])('sends %s', async (_, of, body) => {
    const { sent, calls } = await send(of)
    expect(sent).toEqual({ externalId: 'm_OUT1', address: PERSON })
    expect(calls).toEqual([{ method: 'POST', path: `${PAGE}/messages`, body: { recipient, ...body } }])
  })

  test('sends a file by uploading it first', async () => {
    const { sent, calls } = await send({ type: 'image', text: null, media: picture() }, [
      ok({ attachment_id: 77 }),
      ok(),
    ])
    expect(sent).toEqual({ externalId: 'm_OUT1', address: PERSON })
    const [upload, message] = calls
    expect(upload).toMatchObject({ method: 'POST', path: `${PAGE}/message_attachments` })
    expect(upload?.body).toEqual({
      message: JSON.stringify({ attachment: { type: 'image', payload: { is_reusable: true } } }),
      filedata: { name: 'foto.png', type: 'image/png', text: 'bytes of it' },
    })
    expect(message?.body).toEqual({
      recipient,
      messaging_type: 'RESPONSE',
      message: { attachment: { type: 'image', payload: { attachment_id: '77' } }, metadata },
    })
  })

  test.each<[string, Response | Error, object]>([
    ['breaks off', new TypeError('terminated'), { class: 'retryable', code: 'network' }],
    ['is answered by a gateway', new Response('<html>', { status: 502 }), { class: 'retryable', code: 'http_502' }],
    ['is given no id', ok({}), { class: 'retryable', code: 'upload' }],
    ['is refused', refusal(400, 100, 2018047), { class: 'permanent', code: '100' }],
    ['is refused with the token', refusal(401, 190), { class: 'auth', code: '190' }],
  ])('an upload that %s has surely sent no message', async (_, answer, failure) => {
    const { reach, asked } = provider(messenger, [answer])
    const sent = messenger.send(reach, messageOf({ type: 'image', text: null, media: picture() }))
    await expect(sent).rejects.toMatchObject(failure)
    expect(asked()).toHaveLength(1)
  })

  test('a file of ours that cannot be read may be tried again', async () => {
    const open = () => Promise.reject(new Error('away'))
    const { sent, calls } = await send({ type: 'image', text: null, media: picture({ open }) })
    expect(sent).toMatchObject({ class: 'retryable', code: 'file' })
    expect(calls).toEqual([])
  })

  test('reacts to nothing', async () => {
    expect(messenger.limits.reactions).toBeNull()
    const { sent } = await send({ type: 'reaction', text: '❤️', replyTo: 'm_1' })
    expect(sent).toMatchObject({ class: 'permanent', code: 'not_offered' })
  })
})

describe('Instagram', () => {
  const send = (of: Partial<Outbound>, settings?: InboxSettings) => sending(instagram, of, [ok()], settings)

  test.each<[string, Partial<Outbound>, object]>([
    ['a text', {}, { message: { text: 'Olá!' } }],
    ['an answer to a message', { replyTo: 'm_1' }, { message: { text: 'Olá!' }, reply_to: { mid: 'm_1' } }],
    [
      'a late answer of a person',
      { humanAgent: true },
      { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', message: { text: 'Olá!' } },
    ],
    [
      'a file by its address',
      { type: 'document', text: null, media: picture({ kind: 'document' }) },
      { message: { attachment: { type: 'file', payload: { url: 'https://files.example/of-it' } } } },
    ],
    [
      'buttons',
      { type: 'interactive', text: 'Pode ser?', content: { buttons } },
      { message: { text: 'Pode ser?', quick_replies: quickReplies } },
    ],
  ])('sends %s', async (_, of, body) => {
    const { sent, calls } = await send(of)
    expect(sent).toEqual({ externalId: 'm_OUT1', address: PERSON })
    expect(calls).toEqual([{ method: 'POST', path: 'me/messages', body: { recipient, ...body } }])
  })

  test.each<[string, string | null, object]>([
    ['a heart', '❤️', { sender_action: 'react', payload: { message_id: 'm_1', reaction: 'love' } }],
    ['a thumb', '👍', { sender_action: 'react', payload: { message_id: 'm_1', reaction: 'like' } }],
    ['nothing any more', null, { sender_action: 'unreact', payload: { message_id: 'm_1' } }],
  ])('reacts with %s', async (_, text, body) => {
    const { sent, calls } = await send({ type: 'reaction', text, replyTo: 'm_1' })
    expect(sent).toEqual({ externalId: 'rx:attempt-0001', address: null })
    expect(calls).toEqual([{ method: 'POST', path: 'me/messages', body: { recipient, ...body } }])
  })

  test('every reaction that is offered can be sent', async () => {
    for (const text of instagram.limits.reactions ?? []) {
      expect((await send({ type: 'reaction', text, replyTo: 'm_1' })).sent, text).toMatchObject({ address: null })
    }
    expect((await send({ type: 'reaction', text: '🦄', replyTo: 'm_1' })).sent).toMatchObject({ code: 'not_offered' })
  })

  test.each<[string, InboxSettings, string]>([
    ['its own login', { login: 'instagram' }, 'me/messages'],
    ['its page', { login: 'facebook', pageId: PAGE }, `${PAGE}/messages`],
    ['a page that is not named', { login: 'facebook' }, 'me/messages'],
  ])('sends by %s', async (_, settings, path) => {
    expect((await send({}, settings)).calls).toMatchObject([{ path }])
  })
})

describe.each([
  ['messenger', messenger, PAGE],
  ['instagram', instagram, 'me'],
] as const)('%s', (_, channel, node) => {
  test.each<[string, Partial<Outbound>, string]>([
    ['to nobody', { to: [] }, 'no_address'],
    ['of a kind there is not', { type: 'location', text: null }, 'not_offered'],
    ['of a file with words', { type: 'image', text: 'veja', media: picture() }, 'no_caption'],
    ['of a reaction to nothing', { type: 'reaction', text: '❤️' }, 'no_target'],
  ])('a message %s is refused before anything is asked', async (_name, of, code) => {
    const { sent, calls } = await sending(channel, of)
    expect(sent).toBeInstanceOf(ChannelError)
    expect(sent).toMatchObject({ class: 'permanent', code })
    expect(calls).toEqual([])
  })

  test('reading and typing are told', async () => {
    const { reach, asked } = provider(channel, [ok(), ok()])
    await channel.markRead(reach, { externalId: 'm_1', to: [PERSON] })
    await channel.showTyping?.(reach, { externalId: 'm_1', to: [PERSON] })
    const told = ['mark_seen', 'typing_on'].map((sender_action) => ({ recipient, sender_action }))
    expect(asked()).toEqual(told.map((body) => ({ method: 'POST', path: `${node}/messages`, body })))
  })
})
