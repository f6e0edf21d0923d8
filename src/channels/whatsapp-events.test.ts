/** Payloads as nobody should send them: whatever cannot be read is kept, and never at its neighbours' cost. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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

  test.each(['calls', 'flows', 'group_lifecycle_update', 'phone_number_quality_update'])(
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
    expect(events.map((event) => event.dedupeKey)).toEqual(['msg:wamid.1', 'st:wamid.2:read'])
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
    expect(events.map((event) => event.kind)).toEqual(['message', 'status', 'kept'])
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
    })
  })

  test('a contact with the ninth digit is the one without', async () => {
    const contacts = [{ wa_id: '5531988880002', profile: { name: 'João' } }]
    expect(await peerOf({ from: '553188880002' }, contacts)).toEqual({
      externalIds: ['553188880002', '5531988880002'],
      phone: '+5531988880002',
      profileName: 'João',
    })
  })

  test('an id where a number belongs is never a phone', async () => {
    expect(await peerOf({ from: 'BR.134' })).toEqual({ externalIds: ['BR.134'], phone: null, profileName: null })
    expect(await peerOf({ from: 'mariana' })).toEqual({ externalIds: ['mariana'], phone: null, profileName: null })
    expect(await peerOf({ from: 5511999990001 })).toMatchObject({
      externalIds: ['5511999990001'],
      phone: '+5511999990001',
    })
  })

  test('without a name the username stands in, without its @', async () => {
    const contacts = [{ user_id: 'BR.1', profile: { name: '', username: '@mariana.teste' } }]
    expect(await peerOf({ from: undefined, from_user_id: 'BR.1' }, contacts)).toMatchObject({
      profileName: 'mariana.teste',
    })
  })
})

test('no mutation of a real payload throws, and all that comes out is well formed', async () => {
  const folder = new URL('./fixtures/whatsapp/', import.meta.url)
  const payloads: unknown[] = readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== 'expect.json')
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
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

  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...payloads),
      fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 }),
      async (payload, changes) => {
        const body = structuredClone(payload)
        for (const [where, what] of changes) {
          const places = placesIn(body)
          const place = places[where % Math.max(places.length, 1)]
          if (place) place.of[place.key] = structuredClone(what)
        }
        for (const event of await parseJson(body)) {
          expect(['message', 'status', 'kept']).toContain(event.kind)
          expect(event.dedupeKey).toMatch(/^(msg|st|ev):./)
          expect(event.accountId).toMatch(/./)
          expect(event.occurredAt === null || Number.isSafeInteger(event.occurredAt)).toBe(true)
          if (event.kind === 'message') {
            expect(event.peer.externalIds.length).toBeGreaterThan(0)
            expect(event.peer.phone ?? '+551199999').toMatch(/^\+\d{6,15}$/)
          }
        }
      },
    ),
    { numRuns: 3_000 },
  )
})

function placesIn(node: unknown): { of: Record<string, unknown>; key: string }[] {
  if (typeof node !== 'object' || node === null) return []
  const of = node as Record<string, unknown>
  return Object.keys(of).flatMap((key) => [{ of, key }, ...placesIn(of[key])])
}
