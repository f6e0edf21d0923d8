/** `npm start`: the whole of Prosa on this machine, in the order in which its parts need each other. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../migrate.ts'
import { setupCodeFor } from '../setup-code.ts'
import { build } from './build.ts'
import { takeDataFolder } from './data-folder.ts'
import { startDatabase } from './database.ts'
import { requireFreePorts } from './ports.ts'
import { type Runtime, startRuntime } from './runtime.ts'
import { say, warn } from './say.ts'
import { localSecrets, type Secrets } from './secrets.ts'
import { seed, signIns, storeDemoFiles } from './seed.ts'
import { readSettings, type Settings } from './settings.ts'
import { startSimulator } from './simulator.ts'
import { StartError } from './start-error.ts'
import { watchSources } from './watch.ts'

const CRON_MS = 60_000
const READY_MS = 60_000

/** What was started, in that order: it is stopped in the opposite one. */
const running: { stop(): Promise<void> }[] = []
let leaving = false

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave(0))

try {
  await start(readSettings(process.env, process.argv.slice(2)))
} catch (error) {
  await leave(1, error)
}

async function start(settings: Settings): Promise<void> {
  const { port, databasePort, simulatorPort, dataFolder } = settings
  await requireFreePorts(port, [
    { port, use: 'the app' },
    ...(settings.simulator ? [{ port: simulatorPort, use: 'the simulator' }] : []),
    { port: databasePort, use: 'the database' },
  ])
  takeDataFolder(dataFolder)
  const secrets = localSecrets(dataFolder)

  const [databaseUrl] = await Promise.all([readyDatabase(settings, secrets), build()])
  if (settings.simulator) running.push(await startSimulator(settings, onLost))

  const origin = `http://127.0.0.1:${port}`
  const setupCode = await setupCodeFor({ databaseUrl })
  const runtime = await startRuntime({
    port,
    folder: join(dataFolder, 'worker'),
    vars: { ...workerVars(settings, secrets, databaseUrl), ...(setupCode ? { SETUP_CODE: setupCode } : {}) },
    verbose: settings.watch,
  })
  running.push(runtime)
  if (settings.seed === 'demo') await storeDemoFiles(runtime.store, dataFolder)
  await requireReady(origin)
  await keepTime(runtime)
  if (settings.watch) running.push(watchSources(() => rebuild(runtime, databaseUrl)))

  for (const { email, password, role } of settings.seed === 'demo' ? signIns() : []) {
    say('sign in', `${email.padEnd(18)} ${password}  ${role}`)
  }
  if (setupCode) say('set up', `${settings.origin ?? origin}/setup  code ${setupCode}`)
  if (settings.origin) say('address', `${settings.origin}, by whatever stands before this port`)
  if (settings.simulator) say('simulator', `http://127.0.0.1:${simulatorPort}`)
  console.log(`ready ${origin}`)
}

async function readyDatabase(settings: Settings, secrets: Secrets): Promise<string> {
  const { dataFolder, databasePort } = settings
  mkdirSync(join(dataFolder, 'db'), { recursive: true })
  const database = await startDatabase({
    port: databasePort,
    folder: join(dataFolder, 'db'),
    logPath: join(dataFolder, 'database.log'),
    onLost,
  })
  running.push(database)
  const applied = await migrate({ databaseUrl: database.url })
  say('database', applied.length > 0 ? `applied ${applied.join(', ')}` : 'is up to date')
  if (settings.seed === 'demo')
    await seed({ databaseUrl: database.url, credentialsKey: secrets.CREDENTIALS_KEY, dataFolder })
  return database.url
}

function workerVars(
  { port, origin, providers }: Settings,
  secrets: Secrets,
  databaseUrl: string,
): Record<string, string> {
  const hosts = Object.values(providers).map((url) => new URL(url).hostname)
  return {
    ...providers,
    ...secrets,
    DATABASE_URL: databaseUrl,
    APP_ORIGIN: [...(origin ? [origin] : []), `http://127.0.0.1:${port}`, `http://localhost:${port}`].join(','),
    EGRESS_ALLOW: [...new Set(['127.0.0.1', ...hosts])].join(','),
  }
}

/** The reason of the last refusal is what a reader needs when it never gets well. */
async function requireReady(origin: string): Promise<void> {
  const deadline = Date.now() + READY_MS
  let reason = 'no answer'
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) })
      if (response.status === 200) return
      reason = `${response.status} ${(await response.text()).trim().slice(0, 200)}`
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new StartError(`The app was not ready within ${READY_MS / 1000} s: /readyz says ${reason}.`)
}

/** The first sweep hands the inboxes' settings to their gateways, so it stands before anyone is told to come. */
async function keepTime(runtime: Runtime): Promise<void> {
  const tick = () => runtime.runCron().catch((error: unknown) => warn('cron', `the sweep failed: ${String(error)}`))
  await tick()
  const timer = setInterval(tick, CRON_MS)
  running.push({ stop: async () => clearInterval(timer) })
}

async function rebuild(runtime: Runtime, databaseUrl: string): Promise<void> {
  await build()
  const applied = await migrate({ databaseUrl })
  if (applied.length > 0) say('database', `applied ${applied.join(', ')}`)
  await runtime.reload()
  say('worker', 'reloaded')
}

function onLost(sentence: string): void {
  void leave(1, new StartError(sentence))
}

async function leave(code: number, reason?: unknown): Promise<void> {
  if (leaving) return
  leaving = true
  if (reason instanceof Error)
    console.error(reason.name === 'Error' ? reason.message : (reason.stack ?? reason.message))
  else if (code === 0) say('prosa', 'stopping')
  for (const part of running.reverse()) {
    await part.stop().catch((error: unknown) => warn('prosa', `a part did not stop in order: ${String(error)}`))
  }
  process.exit(code)
}
