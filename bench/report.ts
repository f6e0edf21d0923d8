/** What was measured, as a table for people and as JSON for machines. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface Metric {
  name: string
  value: number
  unit: Unit
  /** The most it may be; none: only told. */
  goal?: number
  /** Counts and bytes over their goal fail the run; times, which depend on the machine, are only told. */
  enforced: boolean
}

export type Unit = 'trips' | 'rows' | 'bytes' | 'nodes' | 'a second' | 'ms' | '×'

const COUNTED: readonly Unit[] = ['trips', 'rows', 'bytes', 'nodes']

/** A count is enforced by what it is. */
export const metric = (name: string, unit: Unit, value: number, goal?: number): Metric => ({
  name,
  unit,
  value,
  ...(goal === undefined ? {} : { goal }),
  enforced: goal !== undefined && COUNTED.includes(unit),
})

/** A ratio of counts, which is as exact as they are. */
export const countRatio = (name: string, value: number, goal: number): Metric => ({
  name,
  unit: '×',
  value,
  goal,
  enforced: true,
})

export const isOver = ({ value, goal }: Metric) => goal !== undefined && !(value <= goal)

export function tableOf(metrics: readonly Metric[]): string {
  const rows = metrics.map((one) => [
    one.name,
    shown(one.value, one.unit),
    one.goal === undefined ? '' : `≤ ${shown(one.goal, one.unit)}`,
    verdict(one),
  ])
  const all = [['metric', 'value', 'goal', 'ok'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')
  return all.map(line).join('\n')
}

export async function writeResults(
  path: string,
  metrics: readonly Metric[],
  about: Record<string, unknown>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const measured = metrics.map((one) => ({ ...one, ok: !isOver(one) }))
  await writeFile(path, `${JSON.stringify({ ...about, metrics: measured }, null, 2)}\n`)
}

function verdict(one: Metric): string {
  if (one.goal === undefined) return ''
  if (!isOver(one)) return 'yes'
  return one.enforced ? 'NO' : 'no'
}

function shown(value: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return `${(value / 1024).toFixed(1)} KB`
    case 'ms':
      return `${value.toFixed(value < 100 ? 1 : 0)} ms`
    case '×':
      return `${value.toFixed(2)}×`
    default:
      return `${value} ${unit}`
  }
}
