import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type Agent, signIn } from '../support/agent.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { type Provider, startProvider } from '../support/provider.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { appliedOnce } from '../support/story.ts'
import {
  type Customer,
  envelope,
  type Line,
  lineAt,
  newCustomer,
  type Status,
  type Text,
  textFrom,
  written,
} from '../support/whatsapp.ts'

const FACTS: Status[] = ['sent', 'delivered', 'read', 'failed']

let provider: Provider
let prosa: Demo
let stored: Stored
let line: Line
let ana: Agent

beforeAll(async () => {
  provider = await startProvider()
  prosa = await startDemo(inject('seededFolder'), { graphUrl: provider.url })
  stored = storedIn(prosa.databaseUrl)
  line = lineAt(prosa.url)
  ana = await signIn(prosa.url, 'ana@prosa.test')
})

afterAll(async () => {
  ana.leave()
  stored.close()
  await prosa.stop()
  await provider.stop()
})

it('7: the same body fifty times at once is one message', async () => {
  const text = textFrom(newCustomer('Cinquenta'), 'uma vez só')
  const body = envelope(line.change(written(text)))

  const answers = await Promise.all(Array.from({ length: 50 }, () => line.post(body)))

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  await appliedOnce(stored, [text])
  expect(await ana.thread(await conversationOf(text.from))).toMatchObject([{ text: 'uma vez só', state: 'received' }])
})

it('7: what comes again in another grouping and another order is there once', async () => {
  const customers = ['Aurora', 'Bento', 'Cora'].map(newCustomer)
  const texts = Array.from({ length: 30 }, (_, at) => textFrom(customers[at % 3] as Customer, `recado ${at}`))
  const groupings = [groupsOf(texts, 1), groupsOf(texts.toReversed(), 7), groupsOf(texts, 30)]

  const statuses = await Promise.all(groupings.flat().map((group) => line.texts(...group)))

  expect(new Set(statuses)).toEqual(new Set([200]))
  await appliedOnce(stored, texts)
})

it('14: a kind that nobody knows is kept, and what stands beside it is shown', async () => {
  const text = textFrom(newCustomer('Ao lado'), 'e eu também')
  const unknown = { field: 'messages', value: { metadata: { phone_number_id: '100000000000001' }, novelty: [{}] } }
  expect(
    (await line.post(envelope(unknown, line.change(written(text)), { field: 'novelties', value: 7 }))).status,
  ).toBe(200)
  await appliedOnce(stored, [text])
})

it('19: two images within a millisecond open one conversation', async () => {
  const texts = Array.from({ length: 20 }, () => newCustomer('Duas fotos')).map((customer) => [
    textFrom(customer, 'foto 1'),
    textFrom(customer, 'foto 2'),
  ])
  await Promise.all(texts.flat().map((one) => line.post(envelope(line.change(image(one))))))
  await appliedOnce(stored, texts.flat())
})

it('7: after hours, fifty copies at once and one message more are answered once', async () => {
  const week = Array.from({ length: 7 }, () => [] as { from: number; until: number }[])
  week[new Date(Date.now() + 3 * 86_400_000).getUTCDay()] = [{ from: 0, until: 1 }]
  await stored.client.execute({
    sql: `INSERT INTO business_hours (workspace_id, department_id, week, answer)
      SELECT workspace_id, '', ?, 'Voltamos logo.' FROM inboxes WHERE webhook_key = 'demo-wa-1'`,
    args: [JSON.stringify(week)],
  })
  const customer = newCustomer('Depois da hora')
  const [first, second] = [textFrom(customer, 'tem alguém?'), textFrom(customer, 'e agora?')]
  const body = envelope(line.change(written(first)))
  await Promise.all(Array.from({ length: 50 }, () => line.post(body)))
  await expect.poll(() => provider.sendsOf('Voltamos logo.').map(({ to }) => to)).toEqual([customer.waId])
  await line.texts(second, first)
  await expect.poll(() => stored.countOf([first, second])).toBe(2)
  await stored.client.execute(`DELETE FROM business_hours`)
  await line.texts(textFrom(customer, 'até'))
  expect(await stored.attemptsOf('Voltamos logo.')).toHaveLength(1)
  expect(provider.sendsOf('Voltamos logo.')).toHaveLength(1)
})

