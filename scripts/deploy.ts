/**
 * `npm run deploy`: from a fresh account to an address with a code for its owner, or from one version to the next. Each step
 * is looked at before it is taken, and none takes anything back: after a stop the same command goes on.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readyAssets } from './assets.ts'
import { backUp } from './backups/back-up.ts'
import { type DatabaseSettings, databaseOf, loadSettings, openDatabase, SETTINGS_FILE } from './database-settings.ts'
import { keepSettings, missingSecrets } from './deploying/made-settings.ts'
import { publish } from './deploying/publish.ts'
import { deploymentOf, problemsWith } from './deploying/settings.ts'
import { databaseAt, tursoAccountOf } from './deploying/turso.ts'
import { accounts, deployAtOnce, rehearse, requireBucket, servedVersions } from './deploying/wrangler.ts'
import { messageOf } from './message-of.ts'
import { isBehind, migrate } from './migrate.ts'
import { hasWorkspace, setupCodeFor } from './setup-code.ts'

const BUCKET = 'prosa-media'

loadSettings()
process.exitCode = process.argv.includes('--dry-run') ? await dryRun() : await deploy()

/** Everything short of touching an account or a database. */
async function dryRun(): Promise<number> {
  console.log(await readyAssets())
  const folder = mkdtempSync(join(tmpdir(), 'prosa-deploy-'))
  const code = rehearse(folder)
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0) return fail('The Worker could not be built; wrangler says why above.')

  const missing = problemsWith(process.env)
  console.log(
    missing.length > 0 ? 'Before a real deploy, where it cannot make them itself:' : 'Every setting is in order.',
  )
  for (const problem of missing) console.log(`  - ${problem}`)
  return 0
}

async function deploy(): Promise<number> {
  try {
    requireAccount()
    const isFirst = servedVersions() === null
    const database = await readyDatabase()
    if (!(await hasWorkspaceIn(database))) makeSecrets()
    requireSettings({ originComes: isFirst })
    requireBucket(BUCKET)
    say('files', `the bucket ${BUCKET} is there`)
    await bringUpToDate(database)
    say('page', await readyAssets())
    if (isFirst && !process.env['APP_ORIGIN']) findOrigin()

    const { origin, secrets } = deploymentOf(process.env)
    const setupCode = await setupCodeFor(database)
    await publish({ origin, secrets: { ...secrets, ...(setupCode ? { SETUP_CODE: setupCode } : {}) } })
    say('worker', 'the new version answers, and serves everyone')
    if (setupCode) say('set up', `${origin}/setup  code ${setupCode}`)
    console.log(`ready ${origin}`)
    return 0
  } catch (error) {
    return fail(`${messageOf(error)}\nNobody lost anything: put it right and deploy again.`)
  }
}

function requireAccount(): void {
  const found = accounts()
  if (!found) {
    throw new Error('Nobody is signed in to Cloudflare: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.')
  }
  if (found.length > 1 && !process.env['CLOUDFLARE_ACCOUNT_ID']) {
    const list = found.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
    throw new Error(`You may use several accounts at Cloudflare: set CLOUDFLARE_ACCOUNT_ID to one of them.\n${list}`)
  }
  say('account', 'signed in to Cloudflare')
}

/** Named in the settings, or made at Turso; and it answers. */
async function readyDatabase(): Promise<DatabaseSettings> {
  const turso = tursoAccountOf(process.env)
  if (!process.env['DATABASE_URL'] && turso) {
    keepSettings(SETTINGS_FILE, await databaseAt(turso))
    say('database', `${process.env['DATABASE_URL']} is there; its token is kept in ${SETTINGS_FILE}`)
  }
  const database = databaseOf(process.env)
  if (!database) {
    throw new Error(
      'There is no database: set TURSO_API_TOKEN and TURSO_ORGANIZATION to have one made, or DATABASE_URL and DATABASE_AUTH_TOKEN of one that you have.',
    )
  }
  const client = openDatabase(database)
  try {
    await client.execute('SELECT 1')
  } catch (error) {
    const hint = /401|403|unauthor|jwt/i.test(messageOf(error))
      ? 'DATABASE_AUTH_TOKEN is not one of its tokens: make one with `turso db tokens create <name>`.'
      : 'Look at DATABASE_URL: `turso db show <name> --url` prints it.'
    throw new Error(`The database does not answer (${messageOf(error)}). ${hint}`)
  } finally {
    client.close()
  }
  return database
}

/** A database of nobody has none of its tables yet, or no workspace in them. */
async function hasWorkspaceIn(database: DatabaseSettings): Promise<boolean> {
  return (await isBehind(database)) === 'empty' ? false : hasWorkspace(database)
}

function makeSecrets(): void {
  const made = missingSecrets(process.env)
  if (Object.keys(made).length === 0) return
  keepSettings(SETTINGS_FILE, made)
  say(
    'secrets',
    `made ${Object.keys(made).join(' and ')}, kept in ${SETTINGS_FILE}: keep a copy, what they sealed opens with no other`,
  )
}

/** All that is wrong, at once. */
function requireSettings({ originComes }: { originComes: boolean }): void {
  const problems = problemsWith(process.env).filter(
    (problem) => !(originComes && problem.startsWith('APP_ORIGIN is missing')),
  )
  if (problems.length === 0) return
  throw new Error(
    ['Set these in the environment or in .deploy.vars:', ...problems.map((problem) => `  - ${problem}`)].join('\n'),
  )
}

/** Forward only, and with a backup of what there is before anything changes. */
async function bringUpToDate(database: DatabaseSettings): Promise<void> {
  if ((await isBehind(database)) === 'behind') say('backup', await backUp(database, 'backups'))
  const applied = await migrate(database)
  say('database', applied.length > 0 ? `applied ${applied.join(', ')}` : 'is up to date')
}

/** An address of Cloudflare's own, where none was named: known once there is a Worker, which without an origin serves nobody. */
function findOrigin(): void {
  const [target] = deployAtOnce({}).targets
  if (!target?.startsWith('https://')) {
    throw new Error(
      'Cloudflare gave the Worker no address: set APP_ORIGIN to the one that you gave it in wrangler.toml.',
    )
  }
  keepSettings(SETTINGS_FILE, { APP_ORIGIN: new URL(target).origin })
  say('address', `${process.env['APP_ORIGIN']}, kept in ${SETTINGS_FILE}`)
}

function say(part: string, sentence: string): void {
  console.log(`${part.padEnd(11)} ${sentence}`)
}

function fail(sentence: string): number {
  console.error(sentence)
  return 1
}
