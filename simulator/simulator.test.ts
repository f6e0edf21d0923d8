/** What the simulator does on every channel, seen on WhatsApp texts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { DEMO_SECRETS } from '../scripts/demo.ts'
import { whatsapp } from '../src/channels/whatsapp/whatsapp.ts'
import { startSimulator } from './server.ts'
import { simulated as begin, closing, codeOf, until } from './small-prosa.ts'

const NUMBER = '100000000000001'
/** With a WhatsApp number's way to send. */
async function simulated(behaviour: object = {}, stateFile: string | null = null) {
  const there = await begin(behaviour, stateFile)
  const send = (of: object = {}, token: string = DEMO_SECRETS.accessToken) =>
    there.graph(
      'POST',
      `${NUMBER}/messages`,
      {
        messaging_product: 'whatsapp',
        to: '+5511999990001',
        type: 'text',
        text: { body: 'Olá!' },
        biz_opaque_callback_data: 'attempt-1',
        ...of,
      },
      token,
    )
  return { ...there, send }
}

const idOf = async (response: Response) =>
  z.object({ messages: z.tuple([z.object({ id: z.string() })]) }).parse(await response.json()).messages[0].id

describe('a customer writes', () => {
  test('and Prosa is told by a signed webhook, in Meta’s letters', async () => {
    const { write, webhooks } = await simulated()
    const { status, body } = await write('mariana', 'Olá, tudo bem? 💙')
    expect(status).toBe(201)
    await until(() => expect(webhooks).toHaveLength(1))
    const [webhook] = webhooks
    expect(webhook).toMatchObject({ path: '/webhooks/whatsapp/demo-wa-1', signed: true })
    expect(webhook?.raw).toContain('Ol\\u00e1')
    expect(webhook?.raw).not.toMatch(/[^ -~]/)
    expect(webhook?.value).toMatchObject({
      metadata: { phone_number_id: NUMBER, display_phone_number: '5511900000001' },
      contacts: [{ profile: { name: 'Mariana Costa' }, wa_id: '5511999990001' }],
      messages: [{ id: body.id, from: '5511999990001', type: 'text', text: { body: 'Olá, tudo bem? 💙' } }],
    })
  })

  test('from Belo Horizonte, without the ninth digit; quoting', async () => {
    const { write, webhooks } = await simulated()
    await write('joao', 'oi', { replyTo: 'wamid.QUOTED' })
    await until(() =>
      expect(webhooks[0]?.value?.messages).toMatchObject([{ from: '553188880002', context: { id: 'wamid.QUOTED' } }]),
    )
  })

  test('by a username: the number is nowhere', async () => {
    const { api, webhooks } = await simulated()
    const { body: helena } = await api('POST', 'customers', {
      name: 'Helena',
      number: '+55 11 98888-7777',
      hidesNumber: true,
    })
    await api('POST', `customers/${helena.id}/messages`, { inbox: 'demo-wa-2', text: 'oi' })
    await until(() =>
      expect(webhooks[0]?.value?.messages).toMatchObject([{ from_user_id: expect.stringMatching(/^BR\.\d+$/) }]),
    )
    expect(webhooks[0]?.raw).not.toMatch(/"(?:from|wa_id)"|988887777/)
  })

  test('and Prosa is down: it is told again until it says 200', async () => {
    const { write, webhooks, says, api } = await simulated()
    says.status = 503
    await write('mariana', 'oi')
    await until(() => expect(webhooks.length).toBeGreaterThanOrEqual(3))
    expect((await api('GET', 'state')).body.prosa).toMatchObject({ waiting: 1, reached: false })
    says.status = 200
    await until(() => expect(webhooks.at(-1)?.value).toBeDefined())
    await expect.poll(async () => (await api('GET', 'state')).body.prosa).toMatchObject({ waiting: 0, reached: true })
    expect(new Set(webhooks.map(({ raw }) => raw)).size).toBe(1)
    const { body } = await api('GET', 'ledger')
    expect(body.deliveries.map((one: { status: number }) => one.status).at(0)).toBe(503)
  })

  test('and is read: the phone shows it, and that somebody types', async () => {
    const { write, simulator, api } = await simulated()
    const { body: message } = await write('mariana', 'oi')
    const response = await fetch(`${simulator.url}/graph/v24.0/${NUMBER}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${DEMO_SECRETS.accessToken}` },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        status: 'read',
        message_id: message.id,
        typing_indicator: { type: 'text' },
      }),
    })
    expect(await response.json()).toEqual({ success: true })
    const [mariana] = (await api('GET', 'state')).body.customers
    expect(mariana.chats[0]).toMatchObject({ typing: true, messages: [{ state: 'read' }] })
  })
})

