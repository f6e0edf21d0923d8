/** Which database a command is about: the environment says so, or the settings of the deployment. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client/web'

/** Settings that are not typed each time; never committed. */
export const SETTINGS_FILE = process.env['PROSA_DEPLOY_VARS'] || join(import.meta.dirname, '..', '.deploy.vars')

/** What is set already wins over what the file says. */
export function loadSettings(): void {
  if (existsSync(SETTINGS_FILE)) process.loadEnvFile(SETTINGS_FILE)
}

export interface DatabaseSettings {
  /** libsql, http or https. */
  databaseUrl: string
  authToken?: string | undefined
}

export const openDatabase = ({ databaseUrl: url, authToken }: DatabaseSettings): Client =>
  createClient({ url, ...(authToken ? { authToken } : {}) })

/** Null where none is named. */
export function databaseOf(env: NodeJS.ProcessEnv): DatabaseSettings | null {
  const { DATABASE_URL: databaseUrl, DATABASE_AUTH_TOKEN: authToken } = env
  return databaseUrl ? { databaseUrl, ...(authToken ? { authToken } : {}) } : null
}
