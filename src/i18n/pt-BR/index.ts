import { administration } from './administration.ts'
import { answers } from './answers.ts'
import { composer } from './composer.ts'
import { contacts } from './contacts.ts'
import { demonstration } from './demonstration.ts'
import { firstRun } from './first-run.ts'
import { frame } from './frame.ts'
import { inboxes } from './inboxes.ts'
import { list } from './list.ts'
import { marks } from './marks.ts'
import { message } from './message.ts'
import { ownAccount } from './own-account.ts'
import { people } from './people.ts'
import { thread } from './thread.ts'

/** The source of the catalogs' type: what a topic of another language lacks, or has too much, does not compile. */
export const ptBR = {
  product: 'Prosa',
  ...administration,
  ...answers,
  ...composer,
  ...contacts,
  ...demonstration,
  ...firstRun,
  ...frame,
  ...inboxes,
  ...list,
  ...marks,
  ...message,
  ...ownAccount,
  ...people,
  ...thread,
}

export type Messages = typeof ptBR
/** The plural forms of a sentence about `{n}` things. */
export interface Forms {
  one: string
  other: string
}
