/** A table: every payload that WhatsApp is known to send, and what becomes of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { InboundEvent, MessageEvent } from '../events.ts'
import { whatsapp } from './whatsapp.ts'

const FOLDER = new URL('../fixtures/whatsapp/', import.meta.url)
const INBOX = '100000000000001'

const read = (name: string) => readFileSync(new URL(`${name}.json`, FOLDER))

const Expected = z.record(
  z.string(),
  z.array(
    z.strictObject({
      kind: z.string(),
      dir: z.enum(['in', 'out']).optional(),
      type: z.string().optional(),
      status: z.string().optional(),
      code: z.number().optional(),
      n: z.number().optional(),
      emoji: z.string().nullable().optional(),
      reply: z.boolean().optional(),
      group: z.boolean().optional(),
      voice: z.boolean().optional(),
      referral: z.boolean().optional(),
      bsuid: z.string().optional(),
      phone: z.string().nullable().optional(),
      messages: z.number().optional(),
    }),
  ),
)
type Expected = z.infer<typeof Expected>[string][number]

const expected = Expected.parse(JSON.parse(read('expect').toString()))
const payloads = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json') && file !== 'expect.json' && !file.startsWith('api_'))
  .map((file) => file.slice(0, -'.json'.length))

/** What a payload leaves in the thread and beside it, in the neutral words of expect.json. */
function inTheirWords(events: InboundEvent[]): Record<string, unknown>[] {
  const past = events.filter((event) => event.kind === 'message' && event.history && isPlaceOfItsOwn(event.dedupeKey))
  const others = events.filter((event) => !past.includes(event) && !isCall(event))
  return [...(past.length > 0 ? [{ kind: 'history', messages: past.length }] : []), ...others.map(wordsOf)]
}

const isPlaceOfItsOwn = (dedupeKey: string) => dedupeKey.startsWith('msg:')
/** A line of the thread, and nothing that is stored as a message. */
const isCall = (event: InboundEvent) => event.kind === 'note' && event.what === 'call'

function wordsOf(event: InboundEvent): Record<string, unknown> {
  switch (event.kind) {
    case 'kept':
      return { kind: event.what }
    case 'status':
      return { kind: 'status', status: event.status, code: Number(event.error?.code) }
    case 'reaction':
    case 'edit':
    case 'delete':
      return {
        kind: event.kind,
        dir: event.direction === 'incoming' ? 'in' : 'out',
        emoji: event.kind === 'reaction' ? event.emoji : undefined,
      }
    case 'identity':
    case 'note':
      return { kind: 'identity_change' }
    case 'account':
      return { kind: ['error', 'history_declined'].includes(event.what) ? event.what : 'account' }
    case 'address_book':
      return { kind: 'contact' }
    case 'message':
      return event.history ? { kind: 'history_media' } : messageWords(event)
    default:
      return { kind: event.kind }
  }
}

const messageWords = (event: MessageEvent) => ({
  kind: 'message',
  dir: event.direction === 'incoming' ? 'in' : 'out',
  type: event.type,
  reply: event.replyTo !== null,
  group: event.group,
  voice: event.media.some(({ voice }) => voice),
  referral: ['ad', 'post'].includes(event.content.referral?.source ?? ''),
  bsuid: event.peer.externalIds[0],
  phone: event.peer.phone,
})

/** Of the words, those that the expectation says something about. */
const asked = (words: Record<string, unknown>, { n: _, ...wanted }: Expected) =>
  Object.fromEntries(Object.keys(wanted).map((key) => [key, words[key]]))

test('every payload has an expectation, and every expectation its payload', () => {
  expect(payloads.toSorted()).toEqual(Object.keys(expected).toSorted())
  expect(payloads.length).toBeGreaterThanOrEqual(60)
})

describe('each payload means what it is known to mean', () => {
  test.each(payloads)('%s', async (name) => {
    const wanted = (expected[name] ?? []).flatMap((one) => Array.from({ length: one.n ?? 1 }, () => one))
    const kinds = wanted.map((one) => one.kind)
    const words = inTheirWords(await whatsapp.parse(read(name), INBOX))
    words.sort((a, b) => kinds.indexOf(String(a.kind)) - kinds.indexOf(String(b.kind))) // a batch is counted by kind
    expect(words).toHaveLength(wanted.length)
    const got = words.map((one, at) => asked(one, wanted[at] as Expected))
    expect(got).toEqual(wanted.map(({ n: _, ...words }) => words))
  })
})

