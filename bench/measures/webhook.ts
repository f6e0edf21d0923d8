/** How soon a provider has its 200, when many call one number at once. */
import { median, percentile } from '../numbers.ts'
import { type Metric, metric } from '../report.ts'
import { benchInbox, benchPeer } from '../seed/plan.ts'
import { visit } from '../visitor.ts'
import { call, textBody } from '../webhooks.ts'

const CONCURRENT = 32
const CALLS_EACH = 25
const QUIET_CALLS = 50

export async function webhookMetrics(origin: string): Promise<Metric[]> {
  const quiet = await caller(origin, 0, QUIET_CALLS)
  const busy = (
    await Promise.all(Array.from({ length: CONCURRENT }, (_, n) => caller(origin, n + 1, CALLS_EACH)))
  ).flat()
  return [
    metric('webhook → 200, one at a time, p50', 'ms', median(quiet)),
    metric(`webhook → 200 at ${CONCURRENT} concurrent, p50`, 'ms', median(busy), 100),
    metric(`webhook → 200 at ${CONCURRENT} concurrent, p99`, 'ms', percentile(busy, 0.99), 500),
  ]
}

async function caller(origin: string, n: number, calls: number): Promise<number[]> {
  const visitor = visit(origin)
  const inbox = benchInbox(0)
  const times: number[] = []
  for (let at = 0; at < calls; at += 1) {
    const id = `wamid.bench-load-${process.pid}-${n}-${at}`
    const body = textBody(inbox, {
      from: benchPeer(n * inboxStep),
      name: 'Clara Duarte',
      id,
      text: `Mensagem ${at} de ${calls}`,
    })
    const { status, ms } = await call(visitor, inbox, body)
    if (status !== 200) throw new Error(`A webhook was answered ${status}.`)
    times.push(ms)
  }
  visitor.leave()
  return times
}

/** Conversations of the first inbox stand this far apart. */
const inboxStep = 4
