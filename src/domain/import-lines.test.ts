import { describe, expect, it } from 'vitest'
import type { CustomField } from '../db/contact-records.ts'
import { type Delimiter, rowsIn } from './csv.ts'
import { guessColumns, readLines } from './import-lines.ts'

const city: CustomField = { id: 'c', name: 'Cidade', nameKey: 'cidade', kind: 'text', choices: [], version: 1 }

describe('columns are known by their headings', () => {
  it.each([
    [
      ['Nome completo', 'DDD', 'Telefone celular', 'Etiquetas', 'Grupo', 'Cidade'],
      'name areaCode phone tags groups field:c',
    ],
    [['First Name', 'Last Name', 'Phone 1 - Value', 'Labels', 'E-mail'], 'name name phone tags '],
    [['Nombre', 'Teléfono móvil', 'Categorías', 'Teléfono 2'], 'name phone groups '],
    [['WhatsApp', 'Cliente', 'CIDADE'], 'phone name field:c'],
    [['', 'x', '=1+1'], '  '],
  ])('%j', (headings, columns) => {
    expect(guessColumns(headings, [city]).join(' ')).toBe(columns)
  })
})

it('a number may stand in two columns, and a name too', () => {
  const rows = [
    ['a', 'b', 'c', 'd', 'e'],
    ['Ana', 'Souza', '11', '91234-5678', 'São Paulo'],
  ]
  const plan = {
    mapping: ['name', 'name', 'areaCode', 'phone', 'field:c'],
    country: 'BR',
    fields: [city],
    delimiter: ';',
  }
  expect(readLines(rows, plan)).toEqual([
    {
      ...{ line: 2, phone: '+5511912345678', name: 'Ana Souza', tags: [], groups: [] },
      values: [{ fieldId: 'c', value: 'São Paulo', key: 'sao paulo' }],
    },
  ])
})

describe('a quote that was opened by mistake', () => {
  const readAs = (delimiter: Delimiter, text: string, mapping = ['name', 'phone', '']) =>
    readLines(rowsIn(text, delimiter, 100), { mapping, country: 'BR', fields: [], delimiter }).map((read) =>
      'problem' in read ? `${read.line} ${read.problem}` : `${read.line} ${read.name}`,
    )

  it.each([
    ['in the first column', 'n;p;x\nA;11987650101;\n"B;11987650102;\nC;11987650103;\n"D";11987650104;\nE;11987650105;'],
    ['in the last', 'n;p;x\nA;11987650101;\nB;11987650102;"x\nC;11987650103;\nD;11987650104;"x"\nE;11987650105;'],
  ])('is told of the line where it stands: %s', (_, text) => {
    expect(readAs(';', text)).toEqual(['2 A', '3 swallowed', '4 E'])
  })

  it('is not seen in a cell with line breaks of its own', () => {
    const text = 'n,p,x\n"Ana\nSouza",11987650101,"Rua A, 10\nSão Paulo, SP"\n'
    expect(readAs(',', text)).toEqual(['2 Ana Souza'])
    expect(readAs(',', 'p,x\n11987650101,"Rua A, 10\nSão Paulo, SP"\n', ['phone', 'name'])).toHaveLength(1)
    expect(readAs(',', 'p,x\n11987650101,"Rua A, 10\nSão Paulo, SP"\n', ['phone', ''])).toEqual(['2 null'])
  })
})
