import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type Agent, signIn } from '../support/agent.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import type { Bubble } from '../support/markup.ts'
import {
  type Answer,
  accept,
  after,
  badGateway,
  brokenJson,
  hang,
  hangUp,
  type Provider,
  refuse,
  startProvider,
  throttle,
} from '../support/provider.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { begun } from '../support/story.ts'
import { lineAt } from '../support/whatsapp.ts'

/** A call ends after so long without an answer. */
const CALL_MS = 20_000

let provider: Provider
let prosa: Demo
let stored: Stored
let ana: Agent
let bruno: Agent
let eva: Agent
let hanging: string

beforeAll(async () => {
  provider = await startProvider()
  prosa = await startDemo(inject('seededFolder'), { graphUrl: provider.url })
  stored = storedIn(prosa.databaseUrl)
  const agentNamed = (name: string) => signIn(prosa.url, `${name}@prosa.test`)
  ;[ana, bruno, eva] = await Promise.all([agentNamed('ana'), agentNamed('bruno'), agentNamed('eva')])
  // Asked first and looked at last: it takes its time.
  hanging = (await begun(ana, 'demo-wa-2')).id
  provider.answer('sem resposta', hang)
  await ana.reply(hanging, 'sem resposta')
})

afterAll(async () => {
  for (const agent of [ana, bruno, eva]) agent.leave()
  stored.close()
  await prosa.stop()
  await provider.stop()
})

it('while a provider does not answer, what customers write on the same number is shown', async () => {
  await expect.poll(() => provider.sendsOf('sem resposta').length).toBe(1)
  const at = Date.now()
  await begun(ana, 'demo-wa-2')
  expect(Date.now() - at).toBeLessThan(5_000)
  expect(await stored.attemptsOf('sem resposta')).toEqual(['sending'])
})

it('twenty submits of one client key at once are one message and one send', async () => {
  const { id } = await begun(bruno)
  const clientKey = randomUUID()

  const answers = await Promise.all(Array.from({ length: 20 }, () => bruno.reply(id, 'uma só', clientKey)))

  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(1)
  // Whoever clicks so fast meets the limit of a person; what is let through gets the same bubble.
  expect(statuses.filter((status) => status !== 201 && status !== 200 && status !== 429)).toEqual([])
  await becomes(bruno, id, 'uma só', 'sent')
  expect(provider.sendsOf('uma só')).toHaveLength(1)
  expect(await bruno.thread(id)).toHaveLength(2)
})

it.each([
  ['that proves it', 'com prova', true],
  ['that only names it', 'sem prova', false],
])('18: a status %s, before the send is recorded, is applied', async (_how, text, proof) => {
  const { id } = await begun(ana)
  const line = lineAt(prosa.url)
  provider.answer(
    text,
    after(async (send) => expect(await line.status(send, 'delivered', { proof })).toBe(200)),
  )
  await ana.reply(id, text)
  await becomes(ana, id, text, 'delivered')
  expect(provider.sendsOf(text)).toHaveLength(1)
})

it('24: told to slow down, it waits as long as asked, says so, and sends once more', async () => {
  const { id } = await begun(ana)
  provider.answer('devagar', throttle(3), accept)
  await ana.reply(id, 'devagar')
  const waiting = await becomes(ana, id, 'devagar', 'queued', ({ html }) => html.includes('standing--waiting'))
  expect(waiting.html).toContain('/cancellation')
  await becomes(ana, id, 'devagar', 'sent')

  const [first, second, ...more] = provider.sendsOf('devagar')
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_000)
  expect(second?.attemptId).toBe(first?.attemptId)
  expect(more).toEqual([])
})

it('25: told that it could not be taken now, it tries again by itself', async () => {
  const { id } = await begun(ana)
  provider.answer('de novo', refuse(500, 131000), refuse(503, 131016), accept)
  await ana.reply(id, 'de novo')
  await becomes(ana, id, 'de novo', 'sent')
  expect(provider.sendsOf('de novo')).toHaveLength(3)
})

