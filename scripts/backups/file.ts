/**
 * A backup: gzipped lines of JSON. The first says what it is, then each table's columns and after them its rows, cell by
 * cell as the database's own protocol (Hrana) writes them; the last counts the rows and has the SHA-256 of all lines
 * before it.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import * as z from 'zod'
import { messageOf } from '../message-of.ts'

const Cell = z.discriminatedUnion('type', [
  z.object({ type: z.literal('null') }),
  z.object({ type: z.literal('integer'), value: z.string().regex(/^-?\d+$/) }),
  z.object({ type: z.literal('float'), value: z.number() }),
  z.object({ type: z.literal('text'), value: z.string() }),
  z.object({ type: z.literal('blob'), base64: z.string() }),
])
export type Cell = z.infer<typeof Cell>

const Head = z.object({ prosaBackup: z.literal(1), takenAt: z.number().int() })
const Table = z.object({ table: z.string(), columns: z.array(z.string()) })
const Row = z.array(Cell)
const Foot = z.object({ rows: z.record(z.string(), z.number().int()), sha256: z.string() })

export type Part = { takenAt: number } | { table: string; columns: string[] } | { row: Cell[] }

/** A file that is no whole backup, in a sentence. */
export class BackupError extends Error {}

/** Answers with how many rows of each table were written. */
export async function writeParts(path: string, parts: AsyncIterable<Part>): Promise<Record<string, number>> {
  const rows: Record<string, number> = {}
  await pipeline(linesWith(parts, rows), createGzip(), createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  return rows
}

async function* linesWith(parts: AsyncIterable<Part>, rows: Record<string, number>): AsyncGenerator<string> {
  const hash = createHash('sha256')
  let table = ''
  for await (const part of parts) {
    if ('table' in part) table = part.table
    count(rows, table, part)
    const said = 'row' in part ? part.row : 'takenAt' in part ? { prosaBackup: 1, ...part } : part
    const line = `${JSON.stringify(said)}\n`
    hash.update(line)
    yield line
  }
  yield `${JSON.stringify({ rows, sha256: hash.digest('hex') })}\n`
}

/**
 * From the first part to the last. Throws a BackupError where the file was cut off or changed: at its end at the latest,
 * so nothing of it is to be believed before.
 */
export async function* partsOf(path: string): AsyncGenerator<Part> {
  const hash = createHash('sha256')
  const rows: Record<string, number> = {}
  let table: string | null = null
  let before: string | null = null
  for await (const line of linesOf(path)) {
    if (before !== null) {
      hash.update(`${before}\n`)
      const part: Part = table === null ? headIn(before, path) : partIn(before, path)
      table = 'table' in part ? part.table : (table ?? '')
      count(rows, table, part)
      yield part
    }
    before = line
  }
  const foot = Foot.safeParse(parsed(before ?? ''))
  if (!foot.success) throw new BackupError(`${path} ends too early: it is not the whole of a backup.`)
  if (foot.data.sha256 !== hash.digest('hex')) throw new BackupError(`${path} is not as it was made: its sum differs.`)
  if (JSON.stringify(foot.data.rows) !== JSON.stringify(rows)) throw new BackupError(`${path} lacks rows.`)
}

function count(rows: Record<string, number>, table: string, part: Part): void {
  if ('table' in part) rows[table] = 0
  if ('row' in part) rows[table] = (rows[table] ?? 0) + 1
}

function headIn(line: string, path: string): Part {
  const head = Head.safeParse(parsed(line))
  if (!head.success) throw new BackupError(`${path} is not a backup of Prosa.`)
  return { takenAt: head.data.takenAt }
}

function partIn(line: string, path: string): Part {
  const value = parsed(line)
  const row = Row.safeParse(value)
  if (row.success) return { row: row.data }
  const table = Table.safeParse(value)
  if (!table.success) throw new BackupError(`${path} has a line that is neither a table nor a row.`)
  return table.data
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const text = file.pipe(createGunzip()).setEncoding('utf8')
  file.on('error', (error) => text.destroy(error))
  try {
    yield* linesIn(text)
  } catch (error) {
    throw new BackupError(`${path} cannot be read: ${messageOf(error)}`)
  }
}

/** Split at line feeds and nothing else: a text may hold whatever else ends a line somewhere. What has no end was cut off. */
export async function* linesIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = ''
  for await (const chunk of chunks) {
    const lines = (begun + chunk).split('\n')
    begun = lines.pop() ?? ''
    yield* lines
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
