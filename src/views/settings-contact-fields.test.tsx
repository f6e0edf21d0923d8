/** @jsxImportSource hono/jsx */

import { expect, it } from 'vitest'
import { describePages } from '../../test/support/pages.tsx'
import type { CustomField } from '../db/contact-records.ts'
import { FieldPage, FieldRemovalPage, FieldsPage } from './settings-contact-fields.tsx'
import { ana, fields, i18n } from './test-cast.ts'

const ofField = { problem: { code: 'invalid', details: { why: 'noChoices' } }, name: 'x', choices: '' } as const

describePages({
  fields: <FieldsPage i18n={i18n} viewer={ana} fields={fields} newId="f3" refused={ofField} />,
  field: <FieldPage i18n={i18n} field={fields[1] as CustomField} refused={null} />,
  'field to remove': <FieldRemovalPage i18n={i18n} field={fields[0] as CustomField} uses={2} mostCounted={100} />,
})

it('names the fields of the dialog apart from those of the page that it stands before', () => {
  const idsIn = (page: unknown) => [...String(page).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  const behind = idsIn(<FieldsPage i18n={i18n} viewer={ana} fields={fields} newId="f3" refused={null} />)
  const before = idsIn(<FieldPage i18n={i18n} field={fields[1] as CustomField} refused={null} />)
  expect(before).toContain('field-name')
  expect(before.filter((id) => behind.includes(id))).toEqual([])
})
