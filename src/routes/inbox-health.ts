/** How the gateways of some numbers are doing, as far as they say so in time. */
import type { Env } from '../env.ts'
import { gatewayOf } from '../gateways/address.ts'
import type { Health } from '../gateways/gateway.ts'

const AT_ONCE = 6
const PATIENCE_MS = 2_000

/** By webhook key; whoever is missing could not be asked, or took too long. */
export async function healthOf(env: Env, webhookKeys: string[]): Promise<Map<string, Health>> {
  const answers = new Map<string, Health>()
  const waiting = [...webhookKeys]
  const ask = async () => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      try {
        answers.set(key, await gatewayOf(env, key).health())
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
