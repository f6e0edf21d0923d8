/** A backup's lines (src/db/backup-lines.ts), gzipped in a file; of one that is read nothing is taken on trust. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import * as z from 'zod'
import { BackupError, type Cell, count, linesIn, linesWith, type Part } from '../../src/db/backup-lines.ts'
import { messageOf } from '../message-of.ts'

const AnyCell: z.ZodType<Cell> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('null') }),
  z.object({ type: z.literal('integer'), value: z.string().regex(/^-?\d+$/) }),
  z.object({ type: z.literal('float'), value: z.number() }),
  z.object({ type: z.literal('text'), value: z.string() }),
  z.object({ type: z.literal('blob'), base64: z.string() }),
])

const Head = z.object({ prosaBackup: z.literal(1), takenAt: z.number().int() })
const Table = z.object({ table: z.string(), columns: z.array(z.string()) })
const Row = z.array(AnyCell)
const Foot = z.object({ rows: z.record(z.string(), z.number().int()), sha256: z.string() })

/** Answers with how many rows of each table were written. */
export async function writeParts(path: string, parts: AsyncIterable<Part>): Promise<Record<string, number>> {
  const hash = createHash('sha256')
  const digest = { update: (text: string) => void hash.update(text), end: () => hash.digest('hex') }
  let rows: Record<string, number> = {}
  const lines = linesWith(parts, digest, (sum) => {
    rows = sum.rows
  })
  await pipeline(lines, createGzip(), createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  return rows
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

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
