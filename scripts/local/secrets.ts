/** This machine's own secrets, made once: sign-ins and stored credentials outlive a restart. */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

export interface Secrets {
  AUTH_SECRET: string
  CREDENTIALS_KEY: string
}

export function localSecrets(folder: string): Secrets {
  const path = join(folder, '.dev.vars')
  if (!existsSync(path)) {
    const made = {
      AUTH_SECRET: randomBytes(32).toString('base64'),
      CREDENTIALS_KEY: randomBytes(32).toString('base64'),
    }
    const lines = Object.entries(made).map(([name, value]) => `${name}=${value}\n`)
    writeFileSync(path, lines.join(''), { mode: 0o600 })
  }
  chmodSync(path, 0o600)
  const found = parse(readFileSync(path, 'utf8'))
  const { AUTH_SECRET, CREDENTIALS_KEY } = found
  if (!AUTH_SECRET || !CREDENTIALS_KEY || Buffer.from(CREDENTIALS_KEY, 'base64').byteLength !== 32) {
    throw new StartError(
      `${path} lacks AUTH_SECRET or a CREDENTIALS_KEY of 32 bytes: put them back, or remove the data folder to begin anew.`,
    )
  }
  return { AUTH_SECRET, CREDENTIALS_KEY }
}

function parse(text: string): Partial<Record<string, string>> {
  const entries = text.split('\n').map((line) => {
    const at = line.indexOf('=')
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  })
  return Object.fromEntries(entries)
}
