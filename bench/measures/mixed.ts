/** How fast a gateway works off what comes in, of all kinds, from the call to the tables. */
import { createHmac } from 'node:crypto'
import { seal } from '../../src/db/credentials.ts'
import { A_CALL, MIXED, type MixedChannel, mixedCalls } from '../mixed-bodies.ts'
import { until } from '../numbers.ts'
import { type Metric, metric } from '../report.ts'
import { BENCH_SECRETS, BENCH_WORKSPACE, SMALL } from '../seed/plan.ts'
import { CREDENTIALS_KEY, type FilledDatabase, type Stand } from '../stand.ts'
import { type Visitor, visit } from '../visitor.ts'

const CHANNELS: MixedChannel[] = ['whatsapp', 'messenger', 'instagram']
/** As the gateway takes them out of its journal (gateways/gateway.ts). */
const BATCH = 25
const WITHIN_MS = 120_000

export async function mixedMetrics(stand: Stand): Promise<Metric[]> {
  const database = await stand.database('mixed', { ...SMALL, conversations: 50 })
  for (const channel of CHANNELS) await connect(database, channel)
  const proxy = await stand.proxy(database.url)
  const worker = await stand.worker('mixed', proxy.url, await stand.graph())
  const visitor = visit(worker.origin)
  const metrics: Metric[] = []
  for (const channel of CHANNELS) {
    let ms = 0
    const { roundTrips, rowsRead, rowsWritten } = await proxy.during(async () => {
      ms = await workedOff(visitor, database, channel)
    })
    metrics.push(
      metric(`${channel}, mixed events parsed and applied`, 'a second', Math.round((MIXED / ms) * 1_000)),
      metric(`${channel}, round trips a batch of ${BATCH}`, 'trips', tenths(roundTrips / (MIXED / BATCH))),
      metric(`${channel}, rows read an event`, 'rows', tenths(rowsRead / MIXED)),
      metric(`${channel}, rows written an event`, 'rows', tenths(rowsWritten / MIXED)),
    )
  }
  visitor.leave()
  await worker.stop()
  return metrics
}

const tenths = (value: number) => Math.round(value * 10) / 10
const accountOf = (channel: MixedChannel) => `30000000000080${CHANNELS.indexOf(channel)}`
const keyOf = (channel: MixedChannel) => `bench-mixed-${channel}`

async function connect({ client }: FilledDatabase, channel: MixedChannel): Promise<void> {
  const id = `mixed-${channel}`
  const credentials = await seal(CREDENTIALS_KEY, { workspaceId: BENCH_WORKSPACE, inboxId: id }, BENCH_SECRETS)
  await client.execute({
    sql: `INSERT INTO inboxes (workspace_id, id, channel, name, external_account_id, address, provider_app_id, webhook_key, credentials, created_at)
      VALUES (?, ?, ?, ?, ?, ?, 'prosa-bench-mixed', ?, ?, 0)`,
    args: [BENCH_WORKSPACE, id, channel, channel, accountOf(channel), channel, keyOf(channel), credentials],
  })
}

/** From the first call until the last message is stored; how long that took. */
async function workedOff(visitor: Visitor, { client }: FilledDatabase, channel: MixedChannel): Promise<number> {
  const { bodies, lastId } = mixedCalls(channel, accountOf(channel))
  const began = performance.now()
  for (const body of bodies) await post(visitor, channel, body)
  await until(
    `${MIXED} events in calls of ${A_CALL} are applied`,
    async () => {
      const { rows } = await client.execute({ sql: 'SELECT 1 FROM messages WHERE external_id = ?', args: [lastId] })
      return rows.length > 0 ? true : undefined
    },
    WITHIN_MS,
  )
  return performance.now() - began
}

async function post(visitor: Visitor, channel: MixedChannel, body: string): Promise<void> {
  const signature = createHmac('sha256', BENCH_SECRETS.appSecret).update(body).digest('hex')
  const { status } = await visitor.send('POST', `/webhooks/${channel}/${keyOf(channel)}`, body, {
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${signature}`,
  })
  if (status !== 200) throw new Error(`A webhook was answered ${status}.`)
}
