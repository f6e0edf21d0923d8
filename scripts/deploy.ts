/** Verifies each setting, brings the database up to date, and only then puts the Worker on Cloudflare. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAssets, describeAssets } from './assets.ts'
import { type Deployment, deploymentOf, problemsWith } from './deploying/settings.ts'
import { migrate } from './migrate.ts'
import { setupCodeFor } from './setup-code.ts'

const ROOT = join(import.meta.dirname, '..')
/** Settings that are not typed each time; never committed. */
const SETTINGS_FILE = join(ROOT, '.deploy.vars')

if (existsSync(SETTINGS_FILE)) process.loadEnvFile(SETTINGS_FILE)
process.exitCode = process.argv.includes('--dry-run') ? await rehearse() : await deploy()

/** Everything short of touching an account or a database. */
async function rehearse(): Promise<number> {
  console.log(describeAssets(await buildAssets()))
  const folder = mkdtempSync(join(tmpdir(), 'prosa-deploy-'))
  const code = wrangler(['deploy', '--dry-run', '--outdir', folder])
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0) return fail('The Worker could not be built; wrangler says why above.')

  const missing = problemsWith(process.env)
  console.log(missing.length > 0 ? 'Before a real deploy:' : 'Every setting is in order.')
  for (const problem of missing) console.log(`  - ${problem}`)
  return 0
}

async function deploy(): Promise<number> {
  const problems = [...problemsWith(process.env), ...accountProblems()]
  if (problems.length > 0) {
    for (const problem of problems) console.error(`  - ${problem}`)
    return fail('Nothing was deployed. Set these in the environment or in .deploy.vars, and deploy again.')
  }

  const deployment = deploymentOf(process.env)
  let setupCode: string | null = null
  try {
    const applied = await migrate({ databaseUrl: deployment.databaseUrl, authToken: deployment.databaseToken })
    console.log(applied.length > 0 ? `database: applied ${applied.join(', ')}` : 'database: is up to date')
    setupCode = await setupCodeFor({ databaseUrl: deployment.databaseUrl, authToken: deployment.databaseToken })
  } catch (error) {
    return fail(`Nothing was deployed, since the database could not be brought up to date: ${messageOf(error)}`)
  }

  console.log(describeAssets(await buildAssets()))
  const secrets = { ...deployment.secrets, ...(setupCode ? { SETUP_CODE: setupCode } : {}) }
  if (upload(secrets) !== 0) return fail('The Worker was not deployed; wrangler says why above.')
  if (!(await isReady(deployment.origin))) return 1
  if (setupCode) console.log(`set up ${deployment.origin}/setup with the code ${setupCode}`)
  return 0
}

function accountProblems(): string[] {
  if (process.env['CLOUDFLARE_API_TOKEN']) return []
  const signedIn = spawnSync('wrangler', ['whoami', '--json'], { cwd: ROOT, stdio: 'ignore' }).status === 0
  return signedIn ? [] : ['Nobody is signed in to Cloudflare: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.']
}

/** The secrets travel with the version that needs them, in a file that only we can read and that is gone afterwards. */
function upload(secrets: Deployment['secrets']): number {
  const folder = mkdtempSync(join(tmpdir(), 'prosa-deploy-'))
  const file = join(folder, 'secrets.json')
  try {
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
    return wrangler(['deploy', '--secrets-file', file])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A deployment is done when it answers, not when it is uploaded. */
async function isReady(origin: string): Promise<boolean> {
  const response = await fetch(`${origin}/readyz`).catch(messageOf)
  const said = typeof response === 'string' ? response : `${response.status} ${(await response.text()).slice(0, 200)}`
  const ready = typeof response !== 'string' && response.status === 200
  console.log(
    ready ? `ready ${origin}` : `It is deployed, but ${origin}/readyz says: ${said}. Look at \`npx wrangler tail\`.`,
  )
  return ready
}

function wrangler(args: string[]): number {
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false' }
  return spawnSync('wrangler', args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1
}

function fail(sentence: string): number {
  console.error(sentence)
  return 1
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
