/** @jsxImportSource hono/jsx */
import { expect, test } from 'vitest'
import type { TagChip } from '../db/records.ts'
import { NewContactForm } from './new-contact.tsx'
import { StartConversation } from './new-conversation.tsx'
import { TagChips } from './tag.tsx'
import { TagDialog } from './tag-dialog.tsx'
import { i18n, tagsOf } from './test-cast.ts'

const HOSTILE = '"><img src=x onerror=alert(1)><hx-partial hx-target="body">'
const chip = (name: string): TagChip => ({ id: name, name, color: 'sea' })
const elements = (html: string) => tagsOf(html).map((tag) => tag.split(/[\s>/]/)[0])

test('three chips are shown, and how many more there are', () => {
  const html = String(<TagChips i18n={i18n} tags={{ count: 5, first: ['a', 'b', 'c'].map(chip) }} />)
  expect(
    html
      .replaceAll(/<[^>]*>/g, ' ')
      .trim()
      .split(/\s+/),
  ).toEqual(['a', 'b', 'c', '+2'])
  expect(html).toContain('mais 2 tags')
})

test('where there are no tags there is nothing', () => {
  expect(String(<TagChips i18n={i18n} tags={{ count: 0, first: [] }} />)).toBe('')
})

test.each([
  ['a tag', (name: string) => <TagChips i18n={i18n} tags={{ count: 1, first: [chip(name)] }} />],
  [
    'the dialog of tags',
    (name: string) => (
      <TagDialog
        i18n={i18n}
        contact={{ id: 'maria', name }}
        tags={[chip(name)]}
        shown={[]}
        chosen={[]}
        created={[name]}
        mayCreate
      />
    ),
  ],
  [
    'Novo Contato',
    (name: string) => (
      <NewContactForm
        i18n={i18n}
        clientKey="k"
        countries={[]}
        typed={{ country: 'BR', phone: name, name }}
        known={{ id: 'maria', name, phone: null }}
      />
    ),
  ],
  [
    'Nova Conversa',
    (name: string) => (
      <StartConversation
        i18n={i18n}
        contact={{ id: 'maria', name, phone: null, blocked: false }}
        unreachable
        numbers={[]}
        chosen={null}
        departments={[]}
        departmentId={null}
      />
    ),
  ],
])('%s gains no element by what somebody is called', (_, draw) => {
  expect(elements(String(draw(HOSTILE)))).toEqual(elements(String(draw('Maria'))))
})
