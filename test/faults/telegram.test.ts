/** The rows of the fault matrix that a bot meets, with the simulator as its provider. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { until } from '../../bench/numbers.ts'
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import { type Customer, type Simulator, simulatorAt } from '../browser/simulator.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { becomes } from '../support/story.ts'

const KEY = 'demo-tg'
const PATIENCE = { timeout: 45_000, interval: 100 }

let prosa: Demo
let stored: Stored
let ana: Agent
let simulator: Simulator

beforeAll(async () => {
  prosa = await startDemo(inject('seededFolder'))
  stored = storedIn(prosa.databaseUrl)
  simulator = simulatorAt(prosa.simulatorUrl)
  ana = await signIn(prosa.url, 'ana@prosa.test')
})

afterEach(() => simulator.calm())

afterAll(async () => {
  ana?.leave()
  stored?.close()
  await prosa?.stop()
})

let people = 0

async function begun(): Promise<{ id: string; customer: Customer }> {
  people += 1
  const customer = await simulator.newCustomer(`Cliente do bot ${people}`, KEY)
  await customer.writes('bom dia')
  return { customer, id: await until('The list shows who wrote', () => ana.conversationWith(customer.name)) }
}

const textsOn = async (customer: Customer) => (await customer.received()).map(({ text }) => text)
const bodies = async (text: string) =>
  (await stored.client.execute({ sql: 'SELECT id FROM messages WHERE body = ?', args: [text] })).rows.length

it('24: asked to wait, it waits as long as asked, and sends once', async () => {
  const { id, customer } = await begun()
  await simulator.fault({ kind: 'code', code: 429, retryAfter: '3', channel: 'telegram' })
  const at = Date.now()
  await ana.reply(id, 'devagar')
  await becomes(stored, 'devagar', 'sent')
  expect(Date.now() - at).toBeGreaterThanOrEqual(3_000)
  expect(await textsOn(customer)).toEqual(['devagar'])
})

it('25: told that it could not be taken now, it tries again by itself', async () => {
  const { id, customer } = await begun()
  await simulator.fault({ kind: 'code', code: 500, channel: 'telegram', count: 2 })
  await ana.reply(id, 'de novo')
  await becomes(stored, 'de novo', 'sent')
  expect(await textsOn(customer)).toEqual(['de novo'])
})

it.each([
  ['an answer that breaks off', { kind: 'broken_json', accepted: true }, 1],
  ['a gateway that answers for Telegram', { kind: 'http_502' }, 0],
  ['a connection that ends without a word', { kind: 'reset', accepted: true }, 1],
])(
  '26: %s leaves it unknown: there is nothing that could prove it, and it is never sent again',
  async (what, fault, there) => {
    const { id, customer } = await begun()
    await simulator.fault({ channel: 'telegram', ...fault })
    await ana.reply(id, what)
    await becomes(stored, what, 'unknown')
    await ana.reply(id, `${what}, e mais`)
    await becomes(stored, `${what}, e mais`, 'sent')
    expect((await textsOn(customer)).filter((text) => text === what)).toHaveLength(there)
    expect(await stored.attemptsOf(what)).toEqual(['unknown'])
  },
)

it('7: the same update fifty times at once is one message; with another secret none', async () => {
  const update = (text: string) => ({
    update_id: 900_000_777,
    message: {
      message_id: 777,
      from: { id: 8_100_000_777, first_name: 'Rita' },
      chat: { id: 8_100_000_777, type: 'private' },
      date: 1_790_000_000,
      text,
    },
  })
  const post = async (text: string, secret: string) => {
    const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
    const answer = await fetch(`${prosa.url}/webhooks/telegram/${KEY}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(update(text)),
    })
    return answer.status
  }
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => post('cinquenta vezes', DEMO_SECRETS.telegramSecret)),
  )
  expect(new Set(answers)).toEqual(new Set([200]))
  await expect.poll(() => bodies('cinquenta vezes'), PATIENCE).toBe(1)
  expect(await post('de ninguém', 'another secret')).toBe(401)
  expect(await bodies('de ninguém')).toBe(0)
})

it('a button that was pressed is heard though Telegram will not hear that it was', async () => {
  const { id, customer } = await begun()
  await ana.post(`/conversations/${id}/messages/new`, {
    kind: 'buttons',
    body: 'Qual?',
    title1: 'Azul',
    clientKey: randomUUID(),
  })
  await becomes(stored, 'Qual?', 'sent')
  const [offered] = await customer.received()
  await simulator.fault({ kind: 'reset', channel: 'telegram', on: 'callback' })
  const press = await customer.presses(offered?.id ?? '', 'b1')
  await expect.poll(() => bodies('Azul'), PATIENCE).toBe(1)
  expect(await customer.wrote(press)).toMatchObject({ mark: 'Botão apertado: esperando' })
})

// The last: it stops the bot.
it('27: a revoked token stops the bot, says so, and what is queued stays', async () => {
  const { id, customer } = await begun()
  await simulator.fault({ kind: 'code', code: 401, channel: 'telegram' })
  await ana.reply(id, 'token revogado')
  await expect
    .poll(async () => (await ana.part(`/conversations/${id}`)).body.toString(), PATIENCE)
    .toContain('class="banner"')
  await ana.reply(id, 'depois dele')
  await becomes(stored, 'token revogado', 'queued')
  await becomes(stored, 'depois dele', 'queued')
  expect(await textsOn(customer)).toEqual([])
})
