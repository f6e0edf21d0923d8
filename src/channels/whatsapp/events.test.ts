/** Payloads as nobody should send them: whatever cannot be read is kept, and never at its neighbours' cost. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '../../../test/support/runs.ts'
import { Content } from '../content.ts'
import type { InboundEvent } from '../events.ts'
import { whatsapp } from './whatsapp.ts'

const INBOX = '100000000000001'
const parse = (body: string | Uint8Array) =>
  whatsapp.parse(typeof body === 'string' ? new TextEncoder().encode(body) : body, INBOX)
const parseJson = (body: unknown) => parse(JSON.stringify(body))

const value = (what: object) => ({ metadata: { phone_number_id: INBOX }, ...what })
const webhook = (what: object, field = 'messages') => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '200000000000001', changes: [{ field, value: value(what) }] }],
})
const text = (id: string, of: object = {}) => ({
  id,
  from: '5511999990001',
  timestamp: '1739321024',
  type: 'text',
  text: { body: id },
  ...of,
})
const unknown = expect.objectContaining({ kind: 'kept', what: 'unknown', accountId: INBOX })
const message = (id: string) => expect.objectContaining({ kind: 'message', externalId: id })

describe('one bad item', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a word', 'message'],
    ['a list', []],
    ['without an id', { ...text(''), id: undefined }],
    ['with an empty id', text('')],
    ['with an endless id', text('x'.repeat(513))],
    ['with an id that is an object', { ...text(''), id: { $ne: null } }],
    ['from nobody', text('wamid.nobody', { from: undefined })],
  ])('%s is kept, and its neighbours are read', async (_, bad) => {
    const events = await parseJson(webhook({ messages: [text('wamid.1'), bad, text('wamid.2')], statuses: [bad] }))
    expect(events.filter((event) => event.kind === 'message')).toEqual([message('wamid.1'), message('wamid.2')])
    expect(events).toContainEqual(unknown)
  })

  test.each<[string, object]>([
    ['a text without a body', { text: {} }],
    ['a text that is a list', { text: [] }],
    ['no type', { type: undefined }],
    ['a type of no name', { type: '' }],
    ['a type that objects have anyway', { type: 'constructor' }],
    ['a type that is not known yet', { type: 'hologram', hologram: { body: 'olá' } }],
    ['an image without its object', { type: 'image' }],
    ['a reaction to nothing', { type: 'reaction', reaction: { emoji: '👍' } }],
  ])('%s is a bubble that says so', async (_, of) => {
    const [event] = await parseJson(webhook({ messages: [text('wamid.1', of)] }))
    expect(event).toMatchObject({ type: 'unsupported', text: null, replyTo: null, raw: { id: 'wamid.1' } })
  })

  test('fields of no use never void the message', async () => {
    const odd = { context: 'M0', biz_opaque_callback_data: 7, timestamp: 'yesterday', group_id: {}, from_user_id: [] }
    const [event] = await parseJson(
      webhook({ contacts: [null, { wa_id: {} }, { profile: 3 }], messages: [text('wamid.1', odd)] }),
    )
    expect(event).toMatchObject({ text: 'wamid.1', replyTo: null, attemptId: null, occurredAt: null, group: false })
  })
})

describe('a list, a change, an entry', () => {
  test.each<[string, unknown]>([
    ['messages that are no list', webhook({ messages: { 0: text('wamid.1') } })],
    ['a change about nothing', webhook({})],
    ['a field of no name', webhook({ anything: 1 }, 'brand_new_field')],
    ['a change without a field', { object: 'whatsapp_business_account', entry: [{ changes: [{ value: {} }] }] }],
    [
      'a value that is a list',
      { object: 'whatsapp_business_account', entry: [{ changes: [{ field: 'messages', value: [] }] }] },
    ],
    ['an entry that is a number', { object: 'whatsapp_business_account', entry: [1] }],
    ['entries that are no list', { object: 'whatsapp_business_account', entry: {} }],
    ['a page', { object: 'page', entry: [] }],
    ['no object', { entry: [] }],
    ['a number', 1],
    ['null', null],
  ])('%s is kept whole', async (_, body) => {
    expect(await parseJson(body)).toEqual([unknown])
  })

  test.each(['flows', 'group_lifecycle_update', 'phone_number_quality_update'])(
    '%s is none of our business',
    async (field) => {
      expect(await parseJson(webhook({ anything: 1 }, field))).toEqual([])
    },
  )

  test('an unknown status is passed over', async () => {
    expect(await parseJson(webhook({ statuses: [{ id: 'wamid.1', status: 'deleted' }] }))).toEqual([])
  })

  test('messages, statuses and errors may come together', async () => {
    const events = await parseJson(
      webhook({
        messages: [text('wamid.1')],
        statuses: [{ id: 'wamid.2', status: 'read', timestamp: 1739321024 }],
        errors: [{ code: 131000 }],
        user_actions: [{}],
      }),
    )
    expect(events).toMatchObject([
      { dedupeKey: 'msg:wamid.1' },
      { dedupeKey: 'st:wamid.2:read' },
      { kind: 'account', what: 'error', code: '131000' },
    ])
  })

  test('an error beside a message that cannot be shown is that message’s alone', async () => {
    const lost = text('wamid.1', { type: 'interactive' })
    const errors = [{ code: 131000, title: 'Something went wrong' }]
    expect(await parseJson(webhook({ messages: [lost], errors }))).toMatchObject([
      { type: 'unsupported', content: { unsupported: { code: '131000', detail: 'Something went wrong' } } },
    ])
  })
})

describe('the body', () => {
  const unknownAsSent = { kind: 'kept', what: 'unknown', accountId: INBOX, occurredAt: null, raw: expect.any(String) }

  test.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['half a message', '{"object":"whatsapp_business_account","entry":[{"cha'],
    ['HTML', '<html></html>'],
    ['bytes of no text', Uint8Array.from([0xff, 0xfe, 0x00])],
    ['33 levels', '['.repeat(33) + ']'.repeat(33)],
    ['a million brackets', '['.repeat(1_000_000)],
    ['a million pairs of them', '['.repeat(1_000_000) + ']'.repeat(1_000_000)],
  ])('%s is kept once, and known again', async (_, body) => {
    const events = await parse(body)
    expect(events).toEqual([{ ...unknownAsSent, dedupeKey: expect.stringMatching(/^ev:[0-9a-f]{64}$/) }])
    expect(await parse(body)).toEqual(events)
  })
  test('of 250,000 keys is read, of one more it is kept', async () => {
    const filler = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, 0]))
    const body = webhook({ messages: [text('wamid.1')] })
    const others = JSON.stringify(body).split('":').length - 1
    expect(await parseJson({ ...body, ...filler(250_000 - others) })).toEqual([message('wamid.1')])
    expect(await parseJson({ ...body, ...filler(250_001 - others) })).toEqual([unknown])
  })

  test('brackets and colons inside a text count for nothing', async () => {
    const body = '{[:"\\'.repeat(300)
    const [event] = await parseJson(webhook({ messages: [text('wamid.1', { text: { body } })] }))
    expect(event).toMatchObject({ text: body })
  })

  test('an id too long for a number stays exact', async () => {
    const body = JSON.stringify(webhook({ messages: [text('wamid.1')] })).replace(`"${INBOX}"`, '17841400000000001')
    expect(await parse(body)).toMatchObject([{ accountId: '17841400000000001' }])
  })

  test('the same message, status and event are told once', async () => {
    const events = await parseJson({
      object: 'whatsapp_business_account',
      entry: Array.from(
        { length: 50 },
        () => webhook({ messages: [text('wamid.1')], statuses: [{ id: 'wamid.2', status: 'sent' }] }).entry[0],
      ).concat(Array.from({ length: 50 }, () => webhook({ errors: [{ code: 131000 }] }).entry[0])),
    })
    expect(events.map((event) => event.kind)).toEqual(['message', 'status', 'account'])
  })

  test('an event is known again whatever the order of its keys', async () => {
    const key = async (error: string) =>
      (await parse(JSON.stringify(webhook({ errors: ['ERROR'] })).replace('"ERROR"', error))).map(
        (event) => event.dedupeKey,
      )
    expect(await key('{"code":1,"title":"a"}')).toEqual(await key('{ "title": "a", "code": 1 }'))
    expect(await key('{"code":1,"title":"a"}')).not.toEqual(await key('{"code":1,"title":"b"}'))
  })

  test('a message of the same id in two numbers is two', async () => {
    const other = webhook({ messages: [text('wamid.1')], metadata: { phone_number_id: '100000000000002' } })
    const events = await parseJson({
      ...other,
      entry: [...other.entry, ...webhook({ messages: [text('wamid.1')] }).entry],
    })
    expect(events.map((event) => event.accountId)).toEqual(['100000000000002', INBOX])
  })
})

describe('who it is', () => {
  const peerOf = async (of: object, contacts: object[] = []) => {
    const [event] = await parseJson(webhook({ contacts, messages: [text('wamid.1', of)] }))
    return event?.kind === 'message' ? event.peer : null
  }

  test('contacts stand in any order', async () => {
    const contacts = [
      { wa_id: '5511999990002', profile: { name: 'Bruno' } },
      { wa_id: '5511999990001', user_id: 'BR.1', profile: { name: ' Ana ' } },
    ]
    expect(await peerOf({}, contacts)).toEqual({
      externalIds: ['BR.1', '5511999990001'],
      phone: '+5511999990001',
      profileName: 'Ana',
      username: null,
    })
  })

  test('a contact with the ninth digit is the one without', async () => {
    const contacts = [{ wa_id: '5531988880002', profile: { name: 'João' } }]
    expect(await peerOf({ from: '553188880002' }, contacts)).toEqual({
      externalIds: ['553188880002', '5531988880002'],
      phone: '+5531988880002',
      profileName: 'João',
      username: null,
    })
  })

  test('an id where a number belongs is never a phone', async () => {
    expect(await peerOf({ from: 'BR.134' })).toMatchObject({ externalIds: ['BR.134'], phone: null })
    expect(await peerOf({ from: 'mariana' })).toMatchObject({ externalIds: ['mariana'], phone: null })
    expect(await peerOf({ from: 5511999990001 })).toMatchObject({
      externalIds: ['5511999990001'],
      phone: '+5511999990001',
    })
  })

  test('without a name the username stands in, without its @', async () => {
    const contacts = [{ user_id: 'BR.1', profile: { name: '', username: '@mariana.teste' } }]
    expect(await peerOf({ from: undefined, from_user_id: 'BR.1' }, contacts)).toMatchObject({
      profileName: 'mariana.teste',
      username: 'mariana.teste',
    })
  })
})

const messageOf = async (of: object, what: object = {}) => {
  const [event] = await parseJson(webhook({ messages: [text('wamid.1', of)], ...what }))
  if (event?.kind !== 'message') throw new Error(`no message: ${JSON.stringify(event)}`)
  return event
}

describe('what a message says', () => {
  test('a file that the provider could not get is a file that cannot be had, and says why', async () => {
    const errors = [{ code: 131052, title: 'Media download error', error_data: { details: 'File is too big.' } }]
    const trouble = { handle: null, trouble: '131052', mimeType: null }
    expect(await messageOf({ type: 'video', errors })).toMatchObject({
      type: 'video',
      media: [{ kind: 'video', ...trouble }],
    })
    expect(await messageOf({ type: 'document', errors, document: { filename: 'a.zip' } })).toMatchObject({
      media: [{ ...trouble, fileName: 'a.zip' }],
      raw: { errors },
    })
    expect(await messageOf({ type: 'image', errors, image: { id: '7' } })).toMatchObject({
      media: [{ handle: { id: '7' }, trouble: '131052' }],
    })
    expect(await messageOf({ type: 'unsupported', errors })).toMatchObject({
      content: { unsupported: { code: '131052', detail: 'File is too big.' } },
    })
  })

  test('a file is asked for by its id, by its URL where it has no other name, and by nothing where it has none', async () => {
    const url = 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=7'
    const handleOf = async (image: object) => (await messageOf({ type: 'image', image })).media[0]
    expect(await handleOf({ id: 7, url })).toMatchObject({ handle: { id: '7' }, trouble: null })
    expect(await handleOf({ url })).toMatchObject({ handle: { url }, trouble: null })
    expect(await handleOf({ url: 'mid=7' })).toMatchObject({ handle: null, trouble: 'no_handle' })
  })

  test('old payloads name a voice note by its type', async () => {
    const voice = { id: '7', mime_type: 'audio/ogg' }
    expect(await messageOf({ type: 'voice', voice })).toMatchObject({
      type: 'audio',
      media: [{ kind: 'audio', voice: true }],
    })
  })

  test.each<[string, unknown, unknown[]]>([
    [
      'an object',
      '{"a":"x","n":4,"who":{"b":[1]},"flow_token":"t"}',
      [
        { name: 'a', value: 'x' },
        { name: 'n', value: '4' },
        { name: 'who', value: '{"b":[1]}' },
      ],
    ],
    ['a list', '["a","b"]', [{ name: '', value: '["a","b"]' }]],
    ['a word', '"yes"', [{ name: '', value: 'yes' }]],
    ['no JSON', 'yes {', [{ name: '', value: 'yes {' }]],
    ['nothing', '', []],
    ['null', 'null', []],
    ['an object that is no text', { a: 1 }, [{ name: 'a', value: '1' }]],
    ['far too deep', `${'['.repeat(40)}${']'.repeat(40)}`, [{ name: '', value: `${'['.repeat(40)}${']'.repeat(40)}` }]],
  ])('a form’s answers are %s', async (_, response_json, fields) => {
    const interactive = { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json } }
    expect((await messageOf({ type: 'interactive', interactive })).content).toEqual({ form: { name: 'flow', fields } })
  })

  test('an answer of a kind that is not known says its kind', async () => {
    const interactive = { type: 'call_permission_reply', call_permission_reply: { response: 'accept' } }
    expect(await messageOf({ type: 'interactive', interactive })).toMatchObject({
      type: 'unsupported',
      content: { unsupported: { type: 'call_permission_reply' } },
      raw: { interactive },
    })
    expect(await messageOf({ type: 'hologram', hologram: 1 })).toMatchObject({
      content: { unsupported: { type: 'hologram' } },
    })
  })

  test('what the business sent with buttons, told by its phone, is its words', async () => {
    const interactive = { type: 'button', body: { text: 'Escolha:' }, action: { buttons: [] } }
    expect(await messageOf({ type: 'interactive', interactive })).toMatchObject({
      type: 'interactive',
      text: 'Escolha:',
    })
  })

  test('an order keeps the lines that can be read, and the whole beside them', async () => {
    const order = {
      text: 'Sem cebola',
      product_items: [
        { product_retailer_id: 12, quantity: '2', item_price: '10.50', currency: 'BRL' },
        { quantity: 1 },
        { product_retailer_id: 'X', quantity: 'many', item_price: 'free' },
      ],
    }
    expect(await messageOf({ type: 'order', order })).toMatchObject({
      text: 'Sem cebola',
      content: {
        order: {
          items: [
            { id: '12', quantity: 2, price: 10.5, currency: 'BRL' },
            { id: 'X', quantity: 1 },
          ],
        },
      },
      raw: { order },
    })
  })

  test.each<[string, object, object]>([
    [
      'without a name goes by the company',
      { org: { company: 'Padaria' }, phones: [] },
      { name: 'Padaria', phones: [], organization: 'Padaria' },
    ],
    [
      'or by the number',
      { phones: [{ wa_id: '5511999990007' }] },
      { name: '+5511999990007', phones: [{ number: '+5511999990007' }] },
    ],
    ['or by nothing', { phones: [null, 7], emails: 'x' }, { name: '', phones: [] }],
    [
      'has addresses',
      { name: { formatted_name: 'Ana' }, emails: [{ email: 'ana@x.example' }, {}] },
      { name: 'Ana', phones: [], emails: ['ana@x.example'] },
    ],
  ])('a card %s', async (_, card, wanted) => {
    expect((await messageOf({ type: 'contacts', contacts: [card] })).content.contacts).toEqual([wanted])
  })

  test('whether it was passed on is said, though it is no answer', async () => {
    const forwarded = async (context: object) => (await messageOf({ context })).content
    expect(await forwarded({ forwarded: true, frequently_forwarded: true })).toEqual({ forwarded: 'often' })
    expect(await forwarded({ forwarded: false, frequently_forwarded: false })).toEqual({})
  })

  test('where it came from is told by what is known of it', async () => {
    const referral = async (of: object) => (await messageOf({ referral: of })).content.referral
    expect(await referral({})).toEqual({ source: 'link' })
    expect(await referral({ source_type: 'post', source_url: 'https://fb.me/x', ctwa_clid: 7 })).toEqual({
      source: 'post',
      url: 'https://fb.me/x',
    })
    expect(await referral({ source_type: 'hologram', headline: 'Oi' })).toEqual({ source: 'link', title: 'Oi' })
  })
})

describe('a change of an earlier message', () => {
  const change = (of: object) => parseJson(webhook({ messages: [text('wamid.1', of)] }))

  test('a reaction to nothing, a deletion of nothing are bubbles that say so', async () => {
    expect(await change({ type: 'revoke', revoke: {} })).toMatchObject([
      { type: 'unsupported', content: { unsupported: { type: 'revoke' } } },
    ])
  })

  test('new words that cannot be read take none away', async () => {
    const edit = { original_message_id: 'wamid.0', message: { type: 'hologram' } }
    expect(await change({ type: 'edit', edit })).toMatchObject([
      { kind: 'message', type: 'unsupported', raw: { edit } },
    ])
    const nested = { original_message_id: 'wamid.0', message: { type: 'edit', edit } }
    expect(await change({ type: 'edit', edit: nested })).toMatchObject([{ kind: 'message', type: 'unsupported' }])
  })

  test('a caption that is gone is no words', async () => {
    const edit = { original_message_id: 'wamid.0', message: { type: 'image', image: { id: '7' } } }
    expect(await change({ type: 'edit', edit })).toMatchObject([{ kind: 'edit', target: 'wamid.0', text: null }])
  })
})

describe('who somebody is from now on', () => {
  const system = (of: object, from: object = {}) =>
    parseJson(webhook({ messages: [text('wamid.1', { type: 'system', system: of, ...from })] }))

  test('a new number without an old one, or the same one again, is kept and changes nobody', async () => {
    const changed = { type: 'user_changed_number', wa_id: '5511999990002' }
    expect(await system(changed, { from: undefined })).toMatchObject([{ kind: 'kept', what: 'system' }])
    expect(await system({ ...changed, wa_id: '5511999990001' })).toMatchObject([{ kind: 'kept', what: 'system' }])
    expect(await system({ type: 'user_changed_number' })).toMatchObject([{ kind: 'kept', what: 'system' }])
    expect(await system({ type: 'hologram', body: 'x' })).toMatchObject([{ kind: 'kept', what: 'system' }])
  })

  test('by the name that it had before', async () => {
    const old = { type: 'customer_changed_number', customer: '5511999990001', new_wa_id: '5511999990002' }
    expect(await system(old, { from: undefined })).toMatchObject([
      { kind: 'identity', known: ['5511999990001'], also: ['5511999990002'], note: 'number_changed' },
    ])
  })

  test('the sentence beside it proves nothing: a name may say anything', async () => {
    const body = 'User Ana changed from BR.1 to BR.2 changed from BR.2 to BR.3'
    const events = await system({ type: 'user_changed_user_id', body, user_id: 'BR.3' }, { from: undefined })
    expect(events).toMatchObject([{ kind: 'kept', what: 'system' }])
  })

  test.each<[string, object, object]>([
    [
      'of a known id',
      {
        wa_id: '5511999990002',
        user_id: { previous: 'BR.1', current: 'BR.2' },
        parent_user_id: { previous: 'BR.ENT.1', current: 'BR.ENT.2' },
      },
      { known: ['BR.1', 'BR.ENT.1'], also: ['BR.2', 'BR.ENT.2', '5511999990002'], phone: '+5511999990002' },
    ],
    [
      'of a known number',
      { wa_id: '5511999990002', user_id: { current: 'BR.2' } },
      { known: ['5511999990002'], also: ['BR.2'], phone: '+5511999990002' },
    ],
    ['of nobody', { user_id: { current: 'BR.2' } }, { kind: 'kept', what: 'identity_change' }],
    ['to the same id', { user_id: { current: 'BR.2', previous: 'BR.2' } }, { kind: 'kept', what: 'identity_change' }],
  ])('an id update %s', async (_, update, wanted) => {
    const timestamp = '1739321024'
    expect(await parseJson(webhook({ ...update, timestamp }, 'user_id_update'))).toMatchObject([
      { occurredAt: 1739321024000, ...wanted },
    ])
    expect(await parseJson(webhook({ user_id_update: [update, update] }, 'user_id_update'))).toMatchObject([wanted])
  })
})

describe('calls', () => {
  const call = { id: 'wacid.1', from: '5511999990001', to: '551140000001', timestamp: '1739321024' }
  const calls = (...list: unknown[]) => parseJson(webhook({ calls: list, statuses: [{ id: 'wacid.2' }] }, 'calls'))

  test('a call that rings and ends is one line', async () => {
    const events = await calls({ ...call, event: 'connect' }, { ...call, event: 'terminate', duration: 7 })
    expect(events).toMatchObject([{ kind: 'note', what: 'call', peer: { phone: '+5511999990001' } }])
  })

  test('a call of ours is no line that says that they called, and opens no window', async () => {
    const ours = { ...call, direction: 'BUSINESS_INITIATED', from: '551140000001', to: '5511999990009' }
    expect(await calls(ours)).toMatchObject([{ kind: 'kept', what: 'call', raw: ours }])
  })

  test('each of several, and of the bad ones too', async () => {
    expect(await calls(call, null, { ...call, id: 'wacid.3' }, { id: 'wacid.4' })).toMatchObject([
      { dedupeKey: 'call:wacid.1' },
      { kind: 'kept', what: 'unknown' },
      { dedupeKey: 'call:wacid.3' },
      { kind: 'kept', what: 'unknown' },
    ])
  })
})

describe('the past', () => {
  const ours = '551140000001'
  const pastWebhook = (history: unknown[], number: string | null = ours) =>
    webhook({ metadata: { phone_number_id: INBOX, display_phone_number: number ?? undefined }, history }, 'history')
  const thread = (id: string | undefined, ...messages: unknown[]) => ({ metadata: {}, threads: [{ id, messages }] })
  const tell = async (history: unknown[], number?: string | null) => parseJson(pastWebhook(history, number))

  test.each<[string, object, string | null, string, string]>([
    ['our number as people write it', { from: ours }, '+55 11 4000-0001', 'outgoing', '5511999990001'],
    ['the customer', { from: '5511999990001' }, ours, 'incoming', '5511999990001'],
    ['a number that was ours', { from: '551140000099' }, ours, 'outgoing', '5511999990001'],
    ['us, though our number is not told', { from: ours }, null, 'outgoing', '5511999990001'],
    ['the customer’s number without its ninth digit', { from: '551199990001' }, ours, 'incoming', '5511999990001'],
    ['somebody without a number', { from: undefined, from_user_id: 'BR.1' }, ours, 'incoming', 'BR.1'],
  ])('written by %s', async (_, of, number, direction, first) => {
    const [event] = await tell([thread('5511999990001', text('wamid.1', of))], number)
    expect(event).toMatchObject({ kind: 'message', direction, history: true })
    expect(event?.kind === 'message' && event.peer.externalIds[0]).toBe(first)
  })

  test('what was done with a message in the past is told as that', async () => {
    const reaction = text('wamid.2', { type: 'reaction', reaction: { message_id: 'wamid.1', emoji: '👍' } })
    expect(await tell([thread('5511999990001', { ...reaction, from: ours })])).toMatchObject([
      { kind: 'reaction', direction: 'outgoing', target: 'wamid.1' },
    ])
  })

  test('an answer that never arrived is kept with that', async () => {
    const failed = text('wamid.1', { from: ours, history_context: { status: 'ERROR' } })
    const sent = text('wamid.2', { from: ours, history_context: { status: 'READ' } })
    const [one, other] = await tell([thread('5511999990001', failed, sent)])
    expect(one).toMatchObject({ raw: failed })
    expect(other).toMatchObject({ raw: null })
  })

  test('what cannot be read is kept, thread by thread and message by message', async () => {
    const events = await tell([
      thread('5511999990001', null, text('wamid.1')),
      thread(undefined, text('wamid.2', { from: ours }), text('wamid.3')),
      { threads: [7, { id: '5511999990002' }] },
      { errors: [{ code: 2593109 }, 'broken'] },
      8,
      { metadata: {} },
    ])
    expect(events.map((event) => (event.kind === 'kept' ? event.what : event.dedupeKey.slice(0, 11)))).toEqual([
      'unknown',
      'msg:wamid.1',
      'unknown', // from us to nobody
      'msg:wamid.3',
      'unknown',
      'unknown',
      expect.stringMatching(/^ev:/),
      'unknown',
      'unknown',
      'history',
    ])
  })

  test('a file of ours that does not say to whom it went is kept', async () => {
    const image = text('wamid.1', { from: ours, type: 'image', image: { id: '7' } })
    const files = (message: object) =>
      parseJson(
        webhook({ metadata: { phone_number_id: INBOX, display_phone_number: ours }, messages: [message] }, 'history'),
      )
    expect(await files(image)).toMatchObject([{ kind: 'kept', what: 'history_media', raw: image }])
    expect(await files({ ...image, to: '5511999990001' })).toMatchObject([
      { dedupeKey: 'media:wamid.1', direction: 'outgoing', peer: { phone: '+5511999990001' } },
    ])
  })
})

describe('the address book', () => {
  const sync = (...state_sync: unknown[]) => parseJson(webhook({ state_sync }, 'smb_app_state_sync'))
  const entry = (contact: object, of: object = {}) => ({ type: 'contact', action: 'add', contact, ...of })

  test('names whom it can, and keeps the rest', async () => {
    expect(
      await sync(
        entry({ full_name: ' ', first_name: 'Paulo', phone_number: '+55 (11) 99999-0004' }),
        entry({ phone_number: '5511999990005' }, { action: 'remove' }),
        entry({ full_name: 'Ninguém' }),
        { type: 'label' },
        null,
      ),
    ).toMatchObject([
      { kind: 'address_book', name: 'Paulo', removed: false, peer: { externalIds: ['5511999990004'] } },
      { kind: 'address_book', name: null, removed: true },
      { kind: 'kept', what: 'contact' },
      { kind: 'kept', what: 'contact' },
      { kind: 'kept', what: 'unknown' },
    ])
  })
})

describe('news of the account', () => {
  test.each<[object, object]>([
    [{ event: 'ACCOUNT_OFFBOARDED' }, { what: 'disconnected', code: 'ACCOUNT_OFFBOARDED', detail: null }],
    [{ event: 'ACCOUNT_RECONNECTED' }, { what: 'reconnected' }],
    [
      { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } },
      { what: 'disconnected', detail: 'DISABLE' },
    ],
    [{ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'SCHEDULE_FOR_DISABLE' } }, { what: 'warning' }],
    [{ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } }, { what: 'reconnected' }],
    [
      { event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: 'SPAM' } },
      { what: 'warning', detail: 'SPAM' },
    ],
    [
      { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: 'A' }, 7, { restriction_type: 'B' }] },
      { what: 'restricted', detail: 'A, B' },
    ],
    [{ event: 'VERIFIED_ACCOUNT' }, { kind: 'kept', what: 'account' }],
    [{ event: 'constructor' }, { kind: 'kept', what: 'account' }],
    [{}, { kind: 'kept', what: 'account' }],
  ])('%j', async (update, wanted) => {
    expect(await parseJson(webhook(update, 'account_update'))).toMatchObject([{ accountId: INBOX, ...wanted }])
  })

  test('the same decision on another day is another', async () => {
    const decided = (time: number) => ({
      object: 'whatsapp_business_account',
      entry: [
        {
          ...{ id: '200000000000001', time },
          changes: [
            {
              field: 'message_template_status_update',
              value: { event: 'paused', message_template_name: 'a', message_template_language: 'pt_BR' },
            },
          ],
        },
      ],
    })
    const [first] = await parseJson(decided(1751247548))
    const [second] = await parseJson(decided(1751247549))
    expect(first).toMatchObject({ kind: 'template', status: 'PAUSED', externalId: null, reason: null })
    expect(first?.dedupeKey).not.toBe(second?.dedupeKey)
  })
})

const FOLDER = new URL('../fixtures/whatsapp/', import.meta.url)
const payloads: unknown[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json') && file !== 'expect.json')
  .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))

const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  '',
  'x',
  0,
  -1,
  1e21,
  true,
  [],
  {},
  [null],
  { toString: 1 },
  '\ud800',
  '9'.repeat(600),
)
const oddities = fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 })

function mutated<T>(original: T, changes: [number, unknown][]): T {
  const root = { of: structuredClone(original) }
  for (const [where, what] of changes) {
    const places = placesIn(root)
    const place = places[where % Math.max(places.length, 1)]
    if (place) place.of[place.key] = structuredClone(what)
  }
  return root.of
}

function placesIn(node: unknown): { of: Record<string, unknown>; key: string }[] {
  if (typeof node !== 'object' || node === null) return []
  const of = node as Record<string, unknown>
  return Object.keys(of).flatMap((key) => [{ of, key }, ...placesIn(of[key])])
}

test('no mutation of a real payload throws, and all that comes out is well formed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...payloads), oddities, async (payload, changes) => {
      for (const event of await parseJson(mutated(payload, changes) ?? null)) expectWellFormed(event)
    }),
    { numRuns: runs(3_000) },
  )
})

function expectWellFormed(event: InboundEvent) {
  expect(event.dedupeKey).toMatch(/^(msg|media|st|call|ev):./)
  expect(event.accountId).toMatch(/./)
  expect(event.occurredAt === null || Number.isSafeInteger(event.occurredAt)).toBe(true)
  if ('peer' in event) {
    expect(event.peer.externalIds.length).toBeGreaterThan(0)
    expect(event.peer.phone ?? '+551199999').toMatch(/^\+\d{6,15}$/)
  }
  if (event.kind === 'message') expect(Content.parse(event.content)).toEqual(event.content)
  if (event.kind === 'identity') expect(event.known.length * event.also.length).toBeGreaterThan(0)
}

const LISTS = ['messages', 'message_echoes', 'statuses', 'state_sync', 'user_preferences', 'calls']

/** Every list of items of a payload, as something that can be filled anew. */
function listsIn(node: unknown): { items: unknown[]; holder: Record<string, unknown>; name: string }[] {
  if (typeof node !== 'object' || node === null) return []
  const holder = node as Record<string, unknown>
  return Object.entries(holder).flatMap(([name, items]) =>
    LISTS.includes(name) && Array.isArray(items) ? [{ items, holder, name }] : listsIn(items),
  )
}

