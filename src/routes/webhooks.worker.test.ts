import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ORIGIN, rowsOf } from '../../test/support/people.ts'
import { stateOf } from '../../test/support/workerd/state.ts'
import { said, signatureOf, webhook } from '../../test/support/workerd/whatsapp.ts'
import { CREDENTIALS, connect, type Inbox, newEmptyWorkspace } from '../../test/support/workerd/workspace.ts'
import textByCode from '../channels/fixtures/evolution/message_text.json'
import instagramPhotos from '../channels/fixtures/instagram/image_and_video.json'
import twoPages from '../channels/fixtures/messenger/batch_two_pages.json'
import batchMixed from '../channels/fixtures/whatsapp/batch_mixed.json'
import { seal } from '../db/credentials.ts'
import { gatewayOf } from '../gateways/address.ts'

const NOW = Date.now()

let inbox: Inbox
let sibling: Inbox
let address: string

beforeEach(async () => {
  address = `10.1.${Math.floor(Math.random() * 256)}.${crypto.getRandomValues(new Uint8Array(1))[0]}`
  ;[inbox, sibling] = (await newEmptyWorkspace(2)) as [Inbox, Inbox]
  const siblings = [inbox, sibling].map(({ accountId, webhookKey }) => ({ accountId, webhookKey }))
  await Promise.all([inbox, sibling].map((one) => connect(one, { siblings })))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

afterEach(() => {
  vi.restoreAllMocks()
})

const url = ({ webhookKey }: Pick<Inbox, 'webhookKey'>, channel = 'whatsapp') =>
  `${ORIGIN}/webhooks/${channel}/${webhookKey}`

async function post(
  body: BodyInit,
  { to = url(inbox), signature = '', from = address }: { to?: string; signature?: string; from?: string } = {},
): Promise<Response> {
  const headers = { 'cf-connecting-ip': from, ...(signature ? { 'x-hub-signature-256': signature } : {}) }
  return exports.default.fetch(new Request(to, { method: 'POST', headers, body }))
}

const signed = async (body: string, secret?: string) => post(body, { signature: await signatureOf(body, secret) })

const oneText = (text: string, to = inbox) => webhook({ accountId: to.accountId, value: said({ text, at: NOW }) })

const bodies = async () =>
  (await rowsOf<{ body: string }>(sql`SELECT body FROM messages WHERE workspace_id = ${inbox.workspaceId}`))
    .map(({ body }) => body)
    .sort()

const journalOf = ({ webhookKey }: Inbox) =>
  runInDurableObject(gatewayOf(env, webhookKey), (_, { storage }) =>
    storage.sql.exec('SELECT * FROM journal').toArray(),
  )

describe('the provider’s check of our address', () => {
  const ask = (query: Record<string, string>, to = url(inbox)) =>
    exports.default.fetch(new Request(`${to}?${new URLSearchParams(query)}`))
  const asked = { 'hub.mode': 'subscribe', 'hub.verify_token': CREDENTIALS.verifyToken, 'hub.challenge': '1158201444' }

  it('is answered with its challenge, as plain text', async () => {
    const answer = await ask(asked)
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444'])
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it.each([
    ['another token', { ...asked, 'hub.verify_token': 'guessed' }],
    ['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['another mode', { ...asked, 'hub.mode': 'unsubscribe' }],
    ['a challenge that is markup', { ...asked, 'hub.challenge': '<script>' }],
  ])('is refused with %s', async (_, query) => {
    const answer = await ask(query)
    expect([answer.status, await answer.text()]).toEqual([403, ''])
  })

  it('finds nothing at a key or a channel that is not ours', async () => {
    expect((await ask(asked, url({ webhookKey: crypto.randomUUID() }))).status).toBe(404)
    expect((await ask(asked, url(inbox, 'instagram'))).status).toBe(404)
    expect((await ask(asked, url(inbox, 'constructor'))).status).toBe(404)
  })
})

describe('a delivery', () => {
  it('is answered 200 with nothing, journaled first, and becomes a message', async () => {
    const answer = await signed(oneText('Bom dia'))
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(await journalOf(inbox)).toHaveLength(1)
    await expect.poll(bodies).toEqual(['Bom dia'])
  })

  it('asks the database nothing before it is answered', async () => {
    await runInDurableObject(gatewayOf(env, inbox.webhookKey), (instance) => {
      Object.assign(instance, { env: { ...env, DATABASE_URL: 'http://127.0.0.1:9' } })
    })
    const asked: string[] = []
    const real = globalThis.fetch
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      asked.push(new URL(input instanceof Request ? input.url : String(input)).origin)
      return real(input, init)
    })
    expect((await signed(oneText('Bom dia'))).status).toBe(200)
    expect(asked).not.toContain(new URL(env.DATABASE_URL).origin)
    expect(await journalOf(inbox)).toMatchObject([{ state: 'pending', tries: 0 }])
    await runInDurableObject(gatewayOf(env, inbox.webhookKey), (instance) => {
      Object.assign(instance, { env })
    })
  })

  it('for several numbers of the app reaches each of them, each part once', async () => {
    const body = JSON.stringify(batchMixed)
      .replaceAll('100000000000001', inbox.accountId)
      .replaceAll('100000000000002', sibling.accountId)
    for (let time = 0; time < 3; time += 1) expect((await signed(body)).status).toBe(200)
    await expect.poll(bodies).toEqual(['oi', 'outro número', 'primeira', 'segunda'])
    expect(await journalOf(inbox)).toHaveLength(5)
    expect(await journalOf(sibling)).toHaveLength(1)
    const { contacts, messages } = await stateOf(inbox.workspaceId)
    expect([contacts.length, messages.length]).toEqual([2, 4])
  })

  it('of Messenger reaches each page', async () => {
    const channel = 'messenger'
    const siblings = [inbox, sibling].map(({ accountId, webhookKey }) => ({ accountId, webhookKey }))
    await Promise.all([inbox, sibling].map((one) => connect(one, { channel, siblings, version: 2 })))
    const body = JSON.stringify(twoPages)
      .replaceAll('300000000000001', inbox.accountId)
      .replaceAll('300000000000002', sibling.accountId)
    const signature = await signatureOf(body)
    for (let time = 0; time < 2; time += 1) {
      expect((await post(body, { to: url(inbox, channel), signature })).status).toBe(200)
    }
    await expect.poll(bodies).toEqual(['página 1', 'página 2'])
    expect([(await journalOf(inbox)).length, (await journalOf(sibling)).length]).toEqual([1, 1])
  })

  it('of Instagram is one message with its files', async () => {
    await connect(inbox, { channel: 'instagram', version: 2 })
    const body = JSON.stringify(instagramPhotos).replaceAll('17840000000000001', inbox.accountId)
    const signature = await signatureOf(body)
    expect((await post(body, { to: url(inbox, 'instagram'), signature })).status).toBe(200)
    const files = () =>
      rowsOf(sql`
        SELECT a.kind, m.type FROM attachments a JOIN messages m ON m.id = a.message_id
        WHERE a.workspace_id = ${inbox.workspaceId} ORDER BY a.kind`)
    await expect.poll(files).toEqual([
      { kind: 'image', type: 'image' },
      { kind: 'video', type: 'image' },
    ])
  })

  it('of an Evolution server carries its secret in a header, and may name the event in the path as well', async () => {
    await connect(inbox, { channel: 'evolution', version: 2 })
    const body = JSON.stringify({ ...textByCode, instance: inbox.accountId })
    const told = (to: string, apikey: string) =>
      exports.default.fetch(new Request(to, { method: 'POST', headers: { 'cf-connecting-ip': address, apikey }, body }))
    const to = url(inbox, 'evolution')
    // The body names a key of the server's: it proves nothing.
    expect((await told(to, textByCode.apikey)).status).toBe(401)
    expect((await told(to, CREDENTIALS.appSecret)).status).toBe(200)
    expect((await told(`${to}/messages-upsert`, CREDENTIALS.appSecret)).status).toBe(200)
    await expect.poll(bodies).toEqual([textByCode.data.message.conversation])
    expect(await journalOf(inbox)).toHaveLength(1)
  })

  it('for a number that is not connected here is kept for the administrators, and shown to no conversation', async () => {
    expect((await signed(oneText('De outro', { ...inbox, accountId: '999' }))).status).toBe(200)
    const kept = async () => (await stateOf(inbox.workspaceId)).kept
    await expect
      .poll(kept)
      .toMatchObject([{ kind: 'unconnected_account', payload: expect.stringContaining('De outro') }])
    expect(await bodies()).toEqual([])
  })

  it('signed by one app for a number of another workspace reaches nobody there', async () => {
    const [stranger] = (await newEmptyWorkspace(1)) as [Inbox]
    await connect(stranger)
    expect((await signed(oneText('Para outro', stranger))).status).toBe(200)
    await expect.poll(async () => (await stateOf(inbox.workspaceId)).kept).toHaveLength(1)
    expect(await journalOf(stranger)).toEqual([])
  })

  it.each([
    ['broken JSON', '{"object":"whatsapp_business_account","entry":['],
    ['no JSON at all', 'hello'],
    ['nothing', ''],
    ['another object', '{"object":"page"}'],
    ['a list', '[1,2,3]'],
    ['what is too deep', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['bytes that are no text', '\ufffd\u0000'],
  ])('of %s, if signed, is kept as unknown', async (_, body) => {
    expect((await signed(body)).status).toBe(200)
    await expect.poll(async () => (await stateOf(inbox.workspaceId)).kept).toMatchObject([{ kind: 'unknown' }])
  })

  it('of four MiB is taken, and of one byte more is not, whether it says so or not', async () => {
    const big = ' '.repeat(4 * 1024 * 1024 - 2)
    expect((await signed(`{}${big}`)).status).toBe(200)
    expect((await post(`{} ${big}`)).status).toBe(413)
    const unsaid = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 5; part += 1) controller.enqueue(new Uint8Array(1024 * 1024))
        controller.close()
      },
    })
    expect((await post(unsaid)).status).toBe(413)
  })
})

