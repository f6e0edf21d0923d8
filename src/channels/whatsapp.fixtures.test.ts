/** A table: every payload that WhatsApp is known to send, and what becomes of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { InboundEvent } from './channel.ts'
import { whatsapp } from './whatsapp.ts'

const FOLDER = new URL('./fixtures/whatsapp/', import.meta.url)
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

const Ad = z.object({ referral: z.record(z.string(), z.unknown()) })
const Voice = z.object({ audio: z.object({ voice: z.literal(true) }) })
const History = z.object({ threads: z.array(z.object({ messages: z.array(z.unknown()) })) })

/** An event in the neutral words of expect.json: those that the expectation says something about. */
function inTheirWords(event: InboundEvent, { n: _, ...wanted }: Expected): Record<string, unknown> {
  const words: Record<string, unknown> = wordsOf(event)
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, words[key]]))
}

function wordsOf(event: InboundEvent): Record<string, unknown> {
  switch (event.kind) {
    case 'kept': {
      const threads = History.safeParse(event.raw).data?.threads ?? []
      return { kind: event.what, messages: threads.flatMap((thread) => thread.messages).length }
    }
    case 'status':
      return { kind: 'status', status: event.status, code: Number(event.error?.code) }
    case 'message':
      return {
        kind: ['reaction', 'edit', 'delete'].includes(event.type) ? event.type : 'message',
        dir: event.direction === 'incoming' ? 'in' : 'out',
        type: event.type,
        emoji: event.text,
        reply: event.replyTo !== null,
        group: event.group,
        voice: Voice.safeParse(event.raw).success,
        referral: Ad.safeParse(event.raw).success,
        bsuid: event.peer.externalIds[0],
        phone: event.peer.phone,
      }
    default:
      return { kind: event.kind }
  }
}

test('every payload has an expectation, and every expectation its payload', () => {
  expect(payloads.toSorted()).toEqual(Object.keys(expected).toSorted())
  expect(payloads.length).toBeGreaterThanOrEqual(60)
})

describe('each payload means what it is known to mean', () => {
  test.each(payloads)('%s', async (name) => {
    const wanted = (expected[name] ?? []).flatMap((one) => Array.from({ length: one.n ?? 1 }, () => one))
    const kinds = wanted.map((one) => one.kind)
    const parsed = await whatsapp.parse(read(name), INBOX)
    const events = parsed.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)) // a batch is counted by kind
    expect(events).toHaveLength(wanted.length)
    const got = events.map((event, at) => inTheirWords(event, wanted[at] as Expected))
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
  ['msg_reaction', { type: 'reaction', text: '😮', replyTo: 'wamid.yzxyzx=' }],
  ['msg_unreaction_no_emoji', { type: 'reaction', text: null, replyTo: 'wamid.yzxyzx=' }],
  ['revoke', { type: 'delete', text: null, replyTo: 'wamid.ORIGINAL0001' }],
  ['echo_edit', { type: 'edit', text: 'Text was edited', replyTo: 'wamid.zzzzzz', externalId: 'wamid.PW_OED' }],
  ['msg_reply', { text: 'replied text', replyTo: 'wamid.PW_REPLY', raw: null }],
  ['msg_forwarded', { text: 'forwarded text', replyTo: null, raw: { type: 'text', context: { forwarded: true } } }],
  ['msg_document', { type: 'document', text: 'caption' }],
  ['msg_chosen_location', { type: 'location', text: 'Facebook HQ' }],
  ['msg_contacts', { type: 'contacts', text: 'Chandler Bing, Monica, Rachel Green' }],
  ['msg_order', { type: 'order', text: null }],
  ['msg_voice', { type: 'audio', text: null }],
  ['msg_unsupported', { type: 'unsupported', text: null }],
  ['button_reply', { type: 'interactive', text: 'title' }],
  ['list_reply', { type: 'interactive', text: 'title' }],
  ['flow_completion', { type: 'interactive', text: 'Sent' }],
  ['template_button', { type: 'button', text: 'title' }],
  // The contact beside it is somebody else's: neither name nor ids may be taken from it.
  [
    'edit_image_caption',
    { type: 'edit', text: 'Updated image caption', peer: { externalIds: ['5511999990003'], profileName: null } },
  ],
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
  ['call_connect', {}],
  [
    'system_number_change',
    { dedupeKey: 'msg:wamid.PW_SY', raw: { from: '5511999990001', system: { wa_id: '5511999990002' } } },
  ],
  ['user_preferences_resume', { occurredAt: 1731705721000, accountId: '100000000000001' }],
  ['account_partner_removed', { occurredAt: 1748477359000, accountId: INBOX, raw: { event: 'PARTNER_REMOVED' } }],
  ['smb_app_state_sync', { occurredAt: 1739321024000 }],
])('%s keeps what matters', async (name, what) => {
  const [event] = await whatsapp.parse(read(name), INBOX)
  expect(event ?? {}).toMatchObject(what)
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
