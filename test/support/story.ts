/** Steps that the stories from outside share. */
import { expect } from 'vitest'
import { until } from '../../bench/numbers.ts'
import type { Agent } from './agent.ts'
import type { Stored } from './stored.ts'
import { type Customer, lineAt, newCustomer, type Text, textFrom, type WhatsAppKey } from './whatsapp.ts'

const PATIENCE_MS = 45_000

export interface Begun {
  id: string
  customer: Customer
}

/** A conversation that somebody new has just begun, as the agent's list shows it. */
export async function begun(agent: Agent, key: WhatsAppKey = 'demo-wa-1'): Promise<Begun> {
  const customer = newCustomer('Cliente')
  await lineAt(agent.origin, key).texts(textFrom(customer, 'bom dia'))
  return { customer, id: await until('The list shows who wrote', () => agent.conversationWith(customer.name)) }
}

/** All of these are there, each once, with no gap. */
export async function appliedOnce(stored: Stored, texts: Text[], timeout = PATIENCE_MS): Promise<void> {
  await expect.poll(() => stored.countOf(texts), { timeout, interval: 100 }).toBe(texts.length)
  expect(await stored.faultsOf(texts)).toEqual([])
}

/** The one attempt for this text comes to this state. */
export async function becomes(stored: Stored, text: string, state: string): Promise<void> {
  const attempts = () => stored.attemptsOf(text)
  await expect.poll(attempts, { timeout: PATIENCE_MS, message: `“${text}” becomes ${state}` }).toEqual([state])
}
