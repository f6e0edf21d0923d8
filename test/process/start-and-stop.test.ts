import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client/web'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { descendantsOf, leftAfter } from '../support/processes.ts'
import { type Prosa, startProsa, temporaryFolder } from '../support/prosa.ts'

let dataFolder: string
let prosa: Prosa

beforeAll(async () => {
  dataFolder = await temporaryFolder()
  prosa = await startProsa({ dataFolder })
})

afterAll(async () => {
  await prosa.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

it('takes requests once it says ready, and says so once', async () => {
  expect(prosa.output().match(/^ready .*$/gm)).toEqual([`ready ${prosa.url}`])
  for (const path of ['/healthz', '/readyz']) {
    const response = await fetch(`${prosa.url}${path}`)
    expect([path, response.status]).toEqual([path, 200])
  }
  const simulator = await fetch(prosa.simulatorUrl)
  expect(simulator.status).toBe(200)
})

it('tells how to sign in and where the simulator is', () => {
  expect(prosa.output()).toMatch(/ana@prosa\.test +prosa-demo-2026 +owner/)
  expect(prosa.output()).toContain(`${prosa.simulatorUrl}\n`)
})

it('keeps its secrets from everyone else on the machine', async () => {
  const { mode } = await stat(join(dataFolder, '.dev.vars'))
  expect(mode & 0o777).toBe(0o600)
})

it('serves the page’s script for good', async () => {
  const manifest = await readFile(join(import.meta.dirname, '..', '..', 'dist', 'manifest.ts'), 'utf8')
  const path = /script: '([^']+)'/.exec(manifest)?.[1] ?? ''
  const response = await fetch(`${prosa.url}${path}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toContain('immutable')
  expect(await response.text()).toContain('htmx')
})

it('hands the inboxes to their gateways before it is ready', async () => {
  const handshake = 'hub.mode=subscribe&hub.verify_token=prosa-demo-verify&hub.challenge=4711'
  const response = await fetch(`${prosa.url}/webhooks/whatsapp/demo-wa-1?${handshake}`)
  expect([response.status, await response.text()]).toEqual([200, '4711'])
})

it('stops everything it started, and the next start finds everything as it was', async () => {
  const secrets = await readFile(join(dataFolder, '.dev.vars'), 'utf8')
  await execute(prosa, "UPDATE workspaces SET name = 'Renamed by Ana' WHERE name = (SELECT min(name) FROM workspaces)")
  const started = descendantsOf(prosa.pid)
  expect(started.length).toBeGreaterThanOrEqual(4)

  expect(await prosa.stop('SIGTERM')).toBe(0)
  expect(await leftAfter(5_000, started)).toEqual([])

  prosa = await startProsa({ dataFolder })
  const { rows } = await execute(prosa, "SELECT count(*) AS kept FROM workspaces WHERE name = 'Renamed by Ana'")
  expect(rows[0]?.['kept']).toBe(1)
  expect(await readFile(join(dataFolder, '.dev.vars'), 'utf8')).toBe(secrets)
  expect(prosa.output()).not.toContain('workspace, people and inboxes are in')
})

it('stops on Ctrl-C as well', async () => {
  const started = descendantsOf(prosa.pid)
  expect(await prosa.stop('SIGINT')).toBe(0)
  expect(await leftAfter(5_000, started)).toEqual([])
  prosa = await startProsa({ dataFolder })
})

async function execute({ databaseUrl }: Prosa, sql: string) {
  const client = createClient({ url: databaseUrl })
  const result = await client.execute(sql)
  client.close()
  return result
}
