/** Tables as text: read as any spreadsheet writes them, and written so that no cell is a formula anywhere. */
import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import { stringify } from 'csv-stringify/browser/esm/sync'

export const DELIMITERS = [';', ',', '\t'] as const
export type Delimiter = (typeof DELIMITERS)[number]

const BYTE_ORDER_MARK = '\ufeff'
const BEYOND_ASCII = /[\u0080-\uffff]/
/** What Excel is told above a table, and shows nobody. */
const EXCELS_HINT = /^sep=[;,\t](?:\r\n|\n|\r)/i
const LINE_END = '\r\n'
/** What a spreadsheet would work out, behind any number of marks that say it is text. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/u
const MARKED = /^'+[=+\-@\t\r\n＝＋－＠]/u

/** Bytes as spreadsheets save them: UTF-8, UTF-16 with its mark, else the Western alphabet of Windows. Null: no text at all. */
export function textOf(bytes: Uint8Array): string | null {
  const utf16 = utf16Of(bytes)
  const text = utf16
    ? new TextDecoder(utf16).decode(bytes)
    : (decoded(bytes) ?? new TextDecoder('windows-1252').decode(bytes))
  return text.includes('\0') ? null : text.replace(EXCELS_HINT, '')
}

/** Without its mark. A file that was cut off within its last letter is UTF-8 all the same, where it has others like it. */
function decoded(bytes: Uint8Array): string | null {
  const strict = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  try {
    const whole = strict().decode(bytes, { stream: true })
    return BEYOND_ASCII.test(whole) ? whole : strict().decode(bytes)
  } catch {
    return null
  }
}

function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

/** Whichever of them stands most often outside of quotes in the first line. */
export function delimiterOf(text: string): Delimiter {
  const [line = ''] = text
    .replace(/^[\r\n]+/, '')
    .slice(0, 20_000)
    .replaceAll(/"[^"]*"/g, '')
    .split(/[\r\n]/, 1)
  const times = (delimiter: Delimiter) => line.split(delimiter).length
  return DELIMITERS.reduce((best, one) => (times(one) > times(best) ? one : best))
}

/** The text is no table; `line`, as a spreadsheet counts, is where it ceases to be one. */
export class NotATable extends Error {
  readonly line: number

  constructor(line: number) {
    super(`Line ${line} cannot be read.`)
    this.name = 'NotATable'
    this.line = line
  }
}

/** Every row as it stands, the empty ones too, so that the place of a row is its line in a spreadsheet. */
export function rowsIn(text: string, delimiter: Delimiter, most: number): string[][] {
  try {
    const rows = parse(text, {
      delimiter,
      to: most,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    })
    return rows.map((row) => row.map(plainCell))
  } catch (error) {
    if (error instanceof CsvError) throw new NotATable(Number(error['records'] ?? 0) + 1)
    throw error
  }
}

/** RFC 4180, with the mark that has Excel read it as UTF-8. */
export const csvHead = (cells: string[], delimiter: Delimiter): string => BYTE_ORDER_MARK + csvRows([cells], delimiter)

export const csvRows = (rows: string[][], delimiter: Delimiter): string =>
  stringify(
    rows.map((row) => row.map(safeCell)),
    { delimiter, record_delimiter: LINE_END, quoted_match: /[;,\t\r\n]/ },
  )

/** A cell that begins as a formula does is marked as text; what has such a mark already gets one more, so that each comes back as it was. */
export const safeCell = (text: string) => (FORMULA.test(text) ? `'${text}` : text)

const plainCell = (text: string) => (MARKED.test(text) ? text.slice(1) : text)

/** What a spreadsheet of that language takes for the end of a cell when it opens a file by a double click. */
export const delimiterFor = (locale: string): Delimiter => (locale === 'en' ? ',' : ';')
