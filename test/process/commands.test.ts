/** Every command that the documentation names, as it stands there: run, and seen to do what is said of it. */
import { spawn } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { temporaryFolder } from '../support/prosa.ts'

const ROOT = join(import.meta.dirname, '..', '..')

interface Run {
  /** Until it has said this; then it is asked to stop, where it would go on. Else it has to end by itself. */
  until?: RegExp
  /** What it says, and how it ends. */
  says?: RegExp
  code?: number
  /** What makes a long one short. */
  more?: string[]
  env?: Record<string, string>
}

/** It builds as another line of these does. */
const BUILT = { PROSA_BUILD: 'kept' }

/** Without settings a command about a deployment touches nothing, and says what it lacks. */
const COMMANDS: Record<string, Run> = {
  'npm start': { until: /^ready http:/m },
  'PROSA_SEED=empty npm start': { until: /^set up .* code [\w-]+$[\s\S]*^ready http:/m, env: BUILT },
  'APP_ORIGIN=https://inbox.example.com PROSA_SEED=empty SIMULATOR=off npm start': {
    until: /^ready http:/m,
    env: BUILT,
  },
  'npm run dev': { until: /^ready http:/m },
  'npm test': { more: ['--', '--only', 'build'], says: /^1 passed, 0 failed$/m },
  'npm test -- --only unit': { until: /unit tests in Node/ },
  'npm run bench': { until: /^bench +building$/m },
  'npm run soak': { until: /build/ },
  'npm run screenshots': { until: /^screenshots +starting/m },
  'npm run docs': { says: /docs\/channels\.md/ },
  'npm run migrations': { says: /nothing to migrate|No schema changes/i },
  'npm run deploy': { code: 1, says: /Nobody is signed in to Cloudflare/ },
  'npm run deploy -- --dry-run': { says: /Before a real deploy/, env: BUILT },
  'npm run rollback': { code: 1, says: /APP_ORIGIN is missing/ },
  'npm run rollback -- <version>': { code: 1, says: /APP_ORIGIN is missing/ },
  'npm run backup': { code: 1, says: /set DATABASE_URL/ },
  'npm run backup -- <folder>': { code: 1, says: /set DATABASE_URL/ },
  'npm run restore -- backups/<file>': { code: 1, says: /set DATABASE_URL/ },
}

let dataFolder: string
beforeAll(async () => {
  dataFolder = await temporaryFolder()
})
afterAll(() => rm(dataFolder, { recursive: true, force: true }))

it('the documentation names these commands and no others', async () => {
  expect(await commandsInDocs()).toEqual(Object.keys(COMMANDS).sort())
})

describe.each(Object.entries(COMMANDS))('%s', (line, { until, says, code = 0, more = [], env = {} }) => {
  it('does what is said of it', async () => {
    const ran = await run(line, { more, env, ...(until ? { until } : {}) })
    expect(ran.output).toMatch(until ?? says ?? /./)
    if (!until) expect(ran.code).toBe(code)
  })
})

/** In a block of shell, or in a sentence. */
async function commandsInDocs(): Promise<string[]> {
  const docs = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)
  const found = new Set<string>()
  for (const path of ['README.md', 'CONTRIBUTING.md', ...docs]) {
    const text = await readFile(join(ROOT, path), 'utf8')
    for (const [, block = ''] of text.matchAll(/```sh\n(.*?)```/gs))
      for (const line of block.trim().split('\n')) found.add(line)
    for (const [, inline = ''] of text.matchAll(/`(npm [^`]+)`/g)) found.add(inline.replaceAll(/\s+/g, ' '))
  }
  return [...found].sort()
}

async function run(
  line: string,
  { more, env, until }: { more: string[]; env: Record<string, string>; until?: RegExp },
): Promise<{ code: number | null; output: string }> {
  const port = await freePort(3)
  const child = spawn('sh', ['-c', `exec env ${[quoted(line), ...more].join(' ')}`], {
    cwd: ROOT,
    env: {
      ...withoutSettings(),
      PORT: String(port),
      PROSA_DATA: join(dataFolder, String(port)),
      PROSA_DEPLOY_VARS: join(dataFolder, 'none'),
      ...env,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk)
      if (until?.test(output)) child.kill('SIGTERM')
    })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}

/** What stands for something of one's own is a word to the shell. */
const quoted = (line: string) => line.replaceAll(/\S*<\w+>\S*/g, (word) => `'${word}'`)

/** Neither this run of the tests nor this machine's own account. */
function withoutSettings(): NodeJS.ProcessEnv {
  const ours = /^(npm_|VITEST|PROSA_|DATABASE_|CLOUDFLARE_|TURSO_|APP_ORIGIN|NODE_OPTIONS)/
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
    HOME: dataFolder,
    XDG_CONFIG_HOME: dataFolder,
  }
}
