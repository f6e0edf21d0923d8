/** The lines of a file of contacts: what its columns are taken for, and whom each line speaks of. */
import type { CustomField } from '../db/contact-records.ts'
import { readValue } from './field-values.ts'
import { type PhoneProblem, type ReadPhone, readPhone } from './phone-number.ts'
import { LONGEST_TAG } from './tags.ts'
import { foldedKey, nameText } from './text.ts'

export const MOST_LINES = 20_000
/** More would be more fields than a form may have. */
export const MOST_COLUMNS = 60
const MOST_MARKS = 30
/** Between several names in a cell; where there is none of it, a comma or a semicolon parts them. */
export const SEVERAL = '|'

/** What a column is: nothing of ours, one of these, or a field of the workspace's own (`field:<id>`). */
export const COLUMNS = ['', 'phone', 'areaCode', 'name', 'tags', 'groups'] as const
export const fieldColumn = (id: string) => `field:${id}`

export type LineProblem =
  | Exclude<PhoneProblem, 'needNinth'>
  | 'scientific'
  | 'swallowed'
  | 'double'
  | 'tagLong'
  | 'marks'
  | 'fieldLong'
  | 'fieldNumber'
  | 'fieldDate'
  | 'fieldChoice'
  | 'hidden'

export interface Named {
  name: string
  nameKey: string
}

/** Somebody to be written down, or known already. */
export interface ImportLine {
  /** As the spreadsheet counts. */
  line: number
  phone: string
  name: string | null
  tags: Named[]
  groups: Named[]
  values: { fieldId: string; value: string; key: string }[]
}

export interface BadLine {
  line: number
  problem: LineProblem
  /** The line that said it first, or the name of the field. */
  detail: string | null
}

export interface ReadingPlan {
  /** For each column, what it is. */
  mapping: string[]
  country: string
  fields: CustomField[]
  /** Between the file's cells. */
  delimiter: string
}

/**
 * Every line that says something, behind the one with the headings. A mobile without its ninth digit is the number with it;
 * a number that an earlier line has is that line's.
 */
export function readLines(rows: string[][], plan: ReadingPlan): (ImportLine | BadLine)[] {
  const firstWith = new Map<string, number>()
  return rows.flatMap((row, at): (ImportLine | BadLine)[] => {
    if (at === 0 || row.every((cell) => cell.trim() === '')) return []
    if (isSwallowing(row, rows[0]?.length ?? 0, plan.delimiter))
      return [{ line: at + 1, problem: 'swallowed', detail: null }]
    const read = readLine(row, at + 1, plan)
    if ('problem' in read) return [read]
    const before = firstWith.get(read.phone)
    if (before !== undefined) return [{ line: read.line, problem: 'double', detail: String(before) }]
    firstWith.set(read.phone, read.line)
    return [read]
  })
}

/**
 * Whether a quote was opened by mistake and closed lines later, so that one cell holds whole lines: of a note with line breaks
 * none has as many delimiters as the headings. Two columns apart by a comma are no sign, for that is how people write.
 */
function isSwallowing(row: string[], columns: number, delimiter: string): boolean {
  const within = (text: string) => text.split(delimiter).length - 1
  return row.some((cell, at) => {
    const [first = '', ...rest] = cell.split(/\r\n|\n|\r/)
    if (rest.length === 0) return false
    if (within(first) > 0 && at + within(first) === columns - 1) return true
    return columns > (delimiter === ',' ? 2 : 1) && rest.some((line) => within(line) === columns - 1)
  })
}

function readLine(row: string[], line: number, { mapping, country, fields }: ReadingPlan): ImportLine | BadLine {
  const cells = (column: string) => mapping.flatMap((one, at) => (one === column ? [row[at]?.trim() ?? ''] : []))
  const bad = (problem: LineProblem, detail: string | null = null): BadLine => ({ line, problem, detail })

  const typed = [...cells('areaCode'), ...cells('phone')].join(' ').trim()
  if (/^\d[.,]\d+e\+?\d+$/i.test(typed)) return bad('scientific')
  const { phone, problem } = phoneIn(typed, country)
  if (!phone) return bad(problem === null || problem === 'needNinth' ? 'badPhone' : problem)

  const [tags, groups] = [namesIn(cells('tags')), namesIn(cells('groups'))]
  if (tags.some(({ name }) => [...name].length > LONGEST_TAG)) return bad('tagLong')
  if (tags.length > MOST_MARKS || groups.length > MOST_MARKS) return bad('marks')

  const values: ImportLine['values'] = []
  for (const field of fields) {
    const read = readValue(field, cells(fieldColumn(field.id)).join(' '))
    if (typeof read === 'string') return bad(read, field.name)
    if (read.value !== '') values.push({ fieldId: field.id, ...read })
  }
  return { line, phone, name: nameText(cells('name').join(' ')), tags, groups, values }
}

/** As our own tables have it, an international number may come without its plus. */
function phoneIn(typed: string, country: string): ReadPhone {
  const read = readPhone(typed, country)
  if (read.phone || !/^\d{10,15}$/.test(typed)) return read
  const abroad = readPhone(`+${typed}`, country)
  return abroad.phone ? abroad : read
}

/** Several names in one cell, each once. */
function namesIn(cells: string[]): Named[] {
  const names = cells
    .flatMap((cell) => cell.slice(0, 20_000).split(/[|\n]/.test(cell) ? /[|\n]/ : /[,;]/))
    .map(nameText)
  const byKey = new Map<string, Named>()
  for (const name of names) {
    const nameKey = foldedKey(name ?? '')
    if (name !== null && nameKey !== '' && !byKey.has(nameKey)) byKey.set(nameKey, { name, nameKey })
  }
  return [...byKey.values()]
}

/** What a heading says in Portuguese, English or Spanish, as spreadsheets and other products call it. */
const HEADINGS: [column: (typeof COLUMNS)[number], pattern: RegExp][] = [
  ['areaCode', /^(ddd|area code|codigo de area)$/],
  [
    'phone',
    /^(telefone|celular|whatsapp|whats|zap|fone|tel|numero|phone|mobile|cell|cellphone|telephone|telefono|movil)\b/,
  ],
  ['phone', /\b(telefone|celular|whatsapp|phone|mobile|telefono|movil)\b/],
  ['name', /^(nome|name|nombre|contato|contact|contacto|cliente|customer|first name|last name|sobrenome|apellidos?)\b/],
  ['name', /^(full name|display name|nome completo|nombre completo|given name|family name)$/],
  ['tags', /^(tags?|etiquetas?|labels?|marcadores?)\b/],
  ['groups', /^(grupos?|groups?|listas?|lists?|categorias?|categories|category|segmentos?)\b/],
]

/** Each of our columns is taken for one of the file's, but for names, which may come in two. */
export function guessColumns(headings: string[], fields: CustomField[]): string[] {
  const taken = new Set<string>()
  return headings.map((heading) => {
    const key = foldedKey(heading)
    const field = fields.find(({ nameKey }) => nameKey === key)
    const column = field
      ? fieldColumn(field.id)
      : (HEADINGS.find(([name, pattern]) => pattern.test(key) && (name === 'name' || !taken.has(name)))?.[0] ?? '')
    if (column !== 'name' && taken.has(column)) return ''
    if (column !== '') taken.add(column)
    return column
  })
}
