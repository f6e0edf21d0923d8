/** Rows of a database as one moment had them, one by one: however many there are, few are in memory. */
import * as z from 'zod'
import { BackupError, type Cell, linesIn, type Part } from './backup-lines.ts'

/** Hrana's cursor: one batch, hence one transaction, whose rows come one by one (hrana 3, "cursors"). */
const Entry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('step_begin'), step: z.number(), cols: z.array(z.object({ name: z.string() })) }),
  z.object({ type: z.literal('row'), row: z.array(z.custom<Cell>()) }),
  z.object({ type: z.enum(['step_end', 'replication_index']) }),
  z.object({ type: z.enum(['step_error', 'error']), error: z.object({ message: z.string() }) }),
])

/** The first line is about the connection. */
const Opened = z.object({ baton: z.string().nullish() })

export interface Select {
  table: string
  sql: string
  /** For the placeholders. */
  args: string[]
}

export interface Source {
  /** libsql, http or https. */
  databaseUrl: string
  authToken?: string | undefined
}

export async function* rowsOf(source: Source, selects: Select[], takenAt: number): AsyncGenerator<Part> {
  yield { takenAt }
  let done = 0
  for await (const entry of entriesOf(source, [statement('BEGIN'), ...selects, statement('COMMIT')])) {
    if ('error' in entry) throw new BackupError(`The database stopped in the middle: ${entry.error.message}`)
    if (entry.type === 'step_end') done += 1
    if (entry.type === 'row') yield { row: entry.row }
    const select = entry.type === 'step_begin' ? selects[entry.step - 1] : undefined
    if (select && entry.type === 'step_begin')
      yield { table: select.table, columns: entry.cols.map(({ name }) => name) }
  }
  if (done !== selects.length + 2) throw new BackupError('The database stopped in the middle, without a word.')
}

const statement = (sql: string) => ({ sql, args: [] as string[] })

async function* entriesOf(source: Source, statements: { sql: string; args: string[] }[]) {
  const steps = statements.map(({ sql, args }) => ({
    stmt: { sql, args: args.map((value) => ({ type: 'text', value })) },
  }))
  const response = await asked(source, '/v3/cursor', { baton: null, batch: { steps } })
  if (!response.ok || !response.body) {
    throw new BackupError(
      `The database refuses to be read: ${response.status} ${(await response.text()).slice(0, 200)}`,
    )
  }
  let opened: z.infer<typeof Opened> | null = null
  try {
    for await (const line of linesIn(response.body.pipeThrough(new TextDecoderStream()))) {
      if (!opened) opened = Opened.parse(JSON.parse(line))
      else if (line) yield Entry.parse(JSON.parse(line))
    }
  } finally {
    if (opened?.baton) await close(source, opened.baton)
  }
}

/** The server would keep a connection for whoever read, and has few. */
async function close(source: Source, baton: string): Promise<void> {
  const answer = await asked(source, '/v3/pipeline', { baton, requests: [{ type: 'close' }] }).catch(() => null)
  await answer?.body?.cancel()
}

const asked = ({ databaseUrl, authToken }: Source, path: string, body: object): Promise<Response> =>
  patiently(() =>
    fetch(new URL(path, databaseUrl.replace(/^libsql:/, 'https:')), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authToken ? { authorization: `Bearer ${authToken}` } : {}) },
      body: JSON.stringify(body),
    }),
  )

const TRIES = 6
const REST_MS = 500

/** Every connection of the server may be taken for a moment. */
async function patiently(ask: () => Promise<Response>): Promise<Response> {
  for (let tried = 1; ; tried++) {
    const response = await ask()
    if (response.status !== 429 || tried === TRIES) return response
    await response.body?.cancel()
    await new Promise((resolve) => setTimeout(resolve, REST_MS * tried))
  }
}
