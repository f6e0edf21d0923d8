/** From nothing to an address with a code for its owner, and from one version to the next: Cloudflare and Turso are played. */
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { join } from 'node:path'
import { createClient } from '@libsql/client/web'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, startDatabase } from '../../scripts/local/database.ts'
import { migrate, readMigrations } from '../../scripts/migrate.ts'
import { freePort } from '../support/free-port.ts'
import { temporaryFolder } from '../support/prosa.ts'
import type { Cloudflare } from './cloudflare/state.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const ORIGIN = 'https://prosa.loja.workers.test'
const FRESH = {
  TURSO_API_TOKEN: 'token-of-the-account',
  TURSO_ORGANIZATION: 'loja',
  TURSO_API_URL: 'https://api.turso.test',
}
const KEPT = `APP_ORIGIN=${ORIGIN}\nAUTH_SECRET=${'x'.repeat(44)}\nCREDENTIALS_KEY=${Buffer.alloc(32, 1).toString('base64')}\n`
const ONE = [{ id: 'account-1', name: 'Loja' }]

/** What Node made of every module is used by the next process too. */
const { NODE_COMPILE_CACHE } = process.env
const COMPILED = NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}

let folder: string
let database: Database
let servers: Server[]
let hosts: Record<string, string>

beforeEach(async () => {
  folder = await temporaryFolder()
  await mkdir(join(folder, 'bin'))
  await symlink(join(import.meta.dirname, 'cloudflare/wrangler.ts'), join(folder, 'bin/wrangler'))
  await know({
    accounts: ONE,
    bucket: null,
    versions: [],
    deployments: [],
    secrets: {},
    nextIsReady: true,
    newObjects: false,
    calls: [],
  })
  database = await startDatabase({
    port: await freePort(),
    folder: join(folder, 'db'),
    logPath: join(folder, 'log'),
    onLost: console.error,
  })
  servers = []
  hosts = {
    'prosa-loja.turso.test': database.url,
    'prosa.loja.workers.test': await served(edge),
    'api.turso.test': await served(turso),
  }
})

