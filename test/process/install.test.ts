import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { descendantsOf, leftAfter } from '../support/processes.ts'
import { listenTo, temporaryFolder } from '../support/prosa.ts'

/** A project of one package that lies beside it, started by our own bootstrap: no registry is asked. */
let project: string

beforeEach(async () => {
  project = await temporaryFolder()
  await mkdir(join(project, 'scripts'))
  for (const name of ['launch.js', 'install.js']) {
    await cp(join(import.meta.dirname, '..', '..', 'scripts', name), join(project, 'scripts', name))
  }
  await write('scripts/go.js', `import { launch } from './launch.js'\nawait launch('scripts/main.ts', [])\n`)
  await write('scripts/main.ts', `import word from 'word'\nconst said: string = word\nconsole.log(said)\n`)
  await write('word/package.json', { name: 'word', version: '1.0.0', type: 'module', main: 'index.js' })
  await write('word/index.js', `export default 'it works'\n`)
  await write('.npmrc', 'ignore-scripts=true\n')
  await write('package.json', { name: 'p', version: '1.0.0', type: 'module', dependencies: { word: 'file:word' } })
  await write('package-lock.json', {
    name: 'p',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'p', version: '1.0.0', dependencies: { word: 'file:word' } },
      'node_modules/word': { resolved: 'word', link: true },
      word: { version: '1.0.0' },
    },
  })
})

afterEach(() => rm(project, { recursive: true, force: true }))

it('what is missing is installed once, with something to look at', async () => {
  const first = await start()
  expect(first.output).toMatch(/packages +installing 2 of them, once/)
  expect(first.output).toContain('it works')
  expect(first.code).toBe(0)

  const second = await start()
  expect(second.output.trim()).toBe('it works')
})

it('an install that was cut off leaves no process behind, and the next start finishes it', async () => {
  const npm = join(project, 'npm-that-hangs.js')
  await write(
    'npm-that-hangs.js',
    `
    import { mkdirSync, writeFileSync } from 'node:fs'
    mkdirSync('node_modules/word', { recursive: true })
    writeFileSync('node_modules/word/package.json', '{"name":"word","version":"1.0.0"}')
    setInterval(() => {}, 1000)
  `,
  )
  const cutOff = run({ npm_execpath: npm, npm_node_execpath: process.execPath })
  while (!existsSync(join(project, 'node_modules', 'word', 'package.json'))) await pause(50)
  const installing = descendantsOf(cutOff.child.pid ?? 0)
  expect(installing.length).toBeGreaterThan(0)

  cutOff.child.kill('SIGKILL')

  await cutOff.ended
  expect(await leftAfter(5_000, installing)).toEqual([])
  const next = await start()
  expect(next.output).toMatch(/packages +installed in/)
  expect(next.output).toContain('it works')
  expect(next.code).toBe(0)
})

it('an install that fails is a sentence and exit code 1, and the next start tries again', async () => {
  await rm(join(project, 'word'), { recursive: true })
  await write('package.json', {
    name: 'p',
    version: '1.0.0',
    type: 'module',
    dependencies: { word: 'file:no-word.tgz' },
  })

  const { code, output } = await start()

  expect(output).toContain('The packages could not be installed; npm says why above.')
  expect(code).toBe(1)
})

it('a lockfile that changed is installed anew', async () => {
  await start()
  const lock = JSON.parse(await read('package-lock.json'))
  await write('word/package.json', { name: 'word', version: '2.0.0', type: 'module', main: 'index.js' })
  await write('package-lock.json', { ...lock, packages: { ...lock.packages, word: { version: '2.0.0' } } })

  const { output } = await start()

  expect(output).toMatch(/packages +installed in/)
  expect(output).toContain('it works')
})

const start = () => run({}).ended

function run(env: Record<string, string>) {
  const { npm_execpath: _cli, npm_node_execpath: _node, ...rest } = process.env
  const child = spawn(process.execPath, [join(project, 'scripts', 'go.js')], {
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, ...listenTo(child) }
}

const write = (path: string, content: unknown) =>
  mkdir(join(project, path, '..'), { recursive: true }).then(() =>
    writeFile(join(project, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2)),
  )
const read = (path: string) => readFile(join(project, path), 'utf8')
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
