import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../test/support/runs.ts'
import { csvHead, csvRows, DELIMITERS, delimiterOf, NotATable, rowsIn, safeCell, textOf } from './csv.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const ALL = 1_000

describe('P15: a table', () => {
  const nasty = fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    "'",
    '"',
    ';',
    ',',
    '＝',
    '＋',
    '－',
    '＠',
    ' ',
    'a',
    'ç',
  )
  const cell = fc.oneof(fc.string({ unit: nasty, maxLength: 6 }), fc.string({ unit: 'grapheme', maxLength: 12 }))
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }))

  it('comes back as it was written, whatever its cells say', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(...DELIMITERS), ([head = [], ...rows], delimiter) => {
        const written = bytesOf(csvHead(head, delimiter) + csvRows(rows, delimiter))
        // Text as it is stored holds no NUL (domain/text.ts): a file with one is no text.
        fc.pre(!written.includes(0))
        expect(rowsIn(textOf(written) ?? '', delimiter, ALL)).toEqual([head, ...rows])
      }),
      { numRuns: runs(6_000) },
    )
  })

  it('has no cell that begins a formula, in whatever program it is opened', () => {
    fc.assert(
      fc.property(cell, (text) => {
        expect(safeCell(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/u)
        // Nor does a cell begin in the middle of another: every quote is doubled.
        const [line = ''] = [csvRows([[text]], ';')]
        expect(rowsIn(line, ';', ALL)).toHaveLength(1)
      }),
      { numRuns: runs(6_000) },
    )
  })
})

describe('a file from a spreadsheet', () => {
  const rows = [
    ['Nome', 'Telefone'],
    ['João', '11 91234-5678'],
  ]

  it.each([
    ['UTF-8', bytesOf('Nome;Telefone\r\nJoão;11 91234-5678\r\n')],
    ['UTF-8 with its mark', bytesOf('\ufeffNome;Telefone\nJoão;11 91234-5678')],
    ['Windows-1252', Uint8Array.from('Nome;Telefone\r\nJo\u00e3o;11 91234-5678', (char) => char.charCodeAt(0))],
    [
      'UTF-16',
      new Uint8Array(Uint16Array.from('\ufeffNome;Telefone\r\nJoão;11 91234-5678', (c) => c.charCodeAt(0)).buffer),
    ],
    ['old Mac line ends', bytesOf('Nome;Telefone\rJoão;11 91234-5678\r')],
    ['commas', bytesOf('Nome,Telefone\nJoão,11 91234-5678\n')],
    ["Excel's own first line", bytesOf('sep=;\r\nNome;Telefone\r\nJoão;11 91234-5678\r\n')],
    ['tabs', bytesOf('Nome\tTelefone\nJoão\t11 91234-5678')],
  ])('is read: %s', (_, bytes) => {
    const text = textOf(bytes) ?? ''
    expect(rowsIn(text, delimiterOf(text), ALL)).toEqual(rows)
  })

  it('may hold line breaks, quotes and delimiters inside of quotes', () => {
    const text = 'Nome;Nota\n"Silva; Ana";"diz ""oi""\r\ne some"\n'
    expect(delimiterOf(text)).toBe(';')
    expect(rowsIn(text, ';', ALL)).toEqual([
      ['Nome', 'Nota'],
      ['Silva; Ana', 'diz "oi"\r\ne some'],
    ])
  })

  it('keeps empty rows, so that a line is called as the spreadsheet calls it', () => {
    expect(rowsIn('a\n\nb\n', ';', ALL)).toEqual([['a'], [''], ['b']])
  })

  it('is read as what it is where it was cut off within a letter', () => {
    expect(textOf(bytesOf('João;Ana Irmã').slice(0, -1))).toBe('João;Ana Irm')
    expect(textOf(Uint8Array.from('Ana Irm\u00e3', (char) => char.charCodeAt(0)))).toBe('Ana Irmã')
  })

  it('says on which line a quote begins that is never closed', () => {
    const good = (n: number) => 'Ana;11 91234-5678\n'.repeat(n)
    expect(() => rowsIn(`${good(3)}"Zé;1\n${good(90)}`, ';', ALL)).toThrow('Line 4 ')
  })

  it('is no table where a quote is never closed, and no text where it holds what no text holds', () => {
    expect(() => rowsIn('a;b\n"c;d\ne', ';', ALL)).toThrow(NotATable)
    expect(textOf(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))).toBeNull()
  })

  it('says which of the marks at its head are part of its text', () => {
    expect(rowsIn("'+5511912345678;''=1", ';', ALL)).toEqual([['+5511912345678', "'=1"]])
  })
})