describe('Prosa sends', () => {
  test('and hears sent, delivered and, once the phone is looked at, read', async () => {
    const { write, send, api, statuses, told } = await simulated()
    await write('mariana', 'oi')
    const response = await send()
    expect(response.status).toBe(200)
    const id = await idOf(response)
    expect(id).toMatch(/^wamid\./)
    await until(() => expect(told()).toEqual(['sent', 'delivered']))
    await sleep(50)
    expect(told()).toEqual(['sent', 'delivered'])
    await api('POST', 'customers/mariana/view', { inbox: 'demo-wa-1' })
    await until(() => expect(told()).toEqual(['sent', 'delivered', 'read']))
    expect(statuses().every((status) => status.id === id && status.biz_opaque_callback_data === 'attempt-1')).toBe(true)
  })

  test('to Belo Horizonte: the answer names the number as WhatsApp knows it', async () => {
    const { write, send } = await simulated()
    await write('joao', 'oi')
    const answer = await (await send({ to: '+5531988880002' })).json()
    expect(answer).toMatchObject({ contacts: [{ input: '+5531988880002', wa_id: '553188880002' }] })
  })

  test('to a phone that is off: delivered when it is on again', async () => {
    const { write, send, api, told } = await simulated()
    await write('mariana', 'oi')
    await api('PATCH', 'customers/mariana', { online: false })
    await send()
    await until(() => expect(told()).toEqual(['sent']))
    await sleep(50)
    expect(told()).toEqual(['sent'])
    await api('PATCH', 'customers/mariana', { online: true })
    await until(() => expect(told()).toEqual(['sent', 'delivered']))
  })

  test('to somebody who tells nobody what was read', async () => {
    const { write, send, api, told } = await simulated()
    await write('mariana', 'oi')
    await api('PATCH', 'customers/mariana', { readReceipts: false })
    await send()
    await until(() => expect(told()).toEqual(['sent', 'delivered']))
    await api('POST', 'customers/mariana/view', { inbox: 'demo-wa-1' })
    await sleep(50)
    expect(told()).toEqual(['sent', 'delivered'])
  })

  test('to a number that nobody was seen with: a phone is found for it', async () => {
    const { send, api, told } = await simulated()
    expect((await send({ to: '+5571999990123' })).status).toBe(200)
    await until(() => expect(told()).toEqual(['sent', 'delivered']))
    expect((await api('GET', 'state')).body.customers.at(-1)).toMatchObject({ number: '+5571999990123', origin: 'met' })
  })

  test.each<[string, string[]]>([
    ['reversed', ['delivered', 'sent']],
    ['duplicated', ['delivered', 'delivered', 'sent', 'sent']],
    ['dropped', []],
  ])('and hears its statuses %s', async (order, wanted) => {
    const { write, send, told, statuses } = await simulated({ statuses: order })
    await write('mariana', 'oi')
    await send()
    await until(() => expect(order === 'reversed' ? told() : told().toSorted()).toEqual(wanted))
    await sleep(60)
    expect(told()).toHaveLength(wanted.length)
    if (order === 'reversed')
      expect(Number(statuses()[1]?.timestamp)).toBeLessThanOrEqual(Number(statuses()[0]?.timestamp))
  })

  test('and hears each webhook as often as it is told to', async () => {
    const { write, webhooks } = await simulated({ webhookCopies: 5 })
    await write('mariana', 'oi')
    await until(() => expect(webhooks).toHaveLength(5))
    expect(new Set(webhooks.map(({ raw }) => raw)).size).toBe(1)
  })
})

