import { afterAll, beforeAll, expect, it } from 'vitest'
import { pause } from '../../bench/numbers.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { hang, type Provider, startProvider } from '../support/provider.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { appliedOnce, begun } from '../support/story.ts'
import { lineAt, newCustomer, type Text, textFrom } from '../support/whatsapp.ts'

const MINUTE = 60_000
const EVERY_MS = 50

let provider: Provider
let stage: Stage
let stored: Stored
let ana: Agent

beforeAll(async () => {
  provider = await startProvider()
  stage = await startStage(provider.url)
  stored = storedIn(stage.databaseUrl)
  ana = await signIn(stage.url, 'ana@prosa.test')
})

afterAll(async () => {
  ana.leave()
  stored.close()
  await stage.stop()
  await provider.stop()
})

it('1: a minute without the database, under load, loses nothing and doubles nothing', async () => {
  const line = lineAt(stage.url)
  const customers = Array.from({ length: 20 }, () => newCustomer('Um minuto'))
  const texts: Text[] = []
  stage.link.is('cut')
  for (const end = Date.now() + MINUTE; Date.now() < end; await pause(EVERY_MS)) {
    const text = textFrom(
      customers[texts.length % customers.length] ?? newCustomer('Mais um'),
      `no escuro ${texts.length}`,
    )
    texts.push(text)
    expect(await line.texts(text)).toBe(200)
  }
  stage.link.is('open')
  await appliedOnce(stored, texts, 2 * MINUTE)
})

it('a claim whose gateway never came back is unknown once its minute is over, with nobody looking', async () => {
  const { id } = await begun(ana)
  provider.answer('um minuto de espera', hang)
  await ana.reply(id, 'um minuto de espera')
  await expect.poll(() => provider.sendsOf('um minuto de espera').length).toBe(1)
  // Neither what becomes of the call nor anything else is written down until the lease is over.
  stage.link.is('cut')
  await pause(MINUTE + 5_000)
  stage.link.is('open')

  await expect.poll(() => stored.attemptsOf('um minuto de espera'), { timeout: MINUTE }).toEqual(['unknown'])
  expect(provider.sendsOf('um minuto de espera')).toHaveLength(1)
})