describe('a signature', () => {
  it('that is missing, malformed or of other bytes is refused, and nothing is kept', async () => {
    const body = oneText('Eu sou o Zuck')
    const good = await signatureOf(body)
    for (const signature of [
      '',
      'sha256=',
      good.toUpperCase(),
      good.slice(0, -1),
      `${good}0`,
      `sha1=${good.slice(7)}`,
      await signatureOf(`${body} `),
    ]) {
      const answer = await post(body, { signature })
      expect([answer.status, await answer.text()]).toEqual([401, ''])
    }
    expect((await signed(body, 'another secret')).status).toBe(401)
    expect(await journalOf(inbox)).toEqual([])
  })

  it('fault 8: of either secret is good while they are rotated, and of the revoked one afterwards is not', async () => {
    const of = { workspaceId: inbox.workspaceId, inboxId: inbox.id }
    const rotate = async (version: number, secrets: object) =>
      connect(inbox, {
        version,
        sealedCredentials: await seal(env.CREDENTIALS_KEY, of, { ...CREDENTIALS, ...secrets }),
      })
    await rotate(2, { appSecret: 'new', previousAppSecret: CREDENTIALS.appSecret })
    expect((await signed(oneText('com o antigo'))).status).toBe(200)
    expect((await signed(oneText('com o novo'), 'new')).status).toBe(200)
    await rotate(3, { appSecret: 'new' })
    expect((await signed(oneText('tarde demais'))).status).toBe(401)
    await expect.poll(bodies).toEqual(['com o antigo', 'com o novo'])
  })

  it('that is wrong for the 61st time in a minute from one address is not even looked at', async () => {
    for (let time = 0; time < 60; time += 1) expect((await post('{}')).status).toBe(401)
    const answer = await post('{}')
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await signed(oneText('também não'))).status).toBe(429)

    address = `${address}0`
    expect((await signed(oneText('de outro lugar'))).status).toBe(200)
  })
})

