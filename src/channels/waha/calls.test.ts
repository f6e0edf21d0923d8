/** What WAHA's fixtures do not say: its other events, its answers, and what is asked of it. */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { mediaOf, messageOf, NOW, providerAnswering } from '../test-provider.ts'
import { parseWaha } from './events.ts'
import { waha } from './waha.ts'

const CHAT = '5511999990001@c.us'
const bytes = (text: string) => new TextEncoder().encode(text)
const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status })
const parse = (event: string, payload: unknown) =>
  parseWaha(bytes(JSON.stringify({ event, session: 'default', timestamp: NOW, payload })), 'waha.example/default')

const answering = (...answers: Parameters<typeof providerAnswering>) => {
  const { reach, calls } = providerAnswering(...answers)
  return { reach: { ...reach, accountId: 'waha.example/default', baseUrl: 'https://waha.example' }, calls }
}

test('believes the signature that its documentation gives', async () => {
  const body = bytes('{"event":"message","session":"default","engine":"WEBJS"}')
  const given =
    '208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89'
  expect(createHmac('sha512', 'my-secret-key').update(body).digest('hex')).toBe(given)
  const credentials = { accessToken: '', verifyToken: '', appSecret: 'my-secret-key' }
  expect(await waha.verify(new Headers({ 'x-webhook-hmac': given }), body, credentials)).toBe(true)
})

test.each<[string, string, unknown, object | null]>([
  [
    'an edit',
    'message.edited',
    { editedMessageId: '3EB0A', body: 'Novo', timestamp: 1760000077 },
    { kind: 'edit', target: '3EB0A', text: 'Novo', rank: 1_760_000_077_000 },
  ],
  [
    'a deletion',
    'message.revoked',
    { revokedMessageId: '3EB0A', after: { id: `false_${CHAT}_3EB0B` }, before: null },
    { kind: 'delete', target: '3EB0A', direction: 'incoming' },
  ],
  [
    'a deletion of ours',
    'message.revoked',
    { revokedMessageId: '3EB0A', after: { id: `true_${CHAT}_3EB0B`, fromMe: true } },
    { kind: 'delete', direction: 'outgoing' },
  ],
  [
    'what was written on the phone',
    'message.any',
    { id: `true_${CHAT}_3EB0C`, fromMe: true, body: 'Pelo celular' },
    {
      kind: 'message',
      direction: 'outgoing',
      externalId: '3EB0C',
      peer: { externalIds: ['5511999990001'], profileName: null },
    },
  ],
  [
    'a place',
    'message.any',
    { id: `false_${CHAT}_3EB0D`, location: { latitude: '-23.5', longitude: -46.6, description: 'Sé' } },
    { type: 'location', content: { location: { latitude: -23.5, longitude: -46.6, name: 'Sé' } } },
  ],
  [
    'a card',
    'message.any',
    { id: `false_${CHAT}_3EB0E`, vCards: ['BEGIN:VCARD\nFN:Ana\nTEL:+5511999990077\nEND:VCARD'] },
    { type: 'contacts', content: { contacts: [{ name: 'Ana' }] } },
  ],
  [
    'a file that was not fetched',
    'message.any',
    { id: `false_${CHAT}_3EB0F`, hasMedia: true, media: null },
    { type: 'document', media: [{ handle: null, trouble: 'not_downloaded' }] },
  ],
  [
    'a voice note',
    'message.any',
    {
      id: `false_${CHAT}_3EB0G`,
      hasMedia: true,
      media: { url: 'https://waha.example/api/files/a.oga', mimetype: 'audio/ogg; codecs=opus' },
    },
    { type: 'audio', media: [{ voice: true, mimeType: 'audio/ogg' }] },
  ],
  [
    'who writes in a group',
    'message.any',
    { id: 'false_1203@g.us_3EB0H_5511999990002@c.us', body: 'Oi', _data: { pushName: 'João' } },
    { group: true, content: { author: 'João' }, peer: { externalIds: ['group:1203@g.us'] } },
  ],
  [
    'somebody whose number is hidden',
    'message.any',
    { id: 'false_900000000000001@lid_3EB0I', body: 'Oi' },
    { peer: { externalIds: ['900000000000001@lid'], phone: null } },
  ],
  [
    'that a session was lost',
    'session.status',
    { status: 'FAILED' },
    { kind: 'account', what: 'disconnected', code: 'failed' },
  ],
  ['a call', 'call.received', { id: 'call-1', from: CHAT, timestamp: 1760000077 }, { kind: 'note', what: 'call' }],
  ['no status of the customer’s own message', 'message.ack', { id: `false_${CHAT}_3EB0A`, ack: 3 }, null],
  [
    'no status that one of a group tells',
    'message.ack',
    { id: 'true_1203@g.us_3EB0A_5511999990002@c.us', ack: 3 },
    null,
  ],
  ['no story', 'message.any', { id: 'false_status@broadcast_3EB0J', body: 'Oi' }, null],
])('hears %s', async (_, event, payload, means) => {
  expect(await parse(event, payload)).toMatchObject(
    means === null ? [] : [{ accountId: 'waha.example/default', ...means }],
  )
})

