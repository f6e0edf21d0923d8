/** The account and its people, as Messenger and Instagram tell of them. */
import { describe, expect, test } from 'vitest'
import { ACCOUNT, ok, PAGE, PERSON, provider, refusal } from '../../../test/support/meta-messaging.ts'
import type { Channel, InboxSettings } from '../channel.ts'
import { instagram } from '../instagram/instagram.ts'
import { messenger } from '../messenger/messenger.ts'

describe('a profile', () => {
  const of = async (channel: Channel, answer: Response) => {
    const { reach, asked } = provider(channel, [answer])
    return { profile: await channel.profile?.(reach, PERSON), calls: asked() }
  }

  test('of Messenger', async () => {
    const { profile, calls } = await of(
      messenger,
      ok({ first_name: 'Joana', last_name: 'Exemplo', profile_pic: 'https://a/b' }),
    )
    expect(profile).toEqual({ name: 'Joana Exemplo', username: null, pictureUrl: 'https://a/b' })
    expect(calls).toMatchObject([{ method: 'GET', path: `${PERSON}?fields=first_name,last_name,profile_pic` }])
  })

  test('of Instagram', async () => {
    const { profile, calls } = await of(instagram, ok({ name: '', username: '@cliente.exemplo' }))
    expect(profile).toEqual({ name: null, username: 'cliente.exemplo', pictureUrl: null })
    expect(calls).toMatchObject([{ path: `${PERSON}?fields=name,username,profile_pic` }])
  })

  test.each([
    [100, 2018218],
    [100, undefined],
    [230, undefined],
    [9010, undefined],
  ])('that is none: %i %i', async (code, subcode) => {
    expect((await of(instagram, refusal(400, code, subcode))).profile).toBeNull()
  })

  test('that could not be asked for is not none', async () => {
    await expect(of(messenger, refusal(400, 613))).rejects.toMatchObject({ class: 'throttled' })
  })
})

describe('the account', () => {
  const FIELDS =
    'messages,messaging_postbacks,message_deliveries,message_reads,message_reactions,message_echoes,message_edits,messaging_referrals,messaging_optins,messaging_handovers,standby,messaging_policy_enforcement'
  const OWN_FIELDS =
    'messages,message_reactions,messaging_postbacks,messaging_seen,messaging_referral,message_edit,message_echoes,standby,messaging_handover'
  /** Whoever may read what is written to it sees its conversations. */
  const allowed = () => ok({ data: [] })
  const subscribed = (fields: string, id = '7') =>
    ok({ data: [{ id, name: 'Prosa', subscribed_fields: fields.split(',') }] })

  test.each<[string, Channel, InboxSettings, string]>([
    ['a page', messenger, {}, `${PAGE}/subscribed_apps?subscribed_fields=${FIELDS}`],
    ['an Instagram account', instagram, {}, `me/subscribed_apps?subscribed_fields=${OWN_FIELDS}`],
    [
      'an Instagram account’s page',
      instagram,
      { login: 'facebook', pageId: PAGE },
      `${PAGE}/subscribed_apps?subscribed_fields=${FIELDS}`,
    ],
  ])('%s is subscribed', async (_, channel, settings, path) => {
    const { reach, asked } = provider(channel, [ok({ success: true })], settings)
    await channel.subscribe?.(reach, 'https://inbox.example/webhooks')
    expect(asked()).toEqual([{ method: 'POST', path, body: null }])
  })

  test('that was not confirmed is not subscribed', async () => {
    const { reach } = provider(messenger, [ok({ success: false })])
    await expect(messenger.subscribe?.(reach, '')).rejects.toMatchObject({ class: 'retryable' })
  })

  test('is well', async () => {
    const { reach, asked } = provider(messenger, [
      ok({ id: PAGE, name: 'Loja Exemplo', username: 'loja' }),
      allowed(),
      subscribed(FIELDS),
    ])
    expect(await messenger.check?.(reach, '')).toEqual({
      name: 'Loja Exemplo',
      address: '@loja',
      quality: null,
      checks: [
        { what: 'token', ok: true, detail: null },
        { what: 'permissions', ok: true, detail: null },
        { what: 'account', ok: true, detail: null },
        { what: 'subscription', ok: true, detail: null },
      ],
    })
    expect(asked().map(({ path }) => path)).toEqual([
      `${PAGE}?fields=id,name,username`,
      `${PAGE}/conversations?platform=messenger&limit=1`,
      `${PAGE}/subscribed_apps`,
    ])
  })

  test('of Instagram is known by the id that its webhooks carry', async () => {
    const { reach, asked } = provider(instagram, [
      ok({ id: '5', user_id: ACCOUNT, username: 'loja' }),
      allowed(),
      subscribed(OWN_FIELDS),
    ])
    const checkup = await instagram.check?.(reach, '')
    expect(checkup).toMatchObject({ name: 'loja', address: '@loja' })
    expect(checkup?.checks.every(({ ok }) => ok)).toBe(true)
    expect(asked()[0]?.path).toBe('me?fields=user_id,username,name')
  })

  test.each<[string, (Response | Error)[], object[]]>([
    ['with a dead token', [refusal(401, 190, undefined, 'Expired')], [{ what: 'token', ok: false, detail: 'Expired' }]],
    [
      'of somebody else, told too little',
      [ok({ id: '9' }), allowed(), subscribed('messages')],
      [
        { what: 'token', ok: true },
        { what: 'permissions', ok: true },
        { what: 'account', ok: false, detail: '9' },
        { what: 'subscription', ok: false, detail: FIELDS.replace('messages,', '').replaceAll(',', ', ') },
      ],
    ],
    [
      'that tells another app',
      [ok({ id: PAGE }), allowed(), subscribed(FIELDS, '8')],
      [{ ok: true }, { ok: true }, { ok: true }, { what: 'subscription', ok: false }],
    ],
    [
      'that may not be asked about it',
      [ok({ id: PAGE }), allowed(), refusal(403, 200, undefined, 'No permission')],
      [{ ok: true }, { ok: true }, { ok: true }, { what: 'subscription', ok: false, detail: 'No permission' }],
    ],
    [
      'that may not read what is written to it',
      [ok({ id: PAGE }), refusal(403, 10, undefined, 'Needs pages_messaging'), subscribed(FIELDS)],
      [{ ok: true }, { what: 'permissions', ok: false, detail: 'Needs pages_messaging' }, { ok: true }, { ok: true }],
    ],
    [
      'whose conversations cannot be listed for another reason',
      [ok({ id: PAGE }), refusal(400, 100, undefined, 'Unsupported'), subscribed(FIELDS)],
      [{ ok: true }, { what: 'permissions', ok: true, detail: null }, { ok: true }, { ok: true }],
    ],
  ])('%s', async (_, answers, checks) => {
    const { reach } = provider(messenger, answers, { appId: '7' })
    expect(await messenger.check?.(reach, '')).toMatchObject({ checks })
  })

  test('that cannot be reached is not unwell', async () => {
    const { reach } = provider(messenger, [new TypeError('fetch failed')])
    await expect(messenger.check?.(reach, '')).rejects.toMatchObject({ class: 'ambiguous' })
  })
})
