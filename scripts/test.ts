/** Every check in its order, each with its time; the last line sums them: `N passed, N failed`. */

import { type Outcome, runStep } from './testing/run.ts'
import { type Step, steps, togetherOf } from './testing/steps.ts'

/** Checks of the code use a core each; the tests are two runs. */
const SIDE_BY_SIDE = 2

const only = wanted(process.argv.slice(2))
const chosen = steps.filter(({ kind }) => !only || kind === only || kind === 'build')
const tests = chosen.filter(({ counts }) => counts === 'vitest')
const outcomes: (Outcome & { title: string })[] = []

for (const step of chosen.filter(({ kind }) => kind === 'build')) tell(step, await runStep(step))
await runSideBySide(chosen.filter(({ kind }) => kind === 'static'))
if (only) {
  for (const step of tests) await runAtOnce(step)
} else {
  const [first, ...others] = togetherOf(tests) as [Step, ...Step[]]
  await Promise.all([runAtOnce(first), runSideBySide(others)])
}

/** Its words as they come. */
async function runAtOnce(step: Step): Promise<void> {
  console.log(`\n── ${step.title}`)
  tell(step, await runStep(step))
}

async function runSideBySide(waiting: Step[]): Promise<void> {
  const next = async (): Promise<void> => {
    const step = waiting.shift()
    if (!step) return
    tell(step, await runStep(step, 'kept'))
    await next()
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next))
}

function tell({ title }: Step, outcome: Outcome): void {
  outcomes.push({ ...outcome, title })
  const { failed, seconds, output } = outcome
  if (output.trim()) console.log(`\n── ${title}\n${output.trimEnd()}`)
  console.log(`── ${title}: ${failed === 0 ? 'passed' : 'FAILED'} in ${seconds.toFixed(1)} s`)
}

const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0)
const broken = outcomes.filter(({ failed }) => failed > 0)
for (const { title, broken: names } of broken) console.log(['', `Failed: ${title}`, ...names].join('\n  '))
console.log('')
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') === 0 ? 0 : 1

function wanted(args: string[]): string | undefined {
  const at = args.indexOf('--only')
  if (at === -1) return undefined
  const kinds = [...new Set(steps.map(({ kind }) => kind))]
  const kind = args[at + 1]
  if (kind && kinds.some((known) => known === kind)) return kind
  console.error(`--only takes one of ${kinds.join(', ')}.`)
  process.exit(1)
}
