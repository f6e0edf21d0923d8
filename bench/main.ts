/** `npm run bench`: the built Worker measured against its goals. Counts and bytes over a goal fail; times are told. */
import { join } from 'node:path'
import { buildAssets } from '../scripts/assets.ts'
import { bundleWorker } from '../scripts/bundle.ts'
import { findChromium } from './chromium.ts'
import { pageMetrics } from './measures/pages.ts'
import { paintedMetrics } from './measures/painted.ts'
import { ratioMetrics } from './measures/ratio.ts'
import { startMetrics } from './measures/start.ts'
import { webhookMetrics } from './measures/webhook.ts'
import { assetMetrics, pageWeightMetrics } from './measures/weight.ts'
import { writeMetrics } from './measures/writes.ts'
import { isOver, type Metric, metric, tableOf, writeResults } from './report.ts'
import { LARGE, SMALL } from './seed/plan.ts'
import { Stand } from './stand.ts'

const RESULTS = join(import.meta.dirname, 'results', 'latest.json')

const say = (what: string) => console.error(`bench       ${what}`)
const began = Date.now()
const stand = await Stand.open()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stand.close().finally(() => process.exit(1)))
}

try {
  const metrics = await measure()
  await writeResults(RESULTS, metrics, {
    at: new Date(began).toISOString(),
    seconds: Math.round((Date.now() - began) / 1_000),
  })
  console.log(tableOf(metrics))
  const over = metrics.filter((one) => one.enforced && isOver(one))
  if (over.length > 0) {
    console.error(`Over budget: ${over.map(({ name }) => name).join('; ')}.`)
    process.exitCode = 1
  }
} finally {
  await stand.close()
}

async function measure(): Promise<Metric[]> {
  say('building')
  const assets = await buildAssets()
  const { gzipBytes } = await bundleWorker()

  say('filling two databases')
  const sizes = { small: await stand.database('small', SMALL), large: await stand.database('large', LARGE) }
  const graph = await stand.graph()

  say('counting trips, rows and bytes')
  const counted = await countedMetrics(sizes, graph, assets)

  say('timing pages and webhooks')
  const small = await stand.worker('timed-small', sizes.small.url, graph)
  const large = await stand.worker('timed-large', sizes.large.url, graph)
  const people = await stand.people(large.origin)
  const ratios = await ratioMetrics(await stand.people(small.origin), people)
  const painted = await paintedMetrics(people, findChromium())
  const webhooks = await webhookMetrics(large.origin)
  await Promise.all([small.stop(), large.stop()])

  say('starting it as npm start does')
  return [
    ...assetMetrics(assets),
    ...counted,
    metric('Worker, gzip', 'bytes', gzipBytes),
    ...ratios,
    ...webhooks,
    ...painted,
    metric('workerd, exec → first answer', 'ms', large.startMs),
    ...(await startMetrics(stand.folder('start'))),
  ]
}

async function countedMetrics(
  sizes: Parameters<typeof pageMetrics>[1],
  graph: Awaited<ReturnType<Stand['graph']>>,
  assets: Parameters<typeof assetMetrics>[0],
): Promise<Metric[]> {
  const proxy = await stand.proxy(sizes.small.url)
  const worker = await stand.worker('counted', proxy.url, graph)
  const pages = await pageMetrics(proxy, sizes, () => stand.people(worker.origin))
  const people = await stand.people(worker.origin)
  const weights = await pageWeightMetrics(people, assets)
  const writes = await writeMetrics({ proxy, graph, database: sizes.large, people })
  await worker.stop()
  return [...weights, ...pages, ...writes]
}