afterEach(async () => {
  for (const server of servers) server.close()
  await database.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('a fresh account', () => {
  it('ends with an address and a code, everything made on the way and kept for its owner alone', async () => {
    const { code, output } = await command('deploy', { ...FRESH, PROSA_BUILD: '' })
    expect(output).toMatch(/^page +script \d/m)
    expect(output).toMatch(/^set up +https:\/\/prosa\.loja\.workers\.test\/setup +code ([A-Z2-9]{4}-){2}[A-Z2-9]{4}$/m)
    expect([code, output.split('\n').at(-2)]).toEqual([0, `ready ${ORIGIN}`])

    const { secrets, bucket, calls } = await known()
    expect(bucket).toBe('prosa-media')
    expect(Object.keys(secrets).sort()).toEqual(
      ['APP_ORIGIN', 'AUTH_SECRET', 'CREDENTIALS_KEY', 'DATABASE_AUTH_TOKEN', 'DATABASE_URL', 'SETUP_CODE'].sort(),
    )
    expect(output).toContain(secrets['SETUP_CODE'])
    expect(secrets).toMatchObject({ APP_ORIGIN: ORIGIN, DATABASE_URL: 'libsql://prosa-loja.turso.test' })
    expect(calls.at(-1)).toMatch(/^versions deploy version-2@100%/)

    const kept = join(folder, 'deploy.vars')
    expect((await stat(kept)).mode & 0o777).toBe(0o600)
    for (const name of ['AUTH_SECRET', 'CREDENTIALS_KEY', 'DATABASE_AUTH_TOKEN'])
      expect(await readFile(kept, 'utf8')).toContain(`${name}=${secrets[name]}\n`)
    expect(await namesOfTables()).toContain('messages')
  })

  it.each<[string, Partial<Cloudflare>, Record<string, string>, RegExp]>([
    ['nobody signed in', { accounts: null }, FRESH, /Nobody is signed in to Cloudflare: run `npx wrangler login`/],
    [
      'two accounts',
      { accounts: [...ONE, { id: 'account-2', name: 'Outra' }] },
      FRESH,
      /set CLOUDFLARE_ACCOUNT_ID to one of them[\s\S]*account-2 {2}Outra/,
    ],
    ['no database', {}, {}, /set TURSO_API_TOKEN and TURSO_ORGANIZATION/],
    [
      'a token that Turso does not know',
      {},
      { ...FRESH, TURSO_API_TOKEN: 'old' },
      /Turso did not make a database \(401\): no such token\. Make a new TURSO_API_TOKEN/,
    ],
    [
      'a database that is not there',
      {},
      { DATABASE_URL: 'libsql://other.turso.test', DATABASE_AUTH_TOKEN: 'x' },
      /The database does not answer[\s\S]*turso db show/,
    ],
    ['secrets that are none', {}, { ...FRESH, AUTH_SECRET: 'short' }, /AUTH_SECRET must have 32 characters/],
  ])('with %s is told what to do, and nothing is deployed', async (_, of, settings, sentence) => {
    await know({ ...(await known()), ...of })
    const { code, output } = await command('deploy', settings)
    expect([code, output]).toEqual([1, expect.stringMatching(sentence)])
    expect((await known()).versions).toEqual([])
  })
})

describe('a deployment that has people in it', () => {
  beforeEach(async () => {
    await migrate({ databaseUrl: database.url })
    await query("INSERT INTO workspaces (id, name, created_at) VALUES ('w', 'Loja', 0)")
    await writeFile(
      join(folder, 'deploy.vars'),
      `${KEPT}DATABASE_URL=libsql://prosa-loja.turso.test\nDATABASE_AUTH_TOKEN=a-jwt\n`,
    )
    await know({
      ...(await known()),
      bucket: 'prosa-media',
      versions: ['version-1', 'version-2'].map((id) => ({ id, ready: true })),
      deployments: ['version-1', 'version-2'].map((version_id, at) => ({
        created_on: `2026-01-0${at + 1}T00:00:00Z`,
        versions: [{ version_id, percentage: 100 }],
      })),
    })
  })

  it('is served by the one before until the new one has answered', async () => {
    expect(await command('deploy')).toMatchObject({ code: 0, output: expect.not.stringContaining('set up') })
    const { calls, deployments } = await known()
    expect(calls.filter((call) => call.startsWith('versions deploy'))).toEqual([
      'versions deploy version-2@100% version-3@0% --yes',
      'versions deploy version-3@100% --yes',
    ])
    expect(deployments.at(-1)?.versions).toEqual([{ version_id: 'version-3', percentage: 100 }])
  })

  it('stays with the one before where the new one does not answer', async () => {
    await know({ ...(await known()), nextIsReady: false })
    const { code, output } = await command('deploy', { PROSA_READY_MS: '1' })
    expect([code, output]).toEqual([1, expect.stringMatching(/readyz says: 503.*Version version-2 still serves/)])
    expect((await known()).deployments.at(-1)?.versions).toEqual([{ version_id: 'version-2', percentage: 100 }])
  })

  it('is deployed whole where a version brings new objects, for Cloudflare takes them no other way', async () => {
    await know({ ...(await known()), newObjects: true })
    expect(await command('deploy')).toMatchObject({ code: 0 })
    expect((await known()).deployments.at(-1)?.versions).toEqual([{ version_id: 'version-3', percentage: 100 }])
  })

  it('never makes a new key for what another one sealed', async () => {
    const kept = join(folder, 'deploy.vars')
    await writeFile(kept, (await readFile(kept, 'utf8')).replace(/^CREDENTIALS_KEY=.*\n/m, ''))
    const { code, output } = await command('deploy')
    expect([code, output]).toEqual([1, expect.stringContaining('CREDENTIALS_KEY must be 32 bytes')])
  })

  it('goes back to the version before, and to any other', async () => {
    expect(await command('deploy')).toMatchObject({ code: 0 })
    expect(await command('rollback')).toMatchObject({
      code: 0,
      output: expect.stringContaining('served by version-2 again instead of version-3'),
    })
    expect(await command('rollback', {}, 'version-3')).toMatchObject({ code: 0 })
    expect((await known()).deployments.at(-1)?.versions).toEqual([{ version_id: 'version-3', percentage: 100 }])
  })
})

it('what people have is backed up before its shape changes', async () => {
  const all = (await readMigrations()).map(({ tag }) => tag)
  await migrate({ databaseUrl: database.url, upTo: all.slice(0, -1) })
  await query("INSERT INTO workspaces (id, name, created_at) VALUES ('w', 'Loja', 0)")
  await writeFile(join(folder, 'deploy.vars'), KEPT)
  const { code, output } = await command('deploy', FRESH)
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^backup +\S+\.backup\.gz: \d+ rows[\s\S]*^database +applied /m),
  ])
  expect(output).toContain(`applied ${all.at(-1)}`)
})

