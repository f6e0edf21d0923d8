/** The faults of a number that stays on a phone: its connection goes in the middle of a message, or for a while. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { until } from '../../bench/numbers.ts'
import { type Customer, type Simulator, simulatorAt } from '../browser/simulator.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { type Prosa, startProsa } from '../support/prosa.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { becomes } from '../support/story.ts'

const INBOX = 'demo-evo'
const PATIENCE = { timeout: 45_000, interval: 100 }

let prosa: Prosa
let stored: Stored
let simulator: Simulator
let ana: Agent

beforeAll(async () => {
  prosa = await startProsa({ from: inject('seededFolder') })
  stored = storedIn(prosa.databaseUrl)
  simulator = simulatorAt(prosa.simulatorUrl)
  await simulator.behave({ statusDelayMs: 20 })
  ana = await signIn(prosa.url, 'ana@prosa.test')
})

afterAll(async () => {
  ana?.leave()
  stored?.close()
  await prosa?.stop()
})

async function begun(name: string): Promise<{ customer: Customer; id: string }> {
  const customer = await simulator.newCustomer(name, INBOX)
  await customer.writes(`Oi, aqui é ${name}`)
  const id = await until('The list shows who wrote', () => ana.conversationWith(name))
  // As if a while ago: the provider counts whole seconds, and what is told of before the beginning is another conversation.
  await stored.client.execute({
    sql: 'UPDATE conversations SET opened_at = opened_at - 60000 WHERE id = ?',
    args: [id],
  })
  return { customer, id }
}

const heldBy = async (customer: Customer) => (await customer.received()).map(({ text }) => text)
const shown = async (id: string) => (await ana.thread(id)).map(({ text }) => text)
const column = async (sql: string) => {
  const { rows } = await stored.client.execute(sql)
  return rows.map((row) => String(row[0]))
}
const status = () => column(`SELECT status FROM inboxes WHERE webhook_key = '${INBOX}'`)

it('a connection that is lost in the middle of a message leaves it unknown: it is not sent again by itself', async () => {
  const { customer, id } = await begun('Meio do Caminho')
  await simulator.fault({ kind: 'http_500', channel: 'evolution', accepted: true })
  await ana.reply(id, 'talvez tenha ido')
  await becomes(stored, 'talvez tenha ido', 'unknown')
  await ana.reply(id, 'esta foi')
  await becomes(stored, 'esta foi', 'delivered')
  expect(await heldBy(customer)).toEqual(['talvez tenha ido', 'esta foi'])
  expect(await stored.attemptsOf('talvez tenha ido')).toEqual(['unknown'])
})

it('what was said while the connection was away is there once, as news, and what waited leaves once', async () => {
  const { customer, id } = await begun('Fora do Ar')
  const stranger = await simulator.newCustomer('Nunca Escreveu', INBOX)
  await simulator.tells(INBOX, 'logged_out')
  await expect.poll(status, PATIENCE).toEqual(['needs_reauth'])
  await customer.writes('alguém aí?')
  await stranger.writes('é a loja?')
  await ana.reply(id, 'espera a volta')
  await simulator.tells(INBOX, 'back')

  await expect.poll(() => shown(id), PATIENCE).toContain('alguém aí?')
  await becomes(stored, 'espera a volta', 'delivered')
  expect(await status()).toEqual(['active'])
  expect(await heldBy(customer)).toEqual(['espera a volta'])
  expect((await shown(id)).filter((text) => text === 'alguém aí?')).toHaveLength(1)
  const unread = (name: string) =>
    column(`SELECT c.unread FROM conversations c JOIN contacts k ON k.id = c.contact_id
      WHERE k.profile_name = '${name}' AND c.status <> 'closed' AND c.waiting_since IS NOT NULL`)
  await expect.poll(() => unread('Nunca Escreveu'), PATIENCE).toEqual(['1'])
  expect(await shown(await until('The list shows who wrote', () => ana.conversationWith('Nunca Escreveu')))).toEqual([
    'é a loja?',
  ])

  const outages = () => column(`SELECT json_extract(payload, '$.messages') FROM kept_events WHERE kind = 'outage'`)
  await expect.poll(outages, PATIENCE).toEqual(['2'])
  // Told as news after all, as a phone does that finds its connection again: it is there already.
  await simulator.tells(INBOX, 'history')
  await customer.writes('obrigada')
  await expect.poll(() => shown(id), PATIENCE).toContain('obrigada')
  expect((await shown(id)).filter((text) => text === 'alguém aí?')).toHaveLength(1)
  expect(await outages()).toEqual(['2'])
})

it('a connection that comes and goes many times is as it was told last, and nothing is doubled', async () => {
  const { customer, id } = await begun('Vai e Vem')
  for (let time = 1; time <= 3; time += 1) {
    await simulator.tells(INBOX, 'lost')
    await customer.writes(`queda ${time}`)
    await simulator.tells(INBOX, 'back')
  }
  const said = ['Oi, aqui é Vai e Vem', 'queda 1', 'queda 2', 'queda 3']
  await expect.poll(async () => (await shown(id)).toSorted(), PATIENCE).toEqual(said.toSorted())
  await expect.poll(status, PATIENCE).toEqual(['active'])
})
