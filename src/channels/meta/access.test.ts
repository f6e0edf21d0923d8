/** How long an access holds, and how Instagram's is prolonged. */
import { describe, expect, test } from 'vitest'
import { ok, provider, refusal } from '../../../test/support/meta-messaging.ts'
import type { Channel, InboxSettings } from '../channel.ts'
import { instagram } from '../instagram/instagram.ts'
import { messenger } from '../messenger/messenger.ts'
import { NOW, TOKEN } from '../test-provider.ts'
import { whatsapp } from '../whatsapp/whatsapp.ts'

const APP: InboxSettings = { appId: '7' }
const told = (expires_at: unknown) => ok({ data: { app_id: '7', is_valid: true, expires_at } })

describe('until when an access holds', () => {
  test.each<[string, Channel, InboxSettings]>([
    ['a number', whatsapp, APP],
    ['a page', messenger, APP],
    ['a profile by its page', instagram, { ...APP, login: 'facebook', pageId: '3' }],
  ])('%s: asked as the app, in seconds', async (_, channel, settings) => {
    const { reach, asked, headers } = withHeaders(channel, [told(1_800_000_000)], settings)
    expect(await channel.accessEnds?.(reach)).toBe(1_800_000_000_000)
    expect(asked()).toMatchObject([{ method: 'GET', path: `debug_token?input_token=${TOKEN}` }])
    expect(headers()[0]?.get('authorization')).toBe('Bearer 7|secret')
  })

  test.each([
    ['it has no end', told(0)],
    ['nothing is told of it', ok({ data: {} })],
    ['nonsense is told of it', told('soon')],
  ])('none: %s', async (_, answer) => {
    expect(await whatsapp.accessEnds?.(provider(whatsapp, [answer], APP).reach)).toBeNull()
  })

  test('of an app that nobody named it is not asked for', async () => {
    const { reach, asked } = provider(messenger, [told(1)])
    expect([await messenger.accessEnds?.(reach), asked()]).toEqual([null, []])
  })

  test('a profile’s own: what was told when it was prolonged', async () => {
    const { reach, asked } = provider(instagram, [])
    const known = { ...reach, credentials: { ...reach.credentials, accessEndsAt: 5 } }
    expect(await Promise.all([instagram.accessEnds?.(reach), instagram.accessEnds?.(known)])).toEqual([null, 5])
    expect(asked()).toEqual([])
  })
})

describe('an access is prolonged', () => {
  test('of a profile that signed in with Instagram', async () => {
    const { reach, asked } = provider(instagram, [ok({ access_token: 'IGAA-the-next', expires_in: 5_184_000 })])
    expect(await instagram.prolongAccess?.(reach)).toEqual({
      accessToken: 'IGAA-the-next',
      endsAt: NOW + 60 * 86_400_000,
    })
    const query = `grant_type=ig_refresh_token&access_token=${TOKEN}`
    expect(asked()).toMatchObject([{ method: 'GET', path: `refresh_access_token?${query}` }])
  })

  test('of no other', async () => {
    const { reach, asked } = provider(instagram, [], { login: 'facebook', pageId: '3' })
    expect(await instagram.prolongAccess?.(reach)).toBeNull()
    expect(await messenger.prolongAccess?.(provider(messenger, []).reach)).toBeNull()
    expect(asked()).toEqual([])
  })

  test('not where the provider refuses, or says what cannot be read', async () => {
    const refused = instagram.prolongAccess?.(provider(instagram, [refusal(400, 190)]).reach)
    await expect(refused).rejects.toMatchObject({ class: 'auth' })
    const unreadable = instagram.prolongAccess?.(provider(instagram, [ok({ access_token: '' })]).reach)
    await expect(unreadable).rejects.toMatchObject({ code: 'unreadable' })
  })
})

function withHeaders(channel: Channel, answers: Response[], settings: InboxSettings) {
  const { reach, asked } = provider(channel, answers, settings)
  const seen: Headers[] = []
  const fetched = reach.fetch
  const noting: typeof fetch = (input, init) => {
    seen.push(new Headers(init?.headers))
    return fetched(input, init)
  }
  return { reach: { ...reach, fetch: noting }, asked, headers: () => seen }
}
