/** What must not grow: trips, rows, bytes and nodes, measured on the built Worker against a real sqld. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filterMetrics } from '../../bench/measures/filters.ts'
import { pageMetrics } from '../../bench/measures/pages.ts'
import { pageWeightMetrics } from '../../bench/measures/weight.ts'
import { writeMetrics } from '../../bench/measures/writes.ts'
import { isOver, type Metric, tableOf } from '../../bench/report.ts'
import { type BulkPlan, SMALL } from '../../bench/seed/plan.ts'
import { Stand } from '../../bench/stand.ts'

/** Enough for whatever grows with the workspace to be seen growing; `npm run bench` goes to twenty times. */
const FEW: BulkPlan = { ...SMALL, conversations: 200 }
const MANY: BulkPlan = { ...SMALL, conversations: 1_000 }

let stand: Stand
let pages: Metric[]
let filters: Metric[]
let weights: Metric[]
let writes: Metric[]

beforeAll(async () => {
  stand = await Stand.open()
  const sizes = { small: await stand.database('few', FEW), large: await stand.database('many', MANY) }
  const graph = await stand.graph()
  const proxy = await stand.proxy(sizes.small.url)
  const worker = await stand.worker('counted', proxy.url, graph)
  pages = await pageMetrics(proxy, sizes, () => stand.people(worker.origin))
  const people = await stand.people(worker.origin)
  filters = await filterMetrics(proxy, sizes.large, people)
  weights = await pageWeightMetrics(people, [])
  writes = await writeMetrics({ proxy, graph, database: sizes.large, people })
})

afterAll(() => stand.close())

test('a page asks the database as rarely, and reads as few rows, as it may', () => {
  expect(overBudget(pages)).toBe('')
})

test('a filtered list reads no more than the narrowest filter lets through', () => {
  expect(overBudget(filters)).toBe('')
})

test('list and thread are as light as they may be', () => {
  expect(overBudget(weights)).toBe('')
})

test('a message in, the same again, and a message out write no more rows than they may', () => {
  expect(overBudget(writes)).toBe('')
})

const overBudget = (metrics: Metric[]) => {
  const over = metrics.filter((one) => one.enforced && isOver(one))
  return over.length > 0 ? tableOf(over) : ''
}
