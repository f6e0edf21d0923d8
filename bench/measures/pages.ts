/** What a page costs the database. */
import type { CountingProxy, Usage } from '../counting-proxy.ts'
import { countRatio, type Metric, metric } from '../report.ts'
import { benchConversation, LONG_THREAD } from '../seed/plan.ts'
import type { FilledDatabase, People } from '../stand.ts'
import type { Answer, Visitor } from '../visitor.ts'

export const LIST = '/conversations'
export const THREAD = `/conversations/${benchConversation(LONG_THREAD)}`

export const LIST_ROWS = 150
/** Each department is a branch of its own, and which numbers the agent may use is asked along. */
export const AGENT_LIST_ROWS = 200
const GROWTH = 1.05

interface PageCosts {
  /** Right after another page: who is asking is known. */
  list: Usage
  /** A session that has to be read first. */
  listCold: Usage
  /** For an agent of three departments. */
  agentList: Usage
  /** The part that a click on a row asks for. */
  thread: Usage
  threadCold: Usage
  threadPage: Usage
}

/** The same pages at both sizes, from one Worker that is pointed to one database and then to the other. */
export async function pageMetrics(
  proxy: CountingProxy,
  sizes: { small: FilledDatabase; large: FilledDatabase },
  signInAll: () => Promise<People>,
): Promise<Metric[]> {
  proxy.pointTo(sizes.small.url)
  const small = await costs(proxy, await signInAll())
  proxy.pointTo(sizes.large.url)
  const large = await costs(proxy, await signInAll())
  const [few, many] = [thousands(sizes.small.messages), thousands(sizes.large.messages)]
  return [
    metric('list, round trips', 'trips', large.list.roundTrips, 1),
    metric('list, round trips with its session read', 'trips', large.listCold.roundTrips, 2),
    metric('thread, round trips', 'trips', large.thread.roundTrips, 1),
    metric('thread, round trips with its session read', 'trips', large.threadCold.roundTrips, 2),
    metric('thread as a whole page, round trips', 'trips', large.threadPage.roundTrips, 2),
    metric(`list, rows read at ${few} messages`, 'rows', small.list.rowsRead, LIST_ROWS),
    metric(`list, rows read at ${many} messages`, 'rows', large.list.rowsRead, LIST_ROWS),
    countRatio(`list, growth of rows read ${few} → ${many}`, large.list.rowsRead / small.list.rowsRead, GROWTH),
    metric(
      `list of an agent of 3 departments, rows read at ${many}`,
      'rows',
      large.agentList.rowsRead,
      AGENT_LIST_ROWS,
    ),
    countRatio(`the same, growth ${few} → ${many}`, large.agentList.rowsRead / small.agentList.rowsRead, GROWTH),
    metric(`thread, rows read at ${few} messages`, 'rows', small.thread.rowsRead),
    metric(`thread, rows read at ${many} messages`, 'rows', large.thread.rowsRead),
    countRatio(`thread, growth of rows read ${few} → ${many}`, large.thread.rowsRead / small.thread.rowsRead, GROWTH),
    metric('pages, rows written', 'rows', written(small) + written(large), 0),
  ]
}

async function costs(proxy: CountingProxy, { owner, agent }: People): Promise<PageCosts> {
  await owner.page(LIST)
  await agent.page(LIST)
  return {
    list: await costOf(proxy, () => owner.page(LIST)),
    listCold: await costOf(
      proxy,
      cold(owner, () => owner.page(LIST)),
    ),
    agentList: await costOf(proxy, () => agent.page(LIST)),
    thread: await costOf(proxy, () => owner.part(THREAD)),
    threadCold: await costOf(
      proxy,
      cold(owner, () => owner.part(THREAD)),
    ),
    threadPage: await costOf(proxy, () => owner.page(THREAD)),
  }
}

export async function costOf(proxy: CountingProxy, ask: () => Promise<Answer>): Promise<Usage> {
  const { result, ...usage } = await proxy.during(ask)
  if (result.status !== 200) throw new Error(`A page that is measured answered ${result.status}.`)
  return usage
}

/** As after the 60 s for which a scope that was read is believed. */
function cold(visitor: Visitor, ask: () => Promise<Answer>): () => Promise<Answer> {
  return () => {
    visitor.forget(/\.scope$/)
    return ask()
  }
}

const written = (pages: PageCosts) =>
  Object.values<Usage>({ ...pages }).reduce((sum, { rowsWritten }) => sum + rowsWritten, 0)

const thousands = (messages: number) => `${Math.round(messages / 1_000)}k`
