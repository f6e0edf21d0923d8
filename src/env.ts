/** The Worker's bindings and settings, as wrangler.toml and `.dev.vars` name them. */

import type { Limit } from './auth/limit.ts'
import type { PasswordHasher } from './auth/password-hasher.ts'
import type { Caretaker } from './caretakers/caretaker.ts'
import type { Gateway } from './gateways/gateway.ts'
import type { Importer } from './gateways/importer.ts'
import type { AgentSockets } from './rooms/agent-sockets.ts'
import type { Room } from './rooms/room.ts'

export interface Env {
  DATABASE_URL: string
  DATABASE_AUTH_TOKEN?: string
  /** Origins of the page, comma separated; the first is the one links are made with. */
  APP_ORIGIN: string
  MEDIA_ORIGIN?: string
  AUTH_SECRET: string
  /** 32 bytes, base64. */
  CREDENTIALS_KEY: string
  GRAPH_API_URL: string
  INSTAGRAM_API_URL?: string
  TELEGRAM_API_URL: string
  /** The server of numbers that name none of their own. */
  EVOLUTION_API_URL?: string
  GRAPH_API_VERSION?: string
  /** Proves that whoever sets up the first workspace runs the server; without it there is no set-up. */
  SETUP_CODE?: string
  /** Local only: hosts outside the allowlist that may be called, such as 127.0.0.1. */
  EGRESS_ALLOW?: string

  /** On Cloudflare alone. */
  VERSION?: WorkerVersionMetadata
  ASSETS: Fetcher
  MEDIA: R2Bucket
  ROOMS: DurableObjectNamespace<Room>
  AGENT_SOCKETS: DurableObjectNamespace<AgentSockets>
  GATEWAYS: DurableObjectNamespace<Gateway>
  IMPORTERS: DurableObjectNamespace<Importer>
  LIMITS: DurableObjectNamespace<Limit>
  CARETAKERS: DurableObjectNamespace<Caretaker>
  PASSWORD_HASHERS: DurableObjectNamespace<PasswordHasher>
}