test.each([
  ['image', 'sendImage', { mimeType: 'image/png' }],
  ['video', 'sendVideo', { mimeType: 'video/mp4' }],
  ['document', 'sendFile', { mimeType: 'application/pdf' }],
  ['audio', 'sendVoice', { mimeType: 'audio/ogg', voice: true }],
  ['audio', 'sendFile', { mimeType: 'audio/mpeg' }],
] as const)('sends a file of the kind %s by %s', async (kind, path, of) => {
  const { reach, calls } = answering(json({ id: { _serialized: `true_${CHAT}_3EB0OUT` } }, 201))
  const sent = await waha.send(reach, messageOf({ type: kind, text: null, media: mediaOf({ kind, ...of }) }))
  expect(sent.externalId).toBe('3EB0OUT')
  expect(calls).toMatchObject([
    {
      path: `https://waha.example/api/${path}`,
      body: { session: 'default', chatId: CHAT, file: { mimetype: of.mimeType, url: 'https://files.example/of-it' } },
    },
  ])
})

test('reacts, edits, takes back, and tells that it was read', async () => {
  const { reach, calls } = answering(json({}))
  await waha.send(reach, messageOf({ type: 'reaction', text: '👍', replyTo: '3EB0A' }))
  const before = { externalId: '3EB0B', to: ['5511999990001'], type: 'text' }
  await waha.edit?.(reach, { ...before, text: 'Novo', content: {} })
  await waha.unsend?.(reach, before)
  await waha.markRead(reach, { externalId: '3EB0A', to: ['5511999990001'] })
  const at = `https://waha.example/api/default/chats/5511999990001%40c.us/messages/true_5511999990001%40c.us_3EB0B`
  expect(calls.map(({ method, path }) => [method, path])).toEqual([
    ['PUT', 'https://waha.example/api/reaction'],
    ['PUT', at],
    ['DELETE', at],
    ['POST', 'https://waha.example/api/sendSeen'],
  ])
})

test('an answer that names no message leaves it open whether it was sent', async () => {
  const { reach } = answering(json({ fine: true }))
  await expect(waha.send(reach, messageOf())).rejects.toMatchObject({ class: 'ambiguous', code: 'unreadable' })
})

test('a file is asked of the server itself, whatever host its address names', async () => {
  const { reach, calls } = answering(() => new Response('bytes', { headers: { 'content-type': 'image/jpeg' } }))
  const file = await waha.media?.(reach, { url: 'http://localhost:3000/api/files/default/a.jpeg' })
  expect([file?.mimeType, await new Response(file?.body).text()]).toEqual(['image/jpeg', 'bytes'])
  expect(calls[0]?.path).toBe('https://waha.example/api/files/default/a.jpeg')
  await expect(waha.media?.(reach, { url: 'https://elsewhere.example/secret' })).rejects.toMatchObject({
    class: 'permanent',
  })
})

