/** The nightly checks: an outage of a full minute, a lease that ends by itself, and half an hour of everything failing. */
import { runStep } from './testing/run.ts'
import { soakSteps } from './testing/steps.ts'

for (const step of soakSteps) {
  const { passed, failed, seconds } = await runStep(step)
  console.log(`── ${step.title}: ${passed} passed, ${failed} failed in ${Math.round(seconds)} s`)
  if (failed > 0) {
    process.exitCode = 1
    break
  }
}
