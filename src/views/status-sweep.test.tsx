/** @jsxImportSource hono/jsx */
import { expect, it } from 'vitest'
import { i18nFor } from '../i18n/index.ts'
import { Sweep } from './status-sweep.tsx'

const i18n = i18nFor('en', 'UTC')
const NOW = Date.UTC(2026, 10, 21, 12)

it.each<[string, number | null, string, string]>([
  ['a minute ago', NOW - 60_000, 'well', 'last ran on 11/21/2026 11:59 AM'],
  ['five minutes ago', NOW - 300_000, 'trouble', 'last ran on 11/21/2026 11:55 AM'],
  ['never', null, 'trouble', 'has not run yet'],
])('says how it is where the sweep ran last %s', (_, sweptAt, level, words) => {
  const html = String(<Sweep i18n={i18n} sweptAt={sweptAt} now={NOW} />)
  expect(html).toContain(`data-level="${level}"`)
  expect(html).toContain(words)
})
