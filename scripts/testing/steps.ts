/** What `npm test` consists of, the quickest to tell something first. */
export interface Step {
  title: string
  /** What `--only` asks for; the build comes before everything. */
  kind: 'build' | 'static' | 'tests' | 'unit' | 'worker' | 'process' | 'faults' | 'browser' | 'soak'
  command: string
  args: string[]
  env?: Record<string, string>
  /** A runner of many tests reports them one by one; anything else is one check. */
  counts?: 'vitest'
}

const vitest = (
  project: 'unit' | 'worker' | 'process' | 'faults' | 'browser' | 'soak',
  title: string,
  env: Record<string, string> = {},
): Step => ({
  title,
  kind: project,
  command: 'vitest',
  args: ['run', '--project', project],
  env,
  counts: 'vitest',
})

const node = (...args: string[]) => ({
  command: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', ...args],
})

/** On one thread each: several of one compiler work out the same types, and the other core has a check of its own. */
const types = (title: string, config = 'tsconfig.json'): Step => ({
  title,
  kind: 'static',
  command: 'tsc',
  args: ['--noEmit', '--singleThreaded', '-p', config],
})

/** What was built once is started many times. */
const BUILT = { PROSA_BUILD: 'kept' }

const build: Step = { title: 'build, and its sizes', kind: 'build', ...node('scripts/build.ts') }

export const steps: Step[] = [
  build,
  types('types of the Worker'),
  types('types of what runs in Node', 'tsconfig.node.json'),
  types('types of the browser’s script', 'tsconfig.browser.json'),
  types('types of the tests in workerd', 'tsconfig.worker.json'),
  { title: 'lint and format', kind: 'static', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { title: 'import directions', kind: 'static', ...node('scripts/check.ts', 'imports') },
  { title: 'forbidden markup', kind: 'static', ...node('scripts/check.ts', 'markup') },
  { title: 'unused code', kind: 'static', command: 'knip', args: ['--no-progress'] },
  vitest('unit', 'unit tests in Node'),
  vitest('worker', 'tests in workerd, on a real sqld'),
  vitest('process', 'start, stop and what may happen to processes', BUILT),
  vitest('faults', 'what may fail, and what becomes of it', BUILT),
  vitest('browser', 'stories in Chromium', BUILT),
]

/** What waits more than it works, and what is soon over: beside the others it takes the time that they leave. */
const BESIDE = ['process', 'faults', 'unit']

/** The tests as all of them are run: in two runs side by side, in which the next kind begins where the last one ends. */
export function togetherOf(tests: Step[]): Step[] {
  const working = tests.filter(({ kind }) => !BESIDE.includes(kind))
  const beside = tests.filter(({ kind }) => BESIDE.includes(kind))
  return [inOne(working, []), inOne(beside, ['--maxWorkers=1'])]
}

function inOne(tests: Step[], more: string[]): Step {
  return {
    title: tests.map(({ title }) => title).join('; '),
    kind: 'tests',
    command: 'vitest',
    args: ['run', ...tests.flatMap(({ kind }) => ['--project', kind]), ...more],
    env: BUILT,
    counts: 'vitest',
  }
}

/** `npm run soak`: what takes too long for every change. */
export const soakSteps: Step[] = [
  build,
  vitest('soak', 'what takes its time', BUILT),
  {
    ...vitest('worker', 'every property for minutes', { PROSA_BUDGET_MS: '300000' }),
    args: ['run', '--project', 'worker', 'src/domain/convergence', 'src/domain/outbox', 'src/db/queries/visibility'],
  },
  {
    ...vitest('worker', 'every strange text at every field of every form', { PROSA_CORPUS: 'whole' }),
    args: ['run', '--project', 'worker', 'src/routes/bad-input'],
  },
  {
    ...vitest('unit', 'many more payloads that no provider sends', { PROSA_BUDGET_MS: '300000' }),
    args: ['run', '--project', 'unit', 'src/channels'],
  },
  {
    ...vitest('browser', 'every strange text, and many ways to lose a frame', {
      ...BUILT,
      PROSA_CORPUS: 'whole',
      PROSA_RUNS: '25',
    }),
    args: ['run', '--project', 'browser', 'test/browser/naughty.test.ts', 'test/browser/catch-up.test.ts'],
  },
]
