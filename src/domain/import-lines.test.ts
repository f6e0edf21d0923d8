import { describe, expect, it } from 'vitest'
import type { CustomField } from '../db/contact-records.ts'
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
  const plan = { mapping: ['name', 'name', 'areaCode', 'phone', 'field:c'], country: 'BR', fields: [city] }
  expect(readLines(rows, plan)).toEqual([
    {
      ...{ line: 2, phone: '+5511912345678', name: 'Ana Souza', tags: [], groups: [] },
      values: [{ fieldId: 'c', value: 'São Paulo', key: 'sao paulo' }],
    },
  ])
})
