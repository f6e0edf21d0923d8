import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import type { Step } from './steps.ts'

export interface Outcome {
  passed: number
  failed: number
  seconds: number
}

const ROOT = join(import.meta.dirname, '..', '..')

const Report = z.object({ numPassedTests: z.number(), numFailedTests: z.number() })

export async function runStep(step: Step): Promise<Outcome> {
  const startedAt = Date.now()
  const counted = step.counts === 'vitest' ? await runVitest(step) : oneCheck(await runCommand(step, step.args))
  return { ...counted, seconds: (Date.now() - startedAt) / 1000 }
}

async function runVitest(step: Step): Promise<Omit<Outcome, 'seconds'>> {
  const folder = await mkdtemp(join(tmpdir(), 'prosa-report-'))
  const report = join(folder, 'report.json')
  try {
    const code = await runCommand(step, [
      ...step.args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ])
    const { numPassedTests, numFailedTests } = Report.parse(JSON.parse(await readFile(report, 'utf8')))
    // A file that could not even be loaded, or an error outside any test, shows in the exit code alone.
    const failed = numFailedTests === 0 && code !== 0 ? 1 : numFailedTests
    return { passed: numPassedTests, failed }
  } catch (error) {
    console.error(`The report of ${step.title} could not be read: ${String(error)}`)
    return { passed: 0, failed: 1 }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const oneCheck = (code: number) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })

function runCommand({ command, env }: Step, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    })
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      resolve(1)
    })
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
