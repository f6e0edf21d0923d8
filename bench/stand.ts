/** The built Worker in workerd against a real sqld, with nothing around it that slows: what is measured stands here. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@libsql/client/web'
import { startDatabase } from '../scripts/local/database.ts'
import { startRuntime } from '../scripts/local/runtime.ts'
import { migrate } from '../scripts/migrate.ts'
import { freePort } from '../test/support/free-port.ts'
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts'
import { type GraphStub, startGraphStub } from './graph-stub.ts'
import { pause, until } from './numbers.ts'
import { seedBulk } from './seed/bulk.ts'
import { BENCH_AGENT, BENCH_OWNER, BENCH_PASSWORD, type BulkPlan } from './seed/plan.ts'
import { signIn, type Visitor, visit } from './visitor.ts'

export interface FilledDatabase {
  url: string
  messages: number
  /** Asks it directly, past whatever counts. */
  client: Client
}

export interface RunningWorker {
  origin: string
  /** From the start of the runtime to the first answer. */
  startMs: number
  stop(): Promise<void>
}

export interface People {
  owner: Visitor
  agent: Visitor
}

export const CREDENTIALS_KEY = Buffer.alloc(32, 7).toString('base64')

/** Everything that was opened here is closed by it, the last first. */
export class Stand {
  readonly #open: (() => unknown)[] = []
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(): Promise<Stand> {
    const stand = new Stand(await mkdtemp(join(tmpdir(), 'prosa-bench-')))
    stand.#open.push(() => rm(stand.#folder, { recursive: true, force: true }))
    return stand
  }

  folder(name: string): string {
    return join(this.#folder, name)
  }

  /** What it answers with is waited for. */
  closeLater(close: () => unknown): void {
    this.#open.push(close)
  }

  async database(name: string, plan: BulkPlan): Promise<FilledDatabase> {
    const database = await startDatabase({
      port: await freePort(),
      folder: this.folder(name),
      logPath: `${this.folder(name)}.log`,
      onLost: (sentence) => console.error(sentence),
    })
    this.closeLater(() => database.stop())
    await migrate({ databaseUrl: database.url })
    const messages = await seedBulk({
      databaseUrl: database.url,
      credentialsKey: CREDENTIALS_KEY,
      now: Date.now(),
      plan,
    })
    const client = createClient({ url: database.url })
    this.closeLater(() => client.close())
    return { url: database.url, messages, client }
  }

  async proxy(databaseUrl: string): Promise<CountingProxy> {
    const proxy = await startCountingProxy(databaseUrl, await freePort())
    this.closeLater(() => proxy.stop())
    return proxy
  }

  async graph(): Promise<GraphStub> {
    const graph = await startGraphStub(await freePort())
    this.closeLater(() => graph.stop())
    return graph
  }

  async worker(name: string, databaseUrl: string, graph: GraphStub): Promise<RunningWorker> {
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const started = performance.now()
    const runtime = await startRuntime({
      port,
      folder: this.folder(name),
      vars: {
        DATABASE_URL: databaseUrl,
        APP_ORIGIN: origin,
        AUTH_SECRET: 'a secret of this run, of no other use',
        CREDENTIALS_KEY,
        GRAPH_API_URL: graph.url,
        EGRESS_ALLOW: '127.0.0.1',
      },
      verbose: false,
    })
    const stop = once(() => runtime.stop())
    this.closeLater(stop)
    const visitor = visit(origin)
    await until('The Worker answers', async () => ((await visitor.page('/readyz')).status === 200 ? true : undefined))
    const startMs = performance.now() - started
    visitor.leave()
    // The sweep tells the gateways which inboxes they are.
    await runtime.runCron()
    await pause(500)
    return { origin, startMs, stop }
  }

  async people(origin: string): Promise<People> {
    const owner = await signIn(origin, BENCH_OWNER, BENCH_PASSWORD)
    const agent = await signIn(origin, BENCH_AGENT, BENCH_PASSWORD)
    this.closeLater(() => owner.leave())
    this.closeLater(() => agent.leave())
    return { owner, agent }
  }

  async close(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) await close()
  }
}

/** Stopped early, and once more when everything is. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