test('makes the session that is not there, and changes the one that is', async () => {
  const missing = answering(json({ message: 'Session not found' }, 404), json({}))
  await waha.subscribe?.(missing.reach, 'https://prosa.example/webhooks/waha/KEY')
  expect(missing.calls.map(({ method, path }) => `${method} ${path.slice(20)}`)).toEqual([
    'GET /api/sessions/default',
    'POST /api/sessions',
  ])
  const there = answering(json({ status: 'WORKING' }), json({}))
  await waha.subscribe?.(there.reach, 'https://prosa.example/webhooks/waha/KEY')
  expect(there.calls[1]).toMatchObject({
    method: 'PUT',
    body: { config: { webhooks: [{ url: 'https://prosa.example/webhooks/waha/KEY', hmac: { key: 'secret' } }] } },
  })
})

test('finds out that the phone is gone, and that nobody tells us', async () => {
  const { reach } = answering(json({ status: 'SCAN_QR_CODE', config: { webhooks: [] } }))
  const { checks } = (await waha.check?.(reach, 'https://prosa.example/webhooks/waha/KEY')) ?? { checks: [] }
  expect(checks.map(({ what, ok }) => [what, ok])).toEqual([
    ['token', true],
    ['account', false],
    ['webhook', false],
  ])
})

test('the past comes a page at a time, of one person or of all', async () => {
  const rows = Array.from({ length: 50 }, (_, at) => ({
    id: `false_${CHAT}_3EB${at}`,
    timestamp: 1760000000 + at,
    body: 'Oi',
  }))
  const { reach, calls } = answering(json(rows), json([{}, rows[0]]))
  const first = await waha.history?.(reach, { peer: ['5511999990001'], page: null })
  expect([first?.events.length, first?.next, first?.events[0]?.externalId]).toEqual([50, '50', '3EB49'])
  const second = await waha.history?.(reach, { peer: null, page: '50', since: 1_760_000_000_000 })
  expect([second?.events.length, second?.next]).toEqual([1, null])
  expect(calls[1]?.path).toContain('/api/default/chats/all/messages?limit=50&offset=50')
  expect(calls[1]?.path).toContain('filter.timestamp.gte=1760000000')
})

test('shows the code of now, in squares and in letters, and none where there is none', async () => {
  const waiting = answering(json({ status: 'SCAN_QR_CODE' }), json({ value: '2@abc' }), json({ code: 'ABCD-EFGH' }))
  const found = await waha.link?.look(waiting.reach, { begins: false, phone: '5511999990001' })
  expect(found).toEqual({ state: 'waiting', code: { squares: '2@abc', letters: 'ABCD-EFGH' } })
  const late = answering(json({ status: 'SCAN_QR_CODE' }), json({ error: 'Session is not in that state' }, 422))
  expect(await waha.link?.look(late.reach, { begins: false, phone: null })).toEqual({ state: 'waiting', code: null })
  const open = answering(json({ status: 'WORKING' }))
  expect(await waha.link?.look(open.reach, { begins: true, phone: null })).toEqual({ state: 'open', code: null })
})

test('begins only where that is wanted, starts anew, and parts the phone', async () => {
  const { reach, calls } = answering(json({ status: 'STOPPED' }))
  expect(await waha.link?.look(reach, { begins: false, phone: null })).toEqual({ state: 'closed', code: null })
  expect(await waha.link?.look(reach, { begins: true, phone: null })).toEqual({ state: 'connecting', code: null })
  await waha.link?.restart(reach)
  await waha.link?.unlink(reach)
  expect(calls.slice(2).map(({ path }) => path.split('/default/')[1])).toEqual(['start', 'restart', 'logout'])
})
