/**
 * A backup is lines of JSON. The first says what it is, then each table's columns and after them its rows, cell by cell as
 * the database's own protocol (Hrana) writes them; the last counts the rows and has the SHA-256 of all lines before it.
 */
export type Cell =
  | { type: 'null' }
  | { type: 'integer' | 'text'; value: string }
  | { type: 'float'; value: number }
  | { type: 'blob'; base64: string }

export type Part = { takenAt: number } | { table: string; columns: string[] } | { row: Cell[] }

/** What the last line says. */
export interface Sum {
  /** How many of each table. */
  rows: Record<string, number>
  sha256: string
}

/** SHA-256, as the runtime at hand makes it: of texts as UTF-8, in hex. */
export interface Digest {
  update(text: string): void | Promise<void>
  end(): string | Promise<string>
}

/** What is no whole backup, or cannot become one, in a sentence. */
export class BackupError extends Error {}

/** Tells `summed` what the last line says, once that is written. */
export async function* linesWith(
  parts: AsyncIterable<Part>,
  digest: Digest,
  summed: (sum: Sum) => void,
): AsyncGenerator<string> {
  const rows: Record<string, number> = {}
  let table = ''
  for await (const part of parts) {
    if ('table' in part) table = part.table
    count(rows, table, part)
    const said = 'row' in part ? part.row : 'takenAt' in part ? { prosaBackup: 1, ...part } : part
    const line = `${JSON.stringify(said)}\n`
    await digest.update(line)
    yield line
  }
  const sum = { rows, sha256: await digest.end() }
  yield `${JSON.stringify(sum)}\n`
  summed(sum)
}

export function count(rows: Record<string, number>, table: string, part: Part): void {
  if ('table' in part) rows[table] = 0
  if ('row' in part) rows[table] = (rows[table] ?? 0) + 1
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