describe('Prosa is refused', () => {
  test.each<[string, object, string, number, number]>([
    ['a wrong token', {}, 'wrong', 401, 190],
    ['a text that is too long', { text: { body: 'a'.repeat(4097) } }, DEMO_SECRETS.accessToken, 400, 100],
    ['no text', { text: undefined }, DEMO_SECRETS.accessToken, 400, 131008],
    ['nobody to send it to', { to: undefined }, DEMO_SECRETS.accessToken, 400, 131008],
    ['another product', { messaging_product: 'sms' }, DEMO_SECRETS.accessToken, 400, 100],
  ])('for %s', async (_, of, token, status, code) => {
    const { send } = await simulated()
    const response = await send(of, token)
    expect(response.status).toBe(status)
    expect(await codeOf(response)).toBe(code)
  })

  test.each<[string, object, number]>([
    ['who never wrote', {}, 131047],
    ['at a landline', { to: '+551133330001' }, 131026],
    ['whose id nobody has', { to: undefined, recipient: 'BR.1' }, 131026],
  ])('later, by a failed status, for somebody %s', async (_, of, code) => {
    const { send, statuses } = await simulated()
    expect((await send(of)).status).toBe(200)
    await until(() => expect(statuses()).toMatchObject([{ status: 'failed', errors: [{ code }] }]))
  })

  test('when more than a day has passed; at once, where it is told to', async () => {
    const { write, send, api } = await simulated({ refusals: 'answer' })
    await write('mariana', 'oi')
    expect((await send()).status).toBe(200)
    await api('POST', 'customers/mariana/window', { inbox: 'demo-wa-1', open: false })
    expect(await codeOf(await send())).toBe(131047)
  })

  test('when it sends too fast: in all, and to one person', async () => {
    const { write, send, api } = await simulated({ pairBurst: 2 })
    await write('mariana', 'oi')
    const codes = []
    for (let n = 0; n < 3; n++) codes.push((await send()).status)
    expect(codes).toEqual([200, 200, 400])
    expect(await codeOf(await send())).toBe(131056)
    await api('PATCH', 'behaviour', { throughputPerSecond: 1, pairBurst: 1000 })
    const second = await Promise.all([send(), send(), send()])
    expect(await Promise.all(second.filter(({ status }) => status !== 200).map(codeOf))).toContain(130429)
  })
})

describe('something is wrong on the way', () => {
  test.each<[object, number, RegExp]>([
    [{ kind: 'code', code: 131016 }, 500, /131016/],
    [{ kind: 'code', code: 424242 }, 400, /424242/],
    [{ kind: 'http_429', retryAfter: '30' }, 429, /Too Many/],
    [{ kind: 'http_500' }, 500, /"code":131000/],
    [{ kind: 'http_502' }, 502, /<html>/],
    [{ kind: 'broken_json' }, 200, /"wami$/],
  ])('%o, once', async (fault, status, text) => {
    const { write, send, api } = await simulated()
    await write('mariana', 'oi')
    expect((await api('POST', 'faults', fault)).status).toBe(201)
    const response = await send()
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBe('retryAfter' in fault ? '30' : null)
    expect(await response.text()).toMatch(text)
    expect((await send()).status).toBe(200)
  })

  test('a connection that is cut, an answer that never comes', async () => {
    const { send, api, simulator } = await simulated()
    await api('POST', 'faults', { kind: 'reset', count: 2 })
    await expect(send()).rejects.toThrow()
    await expect(send()).rejects.toThrow()
    await api('POST', 'faults', { kind: 'hang' })
    const hanging = fetch(`${simulator.url}/graph/v24.0/${NUMBER}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${DEMO_SECRETS.accessToken}` },
      body: '{}',
      signal: AbortSignal.timeout(100),
    })
    await expect(hanging).rejects.toThrow(/timeout/)
    const { body } = await api('GET', 'ledger')
    expect(body.sends.map((one: { answer: unknown }) => one.answer)).toEqual(['reset', 'reset', 'hang'])
  })

  test('only the answer is lost: the message arrives, and its statuses prove it', async () => {
    const { write, send, api, statuses, told } = await simulated()
    await write('mariana', 'oi')
    await api('POST', 'faults', { kind: 'reset', accepted: true })
    await expect(send()).rejects.toThrow()
    await until(() => expect(told()).toEqual(['sent', 'delivered']))
    expect(statuses()[0]?.biz_opaque_callback_data).toBe('attempt-1')
  })

  test('a code that comes later', async () => {
    const { write, send, api, statuses } = await simulated()
    await write('mariana', 'oi')
    await api('POST', 'faults', { kind: 'code', code: 131049, as: 'status' })
    expect((await send()).status).toBe(200)
    await until(() => expect(statuses()).toMatchObject([{ status: 'failed', errors: [{ code: 131049 }] }]))
  })

  test('an outage, of either kind', async () => {
    const { send, api } = await simulated({ outage: 'unavailable' })
    const response = await send()
    expect([response.status, await codeOf(response)]).toEqual([503, 2])
    await api('PATCH', 'behaviour', { outage: 'unreachable' })
    await expect(send()).rejects.toThrow()
  })
})

