/** @jsxImportSource hono/jsx */
import { expect, it } from 'vitest'
import type { Dump } from '../domain/dumps.ts'
import { i18nFor } from '../i18n/index.ts'
import { Dumps } from './status-dumps.tsx'

const i18n = i18nFor('en', 'UTC')
const NOW = Date.UTC(2026, 10, 21, 12)
const HOUR = 3_600_000

const none = { key: null, rows: 0, bytes: 0, sha256: '', failed: null, isWhole: false }
const whole = (hours: number): Dump => ({
  ...none,
  ...{ at: NOW - hours * HOUR, key: 'dumps/w/1', rows: 12_345, bytes: 49_152, sha256: 'ab12', isWhole: true },
})
const failed = (hours: number): Dump => ({ ...none, at: NOW - hours * HOUR, failed: 'cut_off' })
const underWay: Dump = { ...none, at: NOW - 60_000, key: 'dumps/w/2', rows: 2_345 }

it.each<[string, string, Dump[], RegExp[]]>([
  ['there is none', 'watch', [], [/no copy yet<\/span>/]],
  ['the first is under way', 'watch', [underWay], [/no copy yet · One began at .*: 2,345 rows so far/]],
  ['the newest is whole', 'well', [whole(6), failed(7)], [/newest is of .*: 12,345 rows, 48.* KB<\/span>/]],
  ['another is under way', 'well', [underWay, whole(24)], [/12,345 rows.* · One began at/, /dumps\/w\/1/]],
  ['one failed since', 'watch', [failed(1), whole(24)], [/12,345 rows.*cut off in the middle<\/span>/]],
  ['and is begun again', 'watch', [underWay, failed(1), whole(24)], [/cut off in the middle · One began at/]],
  ['a night was missed', 'trouble', [underWay, whole(40)], [/12,345 rows.* · One began at/]],
])('says how it is where %s', (_, level, dumps, words) => {
  const html = String(<Dumps i18n={i18n} dumps={dumps} now={NOW} />)
  expect(html).toContain(`data-level="${level}"`)
  for (const word of words) expect(html).toMatch(word)
  expect(html).not.toContain('dumps/w/2')
})
