import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LinkState } from '../support/link.ts'
import { type Provider, startProvider } from '../support/provider.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { appliedOnce } from '../support/story.ts'
import { lineAt, newCustomer, type Text, textFrom } from '../support/whatsapp.ts'

const CALLERS = 8

let provider: Provider
let stage: Stage
let stored: Stored

beforeAll(async () => {
  provider = await startProvider()
  stage = await startStage(provider.url)
  stored = storedIn(stage.databaseUrl)
})

afterAll(async () => {
  stored.close()
  await stage.stop()
  await provider.stop()
})

it('1, 10: with the database gone, every webhook is answered 200, and all are applied once when it is back', async () => {
  const texts = writtenBy(10, 20)
  stage.link.is('cut')
  const gone = Date.now()
  expect((await fetch(`${stage.url}/healthz`)).status).toBe(200)
  expect((await fetch(`${stage.url}/readyz`)).status).toBe(503)

  expect(await answersTo(texts)).toEqual([200])
  // Long enough for the gateway to have met it several times, and to wait ever longer.
  await expect.poll(() => Date.now() - gone, { timeout: 15_000, interval: 500 }).toBeGreaterThan(10_000)
  expect(await stored.countOf(texts)).toBe(0)

  stage.link.is('open')
  await appliedOnce(stored, texts, 45_000)
})

it('2: a database that takes ten seconds to be reached costs no webhook, and doubles nothing', () =>
  survives({ delay: 10_000 }, 12_000))

it('10: a database whose answers are lost after it did what was asked has done it once', async () => {
  await survives('loses answers', 3_000)
  expect(stage.link.lost).toBeGreaterThan(3)
})

it('11: a batch that finds the database busy waits its turn', async () => {
  expect(await withWriterHeldFor(1_500)).toBe(0)
})

it('12: a batch that waits until a transaction has timed out is applied once', async () => {
  await withWriterHeldFor(6_000)
})

async function survives(state: LinkState, ms: number): Promise<void> {
  const texts = writtenBy(5, 10)
  const began = Date.now()
  stage.link.is(state)
  expect(await answersTo(texts)).toEqual([200])
  await expect.poll(() => Date.now() - began, { timeout: ms + 5_000, interval: 250 }).toBeGreaterThan(ms)
  stage.link.is('open')
  await appliedOnce(stored, texts, 45_000)
}

/** Somebody else has begun to write, and does not end. Answers with how much was applied meanwhile. */
async function withWriterHeldFor(ms: number): Promise<number> {
  const texts = writtenBy(5, 10)
  const transaction = await stored.client.transaction('write')
  // Nothing reaches the server before the first statement does.
  await transaction.execute('UPDATE workspaces SET name = name')
  const began = Date.now()
  const answers = answersTo(texts)
  await expect.poll(() => Date.now() - began, { timeout: ms + 5_000, interval: 100 }).toBeGreaterThan(ms)
  const meanwhile = await stored.countOf(texts)
  // The server may have ended it already, for having taken too long.
  await transaction.rollback().catch(() => undefined)
  transaction.close()
  expect(await answers).toEqual([200])
  await appliedOnce(stored, texts, 45_000)
  return meanwhile
}

function writtenBy(customers: number, each: number): Text[] {
  const people = Array.from({ length: customers }, () => newCustomer('Faltou banco'))
  return Array.from({ length: each }, (_, at) => people.map((one) => textFrom(one, `mensagem ${at + 1}`))).flat()
}

/** Each in a call of its own, several callers at once; answers with the different statuses that came back. */
async function answersTo(texts: Text[]): Promise<number[]> {
  const line = lineAt(stage.url)
  const statuses = new Set<number>()
  const rest = texts.values()
  const caller = async () => {
    for (const text of rest) statuses.add(await line.texts(text))
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  return [...statuses]
}
