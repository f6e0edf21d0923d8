import { describe, expect, test } from 'vitest'
import { provider } from '../../../test/support/meta-messaging.ts'
import { instagram } from '../instagram/instagram.ts'
import { messenger } from '../messenger/messenger.ts'

describe('a file', () => {
  const fetched = (answer: Response | Error) => {
    const { reach } = provider(messenger, [answer])
    return messenger.media?.(reach, { url: 'https://cdn.example/a?oe=1' })
  }

  test('is asked for by its address, without a token', async () => {
    const headers = { 'content-type': 'Image/JPEG; q=1', 'content-length': '3' }
    const { reach } = provider(messenger, [])
    const asked: [string, Headers][] = []
    reach.fetch = async (input, init) => {
      asked.push([String(input), new Headers(init?.headers)])
      return new Response('abc', { headers })
    }
    const media = await messenger.media?.(reach, { url: 'https://cdn.example/a?oe=1' })
    expect(media).toMatchObject({ mimeType: 'image/jpeg', bytes: 3 })
    expect(await new Response(media?.body).text()).toBe('abc')
    expect(asked.map(([url, sent]) => [url, [...sent]])).toEqual([['https://cdn.example/a?oe=1', []]])
  })

  test.each<[string, Response | Error, object]>([
    ['whose address died', new Response('', { status: 403 }), { class: 'permanent', code: 'gone' }],
    ['that is away', new Response('', { status: 404 }), { class: 'permanent', code: 'gone' }],
    [
      'asked for too often',
      new Response('', { status: 429, headers: { 'retry-after': '7' } }),
      { class: 'throttled', retryAfterMs: 7000 },
    ],
    ['of a server in trouble', new Response('', { status: 503 }), { class: 'retryable' }],
    ['that nobody answers for', new TypeError('fetch failed'), { class: 'retryable', code: 'network' }],
  ])('%s', async (_, answer, failure) => {
    await expect(fetched(answer)).rejects.toMatchObject(failure)
  })

  test('of another channel is none of ours', async () => {
    const { reach, asked } = provider(instagram, [])
    await expect(instagram.media?.(reach, { id: '7' })).rejects.toMatchObject({ class: 'permanent', code: 'gone' })
    expect(asked()).toEqual([])
  })
})
