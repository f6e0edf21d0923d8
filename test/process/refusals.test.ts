import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { listenTo, refusedStart, startProsa, temporaryFolder } from '../support/prosa.ts'

const started: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const stop of started.splice(0)) await stop()
})

it.each([
  [0, 'the app'],
  [1, 'the simulator'],
  [2, 'the database'],
])('a port that is taken (+%i, %s) is one sentence and exit code 1', async (offset, use) => {
  const port = await freePort(3)
  await listenOn(port + offset)

  const { code, output } = await refusedStart({ port })

  expect(sentences(output)).toEqual([
    `Port ${port + offset}, where ${use} listens, is taken: stop what uses it, or choose others with PORT=${port + 100} npm start.`,
  ])
  expect(code).toBe(1)
})

it('a data folder that is none is one sentence and exit code 1', async () => {
  const folder = await folderUntilAfter()
  await writeFile(join(folder, 'file'), '')

  const { code, output } = await refusedStart({ dataFolder: join(folder, 'file', 'data') })

  expect(sentences(output)).toEqual([
    expect.stringMatching(/^The data folder .* cannot be written \(ENOTDIR\): make it/),
  ])
  expect(code).toBe(1)
})

it('a data folder that another Prosa uses is one sentence and exit code 1', async () => {
  const dataFolder = await folderUntilAfter()
  const first = await startProsa({ dataFolder, seed: 'empty', simulator: 'off' })
  started.unshift(() => first.stop())

  const { code, output } = await refusedStart({ dataFolder })

  expect(sentences(output)).toEqual([
    `Another Prosa is already using the data folder ${dataFolder}: stop it, or name another with PROSA_DATA.`,
  ])
  expect(code).toBe(1)
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
})

it.each([
  [{ PORT: 'http' }, /^PORT is "http": it must be a number from 1 to 65533/],
  [{ PROSA_SEED: 'full' }, /^PROSA_SEED is "full": it may be demo or empty\.$/],
  [{ SIMULATOR: 'yes' }, /^SIMULATOR is "yes": it may be on or off\.$/],
  [
    { APP_ORIGIN: 'https://inbox.loja.test/path' },
    /^APP_ORIGIN is "https:\/\/inbox\.loja\.test\/path": write it as https:/,
  ],
  [{ GRAPH_API_URL: 'graph.local' }, /^GRAPH_API_URL is "graph\.local": it must be an address that begins with http/],
])('a setting that means nothing (%o) is one sentence and exit code 1', async (env, sentence) => {
  const { code, output } = await refusedStart({ env })
  expect(sentences(output)).toEqual([expect.stringMatching(sentence)])
  expect(code).toBe(1)
})

describe.runIf(process.platform === 'linux')('on a disk of its own', () => {
  it('a disk that is full is one sentence and exit code 1', async () => {
    const folder = await folderUntilAfter()
    const start = join(import.meta.dirname, '..', '..', 'scripts', 'start.js')
    const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
    const onSmallDisk = 'mount -t tmpfs -o size=8m none "$PROSA_DATA" && exec "$@"'
    const child = spawn('unshare', [...asRoot, '--mount', 'sh', '-c', onSmallDisk, 'sh', process.execPath, start], {
      env: { ...process.env, PROSA_DATA: folder, PORT: String(await freePort(3)) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })

    const { code, output } = await listenTo(child).ended

    expect(sentences(output)).toEqual([
      `The disk of ${folder} is full: Prosa needs 64 MB free there; make room, or name another folder with PROSA_DATA.`,
    ])
    expect(code).toBe(1)
  })
})

const sentences = (output: string) => output.trim().split('\n')

async function folderUntilAfter(): Promise<string> {
  const folder = await temporaryFolder()
  started.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function listenOn(port: number): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  started.push(() => new Promise((resolve) => server.close(resolve)))
}
