/** What a deployment can make for itself is made once and kept beside the code, for its owner alone to read. */
import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync } from 'node:fs'

/** Both also go into the environment of this process. */
export function keepSettings(file: string, made: Record<string, string>): void {
  const lines = Object.entries(made).map(([name, value]) => `${name}=${value}\n`)
  appendFileSync(file, lines.join(''), { mode: 0o600 })
  chmodSync(file, 0o600)
  Object.assign(process.env, made)
}

const SECRETS = ['AUTH_SECRET', 'CREDENTIALS_KEY'] as const

/** Those that are not set. Only for a database of nobody: what another key sealed would open no more. */
export function missingSecrets(env: NodeJS.ProcessEnv): Record<string, string> {
  const missing = SECRETS.filter((name) => !env[name])
  return Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('base64')]))
}
