/** The one function that opens the database of a workspace, and the two ways to speak to it. */
import { type Client, createClient, type InStatement, LibsqlError, type ResultSet } from '@libsql/client/web'
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql/web'

export interface DatabaseSettings {
  DATABASE_URL: string
  DATABASE_AUTH_TOKEN?: string
}

/** One a request, one an operation of a Durable Object: a client's limiter must never be shared between requests. */
export interface Db {
  /** Reads, written with the query builder; several go together as `orm.batch([...])`, one round trip. */
  orm: LibSQLDatabase
  /** One guarded batch: BEGIN IMMEDIATE, one round trip, all or nothing; repeated while its outcome is not known. */
  write(statements: InStatement[]): Promise<ResultSet[]>
  /** How often the database was asked over the network. */
  readonly roundTrips: number
}

const CALL_TIMEOUT_MS = 3_000
const WRITE_TRIES = 3

export function openDb(settings: DatabaseSettings): Db {
  let roundTrips = 0
  const client = createClient({
    url: settings.DATABASE_URL,
    ...(settings.DATABASE_AUTH_TOKEN ? { authToken: settings.DATABASE_AUTH_TOKEN } : {}),
    fetch: (request: Request) => {
      roundTrips += 1
      return fetch(request, { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) })
    },
  })
  return {
    orm: drizzle(client),
    write: (statements) => writeBatch(client, statements),
    get roundTrips() {
      return roundTrips
    },
  }
}

/**
 * Statements carry a guard that they themselves make false, so that running the batch twice is running it once: that is
 * what makes it safe to repeat one whose answer was lost.
 */
async function writeBatch(client: Client, statements: InStatement[]): Promise<ResultSet[]> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await client.batch(statements, 'write')
    } catch (error) {
      if (tried === WRITE_TRIES || !isPassing(error)) throw error
      await pause(50 + Math.random() * 450)
    }
  }
}

/** Unreachable, busy, cut off or timed out: the database may or may not have done it, and may do it next time. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof LibsqlError)) return true
  return !/^SQLITE_(CONSTRAINT|ERROR|MISMATCH|TOOBIG|RANGE|READONLY|AUTH)/.test(error.code)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
