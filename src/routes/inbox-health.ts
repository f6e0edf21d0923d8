/** What the gateways of some numbers say of themselves, as far as they do so in time. */
import type { GatewayHealth } from '../domain/gateway-health.ts'
import type { Env } from '../env.ts'
import { gatewayOf } from '../gateways/address.ts'
import type { Told } from '../gateways/entries.ts'
import type { Gateway } from '../gateways/gateway.ts'
import type { DeadLetter } from '../gateways/journal.ts'

const AT_ONCE = 6
const PATIENCE_MS = 2_000

/** By webhook key; whoever is missing could not be asked, or took too long. */
export const healthOf = (env: Env, webhookKeys: string[]): Promise<Map<string, GatewayHealth>> =>
  asked(env, webhookKeys, (gateway) => gateway.health())

/** The events that each of them set aside. */
export const lettersOf = (env: Env, webhookKeys: string[]): Promise<Map<string, DeadLetter[]>> =>
  asked(env, webhookKeys, (gateway) => gateway.deadLetters())

/** What the provider told of these messages; null: the gateway could not be asked. */
export async function toldOf(env: Env, webhookKey: string, externalIds: string[]): Promise<Told[] | null> {
  if (externalIds.length === 0) return []
  const answers = await asked(env, [webhookKey], (gateway) => gateway.told(externalIds))
  return answers.get(webhookKey) ?? null
}

async function asked<Answer>(
  env: Env,
  webhookKeys: string[],
  question: (gateway: DurableObjectStub<Gateway>) => Promise<Answer>,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>()
  const waiting = [...webhookKeys]
  const ask = async () => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      try {
        answers.set(key, await question(gatewayOf(env, key)))
      } catch {
        // It stays without an answer, and the page says so.
      }
    }
  }
  await Promise.race([
    Promise.all(Array.from({ length: AT_ONCE }, ask)),
    new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
  ])
  return answers
}
