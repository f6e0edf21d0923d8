import 'vitest'

/** What tests are told by what was set up for all of them. */
declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
    /** For each property that takes what time it is given. */
    /** Each strange text at each field, and not a share of them. */
    wholeCorpus: boolean
    budgetMs: number
    /** The data of a demo that nobody has used. */
    seededFolder: string
  }
}