it('an address that is nobody’s is not found, and leaves no database behind', async () => {
  const key = crypto.randomUUID()
  const body = oneText('Oi')
  const signature = await signatureOf(body)
  expect((await post(body, { to: url({ webhookKey: key }), signature })).status).toBe(404)
  expect((await post(body, { to: url(inbox, 'instagram'), signature })).status).toBe(404)
  expect((await post(body, { to: `${ORIGIN}/webhooks/whatsapp/${'x'.repeat(65)}`, signature })).status).toBe(404)
  expect((await post(body, { to: `${ORIGIN}/webhooks/whatsapp/%F0%9F%92%A9`, signature })).status).toBe(404)
  const tables = await runInDurableObject(gatewayOf(env, key), (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  )
  expect(tables).toEqual([])
})

describe('fault 3, fault 5: a gateway that cannot be reached', () => {
  const body = () =>
    webhook(
      { accountId: inbox.accountId, value: said({ id: 'wamid.ours', text: 'nosso', at: NOW }) },
      { accountId: sibling.accountId, value: said({ id: 'wamid.theirs', text: 'do irmão', at: NOW }) },
    )
  const breakIt = ({ webhookKey }: Inbox) =>
    runInDurableObject(gatewayOf(env, webhookKey), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE journal RENAME TO hidden')
    })
  const mend = ({ webhookKey }: Inbox) =>
    runInDurableObject(gatewayOf(env, webhookKey), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE hidden RENAME TO journal')
    })

  it('is told by 503, and when the provider comes back everything is there once', async () => {
    await breakIt(sibling)
    const sent = body()
    expect((await signed(sent)).status).toBe(503)
    await expect.poll(bodies).toEqual(['nosso'])
    await mend(sibling)
    expect((await signed(sent)).status).toBe(200)
    await expect.poll(bodies).toEqual(['do irmão', 'nosso'])
    expect(await journalOf(inbox)).toHaveLength(1)
  })

  it('is told by 503 too where it is the one that knows the secret', async () => {
    await connect(inbox, { version: 2, sealedCredentials: 'v1.AAAA.AAAA' })
    expect((await signed(oneText('Oi'))).status).toBe(503)
  })
})