describe('its own address', () => {
  test('says what is wrong with a request', async () => {
    const { api } = await simulated()
    expect((await api('POST', 'customers/nobody/messages', { inbox: 'demo-wa-1', text: 'oi' })).status).toBe(404)
    expect((await api('POST', 'customers/mariana/messages', { inbox: 'nowhere', text: 'oi' })).status).toBe(404)
    expect((await api('POST', 'customers/mariana/messages', { text: 'oi' })).status).toBe(422)
    expect((await api('PATCH', 'behaviour', { statuses: 'sometimes' })).status).toBe(422)
    expect((await api('POST', 'faults', { kind: 'code' })).status).toBe(422)
    expect((await api('GET', 'nothing')).status).toBe(404)
    expect((await api('DELETE', 'customers/mariana')).status).toBe(409)
  })

  test('answers to this machine alone', async () => {
    const { simulator } = await simulated()
    const elsewhere = await fetch(`${simulator.url}/api/reset`, {
      method: 'POST',
      headers: { origin: 'https://example.com' },
    })
    expect(elsewhere.status).toBe(403)
  })

  test('replays known payloads, as they are or as if it were now', async () => {
    const { api, webhooks } = await simulated()
    const { body } = await api('GET', 'fixtures')
    expect(body.whatsapp.length).toBeGreaterThanOrEqual(60)
    expect((await api('POST', 'fixtures/msg_text', { inbox: 'demo-wa-2', fresh: false })).body).toEqual({ status: 200 })
    await api('POST', 'fixtures/msg_text', { inbox: 'demo-wa-2' })
    expect(webhooks.map(({ signed }) => signed)).toEqual([true, true])
    expect(webhooks[0]?.value).toMatchObject({
      metadata: { phone_number_id: NUMBER },
      messages: [{ id: 'wamid.PW_TEXT' }],
    })
    expect(webhooks[1]?.value?.metadata?.phone_number_id).toBe('100000000000002')
    expect(webhooks[1]?.value?.messages?.[0]?.id).toMatch(/^wamid\.PW_TEXT\../)
    expect((await api('POST', 'fixtures/..%2Fexpect', { inbox: 'demo-wa-2' })).status).toBe(404)
  })

  test('sends what no provider would send', async () => {
    const { api, webhooks } = await simulated()
    await api('POST', 'webhooks', { inbox: 'demo-wa-1', body: '{"entry":', signature: 'wrong' })
    expect(webhooks).toMatchObject([{ raw: '{"entry":', signed: false }])
  })

  test('has a page that asks nobody else for anything', async () => {
    const { simulator } = await simulated()
    const page = await fetch(simulator.url)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const files = (await page.text()).match(/(?:src|href)="\/[^"]+"/g) ?? []
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) {
      const response = await fetch(new URL(file.split('"')[1] ?? '', simulator.url))
      expect(response.status, file).toBe(200)
    }
  })
})

