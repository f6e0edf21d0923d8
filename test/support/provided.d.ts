import 'vitest'
import type { PersonName, SessionCookie } from './seeded.ts'

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
    /** The session in it that each of its people begins with. */
    signedIn: Record<PersonName, SessionCookie>
  }
}
