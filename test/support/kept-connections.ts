/**
 * A door to sqld that keeps a few of its connections. sqld opens one for each request and reads the whole schema for it,
 * which is most of what a small request costs; whoever comes through here gets one that somebody else has left.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface KeptConnections {
  url: string
  stop(): Promise<void>
}

/** One fewer than sqld has: a transaction of several requests keeps its own. */
const MOST = 3

/** As the client of the tests writes it. */
interface Pipeline {
  baton?: string | null
  requests: { type: string; sql_id?: number }[]
}

interface Answer {
  status: number
  type: string
  text: string
}

export async function keepConnections(databaseUrl: string): Promise<KeptConnections> {
  const target = new URL(databaseUrl)
  const agent = new Agent({ keepAlive: true })
  const left: string[] = []
  const waiting: (() => void)[] = []
  let taken = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (taken === MOST) await new Promise<void>((resolve) => waiting.push(resolve))
    else taken += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else taken -= 1
    }
  }

  /** All of it in one request: on a connection that was left where there is one, which is then left again. */
  async function once(pipeline: Pipeline): Promise<Answer> {
    const stored = pipeline.requests.filter(({ type }) => type === 'store_sql').map(({ sql_id }) => sql_id)
    const requests = [
      ...pipeline.requests.slice(0, -1),
      ...stored.map((sql_id) => ({ type: 'close_sql', sql_id })),
      { type: 'get_autocommit' },
    ]
    const baton = left.pop() ?? null
    const answer = await ask('POST', '/v3/pipeline', JSON.stringify({ baton, requests }))
    // It was closed for being idle: nothing was done.
    if (answer.status === 400 && baton !== null) return once(pipeline)
    const [, next] = /^\{"baton":"([^"]+)"/.exec(answer.text) ?? []
    if (answer.status !== 200 || !next) return answer
    const tail = `${CLOSED_SQL.repeat(stored.length)}${AT_REST}`
    if (answer.text.endsWith(tail)) {
      left.push(next)
      return { ...answer, text: `${answer.text.slice(0, -tail.length)}${CLOSED}` }
    }
    throw new Error(`A request left its transaction open, or something that is not understood: ${answer.text}`)
  }

  function ask(method: string, path: string, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const asked = request({ host: target.hostname, port: target.port, agent, method, path, headers }, (answer) => {
        textOf(answer).then(
          (text) =>
            resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? 'text/plain', text }),
          reject,
        )
      })
      asked.on('error', reject)
      asked.end(body)
    })
  }

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming
    const text = await textOf(incoming)
    const pipeline = path.endsWith('/pipeline') ? (JSON.parse(text) as Pipeline) : undefined
    const whole = pipeline && !pipeline.baton && pipeline.requests.at(-1)?.type === 'close'
    const answer = whole ? await inTurn(() => once(pipeline)) : await ask(method, path, text)
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text)
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((error) => {
      console.error(error)
      response.destroy()
    })
  })
  // A connection that is closed for being idle just as it is used again would be a fault that no test asked for.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          agent.destroy()
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

const CLOSED_SQL = '{"type":"ok","response":{"type":"close_sql"}},'
const AT_REST = '{"type":"ok","response":{"type":"get_autocommit","is_autocommit":true}}]}'
const CLOSED = '{"type":"ok","response":{"type":"close"}}]}'

function textOf(stream: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      text += chunk
    })
    stream.on('end', () => resolve(text))
    stream.on('error', reject)
  })
}