test('no payload leaves anything unknown, and each event has a key of its own', async () => {
  for (const name of payloads) {
    const events = await whatsapp.parse(read(name), INBOX)
    const keys = events.map((event) => `${event.accountId} ${event.dedupeKey}`)
    expect(new Set(keys).size, name).toBe(keys.length)
    expect(
      events.filter((event) => event.kind === 'kept' && event.what === 'unknown'),
      name,
    ).toEqual([])
    expect(await whatsapp.parse(read(name), INBOX), name).toEqual(events)
  }
})

/** The whole of what is made of one payload, where the neutral words say too little. */
test.each<[string, unknown[]]>([
  [
    'msg_text',
    [
      {
        kind: 'message',
        dedupeKey: 'msg:wamid.PW_TEXT',
        accountId: '100000000000001',
        occurredAt: 1697043223000,
        direction: 'incoming',
        externalId: 'wamid.PW_TEXT',
        peer: {
          externalIds: ['BR.13491208655302741918', 'BR.ENT.11815799212886844830', '5511999990001'],
          phone: '+5511999990001',
          profileName: 'Mariana Teste',
          username: null,
        },
        type: 'text',
        text: 'Body Text',
        media: [],
        content: {},
        replyTo: null,
        attemptId: null,
        appId: null,
        group: false,
        history: false,
        raw: null,
      },
    ],
  ],
  [
    'status_failed_131049',
    [
      {
        kind: 'status',
        dedupeKey: 'st:wamid.FAILED131049:failed',
        accountId: '100000000000001',
        occurredAt: 1750030073000,
        target: 'wamid.FAILED131049',
        status: 'failed',
        andBefore: false,
        attemptId: null,
        error: {
          code: '131049',
          detail: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
        },
      },
    ],
  ],
])('%s in full', async (name, events) => {
  expect(await whatsapp.parse(read(name), INBOX)).toEqual(events)
})

