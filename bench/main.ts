/** `npm run bench`: the built Worker measured against its goals. Counts and bytes over a goal fail; times are told. */
import { join } from 'node:path'
import { type BuiltAsset, buildAssets } from '../scripts/assets.ts'
import { bundleWorker } from '../scripts/bundle.ts'
import { findChromium } from './chromium.ts'
import { fileMetrics } from './measures/files.ts'
import { filterMetrics } from './measures/filters.ts'
import { mixedMetrics } from './measures/mixed.ts'
import { pageMetrics } from './measures/pages.ts'
import { paintedMetrics } from './measures/painted.ts'
import { ratioMetrics } from './measures/ratio.ts'
import { startMetrics } from './measures/start.ts'
import { webhookMetrics } from './measures/webhook.ts'
import { assetMetrics, pageWeightMetrics } from './measures/weight.ts'
import { writeMetrics } from './measures/writes.ts'
import { isOver, type Metric, metric, tableOf, writeResults } from './report.ts'
import { LARGE, SMALL } from './seed/plan.ts'
import { type FilledDatabase, Stand } from './stand.ts'

const RESULTS = join(import.meta.dirname, 'results', 'latest.json')

const say = (what: string) => console.error(`bench       ${what}`)
const began = Date.now()
const metrics: Metric[] = []
const unmeasured: string[] = []
const stand = await Stand.open()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stand.close().finally(() => process.exit(1)))
}

try {
  await measureAll()
} finally {
  await stand.close()
}
await report()

async function measureAll(): Promise<void> {
  say('building')
  const assets = await buildAssets()
  const { gzipBytes } = await bundleWorker()
  metrics.push(...assetMetrics(assets), metric('Worker, gzip', 'bytes', gzipBytes))

  say('filling two databases')
  const sizes = { small: await stand.database('small', SMALL), large: await stand.database('large', LARGE) }
  await count(sizes, assets)
  await time(sizes)
  await measured('a thousand events of a channel', () => mixedMetrics(stand))
  await measured('npm start', () => startMetrics(stand.folder('start')))
}

interface Sizes {
  small: FilledDatabase
  large: FilledDatabase
}

/** One Worker whose database is asked through a counter. */
async function count(sizes: Sizes, assets: BuiltAsset[]): Promise<void> {
  const graph = await stand.graph()
  const proxy = await stand.proxy(sizes.small.url)
  const worker = await stand.worker('counted', proxy.url, graph)
  await measured('trips and rows of a page', () => pageMetrics(proxy, sizes, () => stand.people(worker.origin)))
  const people = await stand.people(worker.origin)
  await measured('rows of a filtered list', () => filterMetrics(proxy, sizes.large, people))
  await measured('weight of a page', () => pageWeightMetrics(people, assets))
  await measured('rows of a message', () => writeMetrics({ proxy, graph, database: sizes.large, people }))
  await worker.stop()
}

/** A Worker a size, with nothing in between. */
async function time(sizes: Sizes): Promise<void> {
  const graph = await stand.graph()
  const small = await stand.worker('timed-small', sizes.small.url, graph)
  const large = await stand.worker('timed-large', sizes.large.url, graph)
  metrics.push(metric('workerd, exec → first answer', 'ms', large.startMs))
  const people = await stand.people(large.origin)
  const few = await stand.people(small.origin)
  await measured('time of a page', () => ratioMetrics(few, people))
  await small.stop()
  await measured('webhook to paint', () => paintedMetrics(people, findChromium()))
  await measured('webhook to 200', () => webhookMetrics(large.origin))
  if (process.platform === 'linux') await measured('memory of large files', () => fileMetrics(people.owner))
  await large.stop()
}

/** What cannot be measured is a failure of its own, and does not hide the rest. */
async function measured(what: string, measure: () => Promise<Metric[]>): Promise<void> {
  say(what)
  try {
    metrics.push(...(await measure()))
  } catch (error) {
    unmeasured.push(what)
    console.error(error)
  }
}

async function report(): Promise<void> {
  const about = { at: new Date(began).toISOString(), seconds: Math.round((Date.now() - began) / 1_000), unmeasured }
  await writeResults(RESULTS, metrics, about)
  console.log(tableOf(metrics))
  const over = metrics.filter((one) => one.enforced && isOver(one)).map(({ name }) => name)
  if (over.length > 0) console.error(`Over budget: ${over.join('; ')}.`)
  if (unmeasured.length > 0) console.error(`Not measured: ${unmeasured.join('; ')}.`)
  if (over.length + unmeasured.length > 0) process.exitCode = 1
}
