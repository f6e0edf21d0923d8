/** How much longer a page takes than a page of nothing from the same Worker: what remains of a time when the machine is left out. */
import { median } from '../numbers.ts'
import { type Metric, metric } from '../report.ts'
import type { People } from '../stand.ts'
import type { Answer } from '../visitor.ts'
import { LIST, THREAD } from './pages.ts'

const ROUNDS = 7
const CALLS_A_ROUND = 30
const WARM_UP = 20

export async function ratioMetrics(small: People, large: People): Promise<Metric[]> {
  const asks = {
    hello: () => large.owner.page('/healthz'),
    list: () => large.owner.page(LIST),
    thread: () => large.owner.part(THREAD),
    smallList: () => small.owner.page(LIST),
    smallThread: () => small.owner.part(THREAD),
  }
  const names = Object.keys(asks) as (keyof typeof asks)[]
  for (const name of names) await timesOf(asks[name], WARM_UP)

  const rounds: Record<keyof typeof asks, number>[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const took = { hello: 0, list: 0, thread: 0, smallList: 0, smallThread: 0 }
    // The other way round every second time, so that nobody always comes first.
    for (const name of round % 2 ? names.toReversed() : names)
      took[name] = median(await timesOf(asks[name], CALLS_A_ROUND))
    rounds.push(took)
  }
  const p50 = (name: keyof typeof asks) => median(rounds.map((took) => took[name]))
  const ratio = (of: keyof typeof asks, to: keyof typeof asks) => median(rounds.map((took) => took[of] / took[to]))
  return [
    metric('hello, p50', 'ms', p50('hello')),
    metric('list, p50', 'ms', p50('list'), 60),
    metric('thread, p50', 'ms', p50('thread'), 60),
    metric('list ÷ hello', '×', ratio('list', 'hello')),
    metric('thread ÷ hello', '×', ratio('thread', 'hello')),
    metric('list, time at many ÷ at few messages', '×', ratio('list', 'smallList'), 1.3),
    metric('thread, time at many ÷ at few messages', '×', ratio('thread', 'smallThread'), 1.3),
  ]
}

async function timesOf(ask: () => Promise<Answer>, calls: number): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < calls; at += 1) {
    const { status, ms } = await ask()
    if (status !== 200) throw new Error(`A page that is timed answered ${status}.`)
    times.push(ms)
  }
  return times
}
