/** The past of Messenger and Instagram, as the Conversations API tells it. */
import { describe, expect, test } from 'vitest'
import { ok, PAGE, PERSON, provider, refusal } from '../../../test/support/meta-messaging.ts'
import { readFixture } from '../../../test/support/neutral-words.ts'
import type { Channel } from '../channel.ts'
import { instagram } from '../instagram/instagram.ts'
import { messenger } from '../messenger/messenger.ts'

describe('the past', () => {
  const past = async (channel: Channel, answer: unknown, of: { peer: string[] | null; page: string | null }) => {
    const { reach, asked } = provider(channel, [ok(answer)])
    const page = await channel.history?.(reach, of)
    return { page, query: new URLSearchParams(asked()[0]?.path.split('?')[1]), path: asked()[0]?.path.split('?')[0] }
  }
  const us = { id: PAGE, name: 'Loja Exemplo' }
  const them = { id: PERSON, name: 'Joana Exemplo' }
  const message = (id: string, of: object) => ({ id, created_time: '2026-10-01T12:00:00+0000', ...of })
  const conversation = (...messages: unknown[]) => ({
    id: 't_1',
    participants: { data: [them, us] },
    messages: { data: messages },
  })

  test('is asked for page by page', async () => {
    const everyone = await past(
      messenger,
      JSON.parse(new TextDecoder().decode(readFixture('messenger', 'api_conversations'))),
      {
        ...{ peer: null, page: 'QVFI_before' },
      },
    )
    expect(everyone.page).toEqual({ events: [], next: 'QVFI_after' })
    expect(everyone.path).toBe(`${PAGE}/conversations`)
    expect(Object.fromEntries(everyone.query)).toEqual({
      platform: 'messenger',
      fields:
        'id,updated_time,participants,messages.limit(20){id,created_time,from,to,message,attachments,reply_to,sticker}',
      limit: '25',
      after: 'QVFI_before',
    })
    const one = await past(
      instagram,
      JSON.parse(new TextDecoder().decode(readFixture('instagram', 'api_conversations'))),
      {
        ...{ peer: [PERSON], page: null },
      },
    )
    expect(one.page?.next).toBe('x')
    expect(one.path).toBe('me/conversations')
    expect([one.query.get('platform'), one.query.get('user_id'), one.query.get('after')]).toEqual([
      'instagram',
      PERSON,
      null,
    ])
  })

  test('is told as it was, newest first, whoever wrote it', async () => {
    const { page } = await past(
      messenger,
      {
        data: [
          conversation(
            message('m_1', { from: them, to: { data: [us] }, message: 'Olá', reply_to: { mid: 'm_0' } }),
            message('m_2', {
              created_time: '2026-10-01T12:05:00+0000',
              from: us,
              to: { data: [them] },
              message: 'Oi!',
            }),
          ),
        ],
      },
      { peer: null, page: null },
    )
    expect(page).toMatchObject({
      next: null,
      events: [
        {
          ...{ dedupeKey: 'echo:m_2', direction: 'outgoing', text: 'Oi!', occurredAt: Date.UTC(2026, 9, 1, 12, 5) },
          ...{ peer: { externalIds: [PERSON], profileName: 'Joana Exemplo' }, history: true },
        },
        {
          ...{ dedupeKey: 'msg:m_1', direction: 'incoming', text: 'Olá', occurredAt: Date.UTC(2026, 9, 1, 12) },
          ...{ externalId: 'm_1', replyTo: 'm_0', history: true, accountId: PAGE },
        },
      ],
    })
  })

  test('keeps its files', async () => {
    const data = [
      { mime_type: 'image/jpeg', name: 'a.jpg', size: 5, image_data: { url: 'https://cdn.example/a' } },
      { mime_type: 'audio/mpeg', name: 'b.mp3', file_url: 'https://cdn.example/b' },
      { mime_type: 'application/pdf', name: 'c.pdf', file_url: 'https://cdn.example/c' },
      { video_data: { url: 'https://cdn.example/d' } },
    ]
    const { page } = await past(
      messenger,
      {
        data: [
          conversation(
            message('m_1', { from: them, attachments: { data } }),
            message('m_2', { from: them, sticker: 'https://cdn.example/s' }),
          ),
        ],
      },
      { peer: [PERSON], page: null },
    )
    expect(page?.events[0]?.media).toMatchObject([
      { kind: 'image', handle: { url: 'https://cdn.example/a' }, mimeType: 'image/jpeg', fileName: 'a.jpg', bytes: 5 },
      { kind: 'audio', fileName: 'b.mp3' },
      { kind: 'document', fileName: 'c.pdf' },
      { kind: 'video', fileName: null },
    ])
    expect(page?.events.map(({ type }) => type)).toEqual(['image', 'sticker'])
  })

  test('loses nothing to what cannot be read', async () => {
    const odd = [
      null,
      7,
      {},
      { id: 'm_9' },
      message('m_1', { from: them, message: 'Olá' }),
      message('m_2', { from: them }),
    ]
    const { page } = await past(
      messenger,
      { data: [null, conversation(...odd), {}], paging: 3 },
      { peer: null, page: null },
    )
    expect(page).toMatchObject({
      next: null,
      events: [{ externalId: 'm_1' }, { externalId: 'm_2', type: 'unsupported' }],
    })
  })

  test('of a page’s Instagram is the page’s to tell', async () => {
    const { reach, asked } = provider(instagram, [ok({ data: [] })], { login: 'facebook', pageId: PAGE })
    await instagram.history?.(reach, { peer: null, page: null })
    expect(asked()[0]?.path).toMatch(new RegExp(`^${PAGE}/conversations\\?platform=instagram&`))
  })

  test('that is no list may be asked for again', async () => {
    await expect(past(messenger, {}, { peer: null, page: null })).rejects.toMatchObject({ class: 'retryable' })
  })

  test('that was refused says why', async () => {
    const { reach } = provider(messenger, [refusal(400, 613)])
    await expect(messenger.history?.(reach, { peer: null, page: null })).rejects.toMatchObject({ class: 'throttled' })
  })
})
