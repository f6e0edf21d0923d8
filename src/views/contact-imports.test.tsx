/** @jsxImportSource hono/jsx */

import { describePages } from '../../test/support/pages.tsx'
import type { ContactImport } from '../db/contact-records.ts'
import { ImportPage, ImportsPage } from './contact-imports.tsx'
import { i18n, NOON } from './test-cast.ts'

const file = (over: Partial<ContactImport>): ContactImport => ({
  ...{ id: 'f1', authorId: 'ana', authorName: 'Ana', fileName: 'clientes.csv', objectKey: 'k', delimiter: ';' },
  ...{ mapping: ['phone'], country: 'BR', overwrites: false, state: 'checked', refusal: null, createdAt: NOON },
  ...{ total: 9, cursor: 3, created: 4, matched: 2, problems: 3, newTags: 1, newGroups: 2, ...over },
})

const importing = (over: Partial<ContactImport>) => (
  <ImportPage
    i18n={i18n}
    file={file(over)}
    columns={[{ name: 'column.0', heading: '', examples: ['11 91234-5678'], is: 'phone' }]}
    fields={[{ id: 'c', name: 'Cidade', nameKey: 'cidade', kind: 'text', choices: [], version: 1 }]}
    countries={[{ code: 'BR', calling: '55' }]}
    problems={[{ line: 4, code: 'double', detail: '2' }]}
    problem={{ code: 'invalid', details: { why: 'noPhone' } }}
  />
)

describePages({
  imports: (
    <ImportsPage
      i18n={i18n}
      newId="f2"
      imports={[file({}), file({ id: 'f3', fileName: null, state: 'done' })]}
      limits={{ lines: 20_000, megabytes: 5 }}
      problem={{ code: 'invalid', details: { why: 'notATable', line: 7 } }}
    />
  ),
  'import to map': importing({ state: 'mapping' }),
  'import tried out': importing({}),
  'import at work': importing({ state: 'importing' }),
  'import done': importing({ state: 'done', objectKey: null }),
  'import refused': importing({ state: 'refused', refusal: 'notATable:12' }),
})