const STATUSES = ['sent', 'delivered', 'read', 'played', 'failed']
/** Nothing that a bubble shows. */
const isPassedOver = (name: string, item: unknown) => {
  const status = typeof item === 'object' && item !== null && 'status' in item ? item.status : null
  return name === 'statuses' && typeof status === 'string' && !STATUSES.includes(status)
}

test('no mutation of an item loses it, or one beside it', async () => {
  const webhooks = payloads.filter((payload) => JSON.stringify(payload).includes('"whatsapp_business_account"'))
  const withItems = webhooks.filter((payload) => listsIn(payload).length > 0)
  expect(withItems.length).toBeGreaterThan(50)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...withItems), fc.nat(), oddities, async (payload, where, changes) => {
      const body = structuredClone(payload)
      const lists = listsIn(body)
      const list = lists[where % lists.length]
      const item = list?.items[0]
      if (!list || typeof item !== 'object') return
      const told = async (...items: unknown[]) => {
        list.holder[list.name] = items
        return await parseJson(body)
      }
      const before = { ...item, id: 'before' }
      const after = { ...item, id: 'after' }
      const bad = JSON.parse(JSON.stringify(mutated(item, changes)) ?? 'null')
      const others = await told(before, after)
      const all = await told(before, bad, after)
      const keys = all.map(({ dedupeKey }) => dedupeKey)
      for (const other of others) if (other.kind !== 'account') expect(keys).toContain(other.dedupeKey)
      expect(all.length - others.length).toBeGreaterThanOrEqual(isPassedOver(list.name, bad) ? 0 : 1)
    }),
    { numRuns: runs(3_000) },
  )
})
