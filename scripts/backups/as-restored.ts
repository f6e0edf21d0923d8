/** What is not put back as it was: marks for those who have to catch up, and sends of which nobody knows any more. */
import type { Cell } from '../../src/db/backup-lines.ts'

const NULL: Cell = { type: 'null' }
const integer = (value: number): Cell => ({ type: 'integer', value: String(value) })
const text = (value: string): Cell => ({ type: 'text', value })

/** Newer than any settings that a gateway may hold, which this database does not know of. */
const NEWER = 1_000_000

/** The cells of a row that are to be others, by their columns. */
type Changes = (cell: (column: string) => Cell | undefined, takenAt: number) => Record<string, Cell>

const CHANGES: Record<string, Changes> = {
  // Nothing comes in until what was erased after the backup is erased again: the next sweep sees to it.
  workspaces: (_, takenAt) => ({ restored_from: integer(takenAt) }),
  // What came in after it is still in the gateways' journals: the next sweep has them apply it again, and hands them their settings.
  inboxes: (cell, takenAt) => ({
    replay_since: integer(takenAt),
    version: integer(numberIn(cell('version')) + NEWER),
    gateway_version: integer(0),
  }),
  // It waited then, and has left since or not: sent again, it could come twice.
  send_attempts: (cell) =>
    ['queued', 'sending'].includes(textIn(cell('state')))
      ? { state: text('unknown'), rank: integer(20), lease_id: NULL, lease_until: NULL }
      : {},
}

export function asRestored(table: string, columns: string[], row: Cell[], takenAt: number): Cell[] {
  const changes = CHANGES[table]?.((column) => row[columns.indexOf(column)], takenAt)
  return changes ? row.map((cell, at) => changes[columns[at] ?? ''] ?? cell) : row
}

const numberIn = (cell: Cell | undefined) => (cell?.type === 'integer' ? Number(cell.value) : 0)
const textIn = (cell: Cell | undefined) => (cell?.type === 'text' ? cell.value : '')