const turso: RequestListener = (request, response) => {
  const answer = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (request.headers.authorization !== 'Bearer token-of-the-account') return answer(401, { error: 'no such token' })
  const asked = `${request.method} ${request.url}`
  if (asked === 'GET /v1/organizations/loja/databases/prosa') return answer(404, { error: 'database not found' })
  if (asked === 'POST /v1/organizations/loja/databases')
    return answer(200, { database: { DbId: '1', Hostname: 'prosa-loja.turso.test', Name: 'prosa' } })
  if (asked.startsWith('POST /v1/organizations/loja/databases/prosa/auth/tokens')) return answer(200, { jwt: 'a-jwt' })
  return answer(404, { error: 'not found' })
}

/** Sends a request to the version that serves everyone, or to the one that it asks for, where that is deployed. */
const edge: RequestListener = async (request, response) => {
  const { deployments, versions } = await known()
  const shares = deployments.at(-1)?.versions ?? []
  const asked = /^prosa="(.+)"$/.exec(String(request.headers['cloudflare-workers-version-overrides'] ?? ''))?.[1]
  const id =
    shares.find(({ version_id }) => version_id === asked)?.version_id ??
    shares.find(({ percentage }) => percentage === 100)?.version_id
  const version = versions.find((one) => one.id === id)
  response.writeHead(version?.ready ? 200 : 503, { 'x-prosa-version': id ?? '' }).end(version?.ready ? 'ready' : 'no')
}

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  servers.push(server)
  return `http://127.0.0.1:${port}`
}

const know = (state: Cloudflare) => writeFile(join(folder, 'cloudflare.json'), JSON.stringify(state))
const known = async () => JSON.parse(await readFile(join(folder, 'cloudflare.json'), 'utf8')) as Cloudflare

/** With none of the machine's own settings; and with the page as it was built for all tests, unless they say otherwise. */
function command(
  name: 'deploy' | 'rollback',
  settings: Record<string, string> = {},
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      join(import.meta.dirname, 'cloudflare/hosts.ts'),
      join(ROOT, `scripts/${name}.ts`),
      ...args,
    ],
    {
      cwd: folder,
      env: {
        PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
        HOME: folder,
        FAKE_CLOUDFLARE: join(folder, 'cloudflare.json'),
        FAKE_HOSTS: JSON.stringify(hosts),
        PROSA_DEPLOY_VARS: join(folder, 'deploy.vars'),
        PROSA_BUILD: 'kept',
        ...COMPILED,
        ...settings,
      },
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

async function query(sql: string) {
  const client = createClient({ url: database.url })
  return client.execute(sql).finally(() => client.close())
}

const namesOfTables = async () => (await query('SELECT name FROM sqlite_master')).rows.map(({ name }) => String(name))
