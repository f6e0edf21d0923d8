import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const WORKER_TESTS = '**/*.worker.test.{ts,tsx}'
/** Whoever waits for something goes on as soon as it is so: long enough for a busy machine costs nothing. */
const PATIENT = { poll: { timeout: 45_000, interval: 20 } }
/** A failure is a bug, and shows at once to whoever works; a run for all is not thrown away for one that passes the second time. */
const AGAIN = process.env['CI'] ? 1 : 0
const NOT_OURS = [...configDefaults.exclude, '**/.prosa/**']

/** One kind after the other, for each has a runtime of its own; what takes longest begins it, for nobody waits for it alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/routes/authorization')
    return [...new Set(sorted.map(({ project }) => project.name))].flatMap((name) => {
      const ofKind = sorted.filter(({ project }) => project.name === name)
      return [...ofKind.filter(isLong), ...ofKind.filter((file) => !isLong(file))]
    })
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Two cores, shared by sqld, workerd and Chromium: more at once is slower, and tells less when it fails.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          // A process for each file would load the same modules for each; whatever is replaced is put back after it.
          isolate: false,
          setupFiles: './test/support/restored.ts',
          // Properties run by the thousand: a busy machine may take its time.
          testTimeout: 60_000,
          include: ['{src,simulator,scripts,bench}/**/*.test.{ts,tsx}'],
          exclude: [...NOT_OURS, WORKER_TESTS],
        },
      },
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                DATABASE_URL: inject('databaseUrl'),
                APP_ORIGIN: 'http://localhost:8787',
                AUTH_SECRET: 'a secret of this test run, of no other use',
                CREDENTIALS_KEY: Buffer.alloc(32, 7).toString('base64'),
                EGRESS_ALLOW: '127.0.0.1',
                // Nobody listens there: what reaches for the provider without a stand-in fails at once.
                GRAPH_API_URL: 'http://127.0.0.1:9/graph',
              },
            },
          })),
        ],
        test: {
          name: 'worker',
          retry: AGAIN,
          include: [`src/${WORKER_TESTS}`],
          exclude: NOT_OURS,
          globalSetup: './test/support/database.ts',
          // A runtime for each file would load the whole Worker for each; every test has a workspace of its own anyway.
          isolate: false,
          setupFiles: './test/support/restored.ts',
          expect: PATIENT,
          testTimeout: 60_000 + Number(process.env['PROSA_BUDGET_MS'] ?? 0),
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'process',
          retry: AGAIN,
          include: ['test/{process,budgets}/**/*.test.ts'],
          exclude: NOT_OURS,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'faults',
          retry: AGAIN,
          include: ['test/faults/**/*.test.ts'],
          globalSetup: './test/support/seeded.ts',
          exclude: NOT_OURS,
          expect: PATIENT,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'soak',
          include: ['test/soak/**/*.test.ts'],
          exclude: NOT_OURS,
          expect: PATIENT,
          testTimeout: 2 * 3_600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          retry: AGAIN,
          include: ['test/browser/**/*.test.ts'],
          globalSetup: './test/support/seeded.ts',
          // What starts a demo and drives Chromium is loaded once a process.
          isolate: false,
          exclude: NOT_OURS,
          expect: PATIENT,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
