import 'vitest'

/** What a run of the tests in workerd is told from outside. */
declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    /** For each property that takes what time it is given. */
    budgetMs: number
  }
}