test.each<[string, Record<string, unknown>]>([
  ['msg_reaction', { kind: 'reaction', direction: 'incoming', emoji: '😮', target: 'wamid.yzxyzx=' }],
  ['msg_unreaction_no_emoji', { kind: 'reaction', emoji: null, target: 'wamid.yzxyzx=' }],
  ['revoke', { kind: 'delete', dedupeKey: 'msg:wamid.PW_RV', target: 'wamid.ORIGINAL0001' }],
  ['echo_revoke', { kind: 'delete', direction: 'outgoing', target: 'wamid.zzzzzz' }],
  [
    'echo_edit',
    {
      ...{ kind: 'edit', direction: 'outgoing', text: 'Text was edited', target: 'wamid.zzzzzz' },
      ...{ dedupeKey: 'msg:wamid.PW_OED', rank: 1697044968000 },
    },
  ],
  ['edit_image_caption', { kind: 'edit', text: 'Updated image caption', rank: 1749854575000 }],
  ['msg_reply', { text: 'replied text', replyTo: 'wamid.PW_REPLY', raw: null }],
  ['msg_forwarded', { text: 'forwarded text', replyTo: null, content: { forwarded: 'once' }, raw: null }],
  ['msg_forwarded_many_times', { content: { forwarded: 'often' } }],
  ['msg_image', { type: 'image', text: null, media: [file('image', '65463453', 'image/jpeg')], raw: null }],
  ['msg_media_with_url', { type: 'image', media: [file('image', '65463453', 'image/jpeg')], raw: null }],
  ['msg_video', { text: 'caption', media: [file('video', '765756756', 'video/mp4')], content: { forwarded: 'once' } }],
  [
    'msg_document',
    {
      ...{ type: 'document', text: 'caption', raw: null },
      media: [{ ...file('document', '200000000000001', 'application/pdf'), fileName: 'filename.pdf' }],
    },
  ],
  ['msg_audio', { type: 'audio', media: [file('audio', '200000000000001', 'audio/ogg; codecs=opus')] }],
  ['msg_voice', { media: [{ ...file('audio', '200000000000001', 'audio/ogg; codecs=opus'), voice: true }] }],
  ['msg_static_sticker', { type: 'sticker', media: [file('sticker', '200000000000001', 'image/webp')] }],
  ['msg_animated_sticker', { media: [{ ...file('sticker', '200000000000001', 'image/webp'), animated: true }] }],
  ['msg_current_location', { text: null, content: { location: { latitude: 12.25089, longitude: 43.90539 } } }],
  [
    'msg_chosen_location',
    {
      ...{ type: 'location', text: null },
      content: {
        location: {
          ...{ latitude: 37.4611978, longitude: -122.2164385 },
          ...{ name: 'Facebook HQ', address: '1 Hacker Way, Menlo Park, CA 94025' },
        },
      },
    },
  ],
  [
    'msg_contacts',
    {
      ...{ type: 'contacts', text: null },
      content: {
        contacts: [
          { name: 'Chandler Bing', phones: [{ number: '+1 555-555-5555', label: 'CELL' }] },
          { name: 'Monica', phones: [{ number: '+1 666-666-6666', label: 'HOME' }] },
          { name: 'Rachel Green', phones: [{ number: '+1 777-777-7777', label: 'WORK' }] },
        ],
      },
    },
  ],
  [
    'msg_order',
    {
      ...{ type: 'order', text: null },
      content: {
        order: {
          catalogId: '300000000000001',
          items: [
            { id: 'HAMBURGER', quantity: 3, price: 30, currency: 'ILS' },
            { id: 'FRENCH_FRIES', quantity: 2, price: 35, currency: 'ILS' },
            { id: 'SODA', quantity: 2, price: 10, currency: 'ILS' },
          ],
        },
      },
    },
  ],
  [
    'msg_unsupported',
    { content: { unsupported: { code: '131051', detail: 'Message type is currently not supported.' } } },
  ],
  ['msg_unsupported_with_type', { type: 'unsupported', text: null, content: { unsupported: { type: 'pool' } } }],
  // The error stands beside the message, and is the only one who says why there is nothing in it.
  [
    'msg_interactive_message_with_err',
    { content: { unsupported: { type: 'interactive', code: '131000', detail: 'Unsupported webhook payload' } } },
  ],
  ['button_reply', { text: 'title', content: { choice: { title: 'title', payload: 'callback_data' } }, raw: null }],
  [
    'list_reply',
    { content: { choice: { title: 'title', description: 'description', payload: 'callback_data' } }, raw: null },
  ],
  ['template_button', { text: 'title', content: { choice: { title: 'title', payload: 'callback_data' } } }],
  [
    'flow_completion',
    {
      ...{ type: 'interactive', text: 'Sent' },
      content: {
        form: {
          name: 'flow',
          fields: [
            { name: 'comment_text', value: 'Comment Text' },
            { name: 'delivery_rating', value: '4' },
            { name: 'purchase_rating', value: '2' },
            { name: 'recommend_radio', value: '0' },
            { name: 'cs_rating', value: '0' },
          ],
        },
      },
    },
  ],
  [
    'ctwa_ad_text',
    {
      text: 'Can I get more info about this?',
      content: {
        referral: {
          ...{ source: 'ad', title: 'Chat with us', body: 'Summer Succulents are here!' },
          ...{ url: 'https://fb.me/3cr4Wqqkv', ref: '120226305854810726' },
        },
      },
      raw: { referral: { welcome_message: { text: 'Hi there! Let us know how we can help!' } } },
    },
  ],
  ['product_enquiry', { content: { referral: { source: 'product', ref: 'di9ozbzfi4' } } }],
  // An echo's person is whom it went to.
  [
    'echo_text',
    {
      direction: 'outgoing',
      peer: {
        externalIds: ['BR.13491208655302741918', 'BR.ENT.11815799212886844830', '5511999990001'],
        phone: '+5511999990001',
        profileName: 'Mariana Teste',
      },
    },
  ],
  [
    'bsuid_text_no_phone',
    {
      peer: {
        externalIds: ['BR.13491208655302741918', 'BR.ENT.11815799212886844830'],
        phone: null,
        profileName: 'Helena Exemplo',
      },
    },
  ],
  // The number that she gave on our request is hers.
  [
    'contact_request_shared',
    { peer: { externalIds: ['BR.13491208655302741918', '5511999990007'], phone: '+5511999990007' } },
  ],
  [
    'group_message',
    {
      group: true,
      peer: {
        externalIds: ['group:HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA'],
        phone: null,
        profileName: null,
      },
    },
  ],
  ['status_group', { dedupeKey: 'st:wamid.PW_ST_GROUP:read:BR.1234560000000001', target: 'wamid.PW_ST_GROUP' }],
  ['status_with_tracker', { attemptId: 'some data' }],
  ['status_failed', { error: { code: '130472' } }],
  [
    'call_connect',
    {
      ...{ kind: 'note', what: 'call', dedupeKey: 'call:wacid.xxxx=', accountId: '743897493242' },
      ...{ occurredAt: 1752583107000, peer: { phone: '+5511999990001', profileName: 'Mariana Teste' } },
    },
  ],
  [
    'system_number_change',
    {
      ...{ kind: 'identity', dedupeKey: 'msg:wamid.PW_SY', note: 'number_changed', phone: '+5511999990002' },
      ...{ known: ['5511999990001'], also: ['5511999990002'] },
    },
  ],
  [
    'system_user_changed_user_id',
    { kind: 'identity', known: ['5511999990001'], also: ['BR.98765432100000000001'], phone: null, note: 'id_changed' },
  ],
  ['system_identity_change', { kind: 'note', what: 'security_code_changed', peer: { profileName: 'User A' } }],
  ['user_preferences_resume', { occurredAt: 1731705721000, accountId: '100000000000001' }],
  [
    'account_partner_removed',
    {
      ...{ kind: 'account', what: 'disconnected', code: 'PARTNER_REMOVED', detail: 'PRIMARY_INACTIVITY' },
      ...{ occurredAt: 1748477359000, accountId: INBOX, businessAccountId: '980198427658004' },
    },
  ],
  ['value_errors_130429', { kind: 'account', what: 'error', code: '130429', detail: /too many messages sent/ }],
  ['history_declined', { kind: 'account', what: 'history_declined', code: '2593109' }],
  [
    'template_status_approved',
    {
      ...{ kind: 'template', name: 'order_confirmation', language: 'en_US', status: 'APPROVED', reason: null },
      ...{ externalId: '1689556908129832', businessAccountId: '200000000000001', occurredAt: 1751247548000 },
    },
  ],
  ['template_status_rejected', { status: 'REJECTED', reason: /placed next to each other/ }],
  [
    'smb_app_state_sync',
    {
      ...{ kind: 'address_book', occurredAt: 1739321024000, name: 'Paulo Exemplo', removed: false },
      peer: { externalIds: ['5511999990004'], phone: '+5511999990004', profileName: null },
    },
  ],
  [
    'history_media',
    {
      ...{ kind: 'message', history: true, direction: 'incoming', text: 'Black Prince echeveria', type: 'image' },
      externalId: 'wamid.QyNUEHBgLMTY0NjcwNDM1OTUVAgARGBI1Rj3NEYxMzAzMzQ5MkEA',
      dedupeKey: 'media:wamid.QyNUEHBgLMTY0NjcwNDM1OTUVAgARGBI1Rj3NEYxMzAzMzQ5MkEA',
      media: [file('image', '24230790383178626', 'image/jpeg')],
    },
  ],
])('%s keeps what matters', async (name, what) => {
  const [event] = await whatsapp.parse(read(name), INBOX)
  expect(event ?? {}).toMatchObject(matching(what))
})

