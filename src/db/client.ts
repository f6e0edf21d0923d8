/** The one function that opens the database of a workspace, and the two ways to speak to it. */
import { type Client, createClient, type InStatement, LibsqlError, type ResultSet } from '@libsql/client/web'
import type { SQL } from 'drizzle-orm'
import type { LibSQLDatabase } from 'drizzle-orm/libsql'
import { drizzle } from 'drizzle-orm/libsql/web'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import type { Part } from './backup-lines.ts'
import { rowsOf as rowsFrom, type Select } from './backup-rows.ts'

export interface DatabaseSettings {
  DATABASE_URL: string
  DATABASE_AUTH_TOKEN?: string
}

/** A statement that answers with rows of this shape, named as its columns are. */
export interface Query<Row> {
  sql: SQL
  readonly row?: Row
}

export const query = <Row>(sql: SQL): Query<Row> => ({ sql })

type RowsOf<Queries extends Query<unknown>[]> = {
  [K in keyof Queries]: Queries[K] extends Query<infer Row> ? Row[] : never
}

/** One a request, one an operation of a Durable Object: a client's limiter must never be shared between requests. */
export interface Db {
  /** Several reads of one moment, in one round trip. */
  read<Queries extends Query<unknown>[]>(...queries: Queries): Promise<RowsOf<Queries>>
  /**
   * One guarded batch: BEGIN IMMEDIATE, one round trip, all or nothing. The statements carry a guard that they
   * themselves make false, so running them twice is running them once: a batch whose outcome is unknown is repeated.
   */
  write(...statements: SQL[]): Promise<Written[]>
  /** However many rows there are, one by one, all as of one moment. */
  rows(selects: Select[], takenAt: number): AsyncIterable<Part>
  /** For the sign-in library, which brings its own queries. */
  orm: LibSQLDatabase
  /** How often the database was asked over the network. */
  readonly roundTrips: number
}

export interface Written {
  rows: Record<string, unknown>[]
  changes: number
}

const CALL_TIMEOUT_MS = 3_000
const TRIES = 3
const dialect = new SQLiteSyncDialect()

export function openDb(settings: DatabaseSettings): Db {
  let roundTrips = 0
  const client = createClient({
    url: settings.DATABASE_URL,
    ...(settings.DATABASE_AUTH_TOKEN ? { authToken: settings.DATABASE_AUTH_TOKEN } : {}),
    fetch: async (request: Request) => {
      for (let tried = 1; ; tried += 1) {
        roundTrips += 1
        const answer = await withinTime(request.clone())
        // Every connection of the server was taken: it has done nothing, so this is safe to repeat for any statement.
        if (answer.status !== 429 || tried === TRIES) return answer
        await pause(50 + Math.random() * 450)
      }
    },
  })
  let orm: LibSQLDatabase | undefined
  return {
    async read(...queries) {
      const results = await client.batch(
        queries.map((one) => toStatement(one.sql)),
        'read',
      )
      return results.map(rowsOf) as never
    },
    async write(...statements) {
      const results = await writeBatch(client, statements.map(toStatement))
      return results.map((result) => ({ rows: rowsOf(result), changes: result.rowsAffected }))
    },
    rows: (selects, takenAt) =>
      rowsFrom({ databaseUrl: settings.DATABASE_URL, authToken: settings.DATABASE_AUTH_TOKEN }, selects, takenAt),
    get orm() {
      orm ??= drizzle(client)
      return orm
    },
    get roundTrips() {
      return roundTrips
    },
  }
}

/** A timer that outlives its call would keep a Durable Object awake: it goes with the answer. */
async function withinTime(request: Request): Promise<Response> {
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new DOMException('The database took too long.', 'TimeoutError')),
    CALL_TIMEOUT_MS,
  )
  try {
    const answer = await fetch(request, { signal: late.signal })
    return new Response(await answer.arrayBuffer(), answer)
  } finally {
    clearTimeout(timer)
  }
}

async function writeBatch(client: Client, statements: InStatement[]): Promise<ResultSet[]> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await client.batch(statements, 'write')
    } catch (error) {
      if (tried === TRIES || !isPassing(error)) throw error
      await pause(50 + Math.random() * 450)
    }
  }
}

/**
 * Unreachable, busy, cut off or timed out: the database may or may not have done it, and may do it next time. What is
 * wrong with the statement, or with us, stays wrong.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof LibsqlError)) return !OURS.some((kind) => error instanceof kind)
  return !/^(SQLITE_(CONSTRAINT|ERROR|MISMATCH|TOOBIG|RANGE|READONLY|AUTH)|SQL_|ARGS_)/.test(error.code)
}

const OURS = [TypeError, RangeError, ReferenceError]

function toStatement(statement: SQL): InStatement {
  const { sql, params } = dialect.sqlToQuery(statement)
  return { sql, args: params as never[] }
}

const rowsOf = ({ columns, rows }: ResultSet): Record<string, unknown>[] =>
  rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])))

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