it('told no, it fails with a reason, and a person may try again', async () => {
  const { id } = await begun(ana)
  provider.answer('não pode', refuse(400, 131047), accept)
  await ana.reply(id, 'não pode')
  const failed = await becomes(ana, id, 'não pode', 'failed')
  expect(failed.html).toContain('Tentar novamente')

  await ana.post(`/conversations/${id}/messages/${failed.id}/attempts`, { no: '1' })
  await becomes(ana, id, 'não pode', 'sent')
  expect(new Set(provider.sendsOf('não pode').map(({ attemptId }) => attemptId)).size).toBe(2)
})

it.each<[string, string, Answer]>([
  ['26: an answer that breaks off', 'quebrou', brokenJson],
  ['a gateway that answers for the provider', 'portão', badGateway],
  ['a connection that ends without a word', 'caiu', hangUp],
])('%s leaves it unknown, never sent again, until a status proves it', async (_what, text, answer) => {
  const { id } = await begun(bruno)
  provider.answer(text, answer)
  await bruno.reply(id, text)
  const unknown = await becomes(bruno, id, text, 'unknown')
  expect(unknown.html).toContain('Envio não confirmado')
  expect(unknown.html).toContain('Reenviar')
  expect(unknown.html).toContain('Marcar como enviada')
  expect(unknown.html).not.toContain('<script')

  // Those behind it in the conversation go on.
  await bruno.reply(id, `${text}, e mais`)
  await becomes(bruno, id, `${text}, e mais`, 'sent')
  const [send, ...again] = provider.sendsOf(text)
  expect(again).toEqual([])
  if (!send) throw new Error(`${text} never reached the provider.`)
  expect(await lineAt(prosa.url).status(send, 'read')).toBe(200)
  await becomes(bruno, id, text, 'read')
})

it('27: an expired token stops the inbox: the page says so, and what is queued stays', async () => {
  const { id } = await begun(eva, 'demo-eva')
  provider.answer('token vencido', refuse(401, 190))
  await eva.reply(id, 'token vencido')
  await expect.poll(async () => (await eva.part(`/conversations/${id}`)).body.toString()).toContain('class="banner"')
  await becomes(eva, id, 'token vencido', 'queued')

  await eva.reply(id, 'depois dele')
  await becomes(eva, id, 'depois dele', 'queued')
  // A message that comes in makes the gateway look at everything it has.
  await begun(eva, 'demo-eva')
  expect(provider.sendsOf('token vencido')).toHaveLength(1)
  expect(provider.sendsOf('depois dele')).toHaveLength(0)
})

it('a call that is never answered ends as unknown, and is made once', async () => {
  await becomes(ana, hanging, 'sem resposta', 'unknown', undefined, CALL_MS + 10_000)
  expect(provider.sendsOf('sem resposta')).toHaveLength(1)
})

it('28: with the provider gone, nothing is sent twice and nothing is stuck in silence', async () => {
  const { id } = await begun(bruno)
  await provider.down()
  await bruno.reply(id, 'sem provedor')
  const lost = await becomes(bruno, id, 'sem provedor', 'unknown')
  expect(lost.html).toContain('Envio não confirmado')
  await provider.up()

  await bruno.reply(id, 'voltou')
  await becomes(bruno, id, 'voltou', 'sent')
  expect(provider.sendsOf('sem provedor')).toHaveLength(0)
  // The agent says what to do, and knows what it may mean.
  await bruno.post(`/conversations/${id}/messages/${lost.id}/attempts`, { no: '1' })
  await becomes(bruno, id, 'sem provedor', 'sent')
  expect(provider.sendsOf('sem provedor')).toHaveLength(1)
})

it('whatever was handed over belongs to one attempt', async () => {
  const repeated = ['devagar', 'de novo']
  expect(await stored.unexplained(provider.ledger.filter(({ text }) => !repeated.includes(text)))).toEqual([])
})

/** The bubble of this text, once the page shows it so. */
async function becomes(
  agent: Agent,
  id: string,
  text: string,
  state: string,
  also: (bubble: Bubble) => boolean = () => true,
  timeout = 45_000,
): Promise<Bubble> {
  let bubble: Bubble | undefined
  const look = async () => {
    bubble = (await agent.thread(id)).find((one) => one.text === text)
    return bubble && also(bubble) ? bubble.state : `not yet: ${bubble?.state}`
  }
  await expect.poll(look, { timeout, message: `“${text}” becomes ${state}` }).toBe(state)
  if (!bubble) throw new Error(`There is no “${text}”.`)
  return bubble
}