/** A pattern stands for any text that it fits. */
const matching = (what: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(what).map(([key, value]) => [key, value instanceof RegExp ? expect.stringMatching(value) : value]),
  )

function file(kind: string, id: string, mimeType: string) {
  return { kind, handle: { id }, mimeType, fileName: null, bytes: null, voice: false, animated: false, trouble: null }
}

test('a past is told message by message, in its threads, and says who wrote what', async () => {
  const events = await whatsapp.parse(read('history_chunk'), INBOX)
  const told = events.map((event) =>
    event.kind === 'message'
      ? [event.direction, event.type, event.peer.phone, event.text?.slice(0, 7) ?? null, event.history, event.raw]
      : event.kind,
  )
  expect(told).toEqual([
    ['outgoing', 'text', '+5511999990004', "Here's ", true, null],
    ['outgoing', 'media_placeholder', '+5511999990004', null, true, null],
    ['incoming', 'text', '+5511999990004', 'Thanks!', true, null],
    ['outgoing', 'text', '+5511999990005', 'Thanks ', true, null],
  ])
})

test('a batch is told apart by account, in the order in which it was sent', async () => {
  const events = await whatsapp.parse(read('batch_mixed'), INBOX)
  expect(events.map((event) => [event.accountId, event.dedupeKey])).toEqual([
    ['100000000000001', 'msg:wamid.BATCH0001'],
    ['100000000000001', 'msg:wamid.BATCH0000'],
    ['100000000000001', 'msg:wamid.BATCH0002'],
    ['100000000000001', 'st:wamid.OUT0001:read'],
    ['100000000000001', 'st:wamid.OUT0001:delivered'],
    ['100000000000002', 'msg:wamid.BATCH0003'],
  ])
})
