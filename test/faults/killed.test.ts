import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { until } from '../../bench/numbers.ts'
import { type Agent, type Seat, signIn } from '../support/agent.ts'
import { descendantsOf, halt, oneNamed } from '../support/processes.ts'
import { type Prosa, startProsa, temporaryFolder } from '../support/prosa.ts'
import { accept, after, hang, type Provider, refuse, startProvider } from '../support/provider.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { appliedOnce, type Begun, becomes, begun } from '../support/story.ts'
import { type Customer, envelope, lineAt, newCustomer, type Text, textFrom, written } from '../support/whatsapp.ts'

const journaled = fromSeveral('no diário')
const unanswered = fromSeveral('sem resposta')
const [here, there] = [textFrom(newCustomer('Aqui'), 'um'), textFrom(newCustomer('Ali'), 'dois')]
const queued = ['primeira', 'segunda', 'terceira']

let provider: Provider
let dataFolder: string
let prosa: Prosa
let stored: Stored
let ana: Agent
let eva: Agent
/** Where a call was under way, where one was taken, where a page was open, and where the provider refused us. */
let called: Begun
let taken: Begun
let watched: Begun
let refused: Begun
let seat: Seat
let seqBefore: number

/**
 * Everything that a crash may meet is under way when it comes; then all of Prosa is killed at once and started again on
 * what it left.
 */
beforeAll(async () => {
  provider = await startProvider()
  dataFolder = await temporaryFolder()
  await start()
  ana = await signIn(prosa.url, 'ana@prosa.test')
  eva = await signIn(prosa.url, 'eva@prosa.test')

  await watch()
  await beRefused()
  await beAskedForAnAnswer()
  const answer = await beAboutToTake()
  await halt(oneNamed('sqld', descendantsOf(prosa.pid)).pid)
  answer()
  await hearMuch()
  await prosa.kill()
  stored.close()

  await start(Number(new URL(prosa.url).port))
  await letLeasesEnd()
}, 90_000)

