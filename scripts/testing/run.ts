import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, statfsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod'
import type { Step } from './steps.ts'

export interface Outcome {
  passed: number
  failed: number
  /** What failed, where it has names, and the first words of why: whoever sees no more than the end sees them. */
  broken: string[]
  seconds: number
  /** What it said, where it was not to say it at once. */
  output: string
}

/** Whether a step's words go to the screen as they come, or wait until whoever runs beside it cannot come between. */
type Words = 'at once' | 'kept'

const ROOT = join(import.meta.dirname, '..', '..')

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
})

const LINES_OF_A_FAILURE = 6
const firstLines = (message: string) =>
  stripVTControlCharacters(message)
    .split('\n')
    .slice(0, LINES_OF_A_FAILURE)
    .map((line) => `    ${line}`)
    .join('\n')

const SHARED_MEMORY = '/dev/shm'
const ROOM_BYTES = 1024 ** 3

/** What databases and browsers of a test write need not outlive a power cut: where memory has room they wait for no disk. */
function memoryFolder(): Record<string, string> {
  if (!existsSync(SHARED_MEMORY)) return {}
  const { bavail, bsize } = statfsSync(SHARED_MEMORY)
  return bavail * bsize < ROOM_BYTES ? {} : { TMPDIR: SHARED_MEMORY }
}

export async function runStep(step: Step, words: Words = 'at once'): Promise<Outcome> {
  const startedAt = Date.now()
  const kept: Buffer[] = []
  const run = (args: string[]) => runCommand(step, args, words === 'kept' ? (chunk) => void kept.push(chunk) : null)
  const counted = step.counts === 'vitest' ? await runVitest(step, run) : oneCheck(await run(step.args))
  return { ...counted, seconds: (Date.now() - startedAt) / 1000, output: Buffer.concat(kept).toString() }
}

type Counted = Pick<Outcome, 'passed' | 'failed' | 'broken'>

async function runVitest(step: Step, run: (args: string[]) => Promise<number>): Promise<Counted> {
  const folder = await mkdtemp(join(tmpdir(), 'prosa-report-'))
  const report = join(folder, 'report.json')
  try {
    const code = await run([...step.args, '--reporter=default', '--reporter=json', `--outputFile=${report}`])
    const { numPassedTests, numFailedTests, testResults } = Report.parse(JSON.parse(await readFile(report, 'utf8')))
    // A file that could not even be loaded, or an error outside any test, shows in the exit code alone.
    const failed = numFailedTests === 0 && code !== 0 ? 1 : numFailedTests
    const broken = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) =>
          [`${relative(ROOT, name)}: ${fullName}`, ...(failureMessages ?? []).map(firstLines)].join('\n'),
        ),
    )
    return { passed: numPassedTests, failed, broken }
  } catch (error) {
    console.error(`The report of ${step.title} could not be read: ${String(error)}`)
    return { passed: 0, failed: 1, broken: [] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const oneCheck = (code: number): Counted => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, broken: [] })

function runCommand(
  { command, env, counts }: Step,
  args: string[],
  hear: ((chunk: Buffer) => void) | null,
): Promise<number> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(command, args, {
      cwd: ROOT,
      stdio: hear ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      env: { ...(counts === 'vitest' ? memoryFolder() : {}), ...process.env, ...env },
    })
    for (const stream of hear ? [child.stdout, child.stderr] : []) stream?.on('data', (chunk: Buffer) => hear?.(chunk))
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      resolve(1)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
}
