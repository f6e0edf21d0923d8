/** workerd with our Worker in it, bound to everything that wrangler.toml binds in production. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Log, LogLevel, Miniflare, type MiniflareOptions, type WorkerdStructuredLog } from 'miniflare'
import { warn } from './say.ts'

/** Of wrangler.toml, what a runtime must be told; `scripts/bundle.ts` writes it beside the bundle. */
export interface WorkerSettings {
  name: string
  compatibilityDate: string
  compatibilityFlags: string[]
  vars: Record<string, string>
  assets: { binding: string; directory: string }
  buckets: { binding: string; name: string }[]
  objects: { binding: string; className: string }[]
  crons: string[]
}

export interface RuntimePlan {
  port: number
  /** Where objects, alarms and buckets outlive a restart. */
  folder: string
  /** On top of wrangler.toml's own. */
  vars: Record<string, string>
  verbose: boolean
}

export interface Runtime {
  /** What Cloudflare does each minute. */
  runCron(): Promise<void>
  /** Puts a file where the Worker keeps its own. */
  store(key: string, bytes: Uint8Array): Promise<void>
  /** Takes the Worker that was built since. */
  reload(): Promise<void>
  stop(): Promise<void>
}

const WORKER = join(import.meta.dirname, '..', '..', 'dist', 'worker')

export async function startRuntime(plan: RuntimePlan): Promise<Runtime> {
  const options = await optionsOf(plan)
  const miniflare = withoutItsSignalHandlers(() => new Miniflare(options))
  await miniflare.ready
  return {
    runCron: async () => {
      const worker = await miniflare.getWorker()
      await worker.scheduled({ cron: '* * * * *' })
    },
    store: async (key, bytes) => {
      const bucket = await miniflare.getR2Bucket('MEDIA')
      await bucket.put(key, bytes)
    },
    reload: async () => miniflare.setOptions(await optionsOf(plan)),
    stop: () => miniflare.dispose(),
  }
}

/** Its own would end the process at once, before the database and the simulator were stopped in their turn. */
function withoutItsSignalHandlers(make: () => Miniflare): Miniflare {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const before = signals.map((signal) => process.listeners(signal))
  const made = make()
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.removeListener(signal, listener)
    }
  })
  return made
}

async function optionsOf({ port, folder, vars, verbose }: RuntimePlan): Promise<MiniflareOptions> {
  const settings = JSON.parse(await readFile(join(WORKER, 'settings.json'), 'utf8')) as WorkerSettings
  const texts = Object.entries({ ...settings.vars, ...withInstagram(vars) })
  return {
    host: '127.0.0.1',
    port,
    resourcePersistencePath: folder,
    // Nothing of this leaves the machine, and nothing is told to other Workers on it.
    cf: false,
    telemetry: { enabled: false },
    enableDevRegistry: false,
    logRequests: false,
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: (log) => show(log, verbose),
    unsafeHandleRuntimeRestart: () => warn('worker', 'its runtime had ended; it was started again'),
    workers: [
      {
        config: {
          name: settings.name,
          compatibilityDate: settings.compatibilityDate,
          compatibilityFlags: settings.compatibilityFlags,
          manifest: {
            mainModule: 'index.js',
            modules: { 'index.js': { type: 'esm', contents: await readFile(join(WORKER, 'index.js'), 'utf8') } },
          },
          assets: { directory: settings.assets.directory, hasUserWorker: true, runWorkerFirst: true },
          env: {
            ...Object.fromEntries(texts.map(([name, value]) => [name, { type: 'text' as const, value }])),
            [settings.assets.binding]: { type: 'assets' as const },
            ...Object.fromEntries(
              settings.buckets.map(({ binding, name }) => [binding, { type: 'r2' as const, name }]),
            ),
            ...Object.fromEntries(
              settings.objects.map(({ binding, className }) => [
                binding,
                { type: 'durable-object' as const, worker: settings.name, exportName: className },
              ]),
            ),
          },
          exports: Object.fromEntries(
            settings.objects.map(({ className }) => [
              className,
              { type: 'durable-object' as const, storage: 'sqlite' as const },
            ]),
          ),
          triggers: settings.crons.map((schedule) => ({ type: 'scheduled' as const, schedule })),
        },
      },
    ],
  }
}

/** Whatever stands in for the Graph API stands in for Instagram's as well, unless that has an address of its own. */
const withInstagram = (vars: RuntimePlan['vars']): RuntimePlan['vars'] =>
  vars['GRAPH_API_URL'] === undefined ? vars : { INSTAGRAM_API_URL: vars['GRAPH_API_URL'], ...vars }

/** A developer reads everything; others what went wrong. */
function show({ level, message }: WorkerdStructuredLog, verbose: boolean): void {
  if (level === 'error' || level === 'warn') console.error(message)
  else if (verbose) console.log(message)
}