it('statuses of a message end the same, in whatever order they come', async () => {
  const orders = [
    ...permutationsOf(FACTS).map((order) => ({ order, end: 'read' })),
    ...permutationsOf(FACTS.filter((fact) => fact !== 'read')).map((order) => ({ order, end: 'delivered' })),
    ...permutationsOf<Status>(['sent', 'failed']).map((order) => ({ order, end: 'failed' })),
  ]
  const told = await sentBy(await Promise.all(['ana', 'bruno', 'carla', 'diego'].map(agentNamed)), orders)

  await Promise.all(
    told.map(async ({ text, order }) => {
      const [send] = provider.sendsOf(text)
      if (!send) throw new Error(`${text} was never sent.`)
      for (const status of order) await line.status(send, status, { proof: false })
      // And once more the other way round: nothing of it is news.
      for (const status of order.toReversed()) await line.status(send, status, { proof: false })
    }),
  )

  const ends = async () => {
    const states = await stored.attemptsOfEach(told.map(({ text }) => text))
    return told.map(({ order }, at) => [order, states[at]])
  }
  await expect.poll(ends).toEqual(told.map(({ order, end }) => [order, [end]]))
  await settled(told.map(({ text }) => text))
  expect(await ends()).toEqual(told.map(({ order, end }) => [order, [end]]))
})

const agentNamed = (name: string) => signIn(prosa.url, `${name}@prosa.test`)

/** One answer for each of these; no more from one person, and to one customer, than the limits let through. */
async function sentBy<Told>(agents: Agent[], told: Told[]): Promise<(Told & { text: string })[]> {
  const customers = Array.from({ length: Math.ceil(told.length / 4) }, () => newCustomer('Em ordem'))
  const greetings = customers.map((customer) => textFrom(customer, 'oi'))
  await line.texts(...greetings)
  await appliedOnce(stored, greetings)
  const conversations = await Promise.all(customers.map(conversationOf))
  const sent = await Promise.all(
    told.map(async (one, at) => {
      const text = `em ordem ${at}`
      const agent = agents[at % agents.length] as Agent
      const { status } = await agent.reply(conversations[Math.floor(at / 4)] as string, text)
      expect(status).toBe(201)
      return { ...one, text }
    }),
  )
  await settled(sent.map(({ text }) => text))
  return sent
}

/** Each has left, and Prosa knows the provider's id for it. */
async function settled(texts: string[]): Promise<void> {
  const states = async () => (await stored.attemptsOfEach(texts)).flat()
  await expect
    .poll(async () => (await states()).filter((state) => state === 'queued' || state === 'sending'))
    .toEqual([])
}

async function conversationOf({ name }: Customer): Promise<string> {
  const id = await ana.conversationWith(name)
  if (!id) throw new Error(`The list shows nobody called ${name}.`)
  return id
}

function image(text: Text): object {
  const { messages, ...rest } = written(text)
  const photo = { mime_type: 'image/jpeg', sha256: 'x'.repeat(44), id: '9000001' }
  return { ...rest, messages: messages.map(({ text: _, ...one }) => ({ ...one, type: 'image', image: photo })) }
}

function groupsOf(texts: Text[], size: number): Text[][] {
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, at) => texts.slice(at * size, (at + 1) * size))
}

function permutationsOf<One>(all: One[]): One[][] {
  if (all.length <= 1) return [all]
  return all.flatMap((first, at) => permutationsOf(all.toSpliced(at, 1)).map((rest) => [first, ...rest]))
}
