/** @jsxImportSource hono/jsx */

import { describePages } from '../../test/support/pages.tsx'
import type { Contact } from '../db/contact-records.ts'
import { BlockDialog } from './blocking.tsx'
import { FillIn } from './contact-fields.tsx'
import { ContactPage } from './contact-panel.tsx'
import { ErasureDialog } from './erasure.tsx'
import { ExportDialog, FileOverPage, FilePage } from './person-export.tsx'
import { fields, i18n, NOON } from './test-cast.ts'

const BLOCKED: Contact = {
  ...{ id: 'c1', name: 'Mariana', profileName: null, phone: '+5511999990001', version: 1, mergedIntoId: null },
  ...{ erasedAt: null, blockedAt: NOON, blockedByName: 'Ana', createdAt: NOON },
}

describePages({
  'contact who is blocked': (
    <ContactPage
      i18n={i18n}
      contact={BLOCKED}
      conversationId={null}
      content={{ tab: 'data', tags: [], addresses: [], merges: [], mayErase: true, values: [] }}
      asked
    />
  ),
  'block dialog': (
    <BlockDialog
      i18n={i18n}
      contactId="c1"
      conversationId="v1"
      name="Mariana"
      open={2}
      busy={false}
      back="/contacts/c1"
    />
  ),
  'block dialog of somebody busy': (
    <BlockDialog i18n={i18n} contactId="c1" conversationId={null} name="Mariana" open={1} busy back="/contacts/c1" />
  ),
  'details to fill in': (
    <FillIn
      i18n={i18n}
      contactId="c1"
      name="Maria"
      values={fields.map((field) => ({ field, value: 'Ouro', typed: undefined }))}
      problem={{ code: 'invalid', details: { field: 'f1', why: 'fieldLong' } }}
    />
  ),
  'erasure dialog': (
    <ErasureDialog
      i18n={i18n}
      contactId="c1"
      name="Mariana"
      taken={{ conversations: 2, messages: 9, files: 1, comments: 1, tags: 0, groups: 0, addresses: 1 }}
      typed="Maria"
    />
  ),
  'export dialog': <ExportDialog i18n={i18n} contactId="c1" name="Mariana" link="http://localhost:8787/exports/0f" />,
  'export file': <FilePage i18n={i18n} token="0f" />,
  'export over': <FileOverPage i18n={i18n} />,
})
