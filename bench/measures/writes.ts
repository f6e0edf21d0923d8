/** How many rows a message writes, indexes included: most of what a database costs. */
import { randomUUID } from 'node:crypto'
import type { CountingProxy } from '../counting-proxy.ts'
import type { GraphStub } from '../graph-stub.ts'
import { pause, until } from '../numbers.ts'
import { type Metric, metric } from '../report.ts'
import { benchConversation, benchInbox, benchPeer } from '../seed/plan.ts'
import { nameOf } from '../seed/workspace.ts'
import type { FilledDatabase, People } from '../stand.ts'
import type { Visitor } from '../visitor.ts'
import { call, type ReceiptStatus, receiptBody, textBody } from '../webhooks.ts'

/** Open, assigned, in a department: the ordinary case. */
const CONVERSATION = 1
const INBOX = benchInbox(CONVERSATION)
const SETTLE_MS = 400

interface Place {
  proxy: CountingProxy
  graph: GraphStub
  database: FilledDatabase
  people: People
}

export async function writeMetrics(place: Place): Promise<Metric[]> {
  const { owner } = place.people
  const known = {
    from: benchPeer(CONVERSATION),
    name: nameOf(CONVERSATION),
    id: `wamid.bench-in-${randomUUID()}`,
    text: 'Chegou, obrigado!',
  }
  const stranger = { ...known, from: '5511988880001', id: `wamid.bench-new-${randomUUID()}` }
  return [
    metric('inbound message, rows written', 'rows', await inbound(place, textBody(INBOX, known), known.id), 10),
    metric('the same again, rows written', 'rows', await written(place, () => post(owner, textBody(INBOX, known))), 0),
    metric(
      'first message of somebody new, rows written',
      'rows',
      await inbound(place, textBody(INBOX, stranger), stranger.id),
    ),
    metric('outbound message with its receipts, rows written', 'rows', await written(place, () => outbound(place)), 35),
  ]
}

const inbound = (place: Place, body: string, id: string) =>
  written(place, async () => {
    await post(place.people.owner, body)
    await until('The message is stored', () =>
      firstRow(place.database, 'SELECT 1 FROM messages WHERE external_id = ?', id),
    )
  })

async function outbound({ graph, database, people }: Place): Promise<void> {
  const sending = graph.nextSend()
  const form = { text: 'Que bom! Precisando, é só chamar.', clientKey: randomUUID(), replyToId: '' }
  const { status } = await people.owner.post(`/conversations/${benchConversation(CONVERSATION)}/messages`, form)
  if (status >= 400) throw new Error(`The reply was refused: ${status}.`)
  const id = await sending
  await reached(database, id, 'sent')
  for (const receipt of ['sent', 'delivered', 'read'] as const) {
    await post(people.owner, receiptBody(INBOX, id, receipt, benchPeer(CONVERSATION)))
    await reached(database, id, receipt)
  }
}

const reached = (database: FilledDatabase, id: string, state: ReceiptStatus) =>
  until(`The answer is ${state}`, () =>
    firstRow(database, `SELECT 1 FROM send_attempts WHERE external_id = ? AND state = '${state}'`, id),
  )

async function firstRow({ client }: FilledDatabase, sql: string, id: string): Promise<true | undefined> {
  const { rows } = await client.execute({ sql, args: [id] })
  return rows.length > 0 ? true : undefined
}

/** What follows from it, such as publishing, is waited for too. */
async function written({ proxy }: Place, work: () => Promise<unknown>): Promise<number> {
  const { rowsWritten } = await proxy.during(async () => {
    await work()
    await pause(SETTLE_MS)
  })
  return rowsWritten
}

async function post(visitor: Visitor, body: string): Promise<void> {
  const { status } = await call(visitor, INBOX, body)
  if (status !== 200) throw new Error(`A webhook was answered ${status}.`)
}
