/** Properties on the real database: as many runs as fit into a budget, and some however slow the machine is. */
import * as fc from 'fast-check'
import { inject } from 'vitest'

const AT_LEAST = 3

/** Every run of the tests tries other cases; `npm run soak` gives them the time to try many. */
export async function within<Given extends [unknown, ...unknown[]]>(
  name: string,
  property: fc.IAsyncProperty<Given>,
): Promise<void> {
  const startedAt = Date.now()
  await fc.assert(property, { numRuns: AT_LEAST, endOnFailure: true })
  const left = inject('budgetMs') - (Date.now() - startedAt)
  const more =
    left > 0 ? await fc.check(property, { numRuns: 10_000, interruptAfterTimeLimit: left, endOnFailure: true }) : null
  // What the end of the budget interrupts has not failed, even where it is the first.
  if (more?.failed && more.counterexample) throw new Error(fc.defaultReportMessage(more))
  console.log(`${name}: ${AT_LEAST + (more?.numRuns ?? 0)} runs in ${Date.now() - startedAt} ms`)
}
