/** Stands between the Worker and sqld, and counts what the Worker asked for: trips, rows read, rows written. */
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as z from 'zod'

export interface Usage {
  roundTrips: number
  rowsRead: number
  rowsWritten: number
}

export interface CountingProxy {
  url: string
  /** Where the next request goes; to be changed while nobody asks. */
  pointTo(databaseUrl: string): void
  /** What was asked for while this ran. */
  during<T>(work: () => Promise<T>): Promise<Usage & { result: T }>
  stop(): Promise<void>
}

const Counted = z.object({ rows_read: z.number().default(0), rows_written: z.number().default(0) })
const Answer = z.object({
  results: z.array(
    z.object({
      response: z
        .object({ result: z.union([z.object({ step_results: z.array(Counted.nullable()) }), Counted]).optional() })
        .optional(),
    }),
  ),
})

export async function startCountingProxy(databaseUrl: string, port: number): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true })
  const usage: Usage = { roundTrips: 0, rowsRead: 0, rowsWritten: 0 }
  let target = databaseUrl

  const server = createServer(async (incoming, outgoing) => {
    const body = await whole(incoming)
    // An answer that comes compressed could not be read along.
    const { 'accept-encoding': _, ...headers } = incoming.headers
    const asked = request(`${target}${incoming.url ?? '/'}`, { method: incoming.method, headers, agent })
    asked.on('error', () => outgoing.destroy())
    asked.on('response', async (answered) => {
      const answer = await whole(answered)
      add(usage, answer)
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers).end(answer)
    })
    asked.end(body)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pointTo: (url) => {
      target = url
    },
    during: async (work) => {
      const before = { ...usage }
      const result = await work()
      return {
        result,
        roundTrips: usage.roundTrips - before.roundTrips,
        rowsRead: usage.rowsRead - before.rowsRead,
        rowsWritten: usage.rowsWritten - before.rowsWritten,
      }
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      agent.destroy()
    },
  }
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function add(usage: Usage, answer: Buffer): void {
  usage.roundTrips += 1
  for (const { rows_read, rows_written } of countsIn(answer)) {
    usage.rowsRead += rows_read
    usage.rowsWritten += rows_written
  }
}

function countsIn(answer: Buffer): z.infer<typeof Counted>[] {
  const read = Answer.safeParse(parsed(answer))
  if (!read.success) return []
  return read.data.results.flatMap(({ response }) => {
    const result = response?.result
    if (!result) return []
    return 'step_results' in result ? result.step_results.filter((step) => step !== null) : [result]
  })
}

function parsed(answer: Buffer): unknown {
  try {
    return JSON.parse(answer.toString())
  } catch {
    return undefined
  }
}
