/** A webhook key → its gateway. */
import type { Env } from '../env.ts'

export const gatewayOf = (env: Env, webhookKey: string) => env.GATEWAYS.get(env.GATEWAYS.idFromName(webhookKey))