afterAll(async () => {
  ana.leave()
  eva.leave()
  stored.close()
  await prosa.stop()
  await provider.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

it('9: what was journaled and not yet applied is applied once', () => appliedOnce(stored, journaled))

it('4, 6: what was never answered comes again, and is there once', async () => {
  const line = lineAt(prosa.url)
  const statuses = await Promise.all(unanswered.map((text) => line.texts(text)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  await appliedOnce(stored, unanswered)
})

it('5: one call for two numbers is whole once it comes again', async () => {
  expect((await postForBoth()).status).toBe(200)
  await appliedOnce(stored, [here, there])
})

it('20: what was queued and not yet claimed is sent, once', async () => {
  await becomes(stored, 'logo atrás', 'sent')
  expect(provider.sendsOf('logo atrás')).toHaveLength(1)
})

it('21: what was being handed over is unknown, and is not sent again by itself', async () => {
  await becomes(stored, 'no meio da chamada', 'unknown')
  const bubble = (await ana.thread(called.id)).find(({ text }) => text === 'no meio da chamada')
  expect(bubble?.html).toContain('Reenviar')
  expect(provider.sendsOf('no meio da chamada')).toHaveLength(1)
})

it('22: what the provider took and nobody wrote down is proved by a status that carries our attempt', async () => {
  await becomes(stored, 'aceita e não anotada', 'unknown')
  const [send, ...again] = provider.sendsOf('aceita e não anotada')
  if (!send) throw new Error('It was never handed over.')
  expect(again).toEqual([])
  expect(await lineAt(prosa.url, 'demo-wa-2').status(send, 'delivered')).toBe(200)
  await becomes(stored, 'aceita e não anotada', 'delivered')
})

it('27: an inbox that was connected again sends what waited, in order', async () => {
  for (const text of queued) await becomes(stored, text, 'sent')
  const handed = provider.ledger.filter(({ text }) => queued.includes(text)).map(({ text }) => text)
  expect(handed).toEqual(['primeira', ...queued])
})

it('31: a page that was cut off by a restart catches up over HTTP, and has every bubble once', async () => {
  expect(seat.closed()).toBeDefined()
  seat = await ana.enter(`conversations/${watched.id}`)
  const missed = await ana.missed(watched.id, seqBefore)
  expect(missed.map(({ text, seq }) => [text, seq])).toEqual([
    ['enquanto ninguém ouvia 1', seqBefore + 1],
    ['enquanto ninguém ouvia 2', seqBefore + 2],
  ])

  await lineAt(prosa.url).texts(textFrom(watched.customer, 'e de novo ao vivo'))
  await expect.poll(() => seat.bubbles().map(({ text }) => text)).toEqual(['e de novo ao vivo'])
  const thread = await ana.thread(watched.id)
  expect(new Set(thread.map(({ id }) => id)).size).toBe(thread.length)
  expect(await ana.missed(watched.id, seqBefore + 3)).toEqual([])
})

it('whatever was handed over belongs to one attempt', async () => {
  expect(await stored.unexplained(provider.ledger.filter(({ text }) => text !== 'primeira'))).toEqual([])
})

async function start(port?: number): Promise<void> {
  const env = { GRAPH_API_URL: provider.url }
  prosa = await startProsa({
    ...(port ? { port } : { from: inject('seededFolder') }),
    dataFolder,
    simulator: 'off',
    env,
  })
  stored = storedIn(prosa.databaseUrl)
}

async function watch(): Promise<void> {
  watched = await begun(ana)
  seat = await ana.enter(`conversations/${watched.id}`)
  seqBefore = Math.max(...(await ana.thread(watched.id)).map(({ seq }) => seq))
}

/** And connected again, which nobody has told the gateway yet. */
async function beRefused(): Promise<void> {
  refused = await begun(eva, 'demo-eva')
  provider.answer('primeira', refuse(401, 190), accept)
  for (const text of queued) await eva.reply(refused.id, text)
  await until('the inbox is out of use', async () => {
    const { rows } = await stored.client.execute(
      `UPDATE inboxes SET status = 'active', status_reason = NULL, version = version + 1
        WHERE webhook_key = 'demo-eva' AND status = 'needs_reauth' RETURNING id`,
    )
    return rows[0]
  })
}

async function beAskedForAnAnswer(): Promise<void> {
  called = await begun(ana)
  provider.answer('no meio da chamada', hang)
  await ana.reply(called.id, 'no meio da chamada')
  await ana.reply(called.id, 'logo atrás')
  await until('the call is made', async () => provider.sendsOf('no meio da chamada')[0])
}

/** Answers with what makes the provider say that it took it. */
async function beAboutToTake(): Promise<() => void> {
  taken = await begun(ana, 'demo-wa-2')
  const { promise, resolve } = Promise.withResolvers<void>()
  provider.answer(
    'aceita e não anotada',
    after(() => promise),
  )
  await ana.reply(taken.id, 'aceita e não anotada')
  await until('the call is made', async () => provider.sendsOf('aceita e não anotada')[0])
  return resolve
}

/** Much of it is answered, and the rest is on its way when this is over. */
async function hearMuch(): Promise<void> {
  const line = lineAt(prosa.url)
  const missed = [1, 2].map((no) => textFrom(watched.customer, `enquanto ninguém ouvia ${no}`))
  const statuses = await Promise.all([line.texts(...missed), ...journaled.map((text) => line.texts(text))])
  if (statuses.some((status) => status !== 200)) throw new Error(`Not all were taken: ${statuses}`)
  for (const call of [postForBoth(), ...unanswered.map((text) => line.texts(text))]) void call.catch(() => undefined)
}

/** The minute for which a claim holds has passed, and there is something to do on both numbers. */
async function letLeasesEnd(): Promise<void> {
  await stored.client.execute("UPDATE send_attempts SET lease_until = 1 WHERE state = 'sending'")
  await ana.reply(called.id, 'ainda está aí?')
  await ana.reply(taken.id, 'ainda está aí?')
}

const postForBoth = () =>
  lineAt(prosa.url).post(
    envelope(lineAt(prosa.url).change(written(here)), lineAt(prosa.url, 'demo-wa-2').change(written(there))),
  )

function fromSeveral(text: string): Text[] {
  const customers = Array.from({ length: 4 }, () => newCustomer('No meio'))
  return Array.from({ length: 24 }, (_, at) => textFrom(customers[at % 4] as Customer, `${text} ${at}`))
}
