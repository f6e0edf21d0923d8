import { expect, it } from 'vitest'
import type { Cell } from '../../src/db/backup-lines.ts'
import { asRestored } from './as-restored.ts'

const COLUMNS = ['id', 'state', 'rank', 'lease_id', 'lease_until']
const text = (value: string): Cell => ({ type: 'text', value })
const integer = (value: number): Cell => ({ type: 'integer', value: String(value) })

const attempt = (state: string, rank: number): Cell[] => [
  text('a1'),
  text(state),
  integer(rank),
  text('lease'),
  integer(7),
]

it.each(['queued', 'sending'])('what was %s may have left since: nobody sends it again by itself', (state) => {
  const restored = asRestored('send_attempts', COLUMNS, attempt(state, 10), 5)
  expect(restored).toEqual([text('a1'), text('unknown'), integer(20), { type: 'null' }, { type: 'null' }])
})

it.each(['sent', 'failed', 'read', 'canceled'])('what was %s stays so', (state) => {
  expect(asRestored('send_attempts', COLUMNS, attempt(state, 40), 5)).toEqual(attempt(state, 40))
})

it('every workspace and number says since when it lacks what came, in whatever order its columns stand', () => {
  expect(asRestored('workspaces', ['restored_from', 'name'], [{ type: 'null' }, text('Padaria')], 5)).toEqual([
    integer(5),
    text('Padaria'),
  ])
  const columns = ['version', 'replay_since', 'gateway_version', 'name']
  expect(asRestored('inboxes', columns, [integer(3), { type: 'null' }, integer(3), text('Loja')], 5)).toEqual([
    ...[integer(1_000_003), integer(5), integer(0)],
    text('Loja'),
  ])
  expect(asRestored('contacts', ['name'], [text('Rita')], 5)).toEqual([text('Rita')])
})
