/** What a filtered list costs the database, against what the filter lets through. */
import type { CountingProxy, Usage } from '../counting-proxy.ts'
import { type Metric, metric } from '../report.ts'
import { BENCH_WORKSPACE, benchAgent, benchDepartment, benchInbox, benchTag } from '../seed/plan.ts'
import type { FilledDatabase, People } from '../stand.ts'
import type { Visitor } from '../visitor.ts'
import { AGENT_LIST_ROWS, costOf, LIST, LIST_ROWS } from './pages.ts'

/** An entry of the index that led to it, itself, and what another filter asks about it. */
const ROWS_A_MATCH = 3

const INBOX = benchInbox(1).id
const DEPARTMENT = benchDepartment(1)
const AGENT = benchAgent(1).id
const [COMMON, RARE] = [benchTag(0), benchTag(20)]

const SINGLE: [string, string][] = [
  ['a number', `inbox=${INBOX}`],
  ['a department', `department=${DEPARTMENT}`],
  ['the state “waiting”', 'status=waiting'],
  ['the state “assigned”', 'status=assigned'],
  ['an agent', `agent=${AGENT}`],
  ['Minhas', 'view=mine'],
  ['Fila', 'view=queue'],
  ['Encerradas of a number', `view=closed&inbox=${INBOX}`],
]

/** Each with what each of its filters lets through alone. */
const NARROW: [string, string, string[]][] = [
  ['a common tag', `tag=${COMMON}`, [tagged(COMMON)]],
  ['a rare tag', `tag=${RARE}`, [tagged(RARE)]],
  ['both tags', `tag=${COMMON},${RARE}&match=all`, [tagged(COMMON), tagged(RARE)]],
  ['a rare tag and a number', `tag=${RARE}&inbox=${INBOX}`, [tagged(RARE), where(`inbox_id = '${INBOX}'`)]],
  [
    'a common tag, an agent and a department',
    `tag=${COMMON}&agent=${AGENT}&department=${DEPARTMENT}`,
    [tagged(COMMON), where(`assignee_id = '${AGENT}'`), where(`department_id = '${DEPARTMENT}'`)],
  ],
  [
    'a number, a department and “waiting”',
    `inbox=${INBOX}&department=${DEPARTMENT}&status=waiting`,
    [where(`inbox_id = '${INBOX}'`), where(`department_id = '${DEPARTMENT}'`), where('assignee_id IS NULL')],
  ],
]

export async function filterMetrics(
  proxy: CountingProxy,
  { client }: FilledDatabase,
  { owner, agent }: People,
): Promise<Metric[]> {
  const metrics: Metric[] = []
  const { rowsRead: unfiltered } = await listCost(proxy, owner, 'view=all')
  for (const [name, query] of SINGLE) {
    const { roundTrips, rowsRead } = await listCost(proxy, owner, query)
    metrics.push(metric(`list by ${name}, rows read`, 'rows', rowsRead, LIST_ROWS))
    metrics.push(metric(`list by ${name}, round trips`, 'trips', roundTrips, 1))
    const ofAgent = await listCost(proxy, agent, query)
    metrics.push(metric(`list by ${name}, of an agent, rows read`, 'rows', ofAgent.rowsRead, AGENT_LIST_ROWS))
  }
  for (const [name, query, alone] of NARROW) {
    const matches = await Promise.all(alone.map(async (sql) => Number((await client.execute(sql)).rows[0]?.[0])))
    const rarest = Math.min(...matches)
    const { roundTrips, rowsRead } = await listCost(proxy, owner, query)
    const goal = unfiltered + ROWS_A_MATCH * rarest
    metrics.push(metric(`list by ${name}, rows read (the rarest lets ${rarest} through)`, 'rows', rowsRead, goal))
    metrics.push(metric(`list by ${name}, round trips`, 'trips', roundTrips, 1))
  }
  return metrics
}

const listCost = (proxy: CountingProxy, visitor: Visitor, query: string): Promise<Usage> =>
  costOf(proxy, () => visitor.page(`${LIST}?${query}`))

function where(condition: string): string {
  return `SELECT count(*) FROM conversations WHERE workspace_id = '${BENCH_WORKSPACE}' AND status <> 'closed' AND ${condition}`
}

/** People: their conversations are found through them. */
function tagged(tag: string): string {
  return `SELECT uses FROM tags WHERE workspace_id = '${BENCH_WORKSPACE}' AND id = '${tag}'`
}