test('Prosa’s own adapter and the simulator understand each other', async () => {
  const { write, simulator, webhooks, api } = await simulated()
  const credentials = { ...DEMO_SECRETS }
  const reach = {
    credentials,
    accountId: NUMBER,
    settings: {},
    baseUrl: `${simulator.url}/graph/v24.0`,
    fetch,
    now: Date.now,
  }
  const heard = async () => {
    const parsed = await Promise.all(webhooks.map(({ raw }) => whatsapp.parse(new TextEncoder().encode(raw), NUMBER)))
    return parsed.flat()
  }

  const { body: question } = await write('joao', 'Chegou?')
  await until(() => expect(webhooks).toHaveLength(1))
  const [asked] = await heard()
  if (asked?.kind !== 'message') throw new Error('no message')
  expect(asked).toMatchObject({ externalId: question.id, text: 'Chegou?', peer: { phone: '+5531988880002' } })

  await whatsapp.markRead(reach, { externalId: asked.externalId, to: asked.peer.externalIds })
  const reply = {
    ...{ attemptId: 'attempt-2', to: asked.peer.externalIds, type: 'text', text: 'Hoje à tarde.', content: {} },
    ...{ media: null, replyTo: asked.externalId, humanAgent: false },
  }
  const sent = await whatsapp.send(reach, reply)
  expect(sent.address).toBe('553188880002')
  await until(() => expect(webhooks).toHaveLength(3))
  expect((await heard()).slice(1)).toMatchObject([
    { kind: 'status', status: 'sent', target: sent.externalId, attemptId: 'attempt-2' },
    { kind: 'status', status: 'delivered', target: sent.externalId, attemptId: 'attempt-2' },
  ])

  await api('POST', 'faults', { kind: 'http_429', retryAfter: '7' })
  await expect(whatsapp.send(reach, reply)).rejects.toMatchObject({ class: 'throttled', retryAfterMs: 7_000 })
  await api('POST', 'faults', { kind: 'reset' })
  await expect(whatsapp.send(reach, reply)).rejects.toMatchObject({ class: 'ambiguous' })
})

test('a restart keeps the chats, and takes up what was on its way', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  closing.push(async () => rmSync(folder, { recursive: true }))
  const file = join(folder, 'data', 'simulator.json')
  const { write, says, simulator, url, webhooks } = await simulated({}, file)
  says.status = 503
  await write('mariana', 'antes')
  await until(() => expect(webhooks.length).toBeGreaterThan(0))
  await simulator.close()
  closing.pop()

  says.status = 200
  const seen = webhooks.length
  const again = await startSimulator({ port: 0, prosaUrl: url, stateFile: file })
  closing.push(again.close)
  await until(() => expect(webhooks.length).toBe(seen + 1))
  const state = z.object({ customers: z.array(z.looseObject({ chats: z.array(z.looseObject({})) })) })
  await expect
    .poll(async () => state.parse(await (await fetch(`${again.url}/api/state`)).json()).customers[0]?.chats)
    .toContainEqual(
      expect.objectContaining({ messages: [expect.objectContaining({ text: 'antes', state: 'delivered' })] }),
    )
})

describe('the process', () => {
  const main = join(import.meta.dirname, 'main.ts')

  async function place() {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    await new Promise((resolve) => probe.close(resolve))
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
    closing.push(async () => rmSync(folder, { recursive: true }))
    const env = { ...process.env, PORT: String(port), PROSA_URL: 'http://127.0.0.1:1', PROSA_DATA: folder }
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ status }) => status,
        () => 0,
      )
    return { env, answers }
  }

  test('stops when it is asked to', async () => {
    const { env, answers } = await place()
    const child = spawn(process.execPath, [main], { env, stdio: 'ignore' })
    await expect.poll(answers, { timeout: 40_000 }).toBe(200)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  }, 100_000)

  test('does not outlive whoever started it', async () => {
    const { env, answers } = await place()
    const script = `require('node:child_process').spawn(process.execPath, [${JSON.stringify(main)}], { stdio: 'ignore' })`
    const parent = spawn(process.execPath, ['-e', script], { env, stdio: 'ignore' })
    await expect.poll(answers, { timeout: 40_000 }).toBe(200)
    parent.kill('SIGKILL')
    await expect.poll(answers, { timeout: 40_000 }).toBe(0)
  }, 100_000)
})
